internal import NumericalMethods
internal import RealModule

/// Normalisation that survives short, noisy and soft scans: the default of Interphase.
///
/// The edge energy is an inflection between grid points with an uncertainty; the pre-edge becomes a
/// constant where a line would have to be drawn too far; the post-edge keeps away from the next edge.
public enum InterphaseConvention {
  /// What came out beside the curves.
  public struct Result: Hashable, Sendable {
    /// The normalised spectrum.
    public var spectrum: NormalisedSpectrum
    /// The grid point that larch would call e0, in eV.
    public var gridEdge: Double
    /// The standard uncertainty of e0 in eV.
    public var edgeU: Double
    /// Whether e0 is an inflection; otherwise it is the grid point.
    public var isInflection: Bool
    /// The standard uncertainty of the step by the scatter about both curves; nil without spare points.
    public var stepU: Double?
    /// The largest relative change of the step when each limit moves by a fifth; nil where a fit fails.
    public var stepSensitivity: Double?
    /// The noise of one point in the scale of the absorption.
    public var noise: Double
    /// The K-edge that the post-edge keeps away from: symbol and energy in eV.
    public var nextEdge: NextEdge?
    /// Whether there is an edge at all: a step of at least five times the noise, not at an end.
    public var hasEdge: Bool
  }

  /// An edge that limits the range of a fit.
  public struct NextEdge: Hashable, Sendable {
    /// The element's symbol.
    public var symbol: String
    /// Its energy in eV.
    public var energy: Double
  }

  /// Normalises a spectrum; nil for fewer than 8 points of distinct energies, or a constant curve.
  ///
  /// - Parameters:
  ///   - scan: the spectrum; points of equal energy are averaged.
  ///   - choices: what the user fixed.
  ///   - others: edges above e0 that may lie within the scan, with their energies.
  public static func normalise(
    _ scan: AbsorptionScan, _ choices: NormalisationChoices = NormalisationChoices(),
    nextEdges others: [NextEdge] = []
  ) -> Result? {
    normalise(scan, choices) { _ in others }
  }

  /// The same where the edges to keep away from follow from the edge energy in eV.
  ///
  /// Without `sensitivity` the step's is nil, which spares eight fits.
  static func normalise(
    _ scan: AbsorptionScan, _ choices: NormalisationChoices, sensitivity isWanted: Bool = true,
    limits: (Double) -> [NextEdge]
  ) -> Result? {
    let scan = scan.averaged()
    guard scan.count >= 8, let grid = GridEdge(scan)?.energy,
      let low = scan.mu.min(), let high = scan.mu.max(), high > low
    else { return nil }
    let edge = inflection(scan, grid: grid)
    let e0 = choices.e0 ?? edge.energy
    let end = scan.energy[scan.count - 1] - e0
    let next = limits(e0).filter {
      $0.energy > e0 + 1 && $0.energy - 15 < scan.energy[scan.count - 1]
    }
    .min { $0.energy < $1.energy }
    let limit = min(end, next.map { $0.energy - 15 - e0 } ?? end)
    let ranges = Ranges(scan, e0: e0, limit: limit, choices)
    guard let spectrum = fit(scan, e0: e0, ranges, choices) else { return nil }
    let noise = pointNoise(scan.energy, scan.mu) ?? 0
    var stepU: Double?
    if let pre = spectrum.preEdge.uncertainty(e0), let post = spectrum.postEdge.uncertainty(e0) {
      stepU = (pre * pre + post * post).squareRoot()
    }
    let share = Double(scan.nearest(to: grid)) / Double(scan.count - 1)
    return Result(
      spectrum: spectrum, gridEdge: grid, edgeU: choices.e0 == nil ? edge.u : 0,
      isInflection: choices.e0 != nil || edge.isInflection, stepU: stepU,
      stepSensitivity: isWanted
        ? sensitivity(scan, e0: e0, ranges, choices, spectrum) : nil,
      noise: noise, nextEdge: next,
      hasEdge: spectrum.edgeStep.magnitude >= 5 * noise && share > 0.02 && share < 0.98)
  }

  // MARK: e0

