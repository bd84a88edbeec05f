internal import ArgumentParser
internal import Interphase

/// `export`: converts files to open formats.
struct ExportCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Convert files to an open format.",
    discussion: """
      csv: one file a table, header cells 'name / unit', with CSVW metadata beside it and one \
      datapackage.json for the folder. Without -o the tables of a single file go to standard output. \
      bdf: cycling as Battery Data Format, FILE.bdf.csv with a sidecar that lists what BDF has no place \
      for. xdi: absorption spectra as XAS Data Interchange, one file a spectrum. idf: backscattering \
      spectra with setup and sample as SIMNRA's .xnra, one file a spectrum. vti: one file a grid \
      (image, map, field), as VTK image data for ParaView; needs -o. xlsx: one workbook a file, a sheet a \
      table; needs -o. bpx: cycling as Battery Parameter eXchange; needs -o. With one FILE, -o may name the .csv, the .xdi, the \
      .xnra or the .xlsx.
      """)
  static let example = "interphase export TestData/demo --to csv -o exported"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String]

  @Option(
    name: .customLong("to"), help: "The format to write: csv, bdf, xdi, idf, vti, xlsx or bpx.")
  var target: ExportFormat

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The folder to write to; with one FILE also a .csv, .xdi, .xnra or .xlsx.")
  var output: String?

  @Flag(help: "Write what the analysis of absorption spectra makes of the files (csv, xdi).")
  var processed = false

  @OptionGroup(title: "Analysis of absorption spectra, with --processed")
  var analysis: XASOptionGroup
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let clock = RunClock()
    let options = try analysisOptions()
    if processed { return try runProcessed(options, clock: clock) }
    if [.vti, .xlsx, .bpx].contains(target), output == nil {
      throw UsageFailure("\(target.rawValue) is written to files; expected -o DIR")
    }
    let reader = batch.reader
    let inputs = try InputList.checked(files, reader: reader)
    let selection = InputSelection()
    var reports: [InputReport] = []
    var skipped: [SkippedFile] = []
    let file =
      inputs.count == 1 && target != .vti && target != .bpx ? output.flatMap(Self.namedFile) : nil
    var writer = try file == nil ? output.map { try ExportFolder($0) } : nil
    // Files are written one after the other: their series need not be held together.
    for input in inputs {
      let reading = input.read(with: reader)
      if case .skip(let file) = selection.decide(input, reading) {
        skipped.append(file)
        continue
      }
      var fields = ResultObject()
      var problems: [Diagnostic] = []
      if case .success(let dataset) = reading.outcome {
        let provenance = ExportProvenance(
          input: reading.identity, format: reading.format, version: interphaseVersion)
        if let file {
          let written = try ExportedFile(path: file).write(
            dataset, shown: input.shown, target, provenance: provenance, options: options,
            problems: &problems)
          fields["result"] = .fields(["files": .list(written.map { .text($0) })])
          if !common.json, !common.quiet { for name in written { Terminal.out(name) } }
        } else if writer != nil {
          let written =
            switch target {
            case .vti:
              try writer?.writeGrids(
                dataset, shown: input.shown, isOnly: inputs.count == 1, problems: &problems) ?? []
            case .bdf:
              try writer?.writeBDF(
                dataset, shown: input.shown, provenance: provenance, problems: &problems) ?? []
            case .xdi:
              try writer?.writeXDI(
                dataset, shown: input.shown, isOnly: inputs.count == 1, provenance: provenance,
                options: options, problems: &problems) ?? []
            case .idf:
              try writer?.writeIDF(
                dataset, shown: input.shown, isOnly: inputs.count == 1, problems: &problems) ?? []
            case .bpx:
              try writer?.writeBPX(
                dataset, shown: input.shown, provenance: provenance, problems: &problems) ?? []
            case .xlsx:
              try writer?.writeWorkbook(
                dataset, shown: input.shown, provenance: provenance, problems: &problems) ?? []
            case .csv:
              try writer?.write(dataset, shown: input.shown, provenance: provenance) ?? []
            }
          fields["result"] = .fields(["files": .list(written.map { .text($0) })])
          if !common.json, !common.quiet {
            for name in written { Terminal.out("\(output ?? "")/\(name)") }
          }
        } else if inputs.count == 1, target == .bdf {
          let tables = BDFTables(dataset, problems: &problems).exports
          if tables.count > 1 {
            throw UsageFailure("the file holds several tests; expected -o DIR")
          }
          for item in tables { Terminal.out(bytes: CSVWriter.bytes(item.table)) }
        } else if inputs.count == 1, target == .xdi {
          let documents = XDIDocuments(
            dataset, shown: input.shown, provenance: provenance, options: options, isOnly: true,
            problems: &problems)
          if documents.all.count > 1 {
            throw UsageFailure("the file holds several spectra; expected -o DIR")
          }
          for item in documents.all { Terminal.out(bytes: item.document.bytes) }
        } else if inputs.count == 1, target == .idf {
          let documents = IDFDocuments(
            dataset, shown: input.shown, isOnly: true, problems: &problems)
          if documents.all.count > 1 {
            throw UsageFailure("the file holds several spectra; expected -o DIR")
          }
          for item in documents.all { Terminal.out(bytes: item.document.bytes) }
        } else if inputs.count == 1 {
          try printTables(dataset)
        } else {
          throw UsageFailure("several files need a folder to write to; expected -o DIR")
        }
      }
      var report = reading.report(input, fields: fields)
      report.diagnostics += problems
      common.report(report.diagnostics, file: report.file)
      reports.append(report)
    }
    if target == .csv { try writer?.finish() }
    let document = ResultDocument(
      version: interphaseVersion, command: "export", run: clock.run, inputs: reports,
      skipped: skipped)
    try common.finish(document, arguments: files)
  }

  /// The options of the analysis; without --processed only the absorber of an XDI file may be named.
  private func analysisOptions() throws -> XASOptions {
    let options = try analysis.resolve()
    if processed {
      if target != .csv && target != .xdi {
        throw UsageFailure("--processed is written as csv or xdi, not as \(target.rawValue)")
      }
      if options.merge != nil {
        throw UsageFailure("--merge makes one spectrum of several; export writes each on its own")
      }
      return options
    }
    var raw = options
    if target == .xdi { (raw.element, raw.edge) = (nil, nil) }
    if raw != XASOptions() {
      throw UsageFailure(
        "the options of the analysis need --processed"
          + (target == .xdi ? "; only --element and --edge count without it" : ""))
    }
    return options
  }

  /// The path of -o where it names a file.
  static func namedFile(_ path: String) -> String? {
    let lower = path.lowercased()
    return [".csv", ".bdf", ".xdi", ".xnra", ".xlsx"].contains(where: lower.hasSuffix) ? path : nil
  }

  private func printTables(_ dataset: Dataset) throws {
    if common.json {
      throw UsageFailure("--json and the tables cannot both go to standard output; expected -o DIR")
    }
    let tables = dataset.allTables
    for (position, table) in tables.enumerated() {
      if tables.count > 1 {
        Terminal.out("\(position > 0 ? "\n" : "")# \(escapedControls(table.name))")
      }
      Terminal.out(bytes: CSVWriter.bytes(table))
    }
  }
}

