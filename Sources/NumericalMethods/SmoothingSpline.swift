internal import RealModule

/// A natural cubic smoothing spline: it minimises Σ(y − f)² + λ∫f″².
///
/// Reinsch's algorithm (Numer. Math. 10 (1967) 177); λ by generalised cross-validation with the trace
/// from the central bands of the inverse (Hutchinson and de Hoog, Numer. Math. 47 (1985) 99). O(n).
public struct SmoothingSpline: Hashable, Sendable {
  /// The knots, ascending and distinct.
  public let knots: [Double]
  /// The values at the knots.
  public let values: [Double]
  /// The second derivatives at the knots; 0 at both ends.
  public let curvatures: [Double]
  /// The weight λ of the roughness.
  public let lambda: Double
  /// The trace of the map from data to values: the parameters that the spline spends.
  public let degreesOfFreedom: Double

  /// The spline for data, with λ by cross-validation unless it is given.
  ///
  /// Returns nil for fewer than 4 points, or knots that do not ascend.
  public init?(_ x: [Double], _ y: [Double], lambda given: Double? = nil) {
    guard x.count >= 4, x.count == y.count, zip(x, x.dropFirst()).allSatisfy({ $0 < $1 }),
      (x + y).allSatisfy(\.isFinite)
    else { return nil }
    let system = Reinsch(x, y)
    if let given, given >= 0 {
      self.init(system, given)
      return
    }
    // λ runs from interpolation to a straight line; the scale is that of the cube of a step.
    let step = (x[x.count - 1] - x[0]) / Double(x.count - 1)
    func score(_ logarithm: Double) -> Double {
      system.crossValidation(step * step * step * Double.exp(logarithm))
    }
    let grid = stride(from: -12.0, through: 24, by: 1).map { ($0, score($0)) }
    guard let best = grid.min(by: { $0.1 < $1.1 }), best.1.isFinite else { return nil }
    var (low, high) = (best.0 - 1, best.0 + 1)
    let golden = (5.0.squareRoot() - 1) / 2
    var (a, b) = (high - golden * (high - low), low + golden * (high - low))
    var (fa, fb) = (score(a), score(b))
    for _ in 0..<30 {
      if fa < fb {
        (high, b, fb) = (b, a, fa)
        a = high - golden * (high - low)
        fa = score(a)
      } else {
        (low, a, fa) = (a, b, fb)
        b = low + golden * (high - low)
        fb = score(b)
      }
    }
    self.init(system, step * step * step * Double.exp((low + high) / 2))
  }

  private init(_ system: Reinsch, _ lambda: Double) {
    let solution = system.solve(lambda)
    knots = system.x
    values = solution.values
    curvatures = [0] + solution.gamma + [0]
    self.lambda = lambda
    degreesOfFreedom = Double(system.x.count) - solution.lostTrace
  }

  /// The value and the slope at a place; straight lines go on beyond the ends.
  public func callAsFunction(_ at: Double) -> (value: Double, slope: Double) {
    let n = knots.count
    var (low, high) = (0, n - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= at { low = middle } else { high = middle }
    }
    let h = knots[high] - knots[low]
    let chord = (values[high] - values[low]) / h
    let (c0, c1) = (curvatures[low], curvatures[high])
    func inside(_ x: Double) -> (value: Double, slope: Double) {
      let (p, q) = ((knots[high] - x) / h, (x - knots[low]) / h)
      let value =
        p * values[low] + q * values[high]
        + ((p * p * p - p) * c0 + (q * q * q - q) * c1) * h * h / 6
      return (value, chord + (-(3 * p * p - 1) * c0 + (3 * q * q - 1) * c1) * h / 6)
    }
    let nearest = min(max(at, knots[0]), knots[n - 1])
    let end = inside(nearest)
    return (end.value + (at - nearest) * end.slope, end.slope)
  }

  /// The values at ascending places, each less a distance: ``callAsFunction(_:)`` without its search.
  public func values(at places: [Double], less distance: Double) -> [Double] {
    let n = knots.count
    var low = 0
    return places.map { place in
      let at = place - distance
      guard at > knots[0], at < knots[n - 1] else { return self(at).value }
      if knots[low] > at { low = 0 }
      while low + 2 < n, knots[low + 1] <= at { low += 1 }
      let h = knots[low + 1] - knots[low]
      let (p, q) = ((knots[low + 1] - at) / h, (at - knots[low]) / h)
      return p * values[low] + q * values[low + 1]
        + ((p * p * p - p) * curvatures[low] + (q * q * q - q) * curvatures[low + 1]) * h * h / 6
    }
  }

