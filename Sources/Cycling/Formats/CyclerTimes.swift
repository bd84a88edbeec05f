internal import Bytes
internal import Tables
internal import Units

/// Turns clock times and spans of a log into seconds, and settles the unit of elapsed times.
enum CyclerTimes {
  /// Turns text columns under time names into seconds.
  ///
  /// Stamps of `unix_time` become seconds since 1970 (a clock without a zone is taken as UTC, with a
  /// note), spans `hh:mm:ss` become seconds. Cells that are neither are missing, with a warning; a
  /// column of which under half can be read stays text.
  ///
  /// - Parameters:
  ///   - order: the order of day and month where the stamps leave both open.
  ///   - isGiven: whether the format or the file says so.
  static func convert(
    _ columns: inout [Column], order: ClockStamp.Order, isGiven: Bool = false,
    into diagnostics: inout DiagnosticList
  ) {
    for i in columns.indices {
      switch columns[i].values {
      case .text(let cells):
        if columns[i].name == "unix_time" {
          stamps(&columns[i], cells, order, isGiven, &diagnostics)
        } else {
          spans(&columns[i], cells, &diagnostics)
        }
      case .real, .integer:
        if columns[i].name == "unix_time" { numericStamps(&columns[i], &diagnostics) }
      default: continue
      }
    }
  }

  private static func stamps(
    _ column: inout Column, _ cells: [String], _ order: ClockStamp.Order, _ isGiven: Bool,
    _ diagnostics: inout DiagnosticList
  ) {
    let evidence = ClockStamp.evidence(of: cells)
    let chosen = evidence.isSure ? evidence.order : order
    var seconds: [Double] = []
    seconds.reserveCapacity(cells.count)
    var bad = 0
    var isZoned = true
    var last: (text: String, value: Double)?
    for cell in cells {
      if let last, last.text == cell {
        seconds.append(last.value)
        continue
      }
      let stamp = ClockStamp(cell, order: chosen)
      if let stamp, !stamp.hasZone { isZoned = false }
      let value = stamp?.seconds ?? .nan
      if stamp == nil { bad += 1 }
      seconds.append(value)
      last = (cell, value)
    }
    // Times of day without a date, or words.
    guard bad * 2 < cells.count else {
      column.name = "clock"
      return
    }
    if bad > 0 {
      diagnostics.warn(
        "cycler.clock", found: "no clock time in column '\(column.label)'",
        expected: "expected a date and a time of day; counted as missing", count: bad)
    }
    if !evidence.isSure, !isGiven {
      diagnostics.note(
        "cycler.date-order",
        found: "day and month of column '\(column.label)' could stand in either order",
        expected: "read as \(chosen == .dayFirst ? "day/month" : "month/day")")
    }
    if !isZoned {
      diagnostics.note(
        "cycler.clock-zone", found: "column '\(column.label)' has no time zone",
        expected: "unix_time counts as if the clock showed UTC")
    }
    column = replaced(column, seconds, step: "clock time → s since 1970-01-01")
  }

  /// Seconds or milliseconds since 1970, or a spreadsheet's days since 1899-12-30, by their size.
  private static func numericStamps(_ column: inout Column, _ diagnostics: inout DiagnosticList) {
    guard case .absent = column.unit, let values = column.real,
      let first = values.first(where: { $0.isFinite })
    else { return }
    let known: (factor: Double, offset: Double, name: String)
    switch first {
    case 1e8..<1e10: known = (1, 0, "seconds since 1970")
    case 1e11..<1e13: known = (1e-3, 0, "milliseconds since 1970")
    case 20_000..<80_000: known = (86400, 25_569, "days since 1899-12-30")
    default: return
    }
    diagnostics.note(
      "cycler.clock-number", found: "column '\(column.label)' starts with \(first)",
      expected: "read as \(known.name)")
    column = replaced(
      column, values.map { ($0 - known.offset) * known.factor }, step: "\(known.name) → s")
  }

  private static func spans(
    _ column: inout Column, _ cells: [String], _ diagnostics: inout DiagnosticList
  ) {
    // A look at the first cells decides, so that free text costs nothing.
    let sample = cells.lazy.filter { !$0.isEmpty }.prefix(20)
    guard !sample.isEmpty, sample.count(where: { CyclerDuration($0) == nil }) * 2 < sample.count
    else { return }
    var bad = 0
    let seconds = cells.map { cell -> Double in
      if let span = CyclerDuration(cell) { return span.seconds }
      if !cell.isEmpty { bad += 1 }
      return .nan
    }
    guard bad * 2 < cells.count else { return }
    if bad > 0 {
      diagnostics.warn(
        "cycler.span", found: "no span of time in column '\(column.label)'",
        expected: "expected hh:mm:ss; counted as missing", count: bad)
    }
    column = replaced(column, seconds, step: "hh:mm:ss → s")
  }

  private static func replaced(_ column: Column, _ values: [Double], step: String) -> Column {
    var origin = column.origin
    origin.steps.append(step)
    return Column(
      name: column.name, label: column.label, values: .real(values), unit: .known(.second),
      origin: origin)
  }

  /// Settles the unit of elapsed times that none is written for by the wall clock, and warns where a
  /// written one is contradicted.
  ///
  /// Without a verdict the values stay as they are, without a unit and with a warning: a unit is never
  /// guessed.
  static func settle(
    _ columns: inout [Column], line: Int? = nil, into diagnostics: inout DiagnosticList
  ) {
    let stamps = columns.first { $0.name == "unix_time" && $0.unit.ucum == "s" }?.real ?? []
    guard let main = columns.firstIndex(where: { $0.name == "test_time" }),
      let times = columns[main].real
    else { return }
    let place = line.map { Place.line($0) } ?? .whole
    if columns[main].unit.ucum == "s" {
      guard let factor = WallClock.contradiction(seconds: times, stamps: stamps) else { return }
      diagnostics.warn(
        "cycler.clock-contradiction", at: place,
        found:
          "the wall clock runs \(factor >= 1 ? "\(Int(factor))" : "1/\(Int(1 / factor + 0.5))")"
          + " times as fast as column '\(columns[main].label)'",
        expected: "the written unit stands; is it right?")
      return
    }
    guard case .absent = columns[main].unit else { return }
    let unit = WallClock.unit(times: times, stamps: stamps)
    for i in columns.indices where ["test_time", "step_time"].contains(columns[i].name) {
      guard case .absent = columns[i].unit, let values = columns[i].real else { continue }
      guard let unit else {
        diagnostics.warn(
          "cycler.time-unit", at: place,
          found: "no unit for column '\(columns[i].label)', and no wall clock that settles it",
          expected: "expected a unit in the label, or --unit \(columns[i].name)=s")
        continue
      }
      var origin = columns[i].origin
      origin.steps.append("\(unit.rawValue) by the wall clock → s")
      let factor = unit.seconds
      columns[i] = Column(
        name: columns[i].name, label: columns[i].label,
        values: .real(factor == 1 ? values : values.map { $0 * factor }), unit: .known(.second),
        missing: columns[i].missing, origin: origin)
    }
    if let unit {
      diagnostics.note(
        "cycler.time-settled", at: place,
        found: "column '\(columns[main].label)' has no unit",
        expected: "its steps are \(unit.rawValue) by the wall clock of the file")
    }
  }
}
