internal import ArgumentParser
internal import Interphase

/// `why`: walks one number back to the bytes it came from.
struct WhyCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Walk one number of a results.json back to the bytes it came from.",
    discussion: """
      KEY is FILE#result.key, summary.key, a JSON Pointer, a dotted path with [N] or [name=value], the id \
      of a step, or a bare key where it is unique. The files are read again: OK, CHANGED or MISSING stands \
      behind each. --recompute repeats the run with the recorded options and compares. --all asks for \
      every number of the document and of the report.html beside it.
      """)
  static let example =
    "interphase why demo-results/results.json 'summary.samples[sample=(1ALD-1MLD)25].modulus'"

  @Argument(help: ArgumentHelp("The results document.", valueName: "RESULTS.json"))
  var results: String

  @Argument(help: ArgumentHelp("The number.", valueName: "KEY"))
  var key: String?

  @Flag(help: "Every number, and which of them lead nowhere.")
  var all = false

  @Flag(help: "Make the number again from the files, with the recorded options, and compare.")
  var recompute = false

  @Option(help: "The folder that the paths of the document are relative to (default: as recorded).")
  var root: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if key == nil, !all { throw ValidationError("Missing expected argument '<KEY>' (or --all)") }
    if all, key != nil || recompute {
      throw ValidationError("--all takes no key and no --recompute")
    }
  }

  func run() throws {
    let document: ResultValue
    do {
      document = try JSONText.parse(try FileSource.open(path: results), area: "results")
    } catch {
      Terminal.error(Terminal.line(error.diagnostic, file: results))
      throw InputsFailed()
    }
    var inputs: [ResultValue] = []
    if case .list(let list)? = document["inputs"] { inputs = list }
    var checked: [String: SourceCheck] = [:]
    let folder = root ?? document["provenance"]?["root"]?.text
    let check = { (file: String, hash: String) -> SourceCheck in
      if let known = checked[file + "\n" + hash] { return known }
      let result = Self.check(file, hash, folder: folder, inputs: inputs)
      checked[file + "\n" + hash] = result
      return result
    }
    guard let key else { return try audit(document, check) }
    let found = try find(key, in: document)
    let answer = found.step == nil ? WhyAnswer(found.path, in: document) : nil
    let chain = answer?.chain ?? TraceChain(from: found.step ?? "", in: document["traces"] ?? .null)
    let again =
      recompute
      ? Recomputation(of: found.path, value: found.value, in: document, root: root) : nil
    if common.json {
      var tree = ResultObject()
      if case .object(let fields) = chain.json(
        key: found.path.description, value: found.value, check: check)
      {
        tree = fields
      }
      tree["basis"] = .text((answer?.basis ?? .value).rawValue)
      tree["recomputed"] = again?.result(recorded: found.value)
      Terminal.out(bytes: JSONWriter.document(.object(tree)))
    } else {
      let text = chain.text(key: found.path.description, value: found.value, check: check)
      Terminal.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      if let again { Terminal.out(again.text(recorded: found.value)) }
    }
    if let again {
      guard case .same = again.outcome else { throw InputsFailed() }
    }
    if !chain.isWhole(check: check) { throw InputsFailed() }
  }

  /// The place that a key names, or a step by its id.
  private func find(
    _ key: String, in document: ResultValue
  ) throws -> (path: ResultPath, value: ResultValue, step: String?) {
    if let step = document["traces"]?[key] {
      let place = ResultPath([.key("traces"), .key(key)])
      return (place, step["summary"] ?? .null, key)
    }
    do {
      let found = try document.find(key)
      return (found.path, found.value, nil)
    } catch {
      var message = error.reason
      if !error.candidates.isEmpty {
        message += "; expected one of:\n  " + error.candidates.joined(separator: "\n  ")
      }
      throw UsageFailure(message)
    }
  }

  /// Asks for every number, and reads every file again.
  private func audit(
    _ document: ResultValue, _ check: (_ file: String, _ sha256: String) -> SourceCheck
  ) throws {
    let path = results.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let report = try? FileSource.open(
      path: (results.contains("/") ? path + "/" : "") + "report.html")
    let audit = WhyAudit(document, report: report)
    let states = audit.sources.map { ($0, check($0.file, $0.sha256)) }
    let bad = states.filter { $0.1 != .unchanged }
    let order: [WhyAnswer.Basis] = [.value, .around, .beside, .input, .run, .given]
    if common.json {
      var bases = ResultObject()
      for basis in order { bases[basis.rawValue] = .integer(audit.bases[basis] ?? 0) }
      Terminal.out(
        bytes: JSONWriter.document(
          .fields([
            "numbers": .integer(audit.numbers), "basis": .object(bases),
            "report_numbers": audit.shown.map { .integer($0) } ?? .null,
            "unresolved": .list(audit.unresolved.map { .text($0) }),
            "sources": .list(
              states.map {
                .fields([
                  "file": .text($0.0.file), "sha256": .text($0.0.sha256),
                  "status": .text($0.1.rawValue),
                ])
              }),
          ])))
    } else {
      var lines = audit.unresolved.map { "unresolved  \(escapedControls($0))" }
      lines += bad.map { "\($0.1.rawValue)  \(escapedControls($0.0.file))" }
      let parts = order.map { "\(audit.bases[$0] ?? 0) \(Self.words($0))" }
      lines.append("\(audit.numbers) numbers: " + parts.joined(separator: ", "))
      if let shown = audit.shown { lines.append("report.html shows \(shown) numbers") }
      lines.append(
        "\(audit.unresolved.count) lead nowhere; \(states.count - bad.count) of \(states.count) "
          + "files are as they were")
      Terminal.out(lines.joined(separator: "\n"))
    }
    if !audit.unresolved.isEmpty || !bad.isEmpty { throw InputsFailed() }
  }

  private static func words(_ basis: WhyAnswer.Basis) -> String {
    switch basis {
    case .value: "by a step of their own"
    case .around: "by the step of what they belong to"
    case .beside: "by the step of a number beside them"
    case .input: "by their input"
    case .run: "by all inputs"
    case .given: "given or facts of the run"
    }
  }

  /// Reads a file again, below the folder of the study or as its path stands.
  ///
  /// A step may name a configuration without its folder: the input with its hash has the path.
  private static func check(
    _ file: String, _ hash: String, folder: String?, inputs: [ResultValue]
  ) -> SourceCheck {
    var paths = [file]
    if let folder {
      paths.insert(folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)", at: 0)
    }
    paths += inputs.filter { $0["sha256"]?.text == hash }.compactMap { $0["file"]?.text }
    // Files that a configuration names stand beside it.
    let folders = inputs.prefix(100).compactMap { $0["file"]?.text }.filter { $0.contains("/") }
      .map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast() }
    paths += folders.map { $0.joined(separator: "/") + "/" + file }
    var result = SourceCheck.missing
    var tried: Set<String> = []
    for path in paths where tried.insert(path).inserted {
      guard let bytes = try? ZippedFolder.open(path: path) else { continue }
      if SHA256.hex(of: bytes) == hash { return .unchanged }
      result = .changed
    }
    return result
  }
}
