internal import Bytes
internal import DelimitedText
internal import Tables

/// The YAML text of a draft.
struct DraftText {
  let table: TableDraft
  let columns: [RecipeDraft.DraftColumn]
  let axis: String?
  let technique: Technique
  let layout: DraftLayout
  let name: String
  /// Whether the header is found by its line alone.
  var usesLine = false

  var yaml: String {
    let id = Self.id(name)
    var lines = [
      "# A draft: look at what ends with '?', then run `interphase recipe check FILE SAMPLE`.",
      "recipe: 1", "id: \(id)", "title: \(Self.quoted("\(id), text export"))  # ?",
      "technique: \(technique.rawValue)"
        + (technique == .any ? "  # ? afm, xas, rbs, cycling, impedance, sims" : ""),
    ]
    if let dot = name.lastIndex(of: "."), dot != name.startIndex {
      lines.append("extensions: [\(Self.quoted(name[name.index(after: dot)...].lowercased()))]")
    }
    lines.append("sniff:  # ? lines that no other format has; points up to 95")
    let points = table.preamble.isEmpty || marks.count < 2 ? 60 : 45
    for (number, text) in marks {
      lines.append(
        "  - {lines: 1-\(min(RecipeParts.mostLines, number + 20)), match: \(Self.quoted(Self.pattern(text, isPrefix: true))), points: \(points)}"
      )
    }
    if marks.isEmpty {
      lines.append(
        "  - {lines: \(min(RecipeParts.mostLines, table.dataLine)), match: \(Self.quoted(rowMark)), points: 60}"
      )
    }
    let mark = table.dialect.decimalMark == UInt8(ascii: ",") ? "\",\"" : "\".\""
    let delimiter =
      switch table.dialect.delimiter {
      case .blanks: "blanks"
      case .character(0x09): "tab"
      case .character(let byte): Self.quoted(String(Character(Unicode.Scalar(byte))))
      }
    lines.append("text: {encoding: auto, delimiter: \(delimiter), decimal: \(mark)}")
    lines += header
    if let data { lines.append("data: {\(data)}") }
    lines.append("columns:")
    for column in columns.prefix(RecipeDraft.mostColumns) {
      var parts = [
        "label: \(Self.quoted(Self.pattern(column.label, isPrefix: false)))",
        "name: \(column.name)",
      ]
      if column.type != "number" { parts.append("type: \(column.type)") }
      if let unit = column.unit, column.type != "duration" {
        parts.append("unit: \(Self.quoted(unit))")
      }
      if column.label == axis, column.type != "clock", layout.sections == nil {
        parts.append("required: true")
      }
      let isOpen = column.isGuessed || column.unit == nil && column.type == "number"
      lines.append("  - {\(parts.joined(separator: ", "))}\(isOpen ? "  # ? unit" : "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Header and rows

  private var header: [String] {
    var lines = ["header:"]
    if let line = table.headerLine, let labels = table.labels {
      let isUnique = table.preamble.allSatisfy { RecipeMetadata.trimmed($0[...]).isEmpty }
      if layout.sections == nil, usesLine || isUnique || line.number <= 2 {
        lines.append("  columns_at: {line: \(line.number)}")
      } else {
        lines.append("  columns_at: {match: \(Self.quoted(anchor(labels)))}")
      }
      if table.hasUnitsRow { lines.append("  units_row: true") }
      if let strip { lines.append("  strip: \(Self.quoted(strip))") }
    } else {
      lines.append("  columns_at: {line: 0}  # the columns have no names")
    }
    if let mark = Self.keyMark(table.preamble) {
      lines.append("  metadata: [{key_value: \"\(mark)\"}]")
    }
    return lines
  }

  /// Whether a pattern would find the header at another line than the one that holds it.
  var isAnchorWrong: Bool {
    guard let line = table.headerLine, let labels = table.labels else { return false }
    guard let pattern = try? LinePattern(anchor(labels)) else { return true }
    return !pattern.matches(table.headerText(line))
      || table.preamble.contains { pattern.matches($0) }
  }

  private var data: String? {
    var parts: [String] = []
    if let header = table.headerLine {
      let next = header.number + (table.hasUnitsRow ? 2 : 1)
      if table.dataLine > next, table.holdsTextAboveRows {
        let rows = "^[\\s\"]*[-+]?[\\d.]"
        let isNumber = (try? LinePattern(rows))?.matches(table.firstRow) ?? false
        parts.append(
          "starts: {\(isNumber ? "match: \(Self.quoted(rows))" : "line: \(table.dataLine)")}")
      }
    } else if table.dataLine > 1 {
      parts.append("starts: {line: \(table.dataLine)}")
    }
    if let ends = layout.ends { parts.append("ends: {match: \(Self.quoted(ends))}") }
    if let ragged = layout.ragged { parts.append("ragged: \(ragged)") }
    if layout.repeatsHeader { parts.append("repeat_header: true") }
    if let sections = layout.sections {
      let name = sections.contains("(?<section>") ? ", name: $section" : ""
      parts.append("sections: {match: \(Self.quoted(sections))\(name)}")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What stands before the first label: a mark of comments, or a word such as `#L`.
  private var strip: String? {
    guard let line = table.headerLine, let first = table.labels?.first, !first.isEmpty else {
      return nil
    }
    let text = table.headerText(line)
    var before = ""
    var rest = text[...]
    while !rest.isEmpty, !rest.hasPrefix(first) { before.append(rest.removeFirst()) }
    if rest.isEmpty { return nil }
    let mark = RecipeMetadata.trimmed(before.filter { $0 != "\"" }[...])
    if mark.isEmpty { return nil }
    if mark.allSatisfy({ $0 == "#" || $0 == "%" || $0 == " " || $0 == "\t" }) { return "^[#%\\s]+" }
    return "^\\s*" + Self.escaped(mark) + "\\s*"
  }

  /// A pattern for the line of labels: its first labels and what stands between them.
  private func anchor(_ labels: [String]) -> String {
    let start = strip ?? "^[\\s\"]*"
    let gap =
      switch table.dialect.delimiter {
      case .blanks: "\"?[\\s,;|]+\"?"
      case .character(0x09): "\"?\\s*\\t\\s*\"?"
      case .character(let byte):
        "\"?\\s*\(Self.escaped(String(Character(Unicode.Scalar(byte)))))\\s*\"?"
      }
    return start + labels.prefix(2).map(Self.escaped).joined(separator: gap)
  }

  /// The lines that a file of the format is recognised by: the first of the preamble, and the labels.
  private var marks: [(Int, String)] {
    var marks: [(Int, String)] = []
    if let first = table.preamble.enumerated().first(where: {
      !RecipeMetadata.trimmed($0.element[...]).isEmpty
    }) {
      marks.append((first.offset + 1, first.element))
    }
    if let line = table.headerLine, line.number <= RecipeParts.mostLines - 20 || marks.isEmpty {
      marks.append((line.number, table.headerText(line)))
    }
    return marks
  }

  /// What every file is recognised by that has neither names nor lines above its rows: their cells.
  private var rowMark: String {
    let gap =
      switch table.dialect.delimiter {
      case .blanks: "\\s+"
      case .character(let byte):
        "\\s*\(Self.escaped(String(Character(Unicode.Scalar(byte)))))\\s*"
      }
    return "^\\s*" + table.columns.map { _ in "[-+0-9.,eEdD]+" }.joined(separator: gap) + "\\s*$"
  }

  /// `:` or `=` where most lines above the labels hold it.
  private static func keyMark(_ preamble: [String]) -> String? {
    let lines = preamble.filter { !RecipeMetadata.trimmed($0[...]).isEmpty }
    return [":", "=", "\t"].first { mark in
      lines.count > 1 && lines.count { $0.contains(mark) } * 2 > lines.count
    }.map { $0 == "\t" ? "\\t" : $0 }
  }

  static func id(_ name: String) -> String {
    let stem = name.split(separator: ".").first.map(String.init) ?? "text"
    let slug = String(DraftColumns.slug(stem).map { $0 == "_" ? "-" : $0 })
    let id = Recipe.isID(slug) ? slug : "text-\(slug)"
    return String(id.prefix(60))
  }

  // MARK: Patterns

  /// A pattern that matches a text itself; of a long line its start.
  private static func pattern(_ text: String, isPrefix: Bool) -> String {
    let part = isPrefix ? String(text.prefix(40)) : text
    return "^" + escaped(part) + (isPrefix ? "" : "$")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": result += "\\t"
      case "\\", "^", "$", ".", "|", "?", "*", "+", "(", ")", "[", "]", "{", "}":
        result += "\\\(scalar)"
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}": result += "\\x{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text between single quotes, in which YAML leaves backslashes alone.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
