/// Walks over the bytes of a stamp.
struct StampScanner {
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

  /// The number of a month that is written as a word.
  mutating func monthName() -> Int64? {
    let start = i
    var word: [UInt8] = []
    while let byte, word.count < 16, byte >= 0x80 || (byte | 0x20 >= 97 && byte | 0x20 <= 122) {
      word.append(byte)
      i = bytes.index(after: i)
    }
    if let month = MonthNames.month(String(decoding: word, as: UTF8.self)) { return Int64(month) }
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
