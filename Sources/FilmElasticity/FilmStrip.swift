/// How the base of a film follows the metal under it.
public enum FilmBase: String, Hashable, Sendable, CaseIterable {
  /// The base slides without shear.
  case lubricated
  /// The base has no tangential motion.
  case bonded
}

/// An elastic film as a flat strip in plane strain: traction-free on top, displaced at its base.
///
/// The base at y = 0 is pushed up by ẑ·cos kx; the strip answers with the normal stress
/// σ̂ₙ = −S(k)·ẑ, so a bump is compressed (tension is positive). The solution is the Airy stress
/// function (A + By) cosh ky + (C + Dy) sinh ky of Timoshenko and Goodier, Theory of Elasticity, §24.
public struct FilmStrip: Hashable, Sendable {
  /// The thickness h in m.
  public var thickness: Double
  /// Young's modulus E in Pa.
  public var youngModulus: Double
  /// Poisson's ratio ν.
  public var poissonRatio: Double
  /// How the base follows the metal.
  public var base: FilmBase

  /// A strip of a thickness in m, Young's modulus in Pa and Poisson's ratio in (−1, ½).
  public init(
    thickness: Double, youngModulus: Double, poissonRatio: Double, base: FilmBase = .lubricated
  ) {
    self.thickness = thickness
    self.youngModulus = youngModulus
    self.poissonRatio = poissonRatio
    self.base = base
  }

  /// The plane-strain modulus E/(1 − ν²) in Pa.
  public var planeStrainModulus: Double { youngModulus / (1 - poissonRatio * poissonRatio) }

  /// The response S(k) in Pa/m at a wavenumber in 1/m; a uniform displacement (k = 0) gives none.
  ///
  /// With x = kh: lubricated, S = (E′k/2)(sinh²x − x²)/(sinh x cosh x + x); bonded,
  /// S = Ek(1−ν)(sinh 2x − 2x)/{(1+ν)[x² + (3−4ν)cosh²x + (1−2ν)²]}. Good to 1e-12 of its value
  /// at any x.
  public func response(wavenumber k: Double) -> Double {
    guard k > 0 else { return 0 }
    let f = ScaledStripFunctions(k * thickness)
    switch base {
    case .lubricated:
      return planeStrainModulus * k / 2 * f.squareDifference / f.productSum
    case .bonded:
      let nu = poissonRatio
      let square = (1 - 2 * nu) * (1 - 2 * nu)
      let bracket = f.decayedSquare + (3 - 4 * nu) * f.coshSquare + square * f.decay
      return youngModulus * k * (1 - nu) * f.doubleDifference / ((1 + nu) * bracket)
    }
  }

  /// The amplitude of σ_xx at the base in Pa/m of base displacement, at a wavenumber in 1/m.
  ///
  /// Lubricated: −(E′k/2)(sinh²x + x²)/(sinh x cosh x + x), which becomes −E′k²h/2 (bending) for thin
  /// films. Bonded: the base does not stretch, so σ_xx = σ_yy·ν/(1−ν).
  public func baseTangentialStress(wavenumber k: Double) -> Double {
    guard k > 0 else { return 0 }
    switch base {
    case .lubricated:
      let f = ScaledStripFunctions(k * thickness)
      return -planeStrainModulus * k / 2 * f.squareSum / f.productSum
    case .bonded:
      return -response(wavenumber: k) * poissonRatio / (1 - poissonRatio)
    }
  }
}
