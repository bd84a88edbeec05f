public import Bytes
public import Reading
public import Tables
internal import Units

/// The last resort for logs of cyclers: any delimited text whose labels name a time, a voltage and a
/// current.
///
/// It never guesses a unit that is not written, and always warns.
public enum CyclerText: FileFormat {
  /// `cycler-text`.
  public static let id = "cycler-text"
  /// One line for people.
  public static let title = "Cycler log as delimited text, columns by their names"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv", "txt", "tsv", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "a line of labels with a time, a voltage and a current"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  private static let wanted: Set<String> = ["test_time", "voltage", "current"]

  /// 50, the least that recognises: any format that knows its vendor stands before it.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard mayBeTable(file.head.prefix(8192)),
      let text = try? DecodedText.decode(file.head.prefix(8192), into: &diagnostics)
    else { return .none }
    // The last line of the head may be cut.
    let whole = text.utf8.withBytes { bytes in
      file.size <= 8192
        ? bytes.count : (bytes.lastIndex { $0 == 0x0A || $0 == 0x0D }).map { $0 + 1 } ?? 0
    }
    guard holdsLabels(text.utf8.prefix(whole)),
      let layout = try? TableLayout.detect(text.utf8.prefix(whole)),
      let labels = CyclerTextLabels(layout)
    else { return .none }
    return Recognition(
      50, ["line \(labels.line.number) names a time, a voltage and a current"])
  }

  /// Whether bytes can be text with several cells in a line: no other control character than tab and
  /// line ends, and the zeros of UTF-16.
  private static func mayBeTable(_ head: ByteView) -> Bool {
    head.withBytes { bytes in
      guard bytes.first != UInt8(ascii: "<"), bytes.first != UInt8(ascii: "{") else { return false }
      return !bytes.contains {
        $0 < 0x20 && $0 != 0 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D
      }
    }
  }

  /// Whether a line of words names a time, a voltage and a current; rows of numbers cost nothing.
  private static func holdsLabels(_ text: ByteView) -> Bool {
    for line in TextLines(text) {
      let content = text[line.range]
      let letters = content.withBytes { bytes in
        bytes.count { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 }
      }
      guard letters >= 3 else { continue }
      for mark in [UInt8(0x09), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"), 0x20] {
        guard content.withBytes({ $0.contains(mark) }) else { continue }
        let cells = TableDialect(
          delimiter: mark == 0x20 ? .blanks : .character(mark)
        ).cells(content)
        if cells.count >= 3, areLabels(cells) { return true }
      }
    }
    return false
  }

  /// Reads the table.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let layout = try TableLayout.detect(text.utf8, maximumColumns: options.limits.columns)
    else {
      throw ReadFailure(
        "cycler.no-data", at: .line(1), found: "no line holds numbers",
        expected: "expected rows of numbers below labels")
    }
    guard let labels = CyclerTextLabels(layout) else {
      throw ReadFailure(
        "cycler.labels", at: .line(layout.dataLine),
        found: "no line of labels with a time, a voltage and a current",
        expected: "expected labels such as 'Time (s)', 'Voltage (V)', 'Current (mA)'")
    }
    let plan = CyclerTable(
      labels: labels.names, units: labels.units, labelLine: labels.line.number,
      dataStart: layout.dataStart, dataLine: layout.dataLine, delimiter: layout.dialect.delimiter)
    let content = try plan.read(text, options: options, into: &diagnostics)
    diagnostics.warn(
      "cycler.generic", at: .line(labels.line.number),
      found: "text of no known cycler",
      expected: "columns are taken by their names, units as they are written; compare with the file"
    )
    let preamble = CyclerPreamble(
      layout.preamble + labels.above, of: text, delimiter: layout.dialect.delimiter)
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }

  /// Whether labels name a time, a voltage and a current.
  static func areLabels(_ names: [String]) -> Bool {
    wanted.isSubset(of: names.compactMap { CyclerColumns.canonicalName($0) })
  }
}

/// The labels above a table of unknown origin, and a row of units below them if there is one.
struct CyclerTextLabels {
  let names: [String]
  private(set) var units: [String] = []
  let line: TextLine
  private(set) var above: [TextLine] = []

  init?(_ layout: TableLayout) {
    for (i, row) in layout.header.enumerated().reversed() where CyclerText.areLabels(row.cells) {
      names = row.cells
      line = row.line
      above = layout.header[..<i].map(\.line)
      if let below = layout.header.dropFirst(i + 1).first {
        units = below.cells.map { cell in
          let isBracketed = cell.count > 2 && "([".contains(cell.first ?? " ")
          return isBracketed ? String(cell.dropFirst().dropLast()) : cell
        }
      }
      return
    }
    return nil
  }
}
