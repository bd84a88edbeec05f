internal import CKernels
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
    var system = Reinsch(x, y)
    if let given, given >= 0 {
      self.init(&system, given)
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
    self.init(&system, step * step * step * Double.exp((low + high) / 2))
  }

  private init(_ system: inout Reinsch, _ lambda: Double) {
    let lostTrace = system.solve(lambda)
    knots = system.x
    values = system.values
    curvatures = [0] + system.gamma + [0]
    self.lambda = lambda
    degreesOfFreedom = Double(system.x.count) - lostTrace
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

  /// The values and slopes at ascending places, each less a distance.
  ///
  /// ``callAsFunction(_:)`` without its search.
  public func curve(
    at places: [Double], less distance: Double, values f: inout [Double], slopes: inout [Double]
  ) {
    let n = knots.count
    f.removeAll(keepingCapacity: true)
    slopes.removeAll(keepingCapacity: true)
    var low = 0
    for place in places {
      let at = place - distance
      guard at > knots[0], at < knots[n - 1] else {
        let end = self(at)
        f.append(end.value)
        slopes.append(end.slope)
        continue
      }
      if knots[low] > at { low = 0 }
      while low + 2 < n, knots[low + 1] <= at { low += 1 }
      let h = knots[low + 1] - knots[low]
      let inverse = 1 / h
      let (p, q) = ((knots[low + 1] - at) * inverse, (at - knots[low]) * inverse)
      let (a, b) = (values[low], values[low + 1])
      let (c0, c1) = (curvatures[low] * h / 6, curvatures[low + 1] * h / 6)
      let (pp, qq) = (p * p, q * q)
      f.append(p * a + q * b + ((pp - 1) * p * c0 + (qq - 1) * q * c1) * h)
      slopes.append((b - a) * inverse - (3 * pp - 1) * c0 + (3 * qq - 1) * c1)
    }
  }

  /// The banded system of one set of data.
  private struct Reinsch {
    let x: [Double]
    let y: [Double]
    /// Steps, and for each inner knot the three elements of its column of Q.
    private let h: [Double]
    private let before: [Double]
    private let at: [Double]
    private let after: [Double]
    private let right: [Double]
    private var work: [Double]
    private(set) var gamma: [Double]
    private(set) var values: [Double]

    init(_ x: [Double], _ y: [Double]) {
      self.x = x
      self.y = y
      let m = x.count - 2
      let h = zip(x.dropFirst(), x).map { $0 - $1 }
      self.h = h
      before = (0..<m).map { 1 / h[$0] }
      after = (0..<m).map { 1 / h[$0 + 1] }
      at = zip(before, after).map { -$0 - $1 }
      var right: [Double] = []
      right.reserveCapacity(m)
      for i in 0..<m {
        right.append((y[i + 2] - y[i + 1]) * after[i] - (y[i + 1] - y[i]) * before[i])
      }
      self.right = right
      work = [Double](repeating: 0, count: 6 * m + 6)
      gamma = [Double](repeating: 0, count: m)
      values = y
    }

    /// γ of (R + λQᵀQ)γ = Qᵀy and the values; gives n − trace.
    mutating func solve(_ lambda: Double) -> Double {
      ck_spline_solve(
        before.count, h, before, at, after, right, y, lambda, &work, &gamma, &values)
    }

    /// n·RSS/(n − trace)².
    mutating func crossValidation(_ lambda: Double) -> Double {
      let lost = max(solve(lambda), 1e-9)
      var residual = 0.0
      for i in y.indices { residual += (values[i] - y[i]) * (values[i] - y[i]) }
      return Double(y.count) * residual / (lost * lost)
    }
  }
}
