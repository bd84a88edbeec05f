internal import CKernels

/// The contrast of every four neighbours of a curve that no parabola reaches.
///
/// |Σ wᵢ yᵢ| / √Σ wᵢ² with the weights of the third divided difference: for white noise of standard
/// deviation σ a normal variate of the same σ, without its sign. Neighbours of equal x give none.
public func parabolaFreeContrasts(_ x: [Double], _ y: [Double], in range: Range<Int>) -> [Double] {
  let range = range.clamped(to: 0..<min(x.count, y.count))
  guard range.count >= 4 else { return [] }
  var contrasts = [Double](repeating: 0, count: range.count - 3)
  ck_contrasts(Array(x[range]), Array(y[range]), &contrasts, range.count)
  var kept = 0
  for i in contrasts.indices where contrasts[i].isFinite {
    contrasts[kept] = contrasts[i]
    kept += 1
  }
  contrasts.removeLast(contrasts.count - kept)
  return contrasts
}
