internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// A column text of a beamline, taken apart: header, rows and footer.
///
/// Beamlines agree on nothing but rows of numbers: comment marks are `#`, `;`, `%`, `*`, `!`, `$`, `:`, ` C`
/// or none, and the header may hold numbers too. The table is the longest one of equal rows, found from
/// the end of the file upwards; empty lines, comments and single damaged rows do not end it.
struct BeamlineText {
  /// The decoded file.
  let text: DecodedText
  /// All lines.
  let lines: [TextLine]
  /// How the cells are separated.
  let dialect: TableDialect
  /// Cells in a row.
  let width: Int
  /// The lines from the first row to the last, by their place in `lines`.
  let rows: Range<Int>
  /// Cells at the start of a row that are text.
  let words: Int
  /// What each line of `rows` is.
  private let kinds: [Kind]

  private enum Kind { case row, overrun, damaged, comment, blank }

  /// The lines above the rows, the marks of comments taken off.
  let header: [HeaderLine]
  /// The lines below the rows.
  var footer: [HeaderLine] { lines[rows.upperBound...].map { HeaderLine($0, text) } }

  /// Decodes a file and finds its table.
  ///
  /// - Parameters:
  ///   - words: cells at the start of a row that are text, such as a date and a time.
  ///   - aside: lines that are no part of the table although they hold numbers.
  /// - Throws: `xas.no-data` where no line holds numbers, `xas.too-many-columns` beyond the limit.
  init(
    _ bytes: ByteView, words: Int = 0, options: ReadOptions,
    aside: ([UInt8]) -> Bool = { _ in false }, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    guard bytes.count > 0 else {
      throw ReadFailure(
        "xas.empty", at: .byte(0), found: "the file is empty (0 bytes)",
        expected: "expected a scan")
    }
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let lines = Array(TextLines(text.utf8))
    let dialect = Self.dialect(text, lines, words)
    var isAside = lines.map { aside(Self.content(text, $0)) }
    var shapes = zip(lines, isAside).map { line, isAside in
      isAside ? RowShape([], dialect) : RowShape(Self.content(text, line), dialect, words: words)
    }
    var counts: [Int: Int] = [:]
    for shape in shapes where shape.isRow(words: words) { counts[shape.cells, default: 0] += 1 }
    // Of widths that occur equally often the largest: a cut row is narrower.
    guard let width = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else {
      throw ReadFailure(
        "xas.no-data", at: .line(max(1, lines.count)), found: "there is no row of numbers",
        expected: "expected rows of numbers below the header; the scan may have been stopped")
    }
    guard width <= options.limits.columns else {
      throw ReadFailure(
        "xas.too-many-columns", at: .line(1), found: "the rows have \(width) cells",
        expected: "expected at most \(options.limits.columns)")
    }
    // A row may be joined to a line that was set aside.
    for i in isAside.indices where isAside[i] {
      let shape = RowShape(Self.content(text, lines[i]), dialect, words: words)
      if shape.cells > width { (shapes[i], isAside[i]) = (shape, false) }
    }
    let marks = zip(lines, isAside).map { $1 ? .comment : Self.mark(Self.content(text, $0)) }
    let rows = Self.table(shapes, marks, width, words)
    kinds = rows.map { i in
      if marks[i] == .blank { return .blank }
      if shapes[i].isRow(words: words), shapes[i].cells == width {
        return shapes[i].hasOverrun ? .overrun : .row
      }
      return marks[i] == .comment && dialect.delimiter != .character(0x3B) ? .comment : .damaged
    }
    (self.text, self.lines, self.dialect, self.width) = (text, lines, dialect, width)
    (self.rows, self.words) = (rows, words)
    header = lines[..<rows.lowerBound].map { HeaderLine($0, text) }
  }

  // MARK: - Where the table stands

  private enum Mark { case blank, comment, none }

  static func content(_ text: DecodedText, _ line: TextLine) -> [UInt8] {
    text.utf8[line.range].array
  }

