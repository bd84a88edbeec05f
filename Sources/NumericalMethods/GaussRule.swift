internal import RealModule

/// Points and weights of the Gauss–Legendre rule on [−1, 1], exact for degree 2n − 1.
public struct GaussRule: Hashable, Sendable {
  /// The points, rising.
  public let points: [Double]
  /// The weights, which add up to 2.
  public let weights: [Double]

  /// The rule of n points (at least 1), from Newton's method on the Legendre polynomial.
  public init(_ count: Int) {
    let n = max(1, count)
    var points = [Double](repeating: 0, count: n)
    var weights = [Double](repeating: 0, count: n)
    for i in 0..<n {
      var x = -Double.cos(.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<20 {
        var value = 1.0
        var previous = 0.0
        for k in 1...n {
          let next = (Double(2 * k - 1) * x * value - Double(k - 1) * previous) / Double(k)
          (previous, value) = (value, next)
        }
        slope = Double(n) * (x * value - previous) / (x * x - 1)
        let step = value / slope
        x -= step
        if step.magnitude < 1e-16 { break }
      }
      points[i] = 2 * i + 1 == n ? 0 : x
      weights[i] = 2 / ((1 - x * x) * slope * slope)
    }
    self.points = points
    self.weights = weights
  }
}
