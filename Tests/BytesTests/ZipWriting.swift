import Bytes

/// Makes deflate streams, gzip members and zip archives byte by byte, for tests of their readers.
enum Deflated {
  /// CRC-32 of ISO 3309, bit by bit.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// A deflate stream of stored blocks (RFC 1951 §3.2.4).
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var start = 0
    repeat {
      let end = min(start + 65535, bytes.count)
      let n = UInt16(end - start)
      out.append(end == bytes.count ? 1 : 0)
      out += little(n) + little(~n) + bytes[start..<end]
      start = end
    } while start < bytes.count
    return out
  }

  /// A deflate stream of `1 + 258·n` zeros in one block of fixed codes (RFC 1951 §3.2.6): the
  /// literal 0, then copies of length 258 from distance 1.
  static func zeros(copies n: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.put(0b1, 1)
    bits.put(0b01, 2)
    bits.putCode(0b0011_0000, 8)  // literal 0
    for _ in 0..<n {
      bits.putCode(0b1100_0101, 8)  // length code 285 = 258
      bits.putCode(0, 5)  // distance code 0 = 1
    }
    bits.putCode(0, 7)  // end of block
    return bits.bytes
  }

  /// A gzip member around a deflate stream.
  static func gzip(_ deflated: [UInt8], crc: UInt32, size: Int) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflated + little(crc)
      + little(UInt32(truncatingIfNeeded: size))
  }

  /// A gzip member with stored content.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    gzip(stored(bytes), crc: crc32(bytes), size: bytes.count)
  }

  /// The bytes of an integer, least first.
  static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
  }
}

/// Packs bits as deflate does: numbers from their lowest bit, Huffman codes from their highest.
struct BitWriter {
  var bytes: [UInt8] = []
  private var free = 0

  mutating func put(_ value: UInt32, _ count: Int) {
    for i in 0..<count {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      bytes[bytes.count - 1] |= UInt8(value >> UInt32(i) & 1) << UInt8(8 - free)
      free -= 1
    }
  }

  mutating func putCode(_ code: UInt32, _ count: Int) {
    for i in stride(from: count - 1, through: 0, by: -1) { put(code >> UInt32(i) & 1, 1) }
  }
}
