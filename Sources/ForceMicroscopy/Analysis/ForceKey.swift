internal import NumericalMethods
internal import Units

/// The numbers that an analysis of a force curve gives, by their result key.
public enum ForceKey: String, Hashable, Sendable, CaseIterable, Codable {
  case pretension, e2d
  case e2dFilm = "e2d_film"
  case modulus
  case bendingStiffness = "bending_stiffness"
  case youngModulus = "young_modulus"
  case workOfAdhesion = "work_of_adhesion"
  case initialStiffness = "initial_stiffness"
  case stiffness
  case secantStiffness = "secant_stiffness"
  case maxForce = "max_force"
  case adhesionForce = "adhesion_force"
  case maxDeflection = "max_deflection"
  case loadingWork = "loading_work"
  case unloadingWork = "unloading_work"
  case hysteresis
  case fractureForce = "fracture_force"
  case fractureDeflection = "fracture_deflection"
  case toughness
  case fractureForcePerThickness = "fracture_force_per_thickness"
  case toughnessPerThickness = "toughness_per_thickness"
  case linearStrength2D = "linear_strength_2d"
  case linearStrength = "linear_strength"

  /// The unit of the result, UCUM.
  public var ucum: String {
    switch self {
    case .pretension, .e2d, .e2dFilm, .initialStiffness, .stiffness, .secantStiffness,
      .fractureForcePerThickness, .linearStrength2D:
      "N/m"
    case .modulus, .linearStrength: "GPa"
    case .youngModulus: "Pa"
    case .workOfAdhesion: "mJ/m2"
    case .bendingStiffness, .loadingWork, .unloadingWork, .toughness: "fJ"
    case .maxForce, .adhesionForce, .fractureForce: "nN"
    case .maxDeflection, .fractureDeflection: "nm"
    case .hysteresis: "1"
    case .toughnessPerThickness: "uJ/m"
    }
  }

  /// The SI value of one unit of the result.
  var scale: Double {
    switch self {
    case .modulus, .linearStrength: 1e9
    case .bendingStiffness, .loadingWork, .unloadingWork, .toughness: 1e-15
    case .maxForce, .adhesionForce, .fractureForce, .maxDeflection, .fractureDeflection: 1e-9
    case .toughnessPerThickness: 1e-6
    case .workOfAdhesion: 1e-3
    default: 1
    }
  }

  /// Whether the number rests on the elastic fit, so that an undetermined fit takes it away from means.
  public var isElastic: Bool {
    switch self {
    case .pretension, .e2d, .e2dFilm, .modulus, .bendingStiffness, .linearStrength2D,
      .linearStrength, .youngModulus, .workOfAdhesion:
      true
    default: false
    }
  }

  /// How the number is computed, for the trace.
  var formula: String {
    switch self {
    case .pretension: "σ, a parameter of the fit"
    case .e2d: "Y, a parameter of the fit"
    case .e2dFilm: "Y − G (sheet taken off)"
    case .modulus: "E = (Y − G)/h"
    case .bendingStiffness: "D = [A h²/12 + (A G/(A + G)) h²/4]/(1 − ν²), A = Y − G"
    case .youngModulus: "E, a parameter of the fit"
    case .workOfAdhesion: "W, a parameter of the fit to the retract"
    case .initialStiffness:
      "dF/dδ of the fitted model at 1 % of the elastic limit (textbook: δ → 0)"
    case .stiffness: "dF/dδ of the fitted model at the elastic limit"
    case .secantStiffness: "F/δ of the fitted model at the elastic limit"
    case .maxForce: "greatest running median of five points of F on approach"
    case .adhesionForce: "−min F on retract; 0 within 5 × noise"
    case .maxDeflection: "greatest running median of five points of δ on approach, up to failure"
    case .loadingWork: "∫F dδ over δ > 0 of approach, up to failure (trapezoid rule)"
    case .unloadingWork: "∫F dδ over δ > 0 of retract (trapezoid rule)"
    case .hysteresis: "1 − unloading work/loading work"
    case .fractureForce: "straight line through the last ≤ 10 points before the drop, at the last"
    case .fractureDeflection:
      "δ of a straight line through the last ≤ 10 points before the drop, at the last"
    case .toughness: "∫F dδ from contact to the last point before the drop (trapezoid rule)"
    case .fractureForcePerThickness: "fracture force/h"
    case .toughnessPerThickness: "toughness/h"
    case .linearStrength2D: "√(F Y/4πR), membrane under a tip, linear elastic"
    case .linearStrength: "√(F Y/4πR)/h"
    }
  }
}

/// A number with its standard uncertainty, split by origin, in SI units.
public struct ForceEstimate: Hashable, Sendable, Codable {
  /// The value, SI.
  public var value: Double
  /// The part of the standard uncertainty that differs from curve to curve (noise of fit and force).
  public var uNoise: Double?
  /// The parts that all curves share, by input: the change of the value for one u of the input, with
  /// its sign.
  public var shared: [SharedInput: Double]

  /// The systematic part of the standard uncertainty.
  public var uSystematic: Double {
    SharedInput.allCases.reduce(0) { s, k in
      let x = shared[k] ?? 0
      return s + x * x
    }.squareRoot()
  }

  /// The combined standard uncertainty; nil where the noise part is not known.
  public var u: Double? {
    uNoise.map { ($0 * $0 + uSystematic * uSystematic).squareRoot() }
  }
}

extension ForceEstimate {
  /// The numbers with their uncertainties: by the covariance of the parameters, by the noise that
  /// enters a number directly, and by the shared inputs.
  ///
  /// Hysteresis takes its direct noise from both works.
  static func combined(
    _ base: [ForceKey: Double], gradients: [ForceKey: [Double]], covariance: DenseMatrix?,
    direct: [ForceKey: Double], shared: [ForceKey: [SharedInput: Double]]
  ) -> [ForceKey: ForceEstimate] {
    var result: [ForceKey: ForceEstimate] = [:]
    for (key, value) in base where value.isFinite {
      var variance = (direct[key] ?? 0) * (direct[key] ?? 0)
      if key == .hysteresis, let load = base[.loadingWork], let unload = base[.unloadingWork],
        load > 0
      {
        let byLoad = unload / (load * load) * (direct[.loadingWork] ?? 0)
        let byUnload = (direct[.unloadingWork] ?? 0) / load
        variance = byLoad * byLoad + byUnload * byUnload
      }
      if let g = gradients[key], let c = covariance {
        for i in g.indices {
          for j in g.indices { variance += g[i] * c[i, j] * g[j] }
        }
      }
      let known = covariance != nil && variance.isFinite && variance >= 0
      result[key] = ForceEstimate(
        value: value, uNoise: known ? variance.squareRoot() : nil, shared: shared[key] ?? [:])
    }
    return result
  }
}

/// Inputs that all curves of a batch share.
public enum SharedInput: String, Hashable, Sendable, CaseIterable, Codable {
  case springConstant = "spring_constant"
  case invOLS = "invols"
  case holeRadius = "hole_radius"
  case tipRadius = "tip_radius"
  case poisson = "poisson_ratio"
  case thickness
  case halfAngle = "half_angle"
  case sheet = "substrate_e2d"
}
