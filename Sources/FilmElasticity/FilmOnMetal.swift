/// A film in series with the elastic metal half-space under it.
///
/// The share of the shape that the metal takes up does not reach the film:
/// 1/S_eff = 1/S + 2/(E′_m·k). Without a metal modulus the metal is rigid.
public struct FilmOnMetal: Hashable, Sendable {
  /// The film.
  public var film: FilmStrip
  /// The plane-strain modulus of the metal E_m/(1 − ν_m²) in Pa; nil for a rigid metal.
  public var metalPlaneStrainModulus: Double?

  /// A film on a metal; `metalPlaneStrainModulus` in Pa, nil for a rigid metal.
  public init(film: FilmStrip, metalPlaneStrainModulus: Double?) {
    self.film = film
    self.metalPlaneStrainModulus = metalPlaneStrainModulus
  }

  /// The response S_eff(k) in Pa/m at a wavenumber in 1/m.
  public func response(wavenumber k: Double) -> Double {
    film.response(wavenumber: k) * filmShare(wavenumber: k)
  }

  /// The share of the displacement that the film takes, S_eff/S; 1 over a rigid metal.
  public func filmShare(wavenumber k: Double) -> Double {
    guard k > 0, let metal = metalPlaneStrainModulus else { return 1 }
    return 1 / (1 + 2 * film.response(wavenumber: k) / (metal * k))
  }

  /// The amplitude of σ_xx at the film's base in Pa/m of interface height, at a wavenumber in 1/m.
  public func baseTangentialStress(wavenumber k: Double) -> Double {
    film.baseTangentialStress(wavenumber: k) * filmShare(wavenumber: k)
  }
}
