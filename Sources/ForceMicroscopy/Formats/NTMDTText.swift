public import Bytes
public import Reading
public import Tables
internal import Units

/// Curves that NT-MDT's Nova exports as text: position, signal of approach, signal of retract.
///
/// Usage: `.txt` without any header, with tabs and decimal commas.
/// Columns: `column_1`, `column_2`, `column_3` of one table, `data`; the file gives no names and units.
/// Values: as in the file.
/// Metadata: none.
/// Structure: docs/formats/ntmdt-txt.md.
public enum NTMDTText: FileFormat {
  /// `ntmdt-txt`.
  public static let id = "ntmdt-txt"
  /// One line for people.
  public static let title = "NT-MDT Nova curve (text)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Text.
  public static let extensions = ["txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "three columns without header, tabs, decimal commas, an even first column, two signals that meet"

  private static let dialect = TableDialect(
    delimiter: .character(0x09), decimalMark: UInt8(ascii: ","))

  /// 70 for a text that is nothing but such rows: the format has no mark of its own.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head, into: &ignored),
      let rows = rows(text.utf8, isWhole: file.head.count == file.size), rows.count >= 16
    else { return .none }
    let last = self.last(file, text.encoding) ?? rows[rows.count - 1]
    guard isEven(rows.map(\.values)), meets(rows.map(\.values), last) else { return .none }
    return Recognition(
      70,
      [
        "three tab-separated columns with decimal commas from line 1 on",
        "an even first column, and two signals that meet at one end",
      ])
  }

  /// A row: its three numbers, and the decimals of the first one.
  private struct Row {
    var values: [Double]
    var decimals: Int
  }

  private static func row(_ line: ByteView) -> Row? {
    guard line.count < 200 else { return nil }
    let cells = dialect.cells(line)
    guard cells.count == 3 else { return nil }
    let scanner = NumberScanner(decimalMark: dialect.decimalMark)
    let values = cells.compactMap { scanner.parse($0) }
    guard values.count == 3, cells.allSatisfy({ $0.contains(",") }) else { return nil }
    return Row(values: values, decimals: cells[0].reversed().prefix { $0 != "," }.count)
  }

  /// The rows of the head; nil where one of its lines is none.
  private static func rows(_ text: ByteView, isWhole: Bool) -> [Row]? {
    var rows: [Row] = []
    for line in TextLines(text) {
      if line.next >= text.count, !isWhole { break }
      guard let row = row(text[line.range]) else { return nil }
      if let first = rows.first, first.decimals != row.decimals { return nil }
      rows.append(row)
      if rows.count >= 4096 { break }
    }
    return rows
  }

  /// The last row of an 8-bit file, which may lie beyond its head.
  private static func last(_ file: FileHead, _ encoding: DecodedText.Encoding) -> Row? {
    guard encoding == .utf8 || encoding == .windows1252 else { return nil }
    var found: Row?
    for line in TextLines(file.tail.suffix(512)) { found = row(file.tail.suffix(512)[line.range]) }
    return found
  }

  /// Whether the first column goes on in equal steps.
  private static func isEven(_ rows: [[Double]]) -> Bool {
    guard rows.count > 2 else { return false }
    let step = (rows[rows.count - 1][0] - rows[0][0]) / Double(rows.count - 1)
    guard step.isFinite, step != 0 else { return false }
    return zip(rows, rows.dropFirst()).allSatisfy { abs($1[0] - $0[0] - step) < abs(step) / 4 }
  }

  /// Whether approach and retract meet where the curve turns: at the first or at the last row.
  private static func meets(_ rows: [[Double]], _ last: Row) -> Bool {
    let signals = rows.flatMap { [$0[1], $0[2]] } + last.values[1...]
    guard let low = signals.min(), let high = signals.max(), high > low else { return false }
    let limit = (high - low) / 20
    return abs(rows[0][1] - rows[0][2]) <= limit || abs(last.values[1] - last.values[2]) <= limit
  }

  /// Reads the rows.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    TextEnd.check(text, into: &diagnostics)
    let plan = (1...3).map { c in
      let written = options.units["column_\(c)"].flatMap { PhysicalUnit.loose($0)?.unit }
      return TextColumn(
        name: "column_\(c)", label: "column_\(c)", written: written.map { .known($0) } ?? .absent,
        kind: .real())
    }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.comment = nil
    let table = try NumericTable.parse(
      text, from: 0, line: 1, dialect: dialect,
      columns: plan.map(\.request), rules: rules,
      into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "ntmdt.no-data", at: .line(1), found: "no row of three numbers",
        expected: "expected position, approach and retract between tabs")
    }
    let nameless = plan.filter { $0.written == .absent }.map(\.name)
    if !nameless.isEmpty {
      diagnostics.warn(
        "ntmdt.units", at: .line(1),
        found: "the file names neither columns nor units: \(nameless.joined(separator: ", "))",
        expected: "expected position, signal of approach and signal of retract; "
          + "give units with --unit column_1=nm")
    }
    return Dataset(
      format: id, technique: technique,
      tables: [Table(name: "data", columns: table.columns(plan, of: text))],
      diagnostics: diagnostics.all, complete: table.complete,
      reading: TextEnd.reading(text, dialect))
  }
}
