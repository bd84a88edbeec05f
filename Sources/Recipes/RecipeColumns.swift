internal import Bytes
internal import Configuration
internal import Tables
internal import Units

/// Reads the columns of a recipe.
enum RecipeColumns {
  static let keys = [
    "label", "name", "unit", "type", "required", "sign", "scale", "why", "each", "key", "attach",
    "formats", "date", "zone",
  ]

  static func read(
    _ root: RecipeNode, header: Recipe.HeaderRules, data: Recipe.DataRules
  ) throws(ReadFailure) -> [Recipe.ColumnRule] {
    let rowNames = header.rowNames
    let metadata =
      header.patterns.flatMap(\.groups).compactMap { $0 }
      + (data.sections?.match.groups ?? []).compactMap { $0 }
    var rules: [Recipe.ColumnRule] = []
    for element in try root.elements("columns") {
      let all = keys + rowNames.filter { !keys.contains($0) }
      let node = try RecipeNode(element, path: "columns", keys: all)
      var rule = try rule(node, rowNames: rowNames)
      rule.place = element.place
      let known =
        rule.patterns.flatMap { $0.pattern.groups }.compactMap { $0 } + rowNames + metadata
        + (header.hasUnitsRow ? ["units"] : [])
      try check(rule, node, known: known, isOpen: header.keyMark != nil)
      rules.append(rule)
    }
    guard !rules.isEmpty else {
      throw root.missing("columns", "columns: [{label: '^Time', name: time, unit: s}]")
    }
    let names = rules.map(\.name.source)
    for rule in rules {
      guard let sign = rule.sign, !names.contains(sign.column) else { continue }
      throw ReadFailure(
        "recipe.reference", at: rule.place,
        found: "columns.sign.by: no column is called '\(sign.column)'",
        expected: RecipeNode.nearest(sign.column, among: names))
    }
    return rules
  }

  private static func rule(
    _ node: RecipeNode, rowNames: [String]
  ) throws(ReadFailure) -> Recipe.ColumnRule {
    var rule = Recipe.ColumnRule()
    for row in ["label"] + rowNames where node.has(row) {
      if rule.patterns.contains(where: { $0.row == row }) { continue }
      rule.patterns.append((row, try node.requiredPattern(row)))
    }
    guard !rule.patterns.isEmpty else {
      throw node.missing(rowNames.last ?? "label", "a regular expression for the column's label")
    }
    rule.name = RecipeTemplate(try node.requiredText("name", "name: test_time"))
    if rule.name.isLiteral, !RecipeParts.isName(rule.name.source) {
      throw node.type("name", "expected lower-case letters, digits and _, such as test_time")
    }
    let kinds = Recipe.ColumnRule.Kind.allCases.map(\.rawValue)
    rule.kind =
      try node.choice("type", kinds).flatMap { Recipe.ColumnRule.Kind(rawValue: $0) } ?? .number
    rule.isRequired = try node.flag("required") ?? false
    rule.unit = try node.text("unit").map { RecipeTemplate($0) }
    if let value = node["sign"] { rule.sign = try sign(value) }
    try scale(node, &rule)
    rule.takesEach = try node.flag("each") ?? false
    rule.key = try node.text("key").map { RecipeTemplate($0) }
    if let value = node["attach"] {
      guard let entries = value.entries else { throw node.type("attach", "expected a mapping") }
      for entry in entries {
        guard RecipeParts.isName(entry.key), let text = entry.value.text, !text.isEmpty else {
          throw ReadFailure(
            "recipe.type", at: entry.place, found: "columns.attach: '\(entry.key)'",
            expected: "name: $row, such as mass_u: $mass")
        }
        rule.attached.append((entry.key, RecipeTemplate(text)))
      }
    }
    try clock(node, &rule)
    return rule
  }

  private static func sign(_ value: ConfigNode) throws(ReadFailure) -> Recipe.SignRule {
    let node = try RecipeNode(
      value, path: "columns.sign", keys: ["by", "negative", "positive", "zero"])
    let rule = Recipe.SignRule(
      column: try node.requiredText("by", "by: state"), negative: try node.texts("negative"),
      positive: try node.texts("positive"), zero: try node.texts("zero"))
    guard !rule.negative.isEmpty else {
      throw node.missing("negative", "the texts of rows with a negative value, negative: [D]")
    }
    let all = rule.negative + rule.positive + rule.zero
    if let twice = all.first(where: { word in all.filter { $0 == word }.count > 1 }) {
      throw ReadFailure(
        "recipe.type", at: node.place, found: "columns.sign: '\(twice)' stands twice",
        expected: "each text once")
    }
    return rule
  }

  private static func scale(
    _ node: RecipeNode, _ rule: inout Recipe.ColumnRule
  ) throws(ReadFailure) {
    guard let text = try node.text("scale") else {
      if node.has("why") {
        throw ReadFailure(
          "recipe.type", at: node.place("why"), found: "columns.why without scale",
          expected: "both or neither")
      }
      return
    }
    guard let number = NumberScanner.parse(text), number != 0 else {
      throw node.type("scale", "expected a number other than 0")
    }
    guard let why = try node.text("why") else {
      throw ReadFailure(
        "recipe.missing-key", at: node.place("scale"), found: "columns.scale without why",
        expected: "why: the reason for the factor, in words")
    }
    (rule.scale, rule.scaleText, rule.why) = (number, text, why)
  }

