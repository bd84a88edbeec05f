public import Tables

/// Text in UTF-8, whatever encoding the file has; the byte order mark is taken off.
public struct DecodedText: Sendable {
  /// The encodings that are told apart.
  public enum Encoding: String, Sendable {
    case utf8 = "UTF-8"
    case utf16le = "UTF-16LE"
    case utf16be = "UTF-16BE"
    case windows1252 = "windows-1252"
  }

  /// The text.
  public let utf8: ByteView
  /// The encoding of the file.
  public let encoding: Encoding
  /// Bytes of the byte order mark.
  public let markLength: Int
  /// Whether the last line has its line end (an empty text counts as having it).
  public let endsWithNewline: Bool

  /// Decodes text by its bytes alone: byte order mark, zero bytes, UTF-8, else Windows-1252.
  ///
  /// Adds the note `text.encoding` for Windows-1252, the warning `text.bad-utf8` at lines with bad
  /// bytes in a text that is UTF-8 elsewhere, and `text.bad-utf16` for halves of characters.
  ///
  /// - Throws: `text.nul` at the line of a NUL byte in 8-bit text.
  public static func decode(
    _ bytes: ByteView, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> DecodedText {
    if bytes.starts(with: [0xFF, 0xFE]) {
      return utf16(bytes, mark: 2, little: true, &diagnostics)
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      return utf16(bytes, mark: 2, little: false, &diagnostics)
    }
    if let little = zeroPattern(bytes.prefix(4096)) {
      return utf16(bytes, mark: 0, little: little, &diagnostics)
    }
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let body = mark == 0 ? bytes : bytes.dropFirst(mark)
    let survey = body.withBytes { EightBitSurvey($0) }
    if let nul = survey.firstNUL {
      throw ReadFailure(
        "text.nul", at: .line(TextLines.number(ofOffset: nul, in: body)),
        found: "a NUL byte (0x00) at byte \(nul + mark) of 8-bit text",
        expected: "expected text without NUL bytes")
    }
    if survey.badOffsets.isEmpty {
      return DecodedText(utf8: body, encoding: .utf8, markLength: mark)
    }
    let mostlyUTF8 =
      survey.badCount * 100 <= body.count && survey.badCount < survey.sequences || mark > 0
    if mostlyUTF8 {
      for number in Set(TextLines.numbers(ofOffsets: survey.badOffsets, in: body)).sorted() {
        diagnostics.warn(
          "text.bad-utf8", at: .line(number), found: "a byte that is no part of UTF-8 text",
          expected: "read as U+FFFD")
      }
      return DecodedText(utf8: repairUTF8(body), encoding: .utf8, markLength: mark)
    }
    diagnostics.note(
      "text.encoding",
      at: .line(TextLines.number(ofOffset: survey.badOffsets.first ?? 0, in: body)),
      found: "bytes that are no UTF-8", expected: "the text is read as Windows-1252")
    return DecodedText(utf8: widen(body), encoding: .windows1252, markLength: 0)
  }

  private init(utf8: ByteView, encoding: Encoding, markLength: Int) {
    self.utf8 = utf8
    self.encoding = encoding
    self.markLength = markLength
    let last = utf8[utf8.count - 1]
    endsWithNewline = last == nil || last == 0x0A || last == 0x0D
  }

  /// The last line where it has no line end; nil where it has one.
  public var lineWithoutEnd: Int? {
    endsWithNewline ? nil : TextLines.number(ofOffset: utf8.count, in: utf8)
  }

  /// The byte of the file that an offset of `utf8` was made from.
  public func sourceOffset(_ offset: Int) -> Int {
    switch encoding {
    case .utf8: return offset + markLength
    case .windows1252:
      return utf8.prefix(offset).withBytes { bytes in
        var n = 0
        for byte in bytes where byte & 0xC0 != 0x80 { n &+= 1 }
        return n
      }
    case .utf16le, .utf16be:
      let units = utf8.prefix(offset).withBytes { bytes in
        var n = 0
        for byte in bytes { n &+= byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1 }
        return n
      }
      return 2 * units + markLength
    }
  }

  /// Whether the zero bytes say UTF-16: true little, false big, nil neither.
  private static func zeroPattern(_ head: ByteView) -> Bool? {
    let pairs = head.count / 2
    guard pairs >= 2 else { return nil }
    return head.withBytes { bytes in
      var even = 0
      var odd = 0
      for i in 0..<pairs {
        if bytes[2 * i] == 0 { even += 1 }
        if bytes[2 * i + 1] == 0 { odd += 1 }
      }
      if odd * 10 >= pairs * 7 && even * 20 <= pairs { return true }
      if even * 10 >= pairs * 7 && odd * 20 <= pairs { return false }
      return nil
    }
  }

  private static func utf16(
    _ bytes: ByteView, mark: Int, little: Bool, _ diagnostics: inout DiagnosticList
  ) -> DecodedText {
    let body = bytes.dropFirst(mark)
    let units = body.count / 2
    var bad = body.count % 2
    // A unit of UTF-16 needs at most three bytes of UTF-8.
    let text = ByteView(capacity: 3 * units + 3) { target in
      body.withBytes { source in
        var out = 0
        func put(_ byte: UInt32) {
          target[out] = UInt8(truncatingIfNeeded: byte)
          out += 1
        }
        func unit(_ i: Int) -> UInt32 {
          let a = UInt32(source[2 * i])
          let b = UInt32(source[2 * i + 1])
          return little ? a | b << 8 : a << 8 | b
        }
        var i = 0
        while i < units {
          var scalar = unit(i)
          i += 1
          if scalar & 0xF800 == 0xD800 {
            if scalar < 0xDC00, i < units, unit(i) & 0xFC00 == 0xDC00 {
              scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(i) & 0x3FF
              i += 1
            } else {
              scalar = 0xFFFD
              bad += 1
            }
          }
          if scalar < 0x80 {
            put(scalar)
          } else if scalar < 0x800 {
            put(0xC0 | scalar >> 6)
            put(0x80 | scalar & 0x3F)
          } else if scalar < 0x10000 {
            put(0xE0 | scalar >> 12)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
          } else {
            put(0xF0 | scalar >> 18)
            put(0x80 | scalar >> 12 & 0x3F)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
          }
        }
        return out
      }
    }
    if bad > 0 {
      diagnostics.warn(
        "text.bad-utf16", found: "\(bad) halves of characters in UTF-16 text",
        expected: "expected whole characters; read as U+FFFD or left out")
    }
    return DecodedText(utf8: text, encoding: little ? .utf16le : .utf16be, markLength: mark)
  }

  /// Windows-1252 for the bytes 0x80–0x9F; the five that it leaves open are control characters.
  private static let windows: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]

