public import Tables

/// The rows of a text table that is read in pieces, from the head of a ``TextStream`` to its end.
///
/// What it says of the rows is what ``NumericTable`` says of all of them at once. Whatever a piece cannot
/// decide alone refuses the stream.
public struct StreamedTable {
  /// What comes next.
  public enum Step {
    /// The next rows, at least one; `firstRow` is the number of rows before them.
    case rows(NumericTable, firstRow: Int)
    /// What was learned changes the reading of the rows before: all of them come once more.
    case startOver
    /// All rows were read.
    case end
  }

  private let text: DecodedText
  private let stream: TextStream
  private let start: Int
  private let startLine: Int
  private let dialect: TableDialect
  private var requests: [NumericTable.Request]
  private var rules: NumericTable.Rules
  private var restarts = 0

  /// Whether the head is still to come.
  private var isHead = true
  private var nextLine: Int
  private var shortest = Int.max
  private var endsWithNewline = true
  private var found: [Finding] = []
  private var badRows = 0

  /// Rows read.
  public private(set) var rows = 0
  /// The bytes of the file from the first to the last row.
  public private(set) var bytes: Range<Int>?
  /// The lines that hold the rows.
  public private(set) var lines: ClosedRange<Int>?
  /// Whether no row was left out.
  public private(set) var complete = true

  /// One diagnostic of the parser, and where it stands among the others.
  private struct Finding {
    var rank: [Int]
    var diagnostic: Diagnostic
  }

  /// The rows from `start`, which is the start of line `line` of the decoded head.
  public init(
    _ text: DecodedText, _ stream: TextStream, from start: Int, line: Int, dialect: TableDialect,
    columns: [NumericTable.Request], rules: NumericTable.Rules = NumericTable.Rules()
  ) {
    self.text = text
    self.stream = stream
    self.start = start
    startLine = line
    self.dialect = dialect
    requests = columns
    self.rules = rules
    self.rules.isPiece = true
    nextLine = line
    stream.rewind()
  }

  /// Reads from the first row again.
  public mutating func startOver() {
    restarts += 1
    if restarts > 8 { stream.refuse() }
    stream.rewind()
    isHead = true
    nextLine = startLine
    shortest = .max
    found = []
    badRows = 0
    rows = 0
    bytes = nil
    lines = nil
    complete = true
  }

  /// The next rows.
  ///
  /// - Throws: what ``NumericTable`` throws; the caller then reads the file as a whole.
  public mutating func next() throws(ReadFailure) -> Step {
    while !stream.isRefused {
      let base = stream.nextOffset
      let view: ByteView
      let from: Int
      if isHead {
        (view, from) = (text.utf8, start)
      } else if let piece = stream.next() {
        (view, from) = (piece, 0)
      } else {
        break
      }
      let table = try parse(view, from: from)
      guard let table else { return stream.isRefused ? .end : .startOver }
      let wasHead = isHead
      isHead = false
      guard table.rows > 0 else { continue }
      let low = wasHead ? text.sourceOffset(table.bytes.lowerBound) : base + table.bytes.lowerBound
      let high = wasHead ? text.sourceOffset(table.bytes.upperBound) : base + table.bytes.upperBound
      bytes = (bytes?.lowerBound ?? low)..<high
      if let part = table.lines {
        lines = (lines?.lowerBound ?? part.lowerBound)...part.upperBound
      }
      defer { rows += table.rows }
      return .rows(table, firstRow: rows)
    }
    // In a whole text one row in a hundred may be bad.
    if badRows * 100 > nextLine - startLine { stream.refuse() }
    return .end
  }

