public import Tables
internal import Units

/// What one file of backscattering data gives: the result of `rbs inspect`, `rbs simulate` or `rbs fit`.
public struct RBSFileAnalysis: Sendable {
  /// The tree of the contract; of a simulation without the spectrum, see ``complete(_:)``.
  public var result: ResultValue
  /// What is to be said beyond reading.
  public var diagnostics: [Diagnostic]
  /// Figures that were drawn.
  private var drawn: [Figure]
  /// The file whose simulation is drawn when the figure is asked for; nil for none.
  private var drawnFile: String?
  /// The steps behind its numbers.
  public var trace: TraceGraph
  /// The fit; nil where nothing was fitted, and where the analysis was taken from an earlier run.
  public var fit: RBSFit?
  /// What a batch needs of the fit; nil where nothing was fitted.
  public var amounts: RBSFitAmounts?
  /// The spectrum that was fitted; nil where nothing was.
  public var measured: StoredSpectrum?
  /// The measurement and the sample as simulated or fitted, for exports.
  public var sample: (setup: BackscatteringSetup, layers: [SampleLayer])?
  /// The simulated spectrum, for exports.
  public var spectrum: SimulatedSpectrum?
  /// Whether the file names other files, on which the result depends too.
  public var namesFiles = false

  /// The spectra of a file at first sight: setup, fronts and peaks with their elements.
  ///
  /// - Parameters:
  ///   - dataset: the file.
  ///   - input: its identity, for the trace.
  ///   - options: what the user says of it.
  ///   - base: what `--setup` says; nil without.
  ///   - tracePrefix: what the trace ids start with, unique in a run.
  ///   - draws: whether figures are made.
  public init(
    inspecting dataset: Dataset, input: InputIdentity, options: RBSOptions,
    base: KnownSetup? = nil, tracePrefix: String = "t", draws: Bool = true
  ) {
    var graph = TraceGraph(prefix: tracePrefix)
    let read = RBSTrace.read(&graph, input, "counts and setup")
    var said: [Diagnostic] = []
    var drawn: [Figure] = []
    var spectra: [ResultValue] = []
    let stem = input.path.split(separator: "/").last.map(String.init) ?? input.path
    let records = dataset.spectrumRecords
    for record in records {
      let stored = dataset.measuredCounts(record.table)
      let (setup, notes) = dataset.knownSetup(record, options: options, base: base)
      said += notes
      var fields = Self.counts(record, stored, read)
      fields["calibration"] = setup.calibrationResult
      fields["setup"] = setup.result
      if let stored, stored.counts.contains(where: { $0 > 0 }) {
        let findings = SurfaceFindings(stored, setup: setup, options: options.search)
        said += findings.diagnostics
        var parameters = ResultObject()
        parameters["significance"] = .number(options.search.significance)
        let search = graph.add(
          .fit, "fronts and peaks", inputs: [read].compactMap { $0 }, parameters: parameters,
          formula: "step · erfc((E − K E₀)/√2σ)/2, Poisson likelihood", reference: "docs/rbs.md")
        fields["edges"] = findings.edgesResult(trace: search)
        fields["peaks"] = findings.peaksResult(trace: search)
        let name = records.count == 1 ? stem : "\(stem)-\(record.table)"
        if draws {
          drawn.append(RBSFigures(stem: name, title: name).findings(stored, setup, findings))
        }
      } else {
        fields["edges"] = .list([])
        fields["peaks"] = .list([])
      }
      spectra.append(.object(fields))
    }
    var o = ResultObject()
    o["spectra"] = .list(spectra)
    var layers: [SampleLayer]?
    if let table = dataset["layers"] {
      do throws(ReadFailure) {
        layers = try Dataset.sampleLayers(table, hasSubstrate: true)
      } catch {
        var diagnostic = error.diagnostic
        diagnostic.severity = .warning
        said.append(diagnostic)
      }
    }
    o["sample"] = layers.map { .fields(["layers": $0.result]) } ?? .null
    o["simulations"] = .list(
      dataset.storedSimulations.map { stored in
        .fields([
          "name": .text(stored.name), "channels": .integer(stored.counts.count),
          "total_counts": RBSUnit.quantity(stored.counts.reduce(0, +), trace: read),
        ])
      })
    result = .object(o)
    diagnostics = said
    self.drawn = drawn
    trace = graph
  }

  /// A simulation.
  ///
  /// The spectrum is kept as it was computed; its place in the result and its figure are made when they are
  /// written, so that a batch holds only one of them at a time.
  ///
  /// - Parameters:
  ///   - arrays: whether the result has the spectrum channel by channel.
  ///   - file: the file, for the title of the figure.
  ///   - draws: whether figures are made.
  public init(_ simulation: RBSSimulation, arrays: Bool, file: String, draws: Bool = true) {
    result = simulation.result(arrays: false)
    diagnostics = simulation.diagnostics
    drawn = []
    trace = simulation.trace
    if arrays || draws {
      drawnFile = draws ? file : nil
      sample = (simulation.setup, simulation.layers)
      spectrum = simulation.spectrum
    }
  }

