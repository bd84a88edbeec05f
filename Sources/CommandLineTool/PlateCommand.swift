internal import ArgumentParser
internal import Interphase

/// `plate`: simulates plating under a film from a configuration.
struct PlateCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "plate",
    abstract: "Simulate plating of an alkali metal under a film.",
    discussion: """
      This version solves the sharp-interface model with a flat reference film. A configuration is \
      YAML with a unit on every quantity; an empty one stands for the defaults. A measured modulus is \
      taken with film.modulus: {from: results.json#KEY}.
      """)
  static let example = "interphase plate docs/examples/films.yaml -o plated"

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

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty, !printDefaults {
      throw ValidationError("Missing expected argument '<CONFIG>' (or --print-defaults)")
    }
    for set in sets where !set.contains("=") {
      throw ValidationError("--set needs KEY=VALUE, not '\(set)'")
    }
  }

  func run() throws {
    if printDefaults {
      Terminal.out(bytes: Array(PlateConfiguration.printDefaults().utf8))
      return
    }
    let clock = RunClock()
    let folder = try output.map { try OutputFolder.open($0) }
    var batch = PlateBatch(sets: sets)
    for file in files {
      batch.run(file)
      if let report = batch.reports.last { common.report(report.diagnostics, file: file) }
    }
    let document = batch.document(run: clock.run)
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(
        batch.outcomes, title: files.joined(separator: ", "), document: document)
    }
    if !common.json, !common.quiet, !batch.outcomes.isEmpty {
      Terminal.out(Self.table(batch.outcomes))
    }
    try common.finish(document, arguments: files)
  }

  private static func table(_ outcomes: [PlateOutcome]) -> String {
    var table = TextTable(
      header: ["case", "metal", "solver", "status", "PV/PV0", "tip stress", "valley stress"])
    for outcome in outcomes {
      guard case .list(let cases)? = outcome.result["cases"] else { continue }
      for plate in cases {
        func number(_ key: String) -> String {
          plate[key]?.quantity.map { PeopleText.quantity($0) } ?? "–"
        }
        table.add([
          plate["label"]?.text ?? "", plate["metal"]?.text ?? "", plate["solver"]?.text ?? "",
          plate["status"]?.text ?? "", number("pv_ratio"), number("tip_stress_final"),
          number("valley_stress_final"),
        ])
      }
    }
    return table.text()
  }
}
