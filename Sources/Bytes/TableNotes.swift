internal import Tables

/// What the parser of a table meets besides numbers, kept small and told at the end.
struct TableNotes {
  /// Why a cell is missing.
  enum Reason { case empty, word, overflow }

  /// Offsets of one kind of thing: the first ones and how many there are.
  struct Occurrences {
    private(set) var count = 0
    private(set) var offsets: [Int] = []
    mutating func add(_ offset: Int) {
      count += 1
      if offsets.count < 11 { offsets.append(offset) }
    }
  }

  /// A row that could not be read: where it and its bad cell start, or how many cells it has.
  struct BadRow {
    var row: Int
    var cell: Int
    var column: Int
    var cells: Int?
  }

  var missing: [Occurrences]
  var overflows: [Occurrences]
  var grouped: [Occurrences]
  var comments = Occurrences()
  var emptyRows = Occurrences()
  var bad: [BadRow] = []
  var badCount = 0
  private var knownAllowance: Int?
  var cutRow: Int?

  init(columns: Int) {
    missing = Array(repeating: Occurrences(), count: columns)
    overflows = missing
    grouped = missing
  }

  mutating func addMissing(column: Int, offset: Int, reason: Reason) {
    if reason == .overflow { overflows[column].add(offset) } else { missing[column].add(offset) }
  }

  mutating func addGrouped(column: Int, offset: Int) { grouped[column].add(offset) }

  /// One row in a hundred, counted when it is first asked for.
  private mutating func allowedBadRows(_ parser: borrowing TableParser) -> Int {
    if parser.rules.isPiece { return .max }
    if let knownAllowance { return knownAllowance }
    let rows = parser.view.dropFirst(parser.startOffset).withBytes { TextLines.roughCount($0) + 1 }
    let allowed =
      parser.rules.mayDropAnyRow ? rows : parser.rules.mayDropRows ? rows / 100 : 0
    knownAllowance = allowed
    return allowed
  }

  /// Takes note of a bad row; throws once there are more than may be left out.
  mutating func addBad(_ row: BadRow, _ parser: borrowing TableParser) throws(ReadFailure) {
    badCount += 1
    if bad.count < 11 { bad.append(row) }
    if badCount > allowedBadRows(parser), let first = bad.first {
      let (code, place, found, expected) = describe(first, parser)
      throw ReadFailure(code, at: place, found: found, expected: expected)
    }
  }

  /// The line of an offset.
  func line(_ offset: Int, _ parser: borrowing TableParser) -> Int {
    TextLines.numbers(
      ofOffsets: [offset], in: parser.view, from: parser.startOffset, number: parser.startLine
    ).first ?? parser.startLine
  }

  func cell(offset: Int, column: Int, _ parser: borrowing TableParser) -> Place {
    .cell(line: line(offset, parser), column: column + 1)
  }

  private func describe(
    _ row: BadRow, _ parser: borrowing TableParser
  ) -> (code: String, place: Place, found: String, expected: String) {
    if let cells = row.cells {
      return (
        "text.ragged-row", .line(line(row.row, parser)),
        "\(cells) cells", "expected \(parser.columnCount) as in the other rows"
      )
    }
    let rest = parser.view.dropFirst(row.cell)
    let lineLength = rest.withBytes { TextLines.lineEnd($0, from: 0).end }
    let range = parser.dialect.ranges(rest.prefix(lineLength), limit: 1).first ?? 0..<0
    let text = CellText.string(rest[range], quote: parser.dialect.quote)
    let label = parser.requests[row.column].label
    let place = cell(offset: row.cell, column: row.column, parser)
    let mark = Character(Unicode.Scalar(parser.dialect.decimalMark))
    if NumberScanner(decimalMark: parser.dialect.otherMark).parse(text) != nil {
      return (
        "text.mixed-decimal-mark", place, "'\(text.prefix(80))' in column '\(label)'",
        "expected the decimal mark '\(mark)' of the other numbers"
      )
    }
    return (
      "text.not-a-number", place, "'\(text.prefix(80))' in column '\(label)'",
      "expected a number with the decimal mark '\(mark)'"
    )
  }

