internal import ArgumentParser
internal import Interphase

/// `verify`: problems with known answers, one row a quantity.
struct VerifyCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Solve problems with known answers and compare.",
    discussion: """
      Each case gives one row for a quantity: the reference, the result, the error with its tolerance, \
      and the order of convergence where there is one. Parameters are changed with --set KEY=VALUE, or \
      --set CASE.KEY=VALUE for one case; where nothing is known at them, a row neither passes nor fails. \
      The exit status is 1 where a row fails.
      """)
  static let example = "interphase verify pressurised-film --set pressure='59 MPa'"

  @Argument(help: ArgumentHelp("Cases; all where none is named.", valueName: "CASE"))
  var cases: [String] = []

  @Flag(help: "List the cases with their parameters, and end.")
  var list = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a parameter; repeatable.", valueName: "KEY=VALUE"))
  var sets: [String] = []

  @OptionGroup var common: CommonOptions

  func validate() throws {
    for id in cases where Verification.named(id) == nil {
      throw ValidationError(
        "no case is called '\(id)'\(nearest(id, among: Verification.all.map(\.id)))")
    }
    let chosen = chosen
    for set in sets {
      guard set.contains("=") else {
        throw ValidationError("--set needs KEY=VALUE, not '\(set)'")
      }
      guard chosen.contains(where: { $0.takes(set) }) else {
        let key = String(set.prefix { $0 != "=" })
        let keys = chosen.flatMap { $0.keys.map(\.path) }
        throw ValidationError(
          keys.isEmpty
            ? "--set \(set): the chosen cases have no parameters"
            : "no parameter is called '\(key)'\(nearest(key, among: Array(Set(keys))))")
      }
    }
  }

  /// The cases to run, in the order in which they stand.
  private var chosen: [VerificationCase] {
    Verification.all.filter { cases.isEmpty || cases.contains($0.id) }
  }

  func run() throws {
    if list {
      Terminal.out(Self.listing)
      return
    }
    let clock = RunClock()
    var rows: [VerificationRow] = []
    var times = ResultObject()
    for item in chosen {
      let (found, seconds) = try RunClock.timed {
        do throws(ReadFailure) {
          return try item.run(sets: sets)
        } catch {
          throw UsageFailure("--set: \(error.diagnostic.message)")
        }
      }
      rows += found
      if let seconds { times[item.id] = .number(seconds) }
    }
    var run = clock.run
    if !times.keys.isEmpty { run["cases"] = .object(times) }
    var summary = ResultObject()
    summary["cases"] = .list(rows.map(\.value))
    let failed = rows.count { $0.passes == false }
    summary["passed"] = .integer(rows.count { $0.passes == true })
    summary["failed"] = .integer(failed)
    let document = ResultDocument(
      version: interphaseVersion, command: "verify", run: run, inputs: [], summary: summary)
    if common.json {
      Terminal.out(bytes: document.json)
    } else if !common.quiet {
      Terminal.out(Self.table(rows))
    }
    if failed > 0 { throw InputsFailed() }
  }

  private static func table(_ rows: [VerificationRow]) -> String {
    var table = TextTable(
      header: [
        "case", "quantity", "unit", "reference", "result", "error", "tolerance", "order", "",
      ], rightAligned: [3, 4, 5, 6, 7])
    for row in rows {
      var name = row.quantity
      // What tells rows of one quantity apart.
      let own = row.parameters.keys.compactMap { key -> String? in
        guard ["element", "film.thickness", "metal"].contains(key) else { return nil }
        let value = row.parameters[key]
        return value?.quantity.map { PeopleText.quantity($0) } ?? value?.text
          ?? value?["value"]?.text
      }
      if !own.isEmpty { name += " (\(own.joined(separator: ", ")))" }
      let verdict: String
      switch row.passes {
      case true?: verdict = "pass"
      case false?: verdict = "FAIL"
      case nil: verdict = "–"
      }
      table.add([
        row.id, name, row.unit.ucum, brief(row.reference), brief(row.result), short(row.error),
        short(row.tolerance), row.order.map { fixed($0) } ?? "–", verdict,
      ])
    }
    return table.text()
  }

  /// Two significant digits.
  private static func short(_ x: Double?) -> String {
    guard let x, x.isFinite, x != 0 else { return brief(x) }
    var scale = 1.0
    while x.magnitude * scale < 10 && scale < 1e300 { scale *= 10 }
    while x.magnitude * scale >= 100 && scale > 1e-300 { scale /= 10 }
    return brief((x * scale).rounded() / scale)
  }

  /// Two decimals.
  private static func fixed(_ x: Double) -> String {
    guard x.isFinite, x.magnitude < 1e6 else { return "–" }
    return brief((x * 100).rounded() / 100)
  }

  private static var listing: String {
    var table = TextTable(header: ["case", "checks", "parameters"])
    for item in Verification.all {
      let keys = item.keys.map { key in
        key.defaultText.map { "\(key.path) (\($0))" } ?? key.path
      }
      table.add([item.id, item.title, keys.isEmpty ? "–" : keys.joined(separator: ", ")])
    }
    return table.text()
  }
}
