internal import ArgumentParser
internal import Interphase

/// `rbs`: Rutherford backscattering spectra, from counts to atoms per area.
struct RBSCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "rbs",
    abstract: "Analyze backscattering spectra: elements, areal densities, simulations, fits.",
    discussion: """
      'rbs FILE…' is 'rbs inspect FILE…'. Bare numbers are in the unit that the help names; a unit \
      (\"2 MeV\") is accepted. RBS measures atoms per area; a thickness in nm is given only where a density \
      is stated. Sample files are described in docs/rbs.md.
      """,
    subcommands: [
      RBSInspectCommand.self, RBSSimulateCommand.self, RBSFitCommand.self, RBSPhysicsCommand.self,
    ],
    defaultSubcommand: RBSInspectCommand.self)
  static let example = "interphase rbs TestData/demo/rbs -o rbs-results"
}

/// What the subcommands that read files share.
private struct RBSRun {
  var files: [String]
  var output: String?
  var batch: BatchOptions
  var common: CommonOptions

  /// Reads, analyzes and writes; `table` makes the text for people.
  func run(
    _ task: BackscatteringTask, _ options: RBSOptions, table: (StudyRun) -> String
  ) throws {
    let clock = RunClock()
    var analyzer: BackscatteringReader
    var options = options
    options.seed = batch.seed ?? 0
    do {
      analyzer = try BackscatteringReader(
        task, options: options, arrays: common.json || output != nil)
    } catch {
      // The file that an option names is as much a part of the command as its words.
      throw UsageFailure("\(error.diagnostic.place): \(error.diagnostic.message)")
    }
    analyzer.draws = output != nil
    let folder = try output.map { try OutputFolder.open($0) }
    let inputs = try InputList.checked(files, reader: batch.reader)
    var reader = StudyReader(reader: batch.reader, selection: InputSelection(technique: .rbs))
    reader.backscattering = analyzer
    reader.given = batch.given
    reader.take(commandLine: Array(CommandLine.arguments.dropFirst()), of: .rbs)
    let worker = reader
    let read = try batch.study("rbs", folder, common).read(
      inputs, with: worker, options: StudyRun.backscatteringJournalOptions(analyzer))
    let run = StudyRun.backscattering(
      read, reader: analyzer, title: batch.title(files))
    for input in run.inputs { common.report(input.report.diagnostics, file: input.report.file) }
    let document = run.document(run: clock.run).withArguments
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(run, document: document)
    }
    if !common.json, !common.quiet {
      var text = table(run)
      if let folder { text += "\nresults: \(folder.path)/results.json" }
      Terminal.out(text)
    }
    try common.finish(document, arguments: files)
  }
}

/// The cell of a quantity; a dash where there is none.
private func cell(_ value: ResultValue?) -> String {
  value?.quantity.flatMap { $0.value == nil ? nil : PeopleText.quantity($0) } ?? "–"
}

/// The cell of counts: whole numbers in full.
private func countCell(_ value: ResultValue?) -> String {
  guard let number = value?.quantity?.value else { return "–" }
  return number == number.rounded() ? brief(number) : cell(value)
}

/// The elements of a list; none for anything else.
private func list(_ value: ResultValue?) -> [ResultValue] {
  if case .list(let values)? = value { return values }
  return []
}

