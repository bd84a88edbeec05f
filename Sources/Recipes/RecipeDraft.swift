public import Bytes
public import DelimitedText
public import Tables
internal import Units

/// A recipe drafted from a sample, for the user to finish.
public struct RecipeDraft: Sendable {
  /// What the sample looks like.
  public let table: TableDraft
  /// The YAML text.
  public let text: String
  /// The label of the column that is the axis: a time, an energy, a frequency; nil where none is found.
  public let axis: String?
  /// The columns of the draft.
  public let columns: [DraftColumn]

  /// A column of a draft.
  public struct DraftColumn: Sendable {
    /// What the file calls it.
    public var label: String
    /// The name in the draft.
    public var name: String
    /// The unit in UCUM; nil where none was found.
    public var unit: String?
    /// The type in words of the schema.
    public var type: String
    /// Whether the unit is only the usual one for the name: the file does not say it.
    public var isGuessed = false
  }

  /// Columns in a draft beyond which one rule stands for all others.
  static let mostColumns = 60

  /// Drafts a recipe.
  ///
  /// - Parameters:
  ///   - bytes: the content of the sample.
  ///   - name: its file name, from which the id is made.
  /// - Throws: `text.no-data` where no line holds numbers.
  public init(_ bytes: ByteView, name: String) throws(ReadFailure) {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let table = try TableDraft(text) else {
      throw ReadFailure(
        "text.no-data", at: .line(1), found: "no line holds numbers",
        expected: "expected rows of numbers between tabs, ';', ',', '|' or blanks")
    }
    self.table = table
    let labels = table.labels ?? table.columns.indices.map { "column \($0 + 1)" }
    columns = Self.columns(table, labels)
    axis = Self.axis(columns, table.technique)
    self.text = Self.yaml(table, columns, axis: axis, name: name)
  }

  // MARK: Columns

  private static func columns(_ table: TableDraft, _ labels: [String]) -> [DraftColumn] {
    var used: Set<String> = []
    let first = table.dialect.cells(ByteView(utf8: table.firstRow))
    return zip(table.columns, labels).enumerated().map { c, pair in
      let (column, label) = pair
      var unit = column.written.unit?.ucum
      var name = column.name
      if unit == nil, column.kind != .text {
        if let known = spelled(label) {
          (name, unit) = known
        } else if c < first.count,
          let energy = energyUnit(
            label, NumberScanner(decimalMark: table.dialect.decimalMark).parse(first[c]))
        {
          name = "photon_energy"
          unit = energy
        } else {
          unit = TableDraft.unit(ofLabel: label)
        }
      }
      let type =
        switch column.kind {
        case .integer where unit == nil: "integer"
        case .text, .undecided: looksLikeClock(label) ? "clock" : "text"
        default: "number"
        }
      if type == "text" || type == "clock" { unit = nil }
      var isGuessed = false
      if unit == nil, type == "number" || type == "integer", label.lowercased() == "m/z" {
        (name, unit) = ("mass_u", "u")
      } else if unit == nil, column.written == .absent, type == "number" || type == "integer",
        let usual = CanonicalName.entry(name)?.unit?.ucum, usual != "1", usual != "{count}"
      {
        unit = usual
        isGuessed = true
      }
      name = free(name, label, unit, used)
      used.insert(name)
      return DraftColumn(
        label: label, name: name, unit: unit,
        type: unit != nil && type == "integer" ? "number" : type, isGuessed: isGuessed)
    }
  }

  /// A canonical name with its unit in letters behind it, such as `test_time_second`.
  private static func spelled(_ label: String) -> (name: String, unit: String)? {
    let slug = ColumnLabel.slug(label)
    guard let line = slug.lastIndex(of: "_"), case let word = slug[slug.index(after: line)...],
      word.count >= 3 || ["ah", "wh"].contains(word),
      let unit = PhysicalUnit.loose(String(word))?.unit,
      CanonicalName.dimension(of: String(slug[..<line])) == unit.dimension
    else { return nil }
    return (String(slug[..<line]), unit.ucum)
  }

