internal import NumericalMethods
internal import RealModule

/// The rows that a contact model is fitted to.
struct ContactData: Sendable {
  /// Position of the tip, growing into the sample: z − d (the indentation of a reduced curve).
  var tip: [Double]
  /// The force k·d (as given for a reduced curve).
  var force: [Double]
  /// The rows in contact; the rows of `free` are those after pull-off, where only the baseline acts.
  var contact: Range<Int>, free: Range<Int>
  /// The noise of the force.
  var noise: Double
  /// The position of contact where a rule of §4.2 gave it.
  var fixedContact: Double?

  /// How many rows are fitted.
  var count: Int { contact.count + free.count }

  /// The row of a residual.
  func row(_ i: Int) -> Int {
    i < contact.count ? contact.lowerBound + i : free.lowerBound + i - contact.count
  }
}

/// A fit of a contact model: E (Pa), contact position (m), baseline (N), work of adhesion (J/m²).
///
/// Unweighted least squares in force over the position of the tip, as in nanite.
struct ContactFit: Sendable {
  /// The model.
  var model: ContactModel
  /// E, contact position of the tip, baseline force, work of adhesion.
  var parameters: [Double]
  /// Their covariance from the residual, multiplied by ``correlation``.
  var covariance: DenseMatrix?
  /// The integrated autocorrelation time of the residual in points.
  var correlation: Double
  /// The residuals in newton, model less measured, in the order of the rows of the data.
  var residuals: [Double]
  /// (JᵀJ)⁻¹ of the residuals in newton, and J.
  var inverseNormal: DenseMatrix?, jacobian: DenseMatrix
  /// The degrees of freedom.
  var degreesOfFreedom: Int
  /// Whether the fit converged.
  var converged: Bool
  /// The rows it used.
  var data: ContactData

  var modulus: Double { parameters[0] }
  var contact: Double { parameters[1] }
  var baseline: Double { parameters[2] }
  var work: Double { parameters[3] }
  /// The root-mean-square residual, N.
  var rms: Double { rootMeanSquare(residuals) ?? 0 }

  /// The standard uncertainty of a parameter.
  func u(_ i: Int) -> Double? {
    guard let c = covariance, c[i, i] > 0 else { return nil }
    return c[i, i].squareRoot()
  }
}

extension ContactFit {
  /// Residuals (model less measured, N) and, where asked, their Jacobian.
  static func evaluate(
    _ law: ContactLaw, _ p: [Double], _ data: ContactData, residuals: inout [Double],
    jacobian: inout DenseMatrix?
  ) {
    let n = data.count
    residuals = [Double](repeating: 0, count: n)
    let wants = jacobian != nil
    var j = DenseMatrix(rows: wants ? n : 0, columns: 4)
    for i in 0..<n {
      let row = data.row(i)
      var value = p[2]
      if i < data.contact.count {
        let f = law.force(data.tip[row] - p[1], modulus: p[0], work: p[3])
        value += f.value
        if wants {
          j.values[4 * i] = f.byModulus
          j.values[4 * i + 1] = -f.byDepth
          j.values[4 * i + 3] = f.byWork
        }
      }
      if wants { j.values[4 * i + 2] = 1 }
      residuals[i] = value - data.force[row]
    }
    if wants { jacobian = j }
  }

  /// Fits a model; nil where no positive modulus describes the rows or they are too few.
  init?(_ law: ContactLaw, _ data: ContactData) {
    guard data.count > 8, data.contact.count > 4, data.noise > 0,
      let start = Self.start(law, data)
    else { return nil }
    let adhesive = law.model.isAdhesive && !data.free.isEmpty
    var lower = [start[0] * 1e-6, -Double.infinity, -Double.infinity, adhesive ? 1e-12 : 0]
    var upper = [start[0] * 1e6, Double.infinity, Double.infinity, adhesive ? 1e6 : 0]
    if let fixed = data.fixedContact {
      lower[1] = fixed
      upper[1] = fixed
    }
    let tips = data.tip[data.contact]
    let span = max((tips.max() ?? 0) - (tips.min() ?? 0), 1e-15)
    var settings = LevenbergMarquardtSettings()
    settings.steps = 100
    settings.stepTolerance = 1e-8
    settings.typical = [start[0] * 1e-3, span, data.noise, 1e-9]
    let weight = 1 / data.noise
    let fit = levenbergMarquardt(start, lower: lower, upper: upper, settings: settings) {
      p, r, jacobian in
      Self.evaluate(law, p, data, residuals: &r, jacobian: &jacobian)
      var finite = true
      for i in r.indices {
        r[i] *= weight
        if !r[i].isFinite { finite = false }
      }
      if jacobian != nil {
        for i in 0..<(4 * r.count) { jacobian?.values[i] *= weight }
      }
      return finite
    }
    guard let fit, fit.parameters[0].isFinite else { return nil }
    model = law.model
    parameters = fit.parameters
    converged = fit.converged && !fit.atBound[0]
    degreesOfFreedom = fit.degreesOfFreedom
    correlation = autocorrelationTime(fit.residuals)
    self.data = data
    var r: [Double] = []
    var j: DenseMatrix? = DenseMatrix(rows: 0, columns: 4)
    Self.evaluate(law, parameters, data, residuals: &r, jacobian: &j)
    residuals = r
    jacobian = j ?? DenseMatrix(rows: 0, columns: 4)
    let squared = data.noise * data.noise
    inverseNormal = fit.inverseNormal.map { matrix in
      var m = matrix
      for i in m.values.indices { m.values[i] /= squared }
      return m
    }
    let factor = fit.residualVariance * correlation
    covariance = fit.inverseNormal.map { matrix in
      var m = matrix
      for i in m.values.indices { m.values[i] *= factor }
      return m
    }
  }

