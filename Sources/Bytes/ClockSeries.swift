/// A column of clock times, and what can be said of it as a series.
public struct ClockSeries: Sendable {
  /// Nanoseconds since 1970-01-01 00:00:00 on the clock, nil where a cell holds none; in UTC where the
  /// stamps have a zone.
  public private(set) var stamps: [Int64?]
  /// Whether every stamp says how its clock stands to UTC.
  public private(set) var isZoned: Bool
  /// Whether the cells are times of day without a date.
  public private(set) var isTimeOfDay: Bool
  /// The order of day and month, and whether the stamps leave no other.
  public private(set) var order: ClockStamp.Order, isOrderSure: Bool
  /// Rows at which a time of day went over midnight.
  public private(set) var midnights: [Int] = []

  private static let second: Int64 = 1_000_000_000
  private static let day = 86400 * second

  /// Reads cells; nil where fewer than half of those that hold something are clock times.
  ///
  /// - Parameters:
  ///   - cells: the text as written.
  ///   - order: the order of day and month where the format fixes it.
  ///   - elapsed: elapsed seconds of the same rows, with which steps of the clock must agree.
  public init?(_ cells: [String], order: ClockStamp.Order? = nil, elapsed: [Double]? = nil) {
    let filled = cells.filter { !$0.isEmpty }
    // A look at the first cells decides, so that free text costs nothing.
    let sample = filled.prefix(20)
    func isClock(_ text: String) -> Bool {
      ClockStamp(text, order: .monthFirst, allowsDate: true) != nil
        || ClockStamp(text, order: .dayFirst, allowsDate: true) != nil
        || ClockStamp.timeOfDay(text) != nil
    }
    guard !sample.isEmpty, sample.count(where: isClock) * 2 > sample.count else { return nil }
    isTimeOfDay = sample.allSatisfy { ClockStamp.timeOfDay($0) != nil }
    let evidence = ClockStamp.evidence(of: filled)
    self.order = evidence.isSure ? evidence.order : order ?? evidence.order
    isOrderSure = evidence.isSure || order != nil || isTimeOfDay
    stamps = []
    isZoned = !isTimeOfDay
    var bad = 0
    for cell in cells {
      if isTimeOfDay {
        stamps.append(ClockStamp.timeOfDay(cell))
      } else {
        let stamp = ClockStamp(cell, order: self.order, allowsDate: true)
        if let stamp, !stamp.hasZone { isZoned = false }
        stamps.append(stamp?.nanoseconds)
      }
      if stamps.last == .some(nil), !cell.isEmpty { bad += 1 }
    }
    guard bad * 2 < filled.count else { return nil }
    if isTimeOfDay { unwrap(elapsed) }
  }

  /// Adds a day wherever a time of day steps back by more than 12 h and elapsed time agrees.
  private mutating func unwrap(_ elapsed: [Double]?) {
    var days: Int64 = 0
    var last: (row: Int, shown: Int64)?
    for row in stamps.indices {
      guard let shown = stamps[row] else { continue }
      // Beyond 250 years nanoseconds leave their 64 bits.
      if days < 90_000, let last, shown - last.shown < -Self.day / 2,
        Self.agrees(elapsed, last.row, row, shown - last.shown + Self.day)
      {
        days += 1
        midnights.append(row)
      }
      last = (row, shown)
      stamps[row] = shown + days * Self.day
    }
  }

  /// Whether elapsed time between two rows is what the clock says, to a minute and 2 %.
  private static func agrees(_ elapsed: [Double]?, _ a: Int, _ b: Int, _ step: Int64) -> Bool {
    guard let elapsed, elapsed.indices.contains(a), elapsed.indices.contains(b) else { return true }
    let span = elapsed[b] - elapsed[a]
    guard span.isFinite else { return true }
    return abs(span - Double(step) / 1e9) <= 60 + 0.02 * abs(span)
  }

  /// Rows at which the clock steps back by an hour while elapsed time grows (or time of the file goes on).
  public func hoursBack(elapsed: [Double]?) -> [Int] {
    var rows: [Int] = []
    var last: (row: Int, shown: Int64)?
    for row in stamps.indices {
      guard let shown = stamps[row] else { continue }
      if let last {
        let step = Double(shown - last.shown) / 1e9
        var grown = 0.0
        if let elapsed, elapsed.indices.contains(row), (elapsed[row] - elapsed[last.row]).isFinite {
          grown = elapsed[row] - elapsed[last.row]
        }
        // One hour too little on the clock, to a minute.
        if step < 0, step >= -3660, elapsed == nil || abs(step - grown + 3600) <= 60 + 0.02 * grown
        {
          rows.append(row)
        }
      }
      last = (row, shown)
    }
    return rows
  }

  /// Seconds since the first stamp by the clock alone; NaN where a cell holds none.
  public var elapsed: [Double] {
    guard let first = stamps.compactMap({ $0 }).first else { return stamps.map { _ in .nan } }
    return stamps.map { stamp in
      guard let stamp else { return .nan }
      return Double(stamp - first) / 1e9
    }
  }

  /// The instants in nanoseconds since 1970 in UTC of a clock in a zone; nil for times of day.
  ///
  /// - Returns: the instants, and how often the hour that clocks show twice, or a time that no clock
  ///   showed, had to be decided.
  public func instants(
    in zone: TimeZoneRules
  ) -> (instants: [Int64?], folds: Int, gaps: Int)? {
    if isTimeOfDay { return nil }
    if isZoned { return (stamps, 0, 0) }
    var clock = ZonedClock(zone)
    let instants = stamps.map { stamp in stamp.map { clock.instant($0) } }
    return (instants, clock.folds, clock.gaps)
  }
}

/// Turns what a clock in a zone showed into instants, row by row.
///
/// In the hour that clocks show twice the order of the rows decides: it is the earlier instant until the
/// clock has stepped back. A time that the clocks left out counts by the offset before it.
public struct ZonedClock: Sendable {
  private let zone: TimeZoneRules
  private var last: Int64?
  /// Rows in an hour that clocks show twice, and rows with a time that no clock showed.
  public private(set) var folds = 0, gaps = 0

  /// A clock of which nothing was read.
  public init(_ zone: TimeZoneRules) { self.zone = zone }

  /// The instant of the next row, both in nanoseconds since 1970.
  public mutating func instant(_ shown: Int64) -> Int64 {
    var (seconds, rest) = shown.quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest < 0 {
      rest += 1_000_000_000
      seconds -= 1
    }
    let choices = zone.instants(ofClock: seconds)
    func nanoseconds(_ instant: Int64) -> Int64 { instant &* 1_000_000_000 &+ rest }
    if choices.count > 1 { folds += 1 }
    if choices.isEmpty { gaps += 1 }
    let inOrder = choices.first { choice in last.map { nanoseconds(choice) >= $0 } ?? true }
    let chosen = nanoseconds(
      inOrder ?? choices.last ?? seconds &- zone.offset(at: seconds &- 93_600))
    last = chosen
    return chosen
  }
}
