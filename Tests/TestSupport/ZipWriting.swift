import Bytes

/// Makes deflate streams, gzip members and zip archives byte by byte, for tests of their readers.
public enum Deflated {
  /// CRC-32 of ISO 3309, bit by bit.
  public static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// A deflate stream of stored blocks (RFC 1951 §3.2.4).
  public static func stored(_ bytes: [UInt8]) -> [UInt8] {
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
  public static func zeros(copies n: Int) -> [UInt8] {
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
  public static func gzip(_ deflated: [UInt8], crc: UInt32, size: Int) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflated + little(crc)
      + little(UInt32(truncatingIfNeeded: size))
  }

  /// A gzip member with stored content.
  public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    gzip(stored(bytes), crc: crc32(bytes), size: bytes.count)
  }

  /// The bytes of an integer, least first.
  public static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
  }
}

/// Packs bits as deflate does: numbers from their lowest bit, Huffman codes from their highest.
public struct BitWriter {
  /// The bytes so far.
  public var bytes: [UInt8] = []
  private var free = 0

  /// No bits.
  public init() {}

  /// Adds the lowest `count` bits of a number, the lowest first.
  public mutating func put(_ value: UInt32, _ count: Int) {
    for i in 0..<count {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      bytes[bytes.count - 1] |= UInt8(value >> UInt32(i) & 1) << UInt8(8 - free)
      free -= 1
    }
  }

  /// Adds a Huffman code, its highest bit first.
  public mutating func putCode(_ code: UInt32, _ count: Int) {
    for i in stride(from: count - 1, through: 0, by: -1) { put(code >> UInt32(i) & 1, 1) }
  }
}

/// A zip archive in the making, whose every field a test may falsify.
public struct ZipWriter {
  /// A member, with every field as it is to be written.
  public struct Member {
    /// The name.
    public var name: [UInt8]
    /// The content.
    public var content: [UInt8]
    /// The compressed content; nil for a stored member.
    public var deflated: [UInt8]?
    /// The declared size.
    public var size: UInt32
    /// The declared CRC-32.
    public var crc: UInt32
    /// The flags.
    public var flags: UInt16 = 0
    /// The method of compression.
    public var method: UInt16
    /// The external attributes.
    public var attributes: UInt32 = 0
    /// The declared offset of the local header; nil for the true one.
    public var offset: UInt32?
    /// Whether sizes and offset stand in a ZIP64 field.
    public var isLarge = false

    /// A stored member.
    public init(_ name: String, _ content: String) {
      self.name = Array(name.utf8)
      self.content = Array(content.utf8)
      size = UInt32(self.content.count)
      crc = Deflated.crc32(self.content)
      method = 0
    }

    /// A stored member of bytes.
    public init(_ name: String, bytes: [UInt8]) {
      self.name = Array(name.utf8)
      content = bytes
      size = UInt32(bytes.count)
      crc = Deflated.crc32(bytes)
      method = 0
    }

    /// A deflated member.
    public init(_ name: String, deflated: [UInt8], size: Int, crc: UInt32) {
      self.name = Array(name.utf8)
      content = []
      self.deflated = deflated
      self.size = UInt32(size)
      self.crc = crc
      method = 8
    }
  }

  /// The members.
  public var members: [Member]
  /// The declared number of members; nil for the true one.
  public var declaredCount: UInt16?
  /// The declared offset of the directory; nil for the true one.
  public var declaredOffset: UInt32?
  /// The comment behind the end record.
  public var comment = ""

  /// An archive of members.
  public init(members: [Member] = []) { self.members = members }

  /// The bytes of the archive.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    var directory: [UInt8] = []
    for m in members {
      let data = m.deflated ?? m.content
      let offset = m.offset ?? UInt32(out.count)
      let packed = UInt32(data.count)
      out += [0x50, 0x4B, 3, 4] + Deflated.little(UInt16(20)) + Deflated.little(m.flags)
      out += Deflated.little(m.method) + [0, 0, 0, 0]
      if m.flags & 8 != 0 {  // sizes follow in a data descriptor
        out += [UInt8](repeating: 0, count: 12)
      } else {
        out += Deflated.little(m.crc) + Deflated.little(packed) + Deflated.little(m.size)
      }
      out += Deflated.little(UInt16(m.name.count)) + [0, 0] + m.name + data
      if m.flags & 8 != 0 {
        out += [0x50, 0x4B, 7, 8] + Deflated.little(m.crc) + Deflated.little(packed)
        out += Deflated.little(m.size)
      }
      let all: UInt32 = 0xFFFF_FFFF
      var extra: [UInt8] = []
      if m.isLarge {
        extra = Deflated.little(UInt16(1)) + Deflated.little(UInt16(24))
        extra += Deflated.little(UInt64(m.size)) + Deflated.little(UInt64(packed))
        extra += Deflated.little(UInt64(offset))
      }
      directory += [0x50, 0x4B, 1, 2] + [20, 0, 20, 0] + Deflated.little(m.flags)
      directory += Deflated.little(m.method) + [0, 0, 0, 0] + Deflated.little(m.crc)
      directory += Deflated.little(m.isLarge ? all : packed)
      directory += Deflated.little(m.isLarge ? all : m.size)
      directory += Deflated.little(UInt16(m.name.count)) + Deflated.little(UInt16(extra.count))
      directory += [0, 0, 0, 0, 0, 0] + Deflated.little(m.attributes)
      directory += Deflated.little(m.isLarge ? all : offset) + m.name + extra
    }
    let start = out.count
    out += directory
    let isLarge = members.contains(where: \.isLarge)
    if isLarge {
      let record = out.count
      out += [0x50, 0x4B, 6, 6] + Deflated.little(UInt64(44)) + [45, 0, 45, 0]
      out += [UInt8](repeating: 0, count: 8)
      for value in [members.count, members.count, directory.count, start] {
        out += Deflated.little(UInt64(value))
      }
      out += [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + Deflated.little(UInt64(record)) + [1, 0, 0, 0]
    }
    let count = declaredCount ?? (isLarge ? 0xFFFF : UInt16(members.count))
    out += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Deflated.little(count) + Deflated.little(count)
    out += Deflated.little(UInt32(directory.count))
    out += Deflated.little(declaredOffset ?? (isLarge ? 0xFFFF_FFFF : UInt32(start)))
    return out + Deflated.little(UInt16(comment.utf8.count)) + Array(comment.utf8)
  }
}
