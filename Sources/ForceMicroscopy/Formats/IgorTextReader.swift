internal import Bytes
internal import Reading
internal import Tables

/// Reads the blocks and commands of an Igor text file.
struct IgorTextReader {
  /// The waves in the file's order.
  private(set) var waves: [IgorWrittenWave] = []
  /// The commands, without the `X` before them.
  private(set) var commands: [(text: String, line: Int)] = []
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()
  /// Whether all declared points are there.
  private(set) var isComplete = true
  private var names: [String: Int] = [:]
  private let text: DecodedText
  private let options: ReadOptions

  /// Bytes of a heading or command.
  private static let longestLine = 4 << 20

  /// Reads a whole text.
  init(_ text: DecodedText, options: ReadOptions) throws(ReadFailure) {
    self.text = text
    self.options = options
    var lines = TextLines(text.utf8).makeIterator()
    var isFirst = true
    while let line = lines.next() {
      guard line.range.count <= Self.longestLine else {
        throw ReadFailure(
          "itx.line-length", at: .line(line.number), found: "a line of \(line.range.count) bytes",
          expected: "expected at most \(Self.longestLine) outside of blocks")
      }
      let content = Self.trimmed(text.utf8[line.range])
      if content.isEmpty || content.hasPrefix("//") { continue }
      if isFirst {
        isFirst = false
        guard content.uppercased() == "IGOR" else {
          throw ReadFailure(
            "itx.header", at: .line(line.number), found: "'\(content.prefix(40))'",
            expected: "expected the line IGOR")
        }
        continue
      }
      let upper = content.prefix(6).uppercased()
      if upper.hasPrefix("WAVES"), content.count == 5 || !Self.isLetter(content.dropFirst(5)) {
        try block(String(content.dropFirst(5)), heading: line.number, &lines)
      } else if upper.hasPrefix("X"), content.count > 1, !Self.isLetter(content.dropFirst()) {
        take(commands: String(content.dropFirst()), line: line.number)
      } else {
        isComplete = false
        diagnostics.warn(
          "itx.strange-line", at: .line(line.number),
          found: "a line that is neither WAVES nor a command",
          expected: "it is left out: expected WAVES, X or a comment")
      }
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "itx.last-line", found: "the last line has no end: the file may have been cut there")
    }
    if isFirst {
      throw ReadFailure(
        "itx.header", at: .line(1), found: "no line with text", expected: "expected the line IGOR")
    }
  }

  private static func isLetter(_ text: Substring) -> Bool {
    text.first.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
  }

  /// A line without blanks around it; long lines only as far as a heading or command may go.
  private static func trimmed(_ line: ByteView) -> String {
    let bytes = line.array
    let blanks: Set<UInt8> = [0x20, 0x09, 0]
    guard let start = bytes.firstIndex(where: { !blanks.contains($0) }),
      let end = bytes.lastIndex(where: { !blanks.contains($0) })
    else { return "" }
    return String(decoding: bytes[start...end], as: UTF8.self)
  }

  private mutating func take(commands line: String, line number: Int) {
    for part in IgorTextWords.commands(line) {
      commands.append((part, number))
      if part.hasPrefix("//") { continue }
      let command = IgorTextCommand(part)
      if command.strangeEscapes > 0 {
        diagnostics.note(
          "itx.escape", at: .line(number),
          found: "escapes in a string that are not known are kept as they are written")
      }
      if !command.apply(to: &waves, line: number, names: names) {
        diagnostics.note(
          "itx.command", at: .line(number),
          found: "a command that is not understood is kept in the metadata")
      }
    }
  }

  /// The block of a heading: BEGIN, rows, END.
  private mutating func block(
    _ heading: String, heading number: Int, _ lines: inout TextLines.Iterator
  ) throws(ReadFailure) {
    let heading = IgorTextHeading(IgorTextWords.split(heading))
    guard !heading.names.isEmpty, let width = heading.width else {
      throw ReadFailure(
        "itx.heading", at: .line(number),
        found: heading.names.isEmpty
          ? "a block without names" : "\(heading.names.count) waves of \(heading.lengths) points",
        expected: "expected WAVES/N=(rows, columns) 'name', or WAVES and names")
    }
    for flag in heading.strange {
      diagnostics.warn(
        "itx.flag", at: .line(number), found: "the flag \(flag)",
        expected: "expected one of /D /S /B /W /I /L /U /C /T /N /O /R; it is passed over")
    }
    guard width * heading.names.count <= options.limits.columns else {
      throw ReadFailure(
        "itx.many-columns", at: .line(number),
        found: "a line of the block holds \(width * heading.names.count) numbers",
        expected: "expected at most \(options.limits.columns)")
    }
    var begin = lines.next()
    while let line = begin, Self.trimmed(text.utf8[line.range]).isEmpty { begin = lines.next() }
    guard let begin, Self.trimmed(text.utf8[begin.range]).uppercased() == "BEGIN" else {
      throw ReadFailure(
        "itx.begin", at: .line(begin?.number ?? number), found: "no BEGIN behind WAVES",
        expected: "expected a line BEGIN")
    }
    // The rows end at END; blank lines may stand between and behind them.
    var end = begin.next
    var isClosed = false
    var last = begin.number
    while let line = lines.next() {
      let bytes = text.utf8[line.range]
      if Self.startsLikeEnd(bytes), Self.trimmed(bytes).uppercased() == "END" {
        isClosed = true
        break
      }
      end = line.next
      last = line.number
    }
    if !isClosed {
      isComplete = false
      diagnostics.warn(
        "itx.no-end", at: .line(last), found: "the text ends within the block of line \(number)",
        expected: "expected END; the whole rows are kept")
    }
    let rows = begin.next..<end
    if heading.kind == .text {
      takeTexts(heading, rows, from: begin.number + 1, isClosed: isClosed)
    } else {
      try takeNumbers(
        heading, width: width, rows, from: begin.number + 1, to: last, isClosed: isClosed)
    }
  }

  private static func startsLikeEnd(_ line: ByteView) -> Bool {
    var i = 0
    while let byte = line[i], byte == 0x20 || byte == 0x09 { i += 1 }
    return line[i] == UInt8(ascii: "E") || line[i] == UInt8(ascii: "e")
  }
}

