internal import Bytes
internal import Cycling
public import ForceMicroscopy
public import FormatRegistry
internal import IonBeamAnalysis
internal import Materials
internal import Output
internal import Plating
internal import Reading
internal import Simulation
public import Tables
internal import Units
internal import XRayAbsorption

/// The pipeline of `run`: a folder of raw files to results, simulations and what the report shows.
public struct Study: Sendable {
  /// The folder as given.
  public var folder: String
  /// What the study says.
  public var settings: StudySettings
  /// How files are read.
  public var reader: InputReader
  /// Workers.
  public var jobs: Int
  /// The seed of the random numbers, where an analysis draws any.
  public var seed: UInt64 = 0

  /// A study of a folder.
  public init(folder: String, settings: StudySettings, reader: InputReader, jobs: Int) {
    self.folder = folder
    self.settings = settings
    self.reader = reader
    self.reader.options.saidByPattern = settings.inputs
    self.jobs = jobs
  }

  /// The name of the folder without the folders above it.
  var folderName: String { String(folder.split(separator: "/").last ?? "study") }

  /// Runs the whole pipeline.
  ///
  /// - Parameter batch: how the files are read, and the journal; nil reads them without one.
  /// - Throws: `ReadFailure` where the folder cannot be listed or a setting does not fit,
  ///   `OutputFailure` where the journal does not.
  public func run(batch: StudyBatch? = nil) throws -> StudyRun {
    let inputs = try InputList.checked([folder], reader: reader)
    let force = try forceOptions(inputs)
    let cycling = try cyclingOptions()
    let absorption = try absorptionOptions()
    let backscattering = try backscatteringReader()
    let settings = settings
    let name = folderName
    var configured = try StudyReader(
      reader: reader, selection: InputSelection(), force: force, cycling: cycling,
      absorption: absorption, listsTables: true,
      sampleOfFile: { settings.sample(of: $0, folder: name) }
    ).withBlank()
    configured.backscattering = backscattering
    configured.stated = settings.stated
    let worker = configured
    var options = resolvedOptions(force)
    options["cycling"] = .object(cycling.resolved)
    options["xas"] = .object(absorption.resolved)
    options["rbs"] = .object(backscattering.resolved)
    // Samples are compared input by input, so that another file does not stop a resumed run.
    var journalled = options
    var curves = force.resolvedOptions
    curves["samples"] = nil
    journalled["afm"] = .object(curves)
    if let blank = worker.blankHash { journalled["blank_sha256"] = .text(blank) }
    let reading = try (batch ?? StudyBatch(command: "run", jobs: jobs)).read(
      inputs, with: worker, options: journalled)
    var read = reading.inputs
    var result = StudyRun(command: "run", title: settings.title ?? name)
    result.root = folder
    result.reading = reading.run
    result.options = options
    result.diagnostics = settings.diagnostics
    try result.compareSpectra(&read, options: absorption, reader: worker)
    result.take(read)
    result.summarizeForce(force)
    result.summarizeLogs()
    describeSamples(&result)
    try simulate(&result)
    writeSummary(&result, force: force)
    return result
  }

