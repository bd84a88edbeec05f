internal import NumericalMethods
internal import RealModule

/// What the numbers of one curve are computed from, apart from parameters and inputs.
struct FilmContext: Sendable {
  /// The curve.
  var curve: ForceCurve
  /// The model of the elastic results.
  var model: FilmModel
  /// The position at which the baseline offset stands.
  var centre: Double
  /// Whether hole radius is known, so that Y and σ have meaning.
  var elastic: Bool
  /// Whether Y, σ come from a fit at all.
  var fitted: Bool
  /// The force of the elastic limit.
  var limitForce: Double
  /// The failure, if any.
  var failure: ForceDrop?
  /// The row where a local line before the failure may begin.
  var failureStart = 0
  /// The row of the greatest force.
  var peakRow = 0
  /// Whether the works of loading and unloading can be compared.
  var comparable: Bool
  /// The noise of the deflection (force for reduced curves).
  var noise: Double
  /// The position of contact and the greatest force, for the noise of works.
  var contactPosition = 0.0, peakForce = 0.0
  /// States of the exact solution at 1 % of the limit and at the limit.
  var states: [DiscState] = []
}

extension FilmContext {
  /// Force and film deflection of rows of z and signal.
  func forceAndDepth(
    _ z: [Double], _ signal: [Double], _ p: FilmParameters, _ inputs: FilmInputs
  ) -> (force: [Double], depth: [Double]) {
    if curve.reduced { return (signal, z) }
    let k = inputs.springConstant ?? .nan
    var force = signal
    var depth = z
    for i in 0..<min(z.count, signal.count) {
      let e = signal[i] - p.offset - p.slope * (z[i] - centre)
      force[i] = k * e
      depth[i] = z[i] - p.contact - e
    }
    return (force, depth)
  }

  /// Force, depth and tangent of the model at 1 % of the limit and at the limit.
  func points(
    _ p: FilmParameters, _ inputs: FilmInputs
  ) -> [(force: Double, depth: Double, tangent: Double, state: DiscState?)]? {
    let forces = [0.01 * limitForce, limitForce]
    let a = inputs.holeRadius
    let bend = inputs.bending(p.modulus).value
    if model == .textbook {
      let linear = 16 * Double.pi * bend / (a * a) + Double.pi * p.tension
      let cubic = inputs.q * inputs.q * inputs.q * p.modulus / (a * a)
      guard linear > 0 else { return nil }
      var d = limitForce / linear
      for _ in 0..<60 {
        d -= (linear * d + cubic * d * d * d - limitForce) / (linear + 3 * cubic * d * d)
      }
      return [(0, 0, linear, nil), (limitForce, d, linear + 3 * cubic * d * d, nil)]
    }
    guard let r = inputs.tipRadius else { return nil }
    let y = p.modulus
    let disc = ClampedDisc(
      poisson: inputs.poisson, tipRadius: r / a, tension: p.tension / y,
      bending: model == .plate ? bend / (y * a * a) : 0)
    guard let solved = disc.curve(forces: forces.map { $0 / (y * a) }, guesses: states) else {
      return nil
    }
    return solved.map { ($0.force * y * a, $0.depth * a, y / $0.depthByForce, $0) }
  }

