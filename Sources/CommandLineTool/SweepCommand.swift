internal import ArgumentParser
internal import Foundation
internal import Interphase

/// `sweep`: runs a model over axes and draws of its parameters.
struct SweepCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run a simulation over axes and draws of its parameters.",
    discussion: """
      A configuration names a model, a base configuration, and what varies: `axes` (full factorial) \
      and `sample` (Latin hypercube or Sobol draws from distributions, also of measured values). Every \
      finished point is a line of points-i-of-N.jsonl; --resume keeps what stands there. With --shard \
      only that file is written, and `interphase merge` makes the rest.
      """)
  static let example = "interphase sweep docs/examples/map.yaml -o map"

  @Argument(help: ArgumentHelp("The configuration, or '-'.", valueName: "CONFIG"))
  var file: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String

  @Option(help: ArgumentHelp("Only every N-th point, from the i-th on.", valueName: "i/N"))
  var shard: String?

  @Flag(help: "Keep the points that an earlier run of the same configuration finished.")
  var resume = false

  @Option(help: "Workers (default: all cores).")
  var jobs: Int?

  @Option(help: "Seed of the draws in place of the configuration's.")
  var seed: UInt64?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let shard, SweepShard(shard) == nil {
      throw ValidationError("--shard needs i/N with 1 ≤ i ≤ N, not '\(shard)'")
    }
    if let jobs, jobs < 1 {
      throw ValidationError("--jobs needs a number of 1 or more, not \(jobs)")
    }
  }

  func run() throws {
    let clock = RunClock()
    let batch: SweepBatch
    do throws(ReadFailure) {
      batch = try SweepBatch.read(file, seed: seed)
    } catch {
      return try SweepPrinter(common: common, clock: clock).fail(error.diagnostic, file: file)
    }
    let part = shard.flatMap(SweepShard.init) ?? .whole
    // Shards share a folder: only a whole sweep holds all of it.
    let folder = shard == nil ? try OutputFolder.open(output) : nil
    let lines: LineFile
    do {
      lines = try LineFile("\(output)/\(part.fileName)")
    } catch {
      if error.kind == .inUse { throw UsageFailure("\(error.path): \(error.reason)") }
      throw error
    }
    let progress = Progress(total: batch.points, noun: "points")
    let workers = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let printer = SweepPrinter(common: common, clock: clock)
    try printer.catching {
      let (records, kept) = try batch.run(
        part, file: lines, resume: resume, jobs: workers,
        progress: { done, total in progress.show(done, of: total) })
      if kept.cutLines > 0, !common.quiet {
        Terminal.error(
          escapedControls(
            "warning: \(lines.path): line \(kept.points + 1): 1 cut line; its point was computed again"
          ))
      }
      guard let folder else {
        if !common.quiet, !common.json {
          Terminal.out(
            "\(records.count) of \(batch.points) points in \(lines.path); then: interphase merge "
              + "\(output) -o \(output)")
        }
        return try printer.shard(batch, records, kept, file: file, lines: lines.path)
      }
      try printer.finish(
        SweepResults(batch.plan, records), folder: folder, kept: kept, arguments: [file])
    }
  }
}

/// `merge`: puts the shards of a sweep together.
struct MergeCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the shards of a sweep together.",
    discussion: """
      Reads all points-i-of-N.jsonl of the folders and writes what `interphase sweep` writes without \
      --shard, byte for byte. Points that are missing or stand twice are an error that names them.
      """)
  static let example = "interphase merge map -o map"

  @Argument(help: ArgumentHelp("Folders with shards.", valueName: "DIR"))
  var folders: [String]

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    let clock = RunClock()
    let folder = try OutputFolder.open(output)
    let printer = SweepPrinter(common: common, clock: clock)
    try printer.catching {
      let (plan, records) = try SweepMerge.read(folders)
      try printer.finish(
        SweepResults(plan, records), folder: folder, kept: .init(), arguments: folders)
    }
  }
}

/// The shared end of `sweep` and `merge`.
struct SweepPrinter {
  let common: CommonOptions
  let clock: RunClock

