internal import Bytes
internal import Tables
internal import Units

/// What every cycler's log is checked for, whatever wrote it (cycling.md, "Units and time, for all").
///
/// The rows may come in pieces: what is said does not depend on where they are cut.
struct CyclerChecks {
  private var times: [Int: TimeCheck] = [:]
  private var voltages: [Int: VoltageCheck] = [:]
  private var sign = CyclerSign()
  private var rows = 0

  /// Warns, with counts, of times that fall, of tests beyond ten years and of voltages beyond 1000 V.
  ///
  /// - Parameters:
  ///   - columns: the finished columns of one table, under canonical names and units.
  ///   - line: the line or other place of a row, from 0; nil where it is not known.
  static func run(
    _ columns: [Column], into diagnostics: inout DiagnosticList,
    place: (Int) -> Place = { _ in .whole }
  ) {
    var checks = CyclerChecks()
    checks.add(columns)
    checks.report(columns, into: &diagnostics, place: place)
  }

  /// Takes up the rows of the next piece.
  mutating func add(_ columns: [Column]) {
    for (c, column) in columns.enumerated() {
      switch column.name {
      case "test_time":
        if let values = column.real { times[c, default: TimeCheck()].add(values, rows) }
      case "voltage" where column.unit.ucum == "V":
        if let values = column.real { voltages[c, default: VoltageCheck()].add(values, rows) }
      default: continue
      }
    }
    sign.add(columns)
    rows += columns.map(\.count).max() ?? 0
  }

  /// Says what was found; the columns give names and units alone.
  func report(
    _ columns: [Column], into diagnostics: inout DiagnosticList, place: (Int) -> Place
  ) {
    for (c, column) in columns.enumerated() {
      if let check = times[c] {
        check.reportFalls(column.label, &diagnostics, place)
        if column.unit.ucum == "s" { check.reportDuration(column.label, &diagnostics) }
      } else if let check = voltages[c] {
        check.report(column.label, &diagnostics, place)
      }
    }
    sign.report(columns, into: &diagnostics)
  }

  /// Whether times fall, and how long a test they make.
  private struct TimeCheck {
    private var last = -Double.infinity
    private var rows: [Int] = []
    private var count = 0
    private var low = Double.infinity
    private var high = -Double.infinity

    mutating func add(_ times: [Double], _ before: Int) {
      for (row, time) in times.enumerated() where time.isFinite {
        if time < last {
          count += 1
          if rows.count < 11 { rows.append(before + row) }
        }
        last = time
        low = min(low, time)
        high = max(high, time)
      }
    }

    func reportFalls(
      _ label: String, _ diagnostics: inout DiagnosticList, _ place: (Int) -> Place
    ) {
      guard let first = rows.first else { return }
      diagnostics.warn(
        "series.restart", at: place(first), found: "column '\(label)' steps back",
        expected: "expected values that never fall", count: count,
        places: rows.dropFirst().map(place).filter { $0 != .whole })
    }

    func reportDuration(_ label: String, _ diagnostics: inout DiagnosticList) {
      let years = (high - low) / (365.25 * 86400)
      guard years > 10 else { return }
      diagnostics.warn(
        "cycler.duration",
        found: "column '\(label)' spans \((years * 10).rounded() / 10) years",
        expected: "expected a test of at most 10 years; is the unit of the time right?")
    }
  }

  /// Voltages that no cell has.
  private struct VoltageCheck {
    private var first: (row: Int, value: Double)?
    private var count = 0

    mutating func add(_ values: [Double], _ before: Int) {
      let found = values.count { abs($0) > 1000 }
      guard found > 0 else { return }
      if first == nil, let row = values.firstIndex(where: { abs($0) > 1000 }) {
        first = (before + row, values[row])
      }
      count += found
    }

    func report(_ label: String, _ diagnostics: inout DiagnosticList, _ place: (Int) -> Place) {
      guard let first else { return }
      diagnostics.warn(
        "cycler.voltage", at: place(first.row), found: "\(first.value) V in column '\(label)'",
        expected: "expected a cell voltage within ±1000 V", count: count)
    }
  }
}
