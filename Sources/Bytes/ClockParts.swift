/// The numbers of a stamp.
struct ClockParts {
  /// Month and day as they stand for a date with the month first.
  var month: Int64 = 0
  var day: Int64 = 0
  var year: Int64 = 0
  var seconds: Int64 = 0
  var nanoseconds: Int64 = 0
  var hasZone = false
  /// Whether day and month could change places.
  var isFree = false
  /// Whether points stand between day, month and year.
  var hasPoints = false

  /// `A/B/YYYY`, `YYYY-MM-DD` or `DD-Mon-YY`, then a blank or `T`, `h:mm[:ss[.fff]]`, AM or PM, a zone.
  init?(_ text: String, allowsDate: Bool) {
    var scan = StampScanner(text)
    scan.skipBlanks()
    guard let first = scan.number() else { return nil }
    if first.digits == 8 {
      (year, month, day) = (first.value / 10_000, first.value / 100 % 100, first.value % 100)
      guard year >= 1900, year < 2262, scan.take(UInt8(ascii: "T")),
        let digits = scan.number(), digits.digits == 6
      else { return nil }
      let (hour, minute, second) = (
        digits.value / 10_000, digits.value / 100 % 100, digits.value % 100
      )
      guard hour < 24, minute < 60, second <= 60 else { return nil }
      seconds = hour * 3600 + minute * 60 + second
      if scan.take(UInt8(ascii: ".")) {
        guard let fraction = scan.fraction() else { return nil }
        nanoseconds = fraction
      }
      guard zone(&scan) else { return nil }
      scan.skipBlanks()
      guard scan.isAtEnd else { return nil }
      return
    }
    guard let mark = scan.mark(among: "/-. ") else { return nil }
    hasPoints = mark == UInt8(ascii: ".")
    if hasPoints { scan.skipBlanks() }
    var second: Int64 = 0
    let named = scan.monthName()
    if let named {
      second = named
    } else if let number = scan.number() {
      second = number.value
    } else {
      return nil
    }
    if named != nil { _ = scan.take(UInt8(ascii: ".")) }
    guard scan.take(mark) || (named != nil && scan.skipBlanks()) else { return nil }
    if hasPoints { scan.skipBlanks() }
    guard let third = scan.number() else { return nil }
    if first.digits == 4 {
      (year, month, day) = (first.value, second, third.value)
    } else {
      year = third.digits <= 2 ? third.value + (third.value < 70 ? 2000 : 1900) : third.value
      (month, day) = named == nil ? (first.value, second) : (second, first.value)
      isFree = named == nil
    }
    // Nanoseconds since 1970 reach to the year 2262.
    guard year >= 1900, year < 2262 else { return nil }
    _ = scan.take(UInt8(ascii: ","))
    let blanks = scan.skipBlanks()
    if scan.isAtEnd, allowsDate { return }
    guard scan.take(UInt8(ascii: "T")) || blanks else { return nil }
    guard let time = Self.timeOfDay(&scan) else { return nil }
    (seconds, nanoseconds) = time
    guard zone(&scan) else { return nil }
    scan.skipBlanks()
    guard scan.isAtEnd else { return nil }
  }

  /// `h:mm[:ss[.fff]]` with or without AM and PM.
  static func timeOfDay(
    _ scan: inout StampScanner
  ) -> (seconds: Int64, nanoseconds: Int64)? {
    let colon = UInt8(ascii: ":")
    guard let hours = scan.number(), scan.take(colon), let minutes = scan.number() else {
      return nil
    }
    var hour = hours.value
    var second: Int64 = 0
    var nanoseconds: Int64 = 0
    if scan.take(colon) {
      guard let number = scan.number() else { return nil }
      second = number.value
      if scan.take(UInt8(ascii: ".")) || scan.take(UInt8(ascii: ",")) {
        guard let fraction = scan.fraction() else { return nil }
        nanoseconds = fraction
      }
    }
    if let isAfternoon = scan.halfOfDay() {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, minutes.value < 60, second <= 60 else { return nil }
    return (hour * 3600 + minutes.value * 60 + second, nanoseconds)
  }

  /// `Z`, `+hh:mm`, `-hhmm` or nothing; the time is moved to UTC.
  private mutating func zone(_ scan: inout StampScanner) -> Bool {
    if scan.take(UInt8(ascii: "Z")) {
      hasZone = true
      return true
    }
    let isEast = scan.take(UInt8(ascii: "+"))
    guard isEast || scan.take(UInt8(ascii: "-")) else { return true }
    guard let hours = scan.number() else { return false }
    var offset = hours.value * 3600
    if scan.take(UInt8(ascii: ":")) {
      guard let minutes = scan.number() else { return false }
      offset += minutes.value * 60
    } else if hours.digits == 4 {
      offset = hours.value / 100 * 3600 + hours.value % 100 * 60
    }
    guard offset <= 86400 else { return false }
    seconds += isEast ? -offset : offset
    hasZone = true
    return true
  }
}
