internal import NumericalMethods
internal import RealModule
internal import Units

extension ForceCurveAnalyzer {
  /// Contact, final forces, failure, all numbers with their uncertainties, and the last flags.
  func finish(_ a: inout ForceCurveAnalysis, force k: Double, noise: Double) {
    let curve = a.curve
    let inputs = a.inputs ?? filmInputs(curve)
    a.inputs = inputs
    var parameters = FilmParameters(values: [0, 0, 0, 0, 0])
    var centre = 0.0
    var covariance: DenseMatrix?
    if let fit = a.fit {
      parameters = fit.parameters
      centre = fit.centre
      covariance = fit.covariance
    } else if let line = a.baseline {
      let wanted = options.contactMethod == .fit ? .deviationFromBaseline : options.contactMethod
      a.method = wanted
      let row = a.candidates.first { $0.method == wanted }?.index ?? 0
      centre = line.centre
      let z0 = curve.reduced ? 0 : curve.approachZ[min(row, curve.approachZ.count - 1)]
      parameters = FilmParameters(values: [0, 0, z0, line.intercept, line.slope])
      var c = DenseMatrix(rows: 5, columns: 5)
      c[3, 3] = line.interceptU * line.interceptU
      c[4, 4] = line.slopeU * line.slopeU
      covariance = c
    }
    a.contact = curve.reduced ? nil : parameters.contact * curve.zSign
    if a.method == .fit { a.contactU = a.fit?.u(2) }
    a.contactIndex = curve.approachZ.firstIndex { $0 >= parameters.contact }
    var context = FilmContext(
      curve: curve, model: a.fit?.model ?? .textbook, centre: centre,
      elastic: options.holeRadius != nil, fitted: a.fit != nil, limitForce: a.limitForce ?? 0,
      comparable: !curve.dwell && (a.contactSlope ?? 0) <= 1.05, noise: noise)
    (a.force, a.depth) = context.forceAndDepth(
      curve.approachZ, curve.approachSignal, parameters, inputs)
    (a.retractForce, a.retractDepth) = context.forceAndDepth(
      curve.retractZ, curve.retractSignal, parameters, inputs)
    a.drops = FilmFailure.drops(a.force, noise: noise * (curve.reduced ? 1 : k))
    a.failure = FilmFailure.failure(
      a.drops, rule: options.failureRule, percent: options.failurePercent)
    context.failure = a.failure
    if let failure = a.failure {
      context.failureStart =
        a.drops.last { $0.index < failure.index }.map { $0.end + 1 } ?? 0
    }
    let smooth = runningMedian(a.force, width: 5)
    let peak = smooth.indices.max { smooth[$0] < smooth[$1] } ?? 0
    context.peakRow = peak
    context.contactPosition = parameters.contact
    context.peakForce = smooth.isEmpty ? 0 : smooth[peak]
    a.peakRow = peak
    context.states = context.points(parameters, inputs)?.compactMap(\.state) ?? []
    if a.flags.contains(where: Self.rejecting.contains) { context.fitted = false }
    estimate(&a, context, parameters, inputs, covariance)
    straightStiffness(&a)
    if !a.answersAsFilm {
      for key in [ForceKey.initialStiffness, .stiffness, .secantStiffness] {
        a.estimates[key] = nil
      }
    }
    lastFlags(&a)
  }

  /// All numbers; the noise part by the covariance of the parameters, the shared part by one change
  /// of each input.
  private func estimate(
    _ a: inout ForceCurveAnalysis, _ context: FilmContext, _ p: FilmParameters,
    _ inputs: FilmInputs, _ covariance: DenseMatrix?
  ) {
    let base = context.numbers(p, inputs)
    var gradients: [ForceKey: [Double]] = [:]
    if let covariance {
      for i in 0..<5 {
        let u = max(0, covariance[i, i]).squareRoot()
        guard u > 0 else { continue }
        let size = i < 2 ? 0.01 * max(abs(p.values[i]), 1e-3) : Double.infinity
        let step = min(0.1 * u, size)
        var moved = p
        moved.values[i] += step
        let other = context.numbers(moved, inputs)
        for key in ForceKey.allCases {
          guard let x = base[key], let y = other[key] else { continue }
          gradients[key, default: [0, 0, 0, 0, 0]][i] = (y - x) / step
        }
      }
    }
    var shared: [ForceKey: [SharedInput: Double]] = [:]
    for (source, changed, fraction, scaled) in changedInputs(inputs, a.curve) {
      var moved = p
      var context = context
      if let scaled {
        context.curve.approachSignal = context.curve.approachSignal.map { $0 * scaled }
        context.curve.retractSignal = context.curve.retractSignal.map { $0 * scaled }
      }
      if let fit = a.fit {
        let data = a.fitData(fit)
        let shift =
          scaled == nil
          ? fit.shift(to: changed, data: data)
          : fit.shift(signalScaledBy: scaled ?? 1, data: data)
        if let shift { for i in 0..<5 { moved.values[i] += shift[i] } }
      } else if let scaled {
        moved.values[3] *= scaled
        moved.values[4] *= scaled
      }
      let other = context.numbers(moved, changed)
      for key in ForceKey.allCases {
        guard let x = base[key], let y = other[key] else { continue }
        shared[key, default: [:]][source] = (y - x) / fraction
      }
    }
    let combined = ForceEstimate.combined(
      base, gradients: gradients, covariance: covariance, direct: context.directNoise(inputs),
      shared: shared)
    for (key, estimate) in combined { a.estimates[key] = estimate }
  }

