internal import Reading
internal import Tables
internal import Units

extension Dataset {
  /// Joins the segments of elapsed times that restart, by the rule that the user names.
  mutating func join(_ said: InputStatement, _ found: inout DiagnosticList) {
    guard let rule = JoinRule(rawValue: said.text) else { return }
    for t in tables.indices {
      guard
        let c = tables[t].columns.firstIndex(where: {
          ($0.name == "test_time" || $0.name == "time") && $0.unit.ucum == "s" && $0.summary == nil
        }), var values = tables[t].columns[c].real
      else { continue }
      let clock = Self.clockSeconds(tables[t])
      let starts = Self.starts(values)
      if starts.isEmpty { continue }
      if rule == .clock, clock == nil {
        found.warn(
          "series.not-joined", found: "table '\(tables[t].name)' has no clock",
          expected: "its segments stay apart; --join end-to-end needs none")
        continue
      }
      var shift = 0.0
      var next = starts[...]
      var before: (row: Int, time: Double)?
      for row in values.indices where values[row].isFinite {
        if row == next.first, let before {
          next = next.dropFirst()
          shift = before.time - values[row]
          if rule == .clock, let clock, (clock[row] - clock[before.row]).isFinite {
            shift += clock[row] - clock[before.row]
          }
        }
        values[row] += shift
        before = (row, values[row])
      }
      tables[t].columns[c].values = .real(values)
      tables[t].columns[c].origin.steps.append(
        "\(starts.count + 1) segments joined (\(rule.rawValue))")
      diagnostics.removeAll { $0.code == "series.restart" && tables.count == 1 }
      let lines = tables[t].columns[c].origin.lines
      let places = starts.prefix(10).map { row -> Place in
        guard let lines, lines.count == values.count else { return .whole }
        return .line(lines.lowerBound + row)
      }
      found.add(
        Diagnostic(
          .note, "series.joined", at: places.first ?? .whole,
          found: "the times of table '\(tables[t].name)' restart \(starts.count) times",
          expected: "joined by the rule '\(rule.rawValue)' of \(said.source)", places: places))
      record(.join, said, replaced: "\(starts.count + 1) segments")
    }
  }

  /// The rows at which a series steps back.
  private static func starts(_ values: [Double]) -> [Int] {
    var rows: [Int] = []
    var last = -Double.infinity
    for (row, value) in values.enumerated() where value.isFinite {
      if value < last { rows.append(row) }
      last = value
    }
    return rows
  }

  /// The seconds of a table's clock.
  private static func clockSeconds(_ table: Table) -> [Double]? {
    for name in ["unix_time", "clock_elapsed"] {
      if let column = table[name], column.unit.ucum == "s", let values = column.real {
        return values
      }
    }
    guard let column = table["instant"], case .instant(let stamps) = column.values else {
      return nil
    }
    return stamps.enumerated().map { column.missing.contains($0) ? .nan : Double($1) / 1e9 }
  }
}
