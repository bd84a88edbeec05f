import Materials
import Simulation
import Tables
import Testing
import Units

@testable import Plating

/// Three films of 25 GPa, as thick as 10, 25 and 50 pairs of layers.
private func threeFilms(u: Double?) throws -> PlateConfiguration {
  let films = [("n10", 4.0), ("n25", 10), ("n50", 20)].map { name, thickness in
    PlateFilm(
      label: name, metals: [.lithium],
      film: FilmParameters(
        thickness: Measured(Quantity(thickness, .nanometre), source: "growth"),
        modulus: MeasuredModulus(
          Measured(
            Quantity(25, .gigapascal), u: u.map { Quantity($0, .gigapascal) }, source: "afm"),
          trace: TraceID("a7")),
        poissonRatio: Measured(Quantity(0.24, .one), source: "default")))
  }
  var base = PlateCase(label: "case")
  base.solver = .sharp
  base.points = 128
  return try plateCases(for: films, base: base)
}

/// Their runs with an uncertainty of 5 GPa, made once for all tests.
private let wide = Result { runPlate(try threeFilms(u: 5), tracePrefix: "p") }

private func value(_ outcome: SimulationOutcome, _ index: Int, _ key: String) -> MeasuredValue? {
  outcome.result["cases"]?[index]?[key]?.quantity
}

@Suite struct RunPlateTests {
  /// Keys and units of the contract, no more and no less than it names in a fixed unit.
  @Test func everyKeyOfTheContractInItsUnit() throws {
    let outcome = try wide.get()
    let units: [(String, String)] = [
      ("film_thickness", "nm"), ("film_modulus", "GPa"), ("film_poisson", "1"),
      ("pv_initial", "nm"), ("pv_final", "nm"), ("pv_ratio", "1"), ("growth", "nm"),
      ("far_field_rise", "nm"), ("time", "s"), ("tip_stress_initial", "MPa"),
      ("valley_stress_initial", "MPa"), ("tip_stress_final", "MPa"),
      ("valley_stress_final", "MPa"), ("tip_stress_extreme", "MPa"),
      ("hoop_stress_final", "MPa"), ("mean_speed", "nm/s"),
    ]
    for index in 0..<3 {
      for (key, unit) in units {
        let quantity = try #require(value(outcome, index, key), "\(key)")
        #expect(quantity.unit.ucum == unit, "\(key)")
        #expect(quantity.value != nil, "\(key)")
      }
      let result = outcome.result["cases"]?[index]
      #expect(result?["status"] == .text("finished"))
      #expect(result?["solver"] == .text("sharp"))
      #expect(result?["base"] == .text("lubricated"))
      #expect(result?["metal"] == .text("Li"))
      if case .integer(let steps)? = result?["steps"] {
        #expect(steps > 10)
      } else {
        Issue.record("no steps")
      }
    }
    #expect(outcome.summary["cases"] == .integer(3))
    let order: ResultValue = .list([.text("n50"), .text("n25"), .text("n10")])
    #expect(outcome.summary["order_pv_ratio"] == order)
    #expect(outcome.summary["order_tip_stress_final"]?[0] == .text("n10"))
  }

  /// dlnPV/dlnE −0.057, −0.462, −0.413 and dlnσ/dlnE +0.07, +0.03, −0.21 of the reference runs
  /// (25 GPa, 3 nm), seen through an uncertainty of 1 %.
  @Test func uncertaintyFollowsTheReferenceSlopes() throws {
    let outcome = runPlate(try threeFilms(u: 0.25), tracePrefix: "p")
    let slopes: [(pv: Double, tip: Double)] = [(0.057, 0.07), (0.462, 0.03), (0.413, 0.21)]
    for (index, slope) in slopes.enumerated() {
      let ratio = try #require(value(outcome, index, "pv_ratio"))
      let pv = try #require(ratio.value)
      #expect(ratio.uKind == "propagated")
      #expect(((ratio.u ?? 0) / pv / 0.01 - slope.pv).magnitude < 0.003)
      let tip = try #require(value(outcome, index, "tip_stress_final"))
      let stress = try #require(tip.value)
      #expect(((tip.u ?? 0) / stress.magnitude / 0.01 - slope.tip).magnitude < 0.01)
      #expect(tip.trace == TraceID("p\(index + 1)"))
    }
  }

  /// PV 0.0074, 0.0307, 0.0145 for a lognormal modulus of 20 % (Gauss–Hermite, 11 points).
  @Test func uncertaintyAgreesWithTheDistribution() throws {
    let outcome = try wide.get()
    for (index, sd) in [0.0074, 0.0307, 0.0145].enumerated() {
      let u = try #require(value(outcome, index, "pv_ratio")?.u)
      #expect((u / sd - 1).magnitude < 0.12, "\(index): \(u)")
    }
  }

  /// The thickness adds its own share in quadrature: dlnPV/dlnh −1.18 at 10 nm (reference runs).
  @Test func thicknessUncertaintyAddsItsShare() throws {
    var film = FilmParameters.assumed
    film.thickness = Measured(
      Quantity(10, .nanometre), u: Quantity(0.1, .nanometre), source: "study")
    var base = PlateCase(label: "case")
    base.solver = .sharp
    base.points = 128
    let configuration = try plateCases(
      for: [PlateFilm(label: "film", metals: [.lithium, .sodium], film: film)], base: base)
    #expect(configuration.cases.map(\.label) == ["film, Li", "film, Na"])
    let outcome = runPlate(configuration, tracePrefix: "p")
    let ratio = try #require(value(outcome, 0, "pv_ratio"))
    #expect(((ratio.u ?? 0) / (ratio.value ?? 1) / 0.01 - 1.18).magnitude < 0.02)
    let inputs = outcome.result["cases"]?[0]?["uncertain_inputs"]
    #expect(inputs == .list([.text("film.thickness")]))
  }

