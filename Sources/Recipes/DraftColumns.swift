internal import Bytes
internal import DelimitedText
internal import Tables
internal import Units

/// Names, units and types of the columns of a draft.
struct DraftColumns {
  let table: TableDraft
  let labels: [String]
  let facts: [DraftScan.Facts]
  /// What lines such as `# Column.3: time seconds` above the rows say, by the column from 0.
  let declared: [Int: (name: String, unit: String?)]

  init(_ table: TableDraft, _ facts: [DraftScan.Facts]) {
    self.table = table
    self.facts = facts
    labels = table.labels ?? table.columns.indices.map { "column \($0 + 1)" }
    declared = DraftLabel.declared(table.preamble)
  }

  static func slug(_ text: String) -> String { ColumnLabel.slug(text) }

  /// All columns in the order of the file.
  var columns: [RecipeDraft.DraftColumn] {
    var used: Set<String> = []
    // A single header row of units alone names nothing else.
    let areUnits =
      table.units == nil && labels.count > 1
      && labels.allSatisfy { label in
        label.isEmpty
          || PhysicalUnit.loose(bare(label)).map { $0.unit.ucum != "[arb'U]" } ?? false
      }
      && labels.contains { (PhysicalUnit.loose(bare($0))?.unit.dimension ?? .one) != .one }
    let hasTest = labels.contains { Self.durationName($0) == "test_time" }
    var result: [RecipeDraft.DraftColumn] = []
    for (c, label) in labels.enumerated() where c < table.columns.count {
      var column = self.column(c, label, areUnits)
      if column.type == "duration" {
        let name = Self.durationName(label) ?? "time"
        column.name = name == "time" && hasTest ? "step_time" : name
      }
      column.name = free(column.name, label, column.type == "number" ? column.unit : nil, used)
      if column.type == "duration", let entry = CanonicalName.entry(column.name),
        entry.unit?.dimension != PhysicalUnit.second.dimension
      {
        column.name = free("\(column.name)_span", label, nil, used)
      }
      used.insert(column.name)
      result.append(column)
    }
    return result
  }

  private func column(
    _ c: Int, _ label: String, _ areUnits: Bool
  ) -> RecipeDraft.DraftColumn {
    let read = table.columns[c]
    let facts = c < self.facts.count ? self.facts[c] : DraftScan.Facts()
    var column = RecipeDraft.DraftColumn(
      label: label, name: read.name, unit: read.written.unit?.ucum, type: "number")
    let isText = isText(read.kind, facts, label)
    if isText {
      column.type = textType(label, facts)
      column.unit = column.type == "duration" ? "s" : nil
      return column
    }
    if case .integer = read.kind, facts.isWhole { column.type = "integer" }
    let own = DraftLabel.wholeUnit(label)
    if areUnits || own != nil && column.unit.map({ own?.count ?? 0 > $0.count }) ?? false {
      column.unit = own ?? PhysicalUnit.loose(bare(label))?.unit.ucum
    }
    if column.unit == nil { write(&column, label, facts) }
    if column.unit == nil, let said = declared[c] {
      column.unit = said.unit
      if column.name.hasPrefix("column_") { column.name = ColumnLabel.slug(said.name) }
    }
    if ["eV", "keV"].contains(column.unit), DraftLabel.isPhotonEnergy(label, hasCharge) {
      column.name = "photon_energy"
    }
    if column.unit == nil { guess(&column, read) }
    if column.unit != nil, column.type == "integer" { column.type = "number" }
    return column
  }

  /// The unit that the label spells in another way than docs/units.md says.
  private func write(
    _ column: inout RecipeDraft.DraftColumn, _ label: String, _ facts: DraftScan.Facts
  ) {
    if let known = DraftLabel.spelled(label) {
      (column.name, column.unit) = known
    } else if let energy = DraftLabel.energyUnit(label, facts.first, hasCharge) {
      (column.name, column.unit) = ("photon_energy", energy)
    } else if let time = DraftLabel.clockUnit(label, facts.first) {
      column.unit = time
    } else {
      column.unit = DraftLabel.wholeUnit(label) ?? DraftLabel.suffix(label)
    }
  }

  /// The usual unit of a name, marked as a guess; mass over charge is in u.
  private func guess(_ column: inout RecipeDraft.DraftColumn, _ read: TextColumn) {
    if column.label.lowercased() == "m/z" {
      (column.name, column.unit) = ("mass_u", "u")
    } else if read.written == .absent,
      let usual = CanonicalName.entry(column.name)?.unit?.ucum, usual != "1", usual != "{count}"
    {
      column.unit = usual
      column.isGuessed = true
    } else if hasCharge, read.written == .absent {
      column.unit = DraftLabel.usualOfCyclers(column.label)
      column.isGuessed = column.unit != nil
    }
  }

  /// Whether the table is one of a cycler, in which an energy is one of charging.
  private var hasCharge: Bool {
    let names = Set(table.columns.map(\.name))
    return names.contains("current") || names.contains("voltage")
  }

