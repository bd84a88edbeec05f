public import Tables
internal import Units

/// Writes tables as CSV: RFC 4180 with LF, a point as decimal mark, and nothing that depends on the locale.
///
/// Real numbers stand in the shortest form that reads back as the same bits, whole numbers in full,
/// instants as ISO 8601 in UTC; a missing cell is empty, an empty text is `""`. Text that a
/// spreadsheet could take for a formula gets a leading apostrophe; numbers never do.
public enum CSVWriter {
  /// The header cell of a column: `name / unit`, or just the name where there is no known unit.
  ///
  /// A key that tells columns of one name apart follows the name.
  public static func header(_ column: Column) -> String {
    let name = column.key.map { "\(column.name) \($0)" } ?? column.name
    return switch (column.values, column.unit) {
    case (.real, .known(let unit)), (.integer, .known(let unit)): guarded("\(name) / \(unit.ucum)")
    default: guarded(name)
    }
  }

  /// The bytes of one table, header first.
  public static func bytes(_ table: Table) -> [UInt8] {
    var out = ByteBuffer()
    let rows = table.rows
    out.bytes.reserveCapacity((rows + 1) * max(1, table.columns.count) * 12)
    for (i, column) in table.columns.enumerated() {
      if i > 0 { out.add(comma) }
      out.addCell(header(column))
    }
    out.add(newline)
    // One writer a column, so that the kind of values is looked up once and not once a cell.
    let cells = table.columns.map(CellWriter.init)
    for row in 0..<rows {
      for (i, cell) in cells.enumerated() {
        if i > 0 { out.add(comma) }
        cell.write(row, to: &out)
      }
      // A line of one empty cell would read back as no line at all.
      if cells.count == 1, out.bytes.last == newline { out.add("\"\"") }
      out.add(newline)
    }
    return out.bytes
  }

  /// Text with an apostrophe in front where a spreadsheet could take it for a formula.
  public static func guarded(_ text: String) -> String { needsGuard(text) ? "'" + text : text }

  static func needsGuard(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
      return true
    default: return text.utf8.contains(0)
    }
  }

  static let comma = UInt8(ascii: ",")
  static let newline = UInt8(ascii: "\n")
}

/// Writes the cells of one column.
private struct CellWriter {
  let values: ColumnValues
  let missing: MissingMask
  let anyMissing: Bool
  let levels: [String]

  init(_ column: Column) {
    values = column.values
    missing = column.missing
    anyMissing = column.missing.count > 0
    if case .category(let levels, _) = column.values {
      self.levels = levels.map(CSVWriter.guarded)
    } else {
      levels = []
    }
  }

  func write(_ row: Int, to out: inout ByteBuffer) {
    if anyMissing && missing.contains(row) { return }
    switch values {
    case .real(let values):
      if row < values.count, values[row].isFinite { out.add(values[row]) }
    case .integer(let values):
      if row < values.count { out.add(values[row]) }
    case .text(let values):
      if row < values.count { out.addCell(CSVWriter.guarded(values[row])) }
    case .category(_, let codes):
      guard row < codes.count else { return }
      let level = Int(codes[row])
      if levels.indices.contains(level) { out.addCell(levels[level]) }
    case .instant(let values):
      if row < values.count { out.addInstant(values[row]) }
    }
  }
}

extension ByteBuffer {
  /// Adds a text cell, quoted where RFC 4180 asks for it; an empty text is `""`.
  public mutating func addCell(_ text: String) {
    let quoted =
      text.isEmpty || text.hasPrefix(" ") || text.hasSuffix(" ")
      || text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    guard quoted else { return add(text) }
    add(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { add(byte) }
      add(byte)
    }
    add(UInt8(ascii: "\""))
  }

  /// Adds an instant as `2024-03-01T12:00:00Z`, with as many decimals as it has.
  public mutating func addInstant(_ nanoseconds: Int64) {
    let billion: Int64 = 1_000_000_000
    var seconds = nanoseconds / billion
    var fraction = nanoseconds % billion
    if fraction < 0 {
      fraction += billion
      seconds -= 1
    }
    var days = seconds / 86_400
    var second = seconds % 86_400
    if second < 0 {
      second += 86_400
      days -= 1
    }
    let date = CivilDate(daysSinceEpoch: days)
    addPadded(date.year, 4)
    add(UInt8(ascii: "-"))
    addPadded(date.month, 2)
    add(UInt8(ascii: "-"))
    addPadded(date.day, 2)
    add(UInt8(ascii: "T"))
    addPadded(second / 3600, 2)
    add(UInt8(ascii: ":"))
    addPadded(second / 60 % 60, 2)
    add(UInt8(ascii: ":"))
    addPadded(second % 60, 2)
    if fraction > 0 {
      add(UInt8(ascii: "."))
      addPadded(fraction, 9)
      while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    }
    add(UInt8(ascii: "Z"))
  }

  private mutating func addPadded(_ number: Int64, _ digits: Int) {
    var unit: Int64 = 1
    for _ in 1..<max(1, digits) { unit *= 10 }
    while unit > 1 && number < unit {
      add(UInt8(ascii: "0"))
      unit /= 10
    }
    add(number)
  }
}

/// A day of the Gregorian calendar.
struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  /// The day from days since 1970-01-01.
  ///
  /// By Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
  init(daysSinceEpoch: Int64) {
    let z = daysSinceEpoch + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}
