/// An interpolating cubic spline with the not-a-knot condition at both ends.
///
/// The third derivative does not jump at the second and the last but one knot (de Boor, A Practical
/// Guide to Splines, 1978, chapter IV). Three points give a parabola, two a line.
public struct CubicSpline: Hashable, Sendable {
  /// The knots, ascending and distinct.
  public let knots: [Double]
  /// The values at the knots.
  public let values: [Double]
  /// The slopes at the knots.
  public let slopes: [Double]

  /// The spline through points; nil for fewer than 2, or knots that do not ascend.
  public init?(_ x: [Double], _ y: [Double]) {
    guard x.count >= 2, x.count == y.count, zip(x, x.dropFirst()).allSatisfy({ $0 < $1 }),
      x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite)
    else { return nil }
    knots = x
    values = y
    slopes = Self.slopes(x, y)
  }

  private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = x.count
    let h = zip(x.dropFirst(), x).map { $0 - $1 }
    let d = (0..<(n - 1)).map { (y[$0 + 1] - y[$0]) / h[$0] }
    if n == 2 { return [d[0], d[0]] }
    if n == 3 {
      let c = (d[1] - d[0]) / (h[0] + h[1])
      return [d[0] - c * h[0], d[0] + c * h[0], d[1] + c * h[1]]
    }
    // Rows: below, diagonal, above, right; the ends after de Boor's not-a-knot rows.
    var below = [Double](repeating: 0, count: n)
    var diagonal = below
    var above = below
    var right = below
    diagonal[0] = h[1]
    above[0] = h[0] + h[1]
    right[0] = ((h[0] + 2 * above[0]) * h[1] * d[0] + h[0] * h[0] * d[1]) / above[0]
    for i in 1..<(n - 1) {
      below[i] = h[i]
      diagonal[i] = 2 * (h[i - 1] + h[i])
      above[i] = h[i - 1]
      right[i] = 3 * (h[i] * d[i - 1] + h[i - 1] * d[i])
    }
    let (p, q) = (h[n - 2], h[n - 3])
    below[n - 1] = p + q
    diagonal[n - 1] = q
    right[n - 1] = (p * p * d[n - 3] + (2 * (p + q) + p) * q * d[n - 2]) / (p + q)
    for i in 1..<n {
      let factor = below[i] / diagonal[i - 1]
      diagonal[i] -= factor * above[i - 1]
      right[i] -= factor * right[i - 1]
    }
    var slopes = right
    slopes[n - 1] /= diagonal[n - 1]
    for i in stride(from: n - 2, through: 0, by: -1) {
      slopes[i] = (right[i] - above[i] * slopes[i + 1]) / diagonal[i]
    }
    return slopes
  }

  /// The value at a place; the outermost cubics go on beyond the ends.
  public func callAsFunction(_ at: Double) -> Double {
    var (low, high) = (0, knots.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= at { low = middle } else { high = middle }
    }
    let h = knots[high] - knots[low]
    let t = at - knots[low]
    let chord = (values[high] - values[low]) / h
    let c2 = (3 * chord - 2 * slopes[low] - slopes[high]) / h
    let c3 = (slopes[low] + slopes[high] - 2 * chord) / (h * h)
    return values[low] + t * (slopes[low] + t * (c2 + t * c3))
  }
}