  /// The unit of a photon energy without one, by its size; nil for any other column.
  private static func energyUnit(_ label: String, _ first: Double?) -> String? {
    let words = ColumnLabel.slug(label).split(separator: "_")
    guard words.contains("energy") || words.contains("e"), let first else { return nil }
    if (100..<200_000).contains(first) { return "eV" }
    return words.contains("energy") && (1..<100).contains(first) ? "keV" : nil
  }

  /// A name that no other column has, and whose canonical meaning, if it has one, allows the unit.
  private static func free(
    _ name: String, _ label: String, _ unit: String?, _ used: Set<String>
  ) -> String {
    func fits(_ name: String) -> Bool {
      guard RecipeParts.isName(name), !used.contains(name) else { return false }
      guard let unit = unit.flatMap({ try? PhysicalUnit(ucum: $0) }),
        let canonical = CanonicalName.entry(name)?.unit
      else { return true }
      return (try? UnitConverter(from: unit, to: canonical)) != nil
    }
    let slug = ColumnLabel.slug(label)
    let base = RecipeParts.isName(slug) ? slug : "column_\(slug)"
    if let free = [name, base].first(where: fits) { return free }
    return (2...(used.count + 3)).map { "\(base)_no\($0)" }.first(where: fits) ?? "column"
  }

  private static func looksLikeClock(_ label: String) -> Bool {
    let lower = label.lowercased()
    return ["date", "clock", "timestamp", "dpt time", "absolute time"].contains {
      lower.contains($0)
    }
  }

  /// The axis: the first column with the best of these names, and else the first whose unit is a time or a length.
  private static func axis(_ columns: [DraftColumn], _ technique: Technique) -> String? {
    let times = ["test_time", "time", "sputter_time"]
    let others = ["photon_energy", "frequency", "mass_u", "wave_number"]
    // Spectra may hold the time of each point as well.
    let isSpectrum =
      technique == .xas || technique == .impedance || columns.first?.name == "photon_energy"
    let names = isSpectrum ? others + times : times + others
    for name in names + ["step_time", "deflection", "sensor_position", "piezo_position"] {
      if let column = columns.first(where: { $0.name == name && $0.type != "text" }) {
        return column.label
      }
    }
    for unit in ["s", "m"] {
      let dimension = (try? PhysicalUnit(ucum: unit))?.dimension
      let column = columns.first { column in
        guard column.type != "text", let unit = column.unit else { return false }
        return (try? PhysicalUnit(ucum: unit))?.dimension == dimension
      }
      if let column { return column.label }
    }
    return nil
  }

  // MARK: YAML

