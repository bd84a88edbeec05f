/// A least-squares polynomial of degree 0 to 2 without a matrix in memory.
///
/// Normal equations in t = (x − middle)/half range, which lies within −1…1 for ascending x, then one step
/// of refinement with the residuals: as exact as an orthogonal factorisation, in two passes.
public struct LowPolynomial: Sendable {
  /// The degree.
  public let degree: Int
  /// The coefficients of 1, d and d² with d = x − centre; 0 beyond the degree.
  public let c0: Double, c1: Double, c2: Double
  /// The sum of squared residuals.
  public let sumOfSquares: Double
  /// The number of points.
  public let count: Int
  /// The inverse normal matrix in powers of t, row by row without its lower half.
  private let inverse: (Double, Double, Double, Double, Double, Double)
  /// t = (d + shift)·factor.
  private let shift: Double, factor: Double

  /// Fits points `range` of a series; nil for a degree above 2, fewer points than coefficients, or points
  /// that lie too close for the degree.
  public init?(
    _ x: [Double], _ y: [Double], over range: Range<Int>, degree: Int, centre: Double
  ) {
    let range = range.clamped(to: 0..<min(x.count, y.count))
    guard (0...2).contains(degree), range.count > degree else { return nil }
    let (first, last) = (x[range.lowerBound], x[range.upperBound - 1])
    let middle = (first + last) / 2
    let half = (last - first).magnitude / 2
    let factor = half > 0 ? 1 / half : 1
    guard middle.isFinite, factor.isFinite else { return nil }
    let level = y[range.lowerBound]
    // Two lanes, so that additions need not wait for one another.
    var (s1, s2, s3, s4, b0, b1, b2) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var (r1, r2, r3, r4, a0, a1, a2) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var i = range.lowerBound
    while i + 1 < range.upperBound {
      let (t, v) = ((x[i] - middle) * factor, y[i] - level)
      let (p, w) = ((x[i + 1] - middle) * factor, y[i + 1] - level)
      let (tt, pp) = (t * t, p * p)
      s1 += t
      r1 += p
      s2 += tt
      r2 += pp
      s3 += tt * t
      r3 += pp * p
      s4 += tt * tt
      r4 += pp * pp
      b0 += v
      a0 += w
      b1 += t * v
      a1 += p * w
      b2 += tt * v
      a2 += pp * w
      i += 2
    }
    if i < range.upperBound {
      let (t, v) = ((x[i] - middle) * factor, y[i] - level)
      s1 += t
      s2 += t * t
      s3 += t * t * t
      s4 += t * t * t * t
      b0 += v
      b1 += t * v
      b2 += t * t * v
    }
    (s1, s2, s3, s4) = (s1 + r1, s2 + r2, s3 + r3, s4 + r4)
    (b0, b1, b2) = (b0 + a0, b1 + a1, b2 + a2)
    guard
      let inverse = Self.inverse(Double(range.count), s1, s2, s3, s4, degree: degree),
      (b0 + b1 + b2).isFinite
    else { return nil }
    var p0 = inverse.0 * b0 + inverse.1 * b1 + inverse.2 * b2
    var p1 = inverse.1 * b0 + inverse.3 * b1 + inverse.4 * b2
    var p2 = inverse.2 * b0 + inverse.4 * b1 + inverse.5 * b2
    (b0, b1, b2) = (0, 0, 0)
    var sum = 0.0
    for i in range {
      let t = (x[i] - middle) * factor
      let r = y[i] - level - (p0 + t * (p1 + t * p2))
      b0 += r
      b1 += t * r
      b2 += t * t * r
      sum += r * r
    }
    p0 += inverse.0 * b0 + inverse.1 * b1 + inverse.2 * b2
    p1 += inverse.1 * b0 + inverse.3 * b1 + inverse.4 * b2
    p2 += inverse.2 * b0 + inverse.4 * b1 + inverse.5 * b2
    let shift = centre - middle
    let s = shift * factor
    self.degree = degree
    c0 = level + p0 + s * (p1 + s * p2)
    c1 = (p1 + 2 * s * p2) * factor
    c2 = p2 * factor * factor
    sumOfSquares = sum
    count = range.count
    self.inverse = inverse
    self.shift = shift
    self.factor = factor
  }

  /// The inverse of the normal matrix of so many powers, 0 beyond them; nil where it has none.
  private static func inverse(
    _ n: Double, _ s1: Double, _ s2: Double, _ s3: Double, _ s4: Double, degree: Int
  ) -> (Double, Double, Double, Double, Double, Double)? {
    if degree == 0 { return (1 / n, 0, 0, 0, 0, 0) }
    // Powers made orthogonal: t − mean, then t² less its line.
    let mean = s1 / n
    let v1 = s2 - s1 * mean
    guard v1 > 1e-9 * s2, v1 > 0 else { return nil }
    if degree == 1 {
      return (1 / n + mean * mean / v1, -mean / v1, 0, 1 / v1, 0, 0)
    }
    let mean2 = s2 / n
    let slope = (s3 - s2 * mean) / v1
    // Q₂ = t² − slope·t + (slope·mean − mean2).
    let constant = slope * mean - mean2
    let v2 = s4 - slope * s3 + constant * s2
    guard v2 > 1e-9 * s4, v2 > 0 else { return nil }
    return (
      1 / n + mean * mean / v1 + constant * constant / v2,
      -mean / v1 - constant * slope / v2, constant / v2,
      1 / v1 + slope * slope / v2, -slope / v2, 1 / v2
    )
  }

  /// The value at d = x − centre.
  public func value(_ d: Double) -> Double { c0 + d * (c1 + d * c2) }

  /// The inverse normal matrix in powers of d, to be multiplied by the variance of the data.
  public var inverseNormal: DenseMatrix {
    let s = shift * factor
    // The part of d^k in 1, t and t².
    func row(_ k: Int) -> (Double, Double, Double) {
      k == 0 ? (1, s, s * s) : k == 1 ? (0, factor, 2 * s * factor) : (0, 0, factor * factor)
    }
    var result = DenseMatrix(rows: degree + 1, columns: degree + 1)
    for i in 0...degree {
      let p = row(i)
      for j in 0...i {
        let q = row(j)
        let (x, y, z) = (
          inverse.0 * q.0 + inverse.1 * q.1 + inverse.2 * q.2,
          inverse.1 * q.0 + inverse.3 * q.1 + inverse.4 * q.2,
          inverse.2 * q.0 + inverse.4 * q.1 + inverse.5 * q.2
        )
        let sum = p.0 * x + p.1 * y + p.2 * z
        result[i, j] = sum
        result[j, i] = sum
      }
    }
    return result
  }
}
