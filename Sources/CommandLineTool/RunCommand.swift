internal import ArgumentParser
internal import Interphase

/// `run`: a folder of raw files to results, simulations and a report.
struct RunCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the whole pipeline on a folder: files, analysis, simulation, report.",
    discussion: """
      No configuration is needed; a study.yaml in the folder makes it exact. With -o the results \
      folder holds report.html, results.json, results.csv and the figures.
      """)
  static let example = "interphase run TestData/demo -o results"

  @Argument(help: ArgumentHelp("The folder of raw files, or its study.yaml.", valueName: "STUDY"))
  var study: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?

  @Flag(help: "Print the study that would be used, with every default, and end.")
  var printStudy = false

  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  /// The folder and what the study says; a study that does not fit is a usage error.
  private func settings() throws -> (folder: String, settings: StudySettings) {
    do {
      return try StudyFile.find(study)
    } catch {
      let isFolder = FileSource.isFolder(path: study)
      let file =
        isFolder && error.diagnostic.place != .whole ? study + "/study.yaml" : study
      throw UsageFailure(Terminal.line(error.diagnostic, file: file, severity: false))
    }
  }

  func run() throws {
    let clock = RunClock()
    let (folderPath, settings) = try settings()
    var study = Study(
      folder: folderPath, settings: settings, reader: batch.reader, jobs: batch.workers)
    study.seed = batch.seed ?? 0
    if printStudy {
      Terminal.out(try study.printed())
      return
    }
    let folder = try output.map { try OutputFolder.open($0) }
    let run: StudyRun
    do {
      run = try study.run(batch: batch.study("run", folder, common))
    } catch let error as ReadFailure {
      throw UsageFailure(Terminal.line(error.diagnostic, file: self.study, severity: false))
    }
    try StudyPrinter(common: common, clock: clock).finish(
      run, folder: folder, arguments: [self.study])
  }
}
