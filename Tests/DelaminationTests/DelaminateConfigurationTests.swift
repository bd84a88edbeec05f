import Bytes
import Materials
import Simulation
import Tables
import Testing
import Units

@testable import Delamination

/// Reads a configuration whose neighbouring files are given by name.
private func read(
  _ text: String, sets: [String] = [], files: [String: String] = [:]
) throws(ReadFailure) -> DelaminateConfiguration {
  try DelaminateConfiguration.read(ByteView(utf8: text), name: "d.yaml", sets: sets) {
    name throws(ReadFailure) in
    guard let content = files[name] else {
      throw ReadFailure("source.missing", found: "no file \(name)", expected: "a file")
    }
    return ByteView(utf8: content)
  }
}

private func failure(
  _ text: String, sets: [String] = [], files: [String: String] = [:]
) -> Diagnostic? {
  do {
    _ = try read(text, sets: sets, files: files)
    return nil
  } catch {
    return error.diagnostic
  }
}

private func run(
  _ text: String, sets: [String] = [], files: [String: String] = [:]
) throws -> SimulationOutcome {
  runDelaminate(try read(text, sets: sets, files: files), tracePrefix: "d")
}

private let results = """
  {"summary": {"handover": [
    {"sample": "n10", "status": "ready", "reasons": [], "n": 12,
     "modulus": {"value": 25, "unit": "GPa", "u": 5, "trace": "t9"}},
    {"sample": "flat", "status": "ready", "e2d": {"value": 440, "unit": "N/m", "u": 44}}
  ]}}
  """

private let small = ["mesh.columns=50", "mesh.rows=1"]

@Suite struct DelaminateConfigurationTests {
  @Test func defaults() throws {
    let configuration = try read("")
    let only = try #require(configuration.cases.first)
    #expect(configuration.cases.count == 1)
    #expect(only.pressure.value == Quantity(100, .megapascal))
    #expect(only.damagedColumns == 16)
    let wanted: [(String, Double, String)] = [
      ("load.pressure", 100, "MPa"), ("geometry.initial_damage", 8, "nm"),
      ("geometry.half_length", 50, "nm"), ("interface.strength", 150, "MPa"),
      ("interface.energy", 0.3, "J/m2"), ("interface.onset_opening", 0.05, "nm"),
      ("mesh.columns", 100, "1"), ("mesh.rows", 3, "1"), ("loading.steps", 6, "1"),
      ("film.thickness", 4, "nm"), ("film.modulus", 25, "GPa"), ("film.poisson", 0.24, "1"),
    ]
    for (key, value, unit) in wanted {
      let quantity = try #require(configuration.parameters[key]?.quantity, "\(key)")
      #expect(abs((quantity.value ?? 0) / value - 1) < 1e-12, "\(key)")
      #expect(quantity.unit.ucum == unit && quantity.source == "default", "\(key)")
    }
  }

  @Test func printedDefaultsMeanTheSame() throws {
    let printed = try read(DelaminateConfiguration.printDefaults())
    let empty = try read("")
    #expect(printed.diagnostics.isEmpty)
    #expect(printed.parameters.keys == empty.parameters.keys)
    for key in empty.parameters.keys {
      let (a, b) = (printed.parameters[key], empty.parameters[key])
      #expect(a?.quantity?.value == b?.quantity?.value && a?["value"] == b?["value"], "\(key)")
    }
  }

