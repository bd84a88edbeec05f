internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The names and units above the rows of a table.
struct TableHeading {
  /// The labels of the columns as the file writes them; nil where there is no header.
  private(set) var labels: [String]?
  /// The line of the labels.
  private(set) var line: TextLine?
  /// The cells of a row of units below the labels.
  private(set) var units: [String]?
  /// Lines above the labels that the layout took for header rows.
  private var above: [TextLine] = []

  /// What the columns are.
  struct Plan {
    var technique: Technique
    var columns: [TextColumn]
  }

  init(_ layout: TableLayout, _ text: ByteView) {
    let rows = layout.header
    guard let last = rows.last else { return }
    // The names stand above their units; remarks may stand below both.
    let units = rows.indices.dropFirst().last { r in
      Self.isUnitsRow(rows[r].cells) && !Self.isUnitsRow(rows[r - 1].cells)
    }
    if let units, units == rows.count - 1 || Self.isRemarks(last.cells) {
      labels = rows[units - 1].cells
      line = rows[units - 1].line
      self.units = rows[units].cells.map {
        Self.isPlaceholder($0) && PhysicalUnit.loose(Self.bare($0)) == nil ? "" : $0
      }
      above = rows[..<(units - 1)].map(\.line) + rows[(units + 1)...].map(\.line)
      // What a potential is measured against stands there alone.
      if rows[units].cells.contains(where: { $0.contains(" vs") }) {
        above.append(rows[units].line)
      }
    } else {
      labels = last.cells
      line = last.line
      above = rows.dropLast().map(\.line)
    }
  }

  /// Whether all cells read as units or are empty, and at least one is a unit.
  ///
  /// Where `#` stands for the unit of a number, one cell in four may be a word of its own, such as `bits`.
  private static func isUnitsRow(_ cells: [String]) -> Bool {
    var units = 0
    var words = 0
    for cell in cells where !cell.isEmpty && !isPlaceholder(cell) {
      if PhysicalUnit.loose(bare(cell)) != nil { units += 1 } else { words += 1 }
    }
    if words == 0 { return units > 0 }
    return cells.contains("#") && units >= 2 && words * 3 <= units
  }

  /// What stands in a row of units for a column without one, and for the format of a time.
  private static func isPlaceholder(_ cell: String) -> Bool {
    let words: Set = [
      "#", "-", "--", "n/a", "none", "no.", "nr.", "[]", "()", "text", "hh:mm:ss", "h:m:s",
      "hh:mm:ss.sss", "hh:mm:ss.ms",
    ]
    return words.contains(cell.lowercased()) || words.contains(bare(cell).lowercased())
  }

  /// Whether a row below the units is one of remarks: mostly empty, or the same text all along.
  private static func isRemarks(_ cells: [String]) -> Bool {
    let filled = cells.filter { !$0.isEmpty }
    return filled.count * 2 <= cells.count || (cells.count > 2 && Set(filled).count == 1)
  }

  /// The text without brackets around it, and without the reference behind a potential's unit.
  private static func bare(_ cell: String) -> String {
    var text = cell
    if let first = cell.first, let last = cell.last, cell.count > 1,
      (first == "(" && last == ")") || (first == "[" && last == "]")
    {
      text = String(cell.dropFirst().dropLast())
    }
    let words = text.split(separator: " ")
    guard let reference = words.firstIndex(where: { $0 == "vs" || $0 == "vs." }), reference > 0
    else { return text }
    return words[..<reference].joined(separator: " ")
  }

  /// Commas both between cells and inside numbers double the cells of every row.
  func checkDoubledCommas(_ layout: TableLayout, _ text: ByteView) throws(ReadFailure) {
    guard labels == nil, layout.dialect.delimiter == .character(UInt8(ascii: ",")),
      layout.columns % 2 == 0, let above = layout.preamble.last
    else { return }
    let names = layout.dialect.cells(text[above.range])
    if names.count > 1, names.count * 2 == layout.columns {
      throw ReadFailure(
        "text.decimal-comma", at: .line(above.number),
        found: "\(names.count) names above rows of \(layout.columns) cells: the comma stands both"
          + " between cells and inside numbers",
        expected: "expected another delimiter or a decimal point")
    }
  }

