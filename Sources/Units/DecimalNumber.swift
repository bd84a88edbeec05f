/// A decimal number digits × 10^tens, exact.
struct DecimalNumber: Sendable {
  var digits: Int128
  var tens: Int

  /// The shortest decimal text that means this Double, if it has at most 15 digits.
  init?(shortest value: Double) {
    guard value.isFinite else { return nil }
    var digits = Int64(0)
    var count = 0
    var fraction = 0
    var exponent = 0
    var exponentSign = 1
    var inFraction = false
    var inExponent = false
    for byte in value.description.utf8 {
      switch byte {
      case UInt8(ascii: "-"): if inExponent { exponentSign = -1 }
      case UInt8(ascii: "."): inFraction = true
      case UInt8(ascii: "e"): inExponent = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = Int64(byte - UInt8(ascii: "0"))
        if inExponent {
          exponent = exponent * 10 + Int(digit)
        } else {
          // 17 digits and the zero before or behind the point at most: no overflow in 64 bits.
          if count == 18 { return nil }
          if digits > 0 || digit > 0 { count += 1 }
          digits = digits * 10 + digit
          if inFraction { fraction += 1 }
        }
      default: break
      }
    }
    var tens = exponent * exponentSign - fraction
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      tens += 1
    }
    guard digits < 1_000_000_000_000_000 else { return nil }
    self.digits = Int128(value.sign == .minus ? -digits : digits)
    self.tens = tens
  }

  /// The exact sum of two decimal numbers; nil where 128 bits do not hold it.
  static func sum(
    _ a: Int128, _ aTens: Int, _ b: Int128, _ bTens: Int
  ) -> (digits: Int128, tens: Int)? {
    if b == 0 { return (a, aTens) }
    if a == 0 { return (b, bTens) }
    let tens = min(aTens, bTens)
    guard let x = raised(a, aTens - tens), let y = raised(b, bTens - tens) else { return nil }
    let (sum, overflow) = x.addingReportingOverflow(y)
    return overflow ? nil : (sum, tens)
  }

  private static func raised(_ digits: Int128, _ tens: Int) -> Int128? {
    guard tens <= 38 else { return nil }
    var result = digits
    for _ in 0..<tens {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }

  private static let exactTens: [Double] = (0...22).map { Double("1e\($0)") ?? 1 }

  /// The Double nearest to digits × 10^tens.
  static func double(_ digits: Int128, tens: Int) -> Double {
    // Both factors exact: one rounding (W. D. Clinger, PLDI 1990).
    if digits.magnitude < 9_007_199_254_740_992, tens >= -22, tens <= 22 {
      let power = exactTens[tens < 0 ? -tens : tens]
      return tens < 0 ? Double(Int64(digits)) / power : Double(Int64(digits)) * power
    }
    return Double("\(digits)e\(tens)") ?? .nan
  }
}
