internal import RealModule

/// How opening and sliding act together on the interface.
public enum MixedMode: String, Hashable, Sendable, CaseIterable {
  /// One effective opening √(⟨δₙ⟩² + δₜ²) with one strength and energy.
  case effective
  /// Benzeggagh and Kenane's energy between opening and shear.
  case bk
  /// The power law of energies and the quadratic law of strengths.
  case power
}

/// A bilinear cohesive law: traction rises with stiffness K to the strength, then falls to zero.
///
/// δ = √(⟨δₙ⟩² + δₜ²), K = σ_c/δ₀, δ_f = 2G_c/σ_c, d = δ_f(δ − δ₀)/[δ(δ_f − δ₀)], t = (1 − d)Kδ;
/// in contact (δₙ < 0) the normal traction is Kδₙ, undamaged. A. Turon et al., Mech. Mater. 38 (2006)
/// 1072, for the mixed modes.
public struct CohesiveLaw: Hashable, Sendable {
  /// The greatest traction σ_c in Pa.
  public var strength: Double
  /// The energy of separation G_c in J/m².
  public var energy: Double
  /// The opening δ₀ at the greatest traction in m.
  public var onsetOpening: Double
  /// How opening and sliding act together.
  public var mixedMode = MixedMode.effective
  /// The shear strength in Pa; used by the laws that tell the modes apart.
  public var shearStrength: Double
  /// The shear energy in J/m²; used by the laws that tell the modes apart.
  public var shearEnergy: Double
  /// The exponent of the mixed-mode law.
  public var exponent = 1.0

  /// A law with one strength in Pa, energy in J/m² and onset in m for both modes.
  public init(strength: Double, energy: Double, onsetOpening: Double) {
    self.strength = strength
    self.energy = energy
    self.onsetOpening = onsetOpening
    shearStrength = strength
    shearEnergy = energy
  }

  /// The stiffness K in Pa/m before damage.
  public var stiffness: Double { strength / onsetOpening }

  /// The opening at which the interface has lost all traction, in mode I, in m.
  public var failureOpening: Double { 2 * energy / strength }

  /// The answer of the interface at one point.
  public struct Response: Hashable, Sendable {
    /// The tractions that pull the film back, in Pa.
    public var normal: Double, shear: Double
    /// The damage.
    public var damage: Double
    /// The slopes of the tractions in Pa/m, or their secants where `secant` was asked for.
    var nn: Double, nt: Double, tt: Double
  }

  /// Onset and failure opening for a share of shear B = δₜ²/δ².
  private func openings(shearShare b: Double) -> (onset: Double, failure: Double) {
    let k = stiffness
    switch mixedMode {
    case .effective: return (onsetOpening, failureOpening)
    case .bk:
      let weight = Double.pow(b, exponent)
      let shearOnset = shearStrength / k
      let square =
        onsetOpening * onsetOpening
        + (shearOnset * shearOnset - onsetOpening * onsetOpening) * weight
      let onset = square.squareRoot()
      return (onset, 2 * (energy + (shearEnergy - energy) * weight) / (k * onset))
    case .power:
      let ratio = strength / shearStrength
      let onset = onsetOpening / (1 - b + b * ratio * ratio).squareRoot()
      let sum =
        Double.pow((1 - b) / energy, exponent) + Double.pow(b / shearEnergy, exponent)
      return (onset, 2 * Double.pow(sum, -1 / exponent) / (k * onset))
    }
  }

  /// The tractions at an opening and a slip in m, for the damage that was there before.
  ///
  /// - Parameter secant: gives the secant stiffness in place of the slopes.
  public func respond(
    opening: Double, slip: Double, damage before: Double, secant: Bool = false
  ) -> Response {
    let k = stiffness
    let open = max(opening, 0)
    let effective = (open * open + slip * slip).squareRoot()
    var damage = before
    var slope = 0.0
    if effective > 0 {
      let (onset, failure) = openings(shearShare: slip * slip / (effective * effective))
      if effective > onset {
        let now = min(1, failure * (effective - onset) / (effective * (failure - onset)))
        if now > before {
          damage = now
          // −K·∂d/∂δ/δ, the factor of δ⃗δ⃗ᵀ in the slope
          if now < 1 {
            slope = -k * failure * onset / (effective * effective * effective * (failure - onset))
          }
        }
      }
    }
    let held = (1 - damage) * k
    let normalStiffness = opening < 0 ? k : held
    var response = Response(
      normal: normalStiffness * opening, shear: held * slip, damage: damage,
      nn: normalStiffness, nt: 0, tt: held)
    if !secant {
      response.nn += slope * open * open
      response.nt = slope * open * slip
      response.tt += slope * slip * slip
    }
    return response
  }
}
