internal import Bytes
internal import Configuration
public import Tables

extension Recipe {
  /// The greatest size of a recipe file in bytes.
  public static let greatestSize = 1 << 20

  static let keys = [
    "recipe", "id", "title", "technique", "extensions", "sniff", "text", "header", "data",
    "columns", "requires", "overrides", "checks",
  ]

  /// The lint rules of Interphase that a recipe may name.
  static let knownChecks = [
    "clock-vs-elapsed", "charge-vs-integral", "energy-vs-integral", "current-sign",
    "current-range", "time-order", "force-vs-stiffness", "contact-slope", "baseline-force",
    "edge-vs-element", "energy-step", "unnormalised", "rbs-edge", "live-time", "saturation",
    "quantisation", "dead-channels", "repeated-rows", "kk-residual", "frequency-order",
    "area-forgotten", "unit-magnitude", "digit-count",
  ]

  /// Reads the YAML text of a recipe.
  ///
  /// - Parameters:
  ///   - text: the file's content.
  ///   - file: the path to name in results; nil for a built-in recipe.
  /// - Throws: `recipe.*` or `config.*` with line and column for the first thing that is wrong.
  public init(_ text: String, file: String? = nil) throws(ReadFailure) {
    let root = try RecipeNode(ConfigNode.parse(text), path: "", keys: Self.keys)
    guard try root.requiredText("recipe", "recipe: 1") == "\(Self.schema)" else {
      throw ReadFailure(
        "recipe.version", at: root.valuePlace("recipe"), found: "a recipe of another schema",
        expected: "recipe: \(Self.schema)")
    }
    self.init()
    sha256 = SHA256.hex(of: ByteView(utf8: text))
    self.file = file
    id = try root.requiredText("id", "id: my-instrument")
    guard Self.isID(id) else {
      throw ReadFailure(
        "recipe.type", at: root.valuePlace("id"), found: "id: '\(id)'",
        expected: "lower-case letters, digits and hyphens, such as my-instrument")
    }
    title = try root.requiredText("title", "title: My instrument, text export")
    let techniques = Technique.allCases.map(\.rawValue)
    technique =
      try root.choice("technique", techniques).flatMap { Technique(rawValue: $0) } ?? .any
    extensions = try root.texts("extensions").map { $0.lowercased() }
    marks = try RecipeParts.marks(root)
    self.text = try RecipeParts.text(root)
    header = try RecipeParts.header(root)
    data = try RecipeParts.data(root)
    columns = try RecipeColumns.read(root, header: header, data: data)
    let names = columns.map(\.name.source)
    requires = try root.texts("requires")
    for name in requires where !names.contains(name) {
      throw ReadFailure(
        "recipe.reference", at: root.valuePlace("requires"),
        found: "requires: no column is called '\(name)'",
        expected: RecipeNode.nearest(name, among: names))
    }
    overrides = try root.texts("overrides")
    checks = try root.texts("checks")
    for check in checks where !Self.knownChecks.contains(check) {
      throw ReadFailure(
        "recipe.choice", at: root.valuePlace("checks"), found: "checks: '\(check)'",
        expected: RecipeNode.nearest(check, among: Self.knownChecks))
    }
  }

  static func isID(_ text: String) -> Bool {
    guard let first = text.utf8.first, first >= 97, first <= 122, text.utf8.count <= 80 else {
      return false
    }
    return text.utf8.allSatisfy {
      $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == UInt8(ascii: "-")
    }
  }
}

/// The parts of a recipe above its columns.
enum RecipeParts {
  /// The points of all marks add up to at most this.
  static let mostPoints = 95
  /// Lines that marks may look at.
  static let mostLines = 1000