  /// The character of a byte in Windows-1252.
  public static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
    guard byte >= 0x80, byte < 0xA0 else { return Unicode.Scalar(byte) }
    return Unicode.Scalar(windows[Int(byte) - 0x80]) ?? Unicode.Scalar(byte)
  }

  private static func widen(_ body: ByteView) -> ByteView {
    let extra = body.withBytes { bytes in
      var n = 0
      for byte in bytes where byte >= 0x80 { n &+= 1 }
      return n
    }
    let table = windows
    return ByteView(capacity: body.count + 2 * extra) { target in
      body.withBytes { source in
        var out = 0
        for byte in source {
          if byte < 0x80 {
            target[out] = byte
            out += 1
            continue
          }
          let scalar = byte < 0xA0 ? table[Int(byte) - 0x80] : UInt16(byte)
          if scalar < 0x800 {
            target[out] = UInt8(0xC0 | scalar >> 6)
          } else {
            target[out] = UInt8(0xE0 | scalar >> 12)
            out += 1
            target[out] = UInt8(0x80 | scalar >> 6 & 0x3F)
          }
          target[out + 1] = UInt8(0x80 | scalar & 0x3F)
          out += 2
        }
        return out
      }
    }
  }

  private static func repairUTF8(_ body: ByteView) -> ByteView {
    ByteView(utf8: body.withBytes { String(decoding: $0, as: UTF8.self) })
  }
}

/// What one pass over 8-bit text tells: NUL bytes, and whether the bytes are UTF-8.
struct EightBitSurvey {
  /// The offset of the first NUL.
  private(set) var firstNUL: Int?
  /// Whole sequences of more than one byte.
  private(set) var sequences = 0
  /// Bytes that belong to none, and where up to 100 of them stand.
  private(set) var badCount = 0
  private(set) var badOffsets: [Int] = []

  init(_ bytes: UnsafeRawBufferPointer) {
    let count = bytes.count
    var i = 0
    while i < count {
      i = Self.skipPlain(bytes, from: i)
      guard i < count else { return }
      let byte = bytes[i]
      if byte == 0 {
        firstNUL = i
        return
      }
      let length = byte < 0x80 ? 1 : Self.sequenceLength(bytes, at: i)
      if length == 0 {
        badCount += 1
        if badOffsets.count < 100 { badOffsets.append(i) }
      } else if length > 1 {
        sequences += 1
      }
      i += max(length, 1)
    }
  }

  /// The first offset from `start` on that may hold NUL or a byte above 0x7F.
  private static func skipPlain(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var i = start
    let ones: UInt64 = 0x0101_0101_0101_0101
    while i &+ 64 <= bytes.count {
      // Minus one, a NUL sets a high bit too; a borrow from it can only add marks above it.
      var marks: UInt64 = 0
      for k in 0..<8 {
        let word = bytes.loadUnaligned(fromByteOffset: i &+ 8 &* k, as: UInt64.self)
        marks |= word | (word &- ones)
      }
      if marks & 0x8080_8080_8080_8080 != 0 { break }
      i = i &+ 64
    }
    while i < bytes.count, bytes[i] != 0, bytes[i] < 0x80 { i += 1 }
    return i
  }

  /// The bytes of the well-formed sequence at `i` (Unicode 16, table 3-7), or 0.
  private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at i: Int) -> Int {
    let lead = bytes[i]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, i + length <= bytes.count else { return 0 }
    let second = bytes[i + 1]
    let low: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
    guard second >= low, second <= high else { return 0 }
    for k in 2..<max(length, 2) where bytes[i + k] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
