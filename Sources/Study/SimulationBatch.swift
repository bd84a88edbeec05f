internal import Bytes
internal import Delamination
public import Output
internal import Plating
public import Simulation
public import Tables

/// A command that runs a model from a configuration.
public enum SimulationCommand: String, Hashable, Sendable, CaseIterable {
  /// Plating under a film.
  case plate
  /// Delamination of a film.
  case delaminate

  /// A complete, commented configuration that means the same as an empty one.
  public var printedDefaults: String {
    switch self {
    case .plate: PlateConfiguration.printDefaults()
    case .delaminate: DelaminateConfiguration.printDefaults()
    }
  }

  /// Reads and runs a configuration.
  fileprivate func run(
    _ bytes: ByteView, name: String, sets: [String], tracePrefix: String,
    open: (String) throws(ReadFailure) -> ByteView
  ) throws(ReadFailure) -> SimulationOutcome {
    switch self {
    case .plate:
      let configuration = try PlateConfiguration.read(bytes, name: name, sets: sets, open: open)
      return runPlate(configuration, tracePrefix: tracePrefix)
    case .delaminate:
      let configuration = try DelaminateConfiguration.read(
        bytes, name: name, sets: sets, open: open)
      return runDelaminate(configuration, tracePrefix: tracePrefix)
    }
  }
}

/// The configurations of one call of `plate` or `delaminate`, run one after the other.
public struct SimulationBatch: Sendable {
  /// The model.
  public let command: SimulationCommand
  /// Overrides `KEY=VALUE` that stand above every configuration.
  public let sets: [String]
  /// One report a configuration, in the order given.
  public private(set) var reports: [InputReport] = []
  /// The outcomes of the configurations that could be run.
  public private(set) var outcomes: [SimulationOutcome] = []
  private var traces = TraceGraph()

  /// A batch without configurations.
  public init(_ command: SimulationCommand, sets: [String]) {
    self.command = command
    self.sets = sets
  }

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
      let letter = command.rawValue.prefix(1)
      let outcome = try command.run(
        bytes, name: name, sets: sets, tracePrefix: "\(letter)\(outcomes.count + 1)."
      ) { file throws(ReadFailure) in
        try FileSource.open(path: file.hasPrefix("/") ? file : prefix + file)
      }
      var result = outcome.result
      if case .object(var fields) = result {
        fields["files"] = .list(
          outcome.tables.map { .text($0.name) } + outcome.grids.map { .text($0.name) }
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
      version: interphaseVersion, command: command.rawValue, run: run, inputs: reports,
      summary: summary,
      traces: traces)
  }
}
