internal import Bytes
internal import Tables

/// The lines above the rows: where they stand, their cells, and the metadata before them.
struct RecipeHeader {
  /// The rows of the header, the column names last; none where the columns have no names.
  var rows: [TextLine]
  /// The lines between the start of the part and the header.
  var preamble: [TextLine]
  /// Where the line below the header stands.
  var below: RecipeRows.Start

  /// How far a header may stand from the start.
  static let mostLines = 20_000
  static let mostBytes = 8 << 20

  /// The line of the column names; nil where there are none.
  var line: TextLine? { rows.last }

  /// The number of the line that messages about columns name.
  var number: Int { rows.last?.number ?? below.line }

  /// Finds the header of a part of a text; nil where there is none.
  init?(_ recipe: Recipe, _ text: ByteView, _ part: RecipePart) {
    rows = []
    preamble = []
    below = RecipeRows.Start(offset: part.start, line: part.line)
    var lines: [TextLine] = []
    var found: Int?
    var wanted: Int?
    if case .number(let number) = recipe.header.columnsAt {
      if number == 0 { return }
      wanted = number
    }
    for line in TextLines(text.prefix(part.end), from: part.start, number: part.line) {
      lines.append(line)
      switch recipe.header.columnsAt {
      case .match(let pattern):
        if pattern.matches(text[line.range]) { found = lines.count - 1 }
      case .number, .count:
        if wanted == nil, case .count(let pattern) = recipe.header.columnsAt,
          let match = pattern.match(text[line.range]), let count = match[1].flatMap({ Int($0) })
        {
          wanted = count
        }
        if let wanted, lines.count >= wanted, wanted >= 1 { found = wanted - 1 }
      }
      if found != nil || lines.count >= Self.mostLines || line.next - part.start > Self.mostBytes {
        break
      }
    }
    let count = recipe.header.rowNames.count
    guard let found, found + 1 >= count, lines.indices.contains(found) else { return nil }
    rows = Array(lines[(found + 1 - count)...found])
    preamble = Array(lines[..<(found + 1 - count)])
    below = RecipeRows.Start(offset: lines[found].next, line: lines[found].number + 1)
  }

  /// A line without what the recipe takes off its start.
  static func stripped(_ line: ByteView, _ pattern: LinePattern?) -> ByteView {
    guard let range = pattern?.match(line)?.ranges.first ?? nil, range.lowerBound == 0 else {
      return line
    }
    return line.dropFirst(range.upperBound)
  }

  /// The cells of each row, all as many as the column names; a warning where a row has more.
  ///
  /// Columns without names are `column 1`, `column 2` and so on.
  func cells(
    _ recipe: Recipe, _ text: ByteView, _ dialect: TableDialect, columns: Int,
    into diagnostics: inout DiagnosticList
  ) -> [[String]] {
    if rows.isEmpty { return [(0..<columns).map { "column \($0 + 1)" }] }
    var result = rows.map { row in
      let line = Self.stripped(text[row.range], recipe.header.strip)
      let cells = dialect.cells(line)
      // Names above columns between blanks may stand between other marks.
      guard dialect.delimiter == .blanks || rows.count == 1 && cells.count > columns else {
        return cells
      }
      return TableLayout.labels(line, dialect, count: columns) ?? cells
    }
    guard var names = result.popLast() else { return [] }
    while names.last == "" { names.removeLast() }
    for (i, cells) in result.enumerated() {
      let more = cells.dropFirst(names.count)
      if let first = more.first(where: { !$0.isEmpty }) {
        diagnostics.warn(
          "recipe.header-cells", at: .line(rows[i].number),
          found: "\(cells.count) cells above \(names.count) columns, such as '\(first.prefix(40))'",
          expected: "expected a cell for each column; those beyond are left out")
      }
      result[i] = Array(cells.prefix(names.count))
      while result[i].count < names.count { result[i].append("") }
    }
    return result + [names]
  }
}

/// A part of a text with rows of its own: the whole of it, or a section.
struct RecipePart {
  /// The offset of its first line.
  var start: Int
  /// The offset behind its last line.
  var end: Int
  /// The number of its first line.
  var line: Int
  /// The name of its table; nil for the usual one.
  var name: String?
  /// What the groups of its first line hold.
  var groups: [String: String] = [:]

  /// The sections of a text; the whole where the recipe has none, or none is found.
  static func all(_ recipe: Recipe, _ text: ByteView) -> [RecipePart] {
    guard let sections = recipe.data.sections else {
      return [RecipePart(start: 0, end: text.count, line: 1)]
    }
    var parts: [RecipePart] = []
    for line in TextLines(text) {
      guard let match = sections.match.match(text[line.range]) else { continue }
      var part = RecipePart(start: line.range.lowerBound, end: text.count, line: line.number)
      for name in sections.match.groups.compactMap({ $0 }) { part.groups[name] = match[name] }
      part.name =
        sections.name?.text { part.groups[$0] } ?? match[0].map { String($0.prefix(80)) }
      if !parts.isEmpty { parts[parts.count - 1].end = line.range.lowerBound }
      parts.append(part)
      if parts.count >= most { break }
    }
    return parts.isEmpty ? [RecipePart(start: 0, end: text.count, line: 1)] : parts
  }

  /// The most sections of a file.
  static let most = 10_000
}

/// The metadata of a file: what patterns and marks find in the lines above the header, and the rest as it is.
struct RecipeMetadata {
  private(set) var metadata = Metadata()
  private(set) var origins: [String: Origin] = [:]

  /// The most lines that are kept.
  static let mostLines = 20_000

  init() {}

  mutating func add(_ lines: [TextLine], _ recipe: Recipe, _ text: DecodedText) {
    for line in lines.prefix(Self.mostLines) {
      let view = text.utf8[line.range]
      var isTaken = false
      for pattern in recipe.header.patterns {
        guard let match = pattern.match(view) else { continue }
        isTaken = true
        for name in pattern.groups.compactMap({ $0 }) {
          if let value = match[name], !value.isEmpty { add(name, value, line, text) }
        }
      }
      if isTaken { continue }
      let words = TextLines.string(view)
      if Self.trimmed(words[...]).isEmpty { continue }
      if let mark = recipe.header.keyMark, let pair = Self.pair(words, mark) {
        add(pair.0, pair.1, line, text)
      } else {
        add("line \(line.number)", words, line, text)
      }
    }
  }

  private mutating func add(_ key: String, _ value: String, _ line: TextLine, _ text: DecodedText) {
    let isNew = metadata[key] == nil
    metadata.append(key, value)
    guard isNew else { return }
    let range =
      text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
    origins[key] = Origin(bytes: [range], lines: line.number...line.number)
  }

  private static func pair(_ line: String, _ mark: String) -> (String, String)? {
    let mark = Array(mark.utf8)
    let bytes = Array(line.utf8)
    guard !mark.isEmpty, bytes.count >= mark.count,
      let at = (0...(bytes.count - mark.count)).first(where: {
        Array(bytes[$0..<($0 + mark.count)]) == mark
      })
    else { return nil }
    let key = trimmed(String(decoding: bytes[..<at], as: UTF8.self)[...])
    let value = trimmed(String(decoding: bytes[(at + mark.count)...], as: UTF8.self)[...])
    let plain = key.drop { $0 == "#" || $0 == "%" || $0 == " " }
    return plain.isEmpty || plain.count > 200 ? nil : (String(plain), value)
  }

  static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
