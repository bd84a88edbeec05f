public import Tables
internal import Units

/// Looks for values outside what physics allows for a canonical name; the rows may come in pieces.
public struct RangeCheck {
  private var rows = 0
  private var found: [Int: (row: Int, value: Double, count: Int)] = [:]

  /// Nothing seen so far.
  public init() {}

  /// Takes up the rows of the next piece.
  public mutating func add(_ columns: [Column]) {
    for (index, column) in columns.enumerated() {
      guard let known = CanonicalName.entry(column.name), !known.range.description.isEmpty,
        let unit = known.unit, column.unit.unit?.ucum == unit.ucum, let values = column.real,
        let row = values.firstIndex(where: { !known.range.contains($0) })
      else { continue }
      let count = values.count { !known.range.contains($0) }
      found[index, default: (rows + row, values[row], 0)].count += count
    }
    rows += columns.map(\.count).max() ?? 0
  }

  /// Warns once a column; `line` gives the line of a row.
  public func report(
    _ columns: [Column], into diagnostics: inout DiagnosticList, line: (Int) -> Int?
  ) {
    for (index, column) in columns.enumerated() {
      guard let (row, value, count) = found[index], let known = CanonicalName.entry(column.name),
        let unit = known.unit
      else { continue }
      diagnostics.warn(
        "axis.range", at: line(row).map { .cell(line: $0, column: index + 1) } ?? .whole,
        found: "\(value) \(unit.ucum) in column '\(column.label)'",
        expected: "expected \(known.meaning) \(known.range)", count: count)
    }
  }
}

/// Looks for steps back of an axis; the rows may come in pieces.
public struct OrderCheck {
  private var last = -Double.infinity
  private var first: Int?
  private var count = 0
  private var rows = 0

  /// Nothing seen so far.
  public init() {}

  /// Takes up the values of the next piece.
  public mutating func add(_ values: [Double]) {
    for (row, value) in values.enumerated() where value.isFinite {
      if value < last {
        first = first ?? rows + row
        count += 1
      }
      last = value
    }
    rows += values.count
  }

  /// Warns at the first row that steps back; `line` gives the line of a row.
  public func report(
    _ column: Column, code: String, into diagnostics: inout DiagnosticList, line: (Int) -> Int?
  ) {
    guard let first else { return }
    diagnostics.warn(
      code, at: line(first).map { .line($0) } ?? .whole,
      found: "column '\(column.label)' steps back", expected: "expected values that never fall",
      count: count)
  }
}
