public import Bytes
public import Reading
public import Tables
internal import Units

/// Any text table with numbers that no instrument format claims: the fallback reader.
public enum DelimitedTable: FileFormat {
  /// `delimited-table`.
  public static let id = "delimited-table"
  /// One line for people.
  public static let title = "Text table (CSV, TSV, blanks)"
  /// The columns tell.
  public static let technique = Technique.any
  /// Common extensions.
  public static let extensions = ["csv", "tsv", "txt", "dat", "asc", "tab"]
  /// How it is recognised.
  public static let recognisedBy = "lines with a constant number of numeric fields"

  /// 40 for text with rows of numbers, so that every instrument format stands before it.
  public static func recognise(_ file: FileHead) -> Recognition {
    var head = file.head.prefix(8192)
    var diagnostics = DiagnosticList()
    var decoded = try? DecodedText.decode(head, into: &diagnostics)
    if decoded == nil, let nul = head.withBytes({ $0.firstIndex(of: 0) }) {
      // A table with a NUL somewhere is still a table; reading it then names the line.
      head = head.prefix(nul)
      decoded = try? DecodedText.decode(head, into: &diagnostics)
    }
    guard let text = decoded, isPlainText(text.utf8) else { return recogniseLongLine(file) }
    if isMarkup(text.utf8) { return .none }
    // The last line of the head may be cut.
    let whole = text.utf8.withBytes { bytes in
      (bytes.lastIndex { $0 == 0x0A || $0 == 0x0D }).map { $0 + 1 } ?? bytes.count
    }
    do {
      guard let layout = try TableLayout.detect(text.utf8.prefix(whole)),
        layout.columns > 1 || layout.sampledRows > 2, layout.numericShare >= 0.3
      else { return recogniseLongLine(file) }
      return Recognition(
        40,
        [
          "\(layout.columns) columns between '\(layout.dialect.delimiter.name)',"
            + " numbers from line \(layout.dataLine) on"
        ])
    } catch {
      return Recognition(40, ["text with a very long line of cells"])
    }
  }

  /// JSON, XML and HTML hold numbers in lines, but are no tables.
  private static func isMarkup(_ text: ByteView) -> Bool {
    let marks = text.prefix(256).array.filter { $0 > 0x20 }.prefix(2)
    guard let first = marks.first else { return false }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "<") { return true }
    let second = marks.dropFirst().first ?? 0
    let inArray: [UInt8] = Array("[{\"-0123456789]".utf8)
    return first == UInt8(ascii: "[") && inArray.contains(second)
  }

  /// A first line that is longer than what was looked at may still be one of many cells.
  private static func recogniseLongLine(_ file: FileHead) -> Recognition {
    let head = file.head.prefix(8192).array
    guard head.count == 8192, !head.contains(0), !head.contains(0x0A), !head.contains(0x0D) else {
      return .none
    }
    let separators = head.count { $0 == 0x2C || $0 == 0x3B || $0 == 0x09 || $0 == 0x7C }
    return separators > 800 ? Recognition(40, ["text with a very long line of cells"]) : .none
  }

  private static func isPlainText(_ text: ByteView) -> Bool {
    text.withBytes { bytes in
      let controls = bytes.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
      return !bytes.isEmpty && controls * 100 <= bytes.count
    }
  }

  /// Reads the table; the technique follows from its columns.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    guard bytes.count > 0 else {
      throw ReadFailure(
        "text.empty", found: "the file is empty (0 bytes)", expected: "expected a table of numbers")
    }
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard
      let layout = try TableLayout.detect(text.utf8, maximumColumns: options.limits.columns)
    else {
      throw ReadFailure(
        "text.no-data", at: .line(1), found: "no line holds numbers",
        expected: "expected rows of numbers between tabs, ';', ',', '|' or blanks")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
    let heading = TableHeading(layout, text.utf8)
    try heading.checkDoubledCommas(layout, text.utf8)
    let plan = heading.plan(layout, options: options, into: &diagnostics)
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    let table = try NumericTable.parse(
      text, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
      columns: plan.columns.map(\.request), rules: rules, into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "text.no-data", at: .line(layout.dataLine), found: "no whole row of numbers",
        expected: "expected at least one")
    }
    let columns = table.columns(plan.columns, of: text)
    check(columns, table, plan.technique, into: &diagnostics)
    if plan.technique == .simulation {
      noteInitialZeros(columns, layout.dataLine, into: &diagnostics)
    }
    let axes = ["test_time", "time", "photon_energy", "frequency", "deflection", "channel"]
    let index = axes.first { axis in columns.contains { $0.name == axis } }
    return Dataset(
      format: id, technique: plan.technique,
      tables: [Table(name: "data", columns: columns, indexColumns: index.map { [$0] } ?? [])],
      metadata: heading.metadata(layout, text), diagnostics: diagnostics.all,
      complete: table.complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": layout.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(layout.dialect.decimalMark))),
      ])
  }

  /// MOOSE sorts its columns behind `time`, and its first row holds 0 for what was not computed then.
  private static func noteInitialZeros(
    _ columns: [Column], _ line: Int, into diagnostics: inout DiagnosticList
  ) {
    let labels = columns.map(\.label)
    guard labels.count > 2, labels.first == "time", columns.first?.real?.first == 0,
      labels.dropFirst().sorted() == Array(labels.dropFirst())
    else { return }
    let zero = columns.dropFirst().filter { column in
      guard let values = column.real, values.count > 1 else { return false }
      return values[0] == 0 && values[1] != 0 && values[1].isFinite
    }
    guard !zero.isEmpty else { return }
    diagnostics.note(
      "table.initial-zeros", at: .line(line),
      found: "the first row holds 0 for \(zero.map { "'\($0.label)'" }.joined(separator: ", "))",
      expected: "MOOSE writes 0 for what it has not computed at the start; the row is kept")
  }

  private static func check(
    _ columns: [Column], _ table: NumericTable, _ technique: Technique,
    into diagnostics: inout DiagnosticList
  ) {
    table.checkRanges(columns, into: &diagnostics)
    for column in columns {
      switch column.name {
      case "test_time", "time":
        table.checkOrder(column, code: "series.restart", into: &diagnostics)
      case "photon_energy": table.checkOrder(column, code: "axis.unordered", into: &diagnostics)
      default: break
      }
      let isAxis = ["test_time", "time", "photon_energy", "frequency", "deflection"]
        .contains(column.name)
      if isAxis, let values = column.real, values.count > 2, let first = values.first,
        values.allSatisfy({ $0 == first })
      {
        diagnostics.warn(
          "series.constant", at: table.lines.map { .line($0.lowerBound) } ?? .whole,
          found: "column '\(column.label)' is constant: all \(values.count) values are the same",
          expected: "expected an axis with a range above zero")
      }
    }
  }
}
