internal import RealModule
public import Tables
internal import Units

/// The physics of one ion and one target: what `rbs physics` prints.
///
/// Kinematic factor, edge, cross section and screening are those of the isotope named, or of the most
/// abundant one; stopping is the element's. Nuclei that cannot scatter the ion to the angle have no
/// edge and no cross section.
public struct TargetPhysics: Hashable, Sendable {
  /// The target as it was named: `C`, `12C`.
  public var target: String
  /// The fraction of its energy that the ion keeps; nil where the nucleus is too light.
  ///
  /// Chu, Mayer, Nicolet, Backscattering Spectrometry, 1978, eq. 2.1.
  public var kinematicFactor: Double?
  /// K·E0 in keV.
  public var edgeEnergy: Double?
  /// The Rutherford cross section in the laboratory, unscreened, in mb/sr.
  public var crossSection: Double?
  /// The factor of the screening by electrons.
  public var screeningFactor: Double?
  /// Electronic stopping cross section in eV/(1e15 at/cm2); nil without data.
  public var electronicStopping: Double?
  /// Nuclear stopping cross section in eV/(1e15 at/cm2) (Ziegler, Biersack, Littmark 1985).
  public var nuclearStopping: Double?

  /// The numbers of an ion of an energy in keV on a target at a scattering angle in degrees.
  ///
  /// - Parameters:
  ///   - nuclei: The element or isotope.
  ///   - ion: The ion.
  ///   - energy: Laboratory energy in keV, above 0.
  ///   - scattering: Scattering angle in degrees, laboratory.
  ///   - stopping: The stopping set, with the user's tables in front of it.
  ///   - screening: How electrons screen the nuclei.
  public init(
    _ nuclei: TargetNuclei, ion: Ion, energy: Double, scattering: Double,
    stopping: ElectronicStopping = ElectronicStopping(), screening: Screening = .andersen
  ) {
    target = nuclei.name
    let angle = scattering * Double.pi / 180
    let isotope = nuclei.principal
    if let cross = ElasticCrossSection(ion, isotope, angle: angle) {
      kinematicFactor = Kinematics.factor(ion: ion.mass, target: isotope.mass, angle: angle)
      edgeEnergy = kinematicFactor.map { $0 * energy }
      crossSection = cross.rutherford(energy)
      screeningFactor = cross.screening(screening, energy)
    }
    electronicStopping = stopping(ion, nuclei.atomicNumber, energy)
    nuclearStopping = energy > 0 ? NuclearStopping.value(ion, nuclei, energy) : nil
  }

  /// The keys of the contract.
  public var result: ResultValue {
    .fields([
      "target": .text(target),
      "kinematic_factor": RBSUnit.quantity(kinematicFactor),
      "edge_energy": RBSUnit.quantity(edgeEnergy, RBSUnit.kiloelectronvolt),
      "cross_section": RBSUnit.quantity(crossSection, RBSUnit.unit("mb/sr")),
      "screening_factor": RBSUnit.quantity(screeningFactor),
      "electronic_stopping": RBSUnit.quantity(electronicStopping, RBSUnit.stopping),
      "nuclear_stopping": RBSUnit.quantity(nuclearStopping, RBSUnit.stopping),
    ])
  }

  /// The targets of a list such as `["Li", "12C"]`.
  ///
  /// - Throws: `rbs.no-element` for a name that is no element, `rbs.setup` for an energy or an angle that
  ///   cannot be.
  public static func targets(
    _ names: [String], ion: Ion, energy: Double, scattering: Double,
    stopping: ElectronicStopping = ElectronicStopping(), screening: Screening = .andersen
  ) throws(ReadFailure) -> [TargetPhysics] {
    guard energy.isFinite, energy > 0, energy < 1e6 else {
      throw ReadFailure(
        "rbs.setup", found: "the energy of the beam, \(RBSUnit.words(energy)) keV",
        expected: "expected keV above 0")
    }
    guard scattering.isFinite, scattering > 0, scattering <= 180 else {
      throw ReadFailure(
        "rbs.setup", found: "the scattering angle, \(RBSUnit.words(scattering))°",
        expected: "expected degrees above 0 to 180")
    }
    var list: [TargetPhysics] = []
    for name in names {
      guard let nuclei = TargetNuclei(name) else {
        throw ReadFailure(
          "rbs.no-element", found: "'\(name)' \(TargetNuclei.whyNot(name))",
          expected: "expected a symbol such as Al, or an isotope such as 18O")
      }
      list.append(
        TargetPhysics(
          nuclei, ion: ion, energy: energy, scattering: scattering, stopping: stopping,
          screening: screening))
    }
    return list
  }
}
