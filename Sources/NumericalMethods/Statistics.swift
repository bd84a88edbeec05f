/// The arithmetic mean; nil for no values.
public func mean(_ x: [Double]) -> Double? {
  x.isEmpty ? nil : x.reduce(0, +) / Double(x.count)
}

/// The sample standard deviation (n − 1); nil below two values.
public func standardDeviation(_ x: [Double]) -> Double? {
  guard x.count > 1, let m = mean(x) else { return nil }
  return (x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(x.count - 1)).squareRoot()
}

/// The median; the mean of the two middle values for an even count; nil for no values.
public func median(_ x: [Double]) -> Double? {
  guard x.count > 32, x.allSatisfy({ $0 == $0 }) else {
    guard !x.isEmpty else { return nil }
    let s = x.sorted()
    let h = s.count / 2
    return s.count % 2 == 1 ? s[h] : (s[h - 1] + s[h]) / 2
  }
  var rest = x
  let h = rest.count / 2
  let upper = select(h, of: &rest)
  guard rest.count % 2 == 0 else { return upper }
  // What stands before it is no greater.
  var lower = rest[0]
  for i in 1..<h where rest[i] > lower { lower = rest[i] }
  return (lower + upper) / 2
}

/// Brings the value of a rank to its place, with no greater ones before it (Hoare's FIND).
private func select(_ rank: Int, of x: inout [Double]) -> Double {
  var (low, high) = (0, x.count - 1)
  // A run of bad luck ends in sorting, so that the time stays bounded.
  var patience = 4 * (Int.bitWidth - x.count.leadingZeroBitCount)
  while low < high {
    patience -= 1
    if patience < 0 {
      x.sort()
      return x[rank]
    }
    let (a, b, c) = (x[low], x[low + (high - low) / 2], x[high])
    let pivot = max(min(a, b), min(max(a, b), c))
    var (i, j) = (low, high)
    while i <= j {
      while x[i] < pivot { i += 1 }
      while pivot < x[j] { j -= 1 }
      if i <= j {
        x.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j { high = j } else if rank >= i { low = i } else { break }
  }
  return x[rank]
}

/// The root of the mean square; nil for no values.
public func rootMeanSquare(_ x: [Double]) -> Double? {
  x.isEmpty ? nil : (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
}

/// A mean with weights 1/u², its standard uncertainty and χ² per degree of freedom.
public struct WeightedMean: Hashable, Sendable {
  /// The mean.
  public var mean: Double
  /// 1/√Σw: the standard uncertainty that the weights imply.
  public var u: Double
  /// χ² over n − 1; nil for one value.
  public var reducedChiSquared: Double?
}

/// The mean weighed by 1/u²; nil where there is no value or an uncertainty is not above 0.
public func weightedMean(_ x: [Double], u: [Double]) -> WeightedMean? {
  guard !x.isEmpty, x.count == u.count, u.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  var sw = 0.0
  var swx = 0.0
  for i in x.indices {
    let w = 1 / (u[i] * u[i])
    sw += w
    swx += w * x[i]
  }
  let m = swx / sw
  var chi = 0.0
  for i in x.indices { chi += (x[i] - m) * (x[i] - m) / (u[i] * u[i]) }
  return WeightedMean(
    mean: m, u: 1 / sw.squareRoot(),
    reducedChiSquared: x.count > 1 ? chi / Double(x.count - 1) : nil)
}

/// The integrated autocorrelation time of residuals, in samples: 1 for white noise.
///
/// τ = 1 + 2 Σ ρ(k), summed until ρ(k) first falls below its own noise 2/√n (at most n/10 lags). The
/// variance of a mean, and of fitted parameters that vary slowly along the series, is τ times that of
/// white noise. Beyond 32 lags the sum goes over means of 16 values: ρ is smooth there, and a long
/// series costs little.
public func autocorrelationTime(_ residuals: [Double]) -> Double {
  let n = residuals.count
  guard n > 20 else { return 1 }
  var variance = 0.0
  for r in residuals { variance += r * r }
  guard variance > 0, variance.isFinite else { return 1 }
  let floor = 2 / Double(n).squareRoot()
  var tau = 1.0
  let close = 32
  let block = 16
  for lag in 1...min(close, n / 10) {
    var sum = 0.0
    for i in lag..<n { sum += residuals[i] * residuals[i - lag] }
    let rho = sum / variance
    if rho < floor { return tau }
    tau += 2 * rho
  }
  guard n / 10 > close + block else { return tau }
  let means = stride(from: 0, to: n - n % block, by: block).map { first in
    residuals[first..<(first + block)].reduce(0, +) / Double(block)
  }
  // Lag m of the means covers the lags around 16 m; 2 covers 24…40, of which 33…40 are new.
  for lag in 2...max(2, n / 10 / block) where lag < means.count {
    var sum = 0.0
    for i in lag..<means.count { sum += means[i] * means[i - lag] }
    let rho = sum * Double(block) / variance
    if rho < floor { break }
    tau += 2 * rho * (lag == 2 ? 8 : Double(block))
  }
  return tau
}
