internal import NumericalMethods

/// The noise of one point of a curve, by contrasts that a parabola does not reach.
///
/// For every four neighbours the unit vector orthogonal to 1, t and t² (the third divided difference,
/// scaled) is applied; σ = 1.4826·median of its magnitude.
public func pointNoise(_ x: [Double], _ y: [Double], in range: Range<Int>? = nil) -> Double? {
  let range = (range ?? y.indices).clamped(to: 0..<min(x.count, y.count))
  guard range.count >= 4 else { return nil }
  var contrasts: [Double] = []
  for start in range.lowerBound...(range.upperBound - 4) {
    var sum = 0.0
    var norm = 0.0
    for i in start..<(start + 4) {
      var product = 1.0
      for j in start..<(start + 4) where j != i { product *= x[i] - x[j] }
      sum += y[i] / product
      norm += 1 / (product * product)
    }
    let contrast = sum.magnitude / norm.squareRoot()
    if contrast.isFinite { contrasts.append(contrast) }
  }
  return median(contrasts).map { 1.4826 * $0 }
}