  private static func yaml(
    _ table: TableDraft, _ columns: [DraftColumn], axis: String?, name: String
  ) -> String {
    let id = self.id(name)
    var lines = [
      "# A draft: look at what ends with '?', then run `interphase recipe check FILE SAMPLE`.",
      "recipe: 1", "id: \(id)", "title: \(quoted("\(id), text export"))  # ?",
      "technique: \(table.technique.rawValue)"
        + (table.technique == .any ? "  # ? afm, xas, rbs, cycling, impedance, sims" : ""),
    ]
    if let dot = name.lastIndex(of: "."), dot != name.startIndex {
      lines.append("extensions: [\(quoted(name[name.index(after: dot)...].lowercased()))]")
    }
    lines.append("sniff:  # ? lines that no other format has; points up to 95")
    for (number, text) in marks(table) {
      lines.append(
        "  - {lines: 1-\(min(RecipeParts.mostLines, number + 20)), match: \(quoted(pattern(text, isPrefix: true))), points: \(table.preamble.isEmpty ? 60 : 45)}"
      )
    }
    let mark = table.dialect.decimalMark == UInt8(ascii: ",") ? "\",\"" : "\".\""
    let delimiter =
      switch table.dialect.delimiter {
      case .blanks: "blanks"
      case .character(0x09): "tab"
      case .character(let byte): quoted(String(Character(Unicode.Scalar(byte))))
      }
    lines.append("text: {encoding: auto, delimiter: \(delimiter), decimal: \(mark)}")
    lines += header(table)
    lines.append("columns:")
    for column in columns.prefix(mostColumns) {
      var parts = [
        "label: \(quoted(pattern(column.label, isPrefix: false)))", "name: \(column.name)",
      ]
      if column.type != "number" { parts.append("type: \(column.type)") }
      if let unit = column.unit { parts.append("unit: \(quoted(unit))") }
      if column.label == axis, column.type != "clock" { parts.append("required: true") }
      let isOpen = column.isGuessed || column.unit == nil && column.type == "number"
      lines.append("  - {\(parts.joined(separator: ", "))}\(isOpen ? "  # ? unit" : "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func header(_ table: TableDraft) -> [String] {
    var lines = ["header:"]
    if let line = table.headerLine, let labels = table.labels {
      let isUnique = !table.preamble.contains { RecipeMetadata.trimmed($0[...]).isEmpty == false }
      if isUnique || line.number <= 2 {
        lines.append("  columns_at: {line: \(line.number)}")
      } else {
        lines.append("  columns_at: {match: \(quoted(anchor(table, labels)))}")
      }
      if table.hasUnitsRow { lines.append("  units_row: true") }
      if isComment(table) { lines.append("  strip: '^[#%\\s]+'") }
    } else {
      lines.append("  columns_at: {line: 0}  # the columns have no names")
    }
    if let mark = keyMark(table.preamble) { lines.append("  metadata: [{key_value: \"\(mark)\"}]") }
    if table.headerLine == nil, table.dataLine > 1 {
      lines.append("data: {starts: {line: \(table.dataLine)}}")
    }
    return lines
  }

  /// A pattern for the line of labels: its first label and the delimiter behind it.
  private static func anchor(_ table: TableDraft, _ labels: [String]) -> String {
    let start = isComment(table) ? "^[#%\\s]*" : "^\\s*\"?"
    let first = labels.first ?? ""
    let gap =
      switch table.dialect.delimiter {
      case .blanks: "\\s+"
      case .character(0x09): "\"?\\s*\\t\\s*\"?"
      case .character(let byte): "\"?\\s*\(escaped(String(Character(Unicode.Scalar(byte)))))\\s*\"?"
      }
    return start + escaped(first) + gap + escaped(labels.dropFirst().first ?? "")
  }

  /// Whether the labels stand behind a mark of comments.
  private static func isComment(_ table: TableDraft) -> Bool {
    guard let line = table.headerLine else { return false }
    return table.headerText(line).first { $0 != " " && $0 != "\t" }.map { $0 == "#" || $0 == "%" }
      ?? false
  }

  /// The lines that a file of the format is recognised by: the first of the preamble, and the labels.
  private static func marks(_ table: TableDraft) -> [(Int, String)] {
    var marks: [(Int, String)] = []
    if let first = table.preamble.enumerated().first(where: {
      !RecipeMetadata.trimmed($0.element[...]).isEmpty
    }) {
      marks.append((first.offset + 1, first.element))
    }
    if let line = table.headerLine {
      marks.append((line.number, table.headerText(line)))
    } else if marks.isEmpty {
      marks.append((table.dataLine, ""))
    }
    return marks
  }

  /// `:` or `=` where most lines above the labels hold it.
  private static func keyMark(_ preamble: [String]) -> String? {
    let lines = preamble.filter { !RecipeMetadata.trimmed($0[...]).isEmpty }
    return [":", "=", "\t"].first { mark in
      lines.count > 1 && lines.count { $0.contains(mark) } * 2 > lines.count
    }.map { $0 == "\t" ? "\\t" : $0 }
  }

  private static func id(_ name: String) -> String {
    let stem = name.split(separator: ".").first.map(String.init) ?? "text"
    let slug = String(ColumnLabel.slug(stem).map { $0 == "_" ? "-" : $0 })
    let id = Recipe.isID(slug) ? slug : "text-\(slug)"
    return String(id.prefix(60))
  }

  /// A pattern that matches a text itself; of a long line its start.
  private static func pattern(_ text: String, isPrefix: Bool) -> String {
    let part = isPrefix ? String(text.prefix(40)) : text
    let isWhole = part.count == text.count && !isPrefix
    return "^" + escaped(part) + (isWhole ? "$" : "")
  }

  private static func escaped(_ text: String) -> String {
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