  /// Twice a cubic through the points around the centre: its inflection.
  private static func inflection(
    _ scan: AbsorptionScan, grid: Double
  ) -> (energy: Double, u: Double, isInflection: Bool) {
    let centre = scan.nearest(to: grid)
    let around = max(0, centre - 5)..<min(scan.count, centre + 6)
    let steps = zip(scan.energy[around].dropFirst(), scan.energy[around]).map { $0 - $1 }
    let step = median(steps) ?? 0
    let reach = max(0.9, max(3 * step, grid / 8000))
    let fallback = (grid, step / 2, false)
    var at = grid
    var u = step / 2
    for round in 0..<2 {
      var points = scan.points(-reach...reach, from: at)
      if points.count < 6 { points = scan.nearest(6, to: at) }
      guard points.count > 0,
        let cubic = EdgeLine(
          scan.energy, scan.mu, over: points, from: 0, to: 0, degree: 3, centre: at),
        cubic.degree == 3, cubic.coefficients[3] < 0
      else { return fallback }
      let (c2, c3) = (cubic.coefficients[2], cubic.coefficients[3])
      let offset = -c2 / (3 * c3)
      guard (at + offset - grid).magnitude <= reach else { return fallback }
      if round == 1, let covariance = cubic.covariance {
        // x = −c₂/3c₃: dx/dc₂ = −1/3c₃, dx/dc₃ = c₂/3c₃².
        let (a, b) = (-1 / (3 * c3), c2 / (3 * c3 * c3))
        let residual =
          a * a * covariance[2, 2] + 2 * a * b * covariance[2, 3] + b * b * covariance[3, 3]
        // The covariance is in units of the residuals; the noise of the points stands for them.
        let spare = Double(points.count - 4)
        let scatter = points.reduce(0.0) {
          let r = scan.mu[$1] - cubic.value(scan.energy[$1])
          return $0 + r * r
        }
        let noise =
          pointNoise(
            scan.energy, scan.mu,
            in: max(0, points.lowerBound - 10)..<min(scan.count, points.upperBound + 10)) ?? 0
        let variance = scatter > 0 ? residual * noise * noise / (scatter / spare) : 0
        u = max(0, variance).squareRoot()
      }
      at += offset
    }
    return (at, u, true)
  }

  // MARK: ranges

  /// The two ranges relative to e0, and the degrees.
  private struct Ranges {
    var pre: ClosedRange<Double>
    var post: ClosedRange<Double>
    var preDegree: Int
    var degree: Int

    init(_ scan: AbsorptionScan, e0: Double, limit: Double, _ choices: NormalisationChoices) {
      let first = scan.energy[1] - e0
      let gap = max(6, min(30, e0 / 250))
      let pre2 = max(-gap, first / 2)
      pre = choices.pre ?? first...max(first, pre2)
      let post2 = max(limit, 1)
      let post1 = min(min(150, max(20, 0.2 * post2)), 0.6 * post2)
      post = choices.post ?? post1...max(post1, post2)
      let span = post.upperBound - post.lowerBound
      let points = scan.points(post, from: e0).count
      degree = choices.degree ?? (points < 5 || span < 60 ? 0 : span < 300 ? 1 : 2)
      preDegree = choices.preDegree ?? Self.preDegree(scan, e0: e0, pre, post)
    }

    /// A line, or a constant where a line would be drawn too far for what it is worth.
    private static func preDegree(
      _ scan: AbsorptionScan, e0: Double, _ pre: ClosedRange<Double>, _ post: ClosedRange<Double>
    ) -> Int {
      let points = scan.points(pre, from: e0)
      guard points.count >= 4 else { return 0 }
      let window = max(pre.upperBound - pre.lowerBound, 1e-9)
      let middle = (pre.upperBound + pre.lowerBound) / 2
      let ratio = (post.upperBound - middle) / window
      if ratio > 30 { return 0 }
      guard ratio >= 8 else { return 1 }
      guard
        let line = EdgeLine(
          scan.energy, scan.mu, over: points, from: 0, to: 0, degree: 1, centre: e0),
        line.degree == 1, let covariance = line.covariance
      else { return 0 }
      let lever = (post.upperBound + post.lowerBound) / 2 - middle
      let above = scan.points(post, from: e0)
      let step = (mean(Array(scan.mu[above])) ?? 0) - (mean(Array(scan.mu[points])) ?? 0)
      guard step != 0 else { return 0 }
      return covariance[1, 1].squareRoot() * lever / step.magnitude >= 0.2 ? 0 : 1
    }
  }

