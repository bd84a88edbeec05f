import FilmElasticity
import Foundation
import TestSupport
import Testing

@testable import Plating

/// Problems with the defaults of the plating model, and the reference runs of another code.
enum Reference {
  /// η −0.1 V, i₀ 10 A/m², α ½, 298.15 K; Vₘ and γ of Li or Na.
  static func kinetics(
    sodium: Bool = false, overpotential: Double = -0.1, exchangeCurrentDensity: Double = 10
  ) -> PlatingKinetics {
    PlatingKinetics(
      overpotential: overpotential, exchangeCurrentDensity: exchangeCurrentDensity,
      transferCoefficient: 0.5, temperature: 298.15, molarVolume: sodium ? 23.70e-6 : 13.00e-6,
      surfaceEnergy: sodium ? 0.25 : 0.5)
  }

  static func problem(
    thickness: Double, modulus: Double = 25, sodium: Bool = false, base: FilmBase = .lubricated,
    compliance: Bool = true, capillarity: Capillarity = .full, height: Double = 4,
    radius: Double = 4, growth: Double = 3, points: Int = 256
  ) -> PlatingRun.Problem {
    let metal = sodium ? 10e9 / (1 - 0.34 * 0.34) : 4.91e9 / (1 - 0.362 * 0.362)
    let film = FilmStrip(
      thickness: thickness * 1e-9, youngModulus: modulus * 1e9, poissonRatio: 0.24, base: base)
    let heights = (0..<points).map { i -> Double in
      let x = -32 + 64 * Double(i) / Double(points)
      return height * exp(-x * x / (2 * radius * radius))
    }
    return PlatingRun.Problem(
      film: FilmOnMetal(film: film, metalPlaneStrainModulus: compliance ? metal : nil),
      kinetics: kinetics(sodium: sodium), capillarity: capillarity, width: 64, heights: heights,
      growth: growth, tolerance: 1e-6, intervals: 30)
  }

  static func ratio(_ run: PlatingRun) -> Double {
    run.final.peakToValley / run.initial.peakToValley
  }

  static func relative(_ a: Double, _ b: Double) -> Double { ((a - b) / b).magnitude }
}

/// The sharp-interface solver against an independent implementation (scipy BDF to 1e-7, 512 points).
@Suite struct SharpInterfaceTests {
  /// Li, 25 GPa, bump 4 × 4 nm, 3 nm of growth: the table of the plating model's reference runs.
  @Test func defaultCaseOfEachThickness() {
    let table: [(h: Double, pv: Double, tip0: Double, tip: Double, rise: Double)] = [
      (4, 0.62430, -1008.978, -65.1, 2.85), (10, 0.33799, -1628.020, -101.4, 3.32),
      (20, 0.17202, -1800.766, -101.4, 3.67),
    ]
    for row in table {
      let run = PlatingRun.sharp(Reference.problem(thickness: row.h))
      #expect(run.status == .finished)
      #expect(run.final.growth == 3)
      #expect(run.history.count == 31)
      #expect(Reference.relative(Reference.ratio(run), row.pv) < 5e-4)
      #expect(Reference.relative(run.initial.tipStress, row.tip0) < 1e-6)
      #expect(Reference.relative(run.final.tipStress, row.tip) < 2e-3)
      #expect(Reference.relative(run.final.farFieldRise(over: run.initial), row.rise) < 3e-3)
      #expect(run.tipStressExtreme == run.initial.tipStress)
    }
  }

