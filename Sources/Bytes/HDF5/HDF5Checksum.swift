/// The checksums of HDF5's own structures and of its `fletcher32` filter.
enum HDF5Checksum {
  /// Bob Jenkins' `lookup3` (hashlittle, public domain) with initial value 0, as the format
  /// specification 3.0 demands for every structure of superblock versions 2 and 3.
  static func lookup3(_ bytes: ByteView) -> UInt32 {
    bytes.withBytes { lookup3($0) }
  }

  private static func lookup3(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    func rotate(_ x: UInt32, _ k: UInt32) -> UInt32 { x << k | x >> (32 - k) }
    func word(_ offset: Int, _ limit: Int) -> UInt32 {
      var value: UInt32 = 0
      for i in 0..<4 where offset + i < limit { value |= UInt32(bytes[offset + i]) << (8 * i) }
      return value
    }
    var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
    var b = a
    var c = a
    var offset = 0
    while bytes.count - offset > 12 {
      a = a &+ word(offset, bytes.count)
      b = b &+ word(offset + 4, bytes.count)
      c = c &+ word(offset + 8, bytes.count)
      a = (a &- c) ^ rotate(c, 4)
      c = c &+ b
      b = (b &- a) ^ rotate(a, 6)
      a = a &+ c
      c = (c &- b) ^ rotate(b, 8)
      b = b &+ a
      a = (a &- c) ^ rotate(c, 16)
      c = c &+ b
      b = (b &- a) ^ rotate(a, 19)
      a = a &+ c
      c = (c &- b) ^ rotate(b, 4)
      b = b &+ a
      offset += 12
    }
    guard offset < bytes.count else { return c }
    a = a &+ word(offset, bytes.count)
    b = b &+ word(offset + 4, bytes.count)
    c = c &+ word(offset + 8, bytes.count)
    c = (c ^ b) &- rotate(b, 14)
    a = (a ^ c) &- rotate(c, 11)
    b = (b ^ a) &- rotate(a, 25)
    c = (c ^ b) &- rotate(b, 16)
    a = (a ^ c) &- rotate(c, 4)
    b = (b ^ a) &- rotate(a, 14)
    c = (c ^ b) &- rotate(b, 24)
    return c
  }

  /// Fletcher's sum over 16-bit words, the higher byte first.
  static func fletcher32(_ bytes: ByteView) -> UInt32 {
    bytes.withBytes { data in
      var low: UInt32 = 0
      var high: UInt32 = 0
      func fold() {
        low = (low & 0xFFFF) + (low >> 16)
        high = (high & 0xFFFF) + (high >> 16)
      }
      let words = data.count / 2
      var i = 0
      while i < words {
        // 360 words are the most whose sums fit in 32 bits.
        for _ in 0..<min(360, words - i) {
          low = low &+ (UInt32(data[2 * i]) << 8 | UInt32(data[2 * i + 1]))
          high = high &+ low
          i += 1
        }
        fold()
      }
      if data.count % 2 == 1 {
        low = low &+ UInt32(data[data.count - 1]) << 8
        high = high &+ low
        fold()
      }
      fold()
      return high << 16 | low
    }
  }
}
