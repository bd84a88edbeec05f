internal import NumericalMethods
public import Tables

/// Repeats of one spectrum brought together.
///
/// All go onto the grid of the first by not-a-knot cubics, over the energies that all of them cover.
public struct SpectrumMerge: Hashable, Sendable {
  /// How points are averaged.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// The plain mean.
    case mean
    /// Weights 1/σ², σ the noise of one point of each repeat (``pointNoise(_:_:in:)``).
    case weighted
  }

  /// One repeat and what it counted.
  public struct Input: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// What was added to its energies in eV.
    public var shift: Double
    /// Its share of the sum; all together are 1.
    public var weight: Double
    /// The noise of one of its points; nil below 4 points.
    public var noise: Double?
    /// How far it differs from the median of all, among the repeats: (d − median d)/scale of d; nil
    /// below 3 repeats.
    public var zScore: Double?
    /// Whether the z-score lies above 4.
    public var isOutlier: Bool { (zScore ?? 0) > 4 }
  }

  /// The method.
  public var method: Method
  /// The repeats, in the order given.
  public var inputs: [Input]
  /// The energies in eV and the merged absorption.
  public var scan: AbsorptionScan
  /// The standard error of each point: by the scatter of the repeats, not below what their noise gives.
  public var standardError: [Double]

  /// Merges repeats.
  ///
  /// - Parameters:
  ///   - names: their names.
  ///   - scans: the repeats, two at least; the grid is that of the first.
  ///   - method: the kind of mean.
  ///   - shifts: what is added to the energies of each first, in eV, such as −δ of ``SpectrumShift``;
  ///     empty for none.
  ///   - place: what diagnostics say about where.
  ///   - diagnostics: gets a warning that names outliers.
  public init(
    names: [String], _ scans: [AbsorptionScan], method: Method, shifts: [Double] = [],
    place: Place = .whole, diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    guard scans.count >= 2, names.count == scans.count else {
      throw ReadFailure(
        "xas.merge-inputs", at: place, found: "\(scans.count) spectra",
        expected: "expected two or more of a kind to merge")
    }
    let moves = scans.indices.map { $0 < shifts.count ? shifts[$0] : 0 }
    let moved = zip(scans, moves).map { scan, move in
      var scan = scan.spread()
      if move != 0 { scan.energy = scan.energy.map { $0 + move } }
      return scan
    }
    let low = moved.compactMap(\.energy.first).max() ?? 0
    let high = moved.compactMap(\.energy.last).min() ?? 0
    // As larch: the common range without its last point.
    let first = moved[0]
    let range = first.last(upTo: low)..<max(first.last(upTo: low), first.last(upTo: high))
    guard low < high, range.count >= 10 else {
      throw ReadFailure(
        "xas.merge-inputs", at: place,
        found: "the spectra share \(range.count) points of the first",
        expected: "expected at least 10")
    }
    let grid = Array(first.energy[range])
    var curves: [[Double]] = []
    for (name, scan) in zip(names, moved) {
      guard let spline = CubicSpline(scan.energy, scan.mu) else {
        throw ReadFailure(
          "xas.merge-inputs", at: place, found: "'\(name)' has \(scan.count) distinct energies",
          expected: "expected at least 10")
      }
      curves.append(grid.map { spline($0) })
    }
    let noises = moved.map { pointNoise($0.energy, $0.mu) }
    let weights = Self.weights(method, noises)
    let columns = curves
    let merged = grid.indices.map { i in
      columns.indices.reduce(0.0) { $0 + weights[$1] * columns[$1][i] }
    }
    let n = Double(curves.count)
    let formal = columns.indices.reduce(0.0) {
      let part = weights[$1] * (noises[$1] ?? 0)
      return $0 + part * part
    }
    standardError = grid.indices.map { i in
      // Σw(y − ȳ)²/(n − 1) with Σw = 1: s²/n for equal weights.
      let scatter = columns.indices.reduce(0.0) {
        let d = columns[$1][i] - merged[i]
        return $0 + weights[$1] * d * d
      }
      return max(scatter / (n - 1), formal).squareRoot()
    }
    scan = AbsorptionScan(energy: grid, mu: merged)
    self.method = method
    let scores = Self.scores(curves, noises)
    inputs = names.indices.map {
      Input(
        name: names[$0], shift: moves[$0], weight: weights[$0], noise: noises[$0],
        zScore: scores?[$0])
    }
    let outliers = inputs.filter(\.isOutlier).map { "'\($0.name)'" }
    if !outliers.isEmpty {
      diagnostics.warn(
        "xas.merge-outlier", at: place,
        found: "\(outliers.joined(separator: ", ")) differs from the other repeats",
        expected: "expected repeats alike; it is part of the mean all the same")
    }
  }

  private static func weights(_ method: Method, _ noises: [Double?]) -> [Double] {
    let even = [Double](repeating: 1 / Double(noises.count), count: noises.count)
    guard method == .weighted else { return even }
    var weights: [Double] = []
    for noise in noises {
      guard let noise, noise > 0 else { return even }
      weights.append(1 / (noise * noise))
    }
    let sum = weights.reduce(0, +)
    return sum.isFinite && sum > 0 ? weights.map { $0 / sum } : even
  }

  /// How far each curve's distance d to the median curve stands out among the distances.
  ///
  /// d is the root of the mean square over the curve's own noise, so that a noisy repeat is none; the
  /// scale is 1.4826 times the median deviation of the d, but at least a quarter of their median, since
  /// few repeats can agree by chance.
  private static func scores(_ curves: [[Double]], _ noises: [Double?]) -> [Double]? {
    guard curves.count >= 3, let points = curves.first?.count, points > 0 else { return nil }
    let middle = (0..<points).map { i in median(curves.map { $0[i] }) ?? 0 }
    let isKnown = noises.allSatisfy { ($0 ?? 0) > 0 }
    let distances = zip(curves, noises).map { curve, noise in
      let sum = zip(curve, middle).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (sum / Double(points)).squareRoot() / (isKnown ? noise ?? 1 : 1)
    }
    guard let centre = median(distances) else { return nil }
    let deviation = 1.4826 * (median(distances.map { ($0 - centre).magnitude }) ?? 0)
    let scale = max(deviation, centre / 4)
    guard scale > 0 else { return distances.map { _ in 0 } }
    return distances.map { ($0 - centre) / scale }
  }
}
