internal import Bytes
internal import Configuration
internal import Tables
internal import Units

/// The inline values of one series of a PFHub record as a table.
///
/// A list of mappings gives a column for each key; a list of lists or of single values, one mapping and
/// one single value are read too.
struct PFHubSeries {
  /// The table; nil where there are no values.
  private(set) var table: Table?

  private struct Draft {
    var key: String
    var cells: [String?]
    var lines: ClosedRange<Int>?

    mutating func set(_ row: Int, _ node: ConfigNode) {
      while cells.count < row { cells.append(nil) }
      cells.append(node.text)
      if let line = node.line {
        let low = min(lines?.lowerBound ?? line, line)
        lines = low...max(lines?.upperBound ?? line, line)
      }
    }
  }

  init(_ name: String, _ values: ConfigNode, _ diagnostics: inout DiagnosticList) {
    var drafts: [Draft] = []
    var places: [String: Int] = [:]
    var rows = 0
    func column(_ key: String) -> Int {
      if let known = places[key] { return known }
      places[key] = drafts.count
      drafts.append(Draft(key: key, cells: [], lines: nil))
      return drafts.count - 1
    }
    let elements: [ConfigNode]
    switch values.content {
    case .list(let list): elements = list
    case .mapping: elements = [values]
    case .text(let text):
      elements = text.isEmpty ? [] : [values]
      if !text.isEmpty {
        diagnostics.note(
          "pfhub.scalar", at: values.place, found: "the values of '\(name)' are one value",
          expected: "read as a table of one row")
      }
    }
    if elements.isEmpty {
      diagnostics.warn(
        "pfhub.no-series", at: values.place, found: "the values of '\(name)' are empty",
        expected: "a list of rows")
      return
    }
    for element in elements {
      var cells: [(key: String, value: ConfigNode)] = []
      switch element.content {
      case .mapping(let entries): cells = entries.map { ($0.key, $0.value) }
      case .list(let list):
        cells = list.enumerated().map { ("column_\($0.offset + 1)", $0.element) }
      case .text: cells = [(name, element)]
      }
      // One mapping of lists holds columns.
      let isColumns = elements.count == 1 && cells.contains { $0.value.elements != nil }
      for (key, value) in cells {
        if isColumns, let list = value.elements {
          let place = column(key)
          for (row, cell) in list.enumerated() { drafts[place].set(row, cell) }
          rows = max(rows, list.count)
          continue
        }
        guard value.text != nil else {
          diagnostics.warn(
            "pfhub.values", at: value.place,
            found: "'\(key)' of '\(name)' holds no single value", expected: "left out")
          continue
        }
        drafts[column(key)].set(isColumns ? 0 : rows, value)
      }
      rows = isColumns ? max(rows, 1) : rows + 1
    }
    guard rows > 0, !drafts.isEmpty else { return }
    let unitText = drafts.first { $0.key == "unit" }?.cells.first.flatMap { $0 }
    let columns = drafts.map { Self.column($0, rows, name, unitText, &diagnostics) }
    table = Table(
      name: name, columns: columns,
      indexColumns: columns.contains { $0.name == "time" } ? ["time"] : [])
  }

  /// A column of numbers where every cell is one, else of text.
  private static func column(
    _ draft: Draft, _ rows: Int, _ series: String, _ unitText: String?,
    _ diagnostics: inout DiagnosticList
  ) -> Column {
    var cells = draft.cells
    while cells.count < rows { cells.append(nil) }
    let slug = ColumnLabel.slug(draft.key)
    let own = slug == "value" ? CanonicalName.simulation(ColumnLabel.slug(series)) : nil
    let name = own ?? CanonicalName.simulation(slug) ?? (slug.isEmpty ? "column" : slug)
    var missing = MissingMask()
    var numbers: [Double] = []
    var isNumeric = true
    for (row, cell) in cells.enumerated() {
      guard let cell, !Self.isMissing(cell) else {
        missing.insert(row)
        numbers.append(.nan)
        continue
      }
      switch NumberScanner().outcome(cell) {
      case .number(let x): numbers.append(x)
      case .overflow:
        missing.insert(row)
        numbers.append(.nan)
        diagnostics.warn(
          "number.overflow", at: draft.lines.map { .line($0.lowerBound) } ?? .whole,
          found: "'\(cell)' of '\(draft.key)' is beyond the range of numbers",
          expected: "counted as missing")
      case .invalid: isNumeric = false
      }
    }
    let origin = Origin(lines: draft.lines, member: "data.\(series).values", steps: ["YAML scalar"])
    guard isNumeric, missing.count < cells.count else {
      return Column(
        name: slug.isEmpty ? "column" : slug, label: draft.key,
        values: .text(cells.map { $0 ?? "" }), unit: .absent, missing: missing, origin: origin)
    }
    let absent = cells.count { $0 == nil }
    if absent > 0 {
      diagnostics.warn(
        "pfhub.ragged", at: draft.lines.map { .line($0.lowerBound) } ?? .whole,
        found: "\(absent) of \(rows) rows of '\(series)' lack '\(draft.key)'",
        expected: "counted as missing")
    }
    var unit = ColumnUnit.absent
    if slug == "value", let unitText, !unitText.isEmpty {
      unit = PhysicalUnit.loose(unitText).map { .known($0.unit) } ?? .unknown(unitText)
    }
    return Column(
      name: name, label: draft.key, values: .real(numbers), unit: unit, missing: missing,
      origin: origin)
  }

  private static func isMissing(_ cell: String) -> Bool {
    ["", "~", "null", "nan", ".nan", "none", "n/a"].contains(cell.lowercased())
  }
}
