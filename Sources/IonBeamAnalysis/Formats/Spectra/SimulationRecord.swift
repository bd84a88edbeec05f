public import Tables

/// What a file says of a spectrum for its simulation, beside ``SpectrumRecord``; nil is what it does not say.
///
/// Kept in the metadata of the dataset in the same way, under keys such as `spectrum/straggling`.
public struct SimulationRecord: Hashable, Sendable {
  /// The name of the table with the counts, such as `spectrum` or `spectrum_2`.
  public var table: String
  /// The spread of the beam's energy, full width at half maximum, in keV.
  public var energySpread: Double?
  /// The beam spot on the sample.
  public var spot: ApertureShape?
  /// The aperture of the detector.
  public var aperture: ApertureShape?
  /// The distance from sample to aperture in mm.
  public var distance: Double?
  /// Whether the sizes of spot and aperture spread the energies.
  public var geometricSpread: Bool?
  /// The number of channels, where the file says it without counts.
  public var channels: Int?
  /// Electronic stopping.
  public var stopping: StoppingSet?
  /// Straggling.
  public var straggling: Straggling?
  /// Screening of the Rutherford cross section.
  public var screening: Screening?
  /// Depths where the beam has less energy are not simulated, in keV.
  public var minimumEnergy: Double?

  /// The record of a table, with nothing known yet.
  public init(table: String = "spectrum") { self.table = table }

  /// What the metadata hold of the record, in a fixed order.
  var entries: [(key: String, value: MetadataValue)] {
    var result: [(key: String, value: MetadataValue)] = []
    func add(_ key: String, _ value: Double?) {
      if let value { result.append(("\(table)/\(key)", .real(value))) }
    }
    func add(_ key: String, _ value: String?) {
      if let value { result.append(("\(table)/\(key)", .text(value))) }
    }
    add("energy_spread_fwhm (keV)", energySpread)
    for (name, shape) in [("spot", spot), ("aperture", aperture)] {
      add("\(name)_shape", shape?.outline.rawValue)
      add("\(name)_l1 (mm)", shape?.first)
      add("\(name)_l2 (mm)", shape?.second)
    }
    add("aperture_distance (mm)", distance)
    add("geometric_spread", geometricSpread.map { $0 ? "on" : "off" })
    add("channels", channels.map { Double($0) })
    add("stopping", stopping?.rawValue)
    add("straggling", straggling?.rawValue)
    add("screening", screening?.rawValue)
    add("min_energy (keV)", minimumEnergy)
    return result
  }

  /// The record of a table as the metadata hold it.
  init(table: String, of metadata: Metadata) {
    self.table = table
    func real(_ key: String) -> Double? {
      guard case .real(let value)? = metadata["\(table)/\(key)"] else { return nil }
      return value
    }
    func text(_ key: String) -> String? {
      guard case .text(let text)? = metadata["\(table)/\(key)"] else { return nil }
      return text
    }
    func shape(_ name: String) -> ApertureShape? {
      guard let outline = text("\(name)_shape").flatMap({ ApertureShape.Outline(rawValue: $0) }),
        let first = real("\(name)_l1 (mm)")
      else { return nil }
      return ApertureShape(outline, first, real("\(name)_l2 (mm)"))
    }
    energySpread = real("energy_spread_fwhm (keV)")
    spot = shape("spot")
    aperture = shape("aperture")
    distance = real("aperture_distance (mm)")
    geometricSpread = text("geometric_spread").map { $0 == "on" }
    channels = real("channels").flatMap { Int(exactly: $0) }
    stopping = text("stopping").flatMap { StoppingSet(rawValue: $0) }
    straggling = text("straggling").flatMap { Straggling(rawValue: $0) }
    screening = text("screening").flatMap { Screening(rawValue: $0) }
    minimumEnergy = real("min_energy (keV)")
  }
}

extension Dataset {
  /// Puts what a file says for a simulation into the metadata, under keys such as `spectrum/straggling`.
  public mutating func append(_ record: SimulationRecord) {
    for entry in record.entries { metadata.append(entry.key, entry.value) }
  }

  /// What the file says for the simulation of a spectrum, by the name of its table.
  public func simulationRecord(_ table: String) -> SimulationRecord {
    SimulationRecord(table: table, of: metadata)
  }
}
