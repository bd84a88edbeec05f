internal import Bytes
internal import FormatRegistry
public import IonBeamAnalysis
internal import Output
public import Tables
internal import Units

/// What `rbs` does with each file.
public enum BackscatteringTask: String, Sendable {
  /// Lists setup, fronts and peaks.
  case inspect
  /// Simulates the sample that the file holds.
  case simulate
  /// Fits a sample to the spectrum.
  case fit
}

/// Reads and analyzes files of backscattering spectra, with the files that the options name.
public struct BackscatteringReader: Sendable {
  /// What is done.
  public var task: BackscatteringTask
  /// What the user says.
  public var options: RBSOptions
  /// Whether spectra stand in the result channel by channel.
  public var arrays: Bool
  /// Whether figures are made.
  public var draws = true
  private var base: KnownSetup?
  private var start: (file: SampleFile, path: String, identity: InputIdentity)?
  private var stoppingFiles: [(path: String, bytes: ByteView)] = []
  private var crossSections: [(path: String, bytes: ByteView)] = []
  /// Sample files that the options name, with their hashes.
  private var named: [(path: String, sha256: String)] = []

  /// Reads the files that the options name.
  ///
  /// - Throws: the reason where one cannot be read; it names the file.
  public init(
    _ task: BackscatteringTask, options: RBSOptions, arrays: Bool = true
  ) throws(ReadFailure) {
    self.task = task
    self.options = options
    self.arrays = arrays
    if let path = options.setupFile {
      let file = try Self.sampleFile(path, needsLayers: false)
      var known = KnownSetup(file.file.setup, charge: file.file.charge)
      known.calibrationSource = path
      base = known
      named.append((path, file.identity.sha256))
      try addFiles(of: file.file, at: path)
    }
    if let path = options.sampleFile {
      let file = try Self.sampleFile(path, needsLayers: true)
      named.append((path, file.identity.sha256))
      start = (file.file, path, file.identity)
      if base == nil {
        var known = KnownSetup(file.file.setup, charge: file.file.charge)
        known.calibrationSource = path
        base = known
      }
      try addFiles(of: file.file, at: path)
    }
    for path in options.stoppingFiles { stoppingFiles.append((path, try Self.bytes(path))) }
    for path in options.crossSectionFiles { crossSections.append((path, try Self.bytes(path))) }
  }

  /// Whether the calibration of spectra comes from the user, so that files need none.
  var givesCalibration: Bool { options.slope != nil || base?.calibration != nil }

  /// Why a file of a folder is no part of the task; nil where it is.
  func reasonToPassOver(_ dataset: Dataset) -> String? {
    switch task {
    case .inspect: return nil
    case .simulate: return dataset["layers"] == nil ? "it holds no sample" : nil
    case .fit:
      let hasCounts = dataset.spectrumRecords.contains { dataset[$0.table]?["counts"] != nil }
      return hasCounts ? nil : "it holds no counts"
    }
  }

  /// The options, with the hash of every file that they name: what results depend on beside their inputs.
  var resolved: ResultObject {
    var list = options.resolved
    let files =
      named
      + (stoppingFiles + crossSections).map { (path: $0.path, sha256: SHA256.hex(of: $0.bytes)) }
    if !files.isEmpty {
      var hashes = ResultObject()
      for file in files { hashes[file.path] = .text(file.sha256) }
      list["files"] = .object(hashes)
    }
    return list
  }

  /// The sample that fits start from.
  public var sampleIdentity: InputIdentity? { start?.identity }

  private mutating func addFiles(of file: SampleFile, at path: String) throws(ReadFailure) {
    for name in file.stoppingFiles {
      let own = Self.beside(path, name)
      stoppingFiles.append((own, try Self.bytes(own)))
    }
    for name in file.crossSectionFiles {
      let own = Self.beside(path, name)
      crossSections.append((own, try Self.bytes(own)))
    }
  }

