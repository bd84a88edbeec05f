internal import ArgumentParser
internal import Interphase

/// `export`: converts files to open formats.
struct ExportCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Convert files to an open format.",
    discussion: """
      csv: one file a table, header cells 'name / unit', with CSVW metadata beside it and one \
      datapackage.json for the folder. Without -o the tables of a single file go to standard output.
      """)
  static let example = "interphase export TestData/demo --to csv -o exported"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String]

  @Option(name: .customLong("to"), help: "The format to write: csv.")
  var target: ExportFormat

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder to write to.")
  var output: String?

  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let clock = RunClock()
    let reader = batch.reader
    let inputs = try InputList.expand(files, reader: reader)
    let selection = InputSelection()
    var reports: [InputReport] = []
    var skipped: [SkippedFile] = []
    var writer = try output.map { try ExportFolder($0) }
    // Files are written one after the other: their series need not be held together.
    for input in inputs {
      let reading = input.read(with: reader)
      if case .skip(let file) = selection.decide(input, reading) {
        skipped.append(file)
        continue
      }
      var fields = ResultObject()
      if case .success(let dataset) = reading.outcome {
        let provenance = ExportProvenance(
          input: reading.identity, format: reading.format, version: interphaseVersion)
        if writer != nil {
          let written = try writer?.write(dataset, shown: input.shown, provenance: provenance) ?? []
          fields["result"] = .fields(["files": .list(written.map { .text($0) })])
          if !common.json, !common.quiet {
            for name in written { Terminal.out("\(output ?? "")/\(name)") }
          }
        } else if inputs.count == 1 {
          try printTables(dataset)
        } else {
          throw UsageFailure("several files need a folder to write to; expected -o DIR")
        }
      }
      let report = reading.report(input, fields: fields)
      common.report(report.diagnostics, file: report.file)
      reports.append(report)
    }
    try writer?.finish()
    let document = ResultDocument(
      version: interphaseVersion, command: "export", run: clock.run, inputs: reports,
      skipped: skipped)
    try common.finish(document, arguments: files)
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
  private let folder: ResultsFolder
  private var export = CSVExport(packageName: "interphase-export")

  init(_ path: String) throws { folder = try ResultsFolder(path) }

  /// Writes the files of one dataset; gives their names.
  mutating func write(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance
  ) throws -> [String] {
    var stem = shown == "-" ? "stdin" : shown
    if let dot = stem.lastIndex(of: "."), !stem[dot...].contains("/") {
      stem = String(stem[..<dot])
    }
    var names: [String] = []
    let folder = folder
    try export.forEachFile(dataset, baseName: stem, provenance: provenance) { file in
      try folder.write(file.bytes, to: file.name)
      names.append(file.name)
    }
    return names
  }

  /// Writes `datapackage.json`.
  func finish() throws { try folder.write(export.packageFile.bytes, to: export.packageFile.name) }
}
