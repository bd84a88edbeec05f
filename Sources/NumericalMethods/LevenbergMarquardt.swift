/// The result of a non-linear least-squares fit.
public struct NonlinearFit: Hashable, Sendable {
  /// The parameters at the minimum found.
  public var parameters: [Double]
  /// (JᵀJ)⁻¹ of the weighted residuals; nil where the free parameters cannot be told apart.
  ///
  /// Rows and columns of parameters at a bound are 0.
  public var inverseNormal: DenseMatrix?
  /// The sum of squared residuals.
  public var sumOfSquares: Double
  /// The number of residuals less that of free parameters.
  public var degreesOfFreedom: Int
  /// Steps tried.
  public var iterations: Int
  /// Whether the last step or the last gain fell below the tolerances.
  public var converged: Bool
  /// Which parameters ended on a bound.
  public var atBound: [Bool]
  /// The residuals at the minimum.
  public var residuals: [Double]

  /// The sum of squares over the degrees of freedom; 0 without any.
  public var residualVariance: Double {
    degreesOfFreedom > 0 ? sumOfSquares / Double(degreesOfFreedom) : 0
  }
}

/// Settings of ``levenbergMarquardt(_:lower:upper:settings:evaluate:)``.
public struct LevenbergMarquardtSettings: Hashable, Sendable {
  /// The greatest number of trial steps.
  public var steps = 200
  /// The relative change of every parameter at which the fit has converged.
  public var stepTolerance = 1e-9
  /// The relative gain of the sum of squares below which two steps in a row end the fit.
  public var gainTolerance = 1e-14
  /// The size of each parameter below which changes do not matter, for the step tolerance.
  public var typical: [Double]?
  /// The first damping: small where the start is known to be near the minimum.
  public var damping = 1e-3

  /// The defaults.
  public init() {}
}

/// Minimises a sum of squares by the Levenberg–Marquardt method with simple bounds.
///
/// Marquardt's scaling of the normal equations (J. SIAM 11 (1963) 431) with the damping rule of
/// Nielsen (IMM-REP-1999-05). A parameter at a bound whose gradient points outward is held.
///
/// - Parameters:
///   - start: the first parameters; they are moved inside the bounds.
///   - lower: lower bounds; nil for none.
///   - upper: upper bounds; nil for none.
///   - settings: tolerances and the limit of steps.
///   - evaluate: fills the residuals (weights included) and, where asked, the Jacobian (one row a
///     residual); returns false where the model has no value for these parameters, which makes the
///     step shorter.
/// - Returns: nil where the model has no value at the start.
public func levenbergMarquardt(
  _ start: [Double], lower: [Double]? = nil, upper: [Double]? = nil,
  settings: LevenbergMarquardtSettings = LevenbergMarquardtSettings(),
  evaluate: (
    _ parameters: [Double], _ residuals: inout [Double], _ jacobian: inout DenseMatrix?
  ) -> Bool
) -> NonlinearFit? {
  let n = start.count
  let low = lower ?? [Double](repeating: -.infinity, count: n)
  let high = upper ?? [Double](repeating: .infinity, count: n)
  guard n > 0, low.count == n, high.count == n else { return nil }
  let typical = settings.typical ?? [Double](repeating: 0, count: n)
  func inside(_ p: [Double]) -> [Double] {
    var q = p
    for i in 0..<n { q[i] = min(max(q[i], low[i]), high[i]) }
    return q
  }
  var p = inside(start)
  var r: [Double] = []
  var jacobian: DenseMatrix? = DenseMatrix(rows: 0, columns: n)
  guard evaluate(p, &r, &jacobian), var j = jacobian, j.rows == r.count else { return nil }
  var cost = sumOfSquares(r)
  guard cost.isFinite else { return nil }
  var normal = normalEquations(j, r)
  var damping = settings.damping
  var growth = 2.0
  var converged = false
  var iterations = 0
  var smallGains = 0
  while iterations < settings.steps && !converged {
    iterations += 1
    let free = (0..<n).filter {
      !((p[$0] <= low[$0] && normal.gradient[$0] > 0)
        || (p[$0] >= high[$0] && normal.gradient[$0] < 0)) && normal.matrix[$0, $0] > 0
    }
    if free.isEmpty {
      converged = true
      break
    }
    var damped = DenseMatrix(rows: free.count, columns: free.count)
    var rhs = [Double](repeating: 0, count: free.count)
    for (a, i) in free.enumerated() {
      rhs[a] = -normal.gradient[i]
      for (b, k) in free.enumerated() { damped[a, b] = normal.matrix[i, k] }
      damped[a, a] *= 1 + damping
    }
    guard let step = CholeskyFactor(damped)?.solve(rhs) else {
      damping = max(damping, 1e-12) * growth
      growth *= 2
      if damping > 1e15 { break }
      continue
    }
    var trial = p
    for (a, i) in free.enumerated() { trial[i] += step[a] }
    trial = inside(trial)
    var smallStep = true
    for i in 0..<n where abs(trial[i] - p[i]) > settings.stepTolerance * max(abs(p[i]), typical[i])
    { smallStep = false }
    var trialResidual: [Double] = []
    var trialJacobian: DenseMatrix? = DenseMatrix(rows: 0, columns: n)
    var gain = -Double.infinity
    var trialCost = Double.infinity
    if evaluate(trial, &trialResidual, &trialJacobian) {
      trialCost = sumOfSquares(trialResidual)
      if trialCost.isFinite { gain = cost - trialCost }
    }
    if gain >= 0, let next = trialJacobian {
      var predicted = 0.0
      for (a, i) in free.enumerated() {
        predicted += step[a] * (damping * normal.matrix[i, i] * step[a] - normal.gradient[i])
      }
      let ratio = predicted > 0 ? gain / predicted : 1
      smallGains = gain <= settings.gainTolerance * cost ? smallGains + 1 : 0
      p = trial
      r = trialResidual
      cost = trialCost
      j = next
      normal = normalEquations(j, r)
      let t = 2 * ratio - 1
      damping = max(damping * max(1.0 / 3, 1 - t * t * t), 1e-15)
      growth = 2
      if smallStep || smallGains >= 2 || cost == 0 { converged = true }
    } else {
      if smallStep { converged = true }
      damping *= growth
      growth *= 2
      if damping > 1e15 { break }
    }
  }
  let atBound = (0..<n).map { p[$0] <= low[$0] || p[$0] >= high[$0] }
  let free = (0..<n).filter { !atBound[$0] }
  var reduced = DenseMatrix(rows: free.count, columns: free.count)
  for (a, i) in free.enumerated() {
    for (b, k) in free.enumerated() { reduced[a, b] = normal.matrix[i, k] }
  }
  var inverse: DenseMatrix?
  if let factor = CholeskyFactor(reduced) {
    let small = factor.inverse()
    var full = DenseMatrix(rows: n, columns: n)
    for (a, i) in free.enumerated() {
      for (b, k) in free.enumerated() { full[i, k] = small[a, b] }
    }
    inverse = full
  }
  return NonlinearFit(
    parameters: p, inverseNormal: inverse, sumOfSquares: cost,
    degreesOfFreedom: max(0, r.count - free.count), iterations: iterations, converged: converged,
    atBound: atBound, residuals: r)
}

