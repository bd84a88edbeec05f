public import Bytes
public import Reading
public import Tables
internal import Units

extension Recipe {
  /// Reads a file as the recipe says.
  ///
  /// - Throws: `recipe.header`, `recipe.required-column`, `recipe.data-start` where the file is not what
  ///   the recipe describes, `text.*` where its rows cannot be read.
  public func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var interpreter = RecipeInterpreter(recipe: self, options: options)
    return try interpreter.read(bytes)
  }
}

/// Follows a recipe through one file.
struct RecipeInterpreter {
  let recipe: Recipe
  let options: ReadOptions
  var diagnostics = DiagnosticList()
  private var metadata = RecipeMetadata()
  private var dialects: [TableDialect] = []
  private var isComplete = true

  init(recipe: Recipe, options: ReadOptions) {
    self.recipe = recipe
    self.options = options
  }

  mutating func read(_ bytes: ByteView) throws(ReadFailure) -> Dataset {
    guard bytes.count > 0 else {
      throw ReadFailure(
        "text.empty", found: "the file is empty (0 bytes)", expected: "expected a table of numbers")
    }
    let text = try decoded(bytes)
    if let line = text.lineWithoutEnd {
      diagnostics.note(
        "text.no-final-newline", at: .line(line), found: "the last line has no line end",
        expected: "expected one; the file may be cut")
    }
    let parts = RecipePart.all(recipe, text.utf8)
    if let first = parts.first, first.start > 0 {
      var above: [TextLine] = []
      for line in TextLines(text.utf8.prefix(first.start)) { above.append(line) }
      metadata.add(above, recipe, text)
    }
    var tables: [Table] = []
    var last: RecipeHeader?
    var names: [String: Int] = [:]
    for part in parts {
      if var table = try self.table(part, text, &last, isOnly: parts.count == 1) {
        names[table.name, default: 0] += 1
        if let n = names[table.name], n > 1 { table.name += "_\(n)" }
        tables.append(table)
      }
    }
    guard !tables.isEmpty else { throw noHeader(parts.first, text) }
    return dataset(tables, text)
  }

  /// The text; a warning where the bytes contradict the encoding that the recipe names.
  private mutating func decoded(_ bytes: ByteView) throws(ReadFailure) -> DecodedText {
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let expected = recipe.text.encoding, expected != text.encoding else { return text }
    // Plain ASCII is Windows-1252 as well.
    let isPlain =
      expected == .windows1252 && text.encoding == .utf8
      && text.utf8.withBytes { $0.allSatisfy { $0 < 0x80 } }
    if !isPlain {
      diagnostics.warn(
        "recipe.encoding", at: .line(1), found: "text in \(text.encoding.rawValue) by its bytes",
        expected: "expected \(expected.rawValue), as the recipe \(recipe.id) says; the bytes count")
    }
    return text
  }

  private func noHeader(_ part: RecipePart?, _ text: DecodedText) -> ReadFailure {
    let what =
      switch recipe.header.columnsAt {
      case .match(let pattern): "no line matches \(pattern.source)"
      case .number(let number): "the text has no line \(number) with column names"
      case .count(let pattern): "no line says by \(pattern.source) where the column names stand"
      }
    return ReadFailure(
      "recipe.header", at: .line(part?.line ?? 1), found: what,
      expected: "expected the line of column names that the recipe \(recipe.id) describes")
  }

  // MARK: One table

