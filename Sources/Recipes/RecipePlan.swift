internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// A column of a file with the rule that takes it.
struct PlannedColumn {
  /// The rule; nil for a column that no rule takes.
  var rule: Recipe.ColumnRule?
  /// Name, label, unit and kind.
  var column: TextColumn
  /// What tells it apart from others of its name.
  var key: String?
  /// What is known of it besides.
  var attached = Metadata()
  /// The date of its clock times.
  var date = ""

  /// How its cells are read, its factor included.
  var request: NumericTable.Request {
    var request = column.request
    guard let scale = rule?.scale else { return request }
    var exponent = 0
    var factor = 1.0
    if case .real(let e, let f, _) = request.kind { (exponent, factor) = (e, f) }
    if let power = Self.powerOfTen(scale) {
      exponent += power
    } else {
      factor *= scale
    }
    request.kind = .real(exponent: exponent, factor: factor)
    return request
  }

  /// n where the number is the nearest to 10 to the power of n.
  private static func powerOfTen(_ scale: Double) -> Int? {
    guard scale > 0 else { return nil }
    return (-30...30).first { NumberScanner(exponent: $0).parse("1") == scale }
  }
}

/// Finds the rule of every column.
struct RecipePlan {
  let recipe: Recipe
  let options: ReadOptions
  /// The cells above the columns, by row.
  let cells: [[String]]
  /// The line of the column names.
  let line: Int
  /// The cells of the row of units.
  let units: [String]?
  /// What the first rows say about the cells.
  let kinds: [NumericTable.Kind]
  /// Values of metadata and of the section.
  let values: (String) -> String?

  /// All columns in the order of the file.
  ///
  /// - Throws: `recipe.required-column` where a column that the recipe requires is not there.
  func columns(into diagnostics: inout DiagnosticList) throws(ReadFailure) -> [PlannedColumn] {
    let names = cells.last ?? []
    var planned: [PlannedColumn] = []
    var used: Set<Int> = []
    var keys: [String: Int] = [:]
    var known: [[String]: (Int, [String: String])] = [:]
    for c in names.indices {
      // Columns with the same cells above them get the same rule, if it takes each.
      let own = cells.map { $0[c] }
      let found = known[own] ?? rule(of: c, used)
      if let found, recipe.columns[found.0].takesEach { known[own] = found }
      guard let (r, groups) = found else {
        planned.append(other(c, into: &diagnostics))
        continue
      }
      used.insert(r)
      planned.append(column(c, recipe.columns[r], groups, &keys, into: &diagnostics))
    }
    for (r, rule) in recipe.columns.enumerated() where !used.contains(r) {
      guard rule.isRequired || recipe.requires.contains(rule.name.source) else { continue }
      throw ReadFailure(
        "recipe.required-column", at: .line(line),
        found: "no column matches \(rule.patterns.map(\.pattern.source).joined(separator: ", "))",
        expected:
          "expected the column '\(rule.name.source)', which the recipe \(recipe.id) requires")
    }
    warnOfRepeats(planned, into: &diagnostics)
    return planned
  }

  /// The first rule that all of its patterns take a column for, and what their groups hold.
  private func rule(of c: Int, _ used: Set<Int>) -> (Int, [String: String])? {
    rules: for (r, rule) in recipe.columns.enumerated() where rule.takesEach || !used.contains(r) {
      var groups: [String: String] = [:]
      for (row, pattern) in rule.patterns {
        let i = recipe.header.rowNames.firstIndex(of: row) ?? cells.count - 1
        guard cells.indices.contains(i), let match = pattern.match(cells[i][c]) else {
          continue rules
        }
        for name in pattern.groups.compactMap({ $0 }) { groups[name] = match[name] }
      }
      return (r, groups)
    }
    return nil
  }

  private func value(_ name: String, _ c: Int, _ groups: [String: String]) -> String? {
    if let group = groups[name] { return group }
    if let row = recipe.header.rowNames.firstIndex(of: name), cells.indices.contains(row) {
      return cells[row][c]
    }
    if name == "units", let units, c < units.count { return units[c] }
    return values(name)
  }

