/// A clock time as cyclers write it, such as `08/04/2025 09:35:26.748` or `2022-05-18 16:29:52`.
struct ClockStamp: Equatable {
  /// Nanoseconds since 1970-01-01 00:00:00 on that clock; in UTC where the stamp has a zone.
  let nanoseconds: Int64
  /// Whether the stamp says how its clock stands to UTC.
  let hasZone: Bool

  /// The order of day and month where both are numbers and the year comes last.
  enum Order { case monthFirst, dayFirst }

  /// Seconds since 1970-01-01 00:00:00 on that clock.
  var seconds: Double {
    Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9
  }

  /// Takes a stamp apart; nil where the text is none or the date does not exist.
  init?(_ text: String, order: Order) {
    guard let parts = Parts(text) else { return nil }
    let swaps = parts.isFree && order == .dayFirst
    let (month, day) = swaps ? (parts.day, parts.month) : (parts.month, parts.day)
    // Within 200 years of 1970 nanoseconds fit into 64 bits.
    guard let days = Self.days(year: parts.year, month: month, day: day), abs(days) < 73_000
    else { return nil }
    nanoseconds = (days * 86400 + parts.seconds) * 1_000_000_000 + parts.nanoseconds
    hasZone = parts.hasZone
  }

  /// The order that the stamps allow: month first unless one of them says otherwise.
  static func order(of texts: some Sequence<String>) -> Order { evidence(of: texts).order }

  /// The order that the stamps allow, and whether one of them leaves no other.
  static func evidence(of texts: some Sequence<String>) -> (order: Order, isSure: Bool) {
    for text in texts {
      guard let parts = Parts(text) else { continue }
      if !parts.isFree { return (.monthFirst, true) }
      if parts.month > 12, parts.day <= 12 { return (.dayFirst, true) }
      if parts.day > 12, parts.month <= 12 { return (.monthFirst, true) }
    }
    return (.monthFirst, false)
  }

  /// Days since 1970-01-01 in the Gregorian calendar; nil for a date that does not exist.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= lengths[Int(month) - 1] else { return nil }
    let before = year - 1
    let years = before * 365 + before / 4 - before / 100 + before / 400
    let months = lengths.prefix(Int(month) - 1).reduce(0, +)
    return years + months + day - 1 - 719_162
  }

  /// `12/31/2025 23:59:59.123` from milliseconds since 1970-01-01 on that clock.
  static func text(milliseconds: Int64) -> String {
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

  /// The date of a day since 1970-01-01: whole periods of 400 years, then year and month by trial.
  private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
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

/// The numbers of a stamp.
private struct Parts {
  /// Month and day as they stand for a date with the month first.
  var month: Int64 = 0
  var day: Int64 = 0
  var year: Int64 = 0
  var seconds: Int64 = 0
  var nanoseconds: Int64 = 0
  var hasZone = false
  /// Whether day and month could change places.
  var isFree = false

  /// `A/B/YYYY`, `YYYY-MM-DD` or `DD-Mon-YY`, then a blank or `T`, `h:mm[:ss[.fff]]`, AM or PM, a zone.
  init?(_ text: String) {
    var scan = StampScanner(text)
    scan.skipBlanks()
    guard let first = scan.number(), let mark = scan.mark(among: "/-. ") else { return nil }
    var second: Int64 = 0
    let named = scan.monthName()
    if let named {
      second = named
    } else if let number = scan.number() {
      second = number.value
    } else {
      return nil
    }
    guard scan.take(mark), let third = scan.number() else { return nil }
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
    guard scan.take(UInt8(ascii: "T")) || blanks else { return nil }
    guard timeOfDay(&scan), zone(&scan) else { return nil }
    scan.skipBlanks()
    guard scan.isAtEnd else { return nil }
  }

  private mutating func timeOfDay(_ scan: inout StampScanner) -> Bool {
    let colon = UInt8(ascii: ":")
    guard let hours = scan.number(), scan.take(colon), let minutes = scan.number() else {
      return false
    }
    var hour = hours.value
    var second: Int64 = 0
    if scan.take(colon) {
      guard let number = scan.number() else { return false }
      second = number.value
      if scan.take(UInt8(ascii: ".")) || scan.take(UInt8(ascii: ",")) {
        guard let fraction = scan.fraction() else { return false }
        nanoseconds = fraction
      }
    }
    if let isAfternoon = scan.halfOfDay() {
      guard hour >= 1, hour <= 12 else { return false }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, minutes.value < 60, second <= 60 else { return false }
    seconds = hour * 3600 + minutes.value * 60 + second
    return true
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

/// Walks over the bytes of a stamp.
private struct StampScanner {
  private let bytes: String.UTF8View
  private var i: String.UTF8View.Index

  init(_ text: String) {
    bytes = text.utf8
    i = bytes.startIndex
  }

  var isAtEnd: Bool { i == bytes.endIndex }
  private var byte: UInt8? { i < bytes.endIndex ? bytes[i] : nil }

  /// Whether there was a blank.
  @discardableResult mutating func skipBlanks() -> Bool {
    let start = i
    while let byte, byte == 0x20 || byte == 0x09 { i = bytes.index(after: i) }
    return i != start
  }

  mutating func take(_ wanted: UInt8) -> Bool {
    guard byte == wanted else { return false }
    i = bytes.index(after: i)
    return true
  }

  mutating func mark(among marks: String) -> UInt8? {
    guard let byte, marks.utf8.contains(byte) else { return nil }
    i = bytes.index(after: i)
    return byte
  }

  /// A whole number of at most nine digits.
  mutating func number() -> (value: Int64, digits: Int)? {
    var value: Int64 = 0
    var digits = 0
    while let byte, byte &- 48 <= 9 {
      guard digits < 9 else { return nil }
      value = value * 10 + Int64(byte - 48)
      digits += 1
      i = bytes.index(after: i)
    }
    return digits > 0 ? (value, digits) : nil
  }

  /// Digits behind a decimal mark, as nanoseconds; what is finer is cut off.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while let byte, byte &- 48 <= 9 {
      if digits < 9 {
        value = value * 10 + Int64(byte - 48)
        digits += 1
      }
      i = bytes.index(after: i)
    }
    guard digits > 0 else { return nil }
    for _ in digits..<9 { value *= 10 }
    return value
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  mutating func monthName() -> Int64? {
    let start = i
    var word = ""
    while let byte, word.utf8.count < 12, byte | 0x20 >= 97, byte | 0x20 <= 122 {
      word.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
      i = bytes.index(after: i)
    }
    if let month = Self.months.firstIndex(where: { word.hasPrefix($0) }) {
      return Int64(month + 1)
    }
    i = start
    return nil
  }

  /// AM or PM: whether it is the afternoon.
  mutating func halfOfDay() -> Bool? {
    let start = i
    skipBlanks()
    if let first = byte, first | 0x20 == 0x61 || first | 0x20 == 0x70 {
      i = bytes.index(after: i)
      if let second = byte, second | 0x20 == 0x6D {
        i = bytes.index(after: i)
        return first | 0x20 == 0x70
      }
    }
    i = start
    return nil
  }
}
