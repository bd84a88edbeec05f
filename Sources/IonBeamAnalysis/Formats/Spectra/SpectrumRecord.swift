public import Tables

/// How a file turns channel numbers into energies: c₀ + c₁ n + c₂ n² + …, in keV.
public struct FileCalibration: Hashable, Sendable {
  /// The coefficients in keV, keV/channel, keV/channel², …, at least two.
  public var coefficients: [Double]
  /// What the energy of a channel number means; nil where the file does not say.
  public var channelEnergy: ChannelEnergy?
  /// Where the numbers come from: the block or field of the file, or how they were fitted.
  public var source: String

  /// A calibration in keV.
  public init(_ coefficients: [Double], channelEnergy: ChannelEnergy? = nil, source: String) {
    self.coefficients = coefficients
    self.channelEnergy = channelEnergy
    self.source = source
  }

  /// The energy of channel number 0 in keV.
  public var offset: Double { coefficients.first ?? 0 }
  /// keV per channel.
  public var slope: Double { coefficients.count > 1 ? coefficients[1] : 0 }
  /// keV per channel squared.
  public var quadratic: Double { coefficients.count > 2 ? coefficients[2] : 0 }

  /// The polynomial at a channel number in keV.
  public func energy(_ channel: Double) -> Double {
    // Horner's rule.
    var result = 0.0
    var power = coefficients.count
    while power > 0 {
      power -= 1
      result = result * channel + coefficients[power]
    }
    return result
  }

  /// The calibration for a simulation; the lower edge of a channel where the file does not say.
  public var channels: ChannelCalibration {
    ChannelCalibration(
      offset: offset, slope: slope, quadratic: quadratic, channelEnergy: channelEnergy ?? .left)
  }

  /// The polynomial in words, for the provenance of a column.
  var formula: String {
    let terms = coefficients.enumerated().map { power, value in
      power == 0 ? "\(value)" : power == 1 ? "\(value)·n" : "\(value)·n^\(power)"
    }
    return "energy = \(terms.joined(separator: " + ")) keV at the channel number n"
  }
}

/// What a file says of one spectrum besides its counts; nil is what it does not say.
///
/// Readers of every format that holds spectra put one beside each spectrum with
/// ``Tables/Dataset/append(_:)``; ``Tables/Dataset/spectrumRecords`` gives them back. Angles are
/// magnitudes.
public struct SpectrumRecord: Hashable, Sendable {
  /// The name of the table with the counts, such as `spectrum` or `spectrum_2`.
  public var table: String
  /// What the file calls the spectrum.
  public var title: String?
  /// The time in which the detector could count, in s.
  public var liveTime: Double?
  /// The time of the measurement, in s.
  public var realTime: Double?
  /// When it started, ISO 8601 by the file's clock, without zone.
  public var start: String?
  /// The zone of that clock where the file gives one, such as `Z` or `+02:00`.
  public var zone: String?
  /// The energies of the channels.
  public var calibration: FileCalibration?
  /// The ion, such as `4He`.
  public var ion: String?
  /// The energy of the beam in keV.
  public var energy: Double?
  /// The number of ions.
  public var particles: Double?
  /// The charge of the beam on the sample in µC.
  public var charge: Double?
  /// The charge of one ion, where the file gives it.
  public var chargeState: Double?
  /// Where the exit direction lies.
  public var geometry: BackscatteringGeometry.Kind?
  /// The angle between beam and sample normal in degrees.
  public var incidence: Double?
  /// The scattering angle in degrees.
  public var scattering: Double?
  /// The angle between exit direction and sample normal in degrees, as given.
  public var exit: Double?
  /// The solid angle of the detector in msr.
  public var solidAngle: Double?
  /// The energy resolution, full width at half maximum, in keV.
  public var fwhm: Double?

  /// The record of a table, with nothing known yet.
  public init(table: String = "spectrum") { self.table = table }

  /// Ions times solid angle in sr, where both are given.
  public var particlesSolidAngle: Double? {
    guard let particles, let solidAngle else { return nil }
    return particles * solidAngle / 1000
  }

  /// The exit angle in degrees: as given, else derived in IBM and Cornell geometry.
  public var exitAngle: Double? {
    guard let incidence, let scattering, let geometry, geometry != .general else { return exit }
    return BackscatteringGeometry(
      geometry, incidence: incidence, scattering: scattering, exit: exit
    ).exitAngle
  }

  /// Whether anything of beam, geometry or detector is known.
  public var hasSetup: Bool {
    ion != nil || geometry != nil || chargeState != nil
      || Self.numbers.contains { $0.isSetup && self[keyPath: $0.path] != nil }
  }

  /// A number of the record with the key under which the metadata hold it.
  private struct Number {
    var key: String
    var path: WritableKeyPath<SpectrumRecord, Double?>
    var isSetup = true
  }

