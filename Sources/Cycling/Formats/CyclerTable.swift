internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// A cycler's text table on its way from the line of labels to finished columns.
///
/// A format finds the line of labels and says what it knows of them; names, units, clock times, spans
/// of time, the unit of elapsed times and the common checks are the same for all.
struct CyclerTable {
  /// The labels, one a column.
  var labels: [String]
  /// A row of units below the labels, where the format has one.
  var units: [String] = []
  /// The line of the labels, from 1.
  var labelLine: Int
  /// Where the rows start.
  var dataStart: Int
  /// The line at which they start, from 1.
  var dataLine: Int
  /// What stands between cells.
  var delimiter: TableDialect.Delimiter
  /// What the format knows of its labels.
  var vendor = CyclerColumns.Vendor()
  /// The order of day and month where the stamps leave both open; nil decides by the decimal mark.
  var dateOrder: ClockStamp.Order?
  /// Labels whose cells are text whatever the first rows look like.
  var textLabels: Set<String> = []

  /// What was read.
  struct Content {
    /// The finished columns.
    var columns: [Column]
    /// Whether no row was left out.
    var complete: Bool
    /// How cells and numbers are written.
    var dialect: TableDialect
  }

  /// Reads all rows below the labels.
  ///
  /// - Throws: `cycler.no-data` where there is no whole row, `cycler.columns` where rows hold more or
  ///   fewer cells than there are labels, and what ``NumericTable`` throws.
  func read(
    _ text: DecodedText, options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Content {
    guard
      let survey = TableLayout.survey(
        text.utf8, from: dataStart, line: dataLine, delimiter: delimiter,
        maximumColumns: options.limits.columns)
    else { throw noData(dataLine) }
    let names = CyclerColumns.named(
      try matched(survey.columns, survey.kinds), units: units, vendor: vendor, line: labelLine,
      options: options, into: &diagnostics)
    let plan = names.enumerated().map { c, column in
      column.textColumn(kind(column, c < survey.kinds.count ? survey.kinds[c] : .undecided))
    }
    var rules = NumericTable.Rules()
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = true
    rules.comment = nil
    rules.lineBytes = options.limits.lineBytes
    let requests = zip(names, plan).map { name, column in
      var request = column.request
      request.mayHoldWords = !Self.essential.contains(name.name)
      return request
    }
    let order =
      dateOrder ?? (survey.dialect.decimalMark == UInt8(ascii: ",") ? .dayFirst : .monthFirst)
    if let stream = options.stream {
      var rows = StreamedTable(
        text, stream, from: dataStart, line: dataLine, dialect: survey.dialect, columns: requests,
        rules: rules)
      var reader = CyclerStream(plan, order: order, isGiven: dateOrder != nil, line: labelLine)
      guard let columns = try reader.read(&rows), rows.rows > 0 else { throw noData(dataLine) }
      report(rows.diagnostics, names, into: &diagnostics)
      noteLineEnd(rows.lineWithoutEnd, &diagnostics)
      warnOfRepeats(names, &diagnostics)
      reader.reportTimes(into: &diagnostics)
      warnOfUnits(columns, &diagnostics)
      reader.reportChecks(into: &diagnostics) { row in
        rows.line(ofRow: row).map { .line($0) } ?? .whole
      }
      return Content(columns: columns, complete: rows.complete, dialect: survey.dialect)
    }
    var found = DiagnosticList()
    let table = try NumericTable.parse(
      text, from: dataStart, line: dataLine, dialect: survey.dialect, columns: requests,
      rules: rules, into: &found)
    guard table.rows > 0 else { throw noData(dataLine) }
    report(found.all, names, into: &diagnostics)
    noteLineEnd(text.lineWithoutEnd, &diagnostics)
    warnOfRepeats(names, &diagnostics)
    var columns = table.columns(plan, of: text)
    CyclerTimes.convert(
      &columns, order: order, isGiven: dateOrder != nil, into: &diagnostics)
    CyclerTimes.settle(&columns, line: labelLine, into: &diagnostics)
    warnOfUnits(columns, &diagnostics)
    CyclerChecks.run(columns, into: &diagnostics) { row in
      table.line(ofRow: row).map { .line($0) } ?? .whole
    }
    return Content(columns: columns, complete: table.complete, dialect: survey.dialect)
  }

  private func noteLineEnd(_ line: Int?, _ diagnostics: inout DiagnosticList) {
    guard let line else { return }
    diagnostics.note(
      "text.no-final-newline", at: .line(line), found: "the last line has no line end",
      expected: "its last number may be cut")
  }

  /// A row without these is no row.
  private static let essential: Set<String> = ["test_time", "voltage", "current"]

  private func noData(_ line: Int) -> ReadFailure {
    ReadFailure(
      "cycler.no-data", at: .line(line), found: "no whole row below the labels",
      expected: "expected rows with \(labels.count) cells")
  }

  /// What the cells of a column are taken for.
  private func kind(_ column: CyclerColumn, _ seen: NumericTable.Kind) -> NumericTable.Kind {
    if textLabels.contains(column.label) || column.isClockFormat { return .text }
    guard seen == .text else { return seen }
    // Clock times and spans are text at first; any other canonical number is one whatever a damaged
    // first row says.
    let mayBeClock = column.name.hasSuffix("_time") || column.target == nil
    return mayBeClock ? .text : .real()
  }

  /// One label for each cell of a row.
  private func matched(
    _ cells: Int, _ kinds: [NumericTable.Kind]
  ) throws(ReadFailure) -> [String] {
    var labels = labels
    while labels.count > cells, let last = labels.last, last.isEmpty { labels.removeLast() }
    // Rows may end with a delimiter of their own.
    let isTrailing = cells == labels.count + 1 && kinds.last == .undecided
    if labels.count == cells || isTrailing { return labels }
    throw ReadFailure(
      "cycler.columns", at: .line(labelLine),
      found: "\(labels.count) column names above rows of \(cells) cells",
      expected: "expected one name for each cell")
  }

  /// Passes on what the parser said; empty cells and words outside time, voltage and current are one
  /// note, as loggers leave cells empty that they have no reading for.
  private func report(
    _ found: [Diagnostic], _ names: [CyclerColumn], into diagnostics: inout DiagnosticList
  ) {
    var cells = 0
    var columns: [String] = []
    for diagnostic in found {
      if diagnostic.code == "text.missing", case .cell(_, let column) = diagnostic.place,
        column >= 1, column <= names.count, !Self.essential.contains(names[column - 1].name)
      {
        cells += diagnostic.count
        columns.append(names[column - 1].label)
      } else {
        diagnostics.add(diagnostic)
      }
    }
    guard cells > 0 else { return }
    let list = columns.prefix(6).map { "'\($0)'" }.joined(separator: ", ")
    diagnostics.note(
      "cycler.empty-cells", at: .line(labelLine),
      found: "\(cells) cells without a number in \(list)\(columns.count > 6 ? " and others" : "")",
      expected: "counted as missing")
  }

  private func warnOfUnits(_ columns: [Column], _ diagnostics: inout DiagnosticList) {
    for column in columns where column.name == "voltage" || column.name == "current" {
      guard case .absent = column.unit else { continue }
      diagnostics.warn(
        "unit.absent", at: .line(labelLine), found: "no unit for column '\(column.label)'",
        expected: "expected a unit in the label, or --unit \(column.name)=UNIT")
    }
  }

  private func warnOfRepeats(
    _ names: [CyclerColumn], _ diagnostics: inout DiagnosticList
  ) {
    var seen: Set<String> = []
    for (c, column) in names.enumerated() where column.isCanonical {
      if !seen.insert(column.name).inserted {
        diagnostics.note(
          "cycler.repeated", at: .cell(line: labelLine, column: c + 1),
          found: "column '\(column.label)' is another '\(column.name)'",
          expected: "it gets a number")
      }
    }
  }
}

extension CyclerTable.Content {
  /// The dataset of one table.
  func dataset(
    format: String, preamble: CyclerPreamble, text: DecodedText,
    diagnostics: inout DiagnosticList, settings: [InstrumentSetting] = []
  ) -> Dataset {
    Dataset(
      format: format, technique: .cycling,
      tables: [
        Table(
          name: "data", columns: columns,
          indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
      ],
      metadata: preamble.metadata, diagnostics: diagnostics.all, complete: complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(dialect.decimalMark))),
      ], settingOrigins: preamble.origins, settings: settings)
  }
}
