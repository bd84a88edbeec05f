internal import NumericalMethods
internal import Units

extension ForceCurveAnalyzer {
  /// The greatest deflection above the level far from the surface over the trigger, and its flag.
  ///
  /// Instruments count the trigger from that level, not from a line through a tilted baseline. They
  /// stop at the first sample beyond it, so that the ratio may miss 1 by a step of the ramp and by
  /// the noise of a sample. A film that breaks need not reach the trigger.
  func checkTrigger(_ a: inout ForceCurveAnalysis) {
    let curve = a.curve
    let s = curve.approachSignal
    let n = s.count
    guard let line = a.baseline else { return }
    let flat = (0..<n).map { s[$0] - line.value(at: curve.approachZ[$0]) }
    guard let peak = flat.indices.max(by: { flat[$0] < flat[$1] }),
      let level = median(Array(s.prefix(max(10, n / 5)))),
      let k = curve.written.triggerRatio(
        deflection: 1, springConstant: curve.springConstant?.value.si),
      k.isFinite
    else { return }
    let ratio = k * (s[peak] - level)
    a.triggerRatio = ratio
    let before = max(0, peak - 10)
    let step = peak > before ? (s[peak] - s[before]) / Double(peak - before) : 0
    let allowance = max(0.05, 5 * k * (a.noise ?? 0), 2 * k * max(0, step))
    if abs(ratio - 1) > allowance, ratio > 1 || a.drops.isEmpty {
      a.flags.append("afm.trigger-mismatch")
    }
  }
}
