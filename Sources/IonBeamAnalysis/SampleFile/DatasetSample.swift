public import Tables

/// A measurement and a sample as a dataset gives them, ready for a simulation or a fit.
public struct MeasuredSample: Hashable, Sendable {
  /// The measurement; the physics are those that the file asks for, where we have them.
  public var setup: BackscatteringSetup
  /// The layers from the surface down; none where the file has none.
  public var layers: [SampleLayer]
  /// The charge in µC from which the number of ions was computed; nil where ions are given.
  public var charge: Double?
  /// What was assumed.
  public var diagnostics: [Diagnostic]
}

extension SpectrumRecord {
  /// The charge of a proton in µC (exact in the SI of 2019).
  static let elementaryCharge = 1.602176634e-13

  /// The measurement that the record describes, for a simulation.
  ///
  /// - Parameters:
  ///   - asked: what the file says for its simulation.
  ///   - needsYield: whether ions and solid angle must be known; else they are 0 and 1 msr.
  /// - Throws: `rbs.setup` naming what is missing or cannot be.
  public func backscatteringSetup(
    _ asked: SimulationRecord = SimulationRecord(), needsYield: Bool = true
  ) throws(ReadFailure) -> (setup: BackscatteringSetup, diagnostics: [Diagnostic]) {
    var notes = DiagnosticList()
    let place = Place.entry(table)
    func missing(_ what: String, _ option: String) -> ReadFailure {
      ReadFailure(
        "rbs.setup", at: place, found: "the file gives no \(what)",
        expected: "expected it in the file, or \(option)")
    }
    func above0(_ value: Double, _ what: String, _ unit: String) throws(ReadFailure) {
      guard value.isFinite, value > 0 else {
        throw ReadFailure(
          "rbs.setup", at: place, found: "\(what) is \(value) \(unit)",
          expected: "expected a number above 0")
      }
    }
    guard let name = ion else { throw missing("ion", "--ion 4He") }
    guard let beam = Ion(name) else {
      throw ReadFailure(
        "rbs.setup", at: place, found: "the ion is '\(name.prefix(40))'",
        expected: "expected an ion such as 4He or 1H")
    }
    guard let energy else { throw missing("energy of the beam", "--energy KEV") }
    try above0(energy, "the energy of the beam", "keV")
    guard let scattering else { throw missing("scattering angle", "--scattering DEG") }
    guard scattering > 90, scattering <= 180 else {
      throw ReadFailure(
        "rbs.setup", at: place, found: "the scattering angle is \(scattering)°",
        expected: "expected a backward angle, above 90° to 180°")
    }
    guard let calibration else {
      throw missing("energy calibration", "--offset KEV and --slope KEV")
    }
    try above0(calibration.slope, "the slope of the calibration", "keV")
    if calibration.coefficients.count > 3 {
      notes.warn(
        "rbs.calibration", at: place,
        found: "the calibration has \(calibration.coefficients.count) coefficients",
        expected: "offset, slope and the quadratic one are used")
    }
    if geometry == nil {
      notes.note(
        "rbs.assumed", at: place, found: "the file does not say where the detector stands",
        expected: "IBM geometry is taken; --geometry says otherwise")
    }
    if incidence == nil {
      notes.note(
        "rbs.assumed", at: place, found: "the file gives no angle of incidence",
        expected: "0° is taken; --incidence says otherwise")
    }
    if fwhm == nil {
      notes.warn(
        "rbs.no-resolution", at: place, found: "the file gives no energy resolution",
        expected: "none is taken; --fwhm KEV says otherwise")
    }
    var ions = particles
    if ions == nil, let charge {
      ions = charge / (Self.elementaryCharge * (chargeState ?? 1))
    }
    if needsYield {
      guard let ions else { throw missing("number of ions", "--particles N or --charge UC") }
      try above0(ions, "the number of ions", "")
      guard let solidAngle else { throw missing("solid angle", "--solid-angle MSR") }
      try above0(solidAngle, "the solid angle", "msr")
    }
    var detector = BackscatteringDetector(
      solidAngle: solidAngle ?? 1, calibration: calibration.channels, fwhm: fwhm ?? 0,
      channels: asked.channels)
    detector.spot = asked.spot
    detector.aperture = asked.aperture
    detector.distance = asked.distance
    var kind = geometry ?? .ibm
    if kind == .general, exit == nil { kind = .ibm }
    var setup = BackscatteringSetup(
      ion: beam, energy: energy, particles: ions ?? 0,
      geometry: BackscatteringGeometry(
        kind, incidence: (incidence ?? 0).magnitude, scattering: scattering,
        exit: exit?.magnitude),
      detector: detector)
    setup.energySpread = (asked.energySpread ?? 0) / 2.354820045030949
    if let set = asked.stopping { setup.physics.stopping.set = set }
    if let straggling = asked.straggling { setup.physics.straggling = straggling }
    if let screening = asked.screening { setup.physics.screening = screening }
    if let least = asked.minimumEnergy, least > 0 { setup.physics.minimumEnergy = least }
    if asked.geometricSpread == true {
      if asked.distance != nil, asked.spot != nil || asked.aperture != nil {
        setup.physics.geometricSpread = true
      } else {
        notes.warn(
          "rbs.not-modelled", at: place,
          found: "the file asks for geometric spread without sizes or without a distance",
          expected: "the spectrum is simulated without it")
      }
    }
    return (setup, notes.all)
  }
}

