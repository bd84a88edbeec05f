internal import Materials
internal import RealModule

/// Butler–Volmer kinetics of one metal at one overpotential.
///
/// R(e) = exp(−αFe/RT) − exp((1−α)Fe/RT); V = (i₀Vₘ/F)·R(e). Stress and capillarity shift the
/// overpotential: e = η − Vₘσₙ/F + VₘγK/F (Monroe and Newman, J. Electrochem. Soc. 151 (2004) A880).
struct PlatingKinetics: Hashable, Sendable {
  /// η in V, negative for plating.
  let overpotential: Double
  /// i₀ in A/m².
  let exchangeCurrentDensity: Double
  /// α.
  let transferCoefficient: Double
  /// T in K.
  let temperature: Double
  /// Vₘ in m³/mol.
  let molarVolume: Double
  /// γ of the metal and film in J/m².
  let surfaceEnergy: Double

  /// F/RT in 1/V.
  private var thermal: Double { PhysicalConstants.faraday / (PhysicalConstants.gas * temperature) }

  /// R(e), without unit.
  func rate(_ e: Double) -> Double {
    Double.exp(-transferCoefficient * thermal * e)
      - Double.exp((1 - transferCoefficient) * thermal * e)
  }

  /// χ(e) = α·exp(−αFe/RT) + (1−α)·exp((1−α)Fe/RT) = −(RT/F)·dR/de, without unit.
  func stiffness(_ e: Double) -> Double {
    transferCoefficient * Double.exp(-transferCoefficient * thermal * e)
      + (1 - transferCoefficient) * Double.exp((1 - transferCoefficient) * thermal * e)
  }

  /// R and dR/de (1/V) together.
  func rateAndSlope(_ e: Double) -> (rate: Double, slope: Double) {
    let forward = Double.exp(-transferCoefficient * thermal * e)
    let backward = Double.exp((1 - transferCoefficient) * thermal * e)
    let slope =
      -thermal * (transferCoefficient * forward + (1 - transferCoefficient) * backward)
    return (forward - backward, slope)
  }

  /// R(e) and χ(e) together.
  func rateAndStiffness(_ e: Double) -> (rate: Double, stiffness: Double) {
    let forward = Double.exp(-transferCoefficient * thermal * e)
    let backward = Double.exp((1 - transferCoefficient) * thermal * e)
    return (
      forward - backward,
      transferCoefficient * forward + (1 - transferCoefficient) * backward
    )
  }

  /// The nominal speed v₀ = (i₀Vₘ/F)·R(η) in nm/s.
  var nominalSpeed: Double {
    exchangeCurrentDensity * molarVolume / PhysicalConstants.faraday * rate(overpotential) * 1e9
  }

  /// Vₘ/F in V/MPa.
  var voltsPerStress: Double { molarVolume / PhysicalConstants.faraday * 1e6 }

  /// Vₘγ/F in V·nm.
  var voltsPerCurvature: Double { molarVolume * surfaceEnergy / PhysicalConstants.faraday * 1e9 }

  /// M·χ(η)·γ/v₀ in nm, with M = (i₀Vₘ/F)(Vₘ/RT): the constant capillarity over the nominal speed.
  var constantCapillarity: Double {
    stiffness(overpotential) * thermal * voltsPerCurvature / rate(overpotential)
  }

  /// M·χ(η)/v₀ in 1/MPa: the rate at which a normal stress slows plating, over the nominal speed.
  var linearMobility: Double {
    stiffness(overpotential) * thermal * voltsPerStress / rate(overpotential)
  }
}
