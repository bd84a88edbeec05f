internal import RealModule

/// The stress amplitudes inside a strip for one wavenumber, in Pa per m of base displacement.
public struct StripStress: Hashable, Sendable {
  /// The amplitude of σ_xx, which varies as cos kx.
  public var xx: Double
  /// The amplitude of σ_yy, which varies as cos kx.
  public var yy: Double
  /// The amplitude of σ_xy, which varies as sin kx.
  public var xy: Double
}

/// The displacement amplitudes inside a strip for one wavenumber, per displacement of its base.
public struct StripDisplacement: Hashable, Sendable {
  /// The amplitude along the strip, which varies as sin kx.
  public var x: Double
  /// The amplitude across the strip, which varies as cos kx.
  public var y: Double
}

/// The Airy function of a strip and its derivatives by t = k(h − y), over the base's displacement.
private struct StripPotential {
  /// S(k) in Pa/m times the function and its derivatives.
  var value = 0.0, first = 0.0, second = 0.0, third = 0.0
}

extension FilmStrip {
  /// The stress inside the film at a height in m above its base, for a wavenumber in 1/m.
  ///
  /// In t = k(h − y) the Airy function that leaves the top free of traction is
  /// P(t cosh t − sinh t) + Q·t sinh t; P and Q follow from the base (f = S/k² there, and no shear or
  /// no stretch). Heights outside the film are taken at its nearer face.
  public func stress(wavenumber k: Double, height: Double) -> StripStress {
    guard k > 0 else { return StripStress(xx: 0, yy: 0, xy: 0) }
    let potential = potential(wavenumber: k, height: height)
    return StripStress(xx: potential.second, yy: -potential.value, xy: -potential.first)
  }

  /// The displacement inside the film at a height in m above its base, for a wavenumber in 1/m.
  ///
  /// From the stress by Hooke's law in plane strain: u = (σ_xx − r·σ_yy)/E′k with r = ν/(1 − ν), and v
  /// from ∂u/∂y + ∂v/∂x = σ_xy/G. At the base v is 1; a uniform displacement (k = 0) moves all alike.
  public func displacement(wavenumber k: Double, height: Double) -> StripDisplacement {
    guard k > 0 else { return StripDisplacement(x: 0, y: 1) }
    let potential = potential(wavenumber: k, height: height)
    let nu = poissonRatio
    let stiffness = planeStrainModulus * k
    return StripDisplacement(
      x: (potential.second + nu / (1 - nu) * potential.value) / stiffness,
      y: ((2 - nu) / (1 - nu) * potential.first - potential.third) / stiffness)
  }

  /// S(k) times the Airy function that leaves the top free, and its derivatives.
  private func potential(wavenumber k: Double, height: Double) -> StripPotential {
    let x = k * thickness
    let t = k * (thickness - min(max(height, 0), thickness))
    let f = ScaledStripFunctions(x)
    // cosh and sinh at the base, times e^(−x)
    let c = (1 + Double.exp(-2 * x)) / 2
    let s = -Double.expMinusOne(-2 * x) / 2
    let amplitude = response(wavenumber: k)
    let p: Double
    let q: Double
    switch base {
    case .lubricated:
      p = -(s + x * c) / f.squareDifference
      q = x * s / f.squareDifference
    case .bonded:
      let ratio = poissonRatio / (1 - poissonRatio)
      let difference = ScaledStripFunctions.tCoshMinusSinh(x, scale: x)
      p = -(2 * c + x * s + ratio * x * s) / f.doubleDifference
      q = (ratio * difference + s + x * c) / f.doubleDifference
    }
    // cosh t and sinh t times e^(−x): p and q carry the other e^(−x)
    let ct = (Double.exp(t - x) + Double.exp(-t - x)) / 2
    let st = -Double.expMinusOne(-2 * t) / 2 * Double.exp(t - x)
    let dt = ScaledStripFunctions.tCoshMinusSinh(t, scale: x)
    let value = p * dt + q * t * st
    let first = p * t * st + q * (st + t * ct)
    let second = p * (st + t * ct) + q * (2 * ct + t * st)
    let third = p * (2 * ct + t * st) + q * (3 * st + t * ct)
    return StripPotential(
      value: amplitude * value, first: amplitude * first, second: amplitude * second,
      third: amplitude * third)
  }
}