  /// Turns the failures of records into the contract's lines and exit statuses.
  func catching(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let mismatch as SweepMismatch {
      throw UsageFailure("\(mismatch.file): \(mismatch.message)")
    } catch let failure as FileFailure {
      try fail(failure.failure.diagnostic, file: failure.file)
    }
  }

  /// Prints an error of an input and ends with status 1.
  func fail(_ diagnostic: Diagnostic, file: String) throws {
    Terminal.error(Terminal.line(diagnostic, file: file))
    if common.json {
      let report = InputReport(file: file, complete: false, diagnostics: [diagnostic])
      let document = ResultDocument(
        version: interphaseVersion, command: "sweep", run: clock.run, inputs: [report])
      Terminal.out(bytes: document.json)
    }
    throw InputsFailed()
  }

  /// Prints what a shard did.
  func shard(
    _ batch: SweepBatch, _ records: [PointRecord], _ kept: SweepBatch.Kept, file: String,
    lines: String
  ) throws {
    guard common.json else { return }
    var run = clock.run
    run["from_journal"] = .integer(kept.points)
    let own = batch.plan.inputs.first
    var fields = ResultObject()
    fields["result"] = .fields([
      "points": .integer(records.count), "points_of_sweep": .integer(batch.points),
      "files": .list([.text(lines)]),
    ])
    let report = InputReport(
      file: file, sha256: own?.sha256, bytes: own?.bytes, format: "config-yaml", complete: true,
      diagnostics: batch.plan.diagnostics, fields: fields)
    Terminal.out(
      bytes: ResultDocument(
        version: interphaseVersion, command: "sweep", run: run, inputs: [report]
      ).json)
  }

  /// Writes the results folder and prints the table or the document.
  func finish(
    _ results: SweepResults, folder: ResultsFolder, kept: SweepBatch.Kept, arguments: [String]
  ) throws {
    common.report(results.diagnostics, file: results.plan.file)
    var run = clock.run
    if kept.points > 0 { run["from_journal"] = .integer(kept.points) }
    let document = SweepDocument.document(results, run: run)
    var writer = ResultsWriter(folder: folder, times: clock.times)
    try writer.write(results, document: document)
    if !common.json, !common.quiet { Terminal.out(table(results)) }
    try common.finish(document, arguments: arguments)
  }

  /// The main numbers of each case over all draws, and the orderings.
  private func table(_ results: SweepResults) -> String {
    let keys = [
      "pv_ratio", "tip_stress_final", "growth_rate", "opening_over_thickness", "delaminates",
    ]
    var table = TextTable(header: ["case", "at", "key", "unit", "mean", "sd", "5 %", "95 %"])
    var lines = 0
    if case .list(let list)? = results.result["statistics"] {
      for entry in list where keys.contains(entry["key"]?.text ?? "") {
        lines += 1
        guard lines <= 40 else { continue }
        func number(_ key: String) -> String {
          if case .number(let x)? = entry[key] { return brief(x) }
          return "–"
        }
        var places: [String] = []
        if case .object(let at)? = entry["at"] {
          for key in at.keys {
            let value = at[key]?.quantity.map { PeopleText.quantity($0) } ?? at[key]?.text ?? ""
            places.append("\(key) \(value)")
          }
        }
        table.add([
          entry["case"]?.text ?? "", places.joined(separator: ", "), entry["key"]?.text ?? "",
          entry["unit"]?.text ?? "", number("mean"), number("sd"), number("p05"), number("p95"),
        ])
      }
    }
    var text = table.text(hidingEmptyColumns: true)
    if lines > 40 { text += "\n… and \(lines - 40) lines more in results.json" }
    if case .list(let list)? = results.summary["orderings"] {
      for entry in list.prefix(20) {
        let share = entry["probability"]?.quantity.map { PeopleText.quantity($0) } ?? "–"
        text += "\n\(escapedControls(entry["expression"]?.text ?? "")): probability \(share)"
      }
    }
    return text
  }
}
