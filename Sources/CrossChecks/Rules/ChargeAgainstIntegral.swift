internal import Units

/// `charge-vs-integral`: the stored charge of a step is the integral of its current.
enum ChargeAgainstIntegral: LintRule {
  static let code = "charge-vs-integral"
  static let formula = "ΔQ of a step over ∫I dt (trapezoidal rule)"
  static let threshold =
    "off by more than 2 % and 3 u in at least 3 steps or more than half of them"
  static let source =
    "Q = ∫I dt; u from the trapezoidal rule's bound ½ Σ|ΔI| Δt and from the resolution of "
    + "both columns (JCGM 100 §4.3.7)"
  static let needs = "elapsed time, current, and a counter of charge"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table in
      CounterIntegral.checks(
        table, subject, kinds: CounterKind.charges, unit: .coulomb, what: "∫I dt"
      ) { subject, table in subject.values("current", in: table, .ampere) }
    }
  }
}
