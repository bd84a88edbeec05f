internal import NumericalMethods
internal import RealModule

/// The parameters of a fit to one curve: Y, σ, contact z₀, baseline at `centre` and baseline slope.
struct FilmParameters: Hashable, Sendable {
  /// Y (N/m), σ (N/m), z₀ (m), offset (m), slope (1).
  var values: [Double]
  var modulus: Double { values[0] }
  var tension: Double { values[1] }
  var contact: Double { values[2] }
  var offset: Double { values[3] }
  var slope: Double { values[4] }
}

/// A fit of a film model to the approach of one curve.
struct FilmFit: Sendable {
  /// The model.
  var model: FilmModel
  /// The parameters.
  var parameters: FilmParameters
  /// Their covariance from the residual, inflated by ``correlation``; nil where they cannot be told
  /// apart.
  var covariance: DenseMatrix?
  /// The integrated autocorrelation time of the residual in points, by which the covariance of white
  /// noise is multiplied.
  var correlation: Double
  /// The rows of the approach that were fitted.
  var rows: Range<Int>
  /// The position at which the baseline offset stands.
  var centre: Double
  /// The residuals in metres of deflection (newton for a reduced curve).
  var residuals: [Double]
  /// The degrees of freedom.
  var degreesOfFreedom: Int
  /// Whether the fit converged.
  var converged: Bool
  /// (JᵀJ)⁻¹Jᵀ applied to a change of the model gives the change of the parameters.
  var inverseNormal: DenseMatrix?
  /// The Jacobian of the model by the parameters.
  var jacobian: DenseMatrix
  /// The response at the minimum.
  var response: FilmResponse
  /// The greatest force of the response table.
  var greatestForce: Double

  /// The standard uncertainty of a parameter.
  func u(_ i: Int) -> Double? {
    guard let c = covariance, c[i, i] > 0 else { return nil }
    return c[i, i].squareRoot()
  }

  /// The root-mean-square residual.
  var rms: Double { rootMeanSquare(residuals) ?? 0 }
}

/// What a fit works on: rows of position and deflection (or force for a reduced curve).
struct FitData: Sendable {
  /// Position z, growing toward the sample (deflection of the film for a reduced curve).
  var z: [Double]
  /// Measured deflection of the cantilever (force for a reduced curve).
  var signal: [Double]
  /// The rows used.
  var rows: Range<Int>
  /// The fixed contact point, where a rule of §4.2 gave it.
  var fixedContact: Double?
  /// Whether the curve is reduced: z is δ and the signal F, with contact at 0 and no baseline.
  var reduced: Bool
  /// The noise of the signal, one standard deviation.
  var noise: Double
}

extension FilmFit {
  /// The model at one set of parameters: signal and Jacobian over the rows of the data.
  static func evaluate(
    _ p: [Double], data: FitData, inputs: FilmInputs, response: FilmResponse, centre: Double,
    signal: inout [Double], jacobian: inout DenseMatrix?
  ) {
    let scale = data.reduced ? 1 : 1 / (inputs.springConstant ?? 1)
    let wants = jacobian != nil
    signal = [Double](repeating: 0, count: data.rows.count)
    var j = DenseMatrix(rows: wants ? data.rows.count : 0, columns: 5)
    for (i, row) in data.rows.enumerated() {
      let z = data.z[row]
      let v = response.value(at: z - p[2])
      signal[i] = v.force * scale + p[3] + p[4] * (z - centre)
      if wants {
        j.values[5 * i] = v.byModulus * scale
        j.values[5 * i + 1] = v.byTension * scale
        j.values[5 * i + 2] = -v.byZ * scale
        j.values[5 * i + 3] = 1
        j.values[5 * i + 4] = z - centre
      }
    }
    if wants { jacobian = j }
  }

  /// The sum of squares of every fourth row, to choose a start.
  private static func cost(
    _ p: [Double], data: FitData, inputs: FilmInputs, response: FilmResponse, centre: Double
  ) -> Double {
    let scale = data.reduced ? 1 : 1 / (inputs.springConstant ?? 1)
    var sum = 0.0
    for row in stride(from: data.rows.lowerBound, to: data.rows.upperBound, by: 4) {
      let z = data.z[row]
      let r =
        response.value(at: z - p[2]).force * scale + p[3] + p[4] * (z - centre) - data.signal[row]
      sum += r * r
    }
    return sum
  }

