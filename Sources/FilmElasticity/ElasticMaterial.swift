/// An isotropic elastic material in plane strain.
public struct ElasticMaterial: Hashable, Sendable {
  /// Young's modulus E in Pa.
  public var youngModulus: Double
  /// Poisson's ratio ν.
  public var poissonRatio: Double

  /// A material of Young's modulus in Pa and Poisson's ratio in (−1, ½).
  public init(youngModulus: Double, poissonRatio: Double) {
    self.youngModulus = youngModulus
    self.poissonRatio = poissonRatio
  }

  /// The plane-strain modulus E/(1 − ν²) in Pa.
  public var planeStrainModulus: Double { youngModulus / (1 - poissonRatio * poissonRatio) }

  /// The shear modulus μ = E/2(1 + ν) in Pa.
  public var shearModulus: Double { youngModulus / (2 * (1 + poissonRatio)) }

  /// Lamé's first constant λ = Eν/((1 + ν)(1 − 2ν)) in Pa.
  public var lameModulus: Double {
    youngModulus * poissonRatio / ((1 + poissonRatio) * (1 - 2 * poissonRatio))
  }

  /// The stress of a strain: σ = λ tr ε + 2μ ε.
  public func stress(_ strain: PlaneStrain) -> PlaneStress {
    let trace = lameModulus * (strain.xx + strain.yy)
    return PlaneStress(
      xx: trace + 2 * shearModulus * strain.xx, yy: trace + 2 * shearModulus * strain.yy,
      xy: shearModulus * strain.shear)
  }
}

/// A strain in the plane.
public struct PlaneStrain: Hashable, Sendable {
  /// The normal strains.
  public var xx: Double, yy: Double
  /// The engineering shear strain ∂u/∂y + ∂v/∂x.
  public var shear: Double

  /// A strain from its components.
  public init(xx: Double, yy: Double, shear: Double) {
    self.xx = xx
    self.yy = yy
    self.shear = shear
  }
}

/// A stress in the plane, in Pa.
public struct PlaneStress: Hashable, Sendable {
  /// The components in Pa.
  public var xx: Double, yy: Double, xy: Double

  /// A stress from its components in Pa.
  public init(xx: Double, yy: Double, xy: Double) {
    self.xx = xx
    self.yy = yy
    self.xy = xy
  }

  /// The von Mises stress in plane strain in Pa, for a Poisson's ratio.
  public func vonMises(poissonRatio nu: Double) -> Double {
    let zz = nu * (xx + yy)
    let a = xx - yy
    let b = yy - zz
    let c = zz - xx
    return ((a * a + b * b + c * c) / 2 + 3 * xy * xy).squareRoot()
  }
}
