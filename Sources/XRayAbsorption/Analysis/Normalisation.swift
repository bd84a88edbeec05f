public import NumericalMethods
internal import RealModule

/// A polynomial in E − e0, in eV, fitted to a range of a spectrum.
public struct EdgeLine: Hashable, Sendable {
  /// The energy from which powers are counted, in eV.
  public var centre: Double
  /// The coefficients, the constant first.
  public var coefficients: [Double]
  /// The Victoreen exponent v: the curve is the polynomial over Eᵛ.
  public var victoreen = 0
  /// The range asked for in eV, relative to e0.
  public var from: Double, to: Double
  /// The points it was fitted to.
  public var points: Range<Int>
  /// The covariance of the coefficients by the scatter of the residuals; nil without spare points.
  public var covariance: DenseMatrix?

  /// The degree of the polynomial.
  public var degree: Int { coefficients.count - 1 }

  /// The curve at an energy in eV.
  public func value(_ energy: Double) -> Double {
    let x = energy - centre
    var sum = 0.0
    for k in stride(from: coefficients.count - 1, through: 0, by: -1) {
      sum = sum * x + coefficients[k]
    }
    return victoreen == 0 ? sum : sum / Double.pow(energy, victoreen)
  }

  /// The curve at many energies in eV.
  func values(_ energies: [Double]) -> [Double] {
    guard victoreen == 0, let c0 = coefficients.first, degree <= 2 else {
      return energies.map(value)
    }
    if degree == 0 { return [Double](repeating: c0, count: energies.count) }
    let c1 = coefficients[1]
    let centre = centre
    guard degree == 2 else { return energies.map { c1 * ($0 - centre) + c0 } }
    let c2 = coefficients[2]
    return energies.map { energy in
      let x = energy - centre
      return (c2 * x + c1) * x + c0
    }
  }

  /// The standard uncertainty of the curve at an energy; nil without spare points.
  public func uncertainty(_ energy: Double) -> Double? {
    guard let covariance else { return nil }
    let x = energy - centre
    let scale = victoreen == 0 ? 1 : 1 / Double.pow(energy, victoreen)
    let powers = coefficients.indices.map { Double.pow(x, $0) * scale }
    let variance = powers.indices.reduce(0.0) { sum, i in
      powers.indices.reduce(sum) { $0 + powers[i] * covariance[i, $1] * powers[$1] }
    }
    return max(0, variance).squareRoot()
  }

  /// The least-squares polynomial through y·Eᵛ over a range of points.
  ///
  /// The degree falls where there are fewer points than it needs; nil without a point.
  init?(
    _ energy: [Double], _ y: [Double], over points: Range<Int>, from: Double, to: Double,
    degree: Int, centre: Double, victoreen: Int = 0
  ) {
    let points = points.clamped(to: 0..<min(energy.count, y.count))
    guard !points.isEmpty else { return nil }
    var degree = min(degree, points.count - 1)
    if victoreen == 0,
      let fit = LowPolynomial(energy, y, over: points, degree: degree, centre: centre)
    {
      self.centre = centre
      self.from = from
      self.to = to
      self.points = points
      coefficients =
        degree == 0 ? [fit.c0] : degree == 1 ? [fit.c0, fit.c1] : [fit.c0, fit.c1, fit.c2]
      let spare = points.count - degree - 1
      if spare > 0 {
        covariance = fit.inverseNormal.scaled(by: fit.sumOfSquares / Double(spare))
      }
      return
    }
    while degree >= 0 {
      // Powers of the distance in units of the range, so that they remain apart in double precision.
      let scale = max((energy[points.upperBound - 1] - energy[points.lowerBound]).magnitude, 1e-9)
      var design = DenseMatrix(rows: points.count, columns: degree + 1)
      var data: [Double] = []
      for (row, i) in points.enumerated() {
        let t = (energy[i] - centre) / scale
        var factor = 1.0
        for power in 0...degree {
          design[row, power] = factor
          factor *= t
        }
        data.append(victoreen == 0 ? y[i] : y[i] * Double.pow(energy[i], victoreen))
      }
      guard let fit = solveLeastSquares(design, data) else {
        degree -= 1
        continue
      }
      self.centre = centre
      self.from = from
      self.to = to
      self.points = points
      self.victoreen = victoreen
      coefficients = fit.coefficients.enumerated().map { $1 / Double.pow(scale, $0) }
      if fit.degreesOfFreedom > 0 {
        var covariance = fit.inverseNormal.scaled(by: fit.residualVariance)
        for i in 0...degree {
          for j in 0...degree { covariance[i, j] /= Double.pow(scale, i + j) }
        }
        self.covariance = covariance
      }
      return
    }
    return nil
  }