  /// The inputs with one of them moved by a tenth of its uncertainty, one after the other.
  func changedInputs(
    _ inputs: FilmInputs, _ curve: ForceCurve
  ) -> [(SharedInput, FilmInputs, Double, Double?)] {
    var result: [(SharedInput, FilmInputs, Double, Double?)] = []
    let fraction = 0.1
    func add(_ source: SharedInput, _ u: Double?, _ change: (inout FilmInputs, Double) -> Void) {
      guard let u, u > 0, u.isFinite else { return }
      var changed = inputs
      change(&changed, fraction * u)
      result.append((source, changed, fraction, nil))
    }
    if !curve.reduced {
      add(.springConstant, curve.springConstant?.u?.si) {
        $0.springConstant = ($0.springConstant ?? 0) + $1
      }
      if let s = curve.invOLS, let u = s.u?.si, u > 0, s.value.si > 0 {
        result.append((.invOLS, inputs, fraction, 1 + fraction * u / s.value.si))
      }
    }
    add(.holeRadius, options.holeRadius?.u?.si) { $0.holeRadius += $1 }
    if inputs.tipRadius != nil {
      add(.tipRadius, options.tipRadius?.u?.si) { $0.tipRadius = ($0.tipRadius ?? 0) + $1 }
    }
    add(.poisson, options.poissonRatio?.u?.si) { $0.poisson += $1 }
    if inputs.thickness != nil {
      add(.thickness, options.thickness?.u?.si) { $0.thickness = ($0.thickness ?? 0) + $1 }
    }
    if inputs.sheet != nil, !options.noSubstrate {
      add(.sheet, options.substrateE2D?.u?.si) { $0.sheet = ($0.sheet ?? 0) + $1 }
    }
    return result
  }

  /// The slope of a reduced curve without hole radius: a straight line up to the elastic limit.
  func straightStiffness(_ a: inout ForceCurveAnalysis) {
    guard a.curve.reduced, a.fit == nil else { return }
    var end = (a.failure ?? a.drops.first).map { $0.index + 1 } ?? a.force.count
    if let limit = options.elasticLimit?.si {
      end = min(end, a.force.firstIndex { $0 > limit } ?? end)
    }
    // Too few points below the limit: all before the failure.
    if end < 10 { end = (a.failure ?? a.drops.first).map { $0.index + 1 } ?? a.force.count }
    guard let line = fitLine(a.depth, a.force, in: 0..<end) else { return }
    a.estimates[.stiffness] = ForceEstimate(value: line.slope, uNoise: line.slopeU, shared: [:])
  }

  /// Flags that need the results.
  private func lastFlags(_ a: inout ForceCurveAnalysis) {
    if let e = a.estimates[.modulus] ?? a.estimates[.e2dFilm] ?? a.estimates[.e2d],
      a.model != nil
    {
      let least = a.estimates[.modulus] != nil ? 1.0 : 1e-9
      if e.value < least, !a.flags.contains("afm.bad-fit") { a.flags.append("afm.bad-fit") }
      let s = a.estimates[.pretension]
      func loose(_ e: ForceEstimate?) -> Bool {
        guard let e else { return false }
        guard let u = e.uNoise, u > 0 else { return true }
        return u > FilmFit.undetermined * abs(e.value)
      }
      if loose(e) || loose(s) {
        a.flags.append("afm.undetermined")
        if let fit = a.fit, let inputs = a.inputs, let limit = a.limitForce {
          a.sufficientForce = fit.sufficientForce(
            data: a.fitData(fit), inputs: inputs, limit: limit)
        }
      }
    }
    // Beyond moderate rotations no film model holds: such a sample is soft and thick, or no film.
    if let fit = a.fit, let hole = options.holeRadius?.value.si, let last = fit.rows.last,
      last < a.depth.count, a.depth[last] > 0.5 * hole
    {
      a.flags.append("afm.large-deflection")
    }
    // Soft samples on a base lose work without any slip.
    if let h = a.estimates[.hysteresis], a.fit != nil, options.holeRadius != nil, h.value > 0.05,
      h.value > 3 * (h.uNoise ?? 0)
    {
      a.flags.append("afm.hysteresis")
    }
  }
}

extension FilmFit {
  /// The shift of the parameters when the signal is scaled: (JᵀJ)⁻¹Jᵀ·(change of the data).
  func shift(signalScaledBy factor: Double, data: FitData) -> [Double]? {
    guard let inverse = inverseNormal else { return nil }
    var right = [Double](repeating: 0, count: 5)
    for i in residuals.indices {
      let change = data.signal[rows.lowerBound + i] * (factor - 1)
      for k in 0..<5 { right[k] += jacobian.values[5 * i + k] * change }
    }
    return inverse.times(right)
  }
}