/// A folder that exports are written to, held by one run.
struct ExportFolder {
  let folder: ResultsFolder
  var export = CSVExport(packageName: "interphase-export")

  init(_ path: String) throws { folder = try ResultsFolder(path) }

  /// Writes the files of one dataset; gives their names.
  mutating func write(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance
  ) throws -> [String] {
    // Cyclers' logs keep their extension: one test is often there as .mpr and as .mpt.
    let isCycling = dataset.technique == .cycling
    let stem = isCycling ? Self.whole(shown) : Self.stem(shown)
    var names: [String] = []
    let folder = folder
    try export.forEachFile(
      dataset, baseName: stem, provenance: provenance, namesTable: isCycling
    ) { file in
      try folder.write(file.bytes, to: file.name)
      names.append(file.name)
    }
    return names
  }

  /// The path of an input without its extension.
  static func stem(_ shown: String) -> String {
    let stem = shown == "-" ? "stdin" : shown
    guard let dot = stem.lastIndex(of: "."), !stem[dot...].contains("/") else { return stem }
    return String(stem[..<dot])
  }

  /// The path of an input with its extension.
  private static func whole(_ shown: String) -> String { shown == "-" ? "stdin" : shown }

  /// Writes each test of a dataset as BDF with its sidecar; gives the names of the files.
  mutating func writeBDF(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance, problems: inout [Diagnostic]
  ) throws -> [String] {
    let exports = BDFTables(dataset, problems: &problems).exports
    var names: [String] = []
    for item in exports {
      let base = Self.whole(shown) + (exports.count == 1 ? "" : ".\(item.table.name)")
      let name = export.unusedName(base) + ".bdf.csv"
      names.append(try folder.write(CSVWriter.bytes(item.table), to: name))
      let sidecar = item.sidecar(file: name, metadata: dataset.metadata, provenance: provenance)
      names.append(
        try folder.write(JSONWriter.document(sidecar), to: name + "-metadata.json"))
    }
    return names
  }

