internal import ArgumentParser
internal import Interphase

/// `cycling`: analyzes cycler logs, file by file and as a batch.
struct CyclingCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "cycling",
    abstract: "Analyze cycler logs: overpotential, shorts, lifetime, Coulombic efficiency, dQ/dV.",
    discussion: """
      Bare numbers are in the unit shown; a suffix (50mm2) is accepted. Shorts and lifetime are given for \
      symmetric cells, Coulombic efficiencies for full and half cells. With -o the results folder holds \
      results.json, results.csv, the tables of half cycles and cycles, every log in the Battery Data \
      Format, figures and report.html.
      """)
  static let example =
    "interphase cycling TestData/demo/cycling --cell symmetric -o cell-results"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String] = []

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?

  @OptionGroup(title: "Analysis") var analysis: CyclingOptionGroup
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
  }

  func run() throws {
    let clock = RunClock()
    var resolved = try analysis.resolve()
    try batch.hand(CyclingOptions.descriptions.map(\.name)) { name, text throws(ReadFailure) in
      try resolved.setOption(name: name, text: text)
    }
    let options = resolved
    let folder = try output.map { try OutputFolder.open($0) }
    let inputs = try InputList.checked(files, reader: batch.reader)
    var worker = StudyReader(
      reader: batch.reader, selection: InputSelection(technique: .cycling), cycling: options)
    worker.given = batch.given
    worker.take(commandLine: Array(CommandLine.arguments.dropFirst()), of: .cycling)
    if let folder {
      let logs = CyclingBDF(folder, inputs)
      worker.onLog = logs.write
      worker.keepsFiles = logs.keeps
    }
    let read = try batch.study("cycling", folder, common).read(
      inputs, with: worker, options: StudyRun.cyclingJournalOptions(options))
    let run = StudyRun.cyclerLogs(
      read, options: options, title: batch.title(files))
    for input in run.inputs { common.report(input.report.diagnostics, file: input.report.file) }
    let document = run.document(run: clock.run).withArguments
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(run, document: document)
    }
    if !common.json, !common.quiet { Terminal.out(Self.table(run, folder)) }
    try common.finish(document, arguments: files)
  }

  /// One line a cell, then its events.
  private static func table(_ run: StudyRun, _ folder: ResultsFolder?) -> String {
    let failed = run.inputs.filter { $0.report.status == .error }.count
    var text =
      "\(run.inputs.count) files read, \(failed) failed, \(run.skipped.count) passed over\n"
    var cells = TextTable(
      header: [
        "file", "cell", "cycles", "overpotential: first", "reference", "last", "lifetime",
        "CE (mean)", "ASR",
      ], rightAligned: [2])
    var events = TextTable(
      header: [
        "file", "event", "time", "record", "voltage", "drop", "residual", "recovered at",
      ], rightAligned: [3])
    for input in run.inputs {
      guard let result = input.cycling?.result else { continue }
      func quantity(_ value: ResultValue?) -> String {
        value?.quantity.map { PeopleText.quantity($0) } ?? "–"
      }
      let file = input.report.file
      cells.add([
        file, result["cell_type"]?.text ?? "", count(result["cycles"]?["rows"]),
        quantity(result["overpotential_initial"]), quantity(result["overpotential_reference"]),
        quantity(result["overpotential_final"]), lifetime(result["lifetime"]),
        quantity(result["coulombic_efficiency_mean"]), resistance(input),
      ])
      guard case .list(let list)? = result["events"] else { continue }
      for event in list {
        events.add([
          file, event["kind"]?.text ?? "", quantity(event["time"]), count(event["record"]),
          "\(quantity(event["voltage_before"])) to \(quantity(event["voltage_after"]))",
          quantity(event["drop"]), quantity(event["residual_resistance"]),
          quantity(event["recovered_at"]),
        ])
      }
    }
    if !cells.isEmpty { text += "\n" + cells.text(hidingEmptyColumns: true) + "\n" }
    if !events.isEmpty { text += "\n" + events.text(hidingEmptyColumns: true) + "\n" }
    if let folder { text += "\nresults: \(folder.path)/results.json" }
    return text
  }

  private static func count(_ value: ResultValue?) -> String {
    if case .integer(let n)? = value { return "\(n)" }
    return "–"
  }

  private static func lifetime(_ value: ResultValue?) -> String {
    guard case .number(let hours)? = value?["value"] else { return "–" }
    let censored = value?["censored"] == .flag(true)
    return censored ? "> \(brief(hours)) h" : "\(brief(hours)) h"
  }

  /// The area-specific resistance of the first cycle.
  private static func resistance(_ input: StudyInput) -> String {
    guard let a = input.cycling?.analysis, let area = a.area, let r = a.cycles.first?.resistance
    else { return "–" }
    return "\(brief(r * area)) Ohm cm2"
  }
}

/// Writes every log in the Battery Data Format beside the results.
private struct CyclingBDF: Sendable {
  let folder: ResultsFolder
  /// Names that occur once among the inputs; a log of another is called by its whole path.
  let unique: Set<String>

  init(_ folder: ResultsFolder, _ inputs: [BatchInput]) {
    self.folder = folder
    let names = Dictionary(grouping: inputs.map { Self.name($0) }) { $0 }
    unique = Set(names.filter { $0.value.count == 1 }.keys)
  }

  private static func name(_ input: BatchInput) -> String {
    input.shown.split(separator: "/").last.map(String.init) ?? input.shown
  }

  /// The name of the files of a log, without what stands behind it.
  private func stem(_ input: BatchInput) -> String {
    let name = Self.name(input)
    return SafeName.make(unique.contains(name) ? name : input.shown)
  }

  /// Whether files that an earlier run wrote for a log are still there under the names of this one.
  @Sendable func keeps(_ files: [ResearchCrate.Output], _ input: BatchInput) -> Bool {
    let stem = stem(input)
    return files.enumerated().allSatisfy { position, file in
      let name = files.count == 1 ? "\(stem).bdf.csv" : "\(stem)-\(position + 1).bdf.csv"
      return file.path == name && folder.size(of: name) == file.bytes
    }
  }

  /// The tests of a log that the format can hold; what stands against one is a note.
  @Sendable func write(
    _ dataset: Dataset, _ input: BatchInput
  ) -> (files: [ResearchCrate.Output], said: [Diagnostic]) {
    var problems: [Diagnostic] = []
    var files: [ResearchCrate.Output] = []
    let stem = stem(input)
    let exports = BDFTables(dataset, problems: &problems).exports
    for (position, export) in exports.enumerated() {
      let bytes = CSVWriter.bytes(export.table)
      let file = exports.count == 1 ? "\(stem).bdf.csv" : "\(stem)-\(position + 1).bdf.csv"
      do {
        try folder.write(bytes, to: file)
        files.append(
          .init(path: file, bytes: bytes.count, sha256: SHA256.hex(of: ByteView(bytes))))
      } catch {
        problems.append(
          Diagnostic(
            .warning, "bdf.not-written", found: "\(file): \(error.reason)",
            expected: "expected room and permission to write"))
      }
    }
    let said = problems.map { problem in
      var note = problem
      if note.code != "bdf.not-written" { note.severity = .note }
      return note
    }
    return (files, said)
  }
}
