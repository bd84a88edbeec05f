internal import ArgumentParser
internal import Interphase

/// `diff`: what changed between two runs.
struct DiffCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two runs: version, options, inputs, and numbers by how many u.",
    discussion: """
      Each RUN is a results folder or its results.json. Numbers are compared by their keys; the difference \
      is given in units of the larger standard uncertainty of the two. Ends with 0 where nothing differs, \
      1 where something does, as diff(1) does.
      """)
  static let example = "interphase diff results results-with-another-radius"

  @Argument(help: ArgumentHelp("The first run.", valueName: "RUN1"))
  var first: String

  @Argument(help: ArgumentHelp("The second run.", valueName: "RUN2"))
  var second: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    guard let a = document(first), let b = document(second) else { throw InputsFailed() }
    let comparison = RunComparison(a, b)
    if common.json {
      Terminal.out(bytes: JSONWriter.document(comparison.result))
    } else if !common.quiet {
      Terminal.out(comparison.text())
    }
    if !comparison.isSame { throw InputsFailed() }
  }

  /// The document of a run; nil, with a line that says why, where there is none.
  private func document(_ path: String) -> ResultValue? {
    let file = FileSource.isFolder(path: path) ? path + "/results.json" : path
    do throws(ReadFailure) {
      let document = try JSONText.parse(try FileSource.open(path: file), area: "results")
      guard document["interphase"] != nil else {
        throw ReadFailure(
          "results.not-ours", found: "no results document of Interphase",
          expected: "expected a results folder or its results.json")
      }
      return document
    } catch {
      Terminal.error(Terminal.line(error.diagnostic, file: file))
      return nil
    }
  }
}