  /// Every case and stage of the corpus; in debug only every ninth, which keeps the suite quick.
  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func referenceTable() throws {
    #if DEBUG
    let stride = 13
    #else
    let stride = 1
    #endif
    let path = Corpus.path("simulation/plate_sharp.truth.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let table = try JSONDecoder().decode(Table.self, from: data)
    #expect(table.cases.count == 32)
    for (i, reference) in table.cases.enumerated() where i % stride == 0 {
      for stage in reference.stages {
        if stride > 1 && stage.growth_nm != 2 { continue }
        let run = PlatingRun.sharp(
          Reference.problem(
            thickness: reference.h_nm, modulus: reference.E_GPa, sodium: reference.metal == "Na",
            base: FilmBase(rawValue: reference.base) ?? .lubricated,
            compliance: reference.metal_compliance,
            capillarity: Capillarity(rawValue: reference.capillarity) ?? .full,
            height: reference.height_nm, radius: reference.radius_nm, growth: stage.growth_nm))
        let words = "case \(i), \(stage.growth_nm) nm"
        #expect(run.status == .finished, "\(words)")
        #expect(Reference.relative(Reference.ratio(run), stage.pv_ratio) < 5e-3, "\(words)")
        #expect(Reference.relative(run.final.tipStress, stage.tip_stress_MPa) < 1e-2, "\(words)")
        #expect(
          Reference.relative(run.final.valleyStress, stage.valley_stress_MPa) < 1e-2, "\(words)")
        #expect(
          Reference.relative(run.initial.tipStress, reference.tip_stress_initial_MPa) < 1e-3)
        #expect(
          Reference.relative(run.initial.valleyStress, reference.valley_stress_initial_MPa) < 1e-3)
        let rise = run.final.farFieldRise(over: run.initial)
        #expect(Reference.relative(rise, stage.far_field_rise_nm) < 3e-3, "\(words)")
        let seconds =
          stage.growth_nm / Reference.kinetics(sodium: reference.metal == "Na").nominalSpeed
        #expect(Reference.relative(seconds, stage.time_s) < 1e-12, "\(words)")
      }
    }
  }

  struct Table: Decodable {
    struct Case: Decodable {
      struct Stage: Decodable {
        let growth_nm, pv_ratio, tip_stress_MPa, valley_stress_MPa: Double
        let far_field_rise_nm, time_s: Double
      }
      let h_nm, E_GPa, nu, height_nm, radius_nm: Double
      let metal, base, capillarity: String
      let metal_compliance: Bool
      let tip_stress_initial_MPa, valley_stress_initial_MPa: Double
      let stages: [Stage]
    }
    let cases: [Case]
  }

  @Test func finerGridAgrees() {
    let coarse = PlatingRun.sharp(Reference.problem(thickness: 10, growth: 1, points: 128))
    let fine = PlatingRun.sharp(Reference.problem(thickness: 10, growth: 1, points: 256))
    #expect(Reference.relative(Reference.ratio(coarse), Reference.ratio(fine)) < 1e-3)
    #expect(Reference.relative(coarse.final.tipStress, fine.final.tipStress) < 1e-3)
  }

  /// The morphology at a given growth does not depend on i₀; only the clock does.
  @Test func exchangeCurrentSetsOnlyTheClock() {
    var slow = Reference.problem(thickness: 4, growth: 1, points: 64)
    let fast = PlatingRun.sharp(slow)
    slow.kinetics = Reference.kinetics(exchangeCurrentDensity: 1)
    #expect(PlatingRun.sharp(slow).final.heights == fast.final.heights)
    #expect(
      Reference.relative(
        Reference.kinetics().nominalSpeed, 10 * slow.kinetics.nominalSpeed) < 1e-14)
  }

  @Test func raisingTheWholeSurfaceChangesNothing() {
    var problem = Reference.problem(thickness: 10, growth: 1, points: 64)
    let low = PlatingRun.sharp(problem)
    problem.heights = problem.heights.map { $0 + 100 }
    let high = PlatingRun.sharp(problem)
    for (a, b) in zip(low.final.heights, high.final.heights) {
      #expect((b - a - 100).magnitude < 1e-9)
    }
    problem.heights = Array(repeating: 7, count: 64)
    let flat = PlatingRun.sharp(problem)
    #expect(flat.final.normalStress.allSatisfy { $0 == 0 })
    for z in flat.final.heights { #expect((z - 8).magnitude < 1e-9) }
  }

  /// With a rigid metal the stress of a given shape scales with the modulus.
  @Test func stressScalesWithModulus() {
    var problem = Reference.problem(thickness: 10, compliance: false, growth: 1e-9, points: 64)
    let soft = PlatingRun.sharp(problem).initial.normalStress
    problem.film.film.youngModulus *= 4
    let stiff = PlatingRun.sharp(problem).initial.normalStress
    for (a, b) in zip(soft, stiff) { #expect((b - 4 * a).magnitude < 1e-9 * b.magnitude) }
  }

  /// d ln A/dτ = −(Mχ/v₀)(S_eff + γk²) for a small cosine (Monroe and Newman's linear stability).
  @Test func smallCosineDecaysAtTheLinearRate() {
    for base in FilmBase.allCases {
      var problem = Reference.problem(thickness: 10, base: base, growth: 0.01, points: 256)
      let mode = 2.0
      let wavenumber = 2 * Double.pi * mode / 64
      problem.heights = (0..<256).map { i in
        1e-5 * cos(wavenumber * (Double(i) / 4 - 32))
      }
      let run = PlatingRun.sharp(problem)
      let response = problem.film.response(wavenumber: wavenumber * 1e9) * 1e-15
      // the second differences see k² as (2/dx)² sin²(k dx/2)
      let discrete = pow(2 / 0.25 * sin(wavenumber * 0.125), 2)
      let kinetics = problem.kinetics
      let rate = kinetics.linearMobility * response + kinetics.constantCapillarity * discrete
      let measured = -log(Reference.ratio(run)) / 0.01
      #expect(Reference.relative(measured, rate) < 1e-4)
    }
  }

  /// For one wave the stresses at the crest are the closed forms times the amplitude.
  @Test func stressesOfOneWaveAreTheClosedForms() {
    for base in FilmBase.allCases {
      var problem = Reference.problem(thickness: 10, base: base, growth: 1e-9, points: 64)
      let wavenumber = 2 * Double.pi * 3 / 64
      problem.heights = (0..<64).map { i in 5 + 0.1 * cos(wavenumber * Double(i - 32)) }
      let start = PlatingRun.sharp(problem).initial
      let normal = -problem.film.response(wavenumber: wavenumber * 1e9) * 0.1e-15
      let hoop = problem.film.baseTangentialStress(wavenumber: wavenumber * 1e9) * 0.1e-15
      #expect(Reference.relative(start.tipStress, normal) < 1e-10)
      #expect(Reference.relative(start.hoopStress, hoop) < 1e-10)
      #expect(start.hoopStress < 0)
    }
  }

  /// The history of a long run passes through the ends of the short ones.
  @Test func historyAgreesWithShorterRuns() throws {
    let long = PlatingRun.sharp(Reference.problem(thickness: 10, growth: 3, points: 64))
    for (index, growth) in [(3, 0.3), (10, 1), (20, 2)] {
      let short = PlatingRun.sharp(Reference.problem(thickness: 10, growth: growth, points: 64))
      let moment = try #require(long.history.count > index ? long.history[index] : nil)
      #expect((moment.growth - growth).magnitude < 1e-12)
      #expect(Reference.relative(moment.peakToValley, short.final.peakToValley) < 2e-4)
      #expect(Reference.relative(moment.tipStress, short.final.tipStress) < 1e-3)
    }
  }

  /// A surface without mirror symmetry is solved at all its points and agrees where both apply.
  @Test func mirroredHalfAgreesWithTheWhole() {
    var problem = Reference.problem(thickness: 10, growth: 0.5, points: 64)
    let half = PlatingRun.sharp(problem)
    problem.heights[3] += 1e-13
    let whole = PlatingRun.sharp(problem)
    for (a, b) in zip(half.final.heights, whole.final.heights) {
      #expect((a - b).magnitude < 2e-4)
    }
    #expect(
      Reference.relative(half.final.hoopStress, whole.final.hoopStress) < 1e-3)
  }

  /// Stresses beyond all bounds end a run as stalled, with the growth it reached, and never trap.
  @Test func absurdStiffnessStalls() {
    var problem = Reference.problem(thickness: 10, modulus: 1e9, growth: 1, points: 64)
    problem.film.metalPlaneStrainModulus = nil
    let run = PlatingRun.sharp(problem)
    #expect(run.status == .stalled)
    #expect(run.final.growth < 1)
    #expect(run.final.heights.allSatisfy { $0.isFinite })
  }
}
