internal import Bytes
internal import Reading
internal import Tables
internal import Units

extension Dataset {
  /// Reads clock columns: instants where the zone is known, seconds of the clock where it is not.
  ///
  /// Columns `unix_time` that a reader took from a clock without a zone get the user's zone. The first
  /// column of clock text of a table is joined by `instant` (with a zone, in the text or given), else by
  /// `clock_elapsed`; the text itself stays as written.
  mutating func readClocks(_ options: ReadOptions, _ found: inout DiagnosticList) {
    if let zone = options.timeZone { shiftUnixTimes(to: zone, options, &found) }
    for t in tables.indices where tables[t].columns.allSatisfy({ $0.summary == nil }) {
      let names = Set(tables[t].columns.map(\.name))
      guard names.isDisjoint(with: ["unix_time", "instant", "clock_elapsed"]) else { continue }
      let elapsed = (tables[t]["test_time"] ?? tables[t]["time"])
        .flatMap { $0.unit.ucum == "s" ? $0.real : nil }
      for column in tables[t].columns {
        guard let made = clock(column, elapsed, options, &found) else { continue }
        tables[t].columns.append(made)
        break
      }
    }
  }

  /// Moves stamps that counted as UTC into the zone that the user gives.
  private mutating func shiftUnixTimes(
    to zone: TimeZoneRules, _ options: ReadOptions, _ found: inout DiagnosticList
  ) {
    guard diagnostics.contains(where: { $0.code == "cycler.clock-zone" }) else { return }
    diagnostics.removeAll { $0.code == "cycler.clock-zone" }
    for t in tables.indices {
      for c in tables[t].columns.indices {
        let column = tables[t].columns[c]
        guard CanonicalName.entry(column.name)?.name == "unix_time", column.summary == nil,
          column.unit.ucum == "s", let values = column.real
        else { continue }
        var clock = ZonedClock(zone)
        let moved = values.map { value -> Double in
          guard let whole = Int64(exactly: value.rounded(.down)), abs(whole) < 9_000_000_000 else {
            return .nan
          }
          let rest = ((value - value.rounded(.down)) * 1e9).rounded()
          let instant = clock.instant(whole * 1_000_000_000 + (Int64(exactly: rest) ?? 0))
          return Double(instant / 1_000_000_000) + Double(instant % 1_000_000_000) / 1e9
        }
        tables[t].columns[c].values = .real(moved)
        tables[t].columns[c].origin.steps.append("clock of \(zone.name) → UTC")
        say(column, zone, folds: clock.folds, gaps: clock.gaps, options, &found)
      }
    }
  }

  /// Says that a zone was given, and what it had to decide.
  private mutating func say(
    _ column: Column, _ zone: TimeZoneRules, folds: Int, gaps: Int, _ options: ReadOptions,
    _ found: inout DiagnosticList
  ) {
    found.note(
      "time.zone-given", found: "column '\(column.label)' has no time zone",
      expected: "read as a clock of \(zone.name) (\(options.said.timeZone?.source ?? "option"))")
    if let said = options.said.timeZone { record(.timeZone, said) }
    if folds > 0 {
      found.add(
        Diagnostic(
          .note, "time.fold",
          found: "column '\(column.label)' has times that clocks of \(zone.name) show twice",
          expected: "settled by the order of the rows", count: folds))
    }
    if gaps > 0 {
      found.warn(
        "time.gap",
        found: "column '\(column.label)' has times that no clock of \(zone.name) showed",
        expected: "is it the right zone? They count by the offset before the change", count: gaps)
    }
  }

  /// The column that stands beside a clock; nil where the column is none.
  private mutating func clock(
    _ column: Column, _ elapsed: [Double]?, _ options: ReadOptions, _ found: inout DiagnosticList
  ) -> Column? {
    switch column.values {
    case .text(let cells) where cells.count > 1:
      return stamps(column, cells, elapsed, options, &found)
    case .real, .integer: return serial(column, options, &found)
    default: return nil
    }
  }

