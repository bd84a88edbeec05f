public import Tables

/// What a spectrum shows at first sight: fronts of elements at the surface, and closed peaks.
public struct SurfaceFindings: Hashable, Sendable {
  /// A nucleus that a front or peak may come from.
  public struct Candidate: Hashable, Sendable {
    /// The element.
    public var element: String
    /// The isotope, such as `28Si`.
    public var isotope: String
    /// K·E0 in keV.
    public var energy: Double
    /// The energy found less K·E0, in keV.
    public var offset: Double
    /// How probable it is among the candidates; they add to 1 at most.
    public var score: Double
    /// Atoms per area in 1e15 at/cm2, of a peak where charge and solid angle are known.
    public var arealDensity: Double?
    /// The standard uncertainty of `arealDensity`.
    public var arealDensityU: Double?
  }

  /// A front: the counts step up towards lower energies.
  public struct Edge: Hashable, Sendable {
    /// The energy in keV; nil without a calibration.
    public var energy: Double?
    /// Its standard uncertainty in keV.
    public var u: Double?
    /// The channel, fractional.
    public var channel: Double
    /// Its standard uncertainty in channels.
    public var channelU: Double
    /// The height of the step in counts per channel.
    public var height: Double
    /// The response of the matched filter over its standard deviation.
    public var significance: Double
    /// Elements best first; none for a buried front.
    public var candidates: [Candidate]
  }

  /// A signal that ends on both sides.
  public struct Peak: Hashable, Sendable {
    /// The front in keV.
    public var energy: Double?
    /// The mean of its counts in keV.
    public var centroid: Double?
    /// Its width in keV, the resolution taken out.
    public var width: Double?
    /// The channel of the mean of its counts.
    public var channel: Double
    /// Counts above the background.
    public var area: Double
    /// Their standard uncertainty.
    public var areaU: Double
    /// The counts of the background under it.
    public var background: Double
    /// Elements best first.
    public var candidates: [Candidate]
  }

  /// Fronts from high to low energies.
  public var edges: [Edge] = []
  /// Peaks from high to low energies.
  public var peaks: [Peak] = []
  /// What could not be said, and why.
  public var diagnostics: [Diagnostic] = []

  /// `edges[]` of the contract.
  public func edgesResult(trace: TraceID? = nil) -> ResultValue {
    .list(
      edges.map { edge in
        .fields([
          "energy": RBSUnit.quantity(
            edge.energy, RBSUnit.kiloelectronvolt, u: edge.u, kind: "fit", trace: trace),
          "channel": .number(edge.channel),
          "height": RBSUnit.quantity(edge.height, trace: trace),
          "significance": RBSUnit.number(edge.significance),
          "candidates": .list(edge.candidates.map { Self.result($0, isPeak: false, trace) }),
        ])
      })
  }

  /// `peaks[]` of the contract.
  public func peaksResult(trace: TraceID? = nil) -> ResultValue {
    .list(
      peaks.map { peak in
        .fields([
          "energy": RBSUnit.quantity(peak.energy, RBSUnit.kiloelectronvolt, trace: trace),
          "centroid": RBSUnit.quantity(peak.centroid, RBSUnit.kiloelectronvolt, trace: trace),
          "width": RBSUnit.quantity(peak.width, RBSUnit.kiloelectronvolt, trace: trace),
          "area": RBSUnit.quantity(peak.area, u: peak.areaU, kind: "fit", trace: trace),
          "background": RBSUnit.quantity(peak.background, trace: trace),
          "candidates": .list(peak.candidates.map { Self.result($0, isPeak: true, trace) }),
        ])
      })
  }

  private static func result(
    _ candidate: Candidate, isPeak: Bool, _ trace: TraceID?
  ) -> ResultValue {
    var o = ResultObject()
    o["element"] = .text(candidate.element)
    o["isotope"] = .text(candidate.isotope)
    o["energy"] = RBSUnit.quantity(candidate.energy, RBSUnit.kiloelectronvolt)
    o["offset"] = RBSUnit.quantity(candidate.offset, RBSUnit.kiloelectronvolt)
    o["score"] = RBSUnit.number(candidate.score)
    if isPeak {
      o["areal_density"] = RBSUnit.quantity(
        candidate.arealDensity, RBSUnit.tfu, u: candidate.arealDensityU, kind: "fit",
        trace: trace)
    }
    return .object(o)
  }
}

/// How fronts and peaks are looked for.
public struct SurfaceSearchOptions: Hashable, Sendable {
  /// The elements that may be there; nil for all stable ones.
  public var elements: [String]?
  /// The least response of the matched filter in standard deviations.
  public var significance = 5.0

  /// All elements, five standard deviations.
  public init() {}
}