  /// A fit.
  ///
  /// - Parameter draws: whether figures are made.
  public init(_ fit: RBSFit, arrays: Bool, file: String, draws: Bool = true) {
    result = fit.result(arrays: arrays)
    diagnostics = fit.diagnostics
    drawn = draws ? fit.figures(file: file) : []
    trace = fit.trace
    sample = (fit.fit.setup, fit.fit.layers)
    spectrum = fit.fit.spectrum
    self.fit = fit
    amounts = fit.amounts
    measured = fit.measured
  }

  /// What has to be kept of an analysis to have it again without its file.
  public struct Stored: Sendable, Codable {
    var figures: [Figure]
    var drawnFile: String?
    var trace: TraceGraph
    var amounts: RBSFitAmounts?
    var measured: StoredSpectrum?
    var setup: BackscatteringSetup?
    var layers: [SampleLayer]?
    var spectrum: SimulatedSpectrum?
  }

  /// What has to be kept, besides the result and the diagnostics.
  public var stored: Stored {
    Stored(
      figures: drawn, drawnFile: drawnFile, trace: trace, amounts: amounts, measured: measured,
      setup: sample?.setup,
      layers: sample?.layers, spectrum: spectrum)
  }

  /// An analysis that was kept, with its result; what it had to say stands where that was kept.
  public init(_ stored: Stored, result: ResultValue) {
    self.result = result
    diagnostics = []
    drawn = stored.figures
    drawnFile = stored.drawnFile
    trace = stored.trace
    amounts = stored.amounts
    measured = stored.measured
    if let setup = stored.setup, let layers = stored.layers { sample = (setup, layers) }
    spectrum = stored.spectrum
  }

  /// The figures.
  public var figures: [Figure] {
    guard let drawnFile, let spectrum, let sample else { return drawn }
    return drawn
      + RBSSimulation.figures(spectrum, sample.setup.detector.calibration, file: drawnFile)
  }

  /// The result with all that is in it only where it is written: the spectrum of a simulation.
  public func complete(_ result: ResultValue) -> ResultValue {
    guard let spectrum, let sample, measured == nil, case .object(let object) = result,
      object["spectrum"] == nil
    else { return result }
    var whole = ResultObject()
    whole["spectrum"] = RBSResult.spectrum(
      spectrum, sample.setup.detector.calibration, measured: nil)
    for field in object.fields { whole[field.key] = field.value }
    return .object(whole)
  }

  /// The simulated or fitted spectrum, a column an element; nil where nothing was simulated.
  public var table: Table? {
    guard let spectrum, let sample else { return nil }
    return spectrum.table(sample.setup.detector.calibration, measured: measured)
  }

  /// Names, counts and times of a spectrum.
  private static func counts(
    _ record: SpectrumRecord, _ stored: StoredSpectrum?, _ read: TraceID?
  ) -> ResultObject {
    var fields = ResultObject()
    fields["name"] = .text(record.title ?? record.table)
    fields["channels"] = .integer(stored?.counts.count ?? 0)
    fields["first_channel"] = stored.map { .integer($0.firstChannel) } ?? .null
    let peak = stored.flatMap { stored in
      stored.counts.indices.max { a, b in
        // The first of several largest channels.
        stored.counts[a] < stored.counts[b] || (stored.counts[a] == stored.counts[b] && a > b)
      }
    }
    fields["total_counts"] = RBSUnit.quantity(stored?.counts.reduce(0, +) ?? 0, trace: read)
    fields["peak_channel"] =
      stored.flatMap { stored in peak.map { .integer($0 + stored.firstChannel) } } ?? .null
    fields["peak_counts"] = RBSUnit.quantity(
      stored.flatMap { stored in peak.map { stored.counts[$0] } }, trace: read)
    fields["live_time"] = RBSUnit.quantity(record.liveTime, .second, trace: read)
    fields["real_time"] = RBSUnit.quantity(record.realTime, .second, trace: read)
    fields["start"] = RBSUnit.text(record.start.map { $0 + (record.zone ?? "") })
    return fields
  }
}

extension Dataset {
  /// The counts of a table channel by channel; nil where the file has none.
  ///
  /// Channels that the file leaves out have no counts; a gap of millions is no spectrum.
  public func measuredCounts(_ table: String) -> StoredSpectrum? {
    series(table, column: "counts").map { StoredSpectrum(table, firstChannel: $0, counts: $1) }
  }

  /// The simulations that the file stores: `total`, `Al`, `12C`.
  public var storedSimulations: [StoredSpectrum] {
    tables.compactMap { table in
      guard let (first, counts) = series(table.name, column: "counts_simulated") else { return nil }
      let prefix = "simulation_"
      // A column beside the counts is the whole simulation.
      return StoredSpectrum(
        table.name.hasPrefix(prefix) ? String(table.name.dropFirst(prefix.count)) : "total",
        firstChannel: first, counts: counts)
    }
  }

