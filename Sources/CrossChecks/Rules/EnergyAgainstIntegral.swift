internal import Units

/// `energy-vs-integral`: the stored energy of a step is the integral of its power.
enum EnergyAgainstIntegral: LintRule {
  static let code = "energy-vs-integral"
  static let formula = "ΔE of a step over ∫I·V dt (trapezoidal rule)"
  static let threshold = ChargeAgainstIntegral.threshold
  static let source = "E = ∫I·V dt; u as for charge-vs-integral"
  static let needs = "elapsed time, current, voltage, and a counter of energy"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table in
      CounterIntegral.checks(
        table, subject, kinds: CounterKind.energies, unit: .joule, what: "∫I·V dt"
      ) { subject, table in
        guard let current = subject.values("current", in: table, .ampere),
          let voltage = subject.values("voltage", in: table, .volt)
        else { return nil }
        // A cell whose voltage is negative throughout is counted by its magnitude; one that crosses zero has
        // no common rule among vendors.
        guard let reach = LintNumbers.extremes(voltage),
          reach.low >= -0.01 * reach.high || reach.high <= -0.01 * reach.low
        else { return nil }
        return zip(current, voltage).map { $0 * $1.magnitude }
      }
    }
  }
}
