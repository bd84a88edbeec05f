public import Bytes
public import Reading
public import Tables
internal import Units

/// Text files of the Beamline Controls System of the Advanced Light Source (docs/formats/als-bcs.md).
public enum BCSFormat: FileFormat {
  /// The id.
  public static let id = "als-bcs"
  /// One line for people.
  public static let title = "ALS beamline text (BCS)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "Date: mm/dd/yyyy and labels that begin Time of Day, Time (s), Frame"

  /// Looks for the date, the lines of a scan and the line of labels.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    // A date, or a line of labels between tabs; XML is neither.
    guard file.head[0] != UInt8(ascii: "<"), file.mayHold("Date", "\t"),
      let text = try? DecodedText.decode(file.head, into: &ignored)
    else { return .none }
    let header = BCSHeader(text.utf8)
    var reasons: [String] = []
    if header.hasDate { reasons.append("`Date: mm/dd/yyyy`") }
    if header.hasScanLine { reasons.append("a header line of a BCS scan") }
    if let line = header.labelLine {
      reasons.append(
        "line \(line) is a line of labels that begins `\(header.labels[0].prefix(20))`")
    }
    switch (header.hasDate, header.hasScanLine, header.labelLine != nil) {
    case (true, true, true): return Recognition(98, reasons)
    case (true, false, true): return Recognition(80, reasons)
    case (false, true, true): return Recognition(70, reasons)
    case (true, true, false): return Recognition(60, reasons)
    default: return .none
    }
  }

  /// Reads the header and the rows.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = BCSHeader(text.utf8)
    guard let labelLine = header.labelLine else {
      throw ReadFailure(
        "bcs.no-labels", at: .line(header.entries.last?.line ?? 1),
        found: "no line of labels",
        expected: "expected `Time of Day`, `Time (s)` or `Frame` and tabs")
    }
    guard header.labels.count <= options.limits.columns else {
      throw ReadFailure(
        "bcs.too-many-columns", at: .line(labelLine), found: "\(header.labels.count) labels",
        expected: "expected at most \(options.limits.columns)")
    }
    let headings = header.labels.map { heading($0) }
    var rows = TextLines(text.utf8, from: header.dataStart).makeIterator()
    let mark = MDATextOutline.Block.decimalMark(text.utf8[rows.next()?.range ?? 0..<0])
    var rules = NumericTable.Rules()
    rules.trailingDelimiter = true
    rules.comment = nil
    rules.lineBytes = options.limits.lineBytes
    let table = try NumericTable.parse(
      text, from: header.dataStart, line: labelLine + 1,
      dialect: TableDialect(delimiter: .character(0x09), decimalMark: mark),
      columns: headings.map { heading in
        // The time of day is text, and so are the names of images.
        isClock(heading.label)
          ? NumericTable.Request(.text, label: heading.label)
          : heading.exponent(options) == nil
            ? NumericTable.Request(.undecided, label: heading.label) : heading.request(options)
      }, rules: rules, into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "bcs.no-data", at: .line(labelLine), found: "no row below the labels",
        expected: "expected rows of numbers")
    }
    var columns: [Column] = []
    let range =
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
    for (i, heading) in headings.enumerated() {
      var column = heading.column(
        table.values[i], missing: table.missing[i],
        origin: Origin(bytes: [range], lines: table.lines), number: i + 1, place: .line(labelLine),
        options: options, into: &diagnostics)
      if column.real == nil { column.unit = .absent }
      columns.append(column)
    }
    var index = ScanAxis.complete(
      &columns, place: { table.line(ofRow: $0).map { .line($0) } ?? .line(labelLine) },
      into: &diagnostics)
    if index == [columns[0].name], let motor = header.value("Motor"),
      let moved = columns.first(where: { $0.label == motor })
    {
      index = [moved.name]
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [Table(name: "scan", columns: columns, indexColumns: index)],
      diagnostics: diagnostics.all, complete: table.complete)
    for entry in header.entries {
      dataset.metadata.append(entry.key, entry.value)
      if dataset.settingOrigins[entry.key] == nil {
        dataset.settingOrigins[entry.key] = Origin(lines: entry.line...entry.line)
      }
    }
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["decimal mark"] = mark == UInt8(ascii: ",") ? "," : "."
    dataset.reading["delimiter"] = "tab"
    return dataset
  }

  private static func isClock(_ label: String) -> Bool { label.lowercased() == "time of day" }

  /// What a label means; `Time (s)` is the time since the start, not that of one point.
  private static func heading(_ label: String) -> ColumnHeading {
    switch label.lowercased() {
    case "time of day", "time": ColumnHeading(label: label, unit: "", meaning: nil)
    case "time (s)": ColumnHeading(label: label, unit: "s", meaning: nil)
    default: ColumnHeading(label)
    }
  }
}
