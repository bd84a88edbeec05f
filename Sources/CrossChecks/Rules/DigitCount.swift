internal import RealModule
internal import Tables

/// `digit-count`: no column lost its digits to a spreadsheet's display.
enum DigitCount: LintRule {
  static let code = "digit-count"
  static let formula =
    "significant digits of a column over two decades whose last place grows with the value; those of its "
    + "neighbours"
  static let threshold = "at most 3, while a neighbour has at least 5"
  static let source =
    "a converter has one step for all values; digits that end at a relative place come from a format such "
    + "as 1.23E+04"
  static let needs = "a table with real numbers over two decades"

  private static let limit = 3

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      let digits = table.columns.compactMap { column -> (Column, Digits)? in
        guard column.summary == nil, column.storage == .float64, let values = column.real,
          let found = Digits(values)
        else { return nil }
        return (column, found)
      }
      guard let best = digits.map(\.1.significant).max(), best >= 5 else { return [] }
      return digits.compactMap { column, own in
        guard own.isWide else { return nil }
        let isLost = own.significant <= limit && own.isRelative
        return LintCheck(
          !isLost, Double(own.significant), limit: Double(limit), table,
          at: LintSubject.place(column, row: own.row),
          isLost
            ? "'\(column.label)' has \(own.significant) significant digits at every size, its neighbours up to "
              + "\(best); a spreadsheet wrote what it showed"
            : "'\(column.label)' has \(own.significant) significant digits")
      }
    }
  }

  /// How many digits the numbers of a column have.
  private struct Digits {
    /// The most significant digits of any value, at most 15.
    var significant = 0
    /// Whether values differ by a factor of 100.
    var isWide = false
    /// Whether the place of the last digit rises with the values.
    var isRelative = false
    /// The row of the largest value.
    var row = 0

    init?(_ values: [Double]) {
      let some = LintNumbers.sample(values, most: 400).filter { $0 != 0 }
      guard some.count >= 20 else { return nil }
      let sizes = some.map(\.magnitude)
      guard let low = sizes.min(), let high = sizes.max(), Set(some).count >= 20 else { return nil }
      isWide = high >= 100 * low
      row = values.firstIndex { $0.magnitude == high } ?? 0
      var places: [(size: Double, place: Int)] = []
      for x in sizes {
        guard let top = Int(exactly: Double.log10(x).rounded(.down)) else { continue }
        let count = Self.count(x, top)
        significant = max(significant, count)
        places.append((x, top - count + 1))
      }
      // The least place among the smallest and the largest third of the sizes.
      let sorted = places.sorted { $0.size < $1.size }
      let third = max(1, sorted.count / 3)
      let small = sorted.prefix(third).map(\.place).min() ?? 0
      let large = sorted.suffix(third).map(\.place).min() ?? 0
      isRelative = large >= small + 1
    }

    /// The significant digits of a number to 15 places.
    private static func count(_ x: Double, _ top: Int) -> Int {
      let scaled = x / Double.exp10(Double(top))
      var factor = 1.0
      for digits in 1...14 {
        let shifted = scaled * factor
        if (shifted - shifted.rounded()).magnitude <= 1e-12 * factor { return digits }
        factor *= 10
      }
      return 15
    }
  }
}