  /// The rows of one piece; nil where the stream is refused, or a column of unknown kind holds text.
  private mutating func parse(_ view: ByteView, from start: Int) throws(ReadFailure)
    -> NumericTable?
  {
    let last = view[view.count - 1]
    endsWithNewline = last == 0x0A || last == 0x0D
    let (line, shortestBefore) = (nextLine, shortest)
    let requests = requests
    let (dialect, rules, endsWithNewline) = (dialect, rules, endsWithNewline)
    let result = try view.withBytes { bytes throws(ReadFailure) in
      var parser = TableParser(
        bytes, view: view, start: start, line: line, dialect: dialect, columns: requests,
        rules: rules, endsWithNewline: endsWithNewline)
      defer { parser.release() }
      parser.shortest = shortestBefore
      try parser.run()
      if parser.turnedToText.isEmpty { try parser.finish() }
      let isOdd = parser.hasLinesInQuotes || parser.notes.grouped.contains { $0.count > 0 }
      return (
        parser.table, parser.diagnostics.all, parser.turnedToText, parser.lines, parser.shortest,
        parser.notes.badCount, isOdd
      )
    }
    if result.6 {
      stream.refuse()
      return nil
    }
    for column in result.2 { self.requests[column].kind = .text }
    if !result.2.isEmpty {
      startOver()
      return nil
    }
    nextLine += result.3
    shortest = result.4
    badRows += result.5
    // Many bad rows are an error, as a rule; reading the file as a whole finds out.
    if badRows > 1000, badRows > (nextLine - startLine) / 10 { stream.refuse() }
    if result.0.droppedRows > 0 { complete = false }
    for diagnostic in result.1 { fold(diagnostic) }
    settleKinds(result.0)
    return result.0
  }

  /// A column of unknown kind that holds numbers is one of numbers.
  private mutating func settleKinds(_ table: NumericTable) {
    for (c, values) in table.values.enumerated() where requests[c].kind == .undecided {
      if case .real(let values) = values, values.contains(where: { $0.isFinite }) {
        requests[c].kind = .real()
      }
    }
  }

  /// Adds what a piece says to what those before it said of the same.
  private mutating func fold(_ diagnostic: Diagnostic) {
    let rank = Self.rank(diagnostic)
    guard let i = found.firstIndex(where: { $0.rank == rank }) else {
      found.append(Finding(rank: rank, diagnostic: diagnostic))
      return
    }
    found[i].diagnostic.count += diagnostic.count
    // Comments and empty rows tell their first place alone.
    guard diagnostic.severity != .note else { return }
    for place in [diagnostic.place] + diagnostic.places
    where found[i].diagnostic.places.count < 10 {
      found[i].diagnostic.places.append(place)
    }
  }

  /// The order in which ``TableNotes`` writes its diagnostics.
  private static func rank(_ diagnostic: Diagnostic) -> [Int] {
    var column = 0
    if case .cell(_, let number) = diagnostic.place { column = number }
    switch diagnostic.code {
    case "text.overflow": return [0, column, 0]
    case "text.missing": return [0, column, 1]
    case "text.comment": return [1]
    case "text.empty-row": return [2]
    case "text.cut-row": return [4]
    default: return [3]
    }
  }

  /// What there is to say of the rows, in the order of a table that is read at once.
  public var diagnostics: [Diagnostic] {
    found.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.diagnostic)
  }

  /// The line behind the last one where that has no line end; nil where it has one.
  public var lineWithoutEnd: Int? { endsWithNewline ? nil : nextLine - 1 }

  /// The line of a row, where every line between the first and the last row holds one.
  public func line(ofRow row: Int) -> Int? {
    guard let lines, lines.count == rows, row >= 0, row < rows else { return nil }
    return lines.lowerBound + row
  }

  /// Columns with their summaries, their places in the file filled in; nil where one has none.
  public func columns(_ plan: [Column], _ folds: [ColumnFold]) -> [Column]? {
    var result: [Column] = []
    for (column, fold) in zip(plan, folds) {
      guard var column = fold.summarised(column) else {
        stream.refuse()
        return nil
      }
      column.origin.bytes = bytes.map { [$0] } ?? []
      column.origin.lines = lines
      result.append(column)
    }
    return result
  }
}
