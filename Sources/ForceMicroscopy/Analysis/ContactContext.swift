internal import NumericalMethods

/// What the numbers of one curve on a supported sample are computed from, apart from the parameters.
struct ContactContext: Sendable {
  /// The curve.
  var curve: ForceCurve
  /// Whether the works of loading and unloading can be compared.
  var comparable: Bool
  /// The noise of the deflection (force for reduced curves).
  var noise: Double
  /// Whether there is a fit.
  var fitted: Bool
  /// The model.
  var model: ContactModel
  /// The row of the greatest force, and that force.
  var peakRow = 0, peakForce = 0.0
  /// The position of contact.
  var contactPosition = 0.0
  /// The deepest position of the tip on approach, by running medians of five.
  var deepest: Double?

  /// The deepest position of the tip of a curve.
  static func deepest(_ curve: ForceCurve) -> Double? {
    var tip = curve.approachZ
    if !curve.reduced {
      for i in 0..<min(tip.count, curve.approachSignal.count) { tip[i] -= curve.approachSignal[i] }
    }
    return runningMedian(tip, width: 5).max()
  }
}

extension ContactContext {
  /// Force above the baseline and indentation of rows of z and signal.
  func forceAndDepth(
    _ z: [Double], _ signal: [Double], _ p: [Double], _ k: Double
  ) -> (force: [Double], depth: [Double]) {
    var force = signal
    var depth = z
    for i in 0..<min(z.count, signal.count) {
      force[i] = (curve.reduced ? 1 : k) * signal[i] - p[2]
      depth[i] = z[i] - p[1] - (curve.reduced ? 0 : signal[i])
    }
    return (force, depth)
  }

  /// All numbers for given parameters at fixed rows.
  func numbers(_ p: [Double], _ k: Double) -> [ForceKey: Double] {
    var result: [ForceKey: Double] = [:]
    let (force, depth) = forceAndDepth(curve.approachZ, curve.approachSignal, p, k)
    guard peakRow < force.count else { return result }
    if fitted {
      result[.youngModulus] = p[0]
      if model.isAdhesive { result[.workOfAdhesion] = p[3] }
    }
    func middle(_ x: [Double]) -> Double {
      median(Array(x[max(0, peakRow - 2)...min(x.count - 1, peakRow + 2)])) ?? x[peakRow]
    }
    result[.maxForce] = middle(force)
    if let deepest { result[.maxDeflection] = deepest - p[1] }
    let (rf, rd) = forceAndDepth(curve.retractZ, curve.retractSignal, p, k)
    if fitted || curve.reduced {
      let work = Self.work(force, depth)
      result[.loadingWork] = work
      if !rf.isEmpty {
        let unloading = -Self.work(rf, rd)
        result[.unloadingWork] = unloading
        if comparable, work > 0 { result[.hysteresis] = 1 - unloading / work }
      }
    }
    if let least = rf.min() {
      result[.adhesionForce] = -least > 5 * noise * (curve.reduced ? 1 : k) ? -least : 0
    }
    return result
  }

  /// ∫F dδ over the rows with δ > 0.
  private static func work(_ force: [Double], _ depth: [Double]) -> Double {
    var sum = 0.0
    for i in 1..<max(1, force.count) where depth[i] > 0 && depth[i - 1] > 0 {
      sum += (depth[i] - depth[i - 1]) * (force[i] + force[i - 1]) / 2
    }
    return sum
  }

  /// The noise that enters a number directly, besides that of the fitted parameters.
  func directNoise(_ k: Double) -> [ForceKey: Double] {
    let force = (curve.reduced ? 1 : k) * noise
    var result: [ForceKey: Double] = [
      // The median of five has 0.536 times the deviation of one point.
      .maxForce: 0.536 * force, .maxDeflection: curve.reduced ? 0 : 0.536 * noise,
      .adhesionForce: force,
    ]
    func work(_ z: [Double], from first: Int, to last: Int) -> Double {
      guard last > first, last < z.count else { return 0 }
      let white = force * abs(z[last] - z[first]) / Double(last - first).squareRoot()
      let tail = curve.reduced ? 0 : peakForce * noise
      return (white * white + tail * tail).squareRoot()
    }
    let z = curve.approachZ
    let load = work(z, from: z.firstIndex { $0 > contactPosition } ?? 0, to: z.count - 1)
    result[.loadingWork] = load
    let r = curve.retractZ
    if !r.isEmpty {
      let release = r.firstIndex { $0 < contactPosition } ?? r.count - 1
      let unload = work(r, from: 0, to: release)
      result[.unloadingWork] = unload
    }
    return result
  }
}
