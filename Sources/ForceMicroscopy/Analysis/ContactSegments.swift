internal import NumericalMethods
internal import Units

extension ContactData {
  /// The rows of a curve for a model: the whole approach, or the retract of an adhesive model with
  /// the snap of pull-off left out; nil where the curve has no such part.
  init?(_ curve: ForceCurve, model: ContactModel, noise: Double, signalScale: Double = 1) {
    let k = curve.reduced ? 1 : curve.springConstant?.value.si ?? 0
    guard k > 0 else { return nil }
    let z = model.isAdhesive ? curve.retractZ : curve.approachZ
    let signal = model.isAdhesive ? curve.retractSignal : curve.approachSignal
    guard z.count == signal.count, z.count > 20 else { return nil }
    self.noise = k * noise
    force = signal.map { k * $0 * signalScale }
    tip = z
    if !curve.reduced { for i in z.indices { tip[i] -= signal[i] * signalScale } }
    let n = z.count
    contact = 0..<n
    free = n..<n
    guard model.isAdhesive else { return }
    // Away from the sample the last tenth is taken for free.
    let smooth = runningMedian(force, width: 5)
    guard let level = median(Array(smooth.suffix(max(5, n / 10)))),
      let lowest = smooth.indices.min(by: { smooth[$0] < smooth[$1] })
    else { return nil }
    let depth = level - smooth[lowest]
    guard depth > 5 * self.noise else { return }
    // The exact row of the greatest pull, and the first row after the snap.
    var pull = lowest
    for i in max(0, lowest - 2)...min(n - 1, lowest + 2) where force[i] < force[pull] { pull = i }
    guard let end = (pull..<n).first(where: { force[$0] > level - 0.1 * depth }) else { return nil }
    contact = 0..<(pull + 1)
    free = end..<n
  }
}