  /// Writes all diagnostics; throws where thousands separators contradict each other.
  func report(
    _ parser: borrowing TableParser, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    for (column, request) in parser.requests.enumerated() {
      if let first = overflows[column].offsets.first {
        warn(
          "text.overflow", overflows[column], column, parser, &diagnostics,
          found:
            "'\(content(first, parser))' in column '\(request.label)' is beyond the range of numbers",
          expected: "counted as missing")
      }
      if let first = missing[column].offsets.first {
        let word = content(first, parser)
        warn(
          "text.missing", missing[column], column, parser, &diagnostics,
          found: word.isEmpty
            ? "an empty cell in column '\(request.label)'"
            : "no number but '\(word)' in column '\(request.label)'",
          expected: "counted as missing")
      }
      if let first = grouped[column].offsets.first {
        try checkGroups(column, request, first, parser)
        warn(
          "text.thousands", grouped[column], column, parser, &diagnostics,
          found: "'\(content(first, parser))' in column '\(request.label)'",
          expected: "the marks between groups of three digits are left out")
      }
    }
    if comments.count > 0 {
      diagnostics.add(
        Diagnostic(
          .note, "text.comment", at: .line(line(comments.offsets[0], parser)),
          found: "a comment among the rows", expected: "left out", count: comments.count))
    }
    if emptyRows.count > 0 {
      diagnostics.add(
        Diagnostic(
          .note, "text.empty-row", at: .line(line(emptyRows.offsets[0], parser)),
          found: "a row of empty cells", expected: "left out", count: emptyRows.count))
    }
    if let first = bad.first {
      let (code, place, found, expected) = describe(first, parser)
      diagnostics.warn(
        code, at: place, found: found, expected: "\(expected); the row is left out",
        count: badCount, places: bad.dropFirst().map { describe($0, parser).place })
    }
    if let cutRow {
      diagnostics.warn(
        "text.cut-row", at: .line(line(cutRow, parser)),
        found: "the last row ends in the middle: 1 row is lost",
        expected: "expected a whole row and a line end")
    }
  }

  private func content(_ offset: Int, _ parser: borrowing TableParser) -> String {
    let rest = parser.view.dropFirst(offset)
    let length = rest.withBytes { TextLines.lineEnd($0, from: 0).end }
    guard let range = parser.dialect.ranges(rest.prefix(length), limit: 1).first else { return "" }
    return String(CellText.string(rest[range], quote: parser.dialect.quote).prefix(80))
  }

  private func warn(
    _ code: String, _ what: Occurrences, _ column: Int, _ parser: borrowing TableParser,
    _ diagnostics: inout DiagnosticList, found: String, expected: String
  ) {
    let lines = TextLines.numbers(
      ofOffsets: what.offsets, in: parser.view, from: parser.startOffset, number: parser.startLine)
    let places = lines.map { Place.cell(line: $0, column: column + 1) }
    diagnostics.warn(
      code, at: places.first ?? .whole, found: found, expected: expected, count: what.count,
      places: Array(places.dropFirst()))
  }

  /// Separators count only where every number of the column that could have one has one.
  private func checkGroups(
    _ column: Int, _ request: NumericTable.Request, _ first: Int,
    _ parser: borrowing TableParser
  ) throws(ReadFailure) {
    guard case .real(let values) = parser.table.values[column] else { return }
    var limit = 1000.0
    if case .real(let exponent, let factor, let offset) = request.kind {
      guard offset == 0, let power = NumberScanner(exponent: exponent).parse("1000") else { return }
      limit = abs(power * factor)
    }
    var large = 0
    for value in values where abs(value) >= limit { large += 1 }
    if large > grouped[column].count {
      throw ReadFailure(
        "text.thousands", at: cell(offset: first, column: column, parser),
        found:
          "'\(content(first, parser))' in column '\(request.label)', while other numbers from 1000"
          + " on have no mark between groups of three digits",
        expected: "expected the same in every number of the column")
    }
  }
}

extension TableParser {
  /// Makes the table from the columns and writes the diagnostics.
  mutating func finish() throws(ReadFailure) {
    for c in 0..<columnCount {
      switch codes[c] {
      case Code.real: table.values.append(.real(reals[c]))
      case Code.integer: table.values.append(.integer(integers[c]))
      default: table.values.append(.text(texts[c]))
      }
    }
    table.missing = masks
    table.rows = flushed
    table.droppedRows = notes.badCount + (notes.cutRow == nil ? 0 : 1)
    if let firstRow {
      table.bytes = firstRow..<lastRowEnd
      var first = startLine + firstRowLine - 1
      var last = startLine + lastRowLine - 1
      if hasLinesInQuotes {
        let ends = TextLines.numbers(
          ofOffsets: [firstRow, max(firstRow, lastRowEnd - 1)], in: view, from: startOffset,
          number: startLine)
        first = ends.first ?? first
        last = ends.last ?? last
      }
      table.lines = first...max(first, last)
    }
    try notes.report(self, into: &diagnostics)
  }
}
