internal import RealModule

/// Nuclear stopping by the universal potential (Ziegler, Biersack, Littmark 1985).
public enum NuclearStopping {
  /// The cross section in eV/(1e15 at/cm2) of an element, averaged over its isotopes.
  ///
  /// - Parameters:
  ///   - ion: The ion.
  ///   - target: The nuclei of the target.
  ///   - energy: The energy of the ion in keV, above 0.
  public static func value(_ ion: Ion, _ target: TargetNuclei, _ energy: Double) -> Double {
    let z1 = Double(ion.atomicNumber)
    let z2 = Double(target.atomicNumber)
    let reach = Double.pow(z1, 0.23) + Double.pow(z2, 0.23)
    var sum = 0.0
    for (isotope, fraction) in zip(target.isotopes, target.fractions) {
      let masses = ion.mass + isotope.mass
      let reduced = 32.53 * isotope.mass * energy / (z1 * z2 * masses * reach)
      sum += fraction * 8.462 * z1 * z2 * ion.mass / (masses * reach) * universal(reduced)
    }
    return sum
  }

  /// The reduced stopping s_n of the reduced energy ε.
  static func universal(_ energy: Double) -> Double {
    guard energy < 30 else { return Double.log(energy) / (2 * energy) }
    let logarithm = Double.log(energy)
    let bottom =
      energy + 0.01321 * Double.exp(0.21226 * logarithm) + 0.19593 * energy.squareRoot()
    return Double.log(onePlus: 1.1383 * energy) / (2 * bottom)
  }
}
