internal import Tables

/// The tokens of JSON: words, numbers and strings, with their places.
struct JSONScanner {
  private let bytes: ByteView
  let area: String
  private var offset: Int
  private let numbers = NumberScanner()

  init(_ bytes: ByteView, area: String) {
    self.bytes = bytes
    self.area = area
    offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  // MARK: Places and failures

  /// The offset of the next token.
  mutating func mark() -> Int {
    skipBlanks()
    return offset
  }

  /// What stands at the reading position instead of what was expected.
  func unexpected(_ expected: String) -> ReadFailure {
    guard let byte = bytes[offset] else {
      return ReadFailure(
        "\(area).truncated", at: place(), found: "the text ends too early", expected: expected)
    }
    let shown =
      byte >= 0x21 && byte < 0x7F ? "`\(Unicode.Scalar(byte))`" : "the byte \(hex(byte))"
    return ReadFailure("\(area).syntax", at: place(), found: "found \(shown)", expected: expected)
  }

  private func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0x0\(digits)" : "0x\(digits)"
  }

  /// Line and column (in characters) of an offset, by default that of the reading position.
  ///
  /// Found by a scan from the start.
  func place(of wanted: Int? = nil) -> Place {
    let position = wanted ?? offset
    return bytes.withBytes { all in
      var line = 1
      var column = 1
      for i in 0..<min(position, all.count) {
        let byte = all[i]
        if byte == 0x0A || (byte == 0x0D && !(i + 1 < all.count && all[i + 1] == 0x0A)) {
          line += 1
          column = 1
        } else if byte & 0xC0 != 0x80, byte != 0x0D {
          column += 1
        }
      }
      return .cell(line: line, column: column)
    }
  }

  /// The place that many bytes before the reading position.
  func place(before count: Int) -> Place { place(of: max(0, offset - count)) }

  // MARK: Tokens

  private mutating func skipBlanks() {
    while let byte = bytes[offset], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  /// Takes a mark if it comes next.
  mutating func take(_ mark: UInt8) -> Bool {
    skipBlanks()
    guard bytes[offset] == mark else { return false }
    offset += 1
    return true
  }

  /// Takes a mark that must come next.
  mutating func expect(_ mark: UInt8, _ expected: String) throws(ReadFailure) {
    if !take(mark) { throw unexpected(expected) }
  }

  /// Demands the end of the text.
  mutating func end() throws(ReadFailure) {
    skipBlanks()
    if offset < bytes.count { throw unexpected("expected the end of the text") }
  }

  /// A string, number or word.
  mutating func scalar() throws(ReadFailure) -> ResultValue {
    skipBlanks()
    if let text = try string() { return .text(text) }
    if let first = bytes[offset], first == UInt8(ascii: "-") || isDigit(first) {
      return try number()
    }
    for (word, value) in [
      ("true", ResultValue.flag(true)), ("false", .flag(false)), ("null", .null),
    ]
    where bytes.dropFirst(offset).starts(with: word) {
      offset += word.utf8.count
      return value
    }
    throw unexpected("expected a value")
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= 0x30 && byte <= 0x39
  }

  private mutating func digits() throws(ReadFailure) {
    guard isDigit(bytes[offset]) else { throw unexpected("expected a digit") }
    while isDigit(bytes[offset]) { offset += 1 }
  }

  private mutating func number() throws(ReadFailure) -> ResultValue {
    let start = offset
    var isWhole = true
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let leadingZero = bytes[offset] == UInt8(ascii: "0")
    if leadingZero { offset += 1 } else { try digits() }
    if leadingZero, isDigit(bytes[offset]) {
      throw unexpected("expected no digit after a leading zero")
    }
    if bytes[offset] == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      try digits()
    }
    if bytes[offset] == UInt8(ascii: "e") || bytes[offset] == UInt8(ascii: "E") {
      isWhole = false
      offset += 1
      if bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    let digits = bytes[start..<offset]
    let text = digits.prefix(40).latin1()
    if isWhole, text != "-0", digits.count < 40, let integer = Int(text) {
      return .integer(integer)
    }
    guard let real = numbers.parse(digits) else {
      throw ReadFailure(
        "\(area).number", at: place(of: start), found: "the number \(text) is too large",
        expected: "expected a number below 1.8e308")
    }
    return .number(real)
  }

  /// A string, or nil where none starts here.
  mutating func string() throws(ReadFailure) -> String? {
    skipBlanks()
    guard bytes[offset] == UInt8(ascii: "\"") else { return nil }
    let start = offset
    offset += 1
    var utf8: [UInt8] = []
    while true {
      let runStart = offset
      while let byte = bytes[offset], byte != 0x22, byte != 0x5C, byte >= 0x20 { offset += 1 }
      bytes[runStart..<offset].withBytes { utf8.append(contentsOf: $0) }
      guard let byte = bytes[offset] else {
        throw ReadFailure(
          "\(area).truncated", at: place(of: start), found: "a string has no end",
          expected: "expected a closing quote")
      }
      if byte == 0x22 {
        offset += 1
        break
      }
      guard byte == 0x5C else {
        throw unexpected("expected control characters in a string to be escaped")
      }
      offset += 1
      try escape(into: &utf8)
    }
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw ReadFailure(
        "\(area).encoding", at: place(of: start),
        found: "a string holds bytes that are no UTF-8", expected: "expected UTF-8")
    }
    return text
  }

  private mutating func escape(into utf8: inout [UInt8]) throws(ReadFailure) {
    guard let byte = bytes[offset] else { throw unexpected("expected an escape") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
    case UInt8(ascii: "b"): utf8.append(0x08)
    case UInt8(ascii: "f"): utf8.append(0x0C)
    case UInt8(ascii: "n"): utf8.append(0x0A)
    case UInt8(ascii: "r"): utf8.append(0x0D)
    case UInt8(ascii: "t"): utf8.append(0x09)
    case UInt8(ascii: "u"):
      offset += 1
      utf8.append(contentsOf: String(try unicodeEscape()).utf8)
      return
    default: throw unexpected("expected one of \" \\ / b f n r t u after a backslash")
    }
    offset += 1
  }

  /// The scalar of four hexadecimal digits, or of a surrogate pair of escapes.
  private mutating func unicodeEscape() throws(ReadFailure) -> Character {
    let start = offset
    let high = try fourHexDigits()
    if let scalar = Unicode.Scalar(high) { return Character(scalar) }
    if high < 0xDC00, bytes.dropFirst(offset).starts(with: "\\u") {
      offset += 2
      let low = try fourHexDigits()
      if low >= 0xDC00, low < 0xE000,
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return Character(scalar)
      }
    }
    throw ReadFailure(
      "\(area).encoding", at: place(of: start), found: "an escape names half of a surrogate pair",
      expected: "expected both halves")
  }

  private mutating func fourHexDigits() throws(ReadFailure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = bytes[offset], let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw unexpected("expected four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