  private func column(
    _ c: Int, _ rule: Recipe.ColumnRule, _ groups: [String: String], _ keys: inout [String: Int],
    into diagnostics: inout DiagnosticList
  ) -> PlannedColumn {
    func text(_ template: RecipeTemplate) -> String {
      RecipeMetadata.trimmed(template.text { value($0, c, groups) }[...])
    }
    let written = cells.last?[c] ?? ""
    var name = text(rule.name)
    if !RecipeParts.isName(name) { name = ColumnLabel.slug(name) }
    var key = rule.key.map(text)
    if let base = key {
      let n = (keys["\(name) \(base)"] ?? 0) + 1
      keys["\(name) \(base)"] = n
      if n > 1 { key = "\(base) (\(n))" }
    }
    let label = rule.key.map(text) ?? (written.isEmpty ? name : written)
    let canonical = CanonicalName.entry(name)?.unit
    let isNumber = rule.kind == .number || rule.kind == .integer
    let unit =
      isNumber
      ? self.unit(
        c, rule.unit.map(text), rule.unit?.isLiteral ?? false, name, label, written, &diagnostics)
      : .absent
    let kind: NumericTable.Kind =
      switch rule.kind {
      case .number: .real()
      case .integer: .integer
      case .text, .category, .clock, .duration: .text
      }
    var planned = PlannedColumn(
      rule: rule,
      column: TextColumn(name: name, label: label, written: unit, target: canonical, kind: kind),
      key: key)
    for (name, template) in rule.attached {
      let value = text(template)
      if let number = NumberScanner.parse(value) {
        planned.attached.append(name, .real(number))
      } else if !value.isEmpty, !["n/a", "na", "-"].contains(value.lowercased()) {
        planned.attached.append(name, value)
      }
    }
    if let date = rule.date { planned.date = text(date) }
    return planned
  }

  /// A column that no rule takes: kept under a slug of its label, with the unit of the label.
  private func other(_ c: Int, into diagnostics: inout DiagnosticList) -> PlannedColumn {
    let label = ColumnLabel(cells.last?[c] ?? "")
    let kind = c < kinds.count ? kinds[c] : .undecided
    var unit = ColumnUnit.absent
    if kind != .text {
      let given = options.units[label.slug] ?? options.units[label.label]
      if let given, let loose = PhysicalUnit.loose(given) {
        unit = .known(loose.unit)
      } else if let text = label.unitText {
        unit = label.unit.map { .known($0.unit) } ?? .unknown(text)
      }
    }
    let shown = label.label.isEmpty ? "column \(c + 1)" : label.label
    diagnostics.note(
      "recipe.other-column", at: .cell(line: line, column: c + 1),
      found: "the recipe \(recipe.id) has no rule for the column '\(shown)'",
      expected: "kept under a name made of its label")
    return PlannedColumn(
      rule: nil,
      column: TextColumn(
        name: label.label.isEmpty ? "column_\(c + 1)" : label.slug, label: shown, written: unit,
        kind: kind))
  }

  /// The unit of a column: what the user says, else the recipe, else the row of units, else the label.
  private func unit(
    _ c: Int, _ given: String?, _ isLiteral: Bool, _ name: String, _ label: String,
    _ written: String, _ diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    let canonical = CanonicalName.entry(name)?.unit
    let place = Place.cell(line: line, column: c + 1)
    let own = options.units[name] ?? options.units[label]
    if own == nil, isLiteral, let given, let unit = try? PhysicalUnit(ucum: given) {
      return .known(unit)
    }
    var text = own ?? given
    if text == nil, let units, c < units.count, !units[c].isEmpty { text = units[c] }
    let parsed = ColumnLabel(written, expecting: canonical?.dimension)
    if text == nil { text = parsed.unitText }
    guard let text, !text.isEmpty else {
      if canonical?.ucum == "1", let canonical { return .known(canonical) }
      diagnostics.warn(
        "unit.absent", at: place, found: "no unit for column '\(label)'",
        expected: "expected a unit in the recipe or the label, or --unit COLUMN=UNIT")
      return .absent
    }
    guard let loose = PhysicalUnit.loose(text, expecting: canonical?.dimension) else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label)'",
        expected: "expected a unit such as nm, mA.h or Ohm.cm2")
      return .unknown(text)
    }
    if let remark = loose.remark {
      diagnostics.add(
        Diagnostic(
          remark.isWarning ? .warning : .note, remark.code, at: place,
          found: "column '\(label)': \(remark.text)", expected: ""))
    }
    return .known(loose.unit)
  }

  private func warnOfRepeats(_ planned: [PlannedColumn], into diagnostics: inout DiagnosticList) {
    var seen: [String: Int] = [:]
    for planned in planned where planned.key == nil {
      let name = planned.column.name
      seen[name, default: 0] += 1
      if seen[name] == 2 {
        diagnostics.warn(
          "text.duplicate-column", at: .line(line),
          found: "two columns are '\(name)' ('\(planned.column.label)')",
          expected: "expected different names; the second one is called \(name)_2")
      }
    }
  }
}
