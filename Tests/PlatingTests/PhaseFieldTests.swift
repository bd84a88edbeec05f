import FilmElasticity
import Foundation
import NumericalMethods
import TestSupport
import Testing

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
  struct Table: Decodable {
    struct Case: Decodable {
      let h_nm, E_GPa, growth_nm, interface_half_width_nm, spacing_nm: Double
      let metal, capillarity: String
      let pv_ratio, tip_stress_MPa, valley_stress_MPa, tip_stress_initial_MPa: Double
      let far_field_rise_nm: Double
      let steps: Int
    }
    let cases: [Case]
  }

  /// Within 3 % of the page's runs at ℓ 0.5 nm and 1.5 % at ℓ 0.25 nm, and as near the twin.
  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func referenceTable() throws {
    let path = Corpus.path("simulation/plate_phase_field.truth.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let table = try JSONDecoder().decode(Table.self, from: data)
    #expect(table.cases.count == 12)
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
      #expect(Reference.relative(run.final.tipStress, twin.final.tipStress) < tolerance)
    }
  }
}
