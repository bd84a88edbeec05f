internal import CKernels

/// The hash SHA-256 of FIPS 180-4, which names every input in the provenance.
public enum SHA256 {
  /// The hash of bytes as 64 lower-case hexadecimal digits.
  public static func hex(of bytes: ByteView) -> String {
    hex(of: bytes, compress: ck_sha256)
  }

  /// The same without the processor's instructions for it.
  static func plainHex(of bytes: ByteView) -> String {
    hex(of: bytes, compress: ck_sha256_plain)
  }

  private typealias Compression = (
    UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt8>?, Int
  ) -> Void

  private static func hex(of bytes: ByteView, compress: Compression) -> String {
    // The eight words of FIPS 180-4 §5.3.3.
    var words: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    bytes.withBytes { whole in
      let blocks = whole.count / 64
      if blocks > 0, let start = whole.baseAddress {
        compress(&words, start.assumingMemoryBound(to: UInt8.self), blocks)
      }
      // The last block or two: the rest, a 1 bit, zeros and the length in bits.
      var tail = Array(whole[(blocks * 64)...])
      tail.append(0x80)
      while tail.count % 64 != 56 { tail.append(0) }
      let bits = UInt64(whole.count) &* 8
      for shift in stride(from: 56, through: 0, by: -8) {
        tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
      }
      compress(&words, tail, tail.count / 64)
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for word in words {
      for shift in stride(from: 28, through: 0, by: -4) {
        text.append(digits[Int((word >> UInt32(shift)) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
