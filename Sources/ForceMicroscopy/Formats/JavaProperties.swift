internal import Bytes
internal import Tables

/// A Java properties file (java.util.Properties, "load"): keys and values in Latin-1 with escapes.
struct JavaProperties: Sendable {
  /// One key, its value, and the bytes of its line.
  struct Entry: Sendable {
    var key: String
    var value: String
    var bytes: Range<Int>
  }

  /// All entries in the file's order; keys may repeat.
  private(set) var entries: [Entry] = []
  /// Keys that occur twice with different values.
  private(set) var repeated: [String] = []
  private var index: [String: Int] = [:]

  /// The entries of a file.
  init(_ view: ByteView) {
    let bytes = view.array
    var lines = PropertyLines(bytes)
    while let line = lines.next() {
      let entry = PropertyText.entry(bytes, line)
      if let earlier = index[entry.key], entries[earlier].value != entry.value {
        repeated.append(entry.key)
      }
      // In Java the last one counts.
      index[entry.key] = entries.count
      entries.append(entry)
    }
  }

  /// The entry of a key; the last one where it repeats.
  subscript(key: String) -> Entry? { index[key].map { entries[$0] } }
}

/// The logical lines of a properties file: comments and blank lines left out, continuations joined.
struct PropertyLines {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The bytes of the next entry, from its key to before its line end.
  mutating func next() -> Range<Int>? {
    while position < bytes.count {
      let byte = bytes[position]
      if PropertyText.isBlank(byte) || PropertyText.isLineEnd(byte) {
        position += 1
      } else if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "!") {
        while position < bytes.count, !PropertyText.isLineEnd(bytes[position]) { position += 1 }
      } else {
        return logicalLine()
      }
    }
    return nil
  }

  private mutating func logicalLine() -> Range<Int> {
    let start = position
    while position < bytes.count, !PropertyText.isLineEnd(bytes[position]) {
      guard bytes[position] == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      // A backslash takes the next character with it, a whole line end too.
      position += 1
      guard position < bytes.count else { break }
      let isReturn = bytes[position] == 0x0D
      position += 1
      if isReturn, position < bytes.count, bytes[position] == 0x0A { position += 1 }
    }
    return start..<position
  }
}

/// Keys and values of one logical line.
enum PropertyText {
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0C }
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// The key and value of a logical line; a line without a separator is a key with an empty value.
  static func entry(_ bytes: [UInt8], _ line: Range<Int>) -> JavaProperties.Entry {
    var p = line.lowerBound
    while p < line.upperBound {
      let byte = bytes[p]
      if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") || isBlank(byte) { break }
      p += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    let keyEnd = min(p, line.upperBound)
    p = keyEnd
    while p < line.upperBound, isBlank(bytes[p]) { p += 1 }
    if p < line.upperBound, bytes[p] == UInt8(ascii: "=") || bytes[p] == UInt8(ascii: ":") {
      p += 1
      while p < line.upperBound, isBlank(bytes[p]) { p += 1 }
    }
    return JavaProperties.Entry(
      key: text(bytes[line.lowerBound..<keyEnd]), value: text(bytes[p..<line.upperBound]),
      bytes: line)
  }

  /// Latin-1 text with its escapes resolved.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var units: [UInt16] = []
    var p = bytes.startIndex
    while p < bytes.endIndex {
      let byte = bytes[p]
      p += 1
      guard byte == UInt8(ascii: "\\"), p < bytes.endIndex else {
        units.append(UInt16(byte))
        continue
      }
      let escaped = bytes[p]
      p += 1
      switch escaped {
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "u"):
        if let unit = hexadecimal(bytes[p..<min(p + 4, bytes.endIndex)]) {
          units.append(unit)
          p += 4
        } else {
          units.append(UInt16(escaped))
        }
      case 0x0A, 0x0D:
        // A continuation: the blanks that begin the next line do not count.
        if escaped == 0x0D, p < bytes.endIndex, bytes[p] == 0x0A { p += 1 }
        while p < bytes.endIndex, isBlank(bytes[p]) { p += 1 }
      default: units.append(UInt16(escaped))
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard digits.count == 4 else { return nil }
    var value: UInt16 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
      case 0x41...0x46: value = value << 4 | UInt16(digit - 0x37)
      case 0x61...0x66: value = value << 4 | UInt16(digit - 0x57)
      default: return nil
      }
    }
    return value
  }
}
