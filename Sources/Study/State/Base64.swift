/// Bytes as text: RFC 4648, §4, with padding.
enum Base64 {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of bytes.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    let letters = Self.letters
    var i = 0
    while i + 2 < bytes.count {
      let (a, b, c) = (bytes[i], bytes[i + 1], bytes[i + 2])
      out.append(letters[Int(a >> 2)])
      out.append(letters[Int((a & 3) << 4 | b >> 4)])
      out.append(letters[Int((b & 15) << 2 | c >> 6)])
      out.append(letters[Int(c & 63)])
      i += 3
    }
    if i < bytes.count {
      let a = bytes[i]
      let b = i + 1 < bytes.count ? bytes[i + 1] : 0
      out.append(letters[Int(a >> 2)])
      out.append(letters[Int((a & 3) << 4 | b >> 4)])
      out.append(i + 1 < bytes.count ? letters[Int((b & 15) << 2)] : UInt8(ascii: "="))
      out.append(UInt8(ascii: "="))
    }
    return out
  }

  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, letter) in letters.enumerated() { table[Int(letter)] = UInt8(value) }
    return table
  }()

  /// The bytes of a text; nil where it is none.
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    var out: [UInt8] = []
    out.reserveCapacity(text.count / 4 * 3)
    let values = Self.values
    var bits: UInt32 = 0
    var held = 0
    for letter in text.dropLast(padding) {
      let value = values[Int(letter)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return out
  }
}
