internal import Tables
internal import Units

/// `frequency-order`: the frequencies of a sweep are positive and each stands once.
enum FrequencyOrder: LintRule {
  static let code = "frequency-order"
  static let formula = "frequencies below 0; equal ones within a sweep"
  static let threshold = "any"
  static let source =
    "one excitation, one frequency; a repeated one is a copied row or a second sweep"
  static let needs = "frequencies with an impedance"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard let spectrum = ImpedanceColumns(table, subject),
        let frequency = subject.values("frequency", in: table, .hertz, bare: true)
      else { return nil }
      if let row = frequency.firstIndex(where: { $0 < 0 }) {
        return LintCheck(
          false, frequency[row], limit: 0, table, at: LintSubject.place(spectrum.column, row: row),
          "a frequency is \(LintNumbers.short(frequency[row])) Hz; a sign is reversed, or another column was "
            + "taken")
      }
      var repeats = 0
      var first = 0
      for rows in spectrum.sweeps {
        var seen: Set<Double> = []
        for row in rows where !seen.insert(frequency[row]).inserted {
          if repeats == 0 { first = row }
          repeats += 1
        }
      }
      guard !spectrum.sweeps.isEmpty else { return nil }
      return LintCheck(
        repeats == 0, Double(repeats), limit: 0, table,
        at: LintSubject.place(spectrum.column, row: first),
        repeats == 0
          ? "every frequency of a sweep stands once"
          : "\(repeats) frequencies occur again within a sweep; rows are copied, or sweeps overlap")
    }
  }
}