  private static func clock(
    _ node: RecipeNode, _ rule: inout Recipe.ColumnRule
  ) throws(ReadFailure) {
    guard rule.kind == .clock else {
      for key in ["formats", "date", "zone"] where node.has(key) {
        throw ReadFailure(
          "recipe.type", at: node.place(key), found: "columns.\(key) of a column that is no clock",
          expected: "type: clock beside it")
      }
      return
    }
    for text in try node.texts("formats") {
      guard let format = ClockFormat(text) else {
        throw ReadFailure(
          "recipe.clock-format", at: node.valuePlace("formats"),
          found: "columns.formats: '\(text)'",
          expected: "letters y M d H h m s S a as in 'yyyy-MM-dd HH:mm:ss.SSS'")
      }
      rule.formats.append(format)
    }
    rule.date = try node.text("date").map { RecipeTemplate($0) }
    let zone = try node.text("zone") ?? "unknown"
    guard zone == "unknown" || ClockFormat.offset(zone) != nil else {
      throw ReadFailure(
        "recipe.choice", at: node.valuePlace("zone"), found: "columns.zone: '\(zone)'",
        expected: "unknown, UTC or an offset such as +01:00")
    }
    rule.zone = ClockFormat.offset(zone)
    if rule.zone != nil, rule.formats.isEmpty {
      throw ReadFailure(
        "recipe.missing-key", at: node.place("zone"), found: "columns.zone without formats",
        expected: "formats: the ways in which the times are written")
    }
  }

  // MARK: What the parts say of one another

  private static func check(
    _ rule: Recipe.ColumnRule, _ node: RecipeNode, known: [String], isOpen: Bool
  ) throws(ReadFailure) {
    let templates: [(String, RecipeTemplate?)] =
      [("name", rule.name), ("unit", rule.unit), ("key", rule.key), ("date", rule.date)]
      + rule.attached.map { ("attach", $0.value) }
    if !isOpen {
      for (key, template) in templates {
        for name in template?.references ?? [] where !known.contains(name) {
          throw ReadFailure(
            "recipe.reference", at: node.valuePlace(key),
            found: "columns.\(key): nothing is called '$\(name)'",
            expected: known.isEmpty
              ? "a named group (?<\(name)>…)" : RecipeNode.nearest(name, among: known))
        }
      }
    }
    if rule.takesEach, rule.key == nil {
      throw ReadFailure(
        "recipe.missing-key", at: node.place("each"), found: "columns.each without key",
        expected: "key: what tells the columns apart, such as key: $label")
    }
    if !rule.takesEach, rule.key != nil {
      throw ReadFailure(
        "recipe.type", at: node.place("key"), found: "columns.key without each: true",
        expected: "both or neither")
    }
    let isWords = [.text, .category, .clock, .duration].contains(rule.kind)
    for key in ["unit", "scale", "sign"] where isWords && node.has(key) {
      throw ReadFailure(
        "recipe.type", at: node.place(key),
        found: "columns.\(key) of a column of type \(rule.kind.rawValue)",
        expected: rule.kind == .duration
          ? "no \(key): spans of time are in seconds" : "a column of numbers, or no \(key)")
    }
    if rule.kind == .duration, rule.name.isLiteral,
      let canonical = CanonicalName.entry(rule.name.source)?.unit,
      (try? UnitConverter(from: .second, to: canonical)) == nil
    {
      throw ReadFailure(
        "recipe.unit", at: node.valuePlace("name"),
        found: "columns.name: '\(rule.name.source)' of a span of time",
        expected:
          "a name of a time, such as test_time, and no \(canonical.dimension.name ?? "other quantity")"
      )
    }
    try checkUnit(rule, node)
  }

  private static func checkUnit(
    _ rule: Recipe.ColumnRule, _ node: RecipeNode
  ) throws(ReadFailure) {
    guard let text = rule.unit, text.isLiteral else { return }
    guard let unit = try? PhysicalUnit(ucum: text.source) else {
      let near = PhysicalUnit.loose(text.source)?.unit.ucum
      throw ReadFailure(
        "recipe.unit", at: node.valuePlace("unit"),
        found: "columns.unit: '\(text.source)' is no unit",
        expected: near.map { "did you mean '\($0)'?" }
          ?? "UCUM text such as V, mA.h, Ohm.cm2, /cm2, {count} or 1")
    }
    guard rule.name.isLiteral, let canonical = CanonicalName.entry(rule.name.source)?.unit,
      (try? UnitConverter(from: unit, to: canonical)) == nil
    else { return }
    throw ReadFailure(
      "recipe.unit", at: node.valuePlace("unit"),
      found:
        "columns.unit: '\(text.source)' is a \(unit.dimension.name ?? "quantity of another kind")",
      expected:
        "a \(canonical.dimension.name ?? "unit") for '\(rule.name.source)', such as \(canonical.ucum)"
    )
  }
}