  /// A path that a file names, relative to that file.
  private static func beside(_ path: String, _ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }

  private static func bytes(_ path: String) throws(ReadFailure) -> ByteView {
    do throws(ReadFailure) {
      return try FileSource.open(path: path)
    } catch {
      throw ReadFailure(
        error.diagnostic.code, at: error.diagnostic.place,
        found: "\(path): \(error.diagnostic.found)", expected: error.diagnostic.expected)
    }
  }

  private static func sampleFile(
    _ path: String, needsLayers: Bool
  ) throws(ReadFailure) -> (file: SampleFile, identity: InputIdentity) {
    let view = try bytes(path)
    do throws(ReadFailure) {
      let file = try SampleFile.parse(text(view), needsLayers: needsLayers)
      return (
        file, InputIdentity(path: path, bytes: view.count, sha256: SHA256.hex(of: view))
      )
    } catch {
      throw ReadFailure(
        error.diagnostic.code, at: error.diagnostic.place,
        found: "\(path): \(error.diagnostic.found)", expected: error.diagnostic.expected)
    }
  }

  private static func text(_ view: ByteView) -> String {
    view.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Analyzes one file that was read; `path` is where its bytes stand.
  ///
  /// - Throws: the reason where nothing can be said of it.
  func analyze(
    _ dataset: Dataset, input: InputIdentity, path: String, prefix: String
  ) throws(ReadFailure) -> RBSFileAnalysis {
    switch task {
    case .inspect:
      return RBSFileAnalysis(
        inspecting: dataset, input: input, options: options, base: base, tracePrefix: prefix,
        draws: draws)
    case .simulate: return try simulate(dataset, input: input, path: path, prefix: prefix)
    case .fit: return try fit(dataset, input: input, prefix: prefix)
    }
  }

  // MARK: simulate

  private func simulate(
    _ dataset: Dataset, input: InputIdentity, path: String, prefix: String
  ) throws(ReadFailure) -> RBSFileAnalysis {
    var known: KnownSetup
    var layers: [SampleLayer]
    var notes: [Diagnostic] = []
    var channels: Int?
    var firstChannel = 0
    var own = self
    var namesFiles = false
    if dataset.format == SampleFormat.id {
      let file = try SampleFile.parse(Self.text(try Self.bytes(path)))
      known = KnownSetup(file.setup, charge: file.charge)
      known.calibrationSource = path
      layers = file.layers
      channels = file.setup.detector.channels
      firstChannel = file.setup.detector.firstChannel
      try own.addFiles(of: file, at: path)
      namesFiles = !file.stoppingFiles.isEmpty || !file.crossSectionFiles.isEmpty
    } else {
      let measured = try dataset.measuredSample(
        needsYield: options.particles == nil && options.charge == nil)
      guard !measured.layers.isEmpty else {
        throw ReadFailure(
          "rbs.no-sample", found: "the file has no layers",
          expected: "expected a sample file, an xnra or an IDF with a sample")
      }
      known = KnownSetup(measured.setup, charge: measured.charge)
      layers = measured.layers
      channels = measured.setup.detector.channels
      firstChannel = measured.setup.detector.firstChannel
      notes = measured.diagnostics
    }
    if let base { known = base }
    let (setup, said) = options.applied(to: known, at: .whole)
    notes += said
    var complete = try Self.complete(setup, channels: channels, firstChannel: firstChannel)
    try own.addPhysics(&complete, &notes)
    setDensity(&layers)
    let stored = dataset.storedSimulations.first { $0.name == "total" }
    let simulation = try RBSSimulation(
      setup: complete, layers: layers, charge: setup.charge, stored: stored, input: input,
      tracePrefix: prefix)
    var analysis = RBSFileAnalysis(
      simulation, arrays: arrays, file: input.path, draws: draws)
    analysis.namesFiles = namesFiles
    analysis.diagnostics = notes + analysis.diagnostics
    return analysis
  }

  private static func complete(
    _ setup: KnownSetup, channels: Int?, firstChannel: Int
  ) throws(ReadFailure) -> BackscatteringSetup {
    guard let complete = setup.complete(channels: channels, firstChannel: firstChannel) else {
      throw ReadFailure(
        "rbs.setup",
        found: "neither file nor options give \(setup.missing.joined(separator: ", "))",
        expected: "expected " + setup.missing.map { "--\($0)" }.joined(separator: ", "))
    }
    return complete
  }

  private func addPhysics(
    _ setup: inout BackscatteringSetup, _ notes: inout [Diagnostic]
  ) throws(ReadFailure) {
    var list = DiagnosticList()
    for file in stoppingFiles {
      try naming(file.path) { () throws(ReadFailure) in
        try setup.physics.stopping.add(file.bytes, ion: setup.ion, into: &list)
      }
    }
    for file in crossSections {
      try naming(file.path) { () throws(ReadFailure) in
        setup.physics.crossSections.append(
          try MeasuredCrossSection.r33(
            file.bytes, ion: setup.ion, scattering: setup.geometry.scattering,
            force: options.force, into: &list))
      }
    }
    notes += list.all
  }

  /// Runs what reads another file; what it throws names that file.
  private func naming(_ path: String, _ body: () throws(ReadFailure) -> Void) throws(ReadFailure) {
    do throws(ReadFailure) {
      try body()
    } catch {
      throw ReadFailure(
        error.diagnostic.code, at: error.diagnostic.place,
        found: "\(path): \(error.diagnostic.found)", expected: error.diagnostic.expected)
    }
  }

  private func setDensity(_ layers: inout [SampleLayer]) {
    guard let density = options.density else { return }
    for i in layers.indices where layers[i].density == nil && !layers[i].isSubstrate {
      layers[i].density = density
      layers[i].densityUncertainty = options.densityUncertainty
      layers[i].densitySource = "--density"
    }
  }

  // MARK: fit

  private func fit(
    _ dataset: Dataset, input: InputIdentity, prefix: String
  ) throws(ReadFailure) -> RBSFileAnalysis {
    guard let start else {
      throw ReadFailure(
        "rbs.no-sample", found: "no sample to start from", expected: "expected --sample FILE")
    }
    let records = dataset.spectrumRecords
    guard
      let (record, stored) = records.lazy.compactMap({ record in
        dataset.measuredCounts(record.table).map { (record, $0) }
      }).first(where: { $0.1.counts.contains { $0 > 0 } })
    else {
      throw ReadFailure(
        "rbs.no-spectrum", found: "the file holds no counts", expected: "expected a spectrum")
    }
    var (known, notes) = dataset.knownSetup(record, options: options, base: base)
    let others = records.count { dataset.measuredCounts($0.table) != nil } - 1
    if others > 0 {
      notes.append(
        Diagnostic(
          .warning, "rbs.several-spectra", at: .entry(record.table),
          found: "\(others) more spectra in the file", expected: "the first one is fitted"))
    }
    if known.fwhm == nil { known.fwhm = 0 }
    var complete = try Self.complete(
      known, channels: stored.counts.count, firstChannel: stored.firstChannel)
    try addPhysics(&complete, &notes)
    var layers = start.file.layers
    setDensity(&layers)
    let fit = try RBSFit(
      stored, setup: complete, layers: layers, options: options.fit(start.file.fit),
      input: input, sample: start.identity, tracePrefix: prefix)
    var analysis = RBSFileAnalysis(fit, arrays: arrays, file: input.path, draws: draws)
    analysis.diagnostics = notes + analysis.diagnostics
    return analysis
  }
}

extension StudyRun {
  /// A batch of backscattering spectra without a study: inputs and their summary.
  public static func backscattering(
    _ reading: StudyBatch.Reading, reader: BackscatteringReader, title: String
  ) -> StudyRun {
    let read = reading.inputs
    var run = StudyRun(command: "rbs", title: title)
    run.reading = reading.run
    run.takeRoot(of: read)
    run.options = backscatteringJournalOptions(reader)
    run.take(read)
    run.summary = run.backscatteringSummary(task: reader.task)
    return run
  }

