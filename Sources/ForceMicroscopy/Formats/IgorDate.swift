/// Igor's clock: seconds since 1904-01-01 00:00, in the local time of the computer, zone unknown.
enum IgorDate {
  /// The date and time as ISO 8601 text without a zone.
  static func text(_ seconds: UInt32) -> String {
    let days = Int(seconds / 86400)
    let rest = Int(seconds % 86400)
    let (year, month, day) = civil(days)
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T"
      + "\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):\(pad(rest % 60, 2))"
  }

  /// Year, month and day of a number of days after 1904-01-01.
  ///
  /// Every fourth year from 1904 to 2040, where 32 bits end, is a leap year.
  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let cycle = days / 1461
    var rest = days % 1461
    var year = 1904 + cycle * 4
    for length in [366, 365, 365, 365] {
      if rest < length { break }
      rest -= length
      year += 1
    }
    var month = 1
    for length in [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
      if rest < length { break }
      rest -= length
      month += 1
    }
    return (year, month, rest + 1)
  }

  private static func pad(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
