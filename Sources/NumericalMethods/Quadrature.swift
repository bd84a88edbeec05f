/// The integral of y over x by the trapezoid rule, rows `range`.
public func trapezoid(_ x: [Double], _ y: [Double], in range: Range<Int>? = nil) -> Double {
  let range = (range ?? x.indices).clamped(to: 0..<min(x.count, y.count))
  guard range.count > 1 else { return 0 }
  var sum = 0.0
  for i in (range.lowerBound + 1)..<range.upperBound {
    sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2
  }
  return sum
}

/// Weights of the composite Simpson rule on unequal steps.
///
/// Exact for cubics on equal steps and for parabolas on any. With an odd number of steps the last one
/// is integrated under the last parabola.
public func simpsonWeights(_ x: [Double]) -> [Double] {
  var w = [Double](repeating: 0, count: x.count)
  guard x.count >= 3 else {
    if x.count == 2 {
      w[0] = (x[1] - x[0]) / 2
      w[1] = w[0]
    }
    return w
  }
  var i = 0
  while i + 2 < x.count {
    let h = x[i + 1] - x[i]
    let k = x[i + 2] - x[i + 1]
    guard h != 0, k != 0 else { return w }
    let s = (h + k) / 6
    w[i] += s * (2 - k / h)
    w[i + 1] += s * (h + k) * (h + k) / (h * k)
    w[i + 2] += s * (2 - h / k)
    i += 2
  }
  if i + 1 < x.count {
    let h = x[i] - x[i - 1]
    let k = x[i + 1] - x[i]
    guard h != 0, k != 0 else { return w }
    w[i + 1] += (2 * k * k + 3 * h * k) / (6 * (h + k))
    w[i] += (k * k + 3 * h * k) / (6 * h)
    w[i - 1] -= k * k * k / (6 * h * (h + k))
  }
  return w
}

/// The value and slope of the cubic through two points with given slopes (Hermite).
@inlinable
public func cubicHermite(
  _ x: Double, x0: Double, x1: Double, y0: Double, y1: Double, slope0: Double, slope1: Double
) -> (value: Double, slope: Double) {
  let h = x1 - x0
  guard h != 0 else { return (y0, slope0) }
  let t = (x - x0) / h
  let d = (y1 - y0) / h
  let a = slope0 + slope1 - 2 * d
  let b = 3 * d - 2 * slope0 - slope1
  let value = y0 + h * t * (slope0 + t * (b + t * a))
  return (value, slope0 + t * (2 * b + 3 * t * a))
}
