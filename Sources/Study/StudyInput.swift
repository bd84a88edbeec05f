internal import CrossChecks
public import Cycling
public import ForceMicroscopy
public import FormatRegistry
public import IonBeamAnalysis
public import Output
public import Reading
public import Tables
public import XRayAbsorption

/// One file of a batch after reading and analysis; the series themselves are let go.
public struct StudyInput: Sendable {
  /// The file.
  public var input: BatchInput
  /// Path, size and hash.
  public var identity: InputIdentity
  /// The technique, where the file was recognised.
  public var technique: Technique?
  /// The sample that the file belongs to.
  public var sample: String
  /// What is printed about it: format, diagnostics, tables, results.
  public var report: InputReport
  /// The analysis of its force curves; nil for other files.
  public var force: ForceFileAnalysis?
  /// The analysis of its cycler log; nil for other files.
  public var cycling: CyclingFileAnalysis?
  /// The analysis of its absorption spectra; nil for other files.
  public var absorption: XASFileAnalysis?
  /// The analysis of its backscattering spectra; nil for other files.
  public var backscattering: RBSFileAnalysis?
  /// What reading the file had to say, before any analysis.
  var readingDiagnostics: [Diagnostic] = []
  /// The records of a log that waits to be joined with others.
  var test: CyclingTest?
  /// Why the file is no part of the batch.
  public var skipped: SkippedFile?
  /// Files that were written for it while it was read.
  public var files: [ResearchCrate.Output] = []

  /// The figures of its analysis.
  public var figures: [Figure] {
    (force?.figures ?? []) + (cycling?.figures ?? []) + (absorption.map(spectrumFigures) ?? [])
      + named(backscattering?.figures ?? [])
  }

  /// Files of one name in several folders must not share the names of their figures.
  private func spectrumFigures(_ analysis: XASFileAnalysis) -> [Figure] { named(analysis.figures) }

  private func named(_ figures: [Figure]) -> [Figure] {
    figures.map { figure in
      guard input.root != nil else { return figure }
      var figure = figure
      figure.id = StudyReader.figureName(figure.id, file: input.shown)
      return figure
    }
  }
}

/// Reads and analyzes the files of a batch.
public struct StudyReader: Sendable {
  /// How files are read.
  public var reader: InputReader
  /// Which files are taken.
  public var selection: InputSelection
  /// The options of the force-curve analysis, with those of single samples.
  public var force: ForceAnalysisOptions
  /// The options of the analysis of cycler logs.
  public var cycling: CyclingOptions
  /// The options of the analysis of absorption spectra.
  public var absorption: XASOptions
  /// The analysis of backscattering spectra; nil where none is asked for.
  public var backscattering: BackscatteringReader?
  /// Long names of the options given on the command line, which count before all that is said of single
  /// inputs.
  public var given: Set<String> = []
  /// What the options of the command line and of a study say of every input, by technique; of one thing the last counts.
  public var stated: [Technique: [InputStatement]] = [:]
  /// The sample of a file; nil groups as the options of the analysis say.
  public var sampleOfFile: (@Sendable (BatchInput) -> String)?
  /// Whether the tables of files without analysis are listed (`run`).
  public var listsTables: Bool
  /// What is done with every cycler log as soon as it is read, so that it need not be kept.
  ///
  /// Gives the files written and what there is to say of them.
  public var onLog:
    (@Sendable (Dataset, BatchInput) -> (files: [ResearchCrate.Output], said: [Diagnostic]))?

  /// The hash of the blank that spectra are divided by; nil without one.
  public internal(set) var blankHash: String?
  /// Whether files that an earlier run wrote for an input are those that this one would write.
  public var keepsFiles: @Sendable ([ResearchCrate.Output], BatchInput) -> Bool = { _, _ in true }

  /// A reader for one command.
  public init(
    reader: InputReader, selection: InputSelection,
    force: ForceAnalysisOptions = ForceAnalysisOptions(),
    cycling: CyclingOptions = CyclingOptions(), absorption: XASOptions = XASOptions(),
    listsTables: Bool = false,
    sampleOfFile: (@Sendable (BatchInput) -> String)? = nil
  ) {
    self.reader = reader
    self.selection = selection
    self.force = force
    self.cycling = cycling
    self.absorption = absorption
    self.listsTables = listsTables
    self.sampleOfFile = sampleOfFile
  }

