internal import RealModule

/// How electrons screen the nuclei.
public enum Screening: String, Hashable, Sendable, CaseIterable, Codable {
  /// Andersen et al., Phys. Rev. A 21 (1980) 1891.
  case andersen
  /// L'Ecuyer, Davies, Matsunami, Nucl. Instrum. Methods 160 (1979) 337.
  case lecuyer
  /// Bare nuclei.
  case none
}

/// The Rutherford cross section of one ion and nucleus at one laboratory angle.
///
/// Everything that does not depend on the energy is computed once.
public struct ElasticCrossSection: Hashable, Sendable {
  /// e²/4πε₀ in keV·cm.
  static let coulomb = 1.4399645352e-10
  /// σ E² in mb/sr keV².
  private let scale: Double
  /// Centre-of-mass energy over laboratory energy.
  private let centreOfMass: Double
  /// sin(θc/2).
  private let halfSine: Double
  /// v·Ec of Andersen's formula, and the product of L'Ecuyer's, in keV.
  private let andersen: Double
  private let lecuyer: Double

  /// The cross section of an ion on a nucleus; nil where it cannot be scattered to the angle.
  ///
  /// - Parameters:
  ///   - ion: The ion.
  ///   - target: The isotope.
  ///   - angle: The scattering angle in radians, laboratory.
  public init?(_ ion: Ion, _ target: Isotope, angle: Double) {
    guard Kinematics.factor(ion: ion.mass, target: target.mass, angle: angle) != nil else {
      return nil
    }
    let z1 = Double(ion.atomicNumber)
    let z2 = Double(target.atomicNumber)
    let r = ion.mass / target.mass
    let sine = r * Double.sin(angle)
    guard sine.magnitude < 1 else { return nil }
    let thetaC = angle + Double.asin(sine)
    centreOfMass = target.mass / (ion.mass + target.mass)
    halfSine = Double.sin(thetaC / 2)
    let cosine = Double.cos(thetaC)
    let jacobian = Double.pow(1 + r * r + 2 * r * cosine, 1.5) / (1 + r * cosine).magnitude
    let charge = z1 * z2 * Self.coulomb / (4 * centreOfMass)
    let s2 = halfSine * halfSine
    // 1 mb = 1e-27 cm².
    scale = charge * charge / (s2 * s2) * jacobian * 1e27
    andersen =
      0.04873 * z1 * z2 * (Double.pow(z1, 2.0 / 3) + Double.pow(z2, 2.0 / 3)).squareRoot()
    lecuyer = 0.04873 * z1 * Double.pow(z2, 4.0 / 3)
  }

  /// The unscreened cross section in mb/sr at a laboratory energy in keV.
  public func rutherford(_ energy: Double) -> Double { scale / (energy * energy) }

  /// The factor by which electrons lower the cross section at a laboratory energy in keV.
  public func screening(_ model: Screening, _ energy: Double) -> Double {
    let centre = energy * centreOfMass
    switch model {
    case .none: return 1
    case .lecuyer: return 1 - lecuyer / centre
    case .andersen:
      let v = andersen / centre
      let top = 1 + v / 2
      let side = v / (2 * halfSine)
      let bottom = 1 + v + side * side
      return top * top / (bottom * bottom)
    }
  }

  /// The screened cross section in mb/sr at a laboratory energy in keV.
  public func callAsFunction(_ energy: Double, _ model: Screening) -> Double {
    rutherford(energy) * screening(model, energy)
  }
}
