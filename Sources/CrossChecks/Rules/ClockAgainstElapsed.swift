internal import NumericalMethods
internal import Tables
internal import Units

/// `clock-vs-elapsed`: the clock and the elapsed time of the same rows run at the same rate.
enum ClockAgainstElapsed: LintRule {
  static let code = "clock-vs-elapsed"
  static let formula = "median over blocks of rows of Δclock/Δelapsed"
  static let threshold = "not within 2 % of 1"
  static let source =
    "both count SI seconds; the median over blocks leaves out pauses, in which only one of them runs"
  static let needs = "a column of elapsed time and one of clock time"

  /// How far the rate may lie from 1.
  private static let limit = 0.02
  /// The steps of the clock's resolution that a block must last.
  private static let leastSteps = 100.0

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard
        let elapsed = subject.values(anyOf: ["test_time", "time"], in: table, .second),
        let clock = clock(table, subject), clock.count == elapsed.values.count,
        let rate = rate(clock, elapsed.values)
      else { return nil }
      let holds = (rate - 1).magnitude <= limit
      var message = "the clock advances \(LintNumbers.short(rate)) s in each second of elapsed time"
      if !holds {
        // The elapsed time is 1/rate of what it should be.
        let slip = LintNumbers.slip(1 / rate)
        message += slip.map { "; the elapsed time is off by \(timeWords($0))" } ?? ""
      }
      return LintCheck(
        holds, rate, limit: limit, table, at: LintSubject.place(table[elapsed.name], row: 0),
        message)
    }
  }

  private static func timeWords(_ slip: Double) -> String {
    switch slip {
    case 1e3: "a factor 1000: milliseconds under s"
    case 1 / 1e3: "a factor 1/1000: seconds under ms"
    case 60: "a factor 60: seconds under min"
    case 1 / 60: "a factor 1/60: minutes under s"
    case 3600: "a factor 3600: seconds under h"
    case 1 / 3600: "a factor 1/3600: hours under s"
    default: LintNumbers.words(slip)
    }
  }

  /// The clock in seconds.
  private static func clock(_ table: Table, _ subject: LintSubject) -> [Double]? {
    if let found = subject.values(anyOf: ["unix_time", "clock_elapsed"], in: table, .second) {
      return found.values
    }
    guard let column = table["instant"], case .instant(let stamps) = column.values,
      let first = stamps.first
    else { return nil }
    return stamps.enumerated().map {
      column.missing.contains($0.offset)
        ? .nan : (Double($0.element) - Double(first)) / 1e9
    }
  }

  /// The median rate of blocks of rows; nil where the series is too short for the clock's resolution.
  static func rate(_ clock: [Double], _ elapsed: [Double]) -> Double? {
    let rows = clock.indices.filter { clock[$0].isFinite && elapsed[$0].isFinite }
    guard rows.count > 2, let first = rows.first, let last = rows.last else { return nil }
    let start = clock[first]
    let resolution = max(LintNumbers.quantum(rows.map { clock[$0] - start }), 1e-3)
    let spans = (clock[last] - start, elapsed[last] - elapsed[first])
    guard spans.0 > leastSteps * resolution, spans.1 > 0 else { return nil }
    let wanted = min(200, spans.0 / (leastSteps * resolution), Double(rows.count - 1))
    let blocks = max(1, Int(exactly: wanted.rounded(.down)) ?? 1)
    var rates: [Double] = []
    for block in 0..<blocks {
      let a = rows[block * (rows.count - 1) / blocks]
      let b = rows[(block + 1) * (rows.count - 1) / blocks]
      let (advance, time) = (clock[b] - clock[a], elapsed[b] - elapsed[a])
      if advance > leastSteps / 2 * resolution, time > 0 { rates.append(advance / time) }
    }
    return median(rates) ?? spans.0 / spans.1
  }
}