private func sumOfSquares(_ r: [Double]) -> Double {
  var sum = 0.0
  for x in r { sum += x * x }
  return sum
}

/// JᵀJ and Jᵀr.
private func normalEquations(
  _ j: DenseMatrix, _ r: [Double]
) -> (matrix: DenseMatrix, gradient: [Double]) {
  let n = j.columns
  let values = j.values
  var gradient = [Double](repeating: 0, count: n)
  // The lower triangle, row by row.
  var sums = [Double](repeating: 0, count: n * (n + 1) / 2)
  var base = 0
  for residual in r {
    var at = 0
    for a in 0..<n {
      let ja = values[base + a]
      if ja != 0 {
        gradient[a] += ja * residual
        for b in 0...a { sums[at + b] += ja * values[base + b] }
      }
      at += a + 1
    }
    base += n
  }
  var matrix = DenseMatrix(rows: n, columns: n)
  var at = 0
  for a in 0..<n {
    for b in 0...a {
      matrix[a, b] = sums[at]
      matrix[b, a] = sums[at]
      at += 1
    }
  }
  return (matrix, gradient)
}

/// A Jacobian by central differences, for models without derivatives of their own.
///
/// - Parameters:
///   - parameters: where.
///   - typical: the size of each parameter where it is near 0.
///   - residuals: the residuals for given parameters; nil where the model has no value.
/// - Returns: nil where the model has no value at one of the neighbours.
public func centralDifferences(
  _ parameters: [Double], typical: [Double], residuals: ([Double]) -> [Double]?
) -> DenseMatrix? {
  let n = parameters.count
  guard typical.count == n else { return nil }
  var result: DenseMatrix?
  for k in 0..<n {
    let step = 6e-6 * max(abs(parameters[k]), abs(typical[k]), .leastNormalMagnitude)
    var up = parameters
    var down = parameters
    up[k] += step
    down[k] -= step
    guard let a = residuals(up), let b = residuals(down), a.count == b.count else { return nil }
    var m = result ?? DenseMatrix(rows: a.count, columns: n)
    guard m.rows == a.count else { return nil }
    for i in 0..<a.count { m[i, k] = (a[i] - b[i]) / (up[k] - down[k]) }
    result = m
  }
  return result
}
