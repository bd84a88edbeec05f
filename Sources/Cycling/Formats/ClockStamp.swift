/// A clock time as cyclers write it, `08/04/2025 09:35:26.748`, without a zone.
struct ClockStamp: Equatable {
  /// Nanoseconds since 1970-01-01 00:00:00 on that clock.
  let nanoseconds: Int64

  /// The order of day and month.
  enum Order { case monthFirst, dayFirst }

  /// Takes a stamp apart; nil where the text is none or the date does not exist.
  init?(_ text: String, order: Order) {
    guard let parts = Self.parts(text) else { return nil }
    let (day, month) = order == .monthFirst ? (parts.b, parts.a) : (parts.a, parts.b)
    guard let days = Self.days(year: parts.year, month: month, day: day) else { return nil }
    nanoseconds = (days * 86400 + parts.seconds) * 1_000_000_000 + parts.nanoseconds
  }

  /// The order that the stamps allow: month first unless one of them says otherwise.
  static func order(of texts: some Sequence<String>) -> Order {
    for text in texts {
      if let parts = parts(text), parts.a > 12, parts.b <= 12 { return .dayFirst }
    }
    return .monthFirst
  }

  private typealias Parts = (
    a: Int64, b: Int64, year: Int64, seconds: Int64, nanoseconds: Int64
  )

  /// `AA/BB/YYYY hh:mm:ss[.fff]`; also `-` and `.` between the parts of the date, a comma as mark.
  private static func parts(_ text: String) -> Parts? {
    var numbers: [Int64] = []
    var marks: [UInt8] = []
    var value: Int64 = 0
    var digits = 0
    for byte in text.utf8 {
      if byte >= 48, byte <= 57 {
        guard digits < 9 else { continue }
        value = value * 10 + Int64(byte - 48)
        digits += 1
      } else if byte == 32, digits == 0 {
        continue
      } else {
        guard digits > 0, marks.count < 7 else { return nil }
        numbers.append(value)
        marks.append(byte)
        value = 0
        digits = 0
      }
    }
    guard digits > 0 else { return nil }
    var fraction: Int64 = 0
    if numbers.count == 6 {
      fraction = value
      for _ in digits..<9 { fraction *= 10 }
    } else {
      numbers.append(value)
    }
    let dates: Set<[UInt8]> = [Array("// ::".utf8), Array("-- ::".utf8), Array(".. ::".utf8)]
    guard numbers.count == 6, dates.contains(Array(marks.prefix(5))),
      marks.count == 5 || marks[5] == UInt8(ascii: ".") || marks[5] == UInt8(ascii: ","),
      numbers[3] < 24, numbers[4] < 60, numbers[5] <= 60, numbers[2] >= 1900, numbers[2] < 3000
    else { return nil }
    return (
      numbers[0], numbers[1], numbers[2], numbers[3] * 3600 + numbers[4] * 60 + numbers[5], fraction
    )
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
}
