import NumericalMethods
import Tables
import Testing
import Units

@testable import ForceMicroscopy

@Suite struct ForceAnalysisTests {
  private func analysis(
    _ columns: [Column], _ settings: KeyValuePairs<String, String> = [:],
    metadata: Metadata = Metadata()
  ) throws -> ForceFileAnalysis {
    var options = ForceAnalysisOptions()
    for (name, text) in settings { try options.setOption(name: name, text: text) }
    return analyzeForceCurves(
      Dataset(
        format: "delimited-table", technique: .afm,
        tables: [Table(name: "approach", columns: columns)], metadata: metadata),
      input: InputIdentity(path: "film/curve.csv", bytes: 1, sha256: "00"), sample: "film",
      options: options, tracePrefix: "t")
  }

  private func column(_ name: String, _ values: [Double], _ unit: PhysicalUnit) -> Column {
    Column(name: name, label: name, values: .real(values), unit: .known(unit))
  }

  @Test func aReducedStraightLineGivesItsSlope() throws {
    let depth = (0..<200).map { Double($0) * 0.25e-9 }
    let result = try analysis([
      column("deflection", depth, .metre), column("force", depth.map { 1.7 * $0 }, .newton),
    ])
    let curve = try #require(result.result["curves"]?[0])
    let stiffness = try #require(curve["stiffness"]?.quantity)
    #expect(abs((stiffness.value ?? 0) / 1.7 - 1) < 1e-6)
    #expect(stiffness.unit.ucum == "N/m")
    #expect(curve["e2d"] == .null)
    #expect(curve["failure"]?["detected"] == .flag(false))
    #expect(result.diagnostics.contains { $0.code == "afm.reduced-curve" })
  }

  @Test func aReducedCurveGivesModulusAndFailure() throws {
    // The textbook film itself, in nanometres and nanonewtons: Y 342 N/m, σ 0.34 N/m, a 500 nm,
    // broken at δ 80 nm; toughness by the integral of the cubic.
    let nu = 0.165
    let q = 1 / (1.05 - 0.15 * nu - 0.16 * nu * nu)
    let c1 = Double.pi * 0.34
    let c3 = q * q * q * 342 / (500e-9 * 500e-9)
    let depth = (0...1000).map { Double($0) * 0.1 }
    let force = depth.map { d -> Double in
      let x = d * 1e-9
      return d <= 80 ? (c1 * x + c3 * x * x * x) * 1e9 : 0.2
    }
    let result = try analysis(
      [column("deflection", depth, .nanometre), column("force", force, .nanonewton)],
      [
        "hole-radius": "500", "poisson": "0.165", "no-substrate": "true", "model": "textbook",
        "elastic-limit": "none",
      ])
    let a = try #require(result.curves.first)
    #expect(abs((a.value(.e2d)?.value ?? 0) / 342 - 1) < 1e-4)
    #expect(abs((a.value(.pretension)?.value ?? 0) / 0.34 - 1) < 1e-3)
    let x = 80e-9
    let work = (c1 * x * x / 2 + c3 * x * x * x * x / 4) * 1e15
    #expect(abs((a.value(.toughness)?.value ?? 0) / work - 1) < 1e-4)
    #expect(abs((a.value(.fractureDeflection)?.value ?? 0) / 80 - 1) < 1e-6)
  }

  @Test func theGateRejectsWhatIsNoContact() throws {
    var random = CounterRandom(seed: 4)
    let z = (0..<400).map { Double($0) * 1e-9 }
    let noise = z.map { _ in random.normal() * 1e-10 }
    let flat = try analysis(
      [column("sensor_position", z, .metre), column("deflection", noise, .metre)],
      ["spring-constant": "30", "hole-radius": "1000", "tip-radius": "20"])
    let a = try #require(flat.curves.first)
    #expect(a.flags.contains("afm.no-contact"))
    #expect(a.verdict == .rejected)
    #expect(a.estimates[.e2d] == nil)
    let short = try analysis(
      [column("sensor_position", [0, 1, 2], .metre), column("deflection", [0, 0, 1], .metre)])
    #expect(short.curves.first?.flags == ["afm.too-few-points"])
    // Deflection that grows twice as fast as the position: a wrong sensitivity.
    let steep = z.enumerated().map { max(0, Double($0.offset) - 200) * 2e-9 + noise[$0.offset] }
    let wrong = try analysis(
      [column("sensor_position", z, .metre), column("deflection", steep, .metre)],
      ["spring-constant": "30"])
    #expect(wrong.curves.first?.flags.contains("afm.slope-impossible") == true)
    #expect(wrong.curves.first?.verdict == .rejected)
  }

