internal import RealModule

/// The grid of a rebinned scan: coarse below the edge, fine across it, even in k above.
public struct RebinGrid: Hashable, Sendable {
  /// The step below the edge in eV, and where it ends, relative to e0.
  public var preStep = 2.0, preEnd = -30.0
  /// The step across the edge in eV; 0.05·max(1, ⌊e0/1250⌋) unless given.
  public var edgeStep: Double?
  /// Where the fine part ends, relative to e0 in eV.
  public var edgeEnd = 15.0
  /// The step in k above, in 1/Å.
  public var waveNumberStep = 0.05

  /// The defaults of design and larch.
  public init() {}

  /// ħ²/2m in eV·Å²: E − e0 = this · k² (CODATA 2018).
  static let electron = 3.80998212

  /// The energies in eV from the first of a scan to its last.
  func energies(_ e0: Double, first: Double, last: Double) -> [Double] {
    let fine = edgeStep ?? 0.05 * max(1, (e0 / 1250).rounded(.down))
    guard preStep > 0, fine > 0, waveNumberStep > 0, first < last, last - first < 1e6 else {
      return []
    }
    let start = preStep * ((first - e0) / preStep).rounded(.towardZero)
    let above = (max(edgeEnd, 0) / Self.electron).squareRoot()
    let end = (max(last - e0, edgeEnd) / Self.electron).squareRoot()
    var result: [Double] = []
    func part(_ from: Double, _ to: Double, _ step: Double, _ place: (Double) -> Double) {
      guard to > from, let count = Int(exactly: (0.1 + (to - from) / step).rounded(.down)),
        count > 0, count < 10_000_000
      else { return }
      for i in 0..<count { result.append(place(from + (to - from) * Double(i) / Double(count))) }
    }
    part(start, preEnd, preStep) { e0 + $0 }
    part(max(start, preEnd), min(edgeEnd, last - e0), fine) { e0 + $0 }
    part(above, end, waveNumberStep) { e0 + Self.electron * $0 * $0 }
    return result
  }
}

extension AbsorptionScan {
  /// A continuous scan in bins: the mean of the points nearer to a bin than to its neighbours.
  ///
  /// Linear interpolation where fewer than three points are. Returns nil where the scan does not reach
  /// beyond the edge or the grid would have fewer than 8 points.
  public func rebinned(_ e0: Double, grid: RebinGrid = RebinGrid()) -> AbsorptionScan? {
    let source = averaged()
    guard let first = source.energy.first, let last = source.energy.last, e0 > first, e0 < last
    else { return nil }
    let bins = grid.energies(e0, first: first, last: last)
    guard bins.count >= 8 else { return nil }
    var values: [Double] = []
    var i = 0
    let between = interpolate(bins, source.energy, source.mu)
    for (k, bin) in bins.enumerated() {
      let low = k > 0 ? (bins[k - 1] + bin) / 2 : bin - grid.preStep / 2
      let high = k + 1 < bins.count ? (bin + bins[k + 1]) / 2 : .infinity
      while i < source.count, source.energy[i] < low { i += 1 }
      var sum = 0.0
      var count = 0
      while i < source.count, source.energy[i] < high {
        sum += source.mu[i]
        count += 1
        i += 1
      }
      values.append(count >= 3 ? sum / Double(count) : between[k])
    }
    return AbsorptionScan(energy: bins, mu: values)
  }
}
