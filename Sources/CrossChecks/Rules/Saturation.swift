internal import Tables

/// `saturation`: a detector at its end gives the same greatest (or least) number again and again.
enum Saturation: LintRule {
  static let code = "saturation"
  static let formula = "longest run of rows at the extreme value that the signal enters by a step"
  static let threshold =
    "3 rows or more, entered and left by at least 4 steps of the column's resolution"
  static let source =
    "clipping at full scale; a signal that turns round by itself slows down before its extreme"
  static let needs = "a detector signal of at least 20 rows"

  private static let names: Set = [
    "deflection_voltage", "deflection", "incident_intensity", "transmitted_intensity",
    "reference_intensity", "fluorescence_yield", "electron_yield", "counts", "intensity",
  ]
  private static let limit = 3.0

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      table.columns.compactMap { column -> LintCheck? in
        guard names.contains(base(column.name)), column.summary == nil, let values = column.real,
          values.count >= 20, let ends = LintNumbers.extremes(values), ends.high > ends.low
        else { return nil }
        let isBipolar = column.name.hasPrefix("deflection")
        let runs =
          [longest(values, at: ends.high)] + (isBipolar ? [longest(values, at: ends.low)] : [])
        guard let run = runs.max(by: { $0.length < $1.length }) else { return nil }
        // An intensity is at its end at the top: the top of a channel without signal is its dark level.
        if !isBipolar, ends.high <= 0 { return nil }
        // Counts below a hundred repeat by chance.
        let isCount = column.name == "counts" || column.name == "intensity"
        if isCount, ends.high < 100 { return nil }
        let holds = Double(run.length) < limit
        return LintCheck(
          holds, Double(run.length), limit: limit, table,
          at: LintSubject.place(column, row: run.row),
          holds
            ? "'\(column.label)' has no run at its extreme"
            : "'\(column.label)' stays at its extreme \(LintNumbers.short(values[run.row])) for \(run.length) "
              + "rows; the detector or its converter is at the end of its range")
      }
    }
  }

  private static func base(_ name: String) -> String {
    guard let line = name.lastIndex(of: "_"), Int(name[name.index(after: line)...]) != nil else {
      return name
    }
    return String(name[..<line])
  }

  /// The longest run of exactly the extreme that is entered and left by large steps.
  private static func longest(_ values: [Double], at extreme: Double) -> (row: Int, length: Int) {
    // The smallest difference of neighbours stands for the resolution.
    var resolution = Double.infinity
    for row in 1..<values.count {
      let step = (values[row] - values[row - 1]).magnitude
      if step > 0 { resolution = min(resolution, step) }
    }
    var best = (row: 0, length: 0)
    var row = 0
    while row < values.count {
      guard values[row] == extreme else {
        row += 1
        continue
      }
      let start = row
      while row < values.count, values[row] == extreme { row += 1 }
      func isSteep(_ a: Int, _ b: Int) -> Bool {
        guard values.indices.contains(a), values.indices.contains(b) else { return true }
        return (values[a] - values[b]).magnitude >= 4 * resolution
      }
      let isClipped =
        isSteep(start - 2, start - 1) && isSteep(row, row + 1)
        && (start > 1 || row < values.count - 1)
      if isClipped, row - start > best.length { best = (start, row - start) }
    }
    return best
  }
}
