public import Tables
internal import Units

/// A spectrum that a file stores beside, or instead of, a measured one.
public struct StoredSpectrum: Hashable, Sendable, Codable {
  /// The name: `total`, `Al`, `12C`.
  public var name: String
  /// The number of the first channel.
  public var firstChannel: Int
  /// Counts by channel.
  public var counts: [Double]

  /// A stored spectrum.
  public init(_ name: String, firstChannel: Int = 0, counts: [Double]) {
    self.name = name
    self.firstChannel = firstChannel
    self.counts = counts
  }
}

/// A simulation with what it rests on: the result of `rbs simulate`.
public struct RBSSimulation: Sendable {
  /// The measurement.
  public var setup: BackscatteringSetup
  /// The charge in µC where the ions were counted by it.
  public var charge: Double?
  /// The sample.
  public var layers: [SampleLayer]
  /// The spectrum and what each element gives to it.
  public var spectrum: SimulatedSpectrum
  /// The simulation that the file holds.
  public var stored: StoredSpectrum?
  /// What is not modelled, and what does not fit.
  public var diagnostics: [Diagnostic]
  /// The steps from the file to the spectrum.
  public var trace: TraceGraph
  private let step: TraceID

  /// Simulates a sample.
  ///
  /// - Parameters:
  ///   - setup: The measurement.
  ///   - layers: The sample from the surface down.
  ///   - charge: The charge in µC from which the ions were counted.
  ///   - stored: The total of a simulation that the file holds, to compare with.
  ///   - input: The file, for the trace.
  ///   - tracePrefix: What the trace ids start with, unique in a run.
  /// - Throws: `rbs.setup`, `rbs.no-stopping`.
  public init(
    setup: BackscatteringSetup, layers: [SampleLayer], charge: Double? = nil,
    stored: StoredSpectrum? = nil, input: InputIdentity? = nil, tracePrefix: String = "t"
  ) throws(ReadFailure) {
    self.setup = setup
    self.layers = layers
    self.charge = charge
    self.stored = stored
    do {
      var simulator = try SpectrumSimulator(setup)
      spectrum = try simulator.simulate(layers)
    } catch {
      throw error.failure
    }
    diagnostics = RBSValidity.warnings(setup, layers)
    let bottom = max(200, 2 * setup.physics.minimumEnergy)
    if let back = RBSValidity.backEnergy(setup, layers), back > bottom, let last = layers.last,
      last.isSubstrate
    {
      diagnostics.append(
        Diagnostic(
          .warning, "rbs.thin-sample",
          found: "the last layer, \(last.name), ends at \(RBSUnit.words(back, 1)) keV",
          expected: "expected a substrate as thick as the range of the beam"))
    }
    if !spectrum.total.contains(where: { $0 > 0 }) {
      diagnostics.append(
        Diagnostic(
          .warning, "rbs.empty-spectrum", found: "no ion reaches the channels of the spectrum",
          expected: "expected a calibration, a foil and a beam that let some through"))
    }
    trace = TraceGraph(prefix: tracePrefix)
    step = RBSTrace.simulate(&trace, setup: setup, input: input)
  }

  /// The tree of the contract.
  ///
  /// - Parameter arrays: whether the spectra are written channel by channel.
  public func result(arrays: Bool = true) -> ResultValue {
    var o = ResultObject()
    if arrays {
      o["spectrum"] = RBSResult.spectrum(spectrum, setup.detector.calibration, measured: nil)
    }
    o["total_counts"] = RBSUnit.quantity(spectrum.total.reduce(0, +), trace: step)
    var elements = ResultObject()
    for (name, counts) in zip(spectrum.names, spectrum.counts) {
      elements[name] = RBSUnit.quantity(counts.reduce(0, +), trace: step)
    }
    o["element_counts"] = .object(elements)
    o["layers"] = layers.result
    o["setup"] = KnownSetup(setup, charge: charge).result
    o["physics"] = setup.physics.result
    o["stored"] = stored.map { comparison($0) } ?? .null
    return .object(o)
  }

  /// `{total_counts, ratio, max_channel_difference}`: our total over the stored one, and the greatest
  /// difference of a channel as a fraction of the stored peak.
  private func comparison(_ stored: StoredSpectrum) -> ResultValue {
    let total = stored.counts.reduce(0, +)
    let peak = stored.counts.max() ?? 0
    var worst = 0.0
    for (i, theirs) in stored.counts.enumerated() {
      let at = i + stored.firstChannel - spectrum.firstChannel
      let ours = spectrum.total.indices.contains(at) ? spectrum.total[at] : 0
      worst = max(worst, (ours - theirs).magnitude)
    }
    return .fields([
      "total_counts": RBSUnit.quantity(total),
      "ratio": RBSUnit.quantity(total > 0 ? spectrum.total.reduce(0, +) / total : nil),
      "max_channel_difference": RBSUnit.quantity(peak > 0 ? worst / peak : nil),
    ])
  }

  /// The spectrum with one line per element.
  public func figures(file: String) -> [Figure] {
    Self.figures(spectrum, setup.detector.calibration, file: file)
  }

  /// A simulated spectrum with one line per element.
  static func figures(
    _ spectrum: SimulatedSpectrum, _ calibration: ChannelCalibration, file: String
  ) -> [Figure] {
    let base = file.split(separator: "/").last.map(String.init) ?? file
    return [
      RBSFigures(stem: base, title: base).spectrum(
        spectrum, calibration, measured: nil, ranges: [])
    ]
  }
}
