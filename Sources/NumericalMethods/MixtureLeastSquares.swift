/// A linear least-squares problem whose coefficients may have to be non-negative and to add up to 1.
public struct MixtureFit: Hashable, Sendable {
  /// The coefficients.
  public var coefficients: [Double]
  /// Their covariance by RSS/(n − p), p counting what is free; rows of coefficients held at 0 are 0.
  public var covariance: DenseMatrix
  /// Which coefficients are held at 0.
  public var isHeld: [Bool]
  /// The sum of squared residuals.
  public var sumOfSquares: Double
  /// The number of free parameters.
  public var freeParameters: Int
}

/// Solves min |A x − b|² with Σx = 1 and x ≥ 0 as asked.
///
/// The active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23), with
/// the sum eliminated through one of the free coefficients.
///
/// - Returns: nil where sizes do not fit, there are too few data, or columns are dependent.
public func solveMixture(
  _ design: DenseMatrix, _ b: [Double], sumsToOne: Bool = false, nonNegative: Bool = false
) -> MixtureFit? {
  let n = design.columns
  guard n > 0, design.rows == b.count else { return nil }
  guard nonNegative else { return solveFree(design, b, Array(0..<n), sumsToOne) }
  // Multipliers below this share of the data's size are rounding.
  var scale = 0.0
  for j in 0..<n {
    var sum = 0.0
    for i in b.indices { sum += (design[i, j] * b[i]).magnitude }
    scale = max(scale, sum)
  }
  var x = [Double](repeating: 0, count: n)
  var free: [Int] = []
  if sumsToOne {
    let costs = (0..<n).map { j in
      b.indices.reduce(0.0) { $0 + (design[$1, j] - b[$1]) * (design[$1, j] - b[$1]) }
    }
    guard let first = costs.indices.min(by: { costs[$0] < costs[$1] }) else { return nil }
    x[first] = 1
    free = [first]
  }
  for _ in 0..<(10 * n + 10) {
    guard let fitted = design.times(x) else { return nil }
    let gain = (0..<n).map { j in
      b.indices.reduce(0.0) { $0 + design[$1, j] * (b[$1] - fitted[$1]) }
    }
    let level =
      sumsToOne && !free.isEmpty ? free.reduce(0.0) { $0 + gain[$1] } / Double(free.count) : 0
    let candidates = (0..<n).filter { !free.contains($0) && gain[$0] - level > 1e-12 * scale }
    guard let next = candidates.max(by: { gain[$0] < gain[$1] }) else { break }
    free.append(next)
    while true {
      guard let trial = solveFree(design, b, free, sumsToOne) else {
        // What depends on the others adds nothing.
        free.removeAll { $0 == next }
        break
      }
      let falling = free.filter { trial.coefficients[$0] <= 0 }
      if falling.isEmpty {
        x = trial.coefficients
        break
      }
      var share = 1.0
      for j in falling where x[j] > trial.coefficients[j] {
        share = min(share, x[j] / (x[j] - trial.coefficients[j]))
      }
      for j in free { x[j] += share * (trial.coefficients[j] - x[j]) }
      let before = free.count
      free.removeAll { x[$0] <= 1e-14 && trial.coefficients[$0] <= 0 }
      if free.count == before, let last = falling.last { free.removeAll { $0 == last } }
      for j in 0..<n where !free.contains(j) { x[j] = 0 }
      if free.isEmpty { break }
    }
  }
  free.sort()
  guard !free.isEmpty else {
    return MixtureFit(
      coefficients: x, covariance: DenseMatrix(rows: n, columns: n),
      isHeld: [Bool](repeating: true, count: n),
      sumOfSquares: b.reduce(0) { $0 + $1 * $1 }, freeParameters: 0)
  }
  return solveFree(design, b, free, sumsToOne)
}

/// The solution with the given columns, the others held at 0.
private func solveFree(
  _ design: DenseMatrix, _ b: [Double], _ free: [Int], _ sumsToOne: Bool
) -> MixtureFit? {
  let n = design.columns
  guard let last = free.last else { return nil }
  let own = sumsToOne ? Array(free.dropLast()) : free
  var x = [Double](repeating: 0, count: n)
  var covariance = DenseMatrix(rows: n, columns: n)
  var sum = 0.0
  if own.isEmpty {
    x[last] = 1
    sum = b.indices.reduce(0.0) { $0 + (design[$1, last] - b[$1]) * (design[$1, last] - b[$1]) }
  } else {
    var reduced = DenseMatrix(rows: b.count, columns: own.count)
    var data = b
    for i in b.indices {
      let base = sumsToOne ? design[i, last] : 0
      for (k, j) in own.enumerated() { reduced[i, k] = design[i, j] - base }
      data[i] -= base
    }
    guard let fit = solveLeastSquares(reduced, data) else { return nil }
    sum = fit.sumOfSquares
    for (k, j) in own.enumerated() {
      x[j] = fit.coefficients[k]
      for (l, m) in own.enumerated() {
        covariance[j, m] = fit.inverseNormal[k, l] * fit.residualVariance
      }
    }
    if sumsToOne {
      x[last] = 1 - own.reduce(0.0) { $0 + x[$1] }
      var total = 0.0
      for j in own {
        let row = own.reduce(0.0) { $0 + covariance[j, $1] }
        covariance[j, last] = -row
        covariance[last, j] = -row
        total += row
      }
      covariance[last, last] = total
    }
  }
  return MixtureFit(
    coefficients: x, covariance: covariance, isHeld: (0..<n).map { !free.contains($0) },
    sumOfSquares: sum, freeParameters: own.count)
}
