import Bytes
import FilmElasticity
import Materials
import Simulation
import Tables
import Testing
import Units

@testable import Plating

/// Reads a configuration whose neighbouring files are given by name.
private func read(
  _ text: String, sets: [String] = [], files: [String: String] = [:]
) throws(ReadFailure) -> PlateConfiguration {
  try PlateConfiguration.read(ByteView(utf8: text), name: "plate.yaml", sets: sets) {
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

private let results = """
  {"summary": {"handover": [
    {"sample": "n25", "status": "ready", "reasons": [], "n": 12,
     "modulus": {"value": 24, "unit": "GPa", "u": 3, "trace": "t9"},
     "thickness": {"value": 10, "unit": "nm", "u": 0.5}},
    {"sample": "n10", "status": "refused", "reasons": ["substrate-dominated"], "modulus": null},
    {"sample": "flat", "status": "ready", "e2d": {"value": 440, "unit": "N/m", "u": 20}}
  ]}}
  """

@Suite struct PlateConfigurationTests {
  @Test func emptyConfigurationIsTheDefaultCase() throws {
    let configuration = try read("")
    #expect(configuration.cases.count == 1)
    let only = try #require(configuration.cases.first)
    var expected = PlateCase(label: "case")
    expected.film.thickness = only.film.thickness
    expected.film.modulus = only.film.modulus
    expected.film.poissonRatio = only.film.poissonRatio
    #expect(only == expected)
    #expect(only.film.thickness.value == Quantity(4, .nanometre))
    #expect(only.film.modulus.modulus.value == Quantity(25, .gigapascal))
    #expect(only.film.modulus.modulus.source == "default")
    for key in configuration.parameters.keys {
      let entry = configuration.parameters[key]
      let source = entry?.quantity?.source ?? entry?["source"]?.text
      #expect(source == "default", "\(key)")
    }
  }

  /// The printed defaults mean what the empty configuration means.
  @Test func printedDefaultsMeanTheSame() throws {
    let text = PlateConfiguration.printDefaults()
    #expect(text.contains("solver: phase-field"))
    let printed = try read(text)
    #expect(printed.diagnostics.isEmpty)
    let empty = try read("")
    #expect(printed.cases.count == 1)
    for key in empty.parameters.keys {
      let a = printed.parameters[key]
      let b = empty.parameters[key]
      #expect(a?.quantity?.value == b?.quantity?.value, "\(key)")
      #expect(a?.quantity?.unit == b?.quantity?.unit, "\(key)")
      #expect(a?["value"] == b?["value"], "\(key)")
    }
    #expect(printed.parameters.keys == empty.parameters.keys)
  }

  @Test func casesOverrideAndSetsStandAbove() throws {
    let text = """
      metal: Na
      film: {thickness: 4 nm, modulus: 25 ± 5 GPa, base: bonded, fracture_stress: 2 GPa}
      cases:
        - {label: thin}
        - {label: thick, film.thickness: 0.02 um, metal: Li}
      surface: {shape: cosine, height: 1 nm}
      stop: {time: 0.5 s}
      numerics: {points: 64, capillarity: constant}
      """
    let configuration = try read(text, sets: ["film.poisson=0.3", "kinetics.overpotential=-50 mV"])
    #expect(configuration.cases.map(\.label) == ["thin", "thick"])
    let thin = configuration.cases[0]
    #expect(thin.metal.name == "Na")
    #expect(thin.base == .bonded)
    #expect(thin.film.modulus.modulus.u == Quantity(5, .gigapascal))
    #expect(thin.film.modulus.modulus.source == "config line 2")
    #expect(thin.surface == .cosine(height: Quantity(1, .nanometre)))
    #expect(thin.stop == .time(Quantity(0.5, .second)))
    #expect(thin.capillarity == .constant)
    #expect(thin.points == 64)
    #expect(thin.fractureStress?.value == Quantity(2, .gigapascal))
    #expect(thin.film.poissonRatio.value.si == 0.3)
    #expect(thin.overpotential == Quantity(-0.05, .volt))
    let thick = configuration.cases[1]
    #expect(thick.metal.name == "Li")
    #expect((thick.film.thickness.value.value(in: .nanometre) - 20).magnitude < 1e-12)
    #expect(thick.film.thickness.source == "config line 5")
    let parameters = configuration.parameters
    #expect(parameters["film.poisson"]?.quantity?.source == "--set")
    #expect(parameters["film.thickness"]?.quantity?.source == "config line 2")
    #expect(parameters["metal"]?["value"] == .text("Na"))
    #expect(parameters["metal"]?["source"] == .text("config line 1"))
    #expect(parameters["stop.time"]?.quantity?.value == 0.5)
    #expect(parameters["domain.width"]?.quantity?.source == "default")
  }

  @Test func takesAMeasuredModulusWithItsUncertaintyAndTrace() throws {
    let text = """
      film:
        thickness: {from: "run/results.json#summary.handover[sample=n25].thickness"}
        modulus: {from: "run/results.json#summary.handover[sample=n25]"}
      numerics: {points: 32}
      """
    let configuration = try read(
      text, sets: ["solver=sharp"], files: ["run/results.json": results])
    let film = try #require(configuration.cases.first?.film)
    #expect(film.modulus.modulus.value == Quantity(24, .gigapascal))
    #expect(film.modulus.modulus.u == Quantity(3, .gigapascal))
    #expect(film.thickness.u == Quantity(0.5, .nanometre))
    let outcome = runPlate(configuration, tracePrefix: "p")
    let modulus = outcome.result["cases"]?[0]?["film_modulus"]?.quantity
    #expect(modulus?.source == "run/results.json#summary.handover[sample=n25].modulus")
    let step = try #require(modulus?.trace.flatMap { outcome.trace[$0] })
    #expect(step.kind == .read)
    #expect(step.source?.file == "run/results.json")
    #expect(step.source?.sha256.count == 64)
    #expect(step.source?.place == "key summary.handover[sample=n25].modulus")
    let ratio = try #require(outcome.result["cases"]?[0]?["pv_ratio"]?.quantity)
    #expect((ratio.u ?? 0) > 0)
    let simulation = try #require(ratio.trace.flatMap { outcome.trace[$0] })
    #expect(simulation.kind == .simulate)
    #expect(simulation.inputs.count == 3)
    for id in simulation.inputs { #expect(outcome.trace[id] != nil) }
  }

  @Test func takesTheSubstrateOffAsTheConfigurationSays() throws {
    let from = "from: 'r.json#summary.handover[sample=flat].e2d'"
    let text = "film: {thickness: 4 nm, modulus: {\(from), substrate: 340 ± 30 N/m}}"
    let film = try read(text, files: ["r.json": results]).cases[0].film
    #expect((film.modulus.modulus.value.value(in: .gigapascal) - 25).magnitude < 1e-12)
    let refused = failure("film: {modulus: {\(from)}}", files: ["r.json": results])
    #expect(refused?.code == "materials.substrate")
  }

  /// Every wrong thing is named, with its code and its place.
  @Test func namesWhatIsWrong() {
    let table: [(text: String, code: String, line: Int)] = [
      ("film:\n  thicknes: 4 nm", "config.unknown-key", 2),
      ("film: {thickness: 4}", "config.unit", 1),
      ("film: {thickness: 4 GPa}", "config.dimension", 1),
      ("film: {thickness: -4 nm}", "config.range", 1),
      ("kinetics:\n  overpotential: 0.1 V", "config.range", 2),
      ("metal: K", "plate.metal", 1),
      ("metal: {name: K, modulus: 3 GPa}", "plate.metal", 1),
      ("numerics: {spacing: 0.0005 nm}", "plate.grid", 1),
      ("domain: {height: 14 nm}", "plate.range", 1),
      ("solver: sharp\nnumerics: {points: 99}", "plate.range", 2),
      ("numerics: {spacing: 0.3 nm}", "plate.spacing", 1),
      ("stop: {time: 1 s, growth: 1 nm}", "plate.stop", 1),
      ("line: {from: 5 nm, to: -5 nm}", "plate.range", 1),
      ("film: {modulus: {from: 'r.json#summary.handover[1]'}}", "materials.refused", 1),
      ("film: {modulus: {from: 'r.json#summary.nothing'}}", "materials.key", 1),
      ("film: {modulus: {from: 'absent.json#a'}}", "source.missing", 1),
      ("film: {modulus: {from: 'bad.json#a'}}", "json.truncated", 1),
      ("film: {thickness: {from: 'r.json#summary.handover[0].modulus'}}", "materials.dimension", 1),
      ("surface: {file: p.csv, height: 2 nm}", "plate.surface", 1),
      ("surface: {file: p.csv}", "plate.profile", 1),
      ("cases: [{label: a}, {label: a}]", "config.label", 1),
    ]
    let files = ["r.json": results, "bad.json": "{", "p.csv": "a,b\n1,2\n3,4\n"]
    for row in table {
      let found = failure(row.text, files: files)
      #expect(found?.code == row.code, "\(row.text): \(found?.message ?? "read")")
      switch found?.place {
      case .cell(let line, _)?, .line(let line)?: #expect(line == row.line, "\(row.text)")
      default: Issue.record("no place: \(row.text): \(String(describing: found?.place))")
      }
    }
    let grid = failure("numerics: {spacing: 0.0005 nm}")
    #expect(grid?.found.contains("128000 × 48000 cells, 45.78 GiB") == true)
  }

  /// Values at the edges of what a file can hold end in a result or a failure, never in a trap.
  @Test func extremeValuesNeverTrap() {
    let keys = [
      "film.thickness=? nm", "film.modulus=? GPa", "surface.height=? nm", "surface.radius=? nm",
      "domain.width=? nm", "kinetics.exchange_current_density=? A/m2", "stop.growth=? nm",
      "stop.time=? s", "kinetics.overpotential=-? V", "metal.surface_energy=? J/m2",
      "metal.molar_volume=? cm3/mol", "metal.modulus=? GPa", "film.fracture_stress=? MPa",
      "line.to=? nm", "film.modulus=25 ± ? GPa",
    ]
    var finished = 0
    var ran = 0
    for key in keys {
      for size in ["1e-300", "1e-30", "1e-6", "1e6", "1e30", "1e290"] {
        let set =
          String(key.split(separator: "?", omittingEmptySubsequences: false)[0]) + size
          + String(key.split(separator: "?", omittingEmptySubsequences: false)[1])
        guard let configuration = try? read("solver: sharp\nnumerics: {points: 16}", sets: [set])
        else { continue }
        let outcome = runPlate(configuration, tracePrefix: "p")
        ran += 1
        if outcome.result["cases"]?[0]?["status"] == .text("finished") { finished += 1 }
      }
    }
    #expect(ran > 60)
    #expect(finished > 30)
  }

  @Test func metalOfItsOwn() throws {
    let text = """
      metal: {name: K, molar_volume: 45.9 cm3/mol, surface_energy: 0.1 J/m2, modulus: 3.5 GPa, poisson: 0.35}
      load: {pressure: 80 MPa}
      """
    let configuration = try read(text)
    let metal = configuration.cases[0].metal
    #expect(metal.name == "K")
    #expect((metal.molarVolume.value.value(in: .cubicCentimetrePerMole) - 45.9).magnitude < 1e-12)
    #expect(configuration.parameters["metal"]?["value"] == .text("K"))
    #expect(configuration.diagnostics.map(\.code) == ["plate.unused-key"])
  }

  /// A profile from a file: straight lines between its points, level beyond them.
  @Test func surfaceFromAFile() throws {
    let profile = "position_x / nm,interface_height / pm\n-8,0\n0,2000\n8,0\n"
    let configuration = try read(
      "surface: {file: p.csv}\nnumerics: {points: 64}", files: ["p.csv": profile])
    let shape = configuration.cases[0].surface
    let heights = shape.heights(points: 64, width: 64)
    #expect((heights[32] - 2).magnitude < 1e-12)
    #expect((heights[28] - 1).magnitude < 1e-12)
    #expect(heights[0] == 0)
    #expect(heights[63] == 0)
    #expect((shape.height.value(in: .nanometre) - 2).magnitude < 1e-12)
  }
}