  private static func mark(_ line: [UInt8]) -> Mark {
    guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return .blank }
    return HeaderLine.marks.contains(first) ? .comment : .none
  }

  /// The delimiter and decimal mark that make rows of most lines near the end.
  private static func dialect(_ text: DecodedText, _ lines: [TextLine], _ words: Int)
    -> TableDialect
  {
    // A few rows tell; only where the end of the file holds none, all lines are looked at.
    for count in [16, 1000, Int.max] {
      let sample = lines.suffix(count).map { content(text, $0) }
      if let found = dialect(sample, words) { return found }
      if count > lines.count { break }
    }
    return TableDialect(delimiter: .blanks)
  }

  private static func dialect(_ sample: [[UInt8]], _ words: Int) -> TableDialect? {
    let present = Set(sample.joined())
    let delimiters: [UInt8?] = [nil, 0x2C, 0x3B, 0x09]
    var best: (dialect: TableDialect, rows: Int, cells: Int)?
    for mark in [UInt8(ascii: "."), UInt8(ascii: ",")] {
      if mark == 0x2C, !present.contains(mark) { continue }
      for byte in delimiters {
        if let byte, !present.contains(byte) || byte == mark { continue }
        let dialect = TableDialect(
          delimiter: byte.map { .character($0) } ?? .blanks, decimalMark: mark)
        var counts: [Int: Int] = [:]
        for line in sample {
          let shape = RowShape(line, dialect, words: words)
          if shape.isRow(words: words), shape.cells > 1 { counts[shape.cells, default: 0] += 1 }
        }
        guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
          continue
        }
        if best.map({ ($0.rows, $0.cells) < (most.value, most.key) }) ?? true {
          best = (dialect, most.value, most.key)
        }
      }
    }
    return best?.dialect
  }

  /// From the last row upwards, over empty lines, comments and at most two damaged lines in a row.
  private static func table(
    _ shapes: [RowShape], _ marks: [Mark], _ width: Int, _ words: Int
  ) -> Range<Int> {
    func isRow(_ i: Int) -> Bool { shapes[i].isRow(words: words) && shapes[i].cells == width }
    guard let last = shapes.indices.last(where: isRow) else { return 0..<0 }
    var first = last
    var damaged = 0
    var run = 0
    var i = last - 1
    while i >= 0 {
      if isRow(i) {
        run += 1
        // Behind damaged lines a single row may be part of a header: three belong to the table.
        if damaged == 0 || run >= 3 {
          first = i
          damaged = 0
        }
      } else if marks[i] == .none {
        run = 0
        if !isDamagedRow(shapes[i], width) { damaged += 1 }
        if damaged > 2 { break }
      } else if marks[i] == .comment, damaged > 0 {
        run = 0
      }
      i -= 1
    }
    // A row that lost a digit is no label: half of its cells still are numbers.
    while first > 0, marks[first - 1] == .none, isDamagedRow(shapes[first - 1], width) {
      first -= 1
    }
    var end = last + 1
    while end < shapes.count, marks[end] == .none, isDamagedRow(shapes[end], width) { end += 1 }
    return first..<end
  }

  /// A row of which a cell was spoilt, a blank or a line end lost: most of its cells still are numbers.
  private static func isDamagedRow(_ shape: RowShape, _ width: Int) -> Bool {
    guard shape.numbers > 0, shape.numbers + shape.spoilt == shape.cells else { return false }
    if shape.spoilt == 0 { return shape.cells <= 2 * width + 1 }
    return shape.cells > 1 && shape.cells >= width - 1 && shape.cells <= 2 * width + 1
      && shape.numbers >= shape.spoilt
  }

  // MARK: - Reading the rows

  /// The rows as columns.
  struct Values {
    var table: NumericTable
    /// The line of each row.
    var lines: [Int]
    /// Where the rows stand in the file.
    var bytes: Range<Int>
    /// Comments among the rows.
    var comments: [HeaderLine]
    /// Whether every row was read.
    var complete: Bool

    func place(_ row: Int) -> Place {
      lines.indices.contains(row) ? .line(lines[row]) : .whole
    }
  }

  /// Reads the rows; damaged ones are left out with a warning, comments are kept apart.
  func values(
    _ headings: [ColumnHeading], options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Values {
    var clean: [UInt8] = []
    var rowLines: [Int] = []
    var comments: [HeaderLine] = []
    var damaged: [Place] = []
    for (i, kind) in zip(rows, kinds) {
      let content = Self.content(text, lines[i])
      switch kind {
      case .row, .overrun:
        clean += kind == .row ? content : RowShape.withoutOverruns(content)
        rowLines.append(lines[i].number)
      case .comment: comments.append(HeaderLine(lines[i], text))
      case .damaged: damaged.append(.line(lines[i].number))
      case .blank: break
      }
      clean.append(0x0A)
    }
    if let last = header.last, isJoined(last) { damaged.insert(.line(last.number), at: 0) }
    report(damaged, comments, into: &diagnostics)
    var requests = headings.map { $0.request(options) }
    for i in 0..<min(words, requests.count) { requests[i].kind = .text }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.comment = nil
    let number = rows.isEmpty ? 1 : lines[rows.lowerBound].number
    var ignored = DiagnosticList()
    let table = try NumericTable.parse(
      try DecodedText.decode(ByteView(clean), into: &ignored), from: 0, line: number,
      dialect: dialect, columns: requests, rules: rules, into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "xas.no-data", at: .line(number), found: "there is no row of numbers",
        expected: "expected rows of numbers below the header; the scan may have been stopped")
    }
    let start = text.sourceOffset(lines[rows.lowerBound].range.lowerBound)
    let end = text.sourceOffset(lines[rows.upperBound - 1].range.upperBound)
    return Values(
      table: table, lines: rowLines, bytes: start..<max(start, end), comments: comments,
      complete: table.complete && damaged.isEmpty)
  }

  private func report(
    _ damaged: [Place], _ comments: [HeaderLine], into diagnostics: inout DiagnosticList
  ) {
    if let first = damaged.first {
      diagnostics.warn(
        "xas.damaged-row", at: first,
        found: "a row that does not hold \(width) numbers", expected: "the row is left out",
        count: damaged.count, places: Array(damaged.dropFirst().prefix(10)))
    }
    for line in header.suffix(1) + comments + footer where isRow(line) {
      diagnostics.note(
        "xas.commented-row", at: .line(line.number),
        found: "a comment holds \(width) numbers like a row",
        expected: "it is kept in the metadata")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", at: .line(lines.last?.number ?? 1),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
  }

  /// Whether a comment is a row behind its mark, as the dummy `#0 0 0` of SLS.
  func isRow(_ line: HeaderLine) -> Bool {
    guard line.isComment else { return false }
    let shape = RowShape(Array(line.text.utf8), dialect, words: words)
    return shape.isRow(words: words) && shape.cells == width
  }

  /// Whether a row was joined to the line above: words, and behind them all but one number of a row.
  private func isJoined(_ line: HeaderLine) -> Bool {
    let bytes = Array(line.text.utf8)
    guard RowShape(bytes, dialect, words: words).cells >= width else { return false }
    let cells = dialect.cells(ByteView(bytes))
    let numbers = cells.reversed().prefix { cell in
      RowShape(Array(cell.utf8), TableDialect(delimiter: .blanks, decimalMark: dialect.decimalMark))
        .isRow(words: 0)
    }
    let words = cells.dropLast(numbers.count)
    guard numbers.count >= max(1, width - 1), let first = words.first else { return false }
    // `OFFSETS 49166 53328` is a setting: one word, as many cells as a row.
    return words.count > 1 || first.contains { !$0.isLetter }
  }
}
