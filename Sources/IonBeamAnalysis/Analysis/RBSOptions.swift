public import Tables
internal import Units

/// What the user says of spectra, beyond their files: measurement, physics, search and fit.
///
/// What is said here stands before the file that `--setup` names, and that before the spectrum's own file.
public struct RBSOptions: Hashable, Sendable {
  /// The ion.
  public var ion: Ion?
  /// The energy of the beam in keV.
  public var energy: Double?
  /// The number of ions.
  public var particles: Double?
  /// The charge in µC, of singly charged ions.
  public var charge: Double?
  /// Where the exit direction lies.
  public var geometry: BackscatteringGeometry.Kind?
  /// The angle between beam and sample normal in degrees.
  public var incidence: Double?
  /// The scattering angle in degrees.
  public var scattering: Double?
  /// The exit angle in degrees.
  public var exit: Double?
  /// The solid angle in msr.
  public var solidAngle: Double?
  /// The energy of channel 0 in keV.
  public var offset: Double?
  /// keV per channel.
  public var slope: Double?
  /// keV per channel squared.
  public var quadratic: Double?
  /// Energy resolution, full width at half maximum, in keV.
  public var fwhm: Double?
  /// What the energy of a channel number means.
  public var channelEnergy: ChannelEnergy?
  /// The stopping set.
  public var stopping: StoppingSet?
  /// Files of stopping tables.
  public var stoppingFiles: [String] = []
  /// Straggling.
  public var straggling: Straggling?
  /// Screening.
  public var screening: Screening?
  /// Files of measured cross sections.
  public var crossSectionFiles: [String] = []
  /// Whether a cross section is taken for another angle than its own.
  public var force = false
  /// Depths where the beam has less energy are not simulated, in keV.
  public var minimumEnergy: Double?
  /// Whether spot and aperture spread the energies.
  public var geometricSpread: Bool?
  /// A sample file whose layers are ignored.
  public var setupFile: String?
  /// The sample file to start a fit from.
  public var sampleFile: String?
  /// The density of layers that state none, in g/cm3.
  public var density: Double?
  /// The standard uncertainty of that density in g/cm3.
  public var densityUncertainty: Double?
  /// How fronts and peaks are looked for.
  public var search = SurfaceSearchOptions()
  /// The ranges of a fit; none for the sample file's.
  public var ranges: [SampleFile.FitSection.Range] = []
  /// The free parameters; nil for the sample file's.
  public var free: [String]?
  /// The parameters that stay.
  public var fixed: [String] = []
  /// How the minimum is found.
  public var method = RBSFitOptions.Method.lm
  /// The relative standard uncertainty of charge and solid angle.
  public var chargeUncertainty: Double?
  /// The relative standard uncertainty of the stopping of each element.
  public var stoppingUncertainty: Double?
  /// Whether the fit is repeated under each stopping set.
  public var sensitivity = false
  /// The seed of the random numbers of a global search and of the bands of depth profiles.
  public var seed: UInt64 = 0

  /// Nothing is said.
  public init() {}

  /// The options of a fit, on top of those of its sample file.
  public func fit(_ section: SampleFile.FitSection?) -> RBSFitOptions {
    var options = RBSFitOptions(section)
    if !ranges.isEmpty { options.ranges = ranges }
    if let free { options.free = free }
    options.fixed = fixed
    options.method = method
    if let chargeUncertainty { options.chargeUncertainty = chargeUncertainty }
    if let stoppingUncertainty { options.stoppingUncertainty = stoppingUncertainty }
    options.sensitivity = sensitivity
    options.seed = seed
    return options
  }

  /// What is known of a measurement with these options on top, and a note for each value they replace.
  ///
  /// - Parameters:
  ///   - known: what the files say.
  ///   - place: where the spectrum stands in its file.
  public func applied(to known: KnownSetup, at place: Place) -> (KnownSetup, [Diagnostic]) {
    var setup = known
    var notes: [Diagnostic] = []
    func take<Value: Equatable>(
      _ path: WritableKeyPath<KnownSetup, Value?>, _ value: Value?, _ name: String,
      _ words: (Value) -> String
    ) {
      guard let value else { return }
      if let old = setup[keyPath: path], old != value {
        notes.append(
          Diagnostic(
            .note, "rbs.overridden", at: place,
            found: "\(name): the file says \(words(old))",
            expected: "--\(name) \(words(value)) counts"
          ))
      }
      setup[keyPath: path] = value
    }
    func number(_ value: Double) -> String { RBSUnit.words(value, 9) }
    take(\.ion, ion, "ion") { $0.name }
    take(\.energy, energy, "energy", number)
    take(\.geometry, geometry, "geometry") { $0.rawValue }
    take(\.incidence, incidence, "incidence", number)
    take(\.scattering, scattering, "scattering", number)
    take(\.exit, exit, "exit", number)
    if exit == nil, geometry != nil || incidence != nil || scattering != nil,
      setup.geometry != .general
    {
      // The file's exit angle belongs to its own geometry.
      setup.exit = nil
    }
    take(\.solidAngle, solidAngle, "solid-angle", number)
    take(\.fwhm, fwhm, "fwhm", number)
    if let charge, particles == nil {
      take(\.charge, charge, "charge", number)
      setup.particles = charge / SpectrumRecord.elementaryCharge
    }
    take(\.particles, particles, "particles", number)
    if particles != nil { setup.charge = nil }
    calibrate(&setup, &notes, at: place)
    if let stopping { setup.physics.stopping.set = stopping }
    if let straggling { setup.physics.straggling = straggling }
    if let screening { setup.physics.screening = screening }
    if let minimumEnergy { setup.physics.minimumEnergy = minimumEnergy }
    if let geometricSpread { setup.physics.geometricSpread = geometricSpread }
    return (setup, notes)
  }

