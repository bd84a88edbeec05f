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

  /// The parameters that are not fitted: contact where it is given, and the baseline of F(δ).
  var held: [Int] {
    (reduced || fixedContact != nil ? [2] : []) + (reduced ? [3, 4] : [])
  }
}

/// Rows of a curve, or means of some of them, with the weight of each: the root of their number.
struct FitPoints: Sendable {
  var z: [Double] = [], signal: [Double] = [], weight: [Double] = []

  /// No points.
  init() {}

  /// Means over equal numbers of rows, at most some number of points; all rows by default.
  init(_ data: FitData, most: Int = .max) {
    let step = most > data.rows.count ? 1 : (data.rows.count + most - 1) / most
    var first = data.rows.lowerBound
    while first < data.rows.upperBound {
      let end = min(first + step, data.rows.upperBound)
      var (a, b) = (0.0, 0.0)
      for row in first..<end {
        a += data.z[row]
        b += data.signal[row]
      }
      let n = Double(end - first)
      z.append(a / n)
      signal.append(b / n)
      weight.append(n.squareRoot())
      first = end
    }
  }
}

extension FilmFit {
  /// The residuals of some points in units of the noise, and their Jacobian where asked for.
  static func evaluate(
    _ p: [Double], points: FitPoints, scale: Double, response: FilmResponse, centre: Double,
    noise: Double, residuals: inout [Double], jacobian: inout DenseMatrix?
  ) {
    let n = points.z.count
    let wants = jacobian != nil
    residuals = [Double](repeating: 0, count: n)
    var j = DenseMatrix(rows: wants ? n : 0, columns: 5)
    for i in 0..<n {
      let z = points.z[i]
      let v = response.value(at: z - p[2])
      let w = points.weight[i] / noise
      residuals[i] = (v.force * scale + p[3] + p[4] * (z - centre) - points.signal[i]) * w
      if wants {
        j.values[5 * i] = v.byModulus * scale * w
        j.values[5 * i + 1] = v.byTension * scale * w
        j.values[5 * i + 2] = -v.byZ * scale * w
        j.values[5 * i + 3] = w
        j.values[5 * i + 4] = (z - centre) * w
      }
    }
    if wants { jacobian = j }
  }

  /// The bounds of the parameters: Y above the sheet's, σ above buckling, what is known held.
  private static func bounds(
    _ data: FitData, leastModulus: Double, fixedModulus: Double?
  ) -> (lower: [Double], upper: [Double]) {
    var lower = [leastModulus, -1e9, -Double.infinity, -Double.infinity, -1]
    var upper = [1e9, 1e9, Double.infinity, Double.infinity, 1]
    func hold(_ i: Int, at value: Double) {
      lower[i] = value
      upper[i] = value
    }
    if let fixedModulus { hold(0, at: fixedModulus) }
    if data.reduced || data.fixedContact != nil { hold(2, at: data.fixedContact ?? 0) }
    if data.reduced {
      hold(3, at: 0)
      hold(4, at: 0)
    }
    return (lower, upper)
  }