  /// Names, units and kinds of all columns.
  func plan(
    _ layout: TableLayout, options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> Plan {
    let labels = labels ?? []
    var parsed: [ColumnLabel] = []
    for c in 0..<layout.columns {
      parsed.append(ColumnLabel(c < labels.count ? labels[c] : ""))
    }
    // A word such as A or C means what the column is, so labels are read again once that is known.
    var known = ColumnSynonyms.resolve(
      zip(parsed, layout.kinds).enumerated().map { c, pair in
        ColumnSynonyms.Label(
          slug: ColumnSynonyms.slug(pair.0.name), text: pair.0.label,
          unit: unitsRowUnit(c, nil)?.unit ?? pair.0.unit?.unit,
          unitText: units.flatMap { c < $0.count && !$0[c].isEmpty ? Self.bare($0[c]) : nil }
            ?? pair.0.unitText)
      })
    for (c, meaning) in known.meanings.enumerated() where layout.kinds[c] == .text {
      if meaning.flatMap({ CanonicalName.entry($0.name)?.unit }) != nil { known.meanings[c] = nil }
    }
    var columns: [TextColumn] = []
    var nameless: [String] = []
    for c in 0..<layout.columns {
      let meaning = known.meanings[c]
      let label = c < labels.count ? labels[c] : ""
      let shown = label.isEmpty ? "column \(c + 1)" : label
      let isText = layout.kinds[c] == .text
      var written = ColumnUnit.absent
      if !isText {
        written = unit(
          c, ColumnLabel(label, expecting: meaning?.unit?.dimension), meaning, options, &diagnostics
        )
      }
      let target = meaning?.unit
      if case .absent = written, !isText {
        if target?.ucum == "1" {
          written = target.map { .known($0) } ?? .absent
        } else {
          nameless.append(shown)
        }
      }
      let name =
        meaning?.name
        ?? (label.isEmpty ? "column_\(c + 1)" : ColumnLabel.slug(parsed[c].name))
      columns.append(
        TextColumn(
          name: name, label: label.isEmpty ? name : label, written: written, target: target,
          isNegated: meaning?.isNegated ?? false, kind: layout.kinds[c]))
    }
    report(nameless, layout, columns, &diagnostics)
    return Plan(technique: known.technique, columns: columns)
  }

  private func report(
    _ nameless: [String], _ layout: TableLayout, _ columns: [TextColumn],
    _ diagnostics: inout DiagnosticList
  ) {
    let place = line.map { Place.line($0.number) } ?? .line(layout.dataLine)
    if labels == nil {
      diagnostics.warn(
        "text.no-header", at: place, found: "no line of names above the numbers",
        expected:
          "the columns are called column_1 to column_\(layout.columns), their units are not known")
    } else if !nameless.isEmpty {
      let list = nameless.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      diagnostics.warn(
        "unit.absent", at: place,
        found: "no unit for column \(list)\(nameless.count > 8 ? " and others" : "")",
        expected: "expected a unit in the label, or --unit COLUMN=UNIT")
    }
    var seen: [String: Int] = [:]
    for column in columns {
      seen[column.name, default: 0] += 1
      if seen[column.name] == 2 {
        diagnostics.warn(
          "text.duplicate-column", at: place,
          found: "two columns are '\(column.name)' ('\(column.label)')",
          expected: "expected different names; the second one is called \(column.name)_2")
      }
    }
  }

  private func unitsRowUnit(_ c: Int, _ expected: Dimension?) -> LooseUnit? {
    guard let units, c < units.count, !units[c].isEmpty else { return nil }
    return PhysicalUnit.loose(Self.bare(units[c]), expecting: expected)
  }

  /// The unit of one column: what the user says, else the row of units, else the label.
  private func unit(
    _ c: Int, _ label: ColumnLabel, _ meaning: ColumnSynonyms.Meaning?, _ options: ReadOptions,
    _ diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    let expected = meaning?.unit?.dimension
    let place = line.map { Place.cell(line: $0.number, column: c + 1) } ?? .whole
    let given =
      meaning.flatMap { options.units[$0.name] } ?? options.units[label.label]
      ?? options.units[label.slug] ?? options.units["column_\(c + 1)"]
    let text =
      given ?? units.flatMap { c < $0.count && !$0[c].isEmpty ? Self.bare($0[c]) : nil }
      ?? label.unitText
    guard let text else { return .absent }
    let loose =
      given == nil && unitsRowUnit(c, expected) == nil
      ? label.unit : PhysicalUnit.loose(text, expecting: expected)
    guard let loose else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label.label)'",
        expected: "expected a unit such as nm, mA.h or Ohm.cm2")
      return .unknown(text)
    }
    if let remark = loose.remark {
      diagnostics.add(
        Diagnostic(
          remark.isWarning ? .warning : .note, remark.code, at: place,
          found: "column '\(label.label)': \(remark.text)", expected: ""))
    }
    return .known(loose.unit)
  }

  /// The lines above the table: `key: value`, `key=value` and `key<delimiter>value`, else by number.
  func metadata(_ layout: TableLayout, _ text: DecodedText) -> Metadata {
    var metadata = Metadata()
    for line in layout.preamble + above {
      var words = TextLines.string(text.utf8[line.range])
      words = String(words.drop { $0 == "#" || $0 == "%" || $0 == " " || $0 == "\t" })
      while let last = words.last, last == " " || last == "\t" || last == "," || last == ";" {
        words.removeLast()
      }
      if words.isEmpty { continue }
      if let (key, value) = Self.pair(words, layout.dialect) {
        metadata.append(key, value)
      } else {
        metadata.append("line \(line.number)", words)
      }
    }
    return metadata
  }

  private static func pair(_ line: String, _ dialect: TableDialect) -> (String, String)? {
    var marks: [Character] = [":", "="]
    if case .character(let byte) = dialect.delimiter {
      marks.append(Character(Unicode.Scalar(byte)))
    }
    let found = marks.compactMap { mark in line.firstIndex(of: mark) }.min()
    guard let found, found != line.startIndex else { return nil }
    func trim(_ part: Substring) -> String {
      var part = part
      while part.first == " " || part.first == "\t" { part.removeFirst() }
      while part.last == " " || part.last == "\t" { part.removeLast() }
      return String(part)
    }
    let key = trim(line[..<found])
    guard !key.isEmpty, key.count <= 80 else { return nil }
    return (key, trim(line[line.index(after: found)...]))
  }
}
