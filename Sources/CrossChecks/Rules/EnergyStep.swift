internal import NumericalMethods
internal import Tables
internal import Units

/// `energy-step`: the energies of a scan go one way, by steps that a monochromator can make.
enum EnergyStep: LintRule {
  static let code = "energy-step"
  static let formula = "E(i) − E(i−1), in the direction of the scan"
  static let threshold =
    "any energy that is repeated, any step back, any step below 10⁻⁶ E"
  static let source =
    "the natural width of a crystal reflection is 10⁻⁵ to 10⁻⁴ of the energy (X-ray Data Booklet, LBNL "
    + "2009, §4.1); ten steps within it are the finest that are used"
  static let needs = "a scan over photon energy"

  private static let finest = 1e-6

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard
        let energy = subject.values("photon_energy", in: table, .electronvolt), energy.count > 4,
        let column = table["photon_energy"]
      else { return nil }
      let steps = zip(energy.dropFirst(), energy).map { $0 - $1 }
      guard let usual = median(steps.filter { $0 != 0 && $0.isFinite }) else { return nil }
      let way = usual < 0 ? -1.0 : 1.0
      var wrong = 0
      var first = 0
      var back = 0
      for (i, step) in steps.enumerated() where step.isFinite {
        guard way * step < finest * energy[i].magnitude else { continue }
        if way * step < 0 { back += 1 }
        if wrong == 0 { first = i + 1 }
        wrong += 1
      }
      // A series at a fixed energy is no scan.
      guard wrong * 2 < steps.count else { return nil }
      let cause =
        wrong == 0
        ? ""
        : back > 0
          ? "; several scans in one table, a measured energy that jitters, or rows out of order"
          : "; rows are copied, the drive stood still, or the energy lost its decimals"
      return LintCheck(
        wrong == 0, Double(wrong), limit: 0, table, at: LintSubject.place(column, row: first),
        wrong == 0
          ? "all \(steps.count) steps of the energy go one way"
          : "\(wrong) of \(steps.count) steps of the energy are no steps forward, \(back) of them back"
            + cause)
    }
  }
}
