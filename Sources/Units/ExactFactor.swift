/// A positive factor held exactly: numerator / denominator × 10^tens × π^pi.
///
/// It is kept in lowest terms with numerator and denominator free of the factor 10 and the
/// denominator free of 2 and 5, so that equal factors have equal parts.
struct ExactFactor: Hashable, Sendable {
  private(set) var numerator: UInt64
  private(set) var denominator: UInt64
  private(set) var tens: Int
  private(set) var pi: Int

  static let one = ExactFactor(1)

  /// A whole number times a power of ten.
  init(_ digits: UInt64, tens: Int = 0) {
    numerator = max(digits, 1)
    denominator = 1
    self.tens = tens
    pi = 0
    strip()
  }

  /// A fraction times powers of ten and of π; nil where a part is 0 or too large.
  init?(_ numerator: UInt64, over denominator: UInt64, tens: Int = 0, pi: Int = 0) {
    guard numerator > 0, denominator > 0 else { return nil }
    let common = Self.gcd(numerator, denominator)
    self.numerator = numerator / common
    self.denominator = denominator / common
    self.tens = tens
    self.pi = pi
    // A 2 or 5 below the line becomes a 5 or 2 above it and a power of ten.
    for (prime, partner) in [(UInt64(2), UInt64(5)), (5, 2)] {
      while self.denominator % prime == 0 {
        let (product, overflow) = self.numerator.multipliedReportingOverflow(by: partner)
        if overflow { return nil }
        self.numerator = product
        self.denominator /= prime
        self.tens -= 1
      }
    }
    strip()
    guard abs(self.tens) < 100_000 else { return nil }
  }

  private mutating func strip() {
    while numerator % 10 == 0 {
      numerator /= 10
      tens += 1
    }
  }

  private static func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  var inverse: ExactFactor? {
    ExactFactor(denominator, over: numerator, tens: -tens, pi: -pi)
  }

  /// The product; nil where it needs more than 64 bits above or below the line.
  func times(_ other: ExactFactor) -> ExactFactor? {
    let left = Self.gcd(numerator, other.denominator)
    let right = Self.gcd(other.numerator, denominator)
    let (above, overflowAbove) = (numerator / left).multipliedReportingOverflow(
      by: other.numerator / right)
    let (below, overflowBelow) = (denominator / right).multipliedReportingOverflow(
      by: other.denominator / left)
    guard !overflowAbove, !overflowBelow else { return nil }
    return ExactFactor(above, over: below, tens: tens + other.tens, pi: pi + other.pi)
  }

  /// The whole power; nil where it cannot be held.
  func power(_ exponent: Int) -> ExactFactor? {
    guard abs(exponent) <= 1000, let base = exponent < 0 ? inverse : self else { return nil }
    if base.numerator == 1, base.denominator == 1 {
      return ExactFactor(
        1, over: 1, tens: base.tens * abs(exponent), pi: base.pi * abs(exponent))
    }
    var result = ExactFactor.one
    for _ in 0..<abs(exponent) {
      guard let next = result.times(base) else { return nil }
      result = next
    }
    return result
  }

  /// The power of ten where the factor is nothing else.
  var powerOfTen: Int? { numerator == 1 && denominator == 1 && pi == 0 ? tens : nil }

  /// Whether the factor is a whole number times a power of ten.
  var isDecimal: Bool { denominator == 1 && pi == 0 }

  /// The factor to about 32 digits.
  var wide: WideDouble {
    var value = WideDouble(numerator) / WideDouble(denominator)
    value = value * WideDouble.tens(tens)
    for _ in 0..<abs(pi) { value = pi > 0 ? value * .pi : value / .pi }
    return value
  }

  /// The nearest Double.
  var double: Double {
    if isDecimal, let value = Double("\(numerator)e\(tens)") { return value }
    return wide.rounded
  }
}