  static func marks(_ root: RecipeNode) throws(ReadFailure) -> [Recipe.Mark] {
    var marks: [Recipe.Mark] = []
    for element in try root.elements("sniff") {
      let node = try RecipeNode(
        element, path: "sniff", keys: ["lines", "match", "points", "reject"])
      let isReject = try node.flag("reject") ?? false
      if isReject, node.has("points") {
        throw ReadFailure(
          "recipe.type", at: node.place("points"), found: "sniff: points beside reject: true",
          expected: "one of the two")
      }
      let points = try node.integer("points", 1...mostPoints)
      guard isReject || points != nil else { throw node.missing("points", "such as points: 40") }
      let text = try node.requiredText("lines", "lines: 1-40")
      guard let lines = lines(text) else {
        throw node.type("lines", "expected a line or a range such as 1-40, up to \(mostLines)")
      }
      marks.append(
        Recipe.Mark(
          lines: lines, pattern: try node.requiredPattern("match"), points: points ?? 0,
          isReject: isReject))
    }
    guard marks.contains(where: { !$0.isReject }) else {
      throw root.missing("sniff", "sniff: [{lines: 1-10, match: …, points: 60}]")
    }
    let sum = marks.reduce(0) { $0 + $1.points }
    guard sum <= mostPoints else {
      throw ReadFailure(
        "recipe.points", at: root.valuePlace("sniff"), found: "sniff: the points add up to \(sum)",
        expected: "at most \(mostPoints)")
    }
    return marks
  }

  private static func lines(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map {
      Int(String($0))
    }
    guard let first = parts.first.flatMap({ $0 }), let last = parts.last.flatMap({ $0 }),
      parts.count <= 2, first >= 1, last >= first, last <= mostLines
    else { return nil }
    return first...last
  }

  static func text(_ root: RecipeNode) throws(ReadFailure) -> Recipe.TextRules {
    var rules = Recipe.TextRules()
    guard let value = root["text"] else { return rules }
    let node = try RecipeNode(
      value, path: "text",
      keys: ["encoding", "delimiter", "decimal", "quote", "comment", "missing"])
    switch try node.choice(
      "encoding", ["auto", "utf-8", "utf-16le", "utf-16be", "windows-1252", "latin-1"])
    {
    case "utf-8": rules.encoding = .utf8
    case "utf-16le": rules.encoding = .utf16le
    case "utf-16be": rules.encoding = .utf16be
    case "windows-1252", "latin-1": rules.encoding = .windows1252
    default: break
    }
    switch try node.text("delimiter") {
    case nil, "auto": break
    case "tab", "\t": rules.delimiter = .character(0x09)
    case "blanks", " ": rules.delimiter = .blanks
    case let text?:
      guard let byte = character(text), !(48...57).contains(byte) else {
        throw node.type("delimiter", "expected auto, tab, blanks or one character")
      }
      rules.delimiter = .character(byte)
    }
    switch try node.choice("decimal", ["auto", ".", ","]) {
    case ".": rules.decimal = UInt8(ascii: ".")
    case ",": rules.decimal = UInt8(ascii: ",")
    default: break
    }
    if let decimal = rules.decimal, rules.delimiter == .character(decimal) {
      throw node.type("decimal", "expected another character than the delimiter")
    }
    rules.quote = try mark(node, "quote", rules.quote)
    rules.comment = try mark(node, "comment", rules.comment)
    rules.missing = try node.texts("missing", mayBeEmpty: true).filter { !$0.isEmpty }
    return rules
  }

  /// `auto`, `none` or one character.
  private static func mark(
    _ node: RecipeNode, _ key: String, _ usual: UInt8?
  ) throws(ReadFailure) -> UInt8? {
    switch try node.text(key) {
    case nil, "auto": return usual
    case "none": return nil
    case let text?:
      guard let byte = character(text) else {
        throw node.type(key, "expected auto, none or one character")
      }
      return byte
    }
  }

  private static func character(_ text: String) -> UInt8? {
    guard let byte = text.utf8.first, text.utf8.count == 1, byte > 0x20, byte < 0x7F else {
      return nil
    }
    return byte
  }