  /// All numbers for given parameters and inputs, at fixed rows.
  func numbers(_ p: FilmParameters, _ inputs: FilmInputs) -> [ForceKey: Double] {
    var result: [ForceKey: Double] = [:]
    let (force, depth) = forceAndDepth(curve.approachZ, curve.approachSignal, p, inputs)
    guard !force.isEmpty else { return result }
    if fitted, let points = points(p, inputs), points.count == 2 {
      result[.initialStiffness] = points[0].tangent
      result[.stiffness] = points[1].tangent
      if points[1].depth > 0 { result[.secantStiffness] = limitForce / points[1].depth }
    }
    if fitted, elastic {
      result[.e2d] = p.modulus
      result[.pretension] = p.tension
      if let sheet = inputs.sheet {
        result[.e2dFilm] = p.modulus - sheet
        if let h = inputs.thickness, h > 0 { result[.modulus] = (p.modulus - sheet) / h }
      }
      let bend = inputs.bending(p.modulus).value
      if bend > 0 { result[.bendingStiffness] = bend }
    }
    func middle(_ x: [Double], _ row: Int) -> Double {
      median(Array(x[max(0, row - 2)...min(x.count - 1, row + 2)])) ?? x[row]
    }
    result[.maxForce] = middle(force, peakRow)
    let end = (failure?.index ?? force.count - 1) + 1
    let smooth = runningMedian(Array(depth.prefix(end)), width: 5)
    if let d = smooth.max() { result[.maxDeflection] = d }
    if fitted || curve.reduced {
      let work = Self.work(force, depth, to: end)
      if failure == nil { result[.loadingWork] = work }
      if let failure {
        let first = max(failureStart, failure.index - 9)
        let rows = first..<(failure.index + 1)
        let index = depth.indices.map { Double($0) }
        let at = Double(failure.index)
        result[.fractureForce] =
          fitLine(index, force, in: rows)?.value(at: at) ?? force[failure.index]
        result[.fractureDeflection] =
          fitLine(index, depth, in: rows)?.value(at: at) ?? depth[failure.index]
        result[.toughness] = work
        result[.loadingWork] = work
      }
      if !curve.retractZ.isEmpty, failure == nil {
        let (rf, rd) = forceAndDepth(curve.retractZ, curve.retractSignal, p, inputs)
        let unloading = -Self.work(rf, rd, to: rf.count)
        result[.unloadingWork] = unloading
        if comparable, work > 0 { result[.hysteresis] = 1 - unloading / work }
      }
    }
    if !curve.retractZ.isEmpty {
      let (rf, _) = forceAndDepth(curve.retractZ, curve.retractSignal, p, inputs)
      let least = rf.min() ?? 0
      let k = curve.reduced ? 1 : inputs.springConstant ?? 0
      result[.adhesionForce] = -least > 5 * noise * k ? -least : 0
    }
    if let h = inputs.thickness, h > 0 {
      if let f = result[.fractureForce] { result[.fractureForcePerThickness] = f / h }
      if let t = result[.toughness] { result[.toughnessPerThickness] = t / h }
    }
    if let f = result[.fractureForce], let y = result[.e2d], let r = inputs.tipRadius, f > 0, y > 0
    {
      // Refused where bending carries more than a tenth of the linear stiffness.
      let bend = 16 * inputs.bending(y).value / (inputs.holeRadius * inputs.holeRadius)
      if bend <= 0.1 * (bend + max(0, p.tension)) {
        let strength = (f * y / (4 * Double.pi * r)).squareRoot()
        result[.linearStrength2D] = strength
        if let h = inputs.thickness, h > 0 { result[.linearStrength] = strength / h }
      }
    }
    return result
  }

  /// ∫F dδ over the rows with δ > 0 before `end`.
  private static func work(_ force: [Double], _ depth: [Double], to end: Int) -> Double {
    var sum = 0.0
    for i in 1..<max(1, min(end, force.count)) where depth[i] > 0 && depth[i - 1] > 0 {
      sum += (depth[i] - depth[i - 1]) * (force[i] + force[i - 1]) / 2
    }
    return sum
  }

  /// The noise that enters a number directly, besides that of the fitted parameters.
  func directNoise(_ inputs: FilmInputs) -> [ForceKey: Double] {
    let k = curve.reduced ? 1 : inputs.springConstant ?? 0
    let force = k * noise
    var result: [ForceKey: Double] = [
      // The median of five has 0.536 times the deviation of one point.
      .maxForce: 0.536 * force, .maxDeflection: curve.reduced ? 0 : 0.536 * noise,
      .adhesionForce: force,
    ]
    // F = k e and δ = z − e carry the same noise: in ∫F dδ each point weighs k·Δz, the last one F.
    func work(_ z: [Double], from first: Int, to last: Int, force end: Double) -> Double {
      guard last > first, last < z.count else { return 0 }
      let rows = Double(last - first)
      let white = force * abs(z[last] - z[first]) / rows.squareRoot()
      let tail = curve.reduced ? 0 : end * noise
      return (white * white + tail * tail).squareRoot()
    }
    let z = curve.approachZ
    let contact = z.firstIndex { $0 > contactPosition } ?? 0
    result[.loadingWork] = work(z, from: contact, to: z.count - 1, force: peakForce)
    if !curve.retractZ.isEmpty {
      let r = curve.retractZ
      let release = r.firstIndex { $0 < contactPosition } ?? r.count - 1
      result[.unloadingWork] = work(r, from: 0, to: release, force: peakForce)
    }
    if let failure {
      // A line through n points, at the last: variance (4n − 2)/(n(n + 1)).
      let n = Double(max(2, min(10, failure.index + 1 - failureStart)))
      let g = ((4 * n - 2) / (n * (n + 1))).squareRoot()
      result[.fractureForce] = force * g
      result[.fractureDeflection] = curve.reduced ? 0 : noise * g
      result[.toughness] = work(z, from: contact, to: failure.index, force: failure.before)
      result[.loadingWork] = result[.toughness]
      if let h = inputs.thickness, h > 0 {
        result[.fractureForcePerThickness] = force * g / h
        result[.toughnessPerThickness] = (result[.toughness] ?? 0) / h
      }
    }
    return result
  }
}
