internal import NumericalMethods
internal import RealModule

/// A small maximum-likelihood fit to counts.
struct PoissonMinimum {
  /// Parameters at the minimum.
  var values: [Double]
  /// Their covariance; nil where they cannot be told apart.
  var covariance: DenseMatrix?
  /// Twice the log-likelihood below that of a perfect model.
  var deviance: Double

  /// Fisher scoring with Marquardt's damping, derivatives by forward differences of given steps.
  init(
    start: [Double], lower: [Double], upper: [Double], steps: [Double], counts: [Double],
    iterations: Int = 40, model: ([Double]) -> [Double]
  ) {
    let n = start.count
    func limited(_ p: [Double]) -> [Double] {
      p.indices.map { min(max(p[$0], lower[$0]), upper[$0]) }
    }
    func expected(_ p: [Double]) -> [Double] { model(p).map { max($0, 1e-3) } }
    func cost(_ mu: [Double]) -> Double {
      var sum = 0.0
      for i in counts.indices {
        sum += mu[i] - counts[i]
        if counts[i] > 0 { sum += counts[i] * Double.log(counts[i] / mu[i]) }
      }
      return 2 * sum
    }
    var p = limited(start)
    var mu = expected(p)
    var best = cost(mu)
    var damping = 1e-2
    var information = DenseMatrix(rows: n, columns: n)
    for _ in 0..<iterations {
      let rows = (0..<n).map { k -> [Double] in
        var shifted = p
        shifted[k] += p[k] + steps[k] > upper[k] ? -steps[k] : steps[k]
        let other = expected(shifted)
        let inverse = 1 / (shifted[k] - p[k])
        return counts.indices.map { (other[$0] - mu[$0]) * inverse }
      }
      var gradient = [Double](repeating: 0, count: n)
      for a in 0..<n {
        for i in counts.indices { gradient[a] += rows[a][i] * (counts[i] - mu[i]) / mu[i] }
        for b in 0...a {
          var sum = 0.0
          for i in counts.indices { sum += rows[a][i] * rows[b][i] / mu[i] }
          information[a, b] = sum
          information[b, a] = sum
        }
      }
      var moved = false
      var small = false
      for _ in 0..<8 {
        var damped = information
        for k in 0..<n { damped[k, k] += damping * max(information[k, k], 1e-12) + 1e-12 }
        guard let step = CholeskyFactor(damped)?.solve(gradient) else {
          damping *= 8
          continue
        }
        let next = limited(zip(p, step).map { $0 + $1 })
        let tried = expected(next)
        let reached = cost(tried)
        if reached < best {
          small = best - reached < 1e-4
          p = next
          mu = tried
          best = reached
          damping = max(damping / 8, 1e-9)
          moved = true
          break
        }
        damping *= 8
      }
      if !moved || small { break }
    }
    values = p
    deviance = best
    // Parameters that stand on a bound, or change nothing, are taken as known.
    let inner = (0..<n).filter {
      p[$0] > lower[$0] && p[$0] < upper[$0] && information[$0, $0] > 0
    }
    var part = DenseMatrix(rows: inner.count, columns: inner.count)
    for (a, i) in inner.enumerated() {
      for (b, j) in inner.enumerated() { part[a, b] = information[i, j] }
    }
    covariance = nil
    if !inner.isEmpty, let inverse = CholeskyFactor(part)?.inverse() {
      var whole = DenseMatrix(rows: n, columns: n)
      for (a, i) in inner.enumerated() {
        for (b, j) in inner.enumerated() { whole[i, j] = inverse[a, b] }
      }
      covariance = whole
    }
  }
}