  /// Writes each grid of a dataset as VTK image data; gives the names of the files.
  ///
  /// A file without a grid is an error where it is the only one, among others a note.
  mutating func writeGrids(
    _ dataset: Dataset, shown: String, isOnly: Bool, problems: inout [Diagnostic]
  ) throws -> [String] {
    if dataset.grids.isEmpty {
      problems.append(
        Diagnostic(
          isOnly ? .error : .note, "export.no-grid", found: "the file holds no grid",
          expected: "expected an image, a map or a field; tables go to --to csv"))
    }
    var names: [String] = []
    for grid in dataset.grids {
      let base = dataset.grids.count == 1 ? Self.stem(shown) : "\(Self.stem(shown))-\(grid.name)"
      do {
        let file = try VTKImage.file(grid)
        names.append(try folder.write(file.bytes, to: export.unusedName(base) + ".vti"))
        for channel in file.leftOut {
          problems.append(
            Diagnostic(
              .warning, "export.text-left-out",
              found: "channel '\(channel)' of grid '\(grid.name)' holds text",
              expected: "expected numbers; --to csv writes it"))
        }
      } catch let failure as VTKImage.Failure {
        problems.append(
          Diagnostic(
            .error, "export.no-image", found: "grid '\(grid.name)': \(failure.message)",
            expected: "expected one to three axes that the channels fill"))
      }
    }
    return names
  }

  /// Writes a cycler's log as BPX; gives the name of the file.
  mutating func writeBPX(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance, problems: inout [Diagnostic]
  ) throws -> [String] {
    let file: BPXExport
    do throws(ReadFailure) {
      file = try BPXExport(
        dataset, title: shown, provenance: provenance,
        isOpenCircuit: OpenCircuit.isRecorded(in: dataset))
    } catch {
      problems.append(error.diagnostic)
      return []
    }
    problems += file.notes
    let name = export.unusedName(Self.whole(shown)) + ".bpx.json"
    return [try folder.write(JSONWriter.document(file.document), to: name)]
  }

  /// Writes a dataset as a workbook; gives the name of the file.
  mutating func writeWorkbook(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance, problems: inout [Diagnostic]
  ) throws -> [String] {
    guard let bytes = WorkbookExport.bytes(dataset, provenance: provenance, problems: &problems)
    else { return [] }
    // Files of one name in two formats stay apart by their extension.
    return [try folder.write(bytes, to: export.unusedName(Self.whole(shown)) + ".xlsx")]
  }

