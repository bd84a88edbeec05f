public import Tables

/// Where the rows of a text table start, how its cells are separated, and what stands before them.
public struct TableLayout: Sendable {
  /// A line of names or units above the rows.
  public struct HeaderRow: Sendable {
    /// The line.
    public let line: TextLine
    /// The cells, blanks and quotes taken off.
    public let cells: [String]
  }

  /// The delimiter and the decimal mark.
  public let dialect: TableDialect
  /// Cells in a row.
  public let columns: Int
  /// What the first rows say about each column: `.real`, `.integer`, `.text`, `.undecided`.
  public let kinds: [NumericTable.Kind]
  /// Lines with as many cells as the rows directly above them, the lowest last; at most three.
  public let header: [HeaderRow]
  /// The lines above the header.
  public let preamble: [TextLine]
  /// The offset and line at which the rows start.
  public let dataStart: Int, dataLine: Int
  /// The share of cells in the first rows that are numbers or missing, 0…1.
  public let numericShare: Double
  /// Rows that were looked at.
  public let sampledRows: Int

  /// Rows looked at to decide.
  static let sampleRows = 50

  /// Finds the layout from the first lines of a text; nil where no line holds numbers.
  ///
  /// The delimiter is the candidate that gives the most constant count of numeric cells, tried in the
  /// order tab, semicolon, comma, bar, blanks, each with both decimal marks; see docs/text.md.
  ///
  /// - Throws: `text.columns` where a line has more cells than `maximumColumns`.
  public static func detect(
    _ text: ByteView, maximumColumns: Int = 16384
  ) throws(ReadFailure) -> TableLayout? {
    let lines = sample(text)
    var best: (score: Score, candidate: Candidate)?
    var tooWide: (line: TextLine, dialect: TableDialect)?
    let sampled = text.prefix(lines.last?.next ?? 0)
    for dialect in candidates where mayFit(dialect, sampled) {
      guard let candidate = Candidate(text, lines, dialect, maximumColumns, &tooWide) else {
        continue
      }
      if best.map({ $0.score < candidate.score }) ?? true { best = (candidate.score, candidate) }
    }
    if let tooWide, best.map({ $0.score.columns < 2 }) ?? true {
      throw ReadFailure(
        "text.columns", at: .line(tooWide.line.number),
        found: "more than \(maximumColumns) columns between '\(tooWide.dialect.delimiter.name)'",
        expected: "expected at most \(maximumColumns)")
    }
    return best.map { TableLayout($0.candidate, text, lines) }
  }

  /// Whether the sample holds the characters that a dialect is about.
  private static func mayFit(_ dialect: TableDialect, _ sample: ByteView) -> Bool {
    sample.withBytes { bytes in
      let comma = UInt8(ascii: ",")
      if dialect.decimalMark == comma, TextLines.count(of: comma, in: bytes) == 0 { return false }
      guard case .character(let mark) = dialect.delimiter else { return true }
      // A comma inside a number between commas needs quotes.
      if mark == comma, dialect.decimalMark == comma {
        return TextLines.count(of: UInt8(ascii: "\""), in: bytes) > 0
      }
      return TextLines.count(of: mark, in: bytes) > 0
    }
  }

  private static let candidates: [TableDialect] = {
    let delimiters: [TableDialect.Delimiter] = [
      .character(0x09), .character(UInt8(ascii: ";")), .character(UInt8(ascii: ",")),
      .character(UInt8(ascii: "|")), .blanks,
    ]
    return delimiters.flatMap { delimiter in
      [".", ","].map {
        TableDialect(delimiter: delimiter, decimalMark: UInt8(ascii: $0))
      }
    }
  }()

  /// The lines that are looked at: enough for a long preamble, not more than 1 MiB beyond the first.
  private static func sample(_ text: ByteView) -> [TextLine] {
    var lines: [TextLine] = []
    for line in TextLines(text) {
      lines.append(line)
      if lines.count >= 1000 || line.next > 1 << 20 { break }
    }
    return lines
  }

