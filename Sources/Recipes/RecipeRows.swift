internal import Bytes
internal import Reading
internal import Tables

/// The rows of a part of a text: where they start and end, and their values.
struct RecipeRows {
  let recipe: Recipe
  let text: DecodedText
  let part: RecipePart
  /// Where the line below the header stands.
  let below: Start
  /// The line of the column names; nil where there are none.
  let header: TextLine?

  /// Where rows start.
  struct Start {
    var offset: Int
    var line: Int
  }

  /// The first row: where the recipe says, else below the header and its units.
  ///
  /// - Throws: `recipe.data-start` where no line is the one that the recipe names.
  func start() throws(ReadFailure) -> Start {
    var next = below
    if recipe.header.hasUnitsRow { next = after(next) }
    guard let rule = recipe.data.starts else { return next }
    for line in TextLines(text.utf8.prefix(part.end), from: next.offset, number: next.line) {
      if matches(rule, line) { return Start(offset: line.range.lowerBound, line: line.number) }
    }
    throw ReadFailure(
      "recipe.data-start", at: .line(next.line), found: "no line starts the rows",
      expected: "expected the one that the recipe \(recipe.id) names in data.starts")
  }

  private func after(_ start: Start) -> Start {
    var lines = TextLines(text.utf8.prefix(part.end), from: start.offset).makeIterator()
    return lines.next().map { Start(offset: $0.next, line: start.line + 1) } ?? start
  }

  private func matches(_ rule: Recipe.LineRule, _ line: TextLine) -> Bool {
    switch rule {
    case .match(let pattern), .count(let pattern): pattern.matches(text.utf8[line.range])
    case .number(let number): line.number - part.line + 1 == number
    }
  }

  /// The line behind the last row; nil where the rows go on to the end.
  func end(_ start: Start) -> TextLine? {
    guard let rule = recipe.data.ends else { return nil }
    for line in TextLines(text.utf8.prefix(part.end), from: start.offset, number: start.line) {
      if matches(rule, line) { return line }
    }
    return nil
  }

  /// How the rows are read.
  func rules(_ options: ReadOptions) -> NumericTable.Rules {
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = true
    rules.comment = recipe.text.comment
    rules.missingWords = Set(recipe.text.missing)
    switch recipe.data.ragged {
    case .error: rules.mayDropRows = false
    case .pad: rules.padsShortRows = true
    case .drop: rules.mayDropAnyRow = true
    case nil: break
    }
    return rules
  }

  /// The stretches between headers that are repeated.
  func stretches(_ start: Start, _ end: Int) -> [(start: Start, end: Int)] {
    guard recipe.data.repeatsHeader, let header else { return [(start, end)] }
    let name = text.utf8[header.range].array
    var result: [(start: Start, end: Int)] = []
    var from = start
    for line in TextLines(text.utf8.prefix(end), from: start.offset, number: start.line) {
      guard line.range.count == name.count, text.utf8[line.range].starts(with: name) else {
        continue
      }
      // The rows of a header stand above its names, and the units below.
      let above = recipe.header.rowNames.count - 1
      if line.number - above > from.line {
        result.append((from, self.start(above, before: line, from)))
      }
      from = Start(offset: line.next, line: line.number + 1)
      if recipe.header.hasUnitsRow { from = after(from) }
    }
    result.append((from, end))
    return result
  }

  /// The offset of the line that stands `count` lines above another.
  private func start(_ count: Int, before line: TextLine, _ from: Start) -> Int {
    guard count > 0 else { return line.range.lowerBound }
    return TextLines(text.utf8.prefix(line.next), from: from.offset, number: from.line)
      .first { $0.number == line.number - count }?.range.lowerBound ?? line.range.lowerBound
  }
}

/// The columns of several stretches of rows, joined.
struct JoinedRows {
  private(set) var values: [ColumnValues] = []
  private(set) var missing: [MissingMask] = []
  private(set) var rows = 0
  private(set) var ranges: [Range<Int>] = []
  private(set) var lines: ClosedRange<Int>?
  private(set) var isComplete = true

  mutating func add(_ table: NumericTable, _ text: DecodedText) {
    isComplete = isComplete && table.complete
    guard table.rows > 0 else { return }
    ranges.append(
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound))
    if let more = table.lines {
      lines = lines.map { $0.lowerBound...max($0.upperBound, more.upperBound) } ?? more
    }
    if rows == 0 {
      (values, missing, rows) = (table.values, table.missing, table.rows)
      return
    }
    for c in values.indices where c < table.values.count {
      values[c] = Self.joined(values[c], table.values[c], missing[c], table.missing[c])
      for row in 0..<table.rows where table.missing[c].contains(row) {
        missing[c].insert(rows + row)
      }
    }
    rows += table.rows
  }

  /// Whole numbers become real beside real ones; all become text beside text.
  private static func joined(
    _ a: ColumnValues, _ b: ColumnValues, _ missingA: MissingMask, _ missingB: MissingMask
  ) -> ColumnValues {
    func real(_ values: ColumnValues, _ missing: MissingMask) -> [Double] {
      switch values {
      case .real(let list): list
      case .integer(let list):
        list.enumerated().map { missing.contains($0.offset) ? .nan : Double($0.element) }
      default: Array(repeating: .nan, count: values.count)
      }
    }
    func text(_ values: ColumnValues, _ missing: MissingMask) -> [String] {
      switch values {
      case .text(let list): list
      case .real(let list):
        list.enumerated().map { missing.contains($0.offset) ? "" : "\($0.element)" }
      case .integer(let list):
        list.enumerated().map { missing.contains($0.offset) ? "" : "\($0.element)" }
      default: Array(repeating: "", count: values.count)
      }
    }
    switch (a, b) {
    case (.real(let x), .real(let y)): return .real(x + y)
    case (.integer(let x), .integer(let y)): return .integer(x + y)
    case (.text(let x), .text(let y)): return .text(x + y)
    case (.text, _), (_, .text): return .text(text(a, missingA) + text(b, missingB))
    default: return .real(real(a, missingA) + real(b, missingB))
    }
  }
}