  private func bare(_ label: String) -> String {
    guard let first = label.first, let last = label.last, label.count > 2,
      first == "(" && last == ")" || first == "[" && last == "]"
    else { return label }
    return String(label.dropFirst().dropLast())
  }

  // MARK: Types

  /// Whether a column holds text: by the first rows, or where a part of all rows does.
  private func isText(
    _ kind: NumericTable.Kind, _ facts: DraftScan.Facts, _ label: String
  ) -> Bool {
    if facts.texts * 100 > facts.numbers + facts.texts { return true }
    switch kind {
    case .text: return facts.texts > 0 || facts.numbers == 0
    case .undecided:
      // An empty column is one of numbers where its label has a unit.
      return facts.numbers == 0 && ColumnLabel(label).unit == nil
    default: return false
    }
  }

  /// What the texts of a column are.
  private func textType(_ label: String, _ facts: DraftScan.Facts) -> String {
    let cells = facts.cells.filter { !$0.isEmpty }
    let isClock = DraftLabel.looksLikeClock(label)
    if !cells.isEmpty {
      let spans = cells.compactMap { DurationText($0) }
      if spans.count == cells.count {
        // Times of day and spans look alike: a time that starts in the middle of a day is one of the day.
        let isDay = spans.allSatisfy { $0.hourOfDay != nil } && (spans.first?.seconds ?? 0) >= 3600
        return isClock || isDay && !DraftLabel.namesSpan(label) ? "clock" : "duration"
      }
      if cells.allSatisfy({ Self.isStamp($0) }) { return "clock" }
    }
    return isClock ? "clock" : "text"
  }

  private static func isStamp(_ cell: String) -> Bool {
    ClockStamp(cell, order: .monthFirst, allowsDate: true) != nil
      || ClockStamp(cell, order: .dayFirst, allowsDate: true) != nil
      || ClockStamp.timeOfDay(cell) != nil
  }

  /// The name of a span of time by its label; nil where the label names none.
  private static func durationName(_ label: String) -> String? {
    let slug = ColumnLabel.slug(label)
    if slug.contains("charge") || slug.contains("chg") || slug.contains("load") { return nil }
    if slug.contains("step") { return "step_time" }
    if ["total", "test", "cumulative", "elapsed", "run", "prog"].contains(where: slug.contains) {
      return "test_time"
    }
    return slug.hasPrefix("time") ? "time" : nil
  }

  /// A name that no other column has, and whose canonical meaning, if it has one, allows the unit.
  private func free(
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

  // MARK: The axis

  /// The axis: the first column with the best of these names, else the first whose unit is a time or a
  /// length, else a clock, else one that a spectrum or a sweep is drawn over.
  static func axis(
    _ columns: [RecipeDraft.DraftColumn], _ facts: [DraftScan.Facts], _ technique: Technique
  ) -> String? {
    let times = ["test_time", "time", "sputter_time"]
    let others = ["photon_energy", "frequency", "mass_u", "wave_number"]
    // Spectra may hold the time of each point as well.
    let isSwept = columns.indices.contains { c in
      columns[c].name == "frequency" && columns[c].unit != nil && c < facts.count
        && facts[c].last != facts[c].first
    }
    let isSpectrum =
      technique == .xas || technique == .impedance || isSwept
      || columns.first?.name == "photon_energy"
    let names = isSpectrum ? others + times : times + others
    let numeric = columns.indices.filter { c in
      let column = columns[c]
      guard column.type == "number" || column.type == "integer" else {
        return column.type == "duration"
      }
      // The time that each point took to count is no axis.
      return dimension(column) != PhysicalUnit.second.dimension || c >= facts.count
        || facts[c].isRising
    }
    for name in names + ["step_time", "deflection", "sensor_position", "piezo_position"] {
      if let c = numeric.first(where: { columns[$0].name == name }) { return columns[c].label }
    }
    // Numbers of a date are clocks, not times from a start.
    func isDate(_ c: Int) -> Bool {
      DraftLabel.looksLikeClock(columns[c].label) && c < facts.count
        && (facts[c].first ?? 0) >= 20_000
    }
    for wanted in [PhysicalUnit.second.dimension, PhysicalUnit.metre.dimension] {
      let found = numeric.first { c in
        let isOwn = columns[c].type == "duration" || dimension(columns[c]) == wanted
        return isOwn && !isDate(c)
      }
      if let found { return columns[found].label }
    }
    if let clock = columns.first(where: { $0.type == "clock" }) { return clock.label }
    let shown =
      numeric.first { isDate($0) } ?? numeric.first { DraftLabel.isAxis(columns[$0].label) }
    return shown.map { columns[$0].label }
  }

  private static func dimension(_ column: RecipeDraft.DraftColumn) -> Dimension? {
    column.unit.flatMap { try? PhysicalUnit(ucum: $0) }?.dimension
  }
}
