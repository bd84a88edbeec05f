/// A clock time as instruments write it, such as `08/04/2025 09:35:26.748` or `3. März 2022 16:29:52`.
///
/// Read are ISO 8601 (also `20250804T093526Z`), `MM/DD/YYYY`, `DD.MM.YYYY`, `YYYY/MM/DD` and
/// `DD-Mon-YY` with months in English, German, French, Spanish or Italian, with 24 hours or with AM and
/// PM. A stamp with `Z` or `+hh:mm` is an instant; any other one is what a clock showed somewhere.
public struct ClockStamp: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01 00:00:00 on that clock; in UTC where the stamp has a zone.
  public let nanoseconds: Int64
  /// Whether the stamp says how its clock stands to UTC.
  public let hasZone: Bool

  /// The order of day and month where both are numbers and the year comes last.
  public enum Order: Sendable { case monthFirst, dayFirst }

  /// Seconds since 1970-01-01 00:00:00 on that clock.
  public var seconds: Double {
    Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9
  }

  /// Takes a stamp apart; nil where the text is none or the date does not exist.
  ///
  /// - Parameter allowsDate: whether a date alone counts, as midnight.
  public init?(_ text: String, order: Order, allowsDate: Bool = false) {
    guard let parts = ClockParts(text, allowsDate: allowsDate) else { return nil }
    let swaps = parts.isFree && order == .dayFirst
    let (month, day) = swaps ? (parts.day, parts.month) : (parts.month, parts.day)
    // Within 200 years of 1970 nanoseconds fit into 64 bits.
    guard let days = Self.days(year: parts.year, month: month, day: day), abs(days) < 73_000
    else { return nil }
    nanoseconds = (days * 86400 + parts.seconds) * 1_000_000_000 + parts.nanoseconds
    hasZone = parts.hasZone
  }

  /// The time of day of a stamp without a date (`9:35:26 PM`), in nanoseconds since midnight.
  public static func timeOfDay(_ text: String) -> Int64? {
    var scan = StampScanner(text)
    scan.skipBlanks()
    guard let time = ClockParts.timeOfDay(&scan) else { return nil }
    scan.skipBlanks()
    return scan.isAtEnd ? time.seconds * 1_000_000_000 + time.nanoseconds : nil
  }

  /// The order that the stamps allow: month first unless one of them says otherwise.
  public static func order(of texts: some Sequence<String>) -> Order { evidence(of: texts).order }

  /// The order that the stamps allow, and whether one of them leaves no other.
  ///
  /// A stamp with a month's name or with the year first leaves no other either; dates with points
  /// (`04.08.2025`) have the day first unless one of them cannot.
  public static func evidence(of texts: some Sequence<String>) -> (order: Order, isSure: Bool) {
    var hasPoints = false
    for text in texts {
      guard let parts = ClockParts(text, allowsDate: true) else { continue }
      if !parts.isFree { return (.monthFirst, true) }
      if parts.month > 12, parts.day <= 12 { return (.dayFirst, true) }
      if parts.day > 12, parts.month <= 12 { return (.monthFirst, true) }
      hasPoints = hasPoints || parts.hasPoints
    }
    return hasPoints ? (.dayFirst, true) : (.monthFirst, false)
  }

  /// Days since 1970-01-01 in the Gregorian calendar; nil for a date that does not exist.
  public static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= lengths[Int(month) - 1] else { return nil }
    let before = year - 1
    let years = before * 365 + before / 4 - before / 100 + before / 400
    let months = lengths.prefix(Int(month) - 1).reduce(0, +)
    return years + months + day - 1 - 719_162
  }

  /// `12/31/2025 23:59:59.123` from milliseconds since 1970-01-01 on that clock.
  public static func text(milliseconds: Int64) -> String {
    func two(_ x: Int64) -> String { x < 10 ? "0\(x)" : "\(x)" }
    let day = 86_400_000
    var days = milliseconds / Int64(day)
    var rest = milliseconds % Int64(day)
    if rest < 0 {
      rest += Int64(day)
      days -= 1
    }
    let date = date(days: days)
    let fraction = rest % 1000
    let padded = (fraction < 10 ? "00" : fraction < 100 ? "0" : "") + "\(fraction)"
    return "\(two(date.month))/\(two(date.day))/\(date.year) "
      + "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(padded)"
  }

  /// ISO 8601 in UTC, such as `2025-08-04T09:35:26.748Z`, with as many digits as the instant has.
  public static func isoText(nanoseconds: Int64) -> String {
    func two(_ x: Int64) -> String { x < 10 ? "0\(x)" : "\(x)" }
    var (seconds, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if fraction < 0 {
      fraction += 1_000_000_000
      seconds -= 1
    }
    var (days, rest) = seconds.quotientAndRemainder(dividingBy: 86400)
    if rest < 0 {
      rest += 86400
      days -= 1
    }
    let date = date(days: days)
    var digits = String(String(fraction + 1_000_000_000).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(date.year)-\(two(date.month))-\(two(date.day))T"
      + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
      + (digits.isEmpty ? "" : ".\(digits)") + "Z"
  }

  /// The date of a day since 1970-01-01: whole periods of 400 years, then year and month by trial.
  static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = min(max(days, -719_162), 2_932_896)
    var year = 1970 + shifted / 366
    if shifted < 0 { year -= 1 }
    while let next = Self.days(year: year + 1, month: 1, day: 1), next <= shifted { year += 1 }
    while let own = Self.days(year: year, month: 1, day: 1), own > shifted { year -= 1 }
    var month: Int64 = 1
    while month < 12, let next = Self.days(year: year, month: month + 1, day: 1), next <= shifted {
      month += 1
    }
    let start = Self.days(year: year, month: month, day: 1) ?? shifted
    return (year, month, shifted - start + 1)
  }
}
