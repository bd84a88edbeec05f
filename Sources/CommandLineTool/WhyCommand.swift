internal import ArgumentParser
internal import Interphase

/// `why`: walks one number back to the bytes it came from.
struct WhyCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Walk one number of a results.json back to the bytes it came from.",
    discussion: """
      KEY is FILE#result.key, summary.key, a JSON Pointer, a dotted path with [N] or [name=value], or a \
      bare key where it is unique. The files are read again: OK, CHANGED or MISSING stands behind each.
      """)
  static let example =
    "interphase why demo-results/results.json 'summary.samples[sample=(1ALD-1MLD)25].modulus'"

  @Argument(help: ArgumentHelp("The results document.", valueName: "RESULTS.json"))
  var results: String

  @Argument(help: ArgumentHelp("The number.", valueName: "KEY"))
  var key: String

  @Option(help: "The folder that the paths of the document are relative to (default: as recorded).")
  var root: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let document: ResultValue
    do {
      document = try JSONText.parse(try FileSource.open(path: results), area: "results")
    } catch {
      Terminal.error(Terminal.line(error.diagnostic, file: results))
      throw InputsFailed()
    }
    let found: ResultPath.Found
    do {
      found = try document.find(key)
    } catch {
      var message = error.reason
      if !error.candidates.isEmpty {
        message += "; expected one of:\n  " + error.candidates.joined(separator: "\n  ")
      }
      throw UsageFailure(message)
    }
    let answer = WhyAnswer(found.path, in: document)
    let chain = answer.chain
    var checked: [String: SourceCheck] = [:]
    let folder = root ?? document["provenance"]?["root"]?.text
    let check = { (file: String, hash: String) -> SourceCheck in
      if let known = checked[file + "\n" + hash] { return known }
      let result = Self.check(file, hash, folder: folder)
      checked[file + "\n" + hash] = result
      return result
    }
    if common.json {
      var tree = ResultObject()
      if case .object(let fields) = chain.json(
        key: found.path.description, value: found.value, check: check)
      {
        tree = fields
      }
      tree["basis"] = .text(answer.basis.rawValue)
      Terminal.out(bytes: JSONWriter.document(.object(tree)))
    } else {
      let text = chain.text(key: found.path.description, value: found.value, check: check)
      Terminal.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    if !chain.isWhole(check: check) { throw InputsFailed() }
  }

  /// Reads a file again, below the folder of the study or as its path stands.
  private static func check(_ file: String, _ hash: String, folder: String?) -> SourceCheck {
    var paths = [file]
    if let folder {
      paths.insert(folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)", at: 0)
    }
    var result = SourceCheck.missing
    for path in paths {
      guard let bytes = try? ZippedFolder.open(path: path) else { continue }
      if SHA256.hex(of: bytes) == hash { return .unchanged }
      result = .changed
    }
    return result
  }
}
