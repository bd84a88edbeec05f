internal import Interphase

extension ExportCommand {
  /// Analyzes absorption spectra and writes the columns of the analysis.
  func runProcessed(_ options: XASOptions, clock: RunClock) throws {
    let inputs = try InputList.checked(files, reader: batch.reader)
    var configured = try StudyReader(
      reader: batch.reader, selection: InputSelection(technique: .xas), absorption: options
    ).withBlank()
    configured.given = batch.given
    let reader = configured
    let read = try StudyBatch(command: "export", jobs: batch.workers).read(
      inputs, with: reader, options: ResultObject())
    let run = try StudyRun.absorptionSpectra(
      read, options: options, title: files.joined(separator: ", "), reader: reader)
    let file = inputs.count == 1 ? output.flatMap(Self.namedFile) : nil
    var writer = try file == nil ? output.map { try ExportFolder($0) } : nil
    var reports: [InputReport] = []
    for input in run.inputs {
      var report = input.report
      report.fields["result"] = nil
      if let analysis = input.absorption {
        let item = ProcessedFile(input, analysis, reader: batch.reader)
        var problems: [Diagnostic] = []
        let written: [String]
        if let file {
          written = try write(item, toFile: file, &problems)
        } else if var folder = writer {
          written = try write(item, to: &folder, &problems)
          writer = folder
        } else {
          try printOne(item, isOnly: inputs.count == 1, &problems)
          written = []
        }
        report.diagnostics += problems
        if !written.isEmpty {
          report.fields["result"] = .fields(["files": .list(written.map { .text($0) })])
          if !common.json, !common.quiet {
            for name in written { Terminal.out(file == nil ? "\(output ?? "")/\(name)" : name) }
          }
        }
      }
      common.report(report.diagnostics, file: report.file)
      reports.append(report)
    }
    if target == .csv { try writer?.finish() }
    let document = ResultDocument(
      version: interphaseVersion, command: "export", run: clock.run, inputs: reports,
      skipped: run.skipped)
    try common.finish(document, arguments: files)
  }

  private func write(
    _ item: ProcessedFile, to folder: inout ExportFolder, _ problems: inout [Diagnostic]
  ) throws -> [String] {
    if target == .csv {
      return try folder.write(item.tables, shown: item.shown, provenance: item.provenance)
    }
    let documents = item.documents(&problems)
    return try folder.write(documents, shown: item.shown, isOne: item.analysis.spectra.count == 1)
  }

  private func write(
    _ item: ProcessedFile, toFile path: String, _ problems: inout [Diagnostic]
  ) throws -> [String] {
    if target == .csv {
      return try ExportedFile(path: path).write(
        item.tables, shown: item.shown, .csv, provenance: item.provenance, options: XASOptions(),
        problems: &problems)
    }
    let documents = item.documents(&problems)
    if documents.count > 1 {
      throw UsageFailure("the file holds several spectra; expected -o DIR")
    }
    guard let document = documents.first else { return [] }
    try AtomicFile.write(document.document.bytes, to: path)
    return [path]
  }

  private func printOne(
    _ item: ProcessedFile, isOnly: Bool, _ problems: inout [Diagnostic]
  ) throws {
    if !isOnly || item.analysis.spectra.count > 1 {
      throw UsageFailure("several spectra need a folder to write to; expected -o DIR")
    }
    if common.json {
      throw UsageFailure("--json and the tables cannot both go to standard output; expected -o DIR")
    }
    if target == .csv {
      for table in item.tables.tables { Terminal.out(bytes: CSVWriter.bytes(table)) }
    } else {
      for document in item.documents(&problems) { Terminal.out(bytes: document.document.bytes) }
    }
  }
}

/// The spectra of one analyzed file, ready to be written.
struct ProcessedFile {
  let shown: String
  let analysis: XASFileAnalysis
  let provenance: ExportProvenance
  /// What the file itself holds, for its metadata; nil where it cannot be read again.
  private let source: Dataset?

  init(_ input: StudyInput, _ analysis: XASFileAnalysis, reader: InputReader) {
    shown = input.input.shown
    self.analysis = analysis
    let reading = input.input.read(with: reader)
    source = try? reading.outcome.get()
    provenance = ExportProvenance(
      input: input.identity, format: reading.format, version: interphaseVersion)
  }

  /// The columns of the analysis as tables.
  var tables: Dataset {
    Dataset(
      format: provenance.format ?? "", technique: .xas,
      tables: analysis.spectra.map(\.processed))
  }

  /// The columns of the analysis as XDI, with the metadata of the file.
  func documents(_ problems: inout [Diagnostic]) -> [(name: String, document: XDIDocument)] {
    var result: [(name: String, document: XDIDocument)] = []
    let dataset = source ?? tables
    for spectrum in analysis.spectra {
      var export = XDIExport(
        file: shown.split(separator: "/").last.map(String.init) ?? shown,
        sha256: provenance.input?.sha256, format: provenance.format)
      export.facts = spectrum.exportFacts
      export.absorber = spectrum.absorber
      let table = dataset[spectrum.name] ?? spectrum.processed
      if let document = export.document(
        processed: spectrum.processedSeries, of: table, in: dataset)
      {
        result.append((spectrum.name, document))
      }
      problems += export.problems
    }
    return result
  }
}
