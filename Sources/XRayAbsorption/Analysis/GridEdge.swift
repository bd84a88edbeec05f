internal import NumericalMethods
internal import RealModule

/// The edge energy as larch finds it: the point of the steepest rise.
///
/// The derivative is taken twice: as it is, to find the rough place, then smoothed around it. The
/// result is always an energy of the scan. After larch 2026.3 (`xafs.find_e0`, Newville 2013,
/// doi 10.1088/1742-6596/430/1/012007).
struct GridEdge {
  /// The energy in eV.
  let energy: Double

  /// The edge of a scan with distinct energies; nil for fewer than 8 points.
  init?(_ scan: AbsorptionScan) {
    let energy = scan.energy
    let n = energy.count
    guard n >= 8, let first = Self.stage(energy[...], scan.mu[...], smoothing: nil) else {
      return nil
    }
    var centre = energy[first]
    var window = max(3, first - 75)..<max(max(3, first - 75), min(first + 75, n - 3))
    if Double(first) < 0.05 * Double(n) {
      centre = energy.reduce(0, +) / Double(n)
      window = max(3, first - 20)..<max(max(3, first - 20), n - 3)
    }
    func limited(_ x: Double) -> Double { max(0.01, min(1, x)) }
    let step = 0.5 * (limited(Self.typicalStep(energy)) + limited(centre / 25000))
    let second = Self.stage(energy[window], scan.mu[window], smoothing: step) ?? 0
    let index = second > 0 ? window.lowerBound + second : window.lowerBound + 2
    self.energy = energy[min(index, n - 1)]
  }

  /// The mean of ten of the smallest steps, without the very smallest and the ends; 1 where too few
  /// points stand for that.
  private static func typicalStep(_ energy: [Double]) -> Double {
    let kept = energy.dropLast(1)
    let skip = Int(0.01 * Double(kept.count))
    let points = Array(kept.dropLast(1))
    guard skip > 0, points.count > 2 * skip + 1 else { return 1 }
    let inner = points[skip..<(points.count - skip)]
    let steps = zip(inner.dropFirst(), inner).map { $0 - $1 }.sorted()
    let chosen = steps.dropFirst(skip).prefix(10)
    return chosen.isEmpty ? 1 : chosen.reduce(0, +) / Double(chosen.count)
  }

  /// numpy's `gradient` with unit spacing.
  private static func gradient(_ y: ArraySlice<Double>) -> [Double] {
    let y = Array(y)
    let n = y.count
    guard n > 1 else { return [Double](repeating: 0, count: n) }
    return y.indices.map { i in
      if i == 0 { return y[1] - y[0] }
      if i == n - 1 { return y[n - 1] - y[n - 2] }
      return (y[i + 1] - y[i - 1]) / 2
    }
  }

  /// The index of the steepest point, counted within the slice; 0 where none stands out.
  private static func stage(
    _ energy: ArraySlice<Double>, _ mu: ArraySlice<Double>, smoothing: Double?
  ) -> Int? {
    let e = energy.dropLast()
    let n = e.count
    let margin = max(3, Int(0.02 * Double(n)))
    guard n > 2 * margin else { return nil }
    var slope = zip(gradient(mu.dropLast()), gradient(e)).map { $0 / $1 }
    if let smoothing { slope = LorentzianSmoothing(step: smoothing).values(Array(e), slope) }
    for i in slope.indices where !slope[i].isFinite { slope[i] = -1 }
    let inner = slope[margin..<(n - margin)]
    let low = inner.min() ?? 0
    let range = max(1e-10, (inner.max() ?? 0) - low)
    for i in slope.indices { slope[i] = (slope[i] - low) / range }
    var limit = n > 20 ? 0.6 : 0.3
    var isHigh = slope.map { $0 > limit }
    var found = isHigh.count { $0 }
    if found < 3 {
      for _ in 0..<2 where found <= 3 {
        limit /= 2
        isHigh = slope.map { $0 > limit }
        found = isHigh.count { $0 }
      }
    }
    if found < 3 { isHigh = [Bool](repeating: true, count: n) }
    var best = 0
    var highest = 0.0
    for i in margin...(n - margin) where i + 1 < n && isHigh[i] && isHigh[i - 1] && isHigh[i + 1] {
      if slope[i] > highest { (best, highest) = (i, slope[i]) }
    }
    return best
  }
}

/// Smoothing by a Lorentzian of one step half width, on a uniform grid mirrored at both ends.
///
/// Only the grid points beside data are worked out.
struct LorentzianSmoothing {
  /// The grid's step in eV, and the half width of the Lorentzian.
  let step: Double

  func values(_ x: [Double], _ y: [Double]) -> [Double] {
    guard let first = x.first, let last = x.last, x.count > 1, step > 0 else { return y }
    let low = step * ((first - 5 * step) / step).rounded(.towardZero)
    let high = step * ((last + 5 * step) / step).rounded(.towardZero)
    let wanted = 1 + ((high - low + 0.1 * step) / step).rounded(.down)
    let count = min(Int(exactly: min(wanted, 1e9)) ?? 2, 50 * x.count)
    guard count > 1 else { return y }
    let spacing = (high - low) / Double(count - 1)
    let grid = (0..<count).map { low + Double($0) * spacing }
    let onGrid = interpolate(grid, x, y)
    // Weight at distance m of the grid, −count…count − 1; both halves share one normalisation.
    var sum = 0.0
    for m in -count..<count { sum += 1 / (1 + Double(m * m)) }
    let weights = (0...count).map { 1 / (1 + Double($0 * $0)) / sum }
    // The mirrored series v = y[N−1]…y[1] y[0]…y[N−1] y[N−1]…y[0].
    let mirrored = Array(onGrid.dropFirst().reversed()) + onGrid + onGrid.reversed()
    // All at once where the grid is not much finer than the data, otherwise beside the data alone.
    let isDense = count <= 16 * x.count
    var dense: [Double] = []
    if isDense {
      dense = evenConvolution(
        kernel: Array(weights.dropLast()), extended: Array(mirrored.dropLast()))
      for k in dense.indices { dense[k] += weights[count] * mirrored[k + 2 * count - 1] }
    }
    var known = [Double?](repeating: nil, count: isDense ? 0 : count)
    func value(at k: Int) -> Double {
      if isDense { return dense[k] }
      if let value = known[k] { return value }
      var total = 0.0
      for j in 0..<(2 * count) {
        total += weights[abs(j - count)] * mirrored[k + 2 * count - 1 - j]
      }
      known[k] = total
      return total
    }
    return x.map { at in
      let position = (at - low) / spacing
      let k = min(max(0, Int(exactly: position.rounded(.down)) ?? 0), count - 2)
      let share = (at - grid[k]) / (grid[k + 1] - grid[k])
      return value(at: k) + share * (value(at: k + 1) - value(at: k))
    }
  }
}

/// Linear interpolation of (x, y), x ascending, at each place; constant outside.
func interpolate(_ places: [Double], _ x: [Double], _ y: [Double]) -> [Double] {
  guard let first = y.first, let last = y.last, x.count == y.count else {
    return [Double](repeating: 0, count: places.count)
  }
  var i = 0
  return places.map { at in
    if at <= x[0] { return first }
    if at >= x[x.count - 1] { return last }
    if i >= x.count - 1 || x[i] > at { i = 0 }
    while i + 2 < x.count, x[i + 1] <= at { i += 1 }
    return y[i] + (y[i + 1] - y[i]) * (at - x[i]) / (x[i + 1] - x[i])
  }
}
