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
    leaving(film, amount: 1, from: kinematic * entering(film, amount: 1))
  }

  /// The energy with which an ion of the beam reaches a depth; 0 where it stops before.
  ///
  /// - Parameters:
  ///   - film: What it crosses, in parts.
  ///   - amount: By how much the parts are multiplied, in 1e15 at/cm2.
  func entering(_ film: [(atomicNumber: Int, amount: Double)], amount: Double) -> Double {
    let cosine = Double.cos(geometry.incidence * Double.pi / 180)
    guard cosine > 0.01 else { return 0 }
    return slowed(energy, film, amount / cosine, least: 30)
  }

  /// The energy with which a scattered ion comes back from a depth; 0 where it stops before.
  private func leaving(
    _ film: [(atomicNumber: Int, amount: Double)], amount: Double, from start: Double
  ) -> Double {
    let cosine = Double.cos(geometry.exitAngle * Double.pi / 180)
    guard cosine > 0.01, start > 0 else { return 0 }
    return slowed(start, film, amount / cosine, least: 10)
  }

  /// Twenty steps by the midpoint are exact to a fraction of a keV.
  private func slowed(
    _ start: Double, _ film: [(atomicNumber: Int, amount: Double)], _ path: Double, least: Double
  ) -> Double {
    func loss(_ e: Double) -> Double {
      film.reduce(0) { sum, part in
        sum + part.amount * (physics.stopping(ion, part.atomicNumber, max(e, 20)) ?? 0)
      } * path / 20_000
    }
    var e = start
    for _ in 0..<20 {
      e -= loss(e - 0.5 * loss(e))
      if e < least { return 0 }
    }
    return e
  }

  /// The depth in 1e15 at/cm2 of a mixture from which scattered ions come back with an energy.
  func depth(
    of seen: Double, in mixture: [(atomicNumber: Int, amount: Double)], kinematic: Double
  ) -> Double {
    let loss = kinematic * energy - seen
    guard loss > 0 else { return 0 }
    func lost(_ depth: Double) -> Double {
      let e = leaving(
        mixture, amount: depth, from: kinematic * entering(mixture, amount: depth))
      return kinematic * energy - e
    }
    // Loss is nearly proportional to depth.
    let little = 10.0
    var depth = loss * little / max(lost(little), 1e-9)
    for _ in 0..<6 {
      let reached = lost(depth)
      guard reached > 0, reached < kinematic * energy else {
        depth *= 0.7
        continue
      }
      depth *= loss / reached
    }
    return depth.isFinite ? depth : 0
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