  static func header(_ root: RecipeNode) throws(ReadFailure) -> Recipe.HeaderRules {
    var rules = Recipe.HeaderRules()
    guard let value = root["header"] else {
      throw root.missing("header", "header: {columns_at: {match: '^Time'}}")
    }
    let node = try RecipeNode(
      value, path: "header",
      keys: ["columns_at", "rows", "row_names", "strip", "units_row", "metadata"])
    guard let at = node["columns_at"] else {
      throw node.missing("columns_at", "columns_at: {match: '^Time'} or {line: 3}")
    }
    rules.columnsAt = try line(at, "header.columns_at", ["match", "line", "count_from"])
    let rows = try node.integer("rows", 1...16) ?? 1
    if node.has("row_names") {
      rules.rowNames = try node.texts("row_names")
      guard rules.rowNames.count == rows, Set(rules.rowNames).count == rows else {
        throw node.type("row_names", "expected \(rows) different names, as rows says")
      }
      for name in rules.rowNames
      where !isName(name) || RecipeColumns.keys.contains(name) && name != "label" {
        throw ReadFailure(
          "recipe.type", at: node.valuePlace("row_names"), found: "header.row_names: '\(name)'",
          expected: "lower-case words that are no key of columns")
      }
    } else if rows > 1 {
      throw node.missing("row_names", "a name for each of the \(rows) rows")
    }
    rules.strip = try node.pattern("strip")
    rules.hasUnitsRow = try node.flag("units_row") ?? false
    for element in try node.elements("metadata") {
      let entry = try RecipeNode(element, path: "header.metadata", keys: ["match", "key_value"])
      if let pattern = try entry.pattern("match") {
        guard pattern.groups.contains(where: { $0 != nil }) else {
          throw entry.type("match", "expected at least one named group, (?<key>…)")
        }
        rules.patterns.append(pattern)
      } else {
        rules.keyMark = try entry.requiredText("key_value", "key_value: \":\"")
      }
    }
    return rules
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first >= 97, first <= 122 else { return false }
    return text.utf8.allSatisfy {
      $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == UInt8(ascii: "_")
    }
  }

  private static func line(
    _ value: ConfigNode, _ path: String, _ keys: [String]
  ) throws(ReadFailure) -> Recipe.LineRule {
    let node = try RecipeNode(value, path: path, keys: keys)
    guard node.keyCount == 1 else {
      throw ReadFailure(
        "recipe.type", at: node.place, found: "\(path) with \(node.keyCount) keys",
        expected: "one of \(keys.joined(separator: ", "))")
    }
    let least = keys.contains("count_from") ? 0 : 1  // a header may be absent, a row may not
    if let number = try node.integer("line", least...1_000_000) { return .number(number) }
    if let pattern = try node.pattern("count_from") {
      guard !pattern.groups.isEmpty else {
        throw node.type("count_from", "expected a group around the number, (\\d+)")
      }
      return .count(pattern)
    }
    return .match(try node.requiredPattern("match"))
  }

  static func data(_ root: RecipeNode) throws(ReadFailure) -> Recipe.DataRules {
    var rules = Recipe.DataRules()
    guard let value = root["data"] else { return rules }
    let node = try RecipeNode(
      value, path: "data", keys: ["starts", "ends", "ragged", "repeat_header", "sections"])
    if let starts = node["starts"] {
      rules.starts = try line(starts, "data.starts", ["match", "line"])
    }
    if let ends = node["ends"] { rules.ends = try line(ends, "data.ends", ["match", "line"]) }
    rules.ragged = try node.choice("ragged", Recipe.Ragged.allCases.map(\.rawValue)).flatMap {
      Recipe.Ragged(rawValue: $0)
    }
    rules.repeatsHeader = try node.flag("repeat_header") ?? false
    if let sections = node["sections"] {
      let entry = try RecipeNode(sections, path: "data.sections", keys: ["match", "name"])
      let pattern = try entry.requiredPattern("match")
      let name = try entry.text("name").map { RecipeTemplate($0) }
      for reference in name?.references ?? [] where !pattern.groups.contains(reference) {
        throw ReadFailure(
          "recipe.reference", at: entry.valuePlace("name"),
          found: "data.sections.name: no group is called '\(reference)'",
          expected: RecipeNode.nearest(reference, among: pattern.groups.compactMap { $0 }))
      }
      rules.sections = (pattern, name)
    }
    return rules
  }
}