  /// Fits a model by Levenberg–Marquardt from the best of some starts; nil where it has no solution.
  init?(
    _ model: FilmModel, data: FitData, inputs: FilmInputs, starts: [FilmParameters],
    greatestForce: Double
  ) {
    let rows = data.rows
    guard rows.count > 8, data.noise > 0 else { return nil }
    let centre = (data.z[rows.lowerBound] + data.z[rows.upperBound - 1]) / 2
    let range = max(abs(data.z[rows.upperBound - 1] - data.z[rows.lowerBound]), 1e-12)
    let sheet = max(inputs.sheet ?? 0, 0)
    let leastModulus = sheet + max(1e-3 * sheet, 1e-6)
    func tensionFloor(_ y: Double) -> Double {
      model == .membrane
        ? 1e-6 * y
        : -0.9 * ClampedDisc.bucklingFactor * inputs.bending(y).value
          / (inputs.holeRadius * inputs.holeRadius)
    }
    var lower = [leastModulus, -1e9, -Double.infinity, -Double.infinity, -1]
    var upper = [1e9, 1e9, Double.infinity, Double.infinity, 1]
    if data.reduced || data.fixedContact != nil {
      lower[2] = data.fixedContact ?? 0
      upper[2] = lower[2]
    }
    if data.reduced {
      for i in 3...4 {
        lower[i] = 0
        upper[i] = 0
      }
    }
    var best: FilmResponse?
    var bestCost = Double.infinity
    var first: [Double] = []
    for start in starts {
      var p = start.values
      guard p.count == 5 else { continue }
      p[0] = max(p[0], leastModulus * 1.05)
      p[1] = max(p[1], tensionFloor(p[0]) + 1e-9)
      for i in 2..<5 { p[i] = min(max(p[i], lower[i]), upper[i]) }
      guard
        let response = FilmResponse(
          model, modulus: p[0], tension: p[1], inputs: inputs, greatestForce: greatestForce)
      else { continue }
      let cost = Self.cost(p, data: data, inputs: inputs, response: response, centre: centre)
      if cost < bestCost {
        bestCost = cost
        best = response
        first = p
      }
    }
    guard !first.isEmpty else { return nil }
    bestCost = .infinity
    var settings = LevenbergMarquardtSettings()
    settings.steps = 60
    settings.stepTolerance = 1e-6
    settings.gainTolerance = 1e-12
    settings.typical = [1e-3, 1e-3, range * 1e-3, data.noise, data.noise / range]
    let weight = 1 / data.noise
    let fit = levenbergMarquardt(first, lower: lower, upper: upper, settings: settings) {
      p, r, jacobian in
      guard p[1] >= tensionFloor(p[0]),
        let response = FilmResponse(
          model, modulus: p[0], tension: p[1], inputs: inputs, greatestForce: greatestForce,
          guesses: best?.states ?? [])
      else { return false }
      var signal: [Double] = []
      var j: DenseMatrix? = DenseMatrix(rows: 0, columns: 5)
      Self.evaluate(
        p, data: data, inputs: inputs, response: response, centre: centre, signal: &signal,
        jacobian: &j)
      r = signal.indices.map { (signal[$0] - data.signal[rows.lowerBound + $0]) * weight }
      if var scaled = j {
        for i in scaled.values.indices { scaled.values[i] *= weight }
        jacobian = scaled
      }
      let cost = r.reduce(0) { $0 + $1 * $1 }
      if cost < bestCost {
        bestCost = cost
        best = response
      }
      return cost.isFinite
    }
    guard let fit, let response = best else { return nil }
    self.model = model
    parameters = FilmParameters(values: fit.parameters)
    self.rows = rows
    self.centre = centre
    self.greatestForce = greatestForce
    self.response = response
    converged = fit.converged
    residuals = fit.residuals.map { $0 * data.noise }
    degreesOfFreedom = fit.degreesOfFreedom
    var signal: [Double] = []
    var j: DenseMatrix? = DenseMatrix(rows: 0, columns: 5)
    Self.evaluate(
      fit.parameters, data: data, inputs: inputs, response: response, centre: centre,
      signal: &signal, jacobian: &j)
    jacobian = j ?? DenseMatrix(rows: 0, columns: 5)
    correlation = autocorrelationTime(fit.residuals)
    inverseNormal = fit.inverseNormal.map { matrix in
      var m = matrix
      for i in m.values.indices { m.values[i] /= data.noise * data.noise }
      return m
    }
    let factor = fit.residualVariance * correlation
    covariance = fit.inverseNormal.map { matrix in
      var m = matrix
      for i in m.values.indices { m.values[i] *= factor }
      return m
    }
  }

  /// The shift of the parameters when an input changes: −(JᵀJ)⁻¹Jᵀ·(change of the model).
  func shift(to changed: FilmInputs, data: FitData) -> [Double]? {
    guard let inverse = inverseNormal,
      let response = FilmResponse(
        model, modulus: parameters.modulus, tension: parameters.tension, inputs: changed,
        greatestForce: greatestForce, guesses: self.response.states)
    else { return nil }
    var signal: [Double] = []
    var none: DenseMatrix?
    Self.evaluate(
      parameters.values, data: data, inputs: changed, response: response, centre: centre,
      signal: &signal, jacobian: &none)
    var right = [Double](repeating: 0, count: 5)
    for i in signal.indices {
      let base = data.signal[rows.lowerBound + i] + residuals[i]
      let change = signal[i] - base
      for k in 0..<5 { right[k] -= jacobian.values[5 * i + k] * change }
    }
    return inverse.times(right)
  }
}
