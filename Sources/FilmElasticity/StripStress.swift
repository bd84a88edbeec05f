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

extension FilmStrip {
  /// The stress inside the film at a height in m above its base, for a wavenumber in 1/m.
  ///
  /// In t = k(h − y) the Airy function that leaves the top free of traction is
  /// P(t cosh t − sinh t) + Q·t sinh t; P and Q follow from the base (f = S/k² there, and no shear or
  /// no stretch). Heights outside the film are taken at its nearer face.
  public func stress(wavenumber k: Double, height: Double) -> StripStress {
    guard k > 0 else { return StripStress(xx: 0, yy: 0, xy: 0) }
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
    return StripStress(xx: amplitude * second, yy: -amplitude * value, xy: -amplitude * first)
  }
}
