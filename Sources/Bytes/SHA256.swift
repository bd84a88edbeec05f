/// The hash SHA-256 of FIPS 180-4, which names every input in the provenance.
public enum SHA256 {
  /// The hash of bytes as 64 lower-case hexadecimal digits.
  public static func hex(of bytes: ByteView) -> String {
    var state = State()
    bytes.withBytes { whole in
      roundConstants.withUnsafeBufferPointer { k in
        let blocks = whole.count / 64
        for block in 0..<blocks {
          state.compress(UnsafeRawBufferPointer(rebasing: whole[(block * 64)...]), k)
        }
        // The last block or two: the rest, a 1 bit, zeros and the length in bits.
        var tail = Array(whole[(blocks * 64)...])
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        let bits = UInt64(whole.count) &* 8
        for shift in stride(from: 56, through: 0, by: -8) {
          tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        tail.withUnsafeBytes { padded in
          for start in stride(from: 0, to: padded.count, by: 64) {
            state.compress(UnsafeRawBufferPointer(rebasing: padded[start...]), k)
          }
        }
      }
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for word in state.words {
      for shift in stride(from: 28, through: 0, by: -4) {
        text.append(digits[Int((word >> UInt32(shift)) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  /// The eight chaining words.
  private struct State {
    var words: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]

    /// Takes in the first 64 bytes of `block`, which the caller has checked to be there.
    mutating func compress(_ block: UnsafeRawBufferPointer, _ k: UnsafeBufferPointer<UInt32>) {
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
        for i in 0..<16 {
          w[i] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self))
        }
        var i = 16
        while i < 64 {
          let x = w[i &- 15]
          let y = w[i &- 2]
          let s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3)
          let s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >> 10)
          w[i] = w[i &- 16] &+ s0 &+ w[i &- 7] &+ s1
          i &+= 1
        }
        var (a, b, c, d) = (words[0], words[1], words[2], words[3])
        var (e, f, g, h) = (words[4], words[5], words[6], words[7])
        // Eight rounds a turn, so that the words change their names instead of being moved.
        i = 0
        while i < 64 {
          round(a, b, c, &d, e, f, g, &h, k[i] &+ w[i])
          round(h, a, b, &c, d, e, f, &g, k[i &+ 1] &+ w[i &+ 1])
          round(g, h, a, &b, c, d, e, &f, k[i &+ 2] &+ w[i &+ 2])
          round(f, g, h, &a, b, c, d, &e, k[i &+ 3] &+ w[i &+ 3])
          round(e, f, g, &h, a, b, c, &d, k[i &+ 4] &+ w[i &+ 4])
          round(d, e, f, &g, h, a, b, &c, k[i &+ 5] &+ w[i &+ 5])
          round(c, d, e, &f, g, h, a, &b, k[i &+ 6] &+ w[i &+ 6])
          round(b, c, d, &e, f, g, h, &a, k[i &+ 7] &+ w[i &+ 7])
          i &+= 8
        }
        words.withUnsafeMutableBufferPointer { s in
          s[0] = s[0] &+ a
          s[1] = s[1] &+ b
          s[2] = s[2] &+ c
          s[3] = s[3] &+ d
          s[4] = s[4] &+ e
          s[5] = s[5] &+ f
          s[6] = s[6] &+ g
          s[7] = s[7] &+ h
        }
      }
    }
  }
}

@inline(__always)
private func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { (x &>> n) | (x &<< (32 &- n)) }

/// One round of FIPS 180-4 §6.2.2 step 3, without the renaming of the words.
@inline(__always)
private func round(
  _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
  _ g: UInt32, _ h: inout UInt32, _ kw: UInt32
) {
  let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
  let choice = (e & f) ^ (~e & g)
  let t = h &+ s1 &+ choice &+ kw
  let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
  let majority = (a & b) ^ (a & c) ^ (b & c)
  d = d &+ t
  h = t &+ s0 &+ majority
}
