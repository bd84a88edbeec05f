/// The rule at the end of a time zone file, such as `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX.1, TZ).
struct ClockRule: Hashable, Sendable {
  /// A day of the year on which clocks change, and the time on that day.
  private struct Change: Hashable {
    /// `Jn`: day 1…365, 29 February never counted; `n`: day 0…365; `Mm.w.d`.
    enum Day: Hashable { case julian(Int64), ordinal(Int64), week(Int64, Int64, Int64) }
    var day: Day
    var seconds: Int64

    /// Seconds since 1970 on the clock that shows the time before the change.
    func shown(in year: Int64) -> Int64 {
      func start(_ month: Int64) -> Int64 { ClockStamp.days(year: year, month: month, day: 1) ?? 0 }
      let isLeap = start(3) - start(2) == 29
      switch day {
      case .julian(let n): return (start(1) + n - 1 + (isLeap && n >= 60 ? 1 : 0)) * 86400 + seconds
      case .ordinal(let n): return (start(1) + n) * 86400 + seconds
      case .week(let month, let week, let weekday):
        let begin = start(month)
        let end = month == 12 ? begin + 31 : start(month + 1)
        // 1970-01-01 was a Thursday.
        let first = ((begin + 4) % 7 + 7) % 7
        var day = begin + (weekday - first + 7) % 7 + (week - 1) * 7
        if day >= end { day -= 7 }
        return day * 86400 + seconds
      }
    }
  }

  private let standard: Int64
  private let daylight: Int64
  private let begin: Change?
  private let end: Change?

  /// Reads a rule; nil where the text is none.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard Self.name(&rest), let west = Self.time(&rest) else { return nil }
    standard = -west
    if rest.isEmpty {
      (daylight, begin, end) = (standard, nil, nil)
      return
    }
    guard Self.name(&rest) else { return nil }
    daylight =
      rest.first == UInt8(ascii: ",") ? standard + 3600 : -(Self.time(&rest) ?? west - 3600)
    guard let begin = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else {
      return nil
    }
    (self.begin, self.end) = (begin, end)
  }

  /// The offset at an instant in seconds since 1970.
  func offset(at instant: Int64) -> Int64 {
    guard let begin, let end, instant > -62_000_000_000, instant < 60_000_000_000 else {
      return standard
    }
    let year = ClockStamp.date(days: (instant + standard) / 86400).year
    let from = begin.shown(in: year) - standard
    let to = end.shown(in: year) - daylight
    let isDaylight =
      from < to ? instant >= from && instant < to : instant >= from || instant < to
    return isDaylight ? daylight : standard
  }

  /// Takes a name of letters, or of letters, digits and signs in `<…>`.
  private static func name(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if rest.first == UInt8(ascii: "<") {
      guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(close + 1)...]
      return true
    }
    let letters = rest.prefix { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix { $0 >= 48 && $0 <= 57 }
    rest = rest.dropFirst(digits.count)
    return digits.count <= 4 ? Int64(String(decoding: digits, as: UTF8.self)) : nil
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    var sign: Int64 = 1
    if let mark = rest.first, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+") {
      sign = mark == UInt8(ascii: "-") ? -1 : 1
      rest = rest.dropFirst()
    }
    guard let hours = number(&rest), hours <= 167 else { return nil }
    var seconds = hours * 3600
    for unit in [Int64(60), 1] where rest.first == UInt8(ascii: ":") {
      rest = rest.dropFirst()
      guard let value = number(&rest), value < 60 else { return nil }
      seconds += value * unit
    }
    return sign * seconds
  }

  private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
    guard rest.first == UInt8(ascii: ",") else { return nil }
    rest = rest.dropFirst()
    let day: Change.Day
    if rest.first == UInt8(ascii: "M") {
      rest = rest.dropFirst()
      guard let month = number(&rest), rest.popFirst() == UInt8(ascii: "."),
        let week = number(&rest), rest.popFirst() == UInt8(ascii: "."), let weekday = number(&rest),
        (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
      else { return nil }
      day = .week(month, week, weekday)
    } else if rest.first == UInt8(ascii: "J") {
      rest = rest.dropFirst()
      guard let n = number(&rest), (1...365).contains(n) else { return nil }
      day = .julian(n)
    } else {
      guard let n = number(&rest), n <= 365 else { return nil }
      day = .ordinal(n)
    }
    var seconds: Int64 = 7200
    if rest.first == UInt8(ascii: "/") {
      rest = rest.dropFirst()
      guard let time = time(&rest) else { return nil }
      seconds = time
    }
    return Change(day: day, seconds: seconds)
  }
}
