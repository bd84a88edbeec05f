internal import FilmElasticity
internal import Materials
internal import RealModule
internal import Units

extension PlateCase {
  /// The growth rate ω in 1/s of a small wave; see ``SweptPlating/growthRate(_:files:wavelength:conductivity:)``.
  func growthRate(wavelength: Double, conductivity: Double) -> Double {
    let k = 2 * Double.pi / wavelength
    let thickness = film.thickness.value.si
    let kinetics = kinetics
    let strip = FilmStrip(
      thickness: thickness, youngModulus: film.modulus.modulus.value.si,
      poissonRatio: film.poissonRatio.value.si, base: base)
    let response = FilmOnMetal(
      film: strip, metalPlaneStrainModulus: metalCompliance ? metal.planeStrainModulus.si : nil
    ).response(wavenumber: k)
    let chi = kinetics.stiffness(overpotential.si)
    let thermalVoltage =
      PhysicalConstants.gas * temperature.si / PhysicalConstants.faraday
    let spread = k / Double.tanh(k * thickness)
    let wagner =
      conductivity * thermalVoltage / (exchangeCurrentDensity.si * chi) * spread
    let speed = kinetics.nominalSpeed * 1e-9
    // M·χ with M = (i₀Vₘ/F)(Vₘ/RT), in m/(s·Pa).
    let molarVolume = metal.molarVolume.value.si
    let mobility =
      exchangeCurrentDensity.si * molarVolume / PhysicalConstants.faraday * molarVolume
      / (PhysicalConstants.gas * temperature.si) * chi
    let stiffness = response + metal.surfaceEnergy.value.si * k * k
    return speed * spread / (1 + wagner) - wagner / (1 + wagner) * mobility * stiffness
  }
}