  /// Fits a model by Levenberg–Marquardt from the best of some starts; nil where it has no solution.
  ///
  /// The way to the minimum goes over means of rows (at most 500) and a coarse table of the response;
  /// the last steps use all rows and, for a fine fit, the fine table.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - data: the rows.
  ///   - inputs: what is known of film and hole.
  ///   - starts: first parameters.
  ///   - greatestForce: the greatest force of the table.
  ///   - fine: whether the last steps use the fine table and are repeated until they vanish; a coarse
  ///     fit takes one linear step, and its table is off by up to 10⁻⁴ of the greatest force.
  ///   - fixedModulus: the 2-D modulus, where it is common to several curves.
  ///   - states: solutions of a similar film.
  init?(
    _ model: FilmModel, data: FitData, inputs: FilmInputs, starts: [FilmParameters],
    greatestForce: Double, fine: Bool = true, fixedModulus: Double? = nil,
    states: [DiscState] = []
  ) {
    let rows = data.rows
    guard rows.count > 8, data.noise > 0 else { return nil }
    let centre = (data.z[rows.lowerBound] + data.z[rows.upperBound - 1]) / 2
    let range = max(abs(data.z[rows.upperBound - 1] - data.z[rows.lowerBound]), 1e-12)
    let scale = data.reduced ? 1 : 1 / (inputs.springConstant ?? 1)
    let noise = data.noise
    let sheet = max(inputs.sheet ?? 0, 0)
    let leastModulus = sheet + max(1e-3 * sheet, 1e-6)
    func tensionFloor(_ y: Double) -> Double {
      model == .membrane
        ? 1e-6 * y
        : -0.9 * ClampedDisc.bucklingFactor * inputs.bending(y).value
          / (inputs.holeRadius * inputs.holeRadius)
    }
    let (lower, upper) = Self.bounds(
      data, leastModulus: leastModulus, fixedModulus: fixedModulus)
    var points = FitPoints(data, most: 500)
    func response(_ p: [Double], nodes: Int, from states: [DiscState]) -> FilmResponse? {
      FilmResponse(
        model, modulus: p[0], tension: p[1], inputs: inputs, greatestForce: greatestForce,
        nodes: nodes, guesses: states)
    }
    func sumOfSquares(_ r: [Double]) -> Double { r.reduce(0) { $0 + $1 * $1 } }

    // The best of the starts.
    var best: FilmResponse?
    var bestCost = Double.infinity
    var first: [Double] = []
    var residuals: [Double] = []
    for start in starts {
      var p = start.values
      guard p.count == 5 else { continue }
      p[0] = max(p[0], leastModulus * 1.05)
      for i in [0, 2, 3, 4] { p[i] = min(max(p[i], lower[i]), upper[i]) }
      p[1] = max(p[1], tensionFloor(p[0]) + 1e-9)
      guard let table = response(p, nodes: FilmResponse.fewNodes, from: states) else { continue }
      var none: DenseMatrix?
      Self.evaluate(
        p, points: points, scale: scale, response: table, centre: centre, noise: noise,
        residuals: &residuals, jacobian: &none)
      let cost = sumOfSquares(residuals)
      if cost < bestCost {
        bestCost = cost
        best = table
        first = p
      }
    }
    guard !first.isEmpty else { return nil }

    var settings = LevenbergMarquardtSettings()
    settings.typical = [1e-3, 1e-3, range * 1e-3, noise, noise / range]
    func minimise(_ p: [Double], nodes: Int) -> NonlinearFit? {
      bestCost = .infinity
      return levenbergMarquardt(p, lower: lower, upper: upper, settings: settings) {
        p, r, jacobian in
        guard p[1] >= tensionFloor(p[0]),
          let table = response(p, nodes: nodes, from: best?.states ?? [])
        else { return false }
        Self.evaluate(
          p, points: points, scale: scale, response: table, centre: centre, noise: noise,
          residuals: &r, jacobian: &jacobian)
        let cost = sumOfSquares(r)
        if cost < bestCost {
          bestCost = cost
          best = table
        }
        return cost.isFinite
      }
    }
    settings.steps = 60
    settings.stepTolerance = 1e-4
    settings.gainTolerance = 1e-7
    guard var found = minimise(first, nodes: FilmResponse.fewNodes) else { return nil }
    points = FitPoints(data)
    settings.damping = 1e-9
    if fine {
      settings.gainTolerance = 1e-9
      guard let finer = minimise(found.parameters, nodes: FilmResponse.nodes) else { return nil }
      found = finer
    }
    guard let table = best else { return nil }
    converged = found.converged

    // All rows: one linear step, which also gives covariance and residuals.
    var jacobian: DenseMatrix? = DenseMatrix(rows: 0, columns: 5)
    let base = found.parameters
    Self.evaluate(
      base, points: points, scale: scale, response: table, centre: centre, noise: noise,
      residuals: &residuals, jacobian: &jacobian)
    guard let matrix = jacobian else { return nil }
    settings.steps = 2
    let start = residuals
    let linear = levenbergMarquardt(base, lower: lower, upper: upper, settings: settings) {
      p, r, j in
      r = start
      j = matrix
      let step = (0..<5).map { p[$0] - base[$0] }
      guard step.contains(where: { $0 != 0 }) else { return true }
      for i in r.indices {
        for k in 0..<5 { r[i] += matrix.values[5 * i + k] * step[k] }
      }
      return true
    }
    guard let linear else { return nil }
    self.model = model
    parameters = FilmParameters(values: linear.parameters)
    self.rows = rows
    self.centre = centre
    self.greatestForce = greatestForce
    self.response = table
    self.residuals = linear.residuals.map { $0 * noise }
    degreesOfFreedom = linear.degreesOfFreedom
    var unscaled = matrix
    for i in unscaled.values.indices { unscaled.values[i] *= noise }
    self.jacobian = unscaled
    correlation = autocorrelationTime(linear.residuals)
    inverseNormal = linear.inverseNormal?.scaled(by: 1 / (noise * noise))
    covariance = linear.inverseNormal?.scaled(by: linear.residualVariance * correlation)
  }

  /// The signal of the model over the rows of the data.
  static func signal(
    _ p: [Double], data: FitData, inputs: FilmInputs, response: FilmResponse, centre: Double
  ) -> [Double] {
    let scale = data.reduced ? 1 : 1 / (inputs.springConstant ?? 1)
    return data.rows.map { row in
      let z = data.z[row]
      return response.value(at: z - p[2]).force * scale + p[3] + p[4] * (z - centre)
    }
  }

  /// The shift of the parameters when an input changes: −(JᵀJ)⁻¹Jᵀ·(change of the model).
  func shift(to changed: FilmInputs, data: FitData) -> [Double]? {
    guard let inverse = inverseNormal,
      let response = FilmResponse(
        model, modulus: parameters.modulus, tension: parameters.tension, inputs: changed,
        greatestForce: greatestForce, guesses: self.response.states)
    else { return nil }
    let signal = Self.signal(
      parameters.values, data: data, inputs: changed, response: response, centre: centre)
    var right = [Double](repeating: 0, count: 5)
    for i in signal.indices {
      let base = data.signal[rows.lowerBound + i] + residuals[i]
      let change = signal[i] - base
      for k in 0..<5 { right[k] -= jacobian.values[5 * i + k] * change }
    }
    return inverse.times(right)
  }
}
