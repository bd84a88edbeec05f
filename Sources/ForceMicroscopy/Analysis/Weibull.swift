internal import NumericalMethods
internal import RealModule

/// A Weibull distribution fitted by maximum likelihood: P = 1 − exp[−(x/scale)^shape].
struct WeibullFit: Hashable, Sendable {
  /// The number of values.
  var n: Int
  /// The shape (modulus) m, without bias correction, and its 95 % profile-likelihood interval.
  var shape: Double, shapeLower: Double?, shapeUpper: Double?
  /// The scale x₀, and its standard uncertainty from the observed information.
  var scale: Double, scaleU: Double

  /// The fit; nil below four values, for values not above 0, or for values all alike.
  init?(_ x: [Double]) {
    guard x.count >= 4, let greatest = x.max(), x.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    let n = Double(x.count)
    let logs = x.map { Double.log($0 / greatest) }
    let meanLog = logs.reduce(0, +) / n
    guard let least = logs.min(), least < 0 else { return nil }
    func sums(_ m: Double) -> (s0: Double, s1: Double) {
      logs.reduce((0, 0)) { s, l in
        let w = Double.exp(m * l)
        return (s.0 + w, s.1 + w * l)
      }
    }
    // 1/m = Σxᵐ ln x/Σxᵐ − mean ln x.
    func score(_ m: Double) -> Double {
      let (s0, s1) = sums(m)
      return 1 / m - s1 / s0 + meanLog
    }
    guard let m = findRoot(in: 1e-3...1e5, score) else { return nil }
    func profile(_ m: Double) -> Double {
      // ln L at the best scale, less constants: n ln m − n ln mean(xᵐ) + (m − 1)Σ ln x.
      n * Double.log(m) - n * Double.log(sums(m).s0 / n) + (m - 1) * n * meanLog
    }
    // χ² of one degree of freedom, 95 %.
    let target = profile(m) - 3.841_458_820_694_124 / 2
    self.n = x.count
    shape = m
    shapeLower = findRoot(in: (m * 1e-3)...m) { profile($0) - target }
    shapeUpper = findRoot(in: m...(m * 50)) { profile($0) - target }
    scale = greatest * Double.exp(Double.log(sums(m).s0 / n) / m)
    // var(ln x₀) = 1.1087/(n m²): W. Nelson, Applied Life Data Analysis (1982), asymptotic.
    scaleU = scale * (1.1087 / n).squareRoot() / m
  }
}
