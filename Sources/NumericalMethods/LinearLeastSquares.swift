/// The result of a linear least-squares fit.
public struct LinearFit: Hashable, Sendable {
  /// The coefficients.
  public var coefficients: [Double]
  /// The inverse of the weighted normal matrix: the covariance for weights 1/u², and to be multiplied
  /// by ``residualVariance`` for weights known only up to a factor.
  public var inverseNormal: DenseMatrix
  /// The weighted sum of squared residuals.
  public var sumOfSquares: Double
  /// The number of data less the number of coefficients.
  public var degreesOfFreedom: Int

  /// The sum of squares over the degrees of freedom; 0 without any.
  public var residualVariance: Double {
    degreesOfFreedom > 0 ? sumOfSquares / Double(degreesOfFreedom) : 0
  }

  /// The standard uncertainty of a coefficient, scaled by the residual.
  public func standardUncertainty(_ i: Int) -> Double {
    guard coefficients.indices.contains(i) else { return .nan }
    return (max(0, inverseNormal[i, i]) * residualVariance).squareRoot()
  }
}

/// Solves a weighted linear least-squares problem by Householder QR with scaled columns.
///
/// - Parameters:
///   - design: one row a datum, one column a coefficient.
///   - y: the data.
///   - weights: 1/u² of each datum; nil weighs all alike.
/// - Returns: nil where sizes do not fit, there are fewer data than coefficients, or the columns are
///   dependent in double precision.
public func solveLeastSquares(
  _ design: DenseMatrix, _ y: [Double], weights: [Double]? = nil
) -> LinearFit? {
  let m = design.rows
  let n = design.columns
  guard m >= n, n > 0, y.count == m, weights == nil || weights?.count == m else { return nil }
  var a = design.values
  var b = y
  if let weights {
    for i in 0..<m {
      let w = max(0, weights[i]).squareRoot()
      b[i] *= w
      for j in 0..<n { a[i * n + j] *= w }
    }
  }
  var scale = [Double](repeating: 1, count: n)
  for j in 0..<n {
    var norm = 0.0
    for i in 0..<m { norm += a[i * n + j] * a[i * n + j] }
    norm = norm.squareRoot()
    guard norm > 0, norm.isFinite else { return nil }
    scale[j] = 1 / norm
    for i in 0..<m { a[i * n + j] *= scale[j] }
  }
  var diagonal = [Double](repeating: 0, count: n)
  for j in 0..<n {
    var norm = 0.0
    for i in j..<m { norm += a[i * n + j] * a[i * n + j] }
    norm = norm.squareRoot()
    guard norm > 1e-14 else { return nil }
    let alpha = a[j * n + j] > 0 ? -norm : norm
    let v0 = a[j * n + j] - alpha
    diagonal[j] = alpha
    a[j * n + j] = v0
    let vv = -alpha * v0  // half of vᵀv
    for k in (j + 1)..<max(n, j + 1) {
      var dot = 0.0
      for i in j..<m { dot += a[i * n + j] * a[i * n + k] }
      dot /= vv
      for i in j..<m { a[i * n + k] -= dot * a[i * n + j] }
    }
    var dot = 0.0
    for i in j..<m { dot += a[i * n + j] * b[i] }
    dot /= vv
    for i in j..<m { b[i] -= dot * a[i * n + j] }
  }
  // Back substitution for the coefficients and for the inverse of R.
  func upper(_ i: Int, _ j: Int) -> Double { i == j ? diagonal[i] : a[i * n + j] }
  var x = [Double](repeating: 0, count: n)
  for i in stride(from: n - 1, through: 0, by: -1) {
    var sum = b[i]
    for k in (i + 1)..<max(n, i + 1) { sum -= upper(i, k) * x[k] }
    x[i] = sum / diagonal[i]
  }
  var inverse = DenseMatrix(rows: n, columns: n)
  for j in 0..<n {
    for i in stride(from: j, through: 0, by: -1) {
      var sum = i == j ? 1.0 : 0.0
      for k in (i + 1)..<max(j + 1, i + 1) { sum -= upper(i, k) * inverse[k, j] }
      inverse[i, j] = sum / diagonal[i]
    }
  }
  var normal = DenseMatrix(rows: n, columns: n)
  for i in 0..<n {
    for j in 0..<n {
      var sum = 0.0
      for k in max(i, j)..<n { sum += inverse[i, k] * inverse[j, k] }
      normal[i, j] = sum * scale[i] * scale[j]
    }
  }
  var sumOfSquares = 0.0
  for i in n..<max(m, n) { sumOfSquares += b[i] * b[i] }
  for j in 0..<n { x[j] *= scale[j] }
  guard x.allSatisfy(\.isFinite) else { return nil }
  return LinearFit(
    coefficients: x, inverseNormal: normal, sumOfSquares: sumOfSquares, degreesOfFreedom: m - n)
}

/// A straight line y = intercept + slope (x − centre) with its uncertainties.
public struct LineFit: Hashable, Sendable {
  /// The abscissa at which `intercept` stands: the mean of x, where both parameters are uncorrelated.
  public var centre: Double
  /// The ordinate at `centre`, and its standard uncertainty.
  public var intercept: Double, interceptU: Double
  /// The slope, and its standard uncertainty.
  public var slope: Double, slopeU: Double
  /// The standard deviation of the residual (n − 2 degrees of freedom).
  public var residual: Double
  /// The number of points.
  public var count: Int

  /// A line from its parts.
  public init(
    centre: Double, intercept: Double, interceptU: Double, slope: Double, slopeU: Double,
    residual: Double, count: Int
  ) {
    self.centre = centre
    self.intercept = intercept
    self.interceptU = interceptU
    self.slope = slope
    self.slopeU = slopeU
    self.residual = residual
    self.count = count
  }

  /// The ordinate of the line.
  public func value(at x: Double) -> Double { intercept + slope * (x - centre) }

  /// The standard uncertainty of the line's ordinate.
  public func uncertainty(at x: Double) -> Double {
    let d = (x - centre) * slopeU
    return (interceptU * interceptU + d * d).squareRoot()
  }
}

/// Fits a straight line to rows `range` of two series, all weighed alike; nil below 3 rows or without
/// spread in x.
public func fitLine(_ x: [Double], _ y: [Double], in range: Range<Int>? = nil) -> LineFit? {
  let range = (range ?? x.indices).clamped(to: 0..<min(x.count, y.count))
  let n = range.count
  guard n >= 3 else { return nil }
  var mx = 0.0
  var my = 0.0
  for i in range {
    mx += x[i]
    my += y[i]
  }
  mx /= Double(n)
  my /= Double(n)
  var scale = 0.0
  var sxx = 0.0
  var sxy = 0.0
  for i in range {
    let dx = x[i] - mx
    scale = max(scale, abs(x[i]))
    sxx += dx * dx
    sxy += dx * (y[i] - my)
  }
  // A spread within the rounding of x is none.
  let rounding = 4 * scale.ulp
  guard sxx > Double(n) * rounding * rounding, sxx.isFinite, sxy.isFinite else { return nil }
  let slope = sxy / sxx
  var ss = 0.0
  for i in range {
    let r = y[i] - my - slope * (x[i] - mx)
    ss += r * r
  }
  let residual = (ss / Double(n - 2)).squareRoot()
  return LineFit(
    centre: mx, intercept: my, interceptU: residual / Double(n).squareRoot(), slope: slope,
    slopeU: residual / sxx.squareRoot(), residual: residual, count: n)
}