  /// The table of a part; nil for a section without rows.
  private mutating func table(
    _ part: RecipePart, _ text: DecodedText, _ last: inout RecipeHeader?, isOnly: Bool
  ) throws(ReadFailure) -> Table? {
    let found = RecipeHeader(recipe, text.utf8, part)
    guard let header = found ?? last else { throw noHeader(part, text) }
    last = header
    var below = header.below
    if found == nil {
      // A section without a header of its own has the columns of the one before it.
      guard
        let first = TextLines(text.utf8.prefix(part.end), from: part.start, number: part.line)
          .first(where: { _ in true })
      else { return nil }
      below = RecipeRows.Start(offset: first.next, line: first.number + 1)
    }
    let rows = RecipeRows(
      recipe: recipe, text: text, part: part, below: below, header: header.line)
    let start = try rows.start()
    if found != nil { metadata.add(header.preamble, recipe, text) }
    if header.rows.isEmpty {
      var above: [TextLine] = []
      for line in TextLines(text.utf8.prefix(start.offset), from: part.start, number: part.line) {
        above.append(line)
        if above.count >= RecipeMetadata.mostLines { break }
      }
      metadata.add(above, recipe, text)
    }
    let stop = rows.end(start)
    let end = stop?.range.lowerBound ?? part.end
    let (dialect, kinds) = try dialect(text, header, start, end)
    dialects.append(dialect)
    let cells = header.cells(
      recipe, text.utf8, dialect, columns: kinds.count, into: &diagnostics)
    guard cells.last?.count ?? 0 <= options.limits.columns else {
      throw ReadFailure(
        "text.columns", at: .line(header.number), found: "\(cells.last?.count ?? 0) columns",
        expected: "expected at most \(options.limits.columns)")
    }
    let units = recipe.header.hasUnitsRow ? self.units(text, header, dialect) : nil
    let known = metadata.metadata
    let plan = RecipePlan(
      recipe: recipe, options: options, cells: cells, line: header.number, units: units,
      kinds: kinds, values: { part.groups[$0] ?? known.text($0) })
    let planned = try plan.columns(into: &diagnostics)
    var joined = JoinedRows()
    for stretch in rows.stretches(start, end) {
      joined.add(
        try NumericTable.parse(
          text, from: stretch.start.offset, upTo: stretch.end, line: stretch.start.line,
          dialect: dialect, columns: planned.map(\.request), rules: rows.rules(options),
          into: &diagnostics), text)
    }
    try keepRest(stop, part, dialect, cells.last?.count ?? 0, text)
    guard joined.rows > 0 else {
      guard isOnly else {
        diagnostics.warn(
          "recipe.empty-section", at: .line(part.line),
          found: "no row in the section '\(part.name ?? "")'", expected: "expected at least one")
        return nil
      }
      throw ReadFailure(
        "text.no-data", at: .line(start.line), found: "no whole row of numbers",
        expected: "expected at least one")
    }
    isComplete = isComplete && joined.isComplete
    return finished(planned, joined, dialect, part)
  }

  private func units(
    _ text: DecodedText, _ header: RecipeHeader, _ dialect: TableDialect
  ) -> [String]? {
    var lines = TextLines(text.utf8, from: header.below.offset, number: header.below.line)
      .makeIterator()
    return lines.next().map {
      dialect.cells(RecipeHeader.stripped(text.utf8[$0.range], recipe.header.strip))
    }
  }

  /// How cells and numbers are written, and what the first rows say about the columns.
  ///
  /// - Throws: `text.no-data` where no row has numbers.
  private func dialect(
    _ text: DecodedText, _ header: RecipeHeader, _ start: RecipeRows.Start, _ end: Int
  ) throws(ReadFailure) -> (TableDialect, [NumericTable.Kind]) {
    var delimiter = recipe.text.delimiter
    if delimiter == nil {
      let first = header.line?.range.lowerBound ?? start.offset
      let part = text.utf8[first..<max(end, first)]
      delimiter = try TableLayout.detect(part, maximumColumns: options.limits.columns)?
        .dialect.delimiter
    }
    guard let delimiter,
      let survey = TableLayout.survey(
        text.utf8.prefix(end), from: start.offset, line: start.line, delimiter: delimiter,
        maximumColumns: options.limits.columns)
    else {
      throw ReadFailure(
        "text.no-data", at: .line(start.line), found: "no row of numbers below the header",
        expected: "expected at least one")
    }
    let dialect = TableDialect(
      delimiter: delimiter, decimalMark: recipe.text.decimal ?? survey.dialect.decimalMark,
      quote: recipe.text.quote)
    return (dialect, survey.kinds)
  }

