public import Tables
internal import Units

/// What is known of a measurement; files and options rarely say everything.
public struct KnownSetup: Hashable, Sendable {
  /// The ion.
  public var ion: Ion?
  /// The energy of the beam in keV.
  public var energy: Double?
  /// The standard deviation of the beam's energy in keV.
  public var energySpread = 0.0
  /// The number of ions.
  public var particles: Double?
  /// The charge in µC, where the file gives it.
  public var charge: Double?
  /// Where the exit direction lies.
  public var geometry: BackscatteringGeometry.Kind?
  /// The angle between beam and sample normal in degrees.
  public var incidence: Double?
  /// The scattering angle in degrees, laboratory.
  public var scattering: Double?
  /// The exit angle in degrees, where it is given.
  public var exit: Double?
  /// Solid angle in msr.
  public var solidAngle: Double?
  /// The energies of the channels.
  public var calibration: ChannelCalibration?
  /// Where the calibration comes from, such as `file`, `option`, `sample file`.
  public var calibrationSource: String?
  /// Energy resolution, full width at half maximum, in keV.
  public var fwhm: Double?
  /// What stands before the detector.
  public var foil: [SampleLayer] = []
  /// The beam spot on the sample, seen along the beam.
  public var spot: ApertureShape?
  /// The detector's aperture.
  public var aperture: ApertureShape?
  /// The distance from sample to aperture in mm.
  public var distance: Double?
  /// The physics to simulate with.
  public var physics = BackscatteringPhysics()

  /// Nothing is known.
  public init() {}

  /// All that a complete setup says.
  public init(_ setup: BackscatteringSetup, charge: Double? = nil) {
    ion = setup.ion
    energy = setup.energy
    energySpread = setup.energySpread
    particles = setup.particles > 0 ? setup.particles : nil
    self.charge = charge
    geometry = setup.geometry.kind
    incidence = setup.geometry.incidence
    scattering = setup.geometry.scattering
    exit = setup.geometry.exit
    solidAngle = setup.detector.solidAngle
    calibration = setup.detector.calibration
    fwhm = setup.detector.fwhm
    foil = setup.detector.foil
    spot = setup.detector.spot
    aperture = setup.detector.aperture
    distance = setup.detector.distance
    physics = setup.physics
  }

  /// The angles, where the scattering angle is known; incidence is 0 and the kind IBM unless stated.
  public var angles: BackscatteringGeometry? {
    guard let scattering else { return nil }
    return BackscatteringGeometry(
      geometry ?? .ibm, incidence: incidence ?? 0, scattering: scattering, exit: exit)
  }

  /// Ions times solid angle in sr.
  public var particlesSolidAngle: Double? {
    guard let particles, let solidAngle else { return nil }
    return particles * solidAngle / 1000
  }

  /// What must still be told before a spectrum can be simulated, in the words of the options.
  public var missing: [String] {
    var list: [String] = []
    if ion == nil { list.append("ion") }
    if energy == nil { list.append("energy") }
    if scattering == nil { list.append("scattering") }
    if solidAngle == nil { list.append("solid-angle") }
    if particles == nil { list.append("particles") }
    if calibration == nil { list.append("slope") }
    if fwhm == nil { list.append("fwhm") }
    return list
  }

  /// The setup to simulate; nil while something is `missing`.
  public func complete(channels: Int? = nil, firstChannel: Int = 0) -> BackscatteringSetup? {
    guard let ion, let energy, let particles, let angles, let solidAngle, let calibration, let fwhm
    else { return nil }
    var detector = BackscatteringDetector(
      solidAngle: solidAngle, calibration: calibration, fwhm: fwhm, channels: channels)
    detector.firstChannel = firstChannel
    detector.foil = foil
    detector.spot = spot
    detector.aperture = aperture
    detector.distance = distance
    var setup = BackscatteringSetup(
      ion: ion, energy: energy, particles: particles, geometry: angles, detector: detector)
    setup.energySpread = energySpread
    setup.physics = physics
    return setup
  }

