extension Quantity where D == Energy {
  /// Planck's constant times the speed of light in J·m, both exact in the SI of 2019.
  private static var planckTimesLight: Double { 6.62607015e-34 * 299_792_458 }

  /// The wavelength in vacuum of a photon of this energy, λ = hc/E; nil for energies that are not positive.
  public var photonWavelength: Quantity<Length>? {
    si > 0 ? Quantity<Length>(si: Self.planckTimesLight / si) : nil
  }

  /// The energy of a photon, E = hc/λ; nil for wavelengths that are not positive.
  public init?(photonWavelength wavelength: Quantity<Length>) {
    guard wavelength.si > 0 else { return nil }
    si = Self.planckTimesLight / wavelength.si
  }
}
