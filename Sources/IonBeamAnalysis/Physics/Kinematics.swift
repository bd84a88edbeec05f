internal import RealModule

/// Elastic scattering of an ion by a nucleus at rest.
public enum Kinematics {
  /// The fraction K of its energy that an ion keeps; nil where it cannot be scattered to that angle.
  ///
  /// K = [(m1 cos θ + √(m2² − m1² sin² θ)) / (m1 + m2)]² (Chu, Mayer, Nicolet, Backscattering
  /// Spectrometry, 1978, eq. 2.1). A nucleus lighter than the ion scatters it only to angles below
  /// asin(m2/m1), and is nil beyond.
  ///
  /// - Parameters:
  ///   - ion: The mass of the ion in u.
  ///   - target: The mass of the nucleus in u.
  ///   - angle: The scattering angle θ in radians, laboratory.
  public static func factor(ion: Double, target: Double, angle: Double) -> Double? {
    let sine = ion * Double.sin(angle)
    let under = target * target - sine * sine
    guard ion > 0, target > 0, under >= 0 else { return nil }
    let numerator = ion * Double.cos(angle) + under.squareRoot()
    guard numerator > 0, target > ion || angle < Double.pi / 2 else { return nil }
    let ratio = numerator / (ion + target)
    return ratio * ratio
  }
}
