public import Tables

/// What a simulation gives: results, tables, figures, diagnostics and the trace.
public struct SimulationOutcome: Sendable {
  /// A table and the path under which it is written, relative to the output folder.
  public struct NamedTable: Sendable {
    /// The path, such as `series/case-history.csv`.
    public var name: String
    /// The table.
    public var table: Table

    /// A table under a path.
    public init(name: String, table: Table) {
      self.name = name
      self.table = table
    }
  }

  /// `parameters` and `cases[]`.
  public var result: ResultValue
  /// The number of cases, of those that delaminated, and the orders of the labels.
  public var summary: ResultValue
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The series of every case.
  public var tables: [NamedTable]
  /// The figures over all cases.
  public var figures: [Figure]
  /// The steps behind every number.
  public var trace: TraceGraph

  /// An outcome from its parts.
  public init(
    result: ResultValue, summary: ResultValue, diagnostics: [Diagnostic], tables: [NamedTable],
    figures: [Figure], trace: TraceGraph
  ) {
    self.result = result
    self.summary = summary
    self.diagnostics = diagnostics
    self.tables = tables
    self.figures = figures
    self.trace = trace
  }
}
