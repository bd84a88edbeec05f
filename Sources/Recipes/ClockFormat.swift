/// How clock times are written, in the letters of Unicode's date patterns: `MM/dd/yyyy h:mm:ss a`.
///
/// `y M d H h m s` stand for numbers (as many digits as letters, or more), `MMM` for the name of a month,
/// `S` for a fraction of the second, `a` for AM or PM; text in `'…'` and all other characters for
/// themselves.
public struct ClockFormat: Sendable, Hashable {
  /// The pattern as it was written.
  public let source: String
  private enum Part: Hashable {
    case number(Character, Int), month, fraction, half, text(Character)
  }
  private var parts: [Part] = []

  /// The parts of a moment on a clock.
  struct Moment: Hashable {
    /// Days since 1970-01-01; nil where the text holds no date.
    var days: Int64?
    /// Nanoseconds since midnight.
    var nanoseconds: Int64
  }

  /// Reads a pattern; nil where it has letters without a meaning, or no part of a time or date.
  public init?(_ source: String) {
    self.source = source
    var letters = Array(source)
    letters.append("\u{0}")
    var i = 0
    while i < letters.count - 1 {
      let letter = letters[i]
      var end = i
      while letters[end] == letter { end += 1 }
      let count = end - i
      switch letter {
      case "M" where count == 3 || count == 4: parts.append(.month)
      case "y" where count == 1 || count == 2 || count == 4: parts.append(.number("y", count))
      case "M" where count <= 2, "d" where count <= 2, "H" where count <= 2, "h" where count <= 2,
        "m" where count <= 2, "s" where count <= 2:
        parts.append(.number(letter, count))
      case "S" where count <= 9: parts.append(.fraction)
      case "a" where count == 1: parts.append(.half)
      case "'":
        guard let close = letters[(i + 1)...].firstIndex(of: "'") else { return nil }
        parts += letters[(i + 1)..<close].map { .text($0) }
        end = close + 1
      default:
        if letter.isASCII, letter.isLetter { return nil }
        parts += letters[i..<end].map { .text($0) }
      }
      i = end
    }
    let isUsed = parts.contains { if case .text = $0 { false } else { true } }
    guard isUsed, source.utf8.count <= 80 else { return nil }
  }

  private init(source: String, parts: [Part]) {
    self.source = source
    self.parts = parts
  }

  /// The pattern of the date alone; nil where it has none.
  var dateOnly: ClockFormat? {
    let isTime = { (part: Part) -> Bool in
      if case .number(let letter, _) = part { return "Hhms".contains(letter) }
      return part == .half || part == .fraction
    }
    var date = Array(parts.prefix { !isTime($0) })
    while case .text(" ")? = date.last { date.removeLast() }
    guard date.contains(where: { if case .number("y", _) = $0 { true } else { false } }) else {
      return nil
    }
    return ClockFormat(source: source, parts: date)
  }

  /// The minutes that a zone is ahead of UTC: `UTC`, `Z`, `+01:00`; nil for any other text.
  static func offset(_ zone: String) -> Int? {
    if ["UTC", "Z", "GMT"].contains(zone) { return 0 }
    let scalars = Array(zone.utf8)
    guard scalars.count == 6, scalars[3] == UInt8(ascii: ":"),
      let hours = Int(zone.dropFirst().prefix(2)), let minutes = Int(zone.suffix(2)),
      hours <= 14, minutes < 60
    else { return nil }
    switch scalars[0] {
    case UInt8(ascii: "+"): return hours * 60 + minutes
    case UInt8(ascii: "-"): return -(hours * 60 + minutes)
    default: return nil
    }
  }

  private static let months = [
    ["jan", "gen", "ene"], ["feb", "fév", "fev"], ["mar", "mär", "mrz"], ["apr", "avr", "abr"],
    ["may", "mai", "mag"], ["jun", "juin", "giu"], ["jul", "juil", "lug"],
    ["aug", "aoû", "aou", "ago"], ["sep", "set"], ["oct", "okt", "ott"], ["nov"],
    ["dec", "dez", "déc", "dic"],
  ]

  /// The moment that a text tells; nil where it is not written this way or does not exist.
  func moment(_ text: String) -> Moment? {
    let letters = Array(text)
    var i = 0
    var numbers: [Character: Int64] = [:]
    var fraction: Int64 = 0
    var isAfternoon: Bool?
    func skipBlanks() { while i < letters.count, letters[i] == " " { i += 1 } }
    for part in parts {
      switch part {
      case .text(" "): skipBlanks()
      case .text(let letter):
        guard i < letters.count, letters[i] == letter else { return nil }
        i += 1
      case .number(let letter, let count):
        var value: Int64 = 0
        let start = i
        let most = letter == "y" ? (count == 2 ? 2 : 4) : 2
        while i < letters.count, i - start < most, let digit = Self.digit(letters[i]) {
          value = value * 10 + digit
          i += 1
        }
        guard i > start, letter != "y" || i - start == most else { return nil }
        numbers[letter] = letter == "y" && most == 2 ? value + (value < 70 ? 2000 : 1900) : value
      case .month:
        let word = String(letters[i...].prefix { $0.isLetter }).lowercased()
        guard let month = Self.months.firstIndex(where: { $0.contains { word.hasPrefix($0) } })
        else { return nil }
        numbers["M"] = Int64(month) + 1
        i += word.count
        if i < letters.count, letters[i] == "." { i += 1 }
      case .fraction:
        let start = i
        var scale: Int64 = 1_000_000_000
        while i < letters.count, let digit = Self.digit(letters[i]) {
          scale /= 10
          fraction += digit * scale
          i += 1
        }
        guard i > start else { return nil }
      case .half:
        skipBlanks()
        let word = String(letters[i...].prefix(2)).lowercased()
        guard word == "am" || word == "pm" else { return nil }
        isAfternoon = word == "pm"
        i += 2
      }
    }
    skipBlanks()
    guard i == letters.count else { return nil }
    return Self.moment(numbers, fraction, isAfternoon)
  }

  private static func digit(_ letter: Character) -> Int64? {
    letter.isASCII ? letter.wholeNumberValue.map { Int64($0) } : nil
  }

  private static func moment(
    _ numbers: [Character: Int64], _ fraction: Int64, _ isAfternoon: Bool?
  ) -> Moment? {
    var hour = numbers["H"] ?? numbers["h"] ?? 0
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    let minute = numbers["m"] ?? 0
    let second = numbers["s"] ?? 0
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    var moment = Moment(
      nanoseconds: ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + fraction)
    if let year = numbers["y"] {
      guard let days = days(year: year, month: numbers["M"] ?? 1, day: numbers["d"] ?? 1) else {
        return nil
      }
      moment.days = days
    }
    return moment
  }

  /// Days since 1970-01-01 in the Gregorian calendar; nil for a date that does not exist.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1800..<2200).contains(year), (1...12).contains(month), day >= 1,
      day <= lengths[Int(month) - 1]
    else { return nil }
    let before = year - 1
    let years = before * 365 + before / 4 - before / 100 + before / 400
    return years + lengths.prefix(Int(month) - 1).reduce(0, +) + day - 1 - 719_162
  }
}
