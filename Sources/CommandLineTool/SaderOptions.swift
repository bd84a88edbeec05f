internal import ArgumentParser
internal import Interphase

/// The option `afm --sader`: the spring constant of a rectangular lever, without any file.
struct SaderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Spring constant of a rectangular lever from its thermal resonance in air (or with density= and viscosity=), each value with '± u' where known; no FILE.",
      valueName: "length=397um,width=29um,frequency=17.36kHz,q=55.5"))
  var sader: String?

  /// The spring constant and its document.
  ///
  /// Throws `UsageFailure` where a key is missing, unknown or out of range.
  static func document(
    _ text: String, common: CommonOptions, run: ResultObject
  ) throws -> ResultDocument {
    let calibration: SaderCalibration
    do {
      calibration = try SaderCalibration(text: text)
    } catch {
      throw UsageFailure("--sader: \(error.diagnostic.message)")
    }
    let diagnostics = calibration.diagnostics
    if let failure = diagnostics.first(where: { $0.severity == .error }) {
      throw UsageFailure("--sader: \(failure.message)")
    }
    common.report(diagnostics, file: "--sader")
    var trace = TraceGraph()
    var summary = ResultObject()
    summary["sader"] = calibration.result(trace: &trace)
    return ResultDocument(
      version: interphaseVersion, command: "afm", run: run, inputs: [], summary: summary,
      traces: trace)
  }

  /// The result for the terminal.
  static func table(_ document: ResultDocument) -> String {
    guard let k = document.summary["sader"]?["spring_constant"]?.quantity else { return "" }
    return "spring constant: \(PeopleText.quantity(k))"
  }
}