  /// The sum of two curves about one centre; the points, range and covariance are those of `self`.
  func adding(_ other: EdgeLine) -> EdgeLine {
    guard other.victoreen == victoreen else { return self }
    var sum = self
    for (i, c) in other.coefficients.enumerated() {
      if i < sum.coefficients.count {
        sum.coefficients[i] += c
      } else {
        sum.coefficients.append(c)
      }
    }
    return sum
  }
}

/// A normalised spectrum.
public struct NormalisedSpectrum: Hashable, Sendable {
  /// The energies in eV and the absorption.
  public var scan: AbsorptionScan
  /// The edge energy in eV.
  public var e0: Double
  /// The edge step in the scale of the absorption; above 0, but for a curve that was turned over.
  public var edgeStep: Double
  /// The curve below the edge.
  public var preEdge: EdgeLine
  /// The curve above the edge less the pre-edge, or the curve itself (`postHoldsPre`).
  public var postEdge: EdgeLine
  /// Whether `postEdge` was fitted to the absorption itself.
  public var postHoldsPre: Bool
  /// The pre-edge and the post-edge curve at every point, in the scale of the absorption.
  public var pre: [Double], post: [Double]
  /// (mu − pre)/step.
  public var norm: [Double]
  /// `norm` with the post-edge brought level above e0.
  public var flat: [Double]

  /// Normalises with given curves.
  ///
  /// - Parameters:
  ///   - stepEnergy: where the step is taken, in eV: e0 itself, or the grid point nearest to it.
  ///   - flatFrom: the first point that is flattened.
  ///   - postHoldsPre: whether the post-edge was fitted to the absorption itself.
  ///   - isSigned: whether a curve that falls at the edge is turned over, with a step below 0.
  init(
    _ scan: AbsorptionScan, e0: Double, preEdge: EdgeLine, postEdge: EdgeLine,
    stepEnergy: Double, flatFrom: Int, postHoldsPre: Bool = false, isSigned: Bool = false,
    step: Double? = nil
  ) {
    self.scan = scan
    self.e0 = e0
    self.preEdge = preEdge
    self.postEdge = postEdge
    self.postHoldsPre = postHoldsPre
    let pre = preEdge.values(scan.energy)
    var post = postEdge.values(scan.energy)
    if !postHoldsPre { for i in post.indices { post[i] += pre[i] } }
    let difference = postEdge.value(stepEnergy) - (postHoldsPre ? preEdge.value(stepEnergy) : 0)
    let edgeStep = step ?? Self.step(difference, isSigned: isSigned)
    self.edgeStep = edgeStep
    self.pre = pre
    var norm = scan.mu
    for i in norm.indices { norm[i] = (norm[i] - pre[i]) / edgeStep }
    let level = difference / edgeStep
    var flat = norm
    for i in flat.indices.dropFirst(flatFrom) {
      flat[i] = norm[i] - (post[i] - pre[i]) / edgeStep + level
    }
    self.post = post
    self.norm = norm
    self.flat = flat
  }

  /// The edge step of a difference between the curves: never 0, and below 0 only where that may be.
  static func step(_ difference: Double, isSigned: Bool) -> Double {
    let size = max(difference.magnitude, 1e-12)
    return isSigned && difference < 0 ? -size : size
  }
}
