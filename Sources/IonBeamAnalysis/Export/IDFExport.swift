public import Tables

/// One sample with one spectrum as IDF 1.01 in SIMNRA's form (`.xnra`).
///
/// SIMNRA, JaBS and pyRUMP open what ``bytes`` gives: plain element names and fractions that add up to
/// 1, every number with its unit, and both flags of the geometric spread.
public struct IDFExport: Sendable {
  /// A layer by areal density and atom fractions.
  public struct Layer: Hashable, Sendable {
    /// Atoms per area in 1e15 at/cm2.
    public var arealDensity: Double
    /// Full width at half maximum of its thickness in 1e15 at/cm2; 0 for none.
    public var roughness: Double
    /// Elements or isotopes with their atom fractions.
    public var fractions: [(name: String, value: Double)]

    /// Two layers are equal where all their numbers are.
    public static func == (a: Layer, b: Layer) -> Bool {
      a.arealDensity == b.arealDensity && a.roughness == b.roughness
        && a.fractions.elementsEqual(b.fractions) { $0 == $1 }
    }

    /// Feeds areal density and roughness.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(arealDensity)
      hasher.combine(roughness)
    }
  }

  /// Numbers by channel.
  public struct Series: Hashable, Sendable {
    /// `total`, or the name of an element or isotope; empty for measured counts.
    public var name: String
    /// The channel numbers.
    public var channels: [Int64]
    /// The counts.
    public var counts: [Double]

    /// Counts by channel.
    public init(name: String = "", channels: [Int64], counts: [Double]) {
      self.name = name
      self.channels = channels
      self.counts = counts
    }
  }

  /// The name of the file, as it stands inside.
  public var fileName = "interphase.xnra"
  /// Lines for people at the head of the file.
  public var notes: [String] = []
  /// Beam, geometry, detector and calibration.
  public var record: SpectrumRecord
  /// What a simulation needs beside them.
  public var simulation: SimulationRecord
  /// The sample from the surface down.
  public var layers: [Layer] = []
  /// What stands before the detector, from the sample's side.
  public var foil: [Layer] = []
  /// What was measured; nil for a simulation only.
  public var measured: Series?
  /// The simulated spectra, the total first.
  public var simulated: [Series] = []
  /// What the format has no place for.
  public private(set) var problems: [Diagnostic] = []

  /// A setup and a sample, with what was measured and simulated.
  ///
  /// - Parameters:
  ///   - setup: the measurement.
  ///   - layers: the sample from the surface down.
  ///   - measured: counts by channel, the first one of number `firstChannel`.
  ///   - spectrum: the simulated or fitted spectrum.
  public init(
    _ setup: BackscatteringSetup, layers: [SampleLayer], measured: [Double]? = nil,
    firstChannel: Int = 0, spectrum: SimulatedSpectrum? = nil
  ) {
    record = SpectrumRecord(setup)
    simulation = SimulationRecord(setup)
    self.layers = layers.map(Self.layer)
    foil = setup.detector.foil.map(Self.layer)
    func channels(_ first: Int, _ count: Int) -> [Int64] {
      (0..<count).map { Int64(first) &+ Int64($0) }
    }
    self.measured = measured.map {
      Series(channels: channels(firstChannel, $0.count), counts: $0)
    }
    if let spectrum {
      let numbers = channels(spectrum.firstChannel, spectrum.total.count)
      simulated.append(Series(name: "total", channels: numbers, counts: spectrum.total))
      for (name, counts) in zip(spectrum.names, spectrum.counts) {
        simulated.append(Series(name: name, channels: numbers, counts: counts))
      }
    }
    for layer in layers {
      if layer.stoppingScale != 1 || layer.yieldScale != 1 {
        warn("the factors on stopping and yield of layer '\(layer.name)'")
      }
    }
    if !setup.physics.crossSections.isEmpty { warn("measured cross sections") }
    if !setup.physics.stopping.tables.isEmpty { warn("stopping tables of the user") }
  }

  /// The spectra of a dataset that can be written: with counts, or at least with ion and angle.
  public static func records(of dataset: Dataset) -> [SpectrumRecord] {
    guard dataset.technique == .rbs else { return [] }
    return dataset.spectrumRecords.filter { record in
      dataset[record.table]?["counts"] != nil || (record.ion != nil && record.scattering != nil)
    }
  }

  /// A spectrum of a dataset with the sample and the simulations that the file holds.
  ///
  /// - Parameters:
  ///   - dataset: what a file holds.
  ///   - record: one of its ``Tables/Dataset/spectrumRecords``.
  public init(_ dataset: Dataset, record: SpectrumRecord) {
    self.record = record
    simulation = dataset.simulationRecord(record.table)
    let suffix = record.table.hasPrefix("spectrum") ? String(record.table.dropFirst(8)) : ""
    layers = dataset["layers"].map(Self.layers) ?? []
    foil = dataset["foil\(suffix)"].map(Self.layers) ?? []
    measured = dataset[record.table].flatMap { Self.series($0, "counts", name: "") }
    for table in dataset.tables where table.name.hasPrefix("simulation_") {
      var name = table.name.dropFirst("simulation_".count)
      if !suffix.isEmpty {
        guard name.hasSuffix(suffix) else { continue }
        name = name.dropLast(suffix.count)
      }
      if let series = Self.series(table, "counts_simulated", name: String(name)) {
        simulated.append(series)
      }
    }
    let missing = [
      ("ion", record.ion == nil), ("energy of the beam", record.energy == nil),
      ("scattering angle", record.scattering == nil),
      ("energy calibration", record.calibration == nil),
      ("solid angle", record.solidAngle == nil),
      ("number of ions", record.particles == nil && record.charge == nil),
      ("layers", layers.isEmpty),
    ].filter(\.1).map(\.0)
    if !missing.isEmpty {
      problems.append(
        Diagnostic(
          .warning, "export.idf-incomplete", at: .entry(record.table),
          found: "the file gives no \(missing.joined(separator: ", "))",
          expected: "SIMNRA and JaBS need them to simulate"))
    }
    for name in ["stopping_scale", "yield_scale"] where dataset["layers"]?[name] != nil {
      warn("the column \(name) of the layers")
    }
  }

  private mutating func warn(_ what: String) {
    problems.append(
      Diagnostic(
        .warning, "export.idf-left-out", found: "\(what) left out",
        expected: "IDF has no place for them"))
  }

  private static func layer(_ layer: SampleLayer) -> Layer {
    let total = layer.arealDensity
    return Layer(
      arealDensity: total, roughness: layer.roughness,
      fractions: layer.parts.map { ($0.nuclei.name, total > 0 ? $0.arealDensity / total : 0) })
  }

  private static func layers(_ table: Table) -> [Layer] {
    let roughness = table["roughness_fwhm"]?.real ?? []
    let elements = table.columns.filter { $0.name.hasPrefix("fraction_") }.compactMap { column in
      column.real.map { (name: String(column.name.dropFirst(9)), values: $0) }
    }
    return (table["areal_density"]?.real ?? []).enumerated().map { row, total in
      var own = elements.compactMap { element in
        row < element.values.count && element.values[row] > 0
          ? (name: element.name, value: element.values[row]) : nil
      }
      let sum = own.reduce(0) { $0 + $1.value }
      // Rounded thirds add up to nearly 1; SIMNRA wants 1.
      if sum > 0, (sum - 1).magnitude > 1e-12 { own = own.map { ($0.name, $0.value / sum) } }
      let width = row < roughness.count && roughness[row] > 0 ? roughness[row] : 0
      return Layer(arealDensity: total, roughness: width, fractions: own)
    }
  }

  private static func series(_ table: Table, _ column: String, name: String) -> Series? {
    guard case .integer(let channels)? = table["channel"]?.values,
      let counts = table[column]?.real, counts.count == channels.count, !counts.isEmpty
    else { return nil }
    return Series(name: name, channels: channels, counts: counts)
  }
}
