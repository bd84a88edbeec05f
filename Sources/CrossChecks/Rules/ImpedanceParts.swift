internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// `impedance-parts`: modulus, phase and capacitance that are stored with an impedance follow from its parts.
enum ImpedanceParts: LintRule {
  static let code = "impedance-parts"
  static let formula =
    "median of |Z| over √(Z'² + Z''²); of the phase less atan2(Z'', Z'); of C_s·ω·(−Z'') over 1"
  static let threshold = "off by more than 1 % (phase: 1°)"
  static let source = "Z = Z' + jZ'' = |Z| e^jφ, C_s = −1/(ωZ'')"
  static let needs = "an impedance in two parts, and its modulus, phase or capacitance"

  private static let limit = 0.01

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      func ohms(_ name: String) -> [Double]? { subject.values(name, in: table, .ohm, bare: true) }
      guard let real = ohms("impedance_real"), let imaginary = ohms("impedance_imaginary") else {
        return []
      }
      let size = zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }
      var checks: [LintCheck] = []
      if let stored = ohms("impedance_modulus") {
        checks += ratio(stored, size, "impedance_modulus", "√(Z'² + Z''²)", table)
      }
      if let frequency = subject.values("frequency", in: table, .hertz, bare: true),
        let stored = subject.values("series_capacitance", in: table, .farad)
      {
        let expected = zip(frequency, imaginary).map { -1 / (2 * .pi * $0 * $1) }
        checks += ratio(stored, expected, "series_capacitance", "−1/(ωZ'')", table)
      }
      if let stored = subject.values("impedance_phase", in: table, .degree, bare: true) {
        let off = zip(stored, zip(real, imaginary)).compactMap { phase, parts -> Double? in
          guard phase.isFinite, phase != 0, parts.0.isFinite, parts.1.isFinite else { return nil }
          let turned = phase - .atan2(y: parts.1, x: parts.0) * 180 / .pi
          return (turned - 360 * (turned / 360).rounded()).magnitude
        }
        if let found = median(off) {
          checks.append(
            LintCheck(
              found <= 1, found, limit: 1, table,
              at: LintSubject.place(table["impedance_phase"], row: 0),
              "the phase is \(LintNumbers.short(found))° from that of the parts"
                + (found <= 1
                  ? "" : "; rad under deg, a sign is reversed, or the parts are swapped")))
        }
      }
      return checks
    }
  }

  private static func ratio(
    _ stored: [Double], _ expected: [Double], _ name: String, _ words: String, _ table: Table
  ) -> [LintCheck] {
    let ratios = zip(stored, expected).compactMap { a, b -> Double? in
      a != 0 && a.isFinite && b.isFinite && b != 0 ? a / b : nil
    }
    guard ratios.count >= 3, let found = median(ratios) else { return [] }
    let holds = (found - 1).magnitude <= limit
    let slip = LintNumbers.slip(found).map { "; \(LintNumbers.words($0))" }
    return [
      LintCheck(
        holds, found, limit: limit, table, at: LintSubject.place(table[name], row: 0),
        "\(name) over \(words) is \(LintNumbers.short(found))"
          + (holds ? "" : slip ?? "; the columns are not of one spectrum"))
    ]
  }
}