  private mutating func stamps(
    _ column: Column, _ cells: [String], _ elapsed: [Double]?, _ options: ReadOptions,
    _ found: inout DiagnosticList
  ) -> Column? {
    guard let series = ClockSeries(cells, elapsed: elapsed) else { return nil }
    if !series.isOrderSure {
      found.warn(
        "time.day-month-ambiguous",
        found: "day and month of column '\(column.label)' could stand in either order",
        expected: "read as \(series.order == .dayFirst ? "day/month" : "month/day")")
    }
    if let row = series.midnights.first {
      found.add(
        Diagnostic(
          .note, "time.midnight", at: Self.place(column, row),
          found: "column '\(column.label)' goes over midnight", expected: "a day is added there",
          count: series.midnights.count))
    }
    if series.isZoned {
      return Self.instants(column, series.stamps, "clock time with its zone → UTC")
    }
    if let zone = options.timeZone, let read = series.instants(in: zone) {
      say(column, zone, folds: read.folds, gaps: read.gaps, options, &found)
      return Self.instants(column, read.instants, "clock of \(zone.name) → UTC")
    }
    let back = series.hoursBack(elapsed: elapsed)
    if let row = back.first {
      found.warn(
        "time.clock-change", at: Self.place(column, row),
        found: "the clock of column '\(column.label)' steps back by an hour",
        expected: "daylight saving? --time-zone NAME settles it", count: back.count)
    }
    let seconds = series.elapsed
    var origin = column.origin
    origin.steps.append("clock time without zone → s since the first one")
    return Column(
      name: "clock_elapsed", label: column.label, values: .real(seconds), unit: .known(.second),
      origin: origin)
  }

  /// Days or seconds of a spreadsheet, LabVIEW or Unix under a label that speaks of a date.
  private mutating func serial(
    _ column: Column, _ options: ReadOptions, _ found: inout DiagnosticList
  ) -> Column? {
    guard case .absent = column.unit else { return nil }
    let words = ColumnLabel.slug(column.label).split(separator: "_")
    let isDate = words.contains { word in
      ["date", "datetime", "timestamp", "clock", "instant", "unix", "epoch", "utc"]
        .contains(String(word))
    }
    guard isDate, let statistics = column.statistics, let low = statistics.min,
      let high = statistics.max, let kind = SerialDate.bySize(low), SerialDate.bySize(high) == kind
    else { return nil }
    var stamps: [Int64?] = []
    if case .integer(let whole) = column.values, kind == .unixNanoseconds {
      stamps = whole.enumerated().map { column.missing.contains($0) ? nil : $1 }
    } else {
      stamps = (column.real ?? []).map { kind.nanoseconds($0) }
    }
    found.note(
      "time.serial-date", at: Self.place(column, 0),
      found: "column '\(column.label)' holds numbers such as \(low)",
      expected: "read as \(kind.title)")
    if kind.isInstant { return Self.instants(column, stamps, "\(kind.title) → UTC") }
    if let zone = options.timeZone {
      var clock = ZonedClock(zone)
      let instants = stamps.map { stamp in stamp.map { clock.instant($0) } }
      say(column, zone, folds: clock.folds, gaps: clock.gaps, options, &found)
      return Self.instants(column, instants, "\(kind.title), clock of \(zone.name) → UTC")
    }
    guard let first = stamps.compactMap({ $0 }).first else { return nil }
    var origin = column.origin
    origin.steps.append("\(kind.title) → s since the first one")
    return Column(
      name: "clock_elapsed", label: column.label,
      values: .real(stamps.map { $0.map { Double($0 &- first) / 1e9 } ?? .nan }),
      unit: .known(.second), origin: origin)
  }

  private static func instants(_ column: Column, _ stamps: [Int64?], _ step: String) -> Column {
    var missing = MissingMask()
    for (row, stamp) in stamps.enumerated() where stamp == nil { missing.insert(row) }
    var origin = column.origin
    origin.steps.append(step)
    return Column(
      name: "instant", label: column.label, values: .instant(stamps.map { $0 ?? 0 }),
      unit: .absent, missing: missing, origin: origin)
  }

  private static func place(_ column: Column, _ row: Int) -> Place {
    guard let lines = column.origin.lines, lines.count == column.count else { return .whole }
    return .line(lines.lowerBound + row)
  }
}