  /// Writes `datapackage.json`.
  func finish() throws { try folder.write(export.packageFile.bytes, to: export.packageFile.name) }
}

/// The tests of a dataset as BDF, with what stands against it.
struct BDFTables {
  private(set) var exports: [BDFExport] = []

  init(_ dataset: Dataset, problems: inout [Diagnostic]) {
    let tables = dataset.technique == .cycling ? BDFExport.tables(of: dataset) : []
    if tables.isEmpty {
      problems.append(
        Diagnostic(
          .error, "bdf.no-test", found: "no table with a time and a voltage",
          expected: "expected a cycler's log; other tables go to --to csv"))
    }
    for table in tables {
      do throws(ReadFailure) {
        let item = try BDFExport(table, isOpenCircuit: OpenCircuit.isRecorded(in: dataset))
        problems += item.notes
        exports.append(item)
      } catch {
        problems.append(error.diagnostic)
      }
    }
  }
}

/// One exported file that the user has named.
struct ExportedFile {
  let path: String

  /// Writes the file and its sidecar; gives their paths.
  func write(
    _ dataset: Dataset, shown: String, _ target: ExportFormat, provenance: ExportProvenance,
    options: XASOptions, problems: inout [Diagnostic]
  ) throws -> [String] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let bytes: [UInt8]
    let sidecar: ResultValue
    if target == .xdi {
      let documents = XDIDocuments(
        dataset, shown: shown, provenance: provenance, options: options, isOnly: true,
        problems: &problems)
      if documents.all.count > 1 {
        throw UsageFailure("the file holds several spectra; expected -o DIR")
      }
      guard let item = documents.all.first else { return [] }
      try AtomicFile.write(item.document.bytes, to: path)
      return [path]
    }
    if target == .xlsx {
      guard let bytes = WorkbookExport.bytes(dataset, provenance: provenance, problems: &problems)
      else { return [] }
      try AtomicFile.write(bytes, to: path)
      return [path]
    }
    if target == .idf {
      let documents = IDFDocuments(dataset, shown: shown, isOnly: true, problems: &problems)
      if documents.all.count > 1 {
        throw UsageFailure("the file holds several spectra; expected -o DIR")
      }
      guard let item = documents.all.first else { return [] }
      try AtomicFile.write(item.document.bytes, to: path)
      return [path]
    }
    if target == .bdf {
      let exports = BDFTables(dataset, problems: &problems).exports
      if exports.count > 1 {
        throw UsageFailure("the file holds several tests; expected -o DIR")
      }
      guard let item = exports.first else { return [] }
      bytes = CSVWriter.bytes(item.table)
      sidecar = item.sidecar(file: name, metadata: dataset.metadata, provenance: provenance)
    } else {
      let tables = dataset.allTables
      guard let table = tables.first, tables.count == 1 else {
        throw UsageFailure("the file holds \(tables.count) tables; expected -o DIR")
      }
      bytes = CSVWriter.bytes(table)
      sidecar = CSVMetadata.document(table, file: name, provenance: provenance)
    }
    try AtomicFile.write(bytes, to: path)
    try AtomicFile.write(JSONWriter.document(sidecar), to: path + "-metadata.json")
    return [path, path + "-metadata.json"]
  }
}

extension WorkbookExport {
  /// The bytes of a workbook with its notes among the problems; one that is too large is an error there.
  static func bytes(
    _ dataset: Dataset, provenance: ExportProvenance, problems: inout [Diagnostic]
  ) -> [UInt8]? {
    guard let file = file(dataset, provenance: provenance) else {
      problems.append(
        Diagnostic(
          .error, "xlsx.too-large", found: "the workbook would be larger than 4 GiB",
          expected: "expected less; --to csv has no such limit"))
      return nil
    }
    problems += file.notes
    return file.bytes
  }
}
