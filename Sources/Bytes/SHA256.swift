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

  fileprivate typealias Compression = (
    UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt8>?, Int
  ) -> Void

  private static func hex(of bytes: ByteView, compress: @escaping Compression) -> String {
    var hash = Stream(compress: compress)
    // Of a file that is read on demand nothing stays in memory.
    bytes.inPieces(of: 1 << 20, unit: 64, 0..<bytes.count) { piece in
      hash.add(piece)
      return true
    }
    return hash.hex
  }

  /// The hash of bytes that come in pieces.
  struct Stream {
    // The eight words of FIPS 180-4 §5.3.3.
    private var words: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    /// Bytes that do not fill a block yet.
    private var rest: [UInt8] = []
    private var count = 0
    private let compress: Compression

    /// Nothing so far.
    init() { compress = ck_sha256 }

    fileprivate init(compress: @escaping Compression) { self.compress = compress }

    /// Takes up the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      count += bytes.count
      var start = 0
      if !rest.isEmpty {
        start = min(64 - rest.count, bytes.count)
        rest.append(contentsOf: bytes[..<start])
        guard rest.count == 64 else { return }
        compress(&words, rest, 1)
        rest.removeAll(keepingCapacity: true)
      }
      let blocks = (bytes.count - start) / 64
      if blocks > 0, let base = bytes.baseAddress {
        compress(&words, (base + start).assumingMemoryBound(to: UInt8.self), blocks)
      }
      rest.append(contentsOf: bytes[(start + 64 * blocks)...])
    }

    /// The hash of all bytes as 64 lower-case hexadecimal digits.
    var hex: String {
      var words = words
      // The last block or two: the rest, a 1 bit, zeros and the length in bits.
      var tail = rest
      tail.append(0x80)
      while tail.count % 64 != 56 { tail.append(0) }
      let bits = UInt64(count) &* 8
      for shift in stride(from: 56, through: 0, by: -8) {
        tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
      }
      compress(&words, tail, tail.count / 64)
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
}
