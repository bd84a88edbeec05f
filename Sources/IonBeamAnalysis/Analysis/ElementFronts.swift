internal import RealModule
internal import Tables

/// Where the elements' fronts would lie in a spectrum.
struct ElementFronts: Sendable {
  /// One element.
  struct Element: Sendable {
    var nuclei: TargetNuclei
    /// How common it is in films and foils; 1 for the usual ones.
    var prior: Double
    /// Its isotopes that scatter backward, heaviest first.
    var isotopes: [Line]
    /// The isotope that gives most counts.
    var main: Line
    /// K·E0 of the isotopes that the resolution does not tell from the main one, averaged, in keV.
    var blend: Double
  }
  /// One isotope.
  struct Line: Sendable {
    var name: String
    /// K.
    var kinematic: Double
    /// K·E0 in keV.
    var energy: Double
    /// Its part of the element's counts.
    var weight: Double
    var cross: ElasticCrossSection
  }

  let elements: [Element]
  let ion: Ion
  let energy: Double
  let geometry: BackscatteringGeometry
  let physics: BackscatteringPhysics

  private static let usual = [
    "Li", "B", "C", "N", "O", "F", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "K", "Ca", "Ti", "V",
    "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Zr", "Nb", "Mo", "Ag", "In", "Sn",
    "Hf", "Ta", "W", "Pt", "Au", "Pb", "Bi",
  ]
  private static let seldom = [
    "Be", "Sc", "Se", "Br", "Sr", "Y", "Ru", "Pd", "Cd", "Sb", "Te", "I", "Cs", "Ba", "La", "Ce",
    "Ir", "Ar",
  ]

  /// The elements of a list, or all that have natural isotopes.
  init(
    ion: Ion, energy: Double, geometry: BackscatteringGeometry, fwhm: Double,
    physics: BackscatteringPhysics, names: [String]?
  ) {
    self.ion = ion
    self.energy = energy
    self.geometry = geometry
    self.physics = physics
    let angle = geometry.scattering * Double.pi / 180
    elements = (names ?? Array(ChemicalElement.symbols.prefix(92))).compactMap { name in
      guard let nuclei = TargetNuclei(name) else { return nil }
      var lines: [Line] = []
      for (isotope, fraction) in zip(nuclei.isotopes, nuclei.fractions) where fraction > 0 {
        guard let cross = ElasticCrossSection(ion, isotope, angle: angle),
          let k = Kinematics.factor(ion: ion.mass, target: isotope.mass, angle: angle)
        else { continue }
        lines.append(
          Line(
            name: isotope.name, kinematic: k, energy: k * energy,
            weight: fraction * cross(energy, physics.screening), cross: cross))
      }
      let whole = lines.reduce(0) { $0 + $1.weight }
      guard whole > 0, let main = lines.max(by: { $0.weight < $1.weight }) else { return nil }
      for i in lines.indices { lines[i].weight /= whole }
      let near = lines.filter { ($0.energy - main.energy).magnitude < fwhm }
      let weight = near.reduce(0) { $0 + $1.weight }
      let prior: Double
      if names != nil || Self.usual.contains(name) {
        prior = 1
      } else if ["Ne", "Kr", "Xe"].contains(name) {
        prior = 0.0001
      } else {
        prior = Self.seldom.contains(name) ? 0.2 : 0.03
      }
      return Element(
        nuclei: nuclei, prior: prior, isotopes: lines.sorted { $0.energy > $1.energy },
        main: Line(
          name: main.name, kinematic: main.kinematic, energy: main.energy,
          weight: main.weight / whole, cross: main.cross),
        blend: near.reduce(0) { $0 + $1.weight * $1.energy } / weight)
    }
  }

  /// The energy of an ion that has crossed layers of elements, scattered from an element, and come back.
  ///
  /// - Parameters:
  ///   - film: Areal densities of elements above, in 1e15 at/cm2.
  ///   - kinematic: K of the scatterer.
  func buried(under film: [(atomicNumber: Int, amount: Double)], kinematic: Double) -> Double {
    let radian = Double.pi / 180
    let cosIn = Double.cos(geometry.incidence * radian)
    let cosOut = Double.cos(geometry.exitAngle * radian)
    guard cosIn > 0.01, cosOut > 0.01 else { return 0 }
    func stopping(_ e: Double) -> Double {
      film.reduce(0) { sum, part in
        sum + part.amount * (physics.stopping(ion, part.atomicNumber, max(e, 20)) ?? 0) / 1000
      }
    }
    // Twenty steps by the midpoint are exact to a fraction of a keV.
    var e = energy
    let pieces = 20.0
    for _ in 0..<20 {
      let half = e - 0.5 * stopping(e) / cosIn / pieces
      e -= stopping(half) / cosIn / pieces
      if e < 30 { return 0 }
    }
    e *= kinematic
    for _ in 0..<20 {
      let half = e - 0.5 * stopping(e) / cosOut / pieces
      e -= stopping(half) / cosOut / pieces
      if e < 10 { return 0 }
    }
    return e
  }

  /// Counts per keV at the front of an element that takes up a fraction of the atoms, for 1 sr of N·Omega.
  ///
  /// H = NΩ σ c / ([ε] cos α), with the stopping factor [ε] of the mixture.
  func height(_ element: Element, fraction: Double, others: [(Int, Double)]) -> Double {
    let radian = Double.pi / 180
    let cosIn = max(0.01, Double.cos(geometry.incidence * radian))
    let cosOut = max(0.01, Double.cos(geometry.exitAngle * radian))
    func stopping(_ e: Double) -> Double {
      others.reduce(0) { $0 + $1.1 * (physics.stopping(ion, $1.0, e) ?? 0) } / 1000
    }
    let k = element.main.kinematic
    let factor = k * stopping(energy) / cosIn + stopping(k * energy) / cosOut
    guard factor > 0 else { return 0 }
    let sigma = meanCrossSection(element, energy)
    return sigma * 1e-12 * fraction / (factor * cosIn)
  }

  /// The element's cross section in mb/sr at an energy in keV, averaged over its isotopes.
  func meanCrossSection(_ element: Element, _ energy: Double) -> Double {
    // Weights are counts; abundances are counts by cross section.
    let inverse = element.isotopes.reduce(0.0) {
      $0 + $1.weight / $1.cross(energy, physics.screening)
    }
    return inverse > 0 ? 1 / inverse : 0
  }
}
