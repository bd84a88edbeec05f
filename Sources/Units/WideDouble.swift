/// A number as an unevaluated sum of two Doubles, good to about 32 digits.
///
/// T. J. Dekker, Numer. Math. 18 (1971) 224, with fused multiply-add.
struct WideDouble: Sendable {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// A whole number, exact.
  init(_ value: UInt64) {
    let top = Double(value >> 32) * 4_294_967_296
    let rest = Double(value & 0xffff_ffff)
    self = Self.sum(top, rest)
  }

  static let pi = WideDouble(3.141592653589793, 1.2246467991473532e-16)

  /// The power of ten; infinite or 0 where Double ends.
  static func tens(_ exponent: Int) -> WideDouble {
    guard abs(exponent) <= 400 else { return WideDouble(exponent > 0 ? .infinity : 0) }
    var result = WideDouble(1.0)
    var base = WideDouble(10.0)
    var rest = abs(exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return exponent < 0 ? WideDouble(1.0) / result : result
  }

  private static func sum(_ a: Double, _ b: Double) -> WideDouble {
    let s = a + b
    let t = s - a
    return WideDouble(s, (a - (s - t)) + (b - t))
  }

  static func * (a: WideDouble, b: WideDouble) -> WideDouble {
    let p = a.high * b.high
    guard p.isFinite, p != 0 else { return WideDouble(p) }
    let e = (-p).addingProduct(a.high, b.high) + (a.high * b.low + a.low * b.high)
    return sum(p, e)
  }

  static func / (a: WideDouble, b: WideDouble) -> WideDouble {
    let q = a.high / b.high
    guard q.isFinite, q != 0 else { return WideDouble(q) }
    let r = a.high.addingProduct(-q, b.high) + (a.low - q * b.low)
    return sum(q, r / b.high)
  }

  static func + (a: WideDouble, b: WideDouble) -> WideDouble {
    let s = sum(a.high, b.high)
    return sum(s.high, s.low + a.low + b.low)
  }

  static prefix func - (a: WideDouble) -> WideDouble { WideDouble(-a.high, -a.low) }

  /// The nearest Double.
  var rounded: Double { low.isNaN ? high : high + low }
}
