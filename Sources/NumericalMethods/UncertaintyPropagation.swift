/// Input quantities with a joint normal distribution, and what follows for numbers computed from them.
///
/// Inputs that several numbers share (a lever constant, an electrode area) stand here once, so that the
/// numbers stay correlated through them.
public struct JointInputs: Sendable {
  /// The estimates.
  public let values: [Double]
  /// Their covariances.
  public let covariance: DenseMatrix
  /// A triangular root of the covariances: C = LLᵀ.
  private let root: DenseMatrix

  /// Inputs with their covariances; nil where these are no covariance matrix of as many numbers.
  public init?(_ values: [Double], covariance: DenseMatrix) {
    let n = values.count
    guard covariance.rows == n, covariance.columns == n, n > 0 else { return nil }
    var root = DenseMatrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        let scale = (abs(covariance[i, i]) * abs(covariance[j, j])).squareRoot()
        guard covariance[i, j].isFinite, abs(covariance[i, j] - covariance[j, i]) <= 1e-9 * scale
        else { return nil }
        var sum = covariance[i, j]
        for k in 0..<j { sum -= root[i, k] * root[j, k] }
        if i == j {
          // An exact input, or one that follows from those before it, has no part of its own.
          guard sum >= -1e-10 * covariance[i, i], covariance[i, i] >= 0 else { return nil }
          root[i, i] = sum > 1e-14 * covariance[i, i] ? sum.squareRoot() : 0
        } else {
          root[i, j] = root[j, j] > 0 ? sum / root[j, j] : 0
        }
      }
    }
    self.values = values
    self.covariance = covariance
    self.root = root
  }

  /// Independent inputs with their standard uncertainties.
  public init?(_ values: [Double], u: [Double]) {
    guard u.count == values.count else { return nil }
    var covariance = DenseMatrix(rows: u.count, columns: u.count)
    for (i, u) in u.enumerated() { covariance[i, i] = u * u }
    self.init(values, covariance: covariance)
  }

  /// The covariances of numbers computed from the inputs, to first order (JCGM 102 §6.2: JCJᵀ).
  ///
  /// Slopes are taken from steps of a tenth of each standard uncertainty to both sides.
  ///
  /// - Returns: the numbers at the estimates and their covariances; nil where one is not finite.
  public func linear(
    _ function: ([Double]) -> [Double]
  ) -> (values: [Double], covariance: DenseMatrix)? {
    let centre = function(values)
    guard centre.allSatisfy(\.isFinite) else { return nil }
    let (n, m) = (values.count, centre.count)
    // J·L directly: a step along a column of L is one of independent unit normals.
    var slopes = DenseMatrix(rows: m, columns: n)
    for k in 0..<n {
      let step = 0.1
      var (up, down) = (values, values)
      for i in 0..<n {
        up[i] += step * root[i, k]
        down[i] -= step * root[i, k]
      }
      if up == values { continue }
      let (above, below) = (function(up), function(down))
      guard above.count == m, below.count == m else { return nil }
      for j in 0..<m {
        slopes[j, k] = (above[j] - below[j]) / (2 * step)
        guard slopes[j, k].isFinite else { return nil }
      }
    }
    var result = DenseMatrix(rows: m, columns: m)
    for i in 0..<m {
      for j in 0..<m {
        var sum = 0.0
        for k in 0..<n { sum += slopes[i, k] * slopes[j, k] }
        result[i, j] = sum
      }
    }
    return (centre, result)
  }

  /// The distribution of a number computed from the inputs, by draws (JCGM 101 §7).
  ///
  /// For maxima, thresholds and whatever else is not smooth. The draws depend on seed and stream alone.
  ///
  /// - Returns: nil where fewer than 95 % of the draws give a number.
  public func monteCarlo(
    draws: Int = 10_000, seed: UInt64 = 1, stream: UInt64 = 0, _ function: ([Double]) -> Double
  ) -> DrawnDistribution? {
    guard draws >= 100 else { return nil }
    var random = CounterRandom(seed: seed, stream: stream)
    var results: [Double] = []
    results.reserveCapacity(min(draws, 1_000_000))
    let n = values.count
    for _ in 0..<draws {
      let normals = (0..<n).map { _ in random.normal() }
      var point = values
      for i in 0..<n {
        for k in 0...i { point[i] += root[i, k] * normals[k] }
      }
      let value = function(point)
      if value.isFinite { results.append(value) }
    }
    return DrawnDistribution(results, draws: draws)
  }
}

/// What draws of a number say about it.
public struct DrawnDistribution: Sendable {
  /// The mean and the standard deviation of the draws.
  public let mean: Double, u: Double
  /// The interval between the 2.5 % and the 97.5 % quantile.
  public let interval: ClosedRange<Double>
  /// Draws that gave no number.
  public let failed: Int

  init?(_ results: [Double], draws: Int) {
    guard results.count * 100 >= draws * 95 else { return nil }
    let count = Double(results.count)
    let mean = results.reduce(0) { $0 + $1 / count }
    let squares = results.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let sorted = results.sorted()
    func quantile(_ p: Double) -> Double {
      let place = p * (count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
    self.mean = mean
    u = (squares / (count - 1)).squareRoot()
    interval = quantile(0.025)...quantile(0.975)
    failed = draws - results.count
  }
}

/// The mean of a number over specimens whose uncertainties have a part of their own and shared parts.
public struct SpecimenMean: Sendable {
  /// The mean, and the number of specimens.
  public let mean: Double, n: Int
  /// The standard deviation over the specimens and the standard error of the mean; nil for one specimen.
  public let standardDeviation: Double?, standardError: Double?
  /// What shared inputs add to the mean: parts of one input have one sign for all specimens, so that
  /// they do not average out.
  public let sharedU: Double

  /// The mean of values.
  ///
  /// - Parameters:
  ///   - values: the value of each specimen.
  ///   - shared: for each shared input, what one standard uncertainty of it changes in each value.
  public init?(_ values: [Double], shared: [[Double]] = []) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite),
      shared.allSatisfy({ $0.count == values.count })
    else { return nil }
    let count = Double(values.count)
    n = values.count
    let mean = values.reduce(0) { $0 + $1 / count }
    self.mean = mean
    if values.count > 1 {
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / (count - 1)).squareRoot()
      standardDeviation = deviation
      standardError = deviation / count.squareRoot()
    } else {
      (standardDeviation, standardError) = (nil, nil)
    }
    var sum = 0.0
    for changes in shared {
      let part = changes.reduce(0) { $0 + $1 / count }
      sum += part * part
    }
    sharedU = sum.squareRoot()
  }

  /// The standard uncertainty of the mean: specimens and shared inputs together.
  public var u: Double {
    let own = standardError ?? 0
    return (own * own + sharedU * sharedU).squareRoot()
  }
}