  private func calibrate(
    _ setup: inout KnownSetup, _ notes: inout [Diagnostic], at place: Place
  ) {
    guard offset != nil || slope != nil || quadratic != nil || channelEnergy != nil else { return }
    guard let kevPerChannel = slope ?? setup.calibration?.slope else {
      if offset != nil || quadratic != nil {
        notes.append(
          Diagnostic(
            .warning, "rbs.calibration", at: place, found: "--offset without a slope",
            expected: "no calibration is made up; --slope KEV gives one"))
      }
      return
    }
    let old = setup.calibration
    let new = ChannelCalibration(
      offset: offset ?? old?.offset ?? 0, slope: kevPerChannel,
      quadratic: quadratic ?? (slope == nil ? old?.quadratic : nil) ?? 0,
      channelEnergy: channelEnergy ?? old?.channelEnergy ?? .left)
    if let old, old != new {
      notes.append(
        Diagnostic(
          .note, "rbs.overridden", at: place,
          found: "calibration: the file says \(Self.words(old))",
          expected: "\(Self.words(new)) counts"))
    }
    setup.calibration = new
    setup.calibrationSource = "option"
  }

  private static func words(_ calibration: ChannelCalibration) -> String {
    "\(RBSUnit.words(calibration.offset, 9)) keV + \(RBSUnit.words(calibration.slope, 9)) keV n "
      + "(\(calibration.channelEnergy.rawValue))"
  }

  /// Every option that is set, for the provenance.
  public var resolved: ResultObject {
    var list = ResultObject()
    func text(_ key: String, _ value: String?) { list[key] = value.map { .text($0) } ?? .null }
    func number(_ key: String, _ value: Double?, _ unit: PhysicalUnit = .one) {
      list[key] = value == nil ? .null : RBSUnit.quantity(value, unit)
    }
    let keV = RBSUnit.kiloelectronvolt
    text("ion", ion?.name)
    number("energy", energy, keV)
    number("particles", particles)
    number("charge", charge, RBSUnit.unit("uC"))
    text("geometry", geometry?.rawValue)
    number("incidence", incidence, .degree)
    number("scattering", scattering, .degree)
    number("exit", exit, .degree)
    number("solid_angle", solidAngle, RBSUnit.unit("msr"))
    number("offset", offset, keV)
    number("slope", slope, keV)
    number("quadratic", quadratic, keV)
    number("fwhm", fwhm, keV)
    text("channel_energy", channelEnergy?.rawValue)
    text("stopping", stopping?.rawValue)
    list["stopping_files"] = .list(stoppingFiles.map { .text($0) })
    text("straggling", straggling?.rawValue)
    text("screening", screening?.rawValue)
    list["r33"] = .list(crossSectionFiles.map { .text($0) })
    number("min_energy", minimumEnergy, keV)
    list["geometric_spread"] = geometricSpread.map { .flag($0) } ?? .null
    text("setup", setupFile)
    text("sample", sampleFile)
    list["density"] = RBSUnit.quantity(
      density, .gramPerCubicCentimetre, u: densityUncertainty, kind: "user")
    list["elements"] = search.elements.map { .list($0.map { .text($0) }) } ?? .null
    list["significance"] = .number(search.significance)
    list["range"] = .list(ranges.map { .text($0.text) })
    list["free"] = free.map { .list($0.map { .text($0) }) } ?? .null
    list["fix"] = .list(fixed.map { .text($0) })
    text("method", method.rawValue)
    number("charge_uncertainty", chargeUncertainty ?? RBSFitOptions().chargeUncertainty)
    number("stopping_uncertainty", stoppingUncertainty ?? RBSFitOptions().stoppingUncertainty)
    list["sensitivity"] = .flag(sensitivity)
    list["seed"] = .text("\(seed)")
    return list
  }
}

extension SampleFile.FitSection.Range {
  /// The range as the option takes it, such as `400:900` or `200ch:449ch`.
  public var text: String { "\(lower.text):\(upper.text)" }
}

extension SampleFile.FitSection.Limit {
  var text: String {
    switch self {
    case .channel(let number): "\(number)ch"
    case .energy(let energy): RBSUnit.words(energy, 9)
    }
  }
}