  private func series(_ name: String, column: String) -> (Int, [Double])? {
    guard let table = self[name], let values = table[column]?.real, !values.isEmpty else {
      return nil
    }
    let numbers = table["channel"]?.real ?? values.indices.map(Double.init)
    let whole = numbers.compactMap { Int(exactly: $0) }
    guard whole.count == values.count, let first = whole.min(), let last = whole.max(),
      last &- first < 1 << 22, first >= 0
    else { return nil }
    var counts = [Double](repeating: 0, count: last - first + 1)
    for (channel, value) in zip(whole, values) where value.isFinite {
      counts[channel - first] += value
    }
    return (first, counts)
  }

  /// What is known of the measurement of a spectrum: the file, then `base`, then the options.
  public func knownSetup(
    _ record: SpectrumRecord, options: RBSOptions, base: KnownSetup?
  ) -> (KnownSetup, [Diagnostic]) {
    var known = base ?? KnownSetup(record, simulationRecord(record.table))
    if base != nil, known.calibration == nil, let own = record.calibration {
      known.calibration = own.channels
      known.calibrationSource = own.source
    }
    return options.applied(to: known, at: .entry(record.table))
  }
}

extension KnownSetup {
  /// What a file says of a measurement.
  public init(_ record: SpectrumRecord, _ asked: SimulationRecord) {
    self.init()
    ion = record.ion.flatMap { Ion($0) }
    energy = record.energy
    energySpread = (asked.energySpread ?? 0) / 2.354820045030949
    charge = record.charge
    particles =
      record.particles
      ?? record.charge.map { $0 / (SpectrumRecord.elementaryCharge * (record.chargeState ?? 1)) }
    geometry = record.geometry
    incidence = record.incidence?.magnitude
    scattering = record.scattering?.magnitude
    exit = record.exit?.magnitude
    solidAngle = record.solidAngle
    calibration = record.calibration?.channels
    calibrationSource = record.calibration?.source
    fwhm = record.fwhm
    spot = asked.spot
    aperture = asked.aperture
    distance = asked.distance
    if let set = asked.stopping { physics.stopping.set = set }
    if let straggling = asked.straggling { physics.straggling = straggling }
    if let screening = asked.screening { physics.screening = screening }
    if let least = asked.minimumEnergy, least > 0 { physics.minimumEnergy = least }
    if asked.geometricSpread == true, distance != nil, spot != nil || aperture != nil {
      physics.geometricSpread = true
    }
  }
}

extension SimulatedSpectrum {
  /// The spectrum as a table: channel, energy, the measured counts, the total, a column an element.
  func table(_ calibration: ChannelCalibration, measured: StoredSpectrum?) -> Table {
    let channels = total.indices.map { $0 + firstChannel }
    func counts(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, label: name, values: .real(values), unit: .known(.one))
    }
    var columns = [
      Column(
        name: "channel", label: "channel", values: .integer(channels.map { Int64($0) }),
        unit: .known(.one)),
      Column(
        name: "energy", label: "energy",
        values: .real(channels.map { calibration.energy(Double($0)) }),
        unit: .known(.kiloelectronvolt)),
    ]
    if let measured {
      columns.append(
        counts(
          "measured",
          channels.map { channel in
            let at = channel - measured.firstChannel
            return measured.counts.indices.contains(at) ? measured.counts[at] : .nan
          }))
    }
    columns.append(counts("total", total))
    for (name, values) in zip(names, self.counts) { columns.append(counts(name, values)) }
    return Table(name: "spectrum", columns: columns, indexColumns: ["channel"])
  }
}

extension RBSFigures {
  /// Counts with the fronts and peaks that were found.
  func findings(
    _ stored: StoredSpectrum, _ setup: KnownSetup, _ findings: SurfaceFindings
  ) -> Figure {
    let calibration = setup.calibration
    func position(_ channel: Double) -> Double { calibration?.energy(channel) ?? channel }
    let top = stored.counts.lastIndex { $0 > 0 } ?? 0
    let shown = 0..<min(stored.counts.count, top + 1 + max(10, top / 20))
    let x = shown.map { position(Double($0 + stored.firstChannel)) }
    func height(_ channel: Double) -> Double {
      let at = Int(exactly: (channel - Double(stored.firstChannel)).rounded()) ?? 0
      return stored.counts.indices.contains(at) ? stored.counts[at] : 0
    }
    var marks: [Figure.Mark] = []
    for edge in findings.edges {
      marks.append(
        .init(
          x: position(edge.channel), y: height(edge.channel),
          label: edge.candidates.first?.element ?? "?"))
    }
    for peak in findings.peaks {
      marks.append(
        .init(
          x: position(peak.channel), y: height(peak.channel),
          label: peak.candidates.first?.element ?? "?"))
    }
    return Figure(
      id: "\(stem)-spectrum", title: "\(title): spectrum",
      caption: "Counts, with the fronts and peaks that were found and the first element of each.",
      xAxis: calibration == nil ? .init("channel", unit: "1") : .init("energy", unit: "keV"),
      yAxis: .init("counts", unit: "1"),
      series: [.init("counts", .points, x: x, y: Array(stored.counts[shown]))], marks: marks)
  }
}
