internal import Tables
internal import Units

/// `quantisation`: the smallest step of a column is the resolution that is declared for it.
enum Quantisation: LintRule {
  static let code = "quantisation"
  static let formula = "smallest non-zero difference of neighbours over the declared resolution"
  static let threshold = "above 10 or below 0.1"
  static let source = "a digitised signal changes by whole steps (JCGM 100 §F.2.2.1)"
  static let needs = "a resolution in the metadata (`COLUMN resolution`)"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table in
      table.columns.compactMap { column -> LintCheck? in
        guard column.summary == nil, let resolution = declared(column, subject, table),
          resolution > 0, let values = column.real, values.count > 10,
          let ends = LintNumbers.extremes(values), ends.high > ends.low
        else { return nil }
        let size = max(ends.high.magnitude, ends.low.magnitude)
        var smallest = Double.infinity
        for (a, b) in zip(values, values.dropFirst()) {
          let step = (b - a).magnitude
          // Differences of rounding are none.
          if step > 1e-12 * size { smallest = min(smallest, step) }
        }
        guard smallest.isFinite else { return nil }
        let ratio = smallest / resolution
        let holds = ratio <= 10 && ratio >= 0.1
        var message =
          "the smallest step of '\(column.label)' is \(LintNumbers.short(ratio)) times the declared "
          + "resolution"
        if !holds {
          message +=
            LintNumbers.slip(ratio).map { "; \(LintNumbers.words($0))" }
            ?? (ratio > 1
              ? "; digits were lost, or the range was another"
              : "; the column was smoothed or resampled")
        }
        return LintCheck(
          holds, ratio, limit: ratio > 1 ? 10 : 0.1, table, at: LintSubject.place(column, row: 0),
          message)
      }
    }
  }

  /// The declared resolution in the column's unit.
  private static func declared(
    _ column: Column, _ subject: LintSubject, _ table: Table
  ) -> Double? {
    let words: Set = [
      LintSubject.bare(column.name) + "resolution", LintSubject.bare(column.label) + "resolution",
      "resolution" + LintSubject.bare(column.name),
    ]
    guard let entry = subject.metadata(words, of: table) else { return nil }
    if let unit = column.unit.unit {
      return LintSubject.quantity(entry.value, unit, fallback: unit)
    }
    if case .real(let number) = entry.value { return number }
    return nil
  }
}