extension Dataset {
  /// The measurement and the sample of a file, for a simulation or a fit.
  ///
  /// - Parameters:
  ///   - spectrum: which of ``Tables/Dataset/spectrumRecords``, from 0.
  ///   - record: the record to use instead, such as one with options of the user set into it.
  ///   - needsYield: whether ions and solid angle must be known.
  /// - Throws: `rbs.setup` naming what is missing, `rbs.no-element` for a layer of unknown nuclei.
  public func measuredSample(
    spectrum: Int = 0, record: SpectrumRecord? = nil, needsYield: Bool = true
  ) throws(ReadFailure) -> MeasuredSample {
    let records = record == nil ? spectrumRecords : []
    let own = records.indices.contains(spectrum) ? records[spectrum] : nil
    guard let used = record ?? own else {
      throw ReadFailure(
        "rbs.setup", found: "the file has no spectrum number \(spectrum + 1) and no setup",
        expected: "expected beam, geometry and detector")
    }
    var asked = simulationRecord(used.table)
    let suffix = used.table.hasPrefix("spectrum") ? used.table.dropFirst(8) : ""
    let table = self[used.table] ?? self["simulation_total\(suffix)"]
    let channels = table?["channel"]?.wholeExtremes
    if let last = channels?.max, last >= 0, last < 1 << 20 { asked.channels = Int(last) + 1 }
    var (setup, notes) = try used.backscatteringSetup(asked, needsYield: needsYield)
    if let first = channels?.min, first > 0, let count = setup.detector.channels {
      setup.detector.firstChannel = Int(first)
      setup.detector.channels = count - Int(first)
    }
    if let foil = self["foil\(suffix)"] {
      setup.detector.foil = try Self.sampleLayers(foil, hasSubstrate: false)
    }
    var layers: [SampleLayer] = []
    if let table = self["layers"] { layers = try Self.sampleLayers(table, hasSubstrate: true) }
    let charge = used.particles == nil ? used.charge : nil
    if setup.detector.channels == nil, layers.isEmpty {
      notes.append(
        Diagnostic(
          .note, "rbs.assumed", at: .entry(used.table),
          found: "the file has neither counts nor layers",
          expected: "the spectrum ends above the highest edge"))
    }
    return MeasuredSample(setup: setup, layers: layers, charge: charge, diagnostics: notes)
  }

  /// The layers of a table with `areal_density` and columns `fraction_…`.
  ///
  /// The last of several layers counts as what the film lies on.
  static func sampleLayers(
    _ table: Table, hasSubstrate: Bool
  ) throws(ReadFailure) -> [SampleLayer] {
    guard let thickness = table["areal_density"]?.real else { return [] }
    let roughness = table["roughness_fwhm"]?.real
    let flags = table["substrate"]?.real
    let scales = (
      table["stopping_scale"]?.real, table["yield_scale"]?.real, table["density"]?.real
    )
    let names: [String]
    if case .text(let texts)? = table["name"]?.values { names = texts } else { names = [] }
    let elements = table.columns.filter { $0.name.hasPrefix("fraction_") }.compactMap { column in
      column.real.map { (name: String(column.name.dropFirst(9)), values: $0) }
    }
    var result: [SampleLayer] = []
    for (row, total) in thickness.enumerated() {
      var shares: [(nuclei: TargetNuclei, value: Double)] = []
      for element in elements where row < element.values.count {
        let value = element.values[row]
        guard value.isFinite, value > 0 else { continue }
        guard let nuclei = TargetNuclei(element.name) else {
          throw ReadFailure(
            "rbs.no-element", at: .entry(table.name),
            found: "'\(element.name)' has no natural isotope or is no element up to uranium",
            expected: "expected a symbol such as Al, or an isotope such as 18O")
        }
        shares.append((nuclei, value))
      }
      let sum = shares.reduce(0) { $0 + $1.value }
      guard total.isFinite, total >= 0, sum > 0 else {
        throw ReadFailure(
          "rbs.setup", at: .entry(table.name),
          found: "layer \(row + 1) has \(total) atoms (1e15/cm2) and no elements, or is negative",
          expected: "expected an areal density of 0 or more, and atom fractions")
      }
      let isLast = row == thickness.count - 1
      var isSubstrate = hasSubstrate && isLast && thickness.count > 1
      if hasSubstrate, let flags, row < flags.count { isSubstrate = flags[row] == 1 }
      let own = row < names.count ? names[row] : ""
      var layer = SampleLayer(
        own.isEmpty ? (isSubstrate ? "substrate" : "layer\(row + 1)") : own,
        shares.map { SampleLayer.Part($0.nuclei, total * ($0.value / sum)) })
      layer.isSubstrate = isSubstrate
      if let roughness, row < roughness.count, roughness[row].isFinite, roughness[row] > 0 {
        layer.roughness = roughness[row]
      }
      if let values = scales.0, row < values.count { layer.stoppingScale = values[row] }
      if let values = scales.1, row < values.count { layer.yieldScale = values[row] }
      if let values = scales.2, row < values.count, values[row].isFinite {
        layer.density = values[row]
      }
      result.append(layer)
    }
    return result
  }
}