  /// `{ion, energy, particles, charge, geometry, incidence, scattering, exit, …}` of the contract.
  ///
  /// Angles are magnitudes; the exit angle is derived where it is absent; null where nothing but the
  /// calibration is known.
  public var result: ResultValue {
    let numbers = [energy, particles, charge, incidence, scattering, exit, solidAngle, fwhm]
    guard ion != nil || numbers.contains(where: { $0 != nil }) else { return .null }
    let degree = PhysicalUnit.degree
    return .fields([
      "ion": RBSUnit.text(ion?.name),
      "energy": RBSUnit.quantity(energy, RBSUnit.kiloelectronvolt),
      "particles": RBSUnit.quantity(particles),
      "charge": RBSUnit.quantity(charge, RBSUnit.unit("uC")),
      "geometry": RBSUnit.text(geometry?.rawValue),
      "incidence": RBSUnit.quantity(incidence?.magnitude, degree),
      "scattering": RBSUnit.quantity(scattering?.magnitude, degree),
      "exit": RBSUnit.quantity(angles?.exitAngle ?? exit?.magnitude, degree),
      "solid_angle": RBSUnit.quantity(solidAngle, RBSUnit.unit("msr")),
      "particles_solid_angle": RBSUnit.quantity(particlesSolidAngle, RBSUnit.unit("sr")),
      "fwhm": RBSUnit.quantity(fwhm, RBSUnit.kiloelectronvolt),
    ])
  }

  /// `{offset, slope, quadratic, channel_energy, source}`; null without a calibration.
  public var calibrationResult: ResultValue {
    guard let calibration else { return .null }
    return .fields([
      "offset": RBSUnit.quantity(calibration.offset, RBSUnit.kiloelectronvolt),
      "slope": RBSUnit.quantity(calibration.slope, RBSUnit.kiloelectronvolt),
      "quadratic": RBSUnit.quantity(calibration.quadratic, RBSUnit.kiloelectronvolt),
      "channel_energy": .text(calibration.channelEnergy.rawValue),
      "source": RBSUnit.text(calibrationSource),
    ])
  }
}

extension BackscatteringPhysics {
  /// `{stopping, straggling, screening, min_energy, geometric_spread, cross_sections}`.
  public var result: ResultValue {
    .fields([
      "stopping": .text(stopping.set.rawValue),
      "stopping_tables": .list(
        stopping.tables.keys.sorted().compactMap { z in
          z > 0 && z <= ChemicalElement.symbols.count ? .text(ChemicalElement.symbols[z - 1]) : nil
        }),
      "straggling": .text(straggling.rawValue), "screening": .text(screening.rawValue),
      "min_energy": RBSUnit.quantity(minimumEnergy, RBSUnit.kiloelectronvolt),
      "geometric_spread": .flag(geometricSpread),
      "cross_sections": .list(crossSections.map { .text($0.targetName) }),
    ])
  }
}

extension MeasuredCrossSection {
  /// The nucleus that the data hold for, such as `16O` or `Si`.
  public var targetName: String {
    let symbol =
      atomicNumber > 0 && atomicNumber <= ChemicalElement.symbols.count
      ? ChemicalElement.symbols[atomicNumber - 1] : "?"
    return massNumber.map { "\($0)\(symbol)" } ?? symbol
  }
}

extension [SampleLayer] {
  /// The layers as `{name, areal_density, elements: {El: {fraction, areal_density}}, roughness_fwhm}`.
  public var result: ResultValue {
    .list(
      map { layer in
        var elements = ResultObject()
        let total = layer.arealDensity
        for part in layer.parts {
          let before = elements[part.nuclei.name]?["areal_density"]?.quantity?.value ?? 0
          let amount = before + part.arealDensity
          elements[part.nuclei.name] = .fields([
            "fraction": RBSUnit.quantity(total > 0 ? amount / total : nil),
            "areal_density": RBSUnit.quantity(amount, RBSUnit.tfu),
          ])
        }
        return .fields([
          "name": .text(layer.name), "substrate": .flag(layer.isSubstrate),
          "areal_density": RBSUnit.quantity(total, RBSUnit.tfu),
          "elements": .object(elements),
          "roughness_fwhm": RBSUnit.quantity(layer.roughness, RBSUnit.tfu),
        ])
      })
  }
}
