import FilmElasticity
import Foundation
import Materials
import NumericalMethods
import Simulation
import Tables
import TestSupport
import Testing
import Units

@testable import Plating

extension Reference {
  /// A problem for the phase field, whose columns are `spacing` wide.
  static func phaseProblem(
    thickness: Double, modulus: Double = 25, sodium: Bool = false, compliance: Bool = true,
    capillarity: Capillarity = .full, growth: Double = 3, halfWidth: Double = 0.5,
    spacing: Double = 0.25, rows: Double = 24
  ) -> PlatingRun.Problem {
    var problem = problem(
      thickness: thickness, modulus: modulus, sodium: sodium, compliance: compliance,
      capillarity: capillarity, growth: growth, points: Int((64 / spacing).rounded()))
    problem.window = PhaseFieldWindow(
      halfWidth: halfWidth, spacing: spacing, rows: Int((rows / spacing).rounded()))
    return problem
  }
}

/// The phase field against its own reference runs and against the sharp-interface twin.
@Suite struct PhaseFieldTests {
  struct ReferenceTable: Decodable {
    struct Case: Decodable {
      let h_nm, E_GPa, growth_nm, interface_half_width_nm, spacing_nm: Double
      let metal, capillarity: String
      let pv_ratio, tip_stress_MPa, valley_stress_MPa, tip_stress_initial_MPa: Double
      let far_field_rise_nm: Double
      let steps: Int
    }
    let cases: [Case]
  }

  /// Within 3 % of the page's runs at ℓ 0.5 nm and 1.5 % at ℓ 0.25 nm; PV as near the twin.
  ///
  /// The page's own runs are up to 2.0 % off the twin in the tip's stress at ℓ 0.5 nm and 1.7 % at 0.25 nm:
  /// there 3 % and 2 % hold, and the difference shrinks with ℓ.
  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func referenceTable() throws {
    let path = Corpus.path("simulation/plate_phase_field.truth.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let table = try JSONDecoder().decode(ReferenceTable.self, from: data)
    #expect(table.cases.count == 12)
    var offTwin: [String: Double] = [:]
    for (i, row) in table.cases.enumerated() {
      #if DEBUG
      // One case of each kind; a release build runs them all.
      guard [1, 4].contains(i) else { continue }
      #endif
      var problem = Reference.phaseProblem(
        thickness: row.h_nm, modulus: row.E_GPa, sodium: row.metal == "Na",
        capillarity: Capillarity(rawValue: row.capillarity) ?? .full, growth: row.growth_nm,
        halfWidth: row.interface_half_width_nm, spacing: row.spacing_nm)
      let run = PlatingRun.solve(problem)
      problem.window = nil
      let twin = PlatingRun.solve(problem)
      let tolerance = row.interface_half_width_nm > 0.3 ? 0.03 : 0.015
      let words = "case \(i)"
      #expect(run.status == .finished, "\(words)")
      #expect(Reference.relative(Reference.ratio(run), row.pv_ratio) < tolerance, "\(words)")
      #expect(Reference.relative(run.final.tipStress, row.tip_stress_MPa) < tolerance, "\(words)")
      #expect(
        Reference.relative(run.final.valleyStress, row.valley_stress_MPa) < tolerance, "\(words)")
      let rise = run.final.farFieldRise(over: run.initial)
      #expect(Reference.relative(rise, row.far_field_rise_nm) < tolerance, "\(words)")
      #expect(
        Reference.relative(run.initial.tipStress, row.tip_stress_initial_MPa) < 2e-3, "\(words)")
      #expect(Reference.relative(run.initial.tipStress, twin.initial.tipStress) < 1e-9, "\(words)")
      #expect(Reference.relative(Reference.ratio(run), Reference.ratio(twin)) < tolerance)
      let off = Reference.relative(run.final.tipStress, twin.final.tipStress)
      #expect(off < (row.interface_half_width_nm > 0.3 ? 0.03 : 0.02), "\(words)")
      let kind = "\(row.metal) \(row.h_nm) \(row.capillarity)"
      if let wider = offTwin[kind] { #expect(off <= wider + 1e-4, "\(words)") }
      offTwin[kind] = off
    }
  }

  /// The morphology at a given growth does not depend on i₀, nor on where the surface stands.
  @Test func clockAndHeightChangeNothing() {
    var problem = Reference.phaseProblem(
      thickness: 4, growth: 0.5, halfWidth: 0.5, spacing: 0.5)
    let run = PlatingRun.solve(problem)
    #expect(run.status == .finished && run.final.growth == 0.5)
    let again = PlatingRun.solve(problem)
    #expect(again.final == run.final && again.phase == run.phase && again.steps == run.steps)
    problem.kinetics = Reference.kinetics(exchangeCurrentDensity: 1e-3)
    let slow = PlatingRun.solve(problem)
    #expect(Reference.relative(Reference.ratio(slow), Reference.ratio(run)) < 1e-12)
    problem.kinetics = Reference.kinetics()
    problem.heights = problem.heights.map { $0 + 128 }
    let high = PlatingRun.solve(problem)
    for (a, b) in zip(run.final.heights, high.final.heights) {
      #expect((b - a - 128).magnitude < 1e-10)
    }
    for (a, b) in zip(run.final.normalStress, high.final.normalStress) {
      #expect((b - a).magnitude < 1e-6)
    }
  }

