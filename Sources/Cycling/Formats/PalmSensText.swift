public import Bytes
public import Reading
public import Tables
internal import Units

/// Text exports of PalmSens' PSTrace (`.csv`): curves side by side, two columns each, or one spectrum.
public enum PalmSensText: FileFormat {
  /// `palmsens-csv`.
  public static let id = "palmsens-csv"
  /// One line for people.
  public static let title = "PalmSens PSTrace csv"
  /// Cycling; a spectrum is given as impedance.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy = "a line 'Date and time measurement:' above a line of units"

  /// 90 for the date of the measurement above numbers, 60 for the date of the export alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(16384), into: &diagnostics) else {
      return .none
    }
    var hasExport = false
    for line in TextLines(text.utf8) {
      if line.number > 60 { break }
      let content = TextLines.string(text.utf8[line.range].prefix(200))
      if content.hasPrefix("Date and time measurement") {
        return Recognition(90, ["line \(line.number) is the date of a measurement"])
      }
      if line.number == 1, content.hasPrefix("Date and time:") { hasExport = true }
    }
    return hasExport ? Recognition(60, ["line 1 is the date of the export"]) : .none
  }

  /// Reads every curve.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    // Behind the closing mark PSTrace writes one byte of a line end in eight bits.
    let isOdd = bytes.suffix(3).array == [0xFF, 0xFE, 0x0A]
    let text = try DecodedText.decode(
      isOdd ? bytes.prefix(bytes.count - 1) : bytes, into: &diagnostics)
    let header = try PalmSensHeader(text)
    let columns = PalmSensColumns(header.labels)
    let end = Self.end(text)
    guard
      let survey = TableLayout.survey(
        text.utf8.prefix(end), from: header.dataStart, line: header.dataLine,
        delimiter: .character(header.delimiter), maximumColumns: options.limits.columns),
      survey.columns <= header.labels.count + 1
    else {
      throw ReadFailure(
        "palmsens.columns", at: .line(header.dataLine),
        found: "rows with more cells than the \(header.labels.count) of the line of units",
        expected: "expected one unit for each cell")
    }
    let plan = columns.plan(options: options, line: header.labelsLine, into: &diagnostics)
    var rules = NumericTable.Rules()
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = true
    rules.comment = nil
    rules.lineBytes = options.limits.lineBytes
    var found = DiagnosticList()
    let rows = try NumericTable.parse(
      text, from: header.dataStart, upTo: end, line: header.dataLine, dialect: survey.dialect,
      columns: plan.map(\.request), rules: rules, into: &found)
    guard rows.rows > 0 else {
      throw ReadFailure(
        "palmsens.no-data", at: .line(header.dataLine), found: "no whole row of numbers",
        expected: "expected rows below the line of units")
    }
    let series = rows.columns(plan, of: text)
    var tables: [Table] = []
    var gaps = 0
    for group in columns.groups {
      let own = Self.trimmed(group.map { series[$0] })
      gaps += own.map(\.missing.count).reduce(0, +)
      let axis = ["frequency", "test_time"].first { name in own.contains { $0.name == name } }
      tables.append(
        Table(
          name: header.name(ofColumn: group[0], among: tables.map(\.name)), columns: own,
          indexColumns: axis.map { [$0] } ?? []))
    }
    // Curves of unequal length leave empty cells below the shorter ones.
    for diagnostic in found.all where diagnostic.code != "text.missing" || gaps > 0 {
      diagnostics.add(diagnostic)
    }
    sayHowItEnds(text, at: end, &diagnostics)
    for table in tables {
      if let time = table["test_time"] {
        rows.checkOrder(time, code: "series.restart", into: &diagnostics)
      }
    }
    return Dataset(
      format: id, technique: columns.isImpedance ? .impedance : .cycling, tables: tables,
      metadata: header.metadata, diagnostics: diagnostics.all, complete: rows.complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": survey.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(survey.dialect.decimalMark))),
      ])
  }

  /// Notes an end that PSTrace would not write.
  private static func sayHowItEnds(
    _ text: DecodedText, at end: Int, _ diagnostics: inout DiagnosticList
  ) {
    let line = TextLines.number(ofOffset: max(0, end - 1), in: text.utf8)
    if let last = text.utf8[end - 1], last != 0x0A, last != 0x0D {
      diagnostics.note(
        "text.no-final-newline", at: .line(line), found: "the last line has no line end",
        expected: "its last number may be cut")
    } else if text.encoding != .utf8, end == text.utf8.count {
      diagnostics.note(
        "palmsens.no-end-mark", at: .line(line),
        found: "no byte order mark at the end of UTF-16 text",
        expected: "PSTrace writes one; the file may be cut at the end of a line")
    }
  }

  /// Where the rows end: PSTrace may close the file with a byte order mark.
  private static func end(_ text: DecodedText) -> Int {
    var end = text.utf8.count
    let tail = text.utf8.suffix(64).array
    for byte in tail.reversed() {
      // U+FEFF and U+FFFD in UTF-8, blanks and line ends.
      guard [0xEF, 0xBB, 0xBF, 0xBD, 0x20, 0x0A, 0x0D].contains(byte) else { break }
      end -= 1
    }
    // The line end of the last row stays.
    while end < text.utf8.count, let byte = text.utf8[end], byte == 0x0A || byte == 0x0D {
      end += 1
    }
    return end
  }

  /// The columns without the rows in which none of them has a value at the end.
  private static func trimmed(_ columns: [Column]) -> [Column] {
    let rows =
      columns.map { column -> Int in
        guard case .real(let values) = column.values else { return column.count }
        return (values.lastIndex { $0.isFinite } ?? -1) + 1
      }.max() ?? 0
    return columns.map { column in
      guard case .real(let values) = column.values, rows < values.count else { return column }
      return Column(
        name: column.name, label: column.label, values: .real(Array(values.prefix(rows))),
        unit: column.unit, origin: column.origin, storage: column.storage)
    }
  }
}
