internal import RealModule

/// Modified Bessel functions of orders 0 and 1 for positive arguments.
public enum ModifiedBessel {
  /// I₀ or I₁ by its power series, all of whose terms are positive; nil outside 0…700.
  public static func first(_ order: Int, _ x: Double) -> Double? {
    guard order == 0 || order == 1, x >= 0, x <= 700 else { return nil }
    let q = x * x / 4
    var term = order == 0 ? 1 : x / 2
    var sum = term
    var k = 1.0
    while k < 2000 {
      term *= q / (k * (k + Double(order)))
      sum += term
      if term < sum * 1e-17 { break }
      k += 1
    }
    return sum
  }

  /// K₀ or K₁ from ∫₀^∞ exp(−x cosh t) cosh(n t) dt by the trapezoid rule; nil outside 0 < x ≤ 700.
  ///
  /// The integrand falls doubly exponentially, so that the rule converges geometrically.
  public static func second(_ order: Int, _ x: Double) -> Double? {
    guard order == 0 || order == 1, x > 0, x <= 700 else { return nil }
    let n = Double(order)
    let end = Double.log(2 * (750 / x + 1)) + 1
    let h = 1.0 / 24
    var sum = Double.exp(-x) / 2
    var t = h
    while t < end {
      sum += Double.exp(-x * Double.cosh(t)) * Double.cosh(n * t)
      t += h
    }
    return sum * h
  }
}