/// `rbs inspect`: what the files say, and what their spectra show.
struct RBSInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "List setup, fronts and peaks with their elements (default).")

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String] = []
  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?
  @Option(help: "Elements that may be there, such as Al,C,O (default: all).")
  var elements: String?
  @Option(help: "Least significance of a front, in standard deviations (default: 5).")
  var significance: String?
  @OptionGroup(title: "Measurement and physics") var setup: RBSSetupOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
  }

  func run() throws {
    let options = try RBSOptions(
      settings: setup.settings + [("elements", elements), ("significance", significance)])
    try RBSRun(files: files, output: output, batch: batch, common: common)
      .run(.inspect, options, table: Self.table)
  }

  private static func table(_ run: StudyRun) -> String {
    var spectra = TextTable(header: [
      "spectrum", "channels", "counts", "live time", "ion", "energy", "scattering", "keV/channel",
    ])
    var stored = TextTable(header: ["file", "stored simulation", "channels", "counts"])
    var layers = TextTable(header: [
      "file", "layer", "areal density", "atom fractions", "roughness",
    ])
    var found = TextTable(header: [
      "spectrum", "kind", "energy", "element", "K·E0", "or", "area", "areal density",
    ])
    for input in run.inputs {
      let entries = list(input.report.fields["result"]?["spectra"])
      let result = input.report.fields["result"]
      for simulation in list(result?["simulations"]) {
        var channels = "–"
        if case .integer(let n)? = simulation["channels"] { channels = "\(n)" }
        stored.add([
          input.report.file, simulation["name"]?.text ?? "–", channels,
          countCell(simulation["total_counts"]),
        ])
      }
      for (n, layer) in list(result?["sample"]?["layers"]).enumerated() {
        var atoms: [String] = []
        if case .object(let elements)? = layer["elements"] {
          atoms = elements.keys.map { "\($0) \(cell(elements[$0]?["fraction"]))" }
        }
        let roughness = layer["roughness_fwhm"]
        layers.add([
          input.report.file, layer["name"]?.text ?? "\(n + 1)", cell(layer["areal_density"]),
          atoms.joined(separator: ", "),
          roughness?.quantity?.value == 0 ? "–" : cell(roughness),
        ])
      }
      for entry in entries {
        let name =
          entries.count == 1
          ? input.report.file : "\(input.report.file)#\(entry["name"]?.text ?? "")"
        let setup = entry["setup"]
        var channels = "0"
        if case .integer(let n)? = entry["channels"] { channels = "\(n)" }
        spectra.add([
          name, channels, countCell(entry["total_counts"]), cell(entry["live_time"]),
          setup?["ion"]?.text ?? "–", cell(setup?["energy"]), cell(setup?["scattering"]),
          cell(entry["calibration"]?["slope"]),
        ])
        for kind in ["edges", "peaks"] {
          for item in list(entry[kind]) {
            let candidates = list(item["candidates"])
            let first = candidates.first
            found.add([
              name, kind == "edges" ? "front" : "peak",
              item["energy"]?.quantity?.value == nil ? channel(item) : cell(item["energy"]),
              first?["element"]?.text ?? "–", cell(first?["energy"]),
              candidates.dropFirst().prefix(2).compactMap { $0["element"]?.text }
                .joined(separator: ", "),
              cell(item["area"]), cell(first?["areal_density"]),
            ])
          }
        }
      }
    }
    let failed = run.inputs.count { $0.report.status == .error }
    var text =
      "\(run.inputs.count) files read, \(failed) failed, \(run.skipped.count) passed over\n"
    if !spectra.isEmpty { text += "\n" + spectra.text(hidingEmptyColumns: true) + "\n" }
    for table in [stored, layers] where !table.isEmpty {
      text += "\n" + table.text(hidingEmptyColumns: true) + "\n"
    }
    if !found.isEmpty { text += "\n" + found.text(hidingEmptyColumns: true) + "\n" }
    return text
  }

  private static func channel(_ item: ResultValue) -> String {
    guard case .number(let x)? = item["channel"] else { return "–" }
    return "channel \(brief(x))"
  }
}

/// `rbs simulate`: the spectrum of a sample.
struct RBSSimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Simulate the spectrum of a sample file, an xnra or an IDF.",
    discussion: "With -o also FILE.csv and FILE.xnra, which SIMNRA and JaBS open.")

  @Argument(help: ArgumentHelp("Sample files, .xnra, IDF.", valueName: "FILE"))
  var files: [String] = []
  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?
  @OptionGroup(title: "Measurement and physics") var setup: RBSSetupOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
  }

  func run() throws {
    try RBSRun(files: files, output: output, batch: batch, common: common)
      .run(.simulate, try RBSOptions(settings: setup.settings), table: Self.table)
  }

  private static func table(_ run: StudyRun) -> String {
    var table = TextTable(header: ["sample", "element", "counts", "stored", "ours over stored"])
    for input in run.inputs {
      guard let result = input.report.fields["result"] else { continue }
      table.add([
        input.report.file, "total", cell(result["total_counts"]),
        cell(result["stored"]?["total_counts"]), cell(result["stored"]?["ratio"]),
      ])
      if case .object(let elements)? = result["element_counts"] {
        for name in elements.keys {
          table.add([input.report.file, name, cell(elements[name]), "–", "–"])
        }
      }
    }
    return table.isEmpty ? "" : table.text(hidingEmptyColumns: true) + "\n"
  }
}

