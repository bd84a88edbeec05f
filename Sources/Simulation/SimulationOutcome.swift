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

  /// A grid and the path under which it is written as VTK image data.
  public struct NamedGrid: Sendable {
    /// The path, such as `fields/case.vti`.
    public var name: String
    /// The grid.
    public var grid: Grid
    /// Numbers of the grid as a whole, such as `time`.
    public var fields: [Column]

    /// A grid under a path.
    public init(name: String, grid: Grid, fields: [Column] = []) {
      self.name = name
      self.grid = grid
      self.fields = fields
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
  /// The fields of every case.
  public var grids: [NamedGrid]
  /// The figures over all cases.
  public var figures: [Figure]
  /// The steps behind every number.
  public var trace: TraceGraph

  /// An outcome from its parts.
  public init(
    result: ResultValue, summary: ResultValue, diagnostics: [Diagnostic], tables: [NamedTable],
    grids: [NamedGrid] = [], figures: [Figure], trace: TraceGraph
  ) {
    self.grids = grids
    self.result = result
    self.summary = summary
    self.diagnostics = diagnostics
    self.tables = tables
    self.figures = figures
    self.trace = trace
  }
}