  /// What stands behind the last row goes to the metadata; rows of numbers there are a loss.
  private mutating func keepRest(
    _ stop: TextLine?, _ part: RecipePart, _ dialect: TableDialect, _ columns: Int,
    _ text: DecodedText
  ) throws(ReadFailure) {
    guard let stop else { return }
    var kept: [TextLine] = []
    var lost = 0
    var first: Int?
    for line in TextLines(
      text.utf8.prefix(part.end), from: stop.range.lowerBound, number: stop.number)
    {
      let view = text.utf8[line.range]
      if view.withBytes({ $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }) { continue }
      let starts = view[0].map { $0 &- 48 <= 9 || $0 == UInt8(ascii: "-") } ?? false
      if columns > 1, starts,
        dialect.cells(view.prefix(1 << 16)).count >= columns
          || kept.count >= 1000
      {
        lost += 1
        if first == nil { first = line.number }
      } else {
        kept.append(line)
      }
    }
    metadata.add(kept, recipe, text)
    if lost > 0 {
      isComplete = false
      diagnostics.warn(
        "recipe.rows-after-end", at: .line(first ?? stop.number),
        found:
          "\(lost) line\(lost == 1 ? "" : "s") that look\(lost == 1 ? "s" : "") like rows behind line \(stop.number), which ends them",
        expected: "left out; expected no row behind the line of data.ends")
    }
  }

  private mutating func finished(
    _ planned: [PlannedColumn], _ joined: JoinedRows, _ dialect: TableDialect, _ part: RecipePart
  ) -> Table {
    var columns: [Column] = []
    for (c, plan) in planned.enumerated() {
      var column = plan.column.column(
        joined.values[c], missing: joined.missing[c], bytes: joined.ranges, lines: joined.lines)
      if let rule = plan.rule {
        if !rule.why.isEmpty { column.origin.steps.append("× \(rule.scaleText): \(rule.why)") }
        RecipeValues.maskNumbers(recipe.text.missing, plan, dialect, &column)
      }
      column.key = plan.key
      column.attached = plan.attached
      columns.append(column)
    }
    let lines = joined.lines
    for (c, plan) in planned.enumerated() {
      guard let rule = plan.rule else { continue }
      if let sign = rule.sign {
        RecipeValues.applySign(sign, to: c, in: &columns, lines: lines, &diagnostics)
      }
      if rule.kind == .category { columns[c].values = RecipeValues.categories(columns[c].values) }
      if rule.kind == .duration {
        columns[c] = RecipeDurations.read(columns[c], lines: lines, into: &diagnostics)
      }
    }
    for (c, plan) in planned.enumerated() {
      guard let rule = plan.rule, rule.kind == .clock, !rule.formats.isEmpty else { continue }
      let clock = RecipeClock(rule: rule, date: plan.date)
      if let instant = clock.read(columns[c], lines: lines, &diagnostics) {
        columns.append(instant)
      }
    }
    RecipeChecks(lines: lines, rows: joined.rows).run(columns, into: &diagnostics)
    let index = columns.first { RecipeChecks.axes.contains($0.name) }?.name
    var table = Table(
      name: part.name ?? "data", columns: columns, indexColumns: index.map { [$0] } ?? [])
    for name in recipe.data.sections?.match.groups.compactMap({ $0 }) ?? [] {
      if let value = part.groups[name] { table.metadata.append(name, value) }
    }
    return table
  }

  private mutating func dataset(_ tables: [Table], _ text: DecodedText) -> Dataset {
    for key in recipe.overrides where metadata.metadata[key] == nil {
      diagnostics.note(
        "recipe.override", found: "the recipe \(recipe.id) asks for '\(key)', which the file lacks",
        expected: "give it to the analysis that needs it")
    }
    var reading = [
      "encoding": text.encoding.rawValue, "recipe": recipe.id, "recipe_sha256": recipe.sha256,
    ]
    if let dialect = dialects.first {
      reading["delimiter"] = dialect.delimiter.name
      reading["decimal mark"] = String(Character(Unicode.Scalar(dialect.decimalMark)))
    }
    if !recipe.checks.isEmpty { reading["checks"] = recipe.checks.joined(separator: " ") }
    return Dataset(
      format: recipe.id, technique: recipe.technique, tables: tables, metadata: metadata.metadata,
      diagnostics: diagnostics.all, complete: isComplete, reading: reading,
      settingOrigins: metadata.origins)
  }
}
