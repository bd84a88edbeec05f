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
    reportStamps(column, bad, evidence, isGiven, isZoned, chosen, &diagnostics)
    column = replaced(column, seconds, step: "clock time → s since 1970-01-01")
  }

  /// What there is to say of a column of stamps.
  static func reportStamps(
    _ column: Column, _ bad: Int, _ evidence: (order: ClockStamp.Order, isSure: Bool),
    _ isGiven: Bool, _ isZoned: Bool, _ chosen: ClockStamp.Order,
    _ diagnostics: inout DiagnosticList
  ) {
    if bad > 0 {
      diagnostics.warn(
        "cycler.clock", found: "no clock time in column '\(column.label)'",
        expected: "expected a date and a time of day; counted as missing", count: bad)
    }
    if !evidence.isSure, !isGiven {
      diagnostics.warn(
        "time.day-month-ambiguous",
        found: "day and month of column '\(column.label)' could stand in either order",
        expected: "read as \(chosen == .dayFirst ? "day/month" : "month/day")")
    }
    if !isZoned {
      diagnostics.note(
        "cycler.clock-zone", found: "column '\(column.label)' has no time zone",
        expected: "unix_time counts as if the clock showed UTC")
    }
  }

  /// Seconds or milliseconds since 1970, or a spreadsheet's days since 1899-12-30, by their size.
  private static func numericStamps(_ column: inout Column, _ diagnostics: inout DiagnosticList) {
    guard case .absent = column.unit, let values = column.real,
      let first = values.first(where: { $0.isFinite }), let scale = StampScale(first: first)
    else { return }
    scale.report(column, &diagnostics)
    column = scale.applied(to: column, values)
  }

  /// What the numbers of a column of stamps count.
  struct StampScale: Equatable {
    private let first: Double
    private let factor: Double
    private let offset: Double
    private let name: String

    /// By the size of the first number; nil where that is no instant.
    init?(first: Double) {
      self.first = first
      switch first {
      case 1e8..<1e10: (factor, offset, name) = (1, 0, "seconds since 1970")
      case 1e11..<1e13: (factor, offset, name) = (1e-3, 0, "milliseconds since 1970")
      case 20_000..<80_000: (factor, offset, name) = (86400, 25_569, "days since 1899-12-30")
      default: return nil
      }
    }

    /// The instants in seconds.
    func applied(to column: Column, _ values: [Double]) -> Column {
      CyclerTimes.replaced(column, values.map { ($0 - offset) * factor }, step: "\(name) → s")
    }

    /// What there is to say of the column.
    func report(_ column: Column, _ diagnostics: inout DiagnosticList) {
      diagnostics.note(
        "cycler.clock-number", found: "column '\(column.label)' starts with \(first)",
        expected: "read as \(name)")
    }
  }

  private static func spans(
    _ column: inout Column, _ cells: [String], _ diagnostics: inout DiagnosticList
  ) {
    // A look at the first cells decides, so that free text costs nothing.
    guard areSpans(Array(cells.lazy.filter { !$0.isEmpty }.prefix(spanSample))) else { return }
    var bad = 0
    let seconds = cells.map { cell -> Double in
      if let span = CyclerDuration(cell) { return span.seconds }
      if !cell.isEmpty { bad += 1 }
      return .nan
    }
    guard bad * 2 < cells.count else { return }
    reportSpans(column, bad, &diagnostics)
    column = replaced(column, seconds, step: "hh:mm:ss → s")
  }

  /// Cells that are looked at.
  static let spanSample = 20

  /// Whether most of the first cells that hold something are spans of time.
  static func areSpans(_ sample: [String]) -> Bool {
    !sample.isEmpty && sample.count(where: { CyclerDuration($0) == nil }) * 2 < sample.count
  }

  /// What there is to say of a column of spans.
  static func reportSpans(_ column: Column, _ bad: Int, _ diagnostics: inout DiagnosticList) {
    guard bad > 0 else { return }
    diagnostics.warn(
      "cycler.span", found: "no span of time in column '\(column.label)'",
      expected: "expected hh:mm:ss; counted as missing", count: bad)
  }

  /// A column of seconds in place of what the file holds.
  static func replaced(_ column: Column, _ values: [Double], step: String) -> Column {
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
    if columns[main].unit.ucum == "s" {
      let factor = WallClock.contradiction(seconds: times, stamps: stamps)
      reportContradiction(columns[main], factor, line, &diagnostics)
      return
    }
    guard case .absent = columns[main].unit else { return }
    let unit = WallClock.unit(times: times, stamps: stamps)
    reportUnit(columns, main, unit, line, &diagnostics)
    if let unit { apply(unit, to: &columns) }
  }

  /// Elapsed times that have no unit, in seconds.
  static func apply(_ unit: WallClock.Unit, to columns: inout [Column]) {
    for i in columns.indices where isElapsed(columns[i]) {
      guard let values = columns[i].real else { continue }
      var origin = columns[i].origin
      origin.steps.append("\(unit.rawValue) by the wall clock → s")
      let factor = unit.seconds
      columns[i] = Column(
        name: columns[i].name, label: columns[i].label,
        values: .real(factor == 1 ? values : values.map { $0 * factor }), unit: .known(.second),
        missing: columns[i].missing, origin: origin)
    }
  }

  /// Whether a column holds elapsed times without a unit.
  private static func isElapsed(_ column: Column) -> Bool {
    guard case .absent = column.unit else { return false }
    return column.name == "test_time" || column.name == "step_time"
  }

  /// Says that the wall clock contradicts the unit that is written.
  static func reportContradiction(
    _ column: Column, _ factor: Double?, _ line: Int?, _ diagnostics: inout DiagnosticList
  ) {
    guard let factor else { return }
    diagnostics.warn(
      "cycler.clock-contradiction", at: line.map { Place.line($0) } ?? .whole,
      found:
        "the wall clock runs \(factor >= 1 ? "\(Int(factor))" : "1/\(Int(1 / factor + 0.5))")"
        + " times as fast as column '\(column.label)'",
      expected: "the written unit stands; is it right?")
  }

  /// Says which unit the wall clock gives to times that have none, `columns` being those before.
  static func reportUnit(
    _ columns: [Column], _ main: Int, _ unit: WallClock.Unit?, _ line: Int?,
    _ diagnostics: inout DiagnosticList
  ) {
    let place = line.map { Place.line($0) } ?? .whole
    if let unit {
      diagnostics.note(
        "cycler.time-settled", at: place,
        found: "column '\(columns[main].label)' has no unit",
        expected: "its steps are \(unit.rawValue) by the wall clock of the file")
      return
    }
    for column in columns where isElapsed(column) && column.isNumeric {
      diagnostics.warn(
        "cycler.time-unit", at: place,
        found: "no unit for column '\(column.label)', and no wall clock that settles it",
        expected: "expected a unit in the label, or --unit \(column.name)=s")
    }
  }
}

extension Column {
  /// Whether the values are numbers.
  var isNumeric: Bool {
    switch values {
    case .real, .integer: true
    default: false
    }
  }
}
