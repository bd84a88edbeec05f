/// Dates and times as files of spectra write them, turned into ISO 8601 without zone.
enum FileClock {
  /// A clock that was read, and whether the order of day and month had to be turned round.
  struct Reading: Hashable {
    /// `YYYY-MM-DDTHH:MM:SS`, or the date alone where there is no time.
    var text: String
    /// Whether the first number was the day where the month was expected, or the other way round.
    var isTurned = false
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// The clock of a text such as `09/14/2021 13:37:05`, `14-Sep-2021 13:37`, `2021-09-14T13:37:05`.
  ///
  /// Of two numbers in front the first is the month, or the day where `dayFirst` is true; the other way
  /// round where only that gives a date. Fractions of a second are left out.
  static func parse(_ text: some StringProtocol, dayFirst: Bool = false) -> Reading? {
    // Words between blanks, commas and the T of ISO 8601.
    var words: [Substring] = []
    for part in Substring(text).split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," }) {
      if let t = part.firstIndex(where: { $0 == "T" }), part.first?.isNumber == true,
        part[part.index(after: t)...].contains(":")
      {
        words += [part[..<t], part[part.index(after: t)...]]
      } else {
        words.append(part)
      }
    }
    guard let dateWord = words.first(where: { !$0.contains(":") && $0.first?.isNumber == true }),
      var date = date(dateWord, dayFirst: dayFirst)
    else { return nil }
    guard let timeWord = words.first(where: { $0.contains(":") }) else { return date }
    guard
      let time = time(
        timeWord, afternoon: words.contains { $0.lowercased() == "pm" },
        morning: words.contains { $0.lowercased() == "am" })
    else { return nil }
    date.text += "T" + time
    return date
  }

  /// Year, month and day as ISO 8601; nil for what is no date.
  static func iso(year: Int, month: Int, day: Int) -> String? {
    guard (1900...2200).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Hours, minutes and seconds as ISO 8601; nil for what is no time.
  static func iso(hour: Int, minute: Int, second: Int) -> String? {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else {
      return nil
    }
    return "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
  }

  /// The number of a month by its first three letters, in any case.
  static func month(_ name: some StringProtocol) -> Int? {
    months.firstIndex(of: String(name.lowercased().prefix(3))).map { $0 + 1 }
  }

  /// ISO 8601 of a number of seconds since 1970 without leap seconds.
  static func iso(unixSeconds seconds: Int) -> String? {
    let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86400)
    guard seconds >= 0, days < 100_000,
      let time = iso(
        hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60)
    else { return nil }
    // Days since 0000-03-01, in eras of 400 years.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return iso(year: year, month: month, day: day).map { "\($0)T\(time)" }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func date(_ word: Substring, dayFirst: Bool) -> Reading? {
    let parts = word.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == "." })
    guard parts.count == 3 else { return nil }
    let years = { (text: Substring) -> Int? in
      guard text.count <= 4, let number = Int(text), number >= 0 else { return nil }
      return text.count > 2 ? number : number < 70 ? 2000 + number : 1900 + number
    }
    if parts[0].count == 4, let year = years(parts[0]), let day = Int(parts[2]) {
      let month = Int(parts[1]) ?? self.month(parts[1])
      return month.flatMap { iso(year: year, month: $0, day: day) }.map { Reading(text: $0) }
    }
    guard let year = years(parts[2]), let first = Int(parts[0]) else { return nil }
    if parts[1].first?.isLetter == true {
      return month(parts[1]).flatMap { iso(year: year, month: $0, day: first) }
        .map { Reading(text: $0) }
    }
    guard let second = Int(parts[1]) else { return nil }
    // Dots are European.
    let isDayFirst = dayFirst || word.contains(".")
    let (month, day) = isDayFirst ? (second, first) : (first, second)
    if let text = iso(year: year, month: month, day: day) { return Reading(text: text) }
    return iso(year: year, month: day, day: month).map { Reading(text: $0, isTurned: true) }
  }

  private static func time(_ word: Substring, afternoon: Bool, morning: Bool) -> String? {
    let plain = word.prefix { $0.isNumber || $0 == ":" || $0 == "." }
    let parts = plain.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, var hour = Int(parts[0]),
      let minute = Int(parts[1].prefix { $0.isNumber })
    else { return nil }
    let second = parts.count == 3 ? Int(parts[2].prefix { $0.isNumber }) : 0
    if afternoon, hour < 12 { hour += 12 }
    if morning, hour == 12 { hour = 0 }
    return second.flatMap { iso(hour: hour, minute: minute, second: $0) }
  }
}
