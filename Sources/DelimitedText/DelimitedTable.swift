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

  /// Large files are summarised piece by piece.
  public static let readsStreams = true

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
    let heading = TableHeading(layout, text.utf8)
    var said = DiagnosticList()
    let plan = heading.plan(layout, options: options, into: &said)
    if let stream = options.stream {
      return try summary(
        text, stream, layout, heading, plan, said, options: options, into: &diagnostics)
    }
    noteLineEnd(text.lineWithoutEnd, &diagnostics)
    try heading.checkDoubledCommas(layout, text.utf8)
    diagnostics.add(contentsOf: said.all)
    let table = try NumericTable.parse(
      text, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
      columns: plan.columns.map(\.request), rules: rules(options), into: &diagnostics)
    guard table.rows > 0 else { throw noRows(layout) }
    let columns = table.columns(plan.columns, of: text)
    check(columns, table, plan.technique, into: &diagnostics)
    if plan.technique == .simulation {
      noteInitialZeros(columns, layout.dataLine, into: &diagnostics)
    }
    return dataset(
      columns, plan.technique, text, layout, heading, diagnostics, complete: table.complete)
  }

  private static func rules(_ options: ReadOptions) -> NumericTable.Rules {
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    return rules
  }

  private static func noRows(_ layout: TableLayout) -> ReadFailure {
    ReadFailure(
      "text.no-data", at: .line(layout.dataLine), found: "no whole row of numbers",
      expected: "expected at least one")
  }

  private static func noteLineEnd(_ line: Int?, _ diagnostics: inout DiagnosticList) {
    guard let line else { return }
    diagnostics.note(
      "text.no-final-newline", at: .line(line), found: "the last line has no line end",
      expected: "its last number may be cut")
  }

  private static func dataset(
    _ columns: [Column], _ technique: Technique, _ text: DecodedText, _ layout: TableLayout,
    _ heading: TableHeading, _ diagnostics: DiagnosticList, complete: Bool
  ) -> Dataset {
    let index = axes.first { axis in columns.contains { $0.name == axis } }
    return Dataset(
      format: id, technique: technique,
      tables: [Table(name: "data", columns: columns, indexColumns: index.map { [$0] } ?? [])],
      metadata: heading.metadata(layout, text), diagnostics: diagnostics.all, complete: complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": layout.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(layout.dialect.decimalMark))),
      ])
  }

  private static let axes = [
    "test_time", "time", "photon_energy", "frequency", "deflection", "channel",
  ]

  /// Summarises the rows of a text of which `text` is the head.
  private static func summary(
    _ text: DecodedText, _ stream: TextStream, _ layout: TableLayout, _ heading: TableHeading,
    _ plan: TableHeading.Plan, _ said: DiagnosticList, options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Dataset {
    try heading.checkDoubledCommas(layout, text.utf8)
    var rows = StreamedTable(
      text, stream, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
      columns: plan.columns.map(\.request), rules: rules(options))
    var checks = TableChecks(plan.columns.count)
    var first: [Column] = []
    reading: while true {
      switch try rows.next() {
      case .rows(let table, let before):
        let columns = table.columns(plan.columns)
        if before == 0 { first = columns }
        checks.add(columns)
      case .startOver: checks = TableChecks(plan.columns.count)
      case .end: break reading
      }
    }
    // The rows that a table's first zeros are told from must be there.
    guard let head = first.first, head.count > 1,
      let columns = rows.columns(first, checks.folds)
    else {
      stream.refuse()
      throw noRows(layout)
    }
    noteLineEnd(rows.lineWithoutEnd, &diagnostics)
    diagnostics.add(contentsOf: said.all)
    diagnostics.add(contentsOf: rows.diagnostics)
    checks.report(columns, lines: rows.lines, into: &diagnostics, line: rows.line(ofRow:))
    if plan.technique == .simulation {
      noteInitialZeros(first, layout.dataLine, into: &diagnostics)
    }
    return dataset(
      columns, plan.technique, text, layout, heading, diagnostics, complete: rows.complete)
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
    var checks = TableChecks(0)
    checks.add(columns)
    checks.report(columns, lines: table.lines, into: &diagnostics, line: table.line(ofRow:))
  }
}

/// What the rows of a table are looked at for, whether they come at once or in pieces.
private struct TableChecks {
  private var ranges = RangeCheck()
  private var orders: [Int: OrderCheck] = [:]
  private var constants: [Int: (value: Double, isConstant: Bool)] = [:]
  /// What becomes of the columns; empty where their values are kept.
  private(set) var folds: [ColumnFold]

  private static let constantAxes: Set<String> = [
    "test_time", "time", "photon_energy", "frequency", "deflection",
  ]

  init(_ folds: Int) { self.folds = Array(repeating: ColumnFold(), count: folds) }

  private static func orderCode(_ column: Column) -> String? {
    switch column.name {
    case "test_time", "time": "series.restart"
    case "photon_energy": "axis.unordered"
    default: nil
    }
  }

  mutating func add(_ columns: [Column]) {
    ranges.add(columns)
    for (c, column) in columns.enumerated() {
      if Self.orderCode(column) != nil, let values = column.real {
        orders[c, default: OrderCheck()].add(values)
      }
      if Self.constantAxes.contains(column.name), let values = column.real,
        let first = constants[c]?.value ?? values.first
      {
        let isConstant = constants[c]?.isConstant ?? true
        constants[c] = (first, isConstant && values.allSatisfy { $0 == first })
      }
      if c < folds.count { folds[c].add(column) }
    }
  }

  func report(
    _ columns: [Column], lines: ClosedRange<Int>?, into diagnostics: inout DiagnosticList,
    line: (Int) -> Int?
  ) {
    ranges.report(columns, into: &diagnostics, line: line)
    for (c, column) in columns.enumerated() {
      if let code = Self.orderCode(column) {
        orders[c]?.report(column, code: code, into: &diagnostics, line: line)
      }
      if let constant = constants[c], constant.isConstant, column.count > 2 {
        diagnostics.warn(
          "series.constant", at: lines.map { .line($0.lowerBound) } ?? .whole,
          found: "column '\(column.label)' is constant: all \(column.count) values are the same",
          expected: "expected an axis with a range above zero")
      }
    }
  }
}
