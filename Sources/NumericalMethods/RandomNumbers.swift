internal import RealModule

/// A counter-based random number generator: Philox 4×32-10.
///
/// The n-th number of a stream depends on the seed, the stream and n alone, so that parallel work gives
/// the same numbers in any order. J. K. Salmon et al., SC '11, doi:10.1145/2063384.2063405.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let stream: UInt64
  private var counter: UInt64 = 0
  private var spare: UInt64?
  private var spareNormal: Double?

  /// A generator of a seed; different streams are independent.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// The ten-round Philox 4×32 function of a counter and a key.
  public static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p = UInt64(c.0) &* 0xD251_1F53
      let q = UInt64(c.2) &* 0xCD9E_8D57
      c = (
        UInt32(truncatingIfNeeded: q >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: q),
        UInt32(truncatingIfNeeded: p >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: p)
      )
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if let held = spare {
      spare = nil
      return held
    }
    let c = Self.philox(
      (
        UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
      ), key: key)
    counter &+= 1
    spare = UInt64(c.2) | UInt64(c.3) << 32
    return UInt64(c.0) | UInt64(c.1) << 32
  }

  /// A number from the open interval (0, 1), 52 bits.
  public mutating func uniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// A draw from the standard normal distribution (Box–Muller).
  public mutating func normal() -> Double {
    if let held = spareNormal {
      spareNormal = nil
      return held
    }
    let radius = (-2 * Double.log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * Double.sin(angle)
    return radius * Double.cos(angle)
  }
}
