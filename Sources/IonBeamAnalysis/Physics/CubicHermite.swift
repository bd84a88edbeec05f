/// The cubic through two points with given slopes.
enum CubicHermite {
  /// The value at `x` between `x0` and `x1`.
  @inline(__always)
  static func value(
    _ x: Double, _ x0: Double, _ x1: Double, _ y0: Double, _ y1: Double, _ m0: Double, _ m1: Double
  ) -> Double {
    value((x - x0) / (x1 - x0), x1 - x0, y0, y1, m0, m1)
  }

  /// The value at a fraction `t` of an interval of width `h`.
  @inline(__always)
  static func value(
    _ t: Double, _ h: Double, _ y0: Double, _ y1: Double, _ m0: Double, _ m1: Double
  ) -> Double {
    let s = 1 - t
    return s * s * ((1 + 2 * t) * y0 + t * h * m0) + t * t * ((3 - 2 * t) * y1 - s * h * m1)
  }

  /// Slopes that keep the cubic monotonic between points.
  ///
  /// Fritsch, Carlson, SIAM J Numer Anal 17 (1980) 238.
  static func monotonicSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = min(x.count, y.count)
    guard n > 1 else { return Array(repeating: 0, count: n) }
    let secants = (1..<n).map { (i: Int) -> Double in (y[i] - y[i - 1]) / (x[i] - x[i - 1]) }
    var slopes = [Double](repeating: 0, count: n)
    for i in 1..<max(1, n - 1) where secants[i - 1] * secants[i] > 0 {
      let before = x[i] - x[i - 1]
      let after = x[i + 1] - x[i]
      let w0 = 2 * after + before
      let w1 = after + 2 * before
      slopes[i] = (w0 + w1) / (w0 / secants[i - 1] + w1 / secants[i])
    }
    guard n > 2 else { return [secants[0], secants[0]] }
    slopes[0] = end(secants[0], secants[1], x[1] - x[0], x[2] - x[1])
    slopes[n - 1] = end(
      secants[n - 2], secants[n - 3], x[n - 1] - x[n - 2], x[n - 2] - x[n - 3])
    return slopes
  }

  private static func end(_ a: Double, _ b: Double, _ h0: Double, _ h1: Double) -> Double {
    let slope = ((2 * h0 + h1) * a - h0 * b) / (h0 + h1)
    if slope * a <= 0 { return 0 }
    if a * b <= 0, slope.magnitude > 3 * a.magnitude { return 3 * a }
    return slope
  }
}
