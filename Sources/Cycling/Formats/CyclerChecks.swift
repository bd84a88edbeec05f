internal import Bytes
internal import Tables
internal import Units

/// What every cycler's log is checked for, whatever wrote it (cycling.md, "Units and time, for all").
enum CyclerChecks {
  /// Warns, with counts, of times that fall, of tests beyond ten years and of voltages beyond 1000 V.
  ///
  /// - Parameters:
  ///   - columns: the finished columns of one table, under canonical names and units.
  ///   - line: the line or other place of a row, from 0; nil where it is not known.
  static func run(
    _ columns: [Column], into diagnostics: inout DiagnosticList,
    place: (Int) -> Place = { _ in .whole }
  ) {
    for column in columns {
      switch column.name {
      case "test_time":
        guard let times = column.real else { continue }
        falls(times, column.label, &diagnostics, place)
        if column.unit.ucum == "s" { duration(times, column.label, &diagnostics) }
      case "voltage" where column.unit.ucum == "V":
        guard let values = column.real,
          let row = values.firstIndex(where: { abs($0) > 1000 })
        else { continue }
        diagnostics.warn(
          "cycler.voltage", at: place(row),
          found: "\(values[row]) V in column '\(column.label)'",
          expected: "expected a cell voltage within ±1000 V", count: values.count { abs($0) > 1000 }
        )
      default: continue
      }
    }
    CyclerSign.check(columns, into: &diagnostics)
  }

  private static func falls(
    _ times: [Double], _ label: String, _ diagnostics: inout DiagnosticList,
    _ place: (Int) -> Place
  ) {
    var last = -Double.infinity
    var rows: [Int] = []
    var count = 0
    for (row, time) in times.enumerated() where time.isFinite {
      if time < last {
        count += 1
        if rows.count < 11 { rows.append(row) }
      }
      last = time
    }
    guard let first = rows.first else { return }
    diagnostics.warn(
      "series.restart", at: place(first), found: "column '\(label)' steps back",
      expected: "expected values that never fall", count: count,
      places: rows.dropFirst().map(place).filter { $0 != .whole })
  }

  private static func duration(
    _ times: [Double], _ label: String, _ diagnostics: inout DiagnosticList
  ) {
    let (low, high) = times.reduce((Double.infinity, -Double.infinity)) {
      $1.isFinite ? (min($0.0, $1), max($0.1, $1)) : $0
    }
    let years = (high - low) / (365.25 * 86400)
    guard years > 10 else { return }
    diagnostics.warn(
      "cycler.duration",
      found: "column '\(label)' spans \((years * 10).rounded() / 10) years",
      expected: "expected a test of at most 10 years; is the unit of the time right?")
  }
}