  /// How well a dialect fits; compared part by part.
  struct Score: Comparable {
    var several: Bool
    var fit: Int
    var columns: Int

    static func < (a: Score, b: Score) -> Bool {
      if a.several != b.several { return b.several }
      if a.fit != b.fit { return a.fit < b.fit }
      return a.columns < b.columns
    }
  }

  /// What one dialect makes of the sample.
  struct Candidate {
    let dialect: TableDialect
    let score: Score
    let columns: Int
    let first: Int
    let kinds: [NumericTable.Kind]
    let share: Double
    let rows: Int

    init?(
      _ text: ByteView, _ lines: [TextLine], _ dialect: TableDialect, _ maximumColumns: Int,
      _ tooWide: inout (line: TextLine, dialect: TableDialect)?
    ) {
      // The shape of each line: its cells, and how many are numbers; nil for empty lines and comments.
      var shapes: [(cells: Int, numbers: Int)?] = []
      var runs: [Run] = []
      for (i, line) in lines.enumerated() {
        let content = text[line.range]
        guard let shape = Self.shape(content, dialect, maximumColumns) else {
          shapes.append(nil)
          continue
        }
        if shape.cells > maximumColumns {
          if tooWide == nil { tooWide = (line, dialect) }
          return nil
        }
        shapes.append(shape)
        guard shape.numbers > 0 else { continue }
        if let last = runs.indices.last, runs[last].cells == shape.cells,
          !shapes[runs[last].end..<i].contains(where: { $0 != nil })
        {
          runs[last].end = i + 1
          runs[last].rows += 1
        } else {
          runs.append(
            Run(start: i, end: i + 1, cells: shape.cells, numbers: shape.numbers, rows: 1))
        }
        // Once a run is long, what follows cannot change where the rows start.
        if let last = runs.last, last.rows >= 2 * TableLayout.sampleRows { break }
      }
      guard var longest = runs.indices.max(by: { runs[$0].rows < runs[$1].rows }) else {
        return nil
      }
      // A damaged row cuts the run in two: the rows start at the first run of the same width.
      let width = runs[longest].cells
      let numbers = runs[longest].numbers
      while let previous = runs[..<longest].lastIndex(where: { $0.cells == width }),
        runs[longest].start - runs[previous].end <= 2, runs[previous].numbers == numbers
      {
        longest = previous
      }
      first = runs[longest].start
      columns = width
      self.dialect = dialect

      var tallies = Array(repeating: Tally(), count: width)
      var seen = 0
      var fitting = 0
      var good = 0
      for i in first..<shapes.count where seen < TableLayout.sampleRows {
        guard let shape = shapes[i] else { continue }
        seen += 1
        guard shape.cells == width else { continue }
        fitting += 1
        let content = text[lines[i].range]
        for (c, range) in dialect.ranges(content, limit: width).enumerated() {
          let kind = CellText.kind(content[range], dialect: dialect)
          tallies[c].add(kind)
          if kind != .text { good += 1 }
        }
      }
      kinds = tallies.map(\.kind)
      rows = fitting
      let cells = max(1, fitting * width)
      share = Double(good) / Double(cells)
      let numeric = tallies.count { $0.integers + $0.reals > 0 }
      score = Score(
        several: numeric > 1, fit: good * 1000 / cells * fitting / max(1, seen), columns: numeric)
    }

    private static func shape(
      _ line: ByteView, _ dialect: TableDialect, _ maximumColumns: Int
    ) -> (cells: Int, numbers: Int)? {
      let ranges = dialect.ranges(line, limit: maximumColumns + 1)
      guard let head = ranges.first, ranges.count > 1 || !head.isEmpty else { return nil }
      if line[head.lowerBound] == UInt8(ascii: "#") { return (ranges.count, 0) }
      var numbers = 0
      for range in ranges.prefix(maximumColumns) {
        let kind = CellText.kind(line[range], dialect: dialect)
        if kind == .integer || kind == .real { numbers += 1 }
      }
      return (ranges.count, numbers)
    }

