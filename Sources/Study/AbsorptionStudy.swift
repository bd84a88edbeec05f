internal import Bytes
internal import FormatRegistry
internal import Output
public import Tables
public import XRayAbsorption

extension StudyRun {
  /// A batch of absorption spectra without a study: inputs, shifts and their summary.
  ///
  /// - Throws: the reason where the reference that was asked for cannot be had.
  public static func absorptionSpectra(
    _ reading: StudyBatch.Reading, options: XASOptions, title: String, reader: StudyReader
  ) throws(ReadFailure) -> StudyRun {
    var read = reading.inputs
    var run = StudyRun(command: "xas", title: title)
    run.reading = reading.run
    run.takeRoot(of: read)
    run.options = absorptionJournalOptions(options)
    try run.compareSpectra(&read, options: options, reader: reader)
    run.take(read)
    if let summary = run.absorption?.summary { run.summary = summary }
    return run
  }

  /// The resolved options of `xas`, for journal and provenance.
  public static func absorptionJournalOptions(_ options: XASOptions) -> ResultObject {
    var list = ResultObject()
    list["xas"] = .object(options.resolved)
    return list
  }

  /// Compares the spectra of all inputs with their reference and writes their results.
  mutating func compareSpectra(
    _ read: inout [StudyInput], options: XASOptions, reader: StudyReader
  ) throws(ReadFailure) {
    let places = read.indices.filter { read[$0].absorption != nil }
    let failed = read.count {
      $0.skipped == nil && $0.report.status == .error
        && (command == "xas" || $0.technique == .xas)
    }
    guard command == "xas" || !places.isEmpty else { return }
    var files: [XASBatch.File] = []
    files.reserveCapacity(places.count)
    for place in places {
      guard let analysis = read[place].absorption else { continue }
      files.append(XASBatch.File(file: read[place].report.file, analysis: analysis))
      // The batch holds the only copy, so that it changes in place.
      read[place].absorption = nil
    }
    var outside: [XASBatch.File] = []
    for text in [options.reference].compactMap({ $0 }) + options.standards {
      let parts = XASBatch.parts(of: text) { path in (try? FileSource.open(path: path)) != nil }
      if let file = parts.file,
        !(files + outside).contains(where: { $0.file == file || $0.analysis.input.path == file })
      {
        let analysis = try reader.spectra(ofFile: file, prefix: "r\(outside.count + 1).")
        outside.append(.init(file: file, analysis: analysis))
      }
    }
    var batch = XASBatch(files, outside: outside, options: options)
    files = []
    absorption = try batch.compare(failed: failed) { path in
      (try? FileSource.open(path: path)) != nil
    }
    for file in batch.outside { traces.join(file.analysis.trace) }
    for (place, file) in zip(places, batch.files) {
      read[place].take(file.analysis)
      read[place].describeSpectra()
    }
  }
}

extension StudyReader {
  /// The same with the blank of `--blank` read, so that spectra can be divided by it.
  ///
  /// - Throws: the reason where it cannot be read or holds no spectrum.
  public func withBlank() throws(ReadFailure) -> StudyReader {
    guard let path = absorption.blank else { return self }
    var plain = self
    for option in [\XASOptions.fit, \.reference] { plain.absorption[keyPath: option] = nil }
    plain.absorption.alpha = nil
    plain.absorption.rebin = false
    let file = try plain.spectra(ofFile: path, prefix: "b1.")
    guard let first = file.spectra.first else { return self }
    var result = self
    result.absorption.blankScan = first.scan
    result.blankHash = file.input.sha256
    return result
  }

  /// The spectra of a file that is compared with only.
  func spectra(ofFile path: String, prefix: String) throws(ReadFailure) -> XASFileAnalysis {
    let reading = reader.read(path: path)
    switch reading.outcome {
    case .failure(let failure):
      throw ReadFailure(
        failure.diagnostic.code, at: failure.diagnostic.place,
        found: "\(path): \(failure.diagnostic.found)", expected: failure.diagnostic.expected)
    case .success(let dataset):
      var own = absorption
      own.select = []
      return try XASFileAnalysis(
        dataset, input: reading.identity, options: own, tracePrefix: prefix)
    }
  }
}

extension StudyInput {
  /// Takes over the analysis of its spectra and what it had to say.
  mutating func take(_ analysis: XASFileAnalysis) {
    report.diagnostics = readingDiagnostics + analysis.diagnostics
    absorption = analysis
  }

  /// Writes the result of its spectra into the report.
  mutating func describeSpectra() {
    if let absorption { report.fields["result"] = absorption.result }
  }
}

extension Study {
  /// The options of the analysis of absorption spectra, as the study sets them.
  func absorptionOptions() throws(ReadFailure) -> XASOptions {
    var options = XASOptions()
    for setting in settings.absorption {
      do {
        try options.setOption(name: setting.key, text: setting.text)
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: error.diagnostic.place,
          found: "\(setting.source), xas.\(setting.key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    return options
  }
}
