/// The model of a tip that is pressed into a supported sample.
public enum ContactModel: String, Hashable, Sendable, CaseIterable, Codable {
  /// A paraboloid of tip radius R on a half space (Hertz); with a thickness, on a bonded layer.
  case hertzSphere = "hertz-sphere"
  /// A cone, by the angle between its side and its axis.
  case hertzCone = "hertz-cone"
  /// A four-sided pyramid, by the angle between its faces and its axis.
  case hertzPyramid = "hertz-pyramid"
  /// A rigid sphere at any depth (Sneddon).
  case sphere
  /// A paraboloid with adhesion outside the contact (Derjaguin, Muller, Toporov).
  case dmt
  /// A paraboloid with adhesion inside the contact (Johnson, Kendall, Roberts).
  case jkr

  /// Whether the model needs the angle of the tip instead of its radius.
  public var needsHalfAngle: Bool { self == .hertzCone || self == .hertzPyramid }

  /// Whether the model has a work of adhesion; such models are fitted to the retract.
  public var isAdhesive: Bool { self == .dmt || self == .jkr }

  /// The force law, for the trace.
  var formula: String {
    switch self {
    case .hertzSphere: "F = 4/3 E/(1 − ν²) √R δ^1.5"
    case .hertzCone: "F = 2/π tan α E/(1 − ν²) δ²"
    case .hertzPyramid: "F = 0.7453 tan α E/(1 − ν²) δ²"
    case .sphere:
      "F = E/(1 − ν²) [(a² + R²)/2 ln((R + a)/(R − a)) − aR], δ = a/2 ln((R + a)/(R − a))"
    case .dmt: "F = 4/3 E/(1 − ν²) √R δ^1.5 − 2πRW"
    case .jkr: "F = 4E*a³/3R − √(8πWE*a³), δ = a²/R − √(2πWa/E*), E* = E/(1 − ν²)"
    }
  }

  /// Where the law comes from.
  var reference: String {
    switch self {
    case .hertzSphere, .hertzCone, .sphere: "I. N. Sneddon, Int. J. Eng. Sci. 3 (1965) 47"
    case .hertzPyramid: "G. G. Bilodeau, J. Appl. Mech. 59 (1992) 519"
    case .dmt:
      "B. V. Derjaguin, V. M. Muller, Yu. P. Toporov, J. Colloid Interface Sci. 53 (1975) 314"
    case .jkr: "K. L. Johnson, K. Kendall, A. D. Roberts, Proc. R. Soc. A 324 (1971) 301"
    }
  }
}

/// What a contact model needs besides the parameters of the fit, SI units.
struct ContactInputs: Hashable, Sendable {
  /// The spring constant; nil for a reduced curve.
  var springConstant: Double?
  /// The radius of the tip.
  var tipRadius: Double?
  /// The angle between side (cone) or face (pyramid) and axis, in radians.
  var halfAngle: Double?
  /// The Poisson ratio of the sample.
  var poisson: Double
  /// The thickness of a layer that is bonded to a rigid base; nil for a half space.
  var thickness: Double?
}