/// `rbs fit`: a sample fitted to spectra.
struct RBSFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a sample to spectra: areal densities with uncertainties, depth profile.",
    discussion: """
      Free by default: the number of ions, and each element heavier than the ion in layers that are no \
      substrate. Hydrogen is never free by itself.
      """)

  @Argument(help: ArgumentHelp("Spectra.", valueName: "FILE"))
  var files: [String] = []
  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?
  @OptionGroup(title: "Fit") var fit: RBSFitOptionGroup
  @OptionGroup(title: "Measurement and physics") var setup: RBSSetupOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
    if fit.sample == nil { throw ValidationError("rbs fit needs --sample FILE to start from") }
  }

  func run() throws {
    let options = try RBSOptions(settings: setup.settings + fit.settings)
    try RBSRun(files: files, output: output, batch: batch, common: common)
      .run(.fit, options, table: Self.table)
  }

  private static func table(_ run: StudyRun) -> String {
    var densities = TextTable(header: [
      "spectrum", "element", "areal density", "u by charge", "u by stopping",
    ])
    var layers = TextTable(header: [
      "spectrum", "layer", "areal density", "mass", "density", "thickness",
    ])
    var quality = TextTable(header: ["spectrum", "chi2/dof", "iterations", "converged"])
    for input in run.inputs {
      guard let result = input.report.fields["result"], result["areal_density"] != nil else {
        continue
      }
      let file = input.report.file
      if case .object(let elements)? = result["areal_density"] {
        for name in elements.keys {
          let parts = result["u_parts"]?[name]
          densities.add([
            file, name, cell(elements[name]), cell(parts?["charge"]), cell(parts?["stopping"]),
          ])
        }
      }
      for layer in list(result["layers"]) where layer["substrate"] != .flag(true) {
        layers.add([
          file, layer["name"]?.text ?? "", cell(layer["areal_density"]), cell(layer["mass"]),
          cell(layer["density"]), cell(layer["thickness"]),
        ])
      }
      var chi = "–"
      if case .number(let value)? = result["chi2_dof"] { chi = brief(value) }
      var iterations = "–"
      if case .integer(let n)? = result["iterations"] { iterations = "\(n)" }
      quality.add([file, chi, iterations, result["converged"] == .flag(true) ? "yes" : "no"])
    }
    let tables = [densities, layers, quality].filter { !$0.isEmpty }
    return tables.map { $0.text(hidingEmptyColumns: true) }.joined(separator: "\n\n") + "\n"
  }
}

/// `rbs physics`: the numbers behind simulations.
struct RBSPhysicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics",
    abstract: "Kinematic factors, edges, cross sections, screening and stopping of targets.")

  @Option(help: "Elements or isotopes, such as Li,C,12C.")
  var targets: String
  @Option(help: "The ion (default: 4He).")
  var ion: String?
  @Option(help: "Energy, keV (default: 2000).")
  var energy: String?
  @Option(help: "Scattering angle, deg (default: 170).")
  var scattering: String?
  @Option(help: "zbl95, zbl95+kkk, icru49, or a file of tables; files repeatable.")
  var stopping: [String] = []
  @Option(help: "andersen, lecuyer or none (default: andersen).")
  var screening: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let clock = RunClock()
    let options = try RBSOptions(
      settings: [
        ("ion", ion ?? "4He"), ("energy", energy ?? "2000"), ("scattering", scattering ?? "170"),
        ("screening", screening),
      ] + stopping.map { ("stopping", $0) })
    let physics: ResultValue
    do {
      physics = try BackscatteringReader(.inspect, options: options).physics(
        of: targets.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
    } catch {
      throw UsageFailure(error.diagnostic.message)
    }
    var summary = ResultObject()
    summary["targets"] = physics
    let document = ResultDocument(
      version: interphaseVersion, command: "rbs", run: clock.run, inputs: [], skipped: [],
      summary: summary)
    if common.json { return Terminal.out(bytes: document.json) }
    var table = TextTable(header: [
      "target", "K", "edge", "cross section", "screening", "electronic stopping",
      "nuclear stopping",
    ])
    func plain(_ value: ResultValue?) -> String {
      guard let quantity = value?.quantity, let number = quantity.value else { return "–" }
      let unit = PeopleText.unit(quantity.unit.ucum)
      return brief(number) + (unit.isEmpty ? "" : " \(unit)")
    }
    for target in list(physics) {
      table.add([
        target["target"]?.text ?? "", plain(target["kinematic_factor"]),
        plain(target["edge_energy"]), plain(target["cross_section"]),
        plain(target["screening_factor"]), plain(target["electronic_stopping"]),
        plain(target["nuclear_stopping"]),
      ])
    }
    Terminal.out(table.text())
  }
}