  @Test func warnsOutsideTheModel() throws {
    var configuration = try threeFilms(u: nil)
    for i in configuration.cases.indices {
      configuration.cases[i].fractureStress = Measured(Quantity(1, .gigapascal))
    }
    let codes = runPlate(configuration, tracePrefix: "p").diagnostics.map(\.code)
    #expect(codes.filter { $0 == "plate.geometry" }.count == 2)
    #expect(codes.filter { $0 == "plate.no-uncertainty" }.count == 3)
    #expect(codes.filter { $0 == "plate.fracture-stress" }.count == 3)
    #expect(codes.contains("plate.dissolution"))
    let measured = try wide.get().diagnostics
    #expect(!measured.contains { $0.code == "plate.no-uncertainty" })
  }

  @Test func stalledRunSaysHowFarItCame() throws {
    var film = FilmParameters.assumed
    film.modulus = MeasuredModulus(
      Measured(Quantity(1e9, .gigapascal), u: Quantity(1e7, .gigapascal), source: "test"))
    var base = PlateCase(label: "base")
    base.metalCompliance = false
    base.solver = .sharp
    base.points = 64
    let outcome = runPlate(
      try plateCases(for: [PlateFilm(label: "hard", metals: [.lithium], film: film)], base: base),
      tracePrefix: "p")
    #expect(outcome.result["cases"]?[0]?["status"] == .text("stalled"))
    #expect(outcome.diagnostics.contains { $0.code == "plate.stalled" })
    #expect(outcome.diagnostics.contains { $0.code == "plate.not-propagated" })
    #expect(value(outcome, 0, "pv_ratio")?.u == nil)
  }

  @Test func tablesFiguresAndTrace() throws {
    let outcome = try wide.get()
    #expect(
      outcome.tables.map(\.name) == [
        "series/n10-interface.csv", "series/n10-history.csv", "series/n25-interface.csv",
        "series/n25-history.csv", "series/n50-interface.csv", "series/n50-history.csv",
      ])
    let interface = outcome.tables[0].table
    #expect(interface.rows == 128)
    #expect(interface["on_line"]?.real?.reduce(0, +) == 65)
    let arc = try #require(interface["arc_length"]?.real)
    #expect(arc[32] == 0)
    #expect(arc[96] > 32)
    let history = outcome.tables[1].table
    #expect(history.rows == 61)
    #expect(history["growth"]?.real?.last == 3)
    #expect(history["pv"]?.real?.first == value(outcome, 0, "pv_initial")?.value)
    #expect(
      outcome.figures.map(\.id) == [
        "morphology", "stress-map", "interface-stress", "roughness-history", "stress-history",
      ])
    for figure in outcome.figures {
      #expect(figure.id == "stress-map" || figure.series.contains { $0.style == .band })
      for series in figure.series {
        #expect(series.x.count == series.y.count && !series.x.isEmpty)
        #expect(series.y.allSatisfy { $0.isFinite })
      }
    }
    let step = try #require(outcome.trace[TraceID("p1")])
    #expect(step.kind == .simulate)
    #expect(step.inputs == [TraceID("a7")])
    #expect(step.parameters["film.modulus"]?.quantity?.source == "afm")
    #expect(step.parameters["film.modulus"]?.quantity?.u == 5)
    #expect(step.parameters["domain.width"]?.quantity?.source == "default")
  }

  @Test func sameConfigurationGivesTheSameBits() throws {
    let first = try wide.get()
    let second = runPlate(try threeFilms(u: 5), tracePrefix: "p")
    #expect(first.result == second.result)
    #expect(first.figures == second.figures)
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let changes: [(String, (inout PlateCase) -> Void)] = [
      ("film.thickness", { $0.film.thickness.value = .zero }),
      ("film.modulus", { $0.film.modulus.modulus.value = Quantity(-1, .gigapascal) }),
      ("film.poisson", { $0.film.poissonRatio.value = Quantity(0.5, .one) }),
      ("kinetics.overpotential", { $0.overpotential = Quantity(0, .volt) }),
      ("kinetics.temperature", { $0.temperature = .zero }),
      ("kinetics.transfer_coefficient", { $0.transferCoefficient = 1 }),
      ("numerics.points", { $0.points = 255 }),
      ("numerics.tolerance", { $0.tolerance = 0 }),
      ("stop.growth", { $0.stop = .growth(.zero) }),
      (
        "surface.radius", { $0.surface = .gaussian(height: Quantity(1, .nanometre), radius: .zero) }
      ),
      ("line.to", { $0.lineTo = Quantity(-20, .nanometre) }),
    ]
    for (key, change) in changes {
      var plateCase = PlateCase(label: "case")
      change(&plateCase)
      let failure = #expect(throws: ReadFailure.self) { try plateCase.checkRanges() }
      #expect(failure?.diagnostic.found.contains("`\(key)`") == true, "\(key)")
    }
    let film = PlateFilm(label: "a", metals: [.lithium], film: .assumed)
    let failure = #expect(throws: ReadFailure.self) { try plateCases(for: [film, film]) }
    #expect(failure?.diagnostic.code == "plate.label")
  }

  @Test func labelsBecomeFileNames() {
    #expect(
      fileNames(for: ["(1ALD-1MLD)10", "a/../b", "a b", "A-B", "", "µ"])
        == ["1ALD-1MLD-10", "a-..-b", "a-b", "A-B-2", "case", "case-2"])
  }
}