  @Test func withoutSpringConstantThereIsNoForce() throws {
    let z = (0..<400).map { Double($0) * 1e-9 }
    let d = z.enumerated().map { max(0, Double($0.offset) - 200) * 0.5e-9 }
    let result = try analysis(
      [column("sensor_position", z, .metre), column("deflection", d, .metre)])
    let a = try #require(result.curves.first)
    #expect(a.estimates.isEmpty)
    #expect(result.diagnostics.contains { $0.code == "afm.no-spring-constant" })
  }

  @Test func emptyAndForeignTablesAreErrorsNotTraps() throws {
    for columns in [[], [column("voltage", [1, 2], .volt)]] {
      let result = try analysis(columns)
      #expect(result.curves.isEmpty)
      #expect(result.diagnostics.contains { $0.severity == .error })
    }
    let missing = try analysis(
      [
        column("sensor_position", [Double](repeating: .nan, count: 100), .metre),
        column("deflection", [Double](repeating: .nan, count: 100), .metre),
      ], ["spring-constant": "1"])
    #expect(missing.curves.first?.verdict == .rejected)
    let constant = try analysis(
      [
        column("sensor_position", [Double](repeating: 1, count: 100), .metre),
        column("deflection", [Double](repeating: 0, count: 100), .metre),
      ], ["spring-constant": "1"])
    #expect(constant.curves.first?.verdict == .rejected)
  }

  @Test func dropsAreFoundByBothRules() {
    // A ramp to 100, a fall to 65, a ramp to 120, a fall to 10.
    var force = (0...500).map { Double($0) * 0.2 }
    force += (0..<275).map { 65 + Double($0) * 0.2 }
    force += [Double](repeating: 10, count: 100)
    let drops = FilmFailure.drops(force, noise: 0.01)
    #expect(drops.map(\.index) == [500, 775])
    #expect(FilmFailure.failure(drops, rule: .by, percent: 20)?.index == 500)
    #expect(FilmFailure.failure(drops, rule: .to, percent: 20)?.index == 775)
    #expect(FilmFailure.failure(drops, rule: .to, percent: 5) == nil)
    #expect(FilmFailure.drops((0..<500).map { Double($0) }, noise: 1).isEmpty)
  }

  @Test func weibullMeetsAnIndependentFit() throws {
    // scipy 1.17.1 weibull_min.fit(x, floc=0): shape and scale.
    let x = [318.1, 419.9, 469.4, 509.9, 402.5, 455.0, 388.7, 530.2]
    let w = try #require(WeibullFit(x))
    #expect(abs(w.shape - 7.965_877) < 1e-5, "\(w.shape)")
    #expect(abs(w.scale - 464.235_234) < 1e-4, "\(w.scale)")
    #expect((w.shapeLower ?? 0) < w.shape && (w.shapeUpper ?? 0) > w.shape)
    #expect(WeibullFit([1, 2, 3]) == nil)
    #expect(WeibullFit([2, 2, 2, 2]) == nil)
    #expect(WeibullFit([1, 2, 3, 0]) == nil)
  }

  @Test func predictionMeetsTheExactTable() throws {
    // exact_disc: plate ν 0.2, s 6e-4, R/a 0.037, D/Ya² 4.8e-6; here Y 1000 N/m, a 1 µm.
    let film = FilmPrediction(
      e2d: Quantity(si: 1000), pretension: Quantity(si: 0.6), holeRadius: Quantity(si: 1e-6),
      tipRadius: Quantity(si: 37e-9), poissonRatio: 0.2,
      bendingStiffness: Quantity(si: 4.8e-15), model: .plate)
    let depths = try predictForceCurve(
      film, forces: [4e-7, 1e-9, 2e-8, 0].map { Quantity(si: $0) })
    for (depth, expected) in zip(depths, [0.062727e-6, 0.00058458e-6, 0.010634e-6, 0]) {
      #expect(abs(depth.si - expected) <= 1e-4 * expected)
    }
    var lacking = film
    lacking.tipRadius = nil
    #expect(throws: ReadFailure.self) { try predictForceCurve(lacking, forces: []) }
  }
}