  /// The options of the force-curve analysis, with the film thickness of every sample.
  private func forceOptions(_ inputs: [BatchInput]) throws(ReadFailure) -> ForceAnalysisOptions {
    var options = ForceAnalysisOptions()
    for setting in settings.force {
      do {
        try options.setOption(name: setting.key, text: setting.text)
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: error.diagnostic.place,
          found: "\(setting.source), afm.\(setting.key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    guard options.thickness == nil else { return options }
    for input in inputs {
      let sample = settings.sample(of: input, folder: folderName)
      guard options.bySample[sample] == nil, let thickness = thickness(ofSample: sample) else {
        continue
      }
      var text = "\(thickness.value.value(in: .nanometre))"
      if let u = thickness.u { text += " ± \(u.value(in: .nanometre))" }
      options.bySample[sample] = [.init(name: "thickness", text: "\(text) nm")]
    }
    return options
  }

  /// Every option of the study with its default, for the provenance.
  private func resolvedOptions(_ force: ForceAnalysisOptions) -> ResultObject {
    var options = ResultObject()
    options["growth_per_pair"] = .quantity(
      MeasuredValue(
        settings.growthPerPair.value.value(in: .nanometre), UnitOf<Length>.nanometre.unit,
        u: settings.growthPerPair.u?.value(in: .nanometre), source: settings.growthPerPair.source))
    options["afm"] = .object(force.resolvedOptions)
    options["simulate.metals"] = .list((settings.metals ?? []).map { .text($0) })
    for setting in settings.plate { options["simulate.plate.\(setting.key)"] = .text(setting.text) }
    return options
  }

  /// The thickness of a sample: what the study says, else growth; nil where the name says nothing.
  func thickness(ofSample name: String) -> Measured<Length>? {
    if let given = settings[sample: name]?.thickness {
      return Measured(given.value, u: given.u, source: "study")
    }
    guard let film = SampleName(in: name[...]), film.repeats > 0 else { return nil }
    let growth = settings.growthPerPair
    let pairs = Double(film.repeats) * Double(film.ald + film.mld) / 2
    return Measured(
      film.thickness(growthPerPair: growth.value), u: growth.u.map { pairs * $0 }, source: "growth")
  }

  /// Makes one sample for every name, with thickness, hand-over and refusal.
  private func describeSamples(_ run: inout StudyRun) {
    var names: [String] = []
    for input in run.inputs where !names.contains(input.sample) { names.append(input.sample) }
    var samples: [StudySample] = names.map { name in
      var sample = StudySample(name: name)
      sample.film = SampleName(in: name[...])
      sample.thickness = thickness(ofSample: name)
      for input in run.inputs where input.sample == name {
        if let technique = input.technique { sample.files[technique, default: 0] += 1 }
      }
      sample.statistics = run.element("samples", ofSample: name)
      sample.handover = run.element("handover", ofSample: name)
      sample.refusal = refusal(sample)
      sample.metals = metals(sample)
      return sample
    }
    samples.sort { a, b in
      let (ha, hb) = (a.thickness?.value.si ?? .infinity, b.thickness?.value.si ?? .infinity)
      return ha == hb ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : ha < hb
    }
    run.samples = samples
  }

  private func refusal(_ sample: StudySample) -> String? {
    guard let record = sample.handover else { return "no force curves of this sample" }
    if record["status"]?.text == "ready" {
      return sample.thickness == nil ? "the film thickness is not known" : nil
    }
    guard case .list(let reasons)? = record["reasons"] else { return "refused" }
    return reasons.compactMap { $0.text }.joined(separator: "; ")
  }

  /// The metals to simulate: of the sample, of the study, of the name, else both.
  private func metals(_ sample: StudySample) -> [String] {
    if let metal = settings[sample: sample.name]?.metal { return [metal] }
    if let metals = settings.metals { return metals }
    if let substrate = sample.film?.substrate, Metal.preset(substrate) != nil { return [substrate] }
    return Metal.presets.map { $0.name }
  }

  /// The plating case that all films share, with the study's overrides.
  ///
  /// A study carries the uncertainty of each film through two runs or more, so its default is the
  /// sharp-interface twin, whose numbers depend on no grid.
  private func plateBase() throws(ReadFailure) -> PlateCase {
    let isChosen = settings.plate.contains { $0.key == "solver" }
    let sets =
      (isChosen ? [] : ["solver=\(PlateSolver.sharp.rawValue)"])
      + settings.plate.map { "\($0.key)=\($0.text)" }
    let configuration = try PlateConfiguration.read(ByteView([]), name: "study.yaml", sets: sets) {
      file throws(ReadFailure) in
      throw ReadFailure(
        "study.reference", found: "simulate.plate takes a value from '\(file)'",
        expected: "a value; the films come from the study itself")
    }
    var base = configuration.cases.first ?? PlateCase(label: "case")
    if !isChosen { base.sources["solver"] = nil }
    return base
  }

  /// Plates the metals under every film whose modulus was accepted.
  private func simulate(_ run: inout StudyRun) throws(ReadFailure) {
    var films: [PlateFilm] = []
    for index in run.samples.indices where run.samples[index].refusal == nil {
      let sample = run.samples[index]
      guard let record = sample.handover, let thickness = sample.thickness else { continue }
      do {
        let modulus = try MeasuredModulus.handover(
          record, context: .init(file: "results.json#summary.handover", thickness: thickness))
        let poisson = record["poisson_ratio"]?.quantity?.value ?? 0.2
        films.append(
          PlateFilm(
            label: sample.name, metals: sample.metals.compactMap { Metal.preset($0) },
            film: FilmParameters(
              thickness: thickness, thicknessTrace: record["thickness"]?.quantity?.trace,
              modulus: modulus,
              poissonRatio: Measured(Quantity(si: poisson), source: "the analysis of the curves"))))
      } catch {
        run.samples[index].refusal = error.diagnostic.found
      }
    }
    guard !films.isEmpty else { return }
    let base = try plateBase()
    let outcome = runPlate(try plateCases(for: films, base: base), tracePrefix: "p")
    run.traces.join(outcome.trace)
    run.diagnostics += outcome.diagnostics
    run.plating = outcome
    guard case .list(let cases)? = outcome.result["cases"] else { return }
    for index in run.samples.indices {
      let name = run.samples[index].name
      let labels = [name] + run.samples[index].metals.map { "\(name), \($0)" }
      run.samples[index].plateCases = cases.filter { labels.contains($0["label"]?.text ?? "") }
    }
  }
}

extension StudyRun {
  /// Sorts what was read into inputs and files passed over, and joins the traces.
  mutating func take(_ read: [StudyInput]) {
    for input in read {
      if let file = input.skipped {
        skipped.append(file)
      } else {
        inputs.append(input)
        if let force = input.force { traces.join(force.trace) }
        if let cycling = input.cycling { traces.join(cycling.trace) }
        if let absorption = input.absorption { traces.join(absorption.trace) }
        if let backscattering = input.backscattering { traces.join(backscattering.trace) }
      }
    }
  }

  /// Statistics, hand-over and figures of the samples with force curves.
  mutating func summarizeForce(_ options: ForceAnalysisOptions) {
    let analyses = inputs.compactMap { $0.force }
    guard !analyses.isEmpty else { return }
    let found = summarizeForceSamples(analyses, options: options, trace: &traces)
    diagnostics += found.diagnostics
    force = found
  }

  /// The element of a list of the force-curve summary that belongs to a sample.
  func element(_ list: String, ofSample name: String) -> ResultValue? {
    guard case .list(let elements)? = force?.summary[list] else { return nil }
    return elements.first { $0["sample"]?.text == name }
  }
}

extension StudyRun {
  /// The resolved options of `afm`, for journal and provenance.
  public static func journalOptions(_ options: ForceAnalysisOptions) -> ResultObject {
    var list = ResultObject()
    list["afm"] = .object(options.resolvedOptions)
    return list
  }

  /// Paths are relative to a folder only where it is the one argument.
  mutating func takeRoot(of read: [StudyInput]) {
    let roots = Set(read.map { $0.input.root })
    if roots.count == 1, let first = read.first, let root = first.input.root,
      first.input.shown != first.input.path
    {
      self.root = root
    }
  }

  /// A batch of force curves without a study: inputs, statistics and hand-over by sample.
  public static func forceCurves(
    _ reading: StudyBatch.Reading, options: ForceAnalysisOptions, title: String
  ) -> StudyRun {
    let read = reading.inputs
    var run = StudyRun(command: "afm", title: title)
    run.reading = reading.run
    run.takeRoot(of: read)
    run.options = journalOptions(options)
    run.take(read)
    run.summarizeForce(options)
    var names: [String] = []
    for input in run.inputs where input.force != nil && !names.contains(input.sample) {
      names.append(input.sample)
    }
    run.samples = names.map { name in
      var sample = StudySample(name: name)
      sample.film = SampleName(in: name[...])
      sample.files[.afm] = run.inputs.filter { $0.sample == name }.count
      sample.statistics = run.element("samples", ofSample: name)
      sample.handover = run.element("handover", ofSample: name)
      if let record = sample.handover, record["status"]?.text != "ready" {
        if case .list(let reasons)? = record["reasons"] {
          sample.refusal = reasons.compactMap { $0.text }.joined(separator: "; ")
        } else {
          sample.refusal = "refused"
        }
      }
      return sample
    }
    if case .object(let summary)? = run.force?.summary { run.summary = summary }
    return run
  }
}
