internal import CZlib

/// The checksum CRC-32 of zip, gzip and others: polynomial 0x04C11DB7, reflected, inverted at both ends.
public enum CRC32 {
  /// The checksum of bytes.
  public static func of(_ bytes: ByteView) -> UInt32 {
    bytes.withBytes { all in
      var sum = CZlib.crc32(0, nil, 0)
      var start = 0
      while start < all.count {
        let n = min(all.count - start, 1 << 30)
        sum = CZlib.crc32(
          sum, all.baseAddress.map { ($0 + start).assumingMemoryBound(to: UInt8.self) }, UInt32(n))
        start += n
      }
      return UInt32(truncatingIfNeeded: sum)
    }
  }
}
