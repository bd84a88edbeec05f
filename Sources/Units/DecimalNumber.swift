/// A decimal number digits × 10^tens, exact.
struct DecimalNumber: Sendable {
  var digits: Int64
  var tens: Int

  private init(digits: Int64, tens: Int) {
    var digits = digits
    var tens = tens
    if digits == 0 { tens = 0 }
    func strip(_ power: Int64, _ count: Int) {
      guard digits != 0, digits % power == 0 else { return }
      digits /= power
      tens += count
    }
    strip(100_000_000, 8)
    strip(10000, 4)
    strip(100, 2)
    strip(10, 1)
    self.digits = digits
    self.tens = tens
  }

  /// The decimal number of at most 15 digits that this Double is the nearest one to, if any.
  ///
  /// There is at most one, as neighbouring 15-digit numbers are further apart than Doubles.
  init?(shortest value: Double) {
    guard value.isFinite else { return nil }
    if value == 0 {
      self.init(digits: 0, tens: 0)
      return
    }
    // With 10^places exact, value·10^places is off by less than 0.3 from the whole number looked for.
    let magnitude = Int((Double(value.exponent + 1) * 0.30103).rounded(.down))
    guard magnitude >= -7, magnitude <= 36 else {
      self.init(printed: value)
      return
    }
    let digits =
      Self.whole(value, places: 14 - magnitude) ?? Self.whole(value, places: 15 - magnitude)
    guard let digits else { return nil }
    self.init(digits: digits.whole, tens: -digits.places)
  }

  /// The whole number n < 10^15 with n·10^-places nearest to the value, if there is one.
  private static func whole(_ value: Double, places: Int) -> (whole: Int64, places: Int)? {
    let power = exactTens[places < 0 ? -places : places]
    let whole = (places < 0 ? value / power : value * power).rounded()
    guard whole.magnitude < 1e15, (places < 0 ? whole * power : whole / power) == value
    else { return nil }
    return (Int64(whole), places)
  }

  /// The same from the shortest text, for numbers beyond the exact powers of ten.
  private init?(printed value: Double) {
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
    self.init(
      digits: value.sign == .minus ? -digits : digits, tens: exponent * exponentSign - fraction)
    guard self.digits.magnitude < 1_000_000_000_000_000 else { return nil }
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
  static func double(_ digits: Int64, tens: Int) -> Double {
    // Both factors exact: one rounding (W. D. Clinger, PLDI 1990).
    if digits.magnitude < 9_007_199_254_740_992, tens >= -22, tens <= 22 {
      let power = exactTens[tens < 0 ? -tens : tens]
      return tens < 0 ? Double(digits) / power : Double(digits) * power
    }
    return Double("\(digits)e\(tens)") ?? .nan
  }

  /// The Double nearest to digits × 10^tens.
  static func double(_ digits: Int128, tens: Int) -> Double {
    if let small = Int64(exactly: digits) { return double(small, tens: tens) }
    return Double("\(digits)e\(tens)") ?? .nan
  }
}
