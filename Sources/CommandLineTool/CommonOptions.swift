internal import ArgumentParser
internal import Foundation
internal import Interphase

/// The options that every command shares.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Machine-readable output on standard output, nothing else there.")
  var json = false

  @Flag(help: "Errors only on standard error.")
  var quiet = false

  @Flag(help: "Notes on standard error as well.")
  var verbose = false

  /// Prints the diagnostics of one input to standard error.
  func report(_ diagnostics: [Diagnostic], file: String) {
    for diagnostic in diagnostics {
      switch diagnostic.severity {
      case .error: break
      case .warning: if quiet { continue }
      case .note: if quiet || !verbose { continue }
      }
      Terminal.error(Terminal.line(diagnostic, file: file))
    }
  }
}

extension CommonOptions {
  /// Prints the document where `--json` asks for it and ends with status 1 where an input failed.
  ///
  /// Throws `InputsFailed` where an input failed or nothing was found to read.
  func finish(_ document: ResultDocument, arguments: [String]) throws {
    Terminal.keep(document)
    if json { document.json { Terminal.out(bytes: $0) } }
    if document.inputs.isEmpty {
      let n = document.skipped.count
      let named =
        n == 0 ? "no file was found" : "none of \(n) file\(n == 1 ? "" : "s") was recognised"
      Terminal.error(
        escapedControls(
          "error: \(arguments.joined(separator: " ")): -: \(named); expected at least one input"))
      throw InputsFailed()
    }
    if document.inputs.contains(where: { $0.status == .error }) { throw InputsFailed() }
  }
}

/// The options of commands that read many files.
struct BatchOptions: ParsableArguments {
  @Option(help: "Workers (default: all cores).")
  var jobs: Int?

  @Option(
    name: .customLong("format"), help: "Read every file as this format, whatever it looks like.")
  var format: String?

  @Option(
    name: .customLong("max-expand"),
    help: "Greatest size of one decompressed stream or of standard input, in bytes (default 1 GiB)."
  )
  var maxExpand: Int?

  @Option(help: "'off' lifts the limits on decompressed size and ratio.")
  var limits: String?

  @Flag(help: "Give numbers whose checksum fails too, with a warning.")
  var salvage = false

  @Flag(
    help:
      "Go on with a run that did not end: take what it finished from the journal of the results folder."
  )
  var resume = false

  @Flag(help: "With --resume: read again what failed, though it did not change.")
  var retryFailed = false

  @Flag(
    help: "With --resume: compare the content of unchanged files too, not only their size and time."
  )
  var verify = false

  @Option(
    help: "Seed of the random numbers, where an analysis draws any (default 0; recorded).")
  var seed: UInt64?