  /// Reads and analyzes one file; `position` makes the ids of its trace steps its own.
  public func read(_ input: BatchInput, position: Int) -> StudyInput {
    var reading = input.read(with: reader, beating: given)
    recordStatements(in: &reading)
    var result = StudyInput(
      input: input, identity: reading.identity, technique: reading.technique,
      sample: sampleOfFile?(input) ?? input.folderName, report: reading.report(input))
    switch selection.decide(input, reading) {
    case .skip(let file):
      result.skipped = file
      return result
    case .refuse(let failure):
      result.report.diagnostics = [failure.diagnostic]
      return result
    case .take: break
    }
    guard case .success(let dataset) = reading.outcome else { return result }
    do throws(ReadFailure) {
      return try own(for: input, dataset.technique)
        .analyze(dataset, reading, input, position: position, &result)
    } catch {
      result.report.diagnostics = [error.diagnostic]
      return result
    }
  }

  /// Analyzes what a file holds, with the options that count for it.
  private func analyze(
    _ dataset: Dataset, _ reading: InputReading, _ input: BatchInput, position: Int,
    _ result: inout StudyInput
  ) -> StudyInput {
    if selection.technique == .rbs, input.root != nil,
      let reason = backscattering?.reasonToPassOver(dataset)
    {
      result.skipped = SkippedFile(
        file: input.shown, looksLike: dataset.format, reason: reason)
      return result
    }
    let isWhole = dataset.complete && !dataset.diagnostics.contains { $0.severity == .warning }
    if selection.technique == .afm, input.root != nil, isWhole, !Self.holdsCurves(dataset) {
      // An image among the curves of a folder is no curve that failed.
      result.skipped = SkippedFile(
        file: input.shown, looksLike: dataset.format, reason: "it holds no force curve")
      return result
    }
    var fields = ResultObject()
    let isForce =
      selection.technique == .afm || (dataset.technique == .afm && Self.holdsCurves(dataset))
    if isForce {
      if sampleOfFile == nil { result.sample = force.sample(ofFile: input, dataset) }
      fields["sample"] = .text(result.sample)
      var analysis = analyzeForceCurves(
        dataset, input: reading.identity, sample: result.sample, options: force,
        tracePrefix: "f\(position + 1).")
      // Files of one name in several folders must not share the names of their figures.
      for index in analysis.figures.indices {
        let id = analysis.figures[index].id
        analysis.figures[index].id = Self.figureName(id, file: input.shown)
      }
      fields["result"] = analysis.result
      result.report = reading.report(
        input, fields: fields, more: analysis.diagnostics + CrossChecks.diagnostics(for: dataset))
      result.force = analysis
    } else if selection.technique == .cycling || dataset.technique == .cycling {
      fields["sample"] = .text(result.sample)
      if listsTables { fields["tables"] = dataset.resultFields["tables"] }
      result.report = reading.report(
        input, fields: fields, more: CrossChecks.diagnostics(for: dataset))
      if let onLog {
        let done = onLog(dataset, input)
        result.files = done.files
        result.report.diagnostics += done.said
      }
      analyzeLog(dataset, prefix: "c\(position + 1).", &result)
    } else if selection.technique == .xas || dataset.technique == .xas {
      fields["sample"] = .text(result.sample)
      if listsTables { fields["tables"] = dataset.resultFields["tables"] }
      result.report = reading.report(
        input, fields: fields, more: CrossChecks.diagnostics(for: dataset))
      analyzeSpectra(dataset, prefix: "x\(position + 1).", &result)
    } else if let backscattering, selection.technique == .rbs || dataset.technique == .rbs {
      fields["sample"] = .text(result.sample)
      if listsTables { fields["tables"] = dataset.resultFields["tables"] }
      result.report = reading.report(input, fields: fields)
      // In a study tables and samples stand beside the spectra that are fitted.
      if selection.technique != .rbs, backscattering.reasonToPassOver(dataset) != nil {
        return result
      }
      analyzeBackscattering(dataset, backscattering, prefix: "b\(position + 1).", &result)
    } else {
      fields["sample"] = .text(result.sample)
      if listsTables { fields["tables"] = dataset.resultFields["tables"] }
      result.report = reading.report(input, fields: fields)
    }
    return result
  }