  /// The resolved options of `rbs`, for journal and provenance.
  public static func backscatteringJournalOptions(_ reader: BackscatteringReader) -> ResultObject {
    var list = ResultObject()
    var own = ResultObject()
    own["task"] = .text(reader.task.rawValue)
    let resolved = reader.resolved
    for key in resolved.keys { own[key] = resolved[key] }
    list["rbs"] = .object(own)
    return list
  }

  private func backscatteringSummary(task: BackscatteringTask) -> ResultObject {
    let failed = inputs.count { $0.report.status == .error }
    if task == .fit {
      return RBSFitAmounts.summary(
        inputs.compactMap { $0.backscattering?.amounts }, failed: failed)
    }
    var summary = ResultObject()
    summary["files"] = .integer(inputs.count)
    summary["failed"] = .integer(failed)
    return summary
  }
}

extension BackscatteringReader {
  /// Kinematics, cross sections and stopping of targets for the options' ion, energy and angle.
  ///
  /// - Throws: `rbs.no-element`, `rbs.setup`, or the reason where a stopping file cannot be used.
  public func physics(of targets: [String]) throws(ReadFailure) -> ResultValue {
    guard let ion = options.ion, let energy = options.energy, let scattering = options.scattering
    else {
      throw ReadFailure(
        "rbs.setup", found: "no ion, energy or angle", expected: "expected all of them")
    }
    var stopping = ElectronicStopping()
    if let set = options.stopping { stopping.set = set }
    var list = DiagnosticList()
    for file in stoppingFiles {
      try naming(file.path) { () throws(ReadFailure) in
        try stopping.add(file.bytes, ion: ion, into: &list)
      }
    }
    return .list(
      try TargetPhysics.targets(
        targets, ion: ion, energy: energy, scattering: scattering, stopping: stopping,
        screening: options.screening ?? .andersen
      ).map(\.result))
  }
}

extension Study {
  /// How the backscattering spectra of the study are analyzed: fitted where it names a sample to start from.
  func backscatteringReader() throws(ReadFailure) -> BackscatteringReader {
    var options = RBSOptions()
    options.seed = seed
    for setting in settings.backscattering {
      do {
        try options.setOption(name: setting.key, text: setting.text)
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: error.diagnostic.place,
          found: "\(setting.source), rbs.\(setting.key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    // Paths of a study are relative to its folder.
    func inFolder(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }
    options.setupFile = options.setupFile.map(inFolder)
    options.sampleFile = options.sampleFile.map(inFolder)
    options.stoppingFiles = options.stoppingFiles.map(inFolder)
    options.crossSectionFiles = options.crossSectionFiles.map(inFolder)
    return try BackscatteringReader(
      options.sampleFile == nil ? .inspect : .fit, options: options, arrays: false)
  }
}

extension StudyRun {
  /// The areal densities of a sample's fitted spectra: of one, or the weighted mean of several.
  func addBackscattering(of sample: String, to fields: inout ResultObject) {
    let fits = inputs.filter { $0.sample == sample }.compactMap { $0.backscattering?.amounts }
    guard !fits.isEmpty else { return }
    if fits.count == 1 {
      fields["areal_density"] =
        inputs.first { $0.sample == sample && $0.backscattering?.amounts != nil }?
        .report.fields["result"]?["areal_density"]
      return
    }
    let summary = RBSFitAmounts.summary(fits, failed: 0)
    guard case .object(let elements)? = summary["areal_density"] else { return }
    var densities = ResultObject()
    for name in elements.keys {
      let weighted = elements[name]?["weighted_mean"]
      densities[name] = weighted == .null ? elements[name]?["mean"] : weighted
    }
    fields["areal_density"] = .object(densities)
  }
}