  @Option(
    name: .customLong("unit"),
    help: ArgumentHelp(
      "The unit of a column whose file gives none or a wrong one; repeatable.",
      valueName: "COLUMN=UNIT"))
  var units: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting of the instrument in place of the file's, with its unit; repeatable.",
      valueName: "KEY=QUANTITY"))
  var settings: [String] = []

  @Option(
    name: .customLong("time-zone"),
    help: ArgumentHelp(
      "The zone of clock times that the file gives none for: an IANA name or +hh:mm.",
      valueName: "NAME"))
  var timeZone: String?

  @Option(
    help: ArgumentHelp(
      "Join segments of elapsed time that restart: end-to-end, or by the file's clock.",
      valueName: "RULE"))
  var join: String?

  @OptionGroup var recipeOptions: RecipeOptions

  mutating func validate() throws {
    if !resume, retryFailed || verify {
      throw ValidationError("--\(retryFailed ? "retry-failed" : "verify") needs --resume")
    }
    if let jobs, jobs < 1 {
      throw ValidationError("--jobs needs a number of 1 or more, not \(jobs)")
    }
    if let maxExpand, maxExpand < 1 {
      throw ValidationError("--max-expand needs a number of bytes, not \(maxExpand)")
    }
    if let limits, limits != "off" {
      throw ValidationError("--limits takes 'off', not '\(limits)'")
    }
    let ids = FormatRegistry.entries(added: try recipeOptions.formats()).map(\.id)
    if let format, !ids.contains(format) {
      throw ValidationError("no format is called '\(format)'\(nearest(format, among: ids))")
    }
    for unit in units {
      guard let equals = unit.firstIndex(of: "="), equals != unit.startIndex else {
        throw ValidationError("--unit needs COLUMN=UNIT, not '\(unit)'")
      }
      let text = String(unit[unit.index(after: equals)...])
      if (try? PhysicalUnit(ucum: text)) == nil {
        let hint = AnalysisSettings.unitHint(text).map { "; did you mean '\($0)'?" }
        throw ValidationError(
          "--unit: '\(text)' is no unit (UCUM text such as nm, mA/cm2)\(hint ?? "")")
      }
    }
    for (setting, statement) in zip(settings, Self.statements(settings, "--set")) {
      guard let statement else {
        throw ValidationError("--set needs KEY=QUANTITY, not '\(setting)'")
      }
      do {
        try AnalysisSettings.check(statement.key, statement.text, isOfOneInput: false)
      } catch {
        throw ValidationError("--set \(setting): \(error.diagnostic.message)")
      }
    }
    if let timeZone {
      do {
        _ = try TimeZoneRules(named: timeZone)
      } catch {
        throw ValidationError("--time-zone: \(error.diagnostic.message)")
      }
    }
    if let join, JoinRule(rawValue: join) == nil {
      throw ValidationError(
        "--join: no rule is called '\(join)'\(nearest(join, among: JoinRule.allCases.map(\.rawValue)))"
      )
    }
  }

  /// `KEY=TEXT` taken apart at the first `=`; nil where a key or a text is missing.
  private static func statements(_ texts: [String], _ source: String) -> [InputStatement?] {
    texts.map { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
        text.index(after: equals) != text.endIndex
      else { return nil }
      return InputStatement(
        key: String(text[..<equals]), text: String(text[text.index(after: equals)...]),
        source: source)
    }
  }

  /// Hands the settings given with `--set` that are options of an analysis to it, by their long names.
  func hand(
    _ names: [String], to set: (_ name: String, _ text: String) throws(ReadFailure) -> Void
  ) throws {
    for statement in Self.statements(settings, "--set") {
      guard let statement else { continue }
      let name = String(statement.key.map { $0 == "_" ? "-" : $0 })
      guard names.contains(name) else { continue }
      do {
        try set(name, statement.text)
      } catch {
        throw UsageFailure("--set \(statement.key): \(error.diagnostic.message)")
      }
    }
  }

  /// The long names of the options on the command line, `--set` and its like among them.
  var given: Set<String> {
    Set(
      CommandLine.arguments.filter { $0.hasPrefix("--") }.map { argument in
        String(argument.dropFirst(2).prefix { $0 != "=" })
      })
  }

  /// The title of results on files, the same in whatever order they were named.
  func title(_ files: [String]) -> String {
    files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
  }

  /// Workers to use.
  var workers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The batch of a command that analyzes: with the journal of its results folder, progress on a terminal,
  /// and an end in good order when a signal asks for it.
  func study(_ command: String, _ folder: ResultsFolder?, _ common: CommonOptions) throws
    -> StudyBatch
  {
    if resume, folder == nil { throw UsageFailure("--resume needs -o, the results folder") }
    var batch = StudyBatch(
      command: command, folder: folder,
      resumption: .init(resumes: resume, retriesFailed: retryFailed, verifies: verify),
      jobs: workers)
    let progress = Progress(total: 2)
    batch.progress = { done, total in progress.show(done, of: total) }
    batch.say = { diagnostic, path in common.report([diagnostic], file: path) }
    Interruption.watch(batch.running)
    return batch
  }

  /// The reader with these options.
  var reader: InputReader { reader(hashes: true) }

  /// A reader with these options, and with the hash of each input or without.
  func reader(hashes: Bool) -> InputReader {
    var options = ReadOptions()
    options.salvage = salvage
    if let maxExpand {
      options.limits.expansion.memberBytes = maxExpand
      options.limits.expansion.totalBytes = max(maxExpand, options.limits.expansion.totalBytes)
    }
    if limits == "off" {
      options.limits.expansion.memberBytes = .max
      options.limits.expansion.totalBytes = .max
      options.limits.expansion.ratio = .max
    }
    var said = InputStatements()
    said.units = Self.statements(units, "--unit").compactMap { $0 }
    said.settings = Self.statements(settings, "--set").compactMap { $0 }
    said.timeZone = timeZone.map {
      InputStatement(key: "time_zone", text: $0, source: "--time-zone")
    }
    said.join = join.map { InputStatement(key: "join", text: $0, source: "--join") }
    // The zone was looked up when the options were checked.
    try? options.take(said)
    options.addedFormats = (try? recipeOptions.formats()) ?? []
    var reader = InputReader(options: options, format: format)
    reader.hashes = hashes
    return reader
  }
}

/// The words `; did you mean 'x'?` for the choice nearest to a wrong one.
func nearest(_ word: String, among choices: [String]) -> String {
  let ranked = choices.map { ($0, EditDistance.between(word, $0)) }.min { $0.1 < $1.1 }
  guard let (best, d) = ranked, d <= max(2, best.count / 3) else {
    return "; expected one of \(choices.sorted().joined(separator: ", "))"
  }
  return "; did you mean '\(best)'?"
}
