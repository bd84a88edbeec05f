internal import Tables

/// A file of the IANA time zone database, RFC 8536.
struct ZoneFile {
  private(set) var changes: [Int64] = []
  private(set) var offsets: [Int32] = []
  private(set) var first: Int32 = 0
  private(set) var rule: ClockRule?

  init(_ bytes: ByteView, name: String) throws(ReadFailure) {
    func damaged(_ place: Int) -> ReadFailure {
      ReadFailure(
        "time.zone-damaged", at: .byte(place), found: "the file of time zone '\(name)' is damaged",
        expected: "expected a time zone file (RFC 8536)")
    }
    guard bytes.starts(with: Array("TZif".utf8)), let version = bytes[4] else { throw damaged(0) }
    guard let old = Counts(bytes, at: 0) else { throw damaged(0) }
    var (counts, start, width) = (old, 44, 4)
    if version >= UInt8(ascii: "2") {
      start += old.size(width: 4)
      guard let new = Counts(bytes, at: start) else { throw damaged(start) }
      (counts, start, width) = (new, start + 44, 8)
    }
    guard counts.types > 0, start + counts.size(width: width) <= bytes.count else {
      throw damaged(start)
    }
    let types = start + counts.changes * (width + 1)
    func offset(ofType type: Int) -> Int32? {
      guard type < counts.types else { return nil }
      let value = Self.integer(bytes, at: types + 6 * type, width: 4)
      return abs(value) <= 93_600 ? Int32(value) : nil
    }
    var last = Int64.min
    for i in 0..<counts.changes {
      let instant = Self.integer(bytes, at: start + i * width, width: width)
      guard instant > last || i == 0, let type = bytes[start + counts.changes * width + i],
        let offset = offset(ofType: Int(type))
      else { throw damaged(start + i * width) }
      last = instant
      changes.append(instant)
      offsets.append(offset)
    }
    guard let before = offset(ofType: 0) else { throw damaged(types) }
    first = before
    if width == 8 {
      let footer = bytes.dropFirst(start + counts.size(width: 8)).withBytes {
        String(decoding: $0.prefix(256), as: UTF8.self)
      }
      rule = ClockRule(footer.filter { $0 != "\n" })
    }
  }

  /// The counts of one header.
  private struct Counts {
    let changes: Int, types: Int
    private let isUT: Int, isStandard: Int, leaps: Int, characters: Int

    init?(_ bytes: ByteView, at start: Int) {
      guard start + 44 <= bytes.count, bytes[start] == UInt8(ascii: "T") else { return nil }
      let numbers = (0..<6).map {
        Int(ZoneFile.integer(bytes, at: start + 20 + 4 * $0, width: 4))
      }
      guard numbers.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else { return nil }
      (isUT, isStandard, leaps) = (numbers[0], numbers[1], numbers[2])
      (changes, types, characters) = (numbers[3], numbers[4], numbers[5])
    }

    func size(width: Int) -> Int {
      changes * (width + 1) + types * 6 + characters + leaps * (width + 4) + isStandard + isUT
    }
  }

  /// A big-endian whole number; bytes beyond the end count as 0.
  private static func integer(_ bytes: ByteView, at offset: Int, width: Int) -> Int64 {
    var value: UInt64 = 0
    for i in 0..<width { value = value << 8 | UInt64(bytes[offset + i] ?? 0) }
    return width == 8
      ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
  }
}
