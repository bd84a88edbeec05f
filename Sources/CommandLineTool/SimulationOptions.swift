internal import ArgumentParser
internal import Interphase

/// The options and the course of the commands that run a model from a configuration.
struct SimulationOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Configurations, or '-'.", valueName: "CONFIG"))
  var files: [String] = []

  @Flag(help: "Print a complete, commented configuration that equals an empty one, and end.")
  var printDefaults = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a dotted key; repeatable.", valueName: "KEY=VALUE"))
  var sets: [String] = []

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?

  func validate() throws {
    if files.isEmpty, !printDefaults {
      throw ValidationError("Missing expected argument '<CONFIG>' (or --print-defaults)")
    }
    for set in sets where !set.contains("=") {
      throw ValidationError("--set needs KEY=VALUE, not '\(set)'")
    }
  }

  /// Runs every configuration, writes the results folder, and prints a table or the document.
  func run(
    _ command: SimulationCommand, _ common: CommonOptions,
    table: ([SimulationOutcome]) -> String
  ) throws {
    if printDefaults {
      Terminal.out(bytes: Array(command.printedDefaults.utf8))
      return
    }
    let clock = RunClock()
    let folder = try output.map { try OutputFolder.open($0) }
    var batch = SimulationBatch(command, sets: sets)
    for file in files {
      batch.run(file)
      if let report = batch.reports.last { common.report(report.diagnostics, file: file) }
    }
    let document = batch.document(run: clock.run).withArguments
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(
        batch.outcomes, title: files.joined(separator: ", "), document: document)
    }
    if !common.json, !common.quiet, !batch.outcomes.isEmpty {
      Terminal.out(table(batch.outcomes))
    }
    try common.finish(document, arguments: files)
  }
}
