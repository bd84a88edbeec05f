internal import RealModule

/// The value of the standard normal distribution that a share `p` of the draws stays below.
///
/// A rational start (M. Abramowitz and I. A. Stegun, 26.2.23) and steps of Halley's method on the
/// complementary error function, to the last digits in both tails. Infinite at 0 and 1.
public func normalQuantile(_ p: Double) -> Double {
  guard p > 0 else { return p == 0 ? -.infinity : .nan }
  guard p < 1 else { return p == 1 ? .infinity : .nan }
  // The lower tail keeps its digits; the upper one mirrors it.
  if p > 0.5 { return -normalQuantile(1 - p) }
  let t = (-2 * Double.log(p)).squareRoot()
  var x =
    (2.515517 + t * (0.802853 + t * 0.010328))
    / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for _ in 0..<3 {
    let error = 0.5 * Double.erfc(-x * 0.5.squareRoot()) - p
    let density = Double.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
    guard density > 0 else { break }
    let step = error / density
    x -= step / (1 + 0.5 * x * step)
  }
  return x
}

/// The value that a share `p` of the values stays below, by linear interpolation; nil for no values.
///
/// Definition 7 of R. J. Hyndman and Y. Fan, The American Statistician 50 (1996) 361.
public func quantile(_ x: [Double], _ p: Double) -> Double? {
  guard !x.isEmpty else { return nil }
  let sorted = x.sorted()
  let position = min(max(p, 0), 1) * Double(sorted.count - 1)
  let low = min(Int(position), sorted.count - 1)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}
