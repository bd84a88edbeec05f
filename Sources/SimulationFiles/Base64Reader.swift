internal import Bytes
internal import Tables

/// Decodes base64 (RFC 4648) step by step; padding may stand between two pieces.
///
/// VTK writes the header of a compressed array and its data as pieces of their own.
struct Base64Reader {
  private let text: ByteView
  private let place: Place
  private var position: Int
  private var ready: [UInt8] = []
  private var used = 0

  init(_ text: ByteView, from start: Int = 0, at place: Place) {
    self.text = text
    self.place = place
    position = max(0, start)
  }

  /// The next `count` bytes; throws `vti.truncated` or `vti.base64`.
  mutating func read(_ count: Int, _ what: String) throws(ReadFailure) -> [UInt8] {
    guard count >= 0, count - (ready.count - used) <= (text.count - position) / 4 * 3 + 3 else {
      throw truncated(what, count)
    }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while result.count < count {
      if used == ready.count { try fill(what, count) }
      let take = min(ready.count - used, count - result.count)
      result.append(contentsOf: ready[used..<(used + take)])
      used += take
    }
    return result
  }

  /// Whether nothing but blanks is left.
  var isAtEnd: Bool {
    var i = position
    while let byte = text[i], Self.isBlank(byte) { i += 1 }
    return used == ready.count && i >= text.count
  }

  private mutating func fill(_ what: String, _ count: Int) throws(ReadFailure) {
    ready.removeAll(keepingCapacity: true)
    used = 0
    let start = position
    let found = text.withBytes { bytes -> (bad: UInt8?, position: Int, output: [UInt8]) in
      var output: [UInt8] = []
      var i = start
      // A few kilobytes at a time.
      while output.count < 12288, i < bytes.count {
        var word: UInt32 = 0
        var symbols = 0
        var padding = 0
        while symbols < 4, i < bytes.count {
          let byte = bytes[i]
          if Self.isBlank(byte) {
            i += 1
            continue
          }
          if byte == UInt8(ascii: "=") {
            padding += 1
          } else if let value = Self.value(byte), padding == 0 {
            word |= UInt32(value) << UInt32(18 - 6 * symbols)
          } else {
            return (byte, i, output)
          }
          symbols += 1
          i += 1
        }
        guard symbols == 4, padding < 3 else { break }
        output.append(UInt8(truncatingIfNeeded: word >> 16))
        if padding < 2 { output.append(UInt8(truncatingIfNeeded: word >> 8)) }
        if padding < 1 { output.append(UInt8(truncatingIfNeeded: word)) }
      }
      return (nil, i, output)
    }
    ready = found.output
    position = found.position
    if ready.isEmpty {
      guard let bad = found.bad else { throw truncated(what, count) }
      throw ReadFailure(
        "vti.base64", at: place, found: "byte \(bad) in base64 text of \(what)",
        expected: "expected letters, digits, +, / and =")
    }
  }

  private func truncated(_ what: String, _ count: Int) -> ReadFailure {
    ReadFailure(
      "vti.truncated", at: place, found: "\(what) needs \(count) bytes; the base64 text is shorter",
      expected: "expected a whole array")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
