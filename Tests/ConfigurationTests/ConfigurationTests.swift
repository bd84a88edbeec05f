import Configuration
import Tables
import Testing
import Units

@Suite struct ConfigurationTests {
  private let schema = Example.schema

  @Test func defaults() throws {
    let reading = try schema.read("")
    #expect(reading.cases.map(\.label) == ["case"])
    let values = try #require(reading.cases.first)
    #expect(try values.quantity("film.thickness", Length.self).value.si == 4e-9)
    #expect(try values.quantity("film.modulus", Pressure.self).u == nil)
    #expect(try values.number("film.poisson") == 0.24)
    #expect(try values.integer("numerics.points") == 256)
    #expect(try values.flag("film.metal_compliance"))
    #expect(try values.text("solver") == "phase-field")
    #expect(values.word("film.fracture_stress") == "none")
    #expect(try values.optionalQuantity("film.fracture_stress", Pressure.self) == nil)
    #expect(values.source("film.thickness") == "default")
    #expect(!values.isGiven("film.thickness"))
    #expect(!values.has("stop.time"))
  }

  @Test func everyFormOfValue() throws {
    let text = """
      # a comment
      metal: Na
      film: {thickness: 10 nm, modulus: 25 ± 5 GPa, poisson: 0.3 ± 0.02}
      film.base: bonded
      kinetics:
        overpotential: -50 mV
        temperature: 25 °C
      stop:
        growth: {value: 2 nm, u: 0.1 nm}
      surface: {file: "profile #1.csv"}
      orderings: ["a > b", "b > c"]
      axes: {film.thickness: {from: 4 nm, to: 20 nm, count: 17}}
      samples:
        "(1ALD-1MLD)10": {thickness: 4 ± 0.3 nm, metal: Na, files: ["afm/n10*/**", 'cycling/Na10*']}
        bare Na:
      """
    let values = try #require(try schema.read(text).cases.first)
    let modulus = try values.quantity("film.modulus", Pressure.self)
    #expect(modulus.value.si == 25e9)
    #expect(modulus.u?.si == 5e9)
    #expect(modulus.source == "config line 3")
    #expect(try values.quantity("film.poisson", PureNumber.self).u?.si == 0.02)
    #expect(try values.quantity("kinetics.overpotential", Voltage.self).value.si == -0.05)
    #expect(try values.quantity("kinetics.temperature", Temperature.self).value.si == 298.15)
    let growth = try values.quantity("stop.growth", Length.self)
    #expect(growth.value.si == 2e-9)
    #expect(growth.u?.si == 0.1e-9)
    #expect(values.source("stop.growth") == "config line 9")
    #expect(values.place("film.base") == .cell(line: 4, column: 12))
    #expect(try values.text("film.base") == "bonded")
    #expect(try values.text("surface.file") == "profile #1.csv")
    #expect(values.list("orderings") == ["a > b", "b > c"])
    #expect(values.tree("axes")?["film.thickness"]?["count"]?.text == "17")
    let samples = values.map("samples")
    #expect(samples.map(\.name) == ["(1ALD-1MLD)10", "bare Na"])
    #expect(try samples[0].values.quantity("thickness", Length.self).u?.si == 0.3e-9)
    #expect(samples[0].values.list("files") == ["afm/n10*/**", "cycling/Na10*"])
    #expect(samples[1].values.optionalText("metal") == nil)
  }

  @Test func cases() throws {
    let text = """
      film: {modulus: 30 GPa}
      cases:
        - {label: thin, film.thickness: 4 nm}
        - label: thick
          film:
            thickness: 20 nm
            poisson: 0.3
      """
    let reading = try schema.read(text, set: ["film.poisson=0.2", "solver=sharp"])
    #expect(reading.cases.map(\.label) == ["thin", "thick"])
    for values in reading.cases {
      #expect(try values.quantity("film.modulus", Pressure.self).value.si == 30e9)
      #expect(try values.number("film.poisson") == 0.2)
      #expect(values.source("film.poisson") == "--set")
      #expect(try values.text("solver") == "sharp")
    }
    #expect(try reading.cases[1].quantity("film.thickness", Length.self).value.si == 20e-9)
    #expect(reading.cases[1].source("film.thickness") == "config line 6")
    #expect(try reading.base.quantity("film.thickness", Length.self).value.si == 4e-9)
  }

  @Test func references() throws {
    let text = "film: {modulus: {from: results.json#summary.e2d, substrate: 340 ± 30 N/m}}"
    let values = try #require(try schema.read(text).cases.first)
    let reference = try #require(values.reference("film.modulus"))
    #expect(reference.file == "results.json")
    #expect(reference.key == "summary.e2d")
    #expect(reference.companions["substrate"]?.uncertainty == 30)
    #expect(values.source("film.modulus") == "results.json#summary.e2d")
    let modulus = try values.quantity("film.modulus", Pressure.self) { reference in
      Measured(Quantity(21, .gigapascal), u: Quantity(2, .gigapascal), source: reference.source)
    }
    #expect(modulus.value.si == 21e9)
    #expect(throws: ReadFailure.self) { try values.quantity("film.modulus", Pressure.self) }
    let failure = #expect(throws: ReadFailure.self) {
      try values.quantity("film.modulus", Pressure.self) { _ in Measured(.zero) }
    }
    #expect(failure?.diagnostic.code == "config.range")
    let option = try schema.read("", set: ["film.modulus={from: 'r.json#a[0].b'}"])
    #expect(option.base.reference("film.modulus")?.key == "a[0].b")
  }

  /// `--print-defaults` means the same as an empty file.
  @Test func printedDefaults() throws {
    let text = schema.defaultsText
    let printed = try schema.read(text)
    let empty = try schema.read("")
    #expect(printed.cases.count == 1)
    for key in schema.keys {
      #expect(printed.base.has(key.path) == empty.base.has(key.path), "\(key.path)")
      #expect(printed.base.writtenText(key.path) == empty.base.writtenText(key.path), "\(key.path)")
      #expect(text.contains(key.comment), "\(key.path)")
    }
    #expect(text.contains("film:\n  thickness: 4 nm"))
    #expect(text.contains("# metal.molar_volume: 13 cm3/mol"))
    #expect(text.contains("# cases:"))
    #expect(printed.diagnostics.isEmpty)
    // Without the comment marks the examples are valid as well, apart from the list of choices.
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 160 })
  }

  @Test func trees() throws {
    let node = try ConfigNode.parse(
      "title: R&D of films\nafm: {hole_radius: 1.35 um, plate: {a: 1, b: [x, y]}}\nfiles: [\"*.ibw\"]\n"
    )
    #expect(node["title"]?.text == "R&D of films")
    let flat = node.flattened
    #expect(
      flat.map(\.path) == ["title", "afm.hole_radius", "afm.plate.a", "afm.plate.b", "files"])
    #expect(flat[1].value.text == "1.35 um")
    #expect(flat[1].value.line == 2)
    #expect(flat[3].value.elements?.count == 2)
    #expect(try ConfigNode.parse("# nothing\n").entries?.isEmpty == true)
    #expect(try ConfigNode.parse("\u{FEFF}a: 1\r\nb: 2\r\n")["b"]?.text == "2")
  }

  @Test func unitRemarksAreReported() throws {
    let reading = try schema.read("film: {thickness: 4 NM}")
    #expect(reading.diagnostics.map(\.code) == ["unit.case"])
    #expect(reading.diagnostics.first?.place == .cell(line: 1, column: 19))
  }
}