  /// Analyzes a cycler log, or keeps its records where several are to be joined.
  private func analyzeLog(_ dataset: Dataset, prefix: String, _ result: inout StudyInput) {
    do {
      let test = try CyclingTest(dataset, options: cycling)
      if cycling.merge, selection.technique == .cycling {
        result.test = test
        return
      }
      result.take(
        analyzeCycling(
          test, inputs: [result.identity], options: cycling, tracePrefix: prefix))
    } catch {
      var diagnostic = error.diagnostic
      // In a study a log that cannot be analyzed was read all the same.
      if selection.technique != .cycling { diagnostic.severity = .warning }
      result.report.diagnostics.append(diagnostic)
    }
  }

  /// Analyzes the absorption spectra of a file; shifts follow when the whole batch is read.
  private func analyzeSpectra(_ dataset: Dataset, prefix: String, _ result: inout StudyInput) {
    result.readingDiagnostics = result.report.diagnostics
    do {
      result.take(
        try XASFileAnalysis(
          dataset, input: result.identity, options: absorption, tracePrefix: prefix))
    } catch {
      var diagnostic = error.diagnostic
      // In a study a file that holds no spectrum was read all the same.
      if selection.technique != .xas { diagnostic.severity = .warning }
      result.report.diagnostics.append(diagnostic)
    }
  }

  /// Analyzes, simulates or fits what the file holds of backscattering.
  private func analyzeBackscattering(
    _ dataset: Dataset, _ reader: BackscatteringReader, prefix: String, _ result: inout StudyInput
  ) {
    do {
      let analysis = try reader.analyze(
        dataset, input: result.identity, path: result.input.path, prefix: prefix)
      result.report.fields["result"] = analysis.result
      if reader.givesCalibration {
        result.report.diagnostics.removeAll { $0.code == "spectrum.no-calibration" }
      }
      result.report.diagnostics += analysis.diagnostics
      result.backscattering = analysis
    } catch {
      var diagnostic = error.diagnostic
      // In a study a file without a spectrum was read all the same.
      if selection.technique != .rbs { diagnostic.severity = .warning }
      result.report.diagnostics.append(diagnostic)
    }
  }

  /// The name of a figure with the folders of its file before it.
  fileprivate static func figureName(_ id: String, file: String) -> String {
    let folders = file.split(separator: "/").dropLast()
    return folders.isEmpty ? id : folders.joined(separator: "/") + "/" + id
  }

  /// Whether a dataset of the technique holds force curves, not images or calibrations.
  private static func holdsCurves(_ dataset: Dataset) -> Bool {
    dataset.tables.contains { table in
      ["approach", "retract"].contains(where: {
        table.name.hasPrefix($0) || table.name.hasSuffix("/\($0)")
      })
        || (table["deflection"] != nil && table["force"] != nil)
    }
  }
}

extension StudyInput {
  /// Takes over the analysis of its log: result, diagnostics and figures.
  mutating func take(_ analysis: CyclingFileAnalysis) {
    var analysis = analysis
    for index in analysis.figures.indices {
      // Files named one by one keep their short names; the writer tells equal ones apart.
      guard input.root != nil else { break }
      analysis.figures[index].id = StudyReader.figureName(
        analysis.figures[index].id, file: input.shown)
    }
    report.fields["result"] = analysis.result
    report.diagnostics += analysis.diagnostics
    cycling = analysis
  }
}

extension ForceAnalysisOptions {
  /// The sample of a file by `--sample` and `--group-by`.
  func sample(ofFile input: BatchInput, _ dataset: Dataset) -> String {
    if let sample { return sample }
    switch groupBy {
    case .folder: return input.folderName.isEmpty ? "." : input.folderName
    case .file: return input.shown
    case .note(let key): return dataset.metadata.text(key) ?? input.folderName
    }
  }
}