    /// Neighbouring lines of one width that hold numbers; `numbers` is that of the first.
    private struct Run {
      var start: Int, end: Int
      var cells: Int, numbers: Int
      var rows: Int
    }

    /// What the cells of one column of the sample are.
    struct Tally {
      var integers = 0
      var reals = 0
      var texts = 0

      mutating func add(_ kind: CellText.Kind) {
        switch kind {
        case .integer: integers += 1
        case .real: reals += 1
        case .text: texts += 1
        case .missing: break
        }
      }

      var kind: NumericTable.Kind {
        let numbers = integers + reals
        if numbers == 0 { return texts == 0 ? .undecided : .text }
        if texts >= numbers { return .text }
        return reals == 0 ? .integer : .real()
      }
    }
  }

  private init(_ candidate: Candidate, _ text: ByteView, _ lines: [TextLine]) {
    dialect = candidate.dialect
    numericShare = candidate.share
    sampledRows = candidate.rows
    let first = lines[candidate.first]
    dataStart = first.range.lowerBound
    dataLine = first.number
    var rows: [HeaderRow] = []
    var width = candidate.columns
    var above = candidate.first
    var between: [TextLine] = []
    var i = candidate.first - 1
    while i >= 0, rows.count < 3 {
      defer { i -= 1 }
      let content = text[lines[i].range]
      if content.withBytes({ $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }) {
        if rows.isEmpty { continue } else { break }
      }
      if rows.isEmpty, Self.isRule(content) { continue }
      var cells = Self.labels(content, dialect, count: width)
      if cells == nil, rows.isEmpty, width > 1, candidate.kinds.last == .undecided {
        // Every row ends with a delimiter, and the names do not.
        cells = Self.labels(content, dialect, count: width - 1)
        if cells != nil { width -= 1 }
      }
      guard let cells else {
        // A comment of numbers alone is no name, and a line such as `End Comments` may follow the names.
        if rows.isEmpty, Self.isNumbers(content, dialect) { continue }
        if rows.isEmpty, between.isEmpty, width > 2, dialect.cells(content).count == 1,
          i > 0, Self.labels(text[lines[i - 1].range], dialect, count: width) != nil
        {
          between.append(lines[i])
          continue
        }
        break
      }
      rows.insert(HeaderRow(line: lines[i], cells: cells), at: 0)
      above = i
    }
    columns = width
    kinds = Array(candidate.kinds.prefix(width))
    header = rows
    preamble = Array(lines[..<above]) + between
  }

  /// Whether a line is drawn from marks such as `-----` or `# =====`.
  static func isRule(_ line: ByteView) -> Bool {
    line.withBytes { bytes in
      let marks = bytes.count { $0 == 0x2D || $0 == 0x3D || $0 == 0x5F || $0 == 0x2A || $0 == 0x7E }
      return marks >= 3
        && bytes.allSatisfy { byte in
          byte <= 0x20 || byte == 0x23 || byte == 0x2D || byte == 0x3D || byte == 0x5F
            || byte == 0x2A || byte == 0x7E || byte == 0x2B || byte == 0x7C || byte == 0x25
        }
    }
  }

  /// Whether a comment holds numbers alone.
  private static func isNumbers(_ line: ByteView, _ dialect: TableDialect) -> Bool {
    guard line[0] == UInt8(ascii: "#") || line[0] == UInt8(ascii: "%") else { return false }
    let kinds = dialect.kinds(line.dropFirst(1))
    return kinds.contains(.number) && !kinds.contains(.text)
  }