extension IgorTextReader {
  private mutating func takeNumbers(
    _ heading: IgorTextHeading, width: Int, _ range: Range<Int>, from first: Int, to last: Int,
    isClosed: Bool
  ) throws(ReadFailure) {
    var ignored = DiagnosticList()
    let part = try DecodedText.decode(text.utf8[range], into: &ignored)
    let count = width * heading.names.count
    let requests = (0..<count).map { i in
      NumericTable.Request(
        heading.kind == .integer ? .integer : .real(), label: heading.names[i / width])
    }
    var rules = NumericTable.Rules()
    rules.comment = UInt8(ascii: "/")
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = !isClosed
    rules.lineBytes = options.limits.lineBytes
    let table = try NumericTable.parse(
      part, from: 0, line: first, dialect: Self.dialect(part.utf8, columns: count),
      columns: requests, rules: rules, into: &diagnostics)
    isComplete = isComplete && table.complete
    var lengths = heading.lengths
    if let declared = heading.rows, declared != table.rows {
      isComplete = false
      diagnostics.warn(
        "itx.rows", at: .line(last),
        found: "\(table.rows) rows are there, \(declared) are declared",
        expected: "expected both to be the same; those that are there are given")
      // Layers can no longer be told apart: all rows stand in the columns of one layer.
      if !lengths.isEmpty { lengths = [table.rows] + lengths.dropFirst().prefix(1) }
    }
    let origin = Origin(
      bytes: text.encoding == .utf8
        ? [text.sourceOffset(range.lowerBound)..<text.sourceOffset(range.upperBound)] : [],
      lines: first...max(first, last), steps: ["decimal text"])
    for (i, name) in heading.names.enumerated() {
      let series = (i * width..<(i + 1) * width).map { column in
        IgorTextPoints.Series(values: table.values[column], missing: table.missing[column])
      }
      let points = IgorTextPoints(
        series, lengths: lengths, isComplex: heading.isComplex, isCut: !isClosed, origin: origin,
        storage: heading.kind == .integer ? .integer : .float64)
      add(
        name, lengths.isEmpty ? [table.rows] : lengths, points: points, origin: origin,
        isCut: !isClosed, line: first)
    }
  }

  /// Text waves: strings in double quotes, one a wave in each line.
  private mutating func takeTexts(
    _ heading: IgorTextHeading, _ range: Range<Int>, from first: Int, isClosed: Bool
  ) {
    var texts: [[String]] = heading.names.map { _ in [] }
    var last = first
    for line in TextLines(text.utf8[range], number: first) {
      let words = IgorTextWords.split(TextLines.string(text.utf8[range][line.range]))
      last = line.number
      if words.isEmpty { continue }
      if words.count != heading.names.count, heading.lengths.count < 2 {
        isComplete = false
        diagnostics.warn(
          "itx.text-row", at: .line(line.number),
          found: "\(words.count) texts in a line for \(heading.names.count) waves",
          expected: "expected one for each; the line is left out")
        continue
      }
      // A wave of several dimensions gives all its texts in one column, line by line.
      for (i, word) in words.enumerated() {
        texts[heading.lengths.count > 1 ? 0 : i].append(word.content)
      }
    }
    let origin = Origin(lines: first...last, steps: ["text"])
    for (name, list) in zip(heading.names, texts) {
      add(
        name, [list.count], points: nil, texts: list, origin: origin, isCut: !isClosed, line: first)
    }
  }

  private mutating func add(
    _ name: String, _ dimensions: [Int], points: IgorTextPoints?, texts: [String] = [],
    origin: Origin, isCut: Bool, line: Int
  ) {
    var shape = IgorShape(name: name, dimensions: dimensions)
    shape.isCut = isCut
    shape.labelPlace = .line(line)
    shape.unitPlace = .line(line)
    shape.dimensionPlace = .line(line)
    shape.axisOrigin = Origin(steps: ["SetScale"])
    names[name.lowercased()] = waves.count
    waves.append(IgorWrittenWave(shape: shape, points: points, texts: texts, origin: origin))
  }

  /// What stands between the numbers of a row, and their decimal mark: the first pair that fits the
  /// first row with digits.
  private static func dialect(_ text: ByteView, columns: Int) -> TableDialect {
    let delimiters: [TableDialect.Delimiter] = [.character(0x09), .blanks, .character(0x2C)]
    for line in TextLines(text).prefix(100) {
      let bytes = text[line.range]
      for mark in [UInt8(ascii: "."), UInt8(ascii: ",")] {
        let scanner = NumberScanner(decimalMark: mark)
        for delimiter in delimiters where delimiter != .character(mark) {
          let dialect = TableDialect(delimiter: delimiter, decimalMark: mark)
          let cells = dialect.cells(bytes)
          guard cells.count == columns, cells.contains(where: { $0.contains(where: \.isNumber) })
          else { continue }
          let fits = cells.allSatisfy { cell in
            scanner.parse(cell) != nil || !cell.contains(where: \.isNumber)
          }
          if fits { return dialect }
        }
      }
    }
    return TableDialect(delimiter: .blanks)
  }
}