  /// Over a rigid metal the stress at the start scales with the modulus.
  @Test func initialStressScalesWithModulus() {
    var problem = Reference.phaseProblem(
      thickness: 10, compliance: false, growth: 1e-9, spacing: 0.5)
    let soft = PlatingRun.solve(problem).initial.normalStress
    problem.film.film.youngModulus *= 4
    let stiff = PlatingRun.solve(problem).initial.normalStress
    for (a, b) in zip(soft, stiff) { #expect((b - 4 * a).magnitude < 1e-9 * 4000) }
  }

  /// At 3 nm of growth, for E of 12 and 48 GPa (in release builds 12, 20, 30, 48): a thicker film ends
  /// smoother, every tip is compressed and every valley in tension, and the thinnest film's tip least.
  @Test func orderings() {
    #if DEBUG
    let moduli = [12.0, 48]
    #else
    let moduli = [12.0, 20, 30, 48]
    #endif
    for modulus in moduli {
      let runs = [4.0, 10, 20].map {
        PlatingRun.solve(
          Reference.phaseProblem(thickness: $0, modulus: modulus, halfWidth: 0.5, spacing: 0.25))
      }
      #expect(Reference.ratio(runs[0]) > Reference.ratio(runs[1]), "\(modulus)")
      #expect(Reference.ratio(runs[1]) > Reference.ratio(runs[2]), "\(modulus)")
      for run in runs {
        #expect(run.final.tipStress < 0 && run.final.valleyStress > 0, "\(modulus)")
        #expect(run.final.tipStress.magnitude >= runs[0].final.tipStress.magnitude, "\(modulus)")
      }
    }
  }

  /// A surface without mirror symmetry is solved on all columns and agrees; an odd number works too.
  @Test func halfAndWhole() {
    var problem = Reference.phaseProblem(thickness: 10, growth: 0.3, spacing: 0.5)
    let half = PlatingRun.solve(problem)
    problem.heights[3] += 1e-13
    let whole = PlatingRun.solve(problem)
    #expect(whole.final.heights.count == half.final.heights.count)
    for (a, b) in zip(half.final.heights, whole.final.heights) { #expect((a - b).magnitude < 1e-9) }
    #expect(half.phase?.values.count == whole.phase?.values.count)
    for (a, b) in zip(half.phase?.values ?? [], whole.phase?.values ?? []) {
      #expect((a - b).magnitude < 1e-9)
    }
    // 127 columns of 64/127 nm
    problem.heights = (0..<127).map { i in
      let x = 64 * Double(i - 63) / 127
      return 4 * exp(-x * x / 32)
    }
    problem.window?.spacing = 64.0 / 127
    let odd = PlatingRun.solve(problem)
    #expect(odd.status == .finished)
    #expect(Reference.relative(Reference.ratio(odd), Reference.ratio(half)) < 2e-3)
    #expect(Reference.relative(odd.initial.tipStress, half.initial.tipStress) < 1e-6)
  }

  /// A window that has to follow the interface gives what a tall one gives.
  @Test func windowFollows() {
    var problem = Reference.phaseProblem(thickness: 20, growth: 8, spacing: 0.5, rows: 16)
    let low = PlatingRun.solve(problem)
    problem.window?.rows = 60
    let tall = PlatingRun.solve(problem)
    #expect(low.status == .finished && tall.status == .finished)
    #expect((low.phase?.bottom ?? 0) > (tall.phase?.bottom ?? 0) + 1)
    for (a, b) in zip(low.final.heights, tall.final.heights) { #expect((a - b).magnitude < 1e-4) }
  }

  /// Stresses beyond all bounds end a run as stalled with finite numbers; so does a step limit.
  @Test func stalls() {
    var problem = Reference.phaseProblem(
      thickness: 10, modulus: 1e9, compliance: false, growth: 1, spacing: 0.5)
    let hard = PlatingRun.solve(problem)
    #expect(hard.status == .stalled && hard.final.growth < 1)
    #expect(hard.final.heights.allSatisfy { $0.isFinite })
    problem = Reference.phaseProblem(thickness: 10, growth: 1, spacing: 0.5)
    problem.mostSteps = 10
    let short = PlatingRun.solve(problem)
    #expect(short.status == .stalled && short.steps == 10 && short.final.growth > 0)
  }

  /// A field that holds the interface twice in a column is an overhang, and its contours are found.
  @Test func overhang() throws {
    // A disc of metal over the metal: ξ at 40 × 40 points, cells of 0.5 nm.
    let values = (0..<1600).map { k -> Double in
      let (i, j) = (Double(k % 40), Double(k / 40))
      let disc = ((i - 20) * (i - 20) + (j - 25) * (j - 25)).squareRoot() - 6
      return 1 / (1 + exp(min(disc, j - 8.5)))
    }
    let end = PhaseFieldEnd(columns: 40, rows: 40, bottom: 1, spacing: 0.5, values: values)
    let lines = end.contours(width: 20)
    #expect(lines.count == 2)
    let flat = try #require(lines.first { $0.first != $0.last })
    #expect(flat.count == 40 && flat.allSatisfy { ($0.y - 5.25).magnitude < 1e-3 })
    let round = try #require(lines.first { $0.first == $0.last })
    for point in round {
      #expect((hypot(point.x, point.y - 13.5) - 3).magnitude < 0.01)
    }
  }

  /// A run whose field holds a drop of metal over the surface ends there, with its outline as a table.
  @Test func dropEndsTheRun() throws {
    var plateCase = PlateCase(label: "drop")
    plateCase.spacing = .init(0.5, .nanometre)
    var run = CaseRun(plateCase)
    #expect(contourTable(run) == nil)
    let problem = Reference.phaseProblem(thickness: 10, spacing: 0.5)
    let window = try #require(problem.window)
    var solver = PhaseFieldSolver(problem, window)
    for j in 26..<40 { for i in 20..<34 { solver.field[j, i] = 1 } }
    let drop = PlatingRun.phaseField(solver)
    #expect(drop.status == .overhang && drop.final.growth < 3 && drop.steps <= 16)
    run = CaseRun(plateCase, run: drop)
    var diagnostics = DiagnosticList()
    checkModel(run, into: &diagnostics)
    #expect(diagnostics.all.contains { $0.code == "plate.overhang" })
    #expect(
      caseResult(run, trace: .init(simulation: TraceID("s"), modulus: nil, thickness: nil))[
        "status"] == .text("overhang"))
    // The surface, and the drop on both sides of the mirror.
    let contour = try #require(contourTable(run))
    #expect(contour["line"]?.real?.max() == 3)
    let heights = try #require(contour["interface_height"]?.real)
    #expect((heights.max() ?? 0) > 12 && (heights.min() ?? 9).magnitude < 0.5)
  }

  /// Saddles, level grids and sizes that do not fit.
  @Test func marchingSquares() {
    let saddle = contourLines([1, 0, 0, 1], columns: 2, rows: 2, level: 0.5)
    #expect(saddle.count == 2 && saddle.allSatisfy { $0.count == 2 })
    #expect(contourLines([1, 1, 1, 1], columns: 2, rows: 2, level: 0.5).isEmpty)
    #expect(contourLines([1, 0], columns: 2, rows: 2, level: 0.5).isEmpty)
    let edge = contourLines([0, 1, 0, 1], columns: 2, rows: 2, level: 0.25)
    #expect(edge == [[ContourPoint(x: 0.25, y: 0), ContourPoint(x: 0.25, y: 1)]])
  }

  /// Absurd settings end in a result or a failure, never in a trap.
  @Test func extremeSettingsNeverTrap() {
    let changes: [(inout PlateCase, Double) -> Void] = [
      { $0.film.thickness.value = .init($1, .nanometre) },
      { $0.film.modulus.modulus.value = .init($1, .gigapascal) },
      { $0.surface = .gaussian(height: .init($1, .nanometre), radius: .init(4, .nanometre)) },
      { $0.surface = .gaussian(height: .init(4, .nanometre), radius: .init($1, .nanometre)) },
      { $0.width = .init($1, .nanometre) }, { $0.windowHeight = .init($1, .nanometre) },
      { $0.spacing = .init($1, .nanometre) }, { $0.interfaceHalfWidth = .init($1, .nanometre) },
      { $0.stop = .growth(.init($1, .nanometre)) }, { $0.stop = .time(.init($1, .second)) },
      { $0.metal.surfaceEnergy.value = .init($1, .joulePerSquareMetre) },
      { $0.metal.molarVolume.value = .init($1, .cubicCentimetrePerMole) },
      { $0.overpotential = .init(-min($1, 9), .volt) },
    ]
    var ran = 0
    for change in changes {
      for size in [1e-300, 1e-30, 1e-3, 1e3, 1e30, 1e290] {
        var plateCase = PlateCase(label: "case")
        plateCase.spacing = .init(1, .nanometre)
        plateCase.width = .init(16, .nanometre)
        change(&plateCase, size)
        guard (try? plateCase.checkRanges()) != nil else { continue }
        var problem = plateCase.problem(
          modulus: plateCase.film.modulus.modulus.value,
          thickness: plateCase.film.thickness.value)
        guard problem.heights.count <= 1000, (problem.window?.rows ?? 0) <= 1000 else { continue }
        problem.mostSteps = 30
        let run = PlatingRun.solve(problem)
        #expect(run.final.heights.allSatisfy { $0.isFinite })
        ran += 1
      }
    }
    #expect(ran > 30)
  }
}
