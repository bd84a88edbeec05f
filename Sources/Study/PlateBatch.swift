internal import Bytes
public import Output
public import Plating
public import Tables

/// The configurations of one call of `plate`, run one after the other.
public struct PlateBatch: Sendable {
  /// Overrides `KEY=VALUE` that stand above every configuration.
  public let sets: [String]
  /// One report a configuration, in the order given.
  public private(set) var reports: [InputReport] = []
  /// The outcomes of the configurations that could be run.
  public private(set) var outcomes: [PlateOutcome] = []
  private var traces = TraceGraph()

  /// A batch without configurations.
  public init(sets: [String]) { self.sets = sets }

  /// Reads and runs one configuration; errors stand in its report.
  public mutating func run(_ path: String) {
    var report = InputReport(
      file: path, fileBytes: nil, sha256: nil, bytes: nil, format: nil, complete: false,
      diagnostics: [], fields: ResultObject())
    do {
      let bytes = path == "-" ? try FileSource.standardInput() : try FileSource.open(path: path)
      report.sha256 = SHA256.hex(of: bytes)
      report.bytes = bytes.count
      report.format = "config-yaml"
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let prefix = folder.isEmpty ? "" : folder.joined(separator: "/") + "/"
      let name = String(path.split(separator: "/").last ?? "")
      let configuration = try PlateConfiguration.read(bytes, name: name, sets: sets) {
        file throws(ReadFailure) in
        try FileSource.open(path: file.hasPrefix("/") ? file : prefix + file)
      }
      let outcome = runPlate(configuration, tracePrefix: "p\(outcomes.count + 1).")
      var result = outcome.result
      if case .object(var fields) = result {
        fields["files"] = .list(
          outcome.tables.map { .text($0.name) }
            + outcome.figures.map { .text("figures/\(SafeName.make($0.id)).svg") })
        result = .object(fields)
      }
      report.complete = true
      report.diagnostics = outcome.diagnostics
      report.fields["result"] = result
      traces.join(outcome.trace)
      outcomes.append(outcome)
    } catch {
      report.diagnostics = [error.diagnostic]
    }
    reports.append(report)
  }

  /// The document of the call: the summary of one configuration, or a list of summaries.
  public func document(run: ResultObject) -> ResultDocument {
    var summary = ResultObject()
    if outcomes.count == 1, case .object(let only) = outcomes[0].summary {
      summary = only
    } else if outcomes.count > 1 {
      summary["configurations"] = .list(outcomes.map { $0.summary })
    }
    return ResultDocument(
      version: interphaseVersion, command: "plate", run: run, inputs: reports, summary: summary,
      traces: traces)
  }
}
