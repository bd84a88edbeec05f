internal import RealModule

/// What a user may say about a normalisation; nil leaves it to the convention.
public struct NormalisationChoices: Hashable, Sendable, Codable {
  /// The edge energy in eV.
  public var e0: Double?
  /// The pre-edge range in eV, relative to e0.
  public var pre: ClosedRange<Double>?
  /// The post-edge range in eV, relative to e0.
  public var post: ClosedRange<Double>?
  /// The degree of the pre-edge, 0 or 1.
  public var preDegree: Int?
  /// The degree of the post-edge, 0 to 5.
  public var degree: Int?
  /// The Victoreen exponent of the pre-edge.
  public var victoreen = 0
  /// The edge step, where it is not to be worked out.
  public var edgeStep: Double?

  /// No choice: the convention decides everything.
  public init() {}
}

/// Normalisation as larch does it (`xafs.pre_edge` of larch 2026.3), so that results compare.
public enum LarchConvention {
  /// The edge energy: the grid point of the steepest rise; nil for a spectrum of few points.
  public static func edge(_ scan: AbsorptionScan) -> Double? {
    GridEdge(scan.spread())?.energy
  }

  /// Normalises a spectrum; nil for fewer than 8 points.
  ///
  /// Ranges left open follow the spectrum: the pre-edge takes the far half of what lies below e0, the
  /// post-edge starts at a third of what lies above, 25 eV at most.
  public static func normalise(
    _ scan: AbsorptionScan, _ choices: NormalisationChoices = NormalisationChoices()
  ) -> NormalisedSpectrum? {
    let scan = scan.spread()
    let n = scan.count
    guard n >= 8, let found = GridEdge(scan)?.energy else { return nil }
    var e0 = found
    if let given = choices.e0, given >= scan.energy[1], given <= scan.energy[n - 2] { e0 = given }
    let edgePoint = scan.nearest(to: e0)
    func index(from value: Double) -> Int { scan.last(upTo: e0 + value) }
    func index(to value: Double) -> Int { scan.nearest(to: e0 + value) }

    var (pre1, pre2) = preRange(scan, e0: e0, edgePoint: edgePoint)
    if let range = choices.pre {
      pre1 = max(range.lowerBound, scan.energy[0] - e0)
      pre2 = range.upperBound
    }
    let isShort = index(from: pre2) - index(from: pre1) < 3
    let start = index(from: pre1)
    var end = index(to: pre2)
    if end - start < 2 { end = min(n, start + 2) }
    guard
      let preEdge = EdgeLine(
        scan.energy, scan.mu, over: start..<max(start, end), from: pre1, to: pre2,
        degree: isShort ? 0 : choices.preDegree ?? 1, centre: e0, victoreen: choices.victoreen)
    else { return nil }

    let (post1, post2) = postRange(scan, e0: e0, choices.post)
    var degree = choices.degree ?? (post2 - post1 < 30 ? 0 : post2 - post1 < 300 ? 1 : 2)
    degree = max(0, min(5, degree))
    var first = min(index(from: post1), n - 3)
    let last = max(first, index(to: post2))
    if last - first < 2 {
      first = max(0, first - 2)
      degree = 0
    } else if last - first < 5 {
      degree = min(degree, 1)
    }
    let above = zip(scan.energy, scan.mu).map { $1 - preEdge.value($0) }
    guard
      let postEdge = EdgeLine(
        scan.energy, above, over: first..<last, from: post1, to: post2, degree: degree, centre: e0)
    else { return nil }
    return NormalisedSpectrum(
      scan, e0: e0, preEdge: preEdge, postEdge: postEdge, stepEnergy: scan.energy[edgePoint],
      flatFrom: edgePoint, step: choices.edgeStep)
  }

  private static func preRange(
    _ scan: AbsorptionScan, e0: Double, edgePoint: Int
  ) -> (Double, Double) {
    let below = scan.energy[1] - e0
    let unit = edgePoint > 20 ? 5.0 : 2.0
    let pre1 = max(unit * (below / unit).rounded(.toNearestOrEven), scan.energy[0] - e0)
    let pre2 = 0.5 * pre1
    return (min(pre1, pre2), max(pre1, pre2))
  }

  private static func postRange(
    _ scan: AbsorptionScan, e0: Double, _ given: ClosedRange<Double>?
  ) -> (Double, Double) {
    let above = scan.energy[scan.count - 1] - e0
    var post2 = given?.upperBound ?? 5 * (above / 5).rounded(.toNearestOrEven)
    // A negative end is counted from the end of the scan.
    if post2 < 0 { post2 = above + post2 }
    post2 = min(post2, above)
    var post1 = given?.lowerBound ?? min(25, 5 * (post2 / 15).rounded(.toNearestOrEven))
    if post1 > post2 { swap(&post1, &post2) }
    return (min(post1, post2 - 2), post2)
  }
}
