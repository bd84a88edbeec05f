internal import RealModule

/// Points and weights that average a function over a gamma distribution.
///
/// The Gauss rule of the generalized Laguerre polynomials, from the eigenvalues of their recurrence
/// (Golub, Welsch, Math. Comp. 23 (1969) 221): exact for polynomials of degree 2n − 1, so weights add to 1
/// and mean and variance are kept.
public struct GammaRule: Hashable, Sendable {
  /// The points, rising.
  public let points: [Double]
  /// The weights, which add up to 1.
  public let weights: [Double]

  /// The rule of n points for a distribution of given mean and standard deviation, both above 0; nil
  /// for anything else.
  public init?(mean: Double, deviation: Double, count: Int) {
    guard mean > 0, deviation > 0, mean.isFinite, deviation.isFinite, count > 0, count <= 512 else {
      return nil
    }
    let shape = (mean / deviation) * (mean / deviation)
    let scale = deviation * deviation / mean
    guard shape.isFinite, shape > 1e-9, shape < 1e12 else { return nil }
    var diagonal = (0..<count).map { 2 * Double($0) + shape }
    var side = (0..<count).map { i -> Double in
      let k = Double(i + 1)
      return i + 1 < count ? (k * (k + shape - 1)).squareRoot() : 0
    }
    var first = [Double](repeating: 0, count: count)
    first[0] = 1
    guard Self.diagonalize(&diagonal, &side, &first) else { return nil }
    let order = diagonal.indices.sorted { diagonal[$0] < diagonal[$1] }
    points = order.map { max(0, diagonal[$0] * scale) }
    weights = order.map { first[$0] * first[$0] }
  }

  /// Eigenvalues of a symmetric tridiagonal matrix and the first components of its eigenvectors, by
  /// implicit QL steps (Wilkinson shift).
  private static func diagonalize(
    _ d: inout [Double], _ e: inout [Double], _ z: inout [Double]
  ) -> Bool {
    let n = d.count
    for l in 0..<n {
      var rounds = 0
      while true {
        var m = l
        while m < n - 1, e[m].magnitude > 1e-16 * (d[m].magnitude + d[m + 1].magnitude) { m += 1 }
        if m == l { break }
        rounds += 1
        if rounds > 100 { return false }
        var g = (d[l + 1] - d[l]) / (2 * e[l])
        var r = Double.hypot(g, 1)
        g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r))
        var (s, c, p) = (1.0, 1.0, 0.0)
        var i = m - 1
        var early = false
        while i >= l {
          let f = s * e[i]
          let b = c * e[i]
          r = Double.hypot(f, g)
          e[i + 1] = r
          if r == 0 {
            d[i + 1] -= p
            e[m] = 0
            early = true
            break
          }
          s = f / r
          c = g / r
          g = d[i + 1] - p
          r = (d[i] - g) * s + 2 * c * b
          p = s * r
          d[i + 1] = g + p
          g = c * r - b
          let h = z[i + 1]
          z[i + 1] = s * z[i] + c * h
          z[i] = c * z[i] - s * h
          i -= 1
        }
        if early { continue }
        d[l] -= p
        e[l] = g
        e[m] = 0
      }
    }
    return true
  }
}
