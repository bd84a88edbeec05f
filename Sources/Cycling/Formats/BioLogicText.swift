public import Bytes
public import Reading
public import Tables
internal import Units

/// Text exports of EC-Lab and BT-Lab (`.mpt`): cycling, and impedance spectra.
public enum BioLogicText: FileFormat {
  /// `biologic-mpt`.
  public static let id = "biologic-mpt"
  /// One line for people.
  public static let title = "BioLogic EC-Lab / BT-Lab text"
  /// Cycling; a file that is a spectrum only is given as impedance.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["mpt", "txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "line 1 'EC-Lab ASCII FILE' or 'BT-Lab ASCII FILE', or EC-Lab's column names"

  /// 95 for the magic with its second line, 90 for the magic, 80 for a line of EC-Lab's names.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(4096), into: &diagnostics) else {
      return .none
    }
    let lines = TextLines(text.utf8)
    var head: [String] = []
    for line in lines {
      head.append(lines.string(line))
      if head.count == 2 { break }
    }
    guard let first = head.first else { return .none }
    if BioLogicHeader.isMagic(first) {
      let hasCount = head.count > 1 && head[1].hasPrefix("Nb header lines")
      return Recognition(
        hasCount ? 95 : 90,
        ["line 1 is '\(first.prefix(17))'"] + (hasCount ? ["line 2 gives the header lines"] : []))
    }
    let marks = BioLogicHeader.markCount(BioLogicHeader.cells(first))
    return marks >= 3 ? Recognition(80, ["line 1 has \(marks) column names of EC-Lab"]) : .none
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = try BioLogicHeader(text.utf8)
    let start = header.namesLine.next
    let line = header.namesLine.number + 1
    let layout = try rows(text, header, options)
    let names = try matched(header, layout?.columns)
    let columns = BioLogicColumns(names)
    if header.settings.isEmpty {
      diagnostics.note(
        "mpt.no-settings", at: .line(1), found: "the column names stand on line 1",
        expected: "the settings of the experiment are not in the file")
    }
    var plan = columns.plan(
      kinds: layout?.kinds ?? [], options: options,
      at: { .cell(line: header.namesLine.number, column: $0 + 1) }, into: &diagnostics)
    let hasClock = columns.time.map { $0 < plan.count && plan[$0].kind == .text } ?? false
    if let time = columns.time, hasClock { plan[time].written = .absent }
    var rules = NumericTable.Rules()
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = true
    rules.comment = nil
    rules.lineBytes = options.limits.lineBytes
    let dialect =
      layout?.dialect ?? TableDialect(delimiter: .character(header.delimiter))
    var found = DiagnosticList()
    let table = try NumericTable.parse(
      text, from: start, line: line, dialect: dialect, columns: plan.map(\.request), rules: rules,
      into: &found)
    pass(found.all, isSparse: header.delimiter != 0x09, to: &diagnostics)
    try checkRows(table, text, header, &diagnostics)
    var series = table.columns(plan, of: text)
    let (metadata, origins) = header.metadata(text)
    if let time = columns.time, hasClock {
      addElapsed(at: time, metadata, to: &series, &diagnostics)
    }
    dropNameless(&series, &diagnostics)
    if let time = series.first(where: { $0.name == "test_time" }) {
      table.checkOrder(time, code: "series.restart", into: &diagnostics)
    }
    let axis = columns.isImpedance ? "frequency" : "test_time"
    return Dataset(
      format: id, technique: columns.isImpedance ? .impedance : .cycling,
      tables: [
        Table(
          name: "data", columns: series,
          indexColumns: series.contains { $0.name == axis } ? [axis] : [])
      ],
      metadata: metadata, diagnostics: diagnostics.all, complete: table.complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(dialect.decimalMark))),
      ], settingOrigins: origins, settings: BioLogicTextSettings.read(metadata, origins))
  }

  /// Passes on what the parser said; the empty cells of BCS exports, whose instruments log some columns
  /// less often, are one note.
  private static func pass(
    _ found: [Diagnostic], isSparse: Bool, to diagnostics: inout DiagnosticList
  ) {
    var empty = 0
    for diagnostic in found {
      if isSparse, diagnostic.code == "text.missing" {
        empty += diagnostic.count
      } else {
        diagnostics.add(diagnostic)
      }
    }
    guard empty > 0 else { return }
    diagnostics.note(
      "mpt.sparse", found: "\(empty) empty cells", expected: "columns that are logged less often")
  }

  /// What the first rows say; nil where there is no row.
  private static func rows(
    _ text: DecodedText, _ header: BioLogicHeader, _ options: ReadOptions
  ) throws(ReadFailure) -> (dialect: TableDialect, columns: Int, kinds: [NumericTable.Kind])? {
    let start = header.namesLine.next
    let line = header.namesLine.number + 1
    if let layout = TableLayout.survey(
      text.utf8, from: start, line: line, delimiter: .character(header.delimiter),
      maximumColumns: options.limits.columns)
    {
      return layout
    }
    let isEmpty = text.utf8.dropFirst(start).withBytes { bytes in
      bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }
    if isEmpty { return nil }
    throw ReadFailure(
      "mpt.no-data", at: .line(line), found: "no row of numbers below the column names",
      expected: "expected numbers between the same delimiters as the names")
  }

  /// The names, one for each cell of a row: empty names that no cell belongs to are taken out.
  private static func matched(
    _ header: BioLogicHeader, _ cells: Int?
  ) throws(ReadFailure) -> [String] {
    var names = header.names
    guard let cells else { return names }
    // Rows may end with a tab of their own.
    if cells == names.count || cells == names.count + 1 { return names }
    while names.count > cells, let empty = names.lastIndex(of: "") { names.remove(at: empty) }
    if names.count == cells { return names }
    throw ReadFailure(
      "mpt.columns", at: .line(header.namesLine.number),
      found: "\(header.names.count) column names above rows of \(cells) cells",
      expected: "expected one name for each cell")
  }

  private static func checkRows(
    _ table: NumericTable, _ text: DecodedText, _ header: BioLogicHeader,
    _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    if table.rows == 0 {
      // EC-Lab ends the line of names with a tab, so one that ends so is whole.
      let isWhole = text.endsWithNewline || text.utf8[text.utf8.count - 1] == 0x09
      guard isWhole, table.droppedRows == 0 else {
        throw ReadFailure(
          "mpt.no-data", at: .line(header.namesLine.number),
          found: "the file ends before the first whole row", expected: "expected rows of numbers")
      }
      diagnostics.note(
        "mpt.no-rows", at: .line(header.namesLine.number), found: "no row below the column names",
        expected: "a technique that records nothing, such as WAIT, has none")
    } else if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
  }

  /// Turns clock times into the time since the start of the acquisition and keeps them as `clock`.
  private static func addElapsed(
    at position: Int, _ metadata: Metadata, to series: inout [Column],
    _ diagnostics: inout DiagnosticList
  ) {
    guard position < series.count, case .text(let stamps) = series[position].values else { return }
    var clock = series[position]
    let start = metadata.text("Acquisition started on")
    let order = ClockStamp.order(
      of: [start ?? ""] + stamps.prefix(1) + stamps.suffix(1))
    let times = stamps.map { ClockStamp($0, order: order)?.nanoseconds }
    var origin = start.flatMap { ClockStamp($0, order: order)?.nanoseconds }
    if origin == nil {
      origin = times.lazy.compactMap { $0 }.first
      diagnostics.note(
        "mpt.time-origin", found: "clock times without a line 'Acquisition started on'",
        expected: "the time counts from the first row")
    }
    let elapsed = times.map { time -> Double in
      guard let time, let origin else { return .nan }
      let (difference, overflow) = time.subtractingReportingOverflow(origin)
      return overflow ? .nan : Double(difference) / 1e9
    }
    let bad = times.count { $0 == nil }
    if bad > 0 {
      diagnostics.warn(
        "mpt.clock", found: "no clock time in column '\(clock.label)'",
        expected: "expected month/day/year hours:minutes:seconds; counted as missing", count: bad)
    }
    var origin2 = clock.origin
    origin2.steps = ["text", "minus 'Acquisition started on'"]
    series[position] = Column(
      name: "test_time", label: clock.label, values: .real(elapsed), unit: .known(.second),
      origin: origin2)
    clock.name = "clock"
    series.append(clock)
  }

  /// Leaves out columns without a name and without a value: the traces of doubled tabs.
  private static func dropNameless(_ series: inout [Column], _ diagnostics: inout DiagnosticList) {
    let before = series.count
    series.removeAll { column in
      guard column.label.isEmpty, case .text(let cells) = column.values else { return false }
      return cells.allSatisfy(\.isEmpty)
    }
    if series.count < before {
      diagnostics.note(
        "mpt.empty-column", found: "\(before - series.count) columns without name and values",
        expected: "left out")
    }
  }
}