  /// The cells of a line of names if their count fits and one of them holds a letter.
  ///
  /// A mark of comments, a word such as `#L` or `Columns:` and one empty cell at the end are taken off.
  /// Names between blanks that hold blanks themselves are told apart by tabs, commas or two blanks.
  public static func labels(
    _ line: ByteView, _ dialect: TableDialect, count: Int
  ) -> [String]? {
    let whole = line
    var line = line
    func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
    // `#L energy  i0` of SPEC: one letter behind the mark says what the line is.
    if line[0] == UInt8(ascii: "#"), let letter = line[1], letter &- 65 < 26, isBlank(line[2]),
      let cells = labels(line.dropFirst(3), dialect, count: count)
    {
      return cells
    }
    while let byte = line[0],
      byte == 0x23 || byte == 0x20 || byte == 0x25 || byte == 0x7E
        || (byte == 0x09 && (line[1] == 0x23 || line[1] == 0x25))
    {
      line = line.dropFirst(1)
    }
    func isName(_ cell: String) -> Bool {
      cell.unicodeScalars.contains { $0.properties.isAlphabetic }
        && CellText.kind(ByteView(utf8: cell), dialect: dialect) == .text
    }
    func fits(_ cells: [String]) -> [String]? {
      guard cells.contains(where: isName) else { return nil }
      // Above a single column, a key with its value is no name.
      if count == 1, let cell = cells.first, cell.contains("=") || cell.hasSuffix(":") {
        return nil
      }
      if cells.count == count { return cells }
      if cells.count == count + 1, cells.last == "" { return cells.dropLast() }
      if cells.count == count + 1, let first = cells.first, count > 1,
        ["columns:", "names:", "labels:", "header:", "fields:", "channels:"].contains(
          first.lowercased())
      {
        return Array(cells.dropFirst())
      }
      guard cells.count > count, dialect.delimiter != .blanks else { return nil }
      // Two delimiters between names, or one name more than there are cells.
      let filled = cells.filter { !$0.isEmpty }
      if filled.count == count, filled.allSatisfy(isName) { return filled }
      if cells.count == count + 1, count > 1, cells.allSatisfy(isName) {
        return Array(cells.prefix(count))
      }
      return nil
    }
    // In a row of units `#` may stand for the unit of a number.
    let own = fits(dialect.cells(line)) ?? fits(dialect.cells(whole))
    guard dialect.delimiter == .blanks else { return own }
    let comma = UInt8(ascii: ",")
    if let own, own.count == 1 || own.dropLast().contains(where: { $0.utf8.last != comma }) {
      return own
    }
    for delimiter: TableDialect.Delimiter in [
      .character(0x09), .character(comma), .character(UInt8(ascii: ";")),
      .character(UInt8(ascii: "|")),
    ] {
      if let cells = fits(TableDialect(delimiter: delimiter).cells(line)) { return cells }
    }
    return own ?? fits(byWideGaps(line))
  }

  private static func byWideGaps(_ line: ByteView) -> [String] {
    var cells: [String] = []
    var current = ""
    var blanks = 0
    for character in TextLines.string(line) {
      if character == " " || character == "\t" {
        blanks += character == "\t" ? 2 : 1
        continue
      }
      if blanks > 0, !current.isEmpty {
        if blanks > 1 {
          cells.append(current)
          current = ""
        } else {
          current += " "
        }
      }
      blanks = 0
      current.append(character)
    }
    if !current.isEmpty { cells.append(current) }
    return cells
  }
}

extension TableLayout {
  /// What the rows from an offset on say about their columns, where the delimiter is known.
  ///
  /// Both decimal marks are tried; the point stands where they do equally well. Nil where no row holds
  /// a number.
  public static func survey(
    _ text: ByteView, from start: Int, line: Int, delimiter: TableDialect.Delimiter,
    maximumColumns: Int = 16384
  ) -> (dialect: TableDialect, columns: Int, kinds: [NumericTable.Kind])? {
    var lines: [TextLine] = []
    for row in TextLines(text, from: start, number: line) {
      lines.append(row)
      if lines.count >= 4 * sampleRows { break }
    }
    var best: Candidate?
    for mark: Unicode.Scalar in [".", ","] {
      let dialect = TableDialect(delimiter: delimiter, decimalMark: UInt8(ascii: mark))
      var tooWide: (line: TextLine, dialect: TableDialect)?
      guard let candidate = Candidate(text, lines, dialect, maximumColumns, &tooWide) else {
        continue
      }
      if best.map({ $0.score < candidate.score }) ?? true { best = candidate }
    }
    return best.map { ($0.dialect, $0.columns, $0.kinds) }
  }
}
