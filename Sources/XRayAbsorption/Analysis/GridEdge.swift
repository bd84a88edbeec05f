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
    guard n >= 8, scan.mu.count >= n,
      let first = Self.stage(energy, scan.mu, in: 0..<n, smoothing: nil)
    else { return nil }
    var centre = energy[first]
    var window = max(3, first - 75)..<max(max(3, first - 75), min(first + 75, n - 3))
    if Double(first) < 0.05 * Double(n) {
      centre = energy.reduce(0, +) / Double(n)
      window = max(3, first - 20)..<max(max(3, first - 20), n - 3)
    }
    func limited(_ x: Double) -> Double { max(0.01, min(1, x)) }
    let step = 0.5 * (limited(Self.typicalStep(energy)) + limited(centre / 25000))
    let second = Self.stage(energy, scan.mu, in: window, smoothing: step) ?? 0
    let index = second > 0 ? window.lowerBound + second : window.lowerBound + 2
    self.energy = energy[min(index, n - 1)]
  }

  /// The mean of ten of the smallest steps, without the very smallest and the ends; 1 where too few
  /// points stand for that.
  private static func typicalStep(_ energy: [Double]) -> Double {
    let skip = Int(0.01 * Double(energy.count - 1))
    let points = energy.count - 2
    guard skip > 0, points > 2 * skip + 1 else { return 1 }
    var steps: [Double] = []
    steps.reserveCapacity(points)
    for i in (skip + 1)..<(points - skip) { steps.append(energy[i] - energy[i - 1]) }
    let chosen = Self.least(skip + 10, of: steps).dropFirst(skip)
    return chosen.isEmpty ? 1 : chosen.reduce(0, +) / Double(chosen.count)
  }

  /// So many of the least numbers in ascending order.
  private static func least(_ wanted: Int, of numbers: [Double]) -> [Double] {
    guard wanted <= 32, numbers.count > wanted else {
      return Array(numbers.sorted().prefix(wanted))
    }
    var list = numbers.prefix(wanted).sorted()
    for number in numbers.dropFirst(wanted) where number < list[wanted - 1] {
      var i = wanted - 1
      while i > 0, list[i - 1] > number {
        list[i] = list[i - 1]
        i -= 1
      }
      list[i] = number
    }
    return list
  }

  /// The ratio of numpy's `gradient`s with unit spacing: d mu/d E of `count` points from `first`.
  private static func slopes(
    _ energy: [Double], _ mu: [Double], from first: Int, count n: Int
  ) -> [Double] {
    var slope: [Double] = []
    slope.reserveCapacity(n)
    for i in first..<(first + n) {
      let (a, b) = (max(i - 1, first), min(i + 1, first + n - 1))
      // Halves of both differences inside cancel.
      slope.append((mu[b] - mu[a]) / (energy[b] - energy[a]))
    }
    return slope
  }

  /// The index of the steepest point, counted within the range; 0 where none stands out.
  private static func stage(
    _ energy: [Double], _ mu: [Double], in range: Range<Int>, smoothing: Double?
  ) -> Int? {
    let n = range.count - 1
    let margin = max(3, Int(0.02 * Double(max(0, n))))
    guard n > 2 * margin else { return nil }
    var slope = slopes(energy, mu, from: range.lowerBound, count: n)
    if let smoothing {
      slope = LorentzianSmoothing(step: smoothing).values(
        Array(energy[range.lowerBound..<(range.lowerBound + n)]), slope)
    }
    for i in slope.indices where !slope[i].isFinite { slope[i] = -1 }
    var (low, high) = (slope[margin], slope[margin])
    for i in margin..<(n - margin) {
      if slope[i] < low { low = slope[i] }
      if slope[i] > high { high = slope[i] }
    }
    let span = max(1e-10, high - low)
    for i in slope.indices { slope[i] = (slope[i] - low) / span }
    var limit = n > 20 ? 0.6 : 0.3
    var found = slope.count { $0 > limit }
    if found < 3 {
      for _ in 0..<2 where found <= 3 {
        limit /= 2
        found = slope.count { $0 > limit }
      }
    }
    if found < 3 { limit = -.infinity }
    var best = 0
    var highest = 0.0
    for i in margin...(n - margin)
    where i + 1 < n && slope[i] > highest && slope[i] > limit && slope[i - 1] > limit
      && slope[i + 1] > limit
    {
      (best, highest) = (i, slope[i])
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

  /// Points of a grid beyond four for each of the data: no spectrum has more, but any table with an axis of
  /// energies may be asked.
  private static let mostPoints = 1 << 20

  func values(_ x: [Double], _ y: [Double]) -> [Double] {
    guard let first = x.first, let last = x.last, x.count > 1, step > 0 else { return y }
    let low = step * ((first - 5 * step) / step).rounded(.towardZero)
    let high = step * ((last + 5 * step) / step).rounded(.towardZero)
    let wanted = 1 + ((high - low + 0.1 * step) / step).rounded(.down)
    let most = min(50 * x.count, max(4 * x.count, Self.mostPoints))
    let count = min(Int(exactly: min(wanted, 1e9)) ?? 2, most)
    guard count > 1 else { return y }
    let spacing = (high - low) / Double(count - 1)
    var grid: [Double] = []
    grid.reserveCapacity(count)
    for i in 0..<count { grid.append(low + Double(i) * spacing) }
    let onGrid = interpolate(grid, x, y)
    // Weight at distance m of the grid, −count…count − 1; both halves share one normalisation.
    var weights: [Double] = []
    weights.reserveCapacity(count + 1)
    for m in 0...count {
      let x = Double(m)
      weights.append(1 / (1 + x * x))
    }
    var sum = 0.0
    for m in -count..<count { sum += weights[abs(m)] }
    for m in weights.indices { weights[m] /= sum }
    // The mirrored series v = y[N−1]…y[1] y[0]…y[N−1] y[N−1]…y[0].
    var mirrored: [Double] = []
    mirrored.reserveCapacity(3 * count)
    for i in stride(from: count - 1, to: 0, by: -1) { mirrored.append(onGrid[i]) }
    mirrored.append(contentsOf: onGrid)
    for i in stride(from: count - 1, through: 0, by: -1) { mirrored.append(onGrid[i]) }
    // All at once where the grid is not much finer than the data or the data are many (each value costs a sum
    // over the grid), otherwise beside the data alone.
    let isDense = count <= 16 * x.count || x.count > 512
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
