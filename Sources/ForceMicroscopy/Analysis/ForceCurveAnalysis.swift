public import NumericalMethods
public import Tables

/// Whether a curve may be believed.
public enum CurveVerdict: String, Hashable, Sendable, Codable {
  /// Nothing speaks against it.
  case good
  /// Something does; kept out of the summary unless asked for.
  case suspect
  /// It gives no moduli.
  case rejected
}

/// One model's fit in short, for comparison.
public struct ModelFit: Hashable, Sendable, Codable {
  /// The model.
  public var model: FilmModel
  /// Total 2-D modulus and pretension, N/m, with their standard uncertainties from the residual.
  public var e2d: Double, e2dU: Double?, pretension: Double, pretensionU: Double?
  /// The 2-D modulus of the film alone (N/m) and its modulus (Pa), where sheet and thickness are known.
  public var e2dFilm: Double?, modulus: Double?
  /// The root-mean-square residual as force, N.
  public var rms: Double
}

/// The analysis of one force curve on a freestanding film, in SI units.
public struct ForceCurveAnalysis: Sendable, Codable {
  /// The number of the curve in its file.
  public var number: Int
  /// The sample that it belongs to.
  public var sample: String
  /// The verdict of the quality gate.
  public var verdict = CurveVerdict.good
  /// The flags of the quality gate, such as `afm.undetermined`.
  public var flags: [String] = []
  /// The model of the elastic results; nil where there is no fit.
  public var model: FilmModel?
  /// All numbers by key.
  public var estimates: [ForceKey: ForceEstimate] = [:]
  /// The fits of all models that the inputs allow.
  public var models: [ModelFit] = []
  /// The covariance of Y, σ, z₀, baseline offset and slope (SI).
  public var covariance: DenseMatrix?
  /// Whether the film model was given a sheet or told there is none, so that moduli are the film's.
  public var substrateCorrected = false

  /// The model of a tip on a supported sample; nil for films and where there is no fit.
  public var contactModel: ContactModel?

  var contactFit: ContactFit?
  var contactInputs: ContactInputs?
  /// The inputs that were used.
  var inputs: FilmInputs?
  var curve = ForceCurve(number: 0, segments: [])
  var fit: FilmFit?
  var method = ContactMethod.fit
  var candidates: [(method: ContactMethod, index: Int)] = []
  var contactIndex: Int?
  var contact: Double?
  var contactU: Double?
  var baseline: LineFit?
  var noise: Double?
  var contactSlope: Double?
  var triggerRatio: Double?
  var drops: [ForceDrop] = []
  var failure: ForceDrop?
  var limitForce: Double?
  /// Whether force and deflection are those of a film: false where no hole is known and the cubic
  /// does not describe the curve, so that its stiffness would mean nothing.
  var answersAsFilm = true
  /// The force up to which a curve like this would fix modulus and pretension, where this does not.
  var sufficientForce: Double?
  var peakRow: Int?
  var force: [Double] = [], depth: [Double] = []
  var retractForce: [Double] = [], retractDepth: [Double] = []
  var assumedPoisson = false

  /// What a summary needs; the points of the curve and the fit itself are not stored.
  private enum CodingKeys: String, CodingKey {
    case number, sample, verdict, flags, model, estimates, models, covariance, substrateCorrected
    case contactModel
  }

  init(number: Int, sample: String, curve: ForceCurve) {
    self.number = number
    self.sample = sample
    self.curve = curve
  }

  /// A number in the unit of its result key, with its combined standard uncertainty.
  public func value(_ key: ForceKey) -> (value: Double, u: Double?)? {
    estimates[key].map { ($0.value / key.scale, $0.u.map { $0 / key.scale }) }
  }
}

/// The analysis of all curves of one file.
public struct ForceFileAnalysis: Sendable, Codable {
  /// The file.
  public var input: InputIdentity
  /// The sample of the file's curves.
  public var sample: String
  /// The curves in the order of their numbers.
  public var curves: [ForceCurveAnalysis]
  /// `{"curves": […]}` of the contract.
  public var result: ResultValue
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The steps from bytes to numbers.
  public var trace: TraceGraph
  /// Force against deflection, and the residual of the fit.
  public var figures: [Figure]
  /// Whether the curves were taken for those of a supported sample instead of a film.
  public var isSupportedSample: Bool { options.contactModel != nil }
  /// The options as they held for this file's sample.
  var options: ForceAnalysisOptions
}
