public import Tables
public import Units

/// The optical lever sensitivity: deflection over detector voltage.
public enum OpticalLeverSensitivity: PhysicalDimension {
  /// m/V.
  public static let dimension = Length.dimension / Voltage.dimension
}

/// The model of a clamped film under a central tip.
public enum FilmModel: String, Hashable, Sendable, CaseIterable, Codable {
  /// The cubic formula of the literature, F = (16πD/a² + πσ)δ + q³Yδ³/a².
  case textbook
  /// The exact Föppl–von Kármán membrane under a paraboloidal tip.
  case membrane
  /// The exact Föppl–von Kármán plate under a paraboloidal tip.
  case plate
  /// Plate where the thickness is known and at least 1 nm, else membrane.
  case auto
}

/// What counts as failure of the film.
public enum FailureRule: String, Hashable, Sendable, CaseIterable, Codable {
  /// The force falls to a percentage of the running maximum, or below.
  case to
  /// The force falls by a percentage of the running maximum, or more.
  case by
}

/// How the contact point is found.
public enum ContactMethod: String, Hashable, Sendable, CaseIterable, Codable {
  /// A parameter of the fit of the film model.
  case fit
  /// First point beyond twice the greatest deviation of the first tenth.
  case deviationFromBaseline = "deviation_from_baseline"
  /// The point farthest below the straight path from first to last point.
  case frechetDirectPath = "frechet_direct_path"
  /// The last point whose smoothed gradient is at most 1 % of its maximum.
  case gradientZeroCrossing = "gradient_zero_crossing"
  /// Least squares: a constant, then a straight line.
  case fitConstantLine = "fit_constant_line"
  /// Least squares: a constant, then x³/(ax² + bx + c).
  case fitConstantPolynomial = "fit_constant_polynomial"
  /// Least squares: a straight line, then x³/(ax² + bx + c).
  case fitLinePolynomial = "fit_line_polynomial"
}

/// What makes curves one sample.
public enum SampleGrouping: Hashable, Sendable, Codable {
  /// The folder that holds the file.
  case folder
  /// Each file by itself.
  case file
  /// The value of a metadata key.
  case note(String)
}

/// The settings of the analysis of force curves on freestanding films.
///
/// Text forms of all settings (command line, rows of `--samples`, study files) go through
/// ``setOption(name:text:)``; ``descriptions`` lists them.
public struct ForceAnalysisOptions: Hashable, Sendable, Codable {
  /// The spring constant of the cantilever; nil takes the file's.
  public var springConstant: Measured<ForcePerLength>?
  /// The inverse optical lever sensitivity; nil takes the file's.
  public var invOLS: Measured<OpticalLeverSensitivity>?
  /// The radius of the hole that the film spans.
  public var holeRadius: Measured<Length>?
  /// The radius of the tip.
  public var tipRadius: Measured<Length>?
  /// The Poisson ratio of film and sheet; nil takes 0.2 with a note.
  public var poissonRatio: Measured<PureNumber>?
  /// The thickness of the film without the sheet it stands on.
  public var thickness: Measured<Length>?
  /// The 2-D modulus of the sheet that the film stands on.
  public var substrateE2D: Measured<ForcePerLength>?
  /// Whether the film stands on nothing, so that its 2-D modulus is its own.
  public var noSubstrate = false
  /// The angle between side or face of the tip and its axis, for cones and pyramids.
  public var halfAngle: Measured<PlaneAngle>?
  /// The model of a tip on a supported sample; nil for a freestanding film.
  public var contactModel: ContactModel?
  /// The model of the film that gives the results, where ``contactModel`` is nil.
  public var model = FilmModel.auto
  /// The greatest force that the fit uses; nil uses all up to failure.
  public var elasticLimit: Quantity<Force>? = Quantity(si: 60e-9)
  /// What counts as failure.
  public var failureRule = FailureRule.to
  /// The percentage of the failure rule.
  public var failurePercent = 20.0
  /// How the contact point is found.
  public var contactMethod = ContactMethod.fit
  /// The name of the sample; nil groups by ``groupBy``.
  public var sample: String?
  /// What makes curves one sample.
  public var groupBy = SampleGrouping.folder
  /// Whether curves of verdict suspect enter the summary.
  public var includeSuspect = false
  /// Whether all elastic curves of a sample are fitted with one modulus in common.
  public var joint = false
  /// Settings by sample name, which stand above the others: option name and text, in order.
  public var bySample: [String: [SampleSetting]] = [:]

  /// One setting of a sample.
  public struct SampleSetting: Hashable, Sendable, Codable {
    /// The long option name.
    public var name: String
    /// The value as text with unit.
    public var text: String

    /// A setting from its parts.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The defaults.
  public init() {}

  /// The options with the settings of one sample put on top.
  public func resolved(forSample sample: String) throws(ReadFailure) -> ForceAnalysisOptions {
    var result = self
    for setting in bySample[sample] ?? [] {
      try result.setOption(name: setting.name, text: setting.text)
    }
    return result
  }
}