  /// One file serves both commands; what this one does not use is noted.
  @Test func sharesItsFileWithPlate() throws {
    let configuration = try read(
      """
      metal: Na
      film: {thickness: 10 nm, modulus: 25 ± 5 GPa, base: bonded}
      stop: {growth: 1 nm}
      solver: sharp
      cases:
        - {label: a}
        - {label: b, metal: Li, surface.height: 2 nm}
      """)
    #expect(configuration.cases.map { $0.pressure.value.value(in: .megapascal) } == [59, 100])
    let keys = Set(configuration.diagnostics.map(\.found))
    #expect(
      keys == [
        "`film.base` is given", "`solver` is given", "`stop.growth` is given",
        "`surface.height` is given",
      ])
    #expect(configuration.diagnostics.allSatisfy { $0.code == "delaminate.unused-key" })
  }

  /// 13.5 mV on lithium is the pressure F·Δφ/Vₘ, 100.2 MPa.
  @Test func loadFromAnOverpotential() throws {
    let configuration = try read("load: {overpotential: 13.5 ± 0.5 mV}")
    let pressure = try #require(configuration.parameters["load.pressure"]?.quantity)
    #expect(abs((pressure.value ?? 0) - 96485.33212 * 0.0135 / 13e-6 / 1e6) < 1e-9)
    #expect(abs((pressure.u ?? 0) - 96485.33212 * 0.0005 / 13e-6 / 1e6) < 1e-9)
    #expect(failure("load: {overpotential: 10 mV, pressure: 1 MPa}")?.code == "delaminate.load")
  }

  /// 25 ± 5 GPa at 4 nm under Li gives u(u/h) = 0.086: half of 0.460 − 0.289.
  @Test func carriesTheUncertaintyOfTheModulus() throws {
    let outcome = try run(
      "film: {thickness: 4 nm, modulus: {from: 'r.json#summary.handover[0]'}}",
      files: ["r.json": results])
    let only = try #require(outcome.result["cases"]?[0])
    let ratio = try #require(only["opening_over_thickness"]?.quantity)
    #expect(abs((ratio.u ?? 0) - 0.0855) < 0.0005, "\(String(describing: ratio.u))")
    #expect(only["uncertain_inputs"] == .list([.text("film.modulus")]))
    let modulus = try #require(only["film_modulus"]?.quantity)
    #expect(modulus.source == "r.json#summary.handover[0].modulus")
    let step = try #require(ratio.trace.flatMap { outcome.trace[$0] })
    #expect(step.kind == .simulate && step.inputs.count == 2)
    let read = try #require(modulus.trace.flatMap { outcome.trace[$0] })
    #expect(read.source?.file == "r.json" && read.source?.sha256.count == 64)
    #expect(!outcome.diagnostics.contains { $0.code == "delaminate.no-uncertainty" })
  }

  /// 440 ± 44 N/m with 340 N/m of substrate at 4 nm gives 25 ± 11 GPa; without it, it is refused.
  @Test func takesTheSubstrateOff() throws {
    let from = "from: 'r.json#summary.handover[sample=flat].e2d'"
    let film = try read(
      "film: {thickness: 4 nm, modulus: {\(from), substrate: 340 N/m}}",
      files: ["r.json": results]
    ).cases[0].film.modulus.modulus
    #expect(abs(film.value.value(in: .gigapascal) - 25) < 1e-9)
    #expect(abs((film.u?.value(in: .gigapascal) ?? 0) - 11) < 1e-9)
    #expect(
      failure("film: {modulus: {\(from)}}", files: ["r.json": results])?.code
        == "materials.substrate")
  }

  /// A film that comes off: no opening, the share of the load, a warning.
  @Test func reportsAFilmThatComesOff() throws {
    let outcome = try run(
      """
      film: {modulus: 25 ± 2 GPa}
      geometry: {initial_damage: 16 nm, half_length: 80 nm}
      interface: {strength: 100 MPa, energy: 0.2 J/m2}
      cases: [{label: off}, {label: holds, film.thickness: 20 nm}]
      """)
    let off = try #require(outcome.result["cases"]?[0])
    #expect(off["status"] == .text("delaminated") && off["delaminates"] == .flag(true))
    #expect(off["opening"] == .null && off["opening_over_thickness"] == .null)
    let share = try #require(off["stable_load_fraction"]?.quantity?.value)
    #expect(share > 0.33 && share < 0.40)
    #expect(outcome.result["cases"]?[1]?["status"] == .text("finished"))
    #expect(outcome.summary["delaminated"] == .integer(1))
    #expect(
      outcome.summary["order_opening_over_thickness"] == .list([.text("holds"), .text("off")]))
    let warning = try #require(
      outcome.diagnostics.first { $0.code == "delaminate.unstable" })
    #expect(warning.found.contains("delaminates at 37 % of the load of 100 MPa"))
    #expect(outcome.figures.map(\.id) == ["thickness", "underside"])
    #expect(outcome.figures[0].caption.contains("off at 37 %"))
    #expect(
      outcome.tables.map(\.name) == ["series/off-interface.csv", "series/holds-interface.csv"])
  }

  @Test func warnings() throws {
    let outcome = try run(
      "geometry: {initial_damage: 8.3 nm}\nfilm: {modulus: 25 ± 24 GPa, thickness: 10 nm}",
      sets: small)
    let codes = outcome.diagnostics.map(\.code)
    #expect(codes.contains("delaminate.snapped"))
    #expect(
      codes.contains("delaminate.uncertainty-large") || codes.contains("delaminate.not-propagated"))
    let plain = try run("", sets: small).diagnostics.map(\.code)
    #expect(plain.contains("delaminate.no-uncertainty") && plain.contains("delaminate.geometry"))
  }

  @Test func namesWhatIsWrong() {
    let table: [(text: String, code: String, line: Int)] = [
      ("geometry:\n  initial_damge: 8 nm", "config.unknown-key", 2),
      ("interface: {strength: 150}", "config.unit", 1),
      ("interface: {strength: 150 nm}", "config.dimension", 1),
      ("interface: {energy: -0.3 J/m2}", "config.range", 1),
      ("interface: {bond: glue}", "config.choice", 1),
      ("interface: {energy: 0.001 J/m2}", "delaminate.range", 1),
      ("interface: {mixed_mode: bk}", "delaminate.interface", 1),
      ("geometry: {initial_damage: 60 nm}", "delaminate.range", 1),
      ("geometry: {initial_damage: 0.1 nm}", "delaminate.range", 1),
      ("mesh: {columns: 2000, rows: 32}", "delaminate.range", 1),
      ("mesh: {columns: 1}", "config.range", 1),
      ("metal: Xx", "delaminate.metal", 1),
      ("film: {poisson: 0.5}", "config.range", 1),
      ("cases: [{label: a}, {label: a}]", "config.label", 1),
    ]
    for row in table {
      let found = failure(row.text)
      #expect(found?.code == row.code, "\(row.text): \(found?.message ?? "read")")
      switch found?.place {
      case .cell(let line, _)?, .line(let line)?: #expect(line == row.line, "\(row.text)")
      default:
        #expect(row.text.contains("0.1 nm") || row.text.contains("2000"), "\(row.text): no place")
      }
    }
  }

  /// Values at the edges of what a file can hold end in a result or a failure, never in a trap.
  @Test func extremeValuesNeverTrap() {
    let keys = [
      "film.thickness=? nm", "film.modulus=? GPa", "load.pressure=? MPa",
      "geometry.initial_damage=? nm", "geometry.half_length=? nm", "interface.strength=? MPa",
      "interface.energy=? J/m2", "interface.onset_opening=? nm", "load.overpotential=? V",
      "metal.molar_volume=? cm3/mol", "film.modulus=25 ± ? GPa", "interface.energy=0.3 ± ? J/m2",
    ]
    var ran = 0
    for key in keys {
      for size in ["1e-290", "1e-30", "1e-6", "1e6", "1e30", "1e290"] {
        let parts = key.split(separator: "?", omittingEmptySubsequences: false)
        let set = String(parts[0]) + size + String(parts[1])
        let mesh = ["mesh.columns=12", "mesh.rows=1", "loading.steps=1"]
        guard let outcome = try? run("", sets: mesh + [set]) else { continue }
        ran += 1
        let only = outcome.result["cases"]?[0]
        #expect(only?["delaminates"] != nil, "\(set)")
        let opening = only?["opening"]?.quantity
        #expect(opening == nil || opening?.value?.isFinite == true, "\(set)")
      }
    }
    #expect(ran > 25, "\(ran)")
  }
}
