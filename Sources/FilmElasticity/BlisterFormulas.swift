internal import RealModule

/// Plates and beams on elastic foundations, by the formulas of beam theory.
public enum BlisterFormulas {
  /// The deflection in m in the middle of a strip that a pressure lifts off a Winkler foundation.
  ///
  /// The pressure acts for |x| ≤ a; beyond, springs of K per area hold the strip. With D = E′h³/12 and
  /// λ = (K/4D)^¼ the plate equation is solved on both sides of a with continuous deflection, slope,
  /// moment and shear (M. Hetényi, Beams on Elastic Foundation, 1946).
  public static func winklerBlister(
    pressure p: Double, halfLength a: Double, thickness h: Double, stiffness: Double,
    material: ElasticMaterial
  ) -> Double {
    let d = material.planeStrainModulus * h * h * h / 12
    let lambda = Double.pow(stiffness / (4 * d), 0.25)
    let b =
      (p * a / (2 * lambda * lambda * d) - p * a * a * a / (3 * d))
      / (2 * lambda * (1 + lambda * a))
    let first = p * a / (2 * lambda * lambda * lambda * d) - b
    let second = -lambda * lambda * b - p * a * a / (4 * d)
    return first - second * a * a - p * a * a * a * a / (24 * d)
  }

  /// The length 1/λ in m over which a foundation of K per area holds a plate of stiffness D in N·m.
  public static func foundationLength(stiffness: Double, plateStiffness d: Double) -> Double {
    Double.pow(4 * d / stiffness, 0.25)
  }

  /// The openings in m of a double cantilever beam at its load points: 2Pa³/3EI with clamped arms, and
  /// times 1 + 3/λa + 3/(λa)² + 3/2(λa)³ on a foundation, λ = (Kb/4EI)^¼.
  public static func doubleCantilever(
    load: Double, crackLength a: Double, youngModulus: Double, width: Double, thickness: Double,
    stiffness: Double
  ) -> (clamped: Double, onFoundation: Double) {
    let inertia = width * thickness * thickness * thickness / 12
    let clamped = 2 * load * a * a * a / (3 * youngModulus * inertia)
    let x = a * Double.pow(stiffness * width / (4 * youngModulus * inertia), 0.25)
    return (clamped, clamped * (1 + 3 / x + 3 / (x * x) + 3 / (2 * x * x * x)))
  }
}