  private static func fit(
    _ scan: AbsorptionScan, e0: Double, _ ranges: Ranges, _ choices: NormalisationChoices
  ) -> NormalisedSpectrum? {
    guard let preEdge = preEdge(scan, e0: e0, ranges, choices),
      let postEdge = postEdge(scan, e0: e0, ranges, preEdge)
    else { return nil }
    let flatFrom = scan.energy.partition { $0 >= e0 }
    return NormalisedSpectrum(
      scan, e0: e0, preEdge: preEdge, postEdge: postEdge, stepEnergy: e0, flatFrom: flatFrom,
      isSigned: true, step: choices.edgeStep)
  }

  private static func preEdge(
    _ scan: AbsorptionScan, e0: Double, _ ranges: Ranges, _ choices: NormalisationChoices
  ) -> EdgeLine? {
    let below = scan.points(ranges.pre, from: e0)
    return EdgeLine(
      scan.energy, scan.mu, over: below.isEmpty ? 0..<min(3, scan.count) : below,
      from: ranges.pre.lowerBound, to: ranges.pre.upperBound, degree: ranges.preDegree,
      centre: e0, victoreen: choices.victoreen)
  }

  /// The post-edge through what the pre-edge leaves.
  private static func postEdge(
    _ scan: AbsorptionScan, e0: Double, _ ranges: Ranges, _ preEdge: EdgeLine
  ) -> EdgeLine? {
    var above = scan.points(ranges.post, from: e0)
    if above.isEmpty { above = max(0, scan.count - 3)..<scan.count }
    let energy = Array(scan.energy[above])
    var rest = Array(scan.mu[above])
    for (i, below) in preEdge.values(energy).enumerated() { rest[i] -= below }
    guard
      var line = EdgeLine(
        energy, rest, over: energy.indices, from: ranges.post.lowerBound,
        to: ranges.post.upperBound, degree: ranges.degree, centre: e0)
    else { return nil }
    let (first, end) = (line.points.lowerBound, line.points.upperBound)
    line.points = (above.lowerBound + first)..<(above.lowerBound + end)
    return line
  }

  /// The largest relative change of the step when one of the four limits moves by 20 % either way.
  private static func sensitivity(
    _ scan: AbsorptionScan, e0: Double, _ ranges: Ranges, _ choices: NormalisationChoices,
    _ spectrum: NormalisedSpectrum
  ) -> Double? {
    guard choices.edgeStep == nil else { return nil }
    func range(_ a: Double, _ b: Double) -> ClosedRange<Double> { min(a, b)...max(a, b) }
    let (pre, post) = (ranges.pre, ranges.post)
    var largest = 0.0
    for which in 0..<4 {
      for factor in [0.8, 1.2] {
        var moved = ranges
        switch which {
        case 0: moved.pre = range(pre.lowerBound * factor, pre.upperBound)
        case 1: moved.pre = range(pre.lowerBound, pre.upperBound * factor)
        case 2: moved.post = range(post.lowerBound * factor, post.upperBound)
        default: moved.post = range(post.lowerBound, post.upperBound * factor)
        }
        let below = which < 2 ? preEdge(scan, e0: e0, moved, choices) : spectrum.preEdge
        guard let below, let above = postEdge(scan, e0: e0, moved, below) else { return nil }
        let step = NormalisedSpectrum.step(above.value(e0), isSigned: true)
        largest = max(largest, (step / spectrum.edgeStep - 1).magnitude)
      }
    }
    return largest
  }
}

extension AbsorptionScan {
  /// The same with points of equal energy averaged.
  func averaged() -> AbsorptionScan {
    guard repeatedEnergies > 0 else { return self }
    var result = self
    result.energy = []
    result.mu = []
    var i = 0
    while i < count {
      var j = i
      var sum = 0.0
      while j < count, energy[j] == energy[i] {
        sum += mu[j]
        j += 1
      }
      result.energy.append(energy[i])
      result.mu.append(sum / Double(j - i))
      i = j
    }
    return result
  }
}
