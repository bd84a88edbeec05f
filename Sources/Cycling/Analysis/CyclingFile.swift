public import Tables

/// The analysis of one file, or of the files of one continued test.
public struct CyclingFileAnalysis: Sendable, Codable {
  /// The file; the first one of a continued test.
  public var input: InputIdentity
  /// What was found.
  public var analysis: CyclingAnalysis
  /// The tree of the contract.
  public var result: ResultValue
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The steps from bytes to numbers.
  public var trace: TraceGraph
  /// The figures.
  public var figures: [Figure]
  /// Half cycles, cycles and, where asked for, peaks of dQ/dV, for files of their own.
  public var tables: [Table]
}

/// Analyzes the log of one file.
///
/// - Parameters:
///   - dataset: what the reader gave.
///   - input: the file, for the trace.
///   - options: the rules.
///   - tracePrefix: what the trace ids start with, unique in a run.
/// - Throws: `cycling.no-column` where time, voltage or current is missing.
public func analyzeCycling(
  _ dataset: Dataset, input: InputIdentity, options: CyclingOptions, tracePrefix: String
) throws(ReadFailure) -> CyclingFileAnalysis {
  analyzeCycling(
    try CyclingTest(dataset, options: options), inputs: [input], options: options,
    tracePrefix: tracePrefix)
}

/// Analyzes a test whose records are in memory; `inputs` are its files in order.
public func analyzeCycling(
  _ test: CyclingTest, inputs: [InputIdentity], options: CyclingOptions, tracePrefix: String
) -> CyclingFileAnalysis {
  var diagnostics = test.diagnostics
  let analysis = analyzeCycling(test.records, options: options, diagnostics: &diagnostics)
  var trace = CyclingTrace(prefix: tracePrefix)
  trace.add(test.records, analysis, inputs: inputs)
  let tree = CyclingResult(a: analysis, trace: trace)
  let input = inputs.first ?? InputIdentity(path: "-", bytes: 0, sha256: "")
  return CyclingFileAnalysis(
    input: input, analysis: analysis, result: tree.value(), diagnostics: diagnostics.all,
    trace: trace.graph, figures: CyclingFigures(test.records, analysis, file: input.path).all(),
    tables: tree.tables())
}
