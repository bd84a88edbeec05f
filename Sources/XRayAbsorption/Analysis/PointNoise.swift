internal import NumericalMethods

/// The noise of one point of a curve, by contrasts that a parabola does not reach.
///
/// For every four neighbours the unit vector orthogonal to 1, t and t² (the third divided difference,
/// scaled) is applied; σ = 1.4826·median of its magnitude.
public func pointNoise(_ x: [Double], _ y: [Double], in range: Range<Int>? = nil) -> Double? {
  median(parabolaFreeContrasts(x, y, in: range ?? y.indices)).map { 1.4826 * $0 }
}
