internal import Tables

/// `dead-channels`: a populated spectrum has no run of channels without a single count.
enum DeadChannels: LintRule {
  static let code = "dead-channels"
  static let formula =
    "longest run of exact zeros between channels that hold 10 counts or more on both sides, the two next to "
    + "it included"
  static let threshold = "5 or more"
  static let source =
    "Poisson statistics: with 10 counts a channel on both sides five zeros by chance have a probability "
    + "of e^-50"
  static let needs =
    "a spectrum of counts over channels with at least 10 counts a channel somewhere"

  private static let limit = 5
  /// Channels on each side that must be populated, and their least mean.
  private static let side = 5
  private static let populated = 10.0

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard table["channel"] != nil || table["energy"] != nil, let column = table["counts"],
        column.summary == nil, let counts = column.real, counts.count > 20,
        let range = LintNumbers.extremes(counts), range.high >= populated
      else { return nil }
      let run = longest(counts)
      let holds = run.length < limit
      return LintCheck(
        holds, Double(run.length), limit: Double(limit), table,
        at: LintSubject.place(column, row: run.row),
        holds
          ? "no run of empty channels inside the spectrum"
          : "\(run.length) channels without counts between populated ones; a gap of the converter, or "
            + "channels that were set to zero")
    }
  }

  private static func longest(_ counts: [Double]) -> (row: Int, length: Int) {
    var best = (row: 0, length: 0)
    var row = 0
    while row < counts.count {
      guard counts[row] == 0 else {
        row += 1
        continue
      }
      let start = row
      while row < counts.count, counts[row] == 0 { row += 1 }
      guard start >= side, row + side <= counts.count, row - start > best.length else { continue }
      let before = counts[(start - side)..<start]
      let after = counts[row..<(row + side)]
      func isFull(_ part: ArraySlice<Double>) -> Bool {
        part.reduce(0, +) >= populated * Double(part.count) && part.allSatisfy { $0 > 0 }
      }
      // Between two peaks the counts die away; a gap of the converter has edges.
      let isSharp = isFull(before.suffix(2)) && isFull(after.prefix(2))
      if isSharp, isFull(before), isFull(after) { best = (start, row - start) }
    }
    return best
  }
}