  private static var numbers: [Number] {
    [
      Number(key: "live_time (s)", path: \.liveTime, isSetup: false),
      Number(key: "real_time (s)", path: \.realTime, isSetup: false),
      Number(key: "energy (keV)", path: \.energy),
      Number(key: "particles", path: \.particles),
      Number(key: "charge (uC)", path: \.charge),
      Number(key: "charge_state", path: \.chargeState),
      Number(key: "incidence (deg)", path: \.incidence),
      Number(key: "scattering (deg)", path: \.scattering),
      Number(key: "exit (deg)", path: \.exit),
      Number(key: "solid_angle (msr)", path: \.solidAngle),
      Number(key: "fwhm (keV)", path: \.fwhm),
    ]
  }

  private static func coefficientKey(_ power: Int) -> String {
    switch power {
    case 0: "calibration_offset (keV)"
    case 1: "calibration_slope (keV)"
    case 2: "calibration_quadratic (keV)"
    default: "calibration_power_\(power) (keV)"
    }
  }

  /// What the metadata hold of the record, in a fixed order.
  var entries: [(key: String, value: MetadataValue)] {
    var result: [(key: String, value: MetadataValue)] = []
    func add(_ key: String, _ value: String?) {
      if let value { result.append(("\(table)/\(key)", .text(value))) }
    }
    add("title", title)
    add("start", start)
    add("start_zone", zone)
    if let calibration {
      for (power, value) in calibration.coefficients.enumerated() {
        result.append(("\(table)/\(Self.coefficientKey(power))", .real(value)))
      }
      add("channel_energy", calibration.channelEnergy?.rawValue)
      add("calibration_source", calibration.source)
    }
    add("ion", ion)
    add("geometry", geometry?.rawValue)
    for number in Self.numbers {
      if let value = self[keyPath: number.path] {
        result.append(("\(table)/\(number.key)", .real(value)))
      }
    }
    return result
  }

  /// The record of a table as the metadata hold it; nil where they hold nothing of it.
  init?(table: String, of metadata: Metadata) {
    self.table = table
    var found = false
    func text(_ key: String) -> String? {
      guard case .text(let text)? = metadata["\(table)/\(key)"] else { return nil }
      found = true
      return text
    }
    func real(_ key: String) -> Double? {
      guard case .real(let value)? = metadata["\(table)/\(key)"] else { return nil }
      found = true
      return value
    }
    title = text("title")
    start = text("start")
    zone = text("start_zone")
    var coefficients: [Double] = []
    while let next = real(Self.coefficientKey(coefficients.count)) { coefficients.append(next) }
    if coefficients.count >= 2 {
      calibration = FileCalibration(
        coefficients,
        channelEnergy: text("channel_energy").flatMap { ChannelEnergy(rawValue: $0) },
        source: text("calibration_source") ?? "")
    }
    ion = text("ion")
    geometry = text("geometry").flatMap { BackscatteringGeometry.Kind(rawValue: $0) }
    for number in Self.numbers { self[keyPath: number.path] = real(number.key) }
    guard found else { return nil }
  }
}

extension Dataset {
  /// Puts what a file says of a spectrum into the metadata, under keys such as `spectrum/live_time (s)`.
  public mutating func append(_ record: SpectrumRecord) {
    for entry in record.entries { metadata.append(entry.key, entry.value) }
  }

  /// What the file says of its spectra, in the file's order.
  ///
  /// One record for each table `spectrum`, `spectrum_1`, `spectrum_2` …, with nothing in it where the
  /// file says nothing, and one for each spectrum without counts that has a setup.
  public var spectrumRecords: [SpectrumRecord] {
    var names: [String] = []
    var known: Set<String> = []
    func add(_ name: Substring) {
      guard Self.spectrumNumber(name) != nil, known.insert(String(name)).inserted else { return }
      names.append(String(name))
    }
    for table in tables { add(table.name[...]) }
    for entry in metadata.entries {
      if let slash = entry.key.firstIndex(of: "/") { add(entry.key[..<slash]) }
    }
    names.sort { (Self.spectrumNumber($0[...]) ?? 0) < (Self.spectrumNumber($1[...]) ?? 0) }
    return names.map { SpectrumRecord(table: $0, of: metadata) ?? SpectrumRecord(table: $0) }
  }

  /// The number of a spectrum by the name of its table: 1 for `spectrum`, 3 for `spectrum_3`.
  private static func spectrumNumber(_ name: Substring) -> Int? {
    guard name.hasPrefix("spectrum") else { return nil }
    let rest = name.dropFirst("spectrum".count)
    if rest.isEmpty { return 1 }
    guard rest.hasPrefix("_") else { return nil }
    return Int(rest.dropFirst())
  }
}
