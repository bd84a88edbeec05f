internal import Tables

/// The columns that say how much of a detector's counts its dead time lost.
///
/// An element of a detector belongs to the rates whose label has its number (`ROI3`, `ICR3`, `OCR3`). Rates that
/// stand alone are those of all elements, and as many of them as elements belong to these in their order.
struct DeadTimeColumns {
  private let labels: [String]
  private let input: [Int]
  private let output: [Int]
  private let live: [Int]
  private let factor: [Int]

  init(_ columns: SignalColumns) {
    labels = columns.table.columns.map(\.label)
    func places(_ name: String) -> [Int] {
      columns.table.columns.indices.filter { place in
        let column = columns.table.columns[place]
        guard column.real != nil else { return false }
        return column.name == name || ColumnNames.meaning(of: column.label)?.name == name
      }
    }
    input = places("input_count_rate")
    output = places("output_count_rate")
    live = places("live_time")
    // A factor below 1 is no correction of lost counts.
    factor = places("dead_time_factor").filter { place in
      columns.table.columns[place].real?.allSatisfy { !$0.isFinite || $0 >= 1 } ?? false
    }
  }

  /// What a column of counts is multiplied by in a formula: `*ICR/OCR`, `*ICR/OCR/live`, or `*factor`.
  ///
  /// - Parameters:
  ///   - place: the column.
  ///   - group: the columns that are summed with it.
  ///   - name: how formulas name a column.
  /// - Returns: nil where no rates belong to the column.
  func factor(of place: Int, in group: [Int], name: (Int) -> String) -> String? {
    if let rate = match(place, group, input), let counted = match(place, group, output) {
      let time = match(place, group, live).map { "/\(name($0))" } ?? ""
      return "*\(name(rate))/\(name(counted))\(time)"
    }
    return match(place, group, factor).map { "*\(name($0))" }
  }

  private func match(_ place: Int, _ group: [Int], _ others: [Int]) -> Int? {
    if others.count == 1 { return others[0] }
    if let number = number(place) {
      let same = others.filter { self.number($0) == number }
      if same.count == 1 { return same[0] }
    }
    guard others.count == group.count, let position = group.firstIndex(of: place) else {
      return nil
    }
    return others[position]
  }

  /// The first number in a label, which is that of the element.
  private func number(_ place: Int) -> Int? {
    let digits = labels[place].drop { !$0.isASCII || !$0.isNumber }
    return Int(digits.prefix { $0.isASCII && $0.isNumber })
  }
}