  /// The banded system of one set of data.
  private struct Reinsch {
    let x: [Double]
    let y: [Double]
    /// Steps, and for each inner knot the three elements of its column of Q.
    let h: [Double]
    let q: [(Double, Double, Double)]
    let right: [Double]

    init(_ x: [Double], _ y: [Double]) {
      self.x = x
      self.y = y
      let h = zip(x.dropFirst(), x).map { $0 - $1 }
      self.h = h
      var q: [(Double, Double, Double)] = []
      var right: [Double] = []
      for i in 1..<(x.count - 1) {
        let (before, after) = (1 / h[i - 1], 1 / h[i])
        q.append((before, -before - after, after))
        right.append((y[i + 1] - y[i]) * after - (y[i] - y[i - 1]) * before)
      }
      self.q = q
      self.right = right
    }

    /// γ of (R + λQᵀQ)γ = Qᵀy, the values, and n − trace.
    func solve(_ lambda: Double) -> (values: [Double], gamma: [Double], lostTrace: Double) {
      let m = q.count
      // The matrix's diagonal and its two upper bands.
      var d0 = [Double](repeating: 0, count: m)
      var d1 = d0
      var d2 = d0
      for i in 0..<m {
        let a = q[i]
        d0[i] = (h[i] + h[i + 1]) / 3 + lambda * (a.0 * a.0 + a.1 * a.1 + a.2 * a.2)
        if i + 1 < m { d1[i] = h[i + 1] / 6 + lambda * (a.1 * q[i + 1].0 + a.2 * q[i + 1].1) }
        if i + 2 < m { d2[i] = lambda * a.2 * q[i + 2].0 }
      }
      // LDLᵀ with unit upper bands u1, u2.
      var d = d0
      var u1 = d1
      var u2 = d2
      for i in 0..<m {
        if i > 0 { d[i] -= d[i - 1] * u1[i - 1] * u1[i - 1] }
        if i > 1 { d[i] -= d[i - 2] * u2[i - 2] * u2[i - 2] }
        if i > 0 { u1[i] -= d[i - 1] * u1[i - 1] * u2[i - 1] }
        u1[i] /= d[i]
        u2[i] /= d[i]
      }
      var g = right
      for i in 0..<m {
        if i > 0 { g[i] -= u1[i - 1] * g[i - 1] }
        if i > 1 { g[i] -= u2[i - 2] * g[i - 2] }
      }
      for i in 0..<m { g[i] /= d[i] }
      for i in stride(from: m - 1, through: 0, by: -1) {
        if i + 1 < m { g[i] -= u1[i] * g[i + 1] }
        if i + 2 < m { g[i] -= u2[i] * g[i + 2] }
      }
      var values = y
      for i in 0..<m {
        values[i] -= lambda * q[i].0 * g[i]
        values[i + 1] -= lambda * q[i].1 * g[i]
        values[i + 2] -= lambda * q[i].2 * g[i]
      }
      // The central bands of the inverse, from the last row upwards.
      var b0 = [Double](repeating: 0, count: m + 2)
      var b1 = b0
      var b2 = b0
      for i in stride(from: m - 1, through: 0, by: -1) {
        let (p, r) = (i + 1 < m ? u1[i] : 0, i + 2 < m ? u2[i] : 0)
        b1[i] = -p * b0[i + 1] - r * b1[i + 1]
        b2[i] = -p * b1[i + 1] - r * b0[i + 2]
        b0[i] = 1 / d[i] - p * b1[i] - r * b2[i]
      }
      var trace = 0.0
      for i in 0..<m {
        let a = q[i]
        trace += (a.0 * a.0 + a.1 * a.1 + a.2 * a.2) * b0[i]
        if i + 1 < m { trace += 2 * (a.1 * q[i + 1].0 + a.2 * q[i + 1].1) * b1[i] }
        if i + 2 < m { trace += 2 * a.2 * q[i + 2].0 * b2[i] }
      }
      return (values, g, lambda * trace)
    }

    /// n·RSS/(n − trace)².
    func crossValidation(_ lambda: Double) -> Double {
      let solution = solve(lambda)
      let residual = zip(solution.values, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let lost = max(solution.lostTrace, 1e-9)
      return Double(y.count) * residual / (lost * lost)
    }
  }
}