  /// The shift of the parameters when inputs or data change: −(JᵀJ)⁻¹Jᵀ·(change of the residual).
  func shift(to law: ContactLaw, data changed: ContactData) -> [Double]? {
    guard let inverse = inverseNormal else { return nil }
    var r: [Double] = []
    var none: DenseMatrix?
    Self.evaluate(law, parameters, changed, residuals: &r, jacobian: &none)
    guard r.count == residuals.count else { return nil }
    var right = [Double](repeating: 0, count: 4)
    for i in r.indices {
      let change = r[i] - residuals[i]
      for k in 0..<4 { right[k] -= jacobian.values[4 * i + k] * change }
    }
    return inverse.times(right)
  }

  /// The best of a grid of contact positions, at each of which modulus, baseline and pull-off force
  /// follow by linear least squares on at most some hundred rows.
  private static func start(_ law: ContactLaw, _ data: ContactData) -> [Double]? {
    let step = max(1, data.count / 300)
    let rows = stride(from: 0, to: data.count, by: step).map { $0 }
    let inContact = rows.prefix { $0 < data.contact.count }.count
    let tips = rows.prefix(inContact).map { data.tip[data.row($0)] }
    let forces = rows.map { data.force[data.row($0)] / data.noise }
    guard let low = tips.min(), let high = tips.max(), high > low else { return nil }
    let adhesive = law.model.isAdhesive && !data.free.isEmpty
    let pull = law.radius.map { 2 * Double.pi * $0 } ?? 0
    var best: (cost: Double, p: [Double])?
    // The sums of the normal equations that do not depend on the contact.
    var total = 0.0
    var sf = 0.0
    for f in forces {
      total += f * f
      sf += f
    }
    let contactSum = forces.prefix(inContact).reduce(0, +)
    let n = Double(rows.count)
    let m = Double(inContact)
    func attempt(_ c: Double) {
      // Columns g, 1 and, for the pull-off force, −1 in contact; g scaled to 1 at its greatest.
      let top = max(law.elastic(high - c).value, .leastNormalMagnitude)
      var sg = 0.0
      var sgg = 0.0
      var sgf = 0.0
      for i in tips.indices where tips[i] > c {
        let g = law.elastic(tips[i] - c).value / top
        sg += g
        sgg += g * g
        sgf += g * forces[i]
      }
      let columns = adhesive ? 3 : 2
      var normal = DenseMatrix(rows: columns, columns: columns)
      normal.values =
        adhesive ? [sgg, sg, -sg, sg, n, -m, -sg, -m, m] : [sgg, sg, sg, n]
      let right = adhesive ? [sgf, sf, -contactSum] : [sgf, sf]
      guard let x = CholeskyFactor(normal)?.solve(right), x[0] > 0 else { return }
      let cost = total - zip(x, right).reduce(0) { $0 + $1.0 * $1.1 }
      guard cost < best?.cost ?? .infinity else { return }
      var work = 0.0
      if adhesive, pull > 0 {
        work = max(x[2] * data.noise / pull, 1e-12)
        if law.model == .jkr { work *= 4.0 / 3 }
      }
      best = (cost, [x[0] * data.noise / top, c, x[1] * data.noise, work])
    }
    if let fixed = data.fixedContact {
      attempt(fixed)
      return best?.p
    }
    let cells = 80.0
    let width = (high - low) / cells
    for i in 0..<Int(cells) { attempt(low + (Double(i) - 10) * width) }
    if let centre = best?.p[1] {
      for i in -8...8 { attempt(centre + Double(i) * width / 9) }
    }
    return best?.p
  }
}
