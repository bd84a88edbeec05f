import Tables

/// What counts of a dataset when a damaged copy is compared with the whole file.
struct DatasetDigest {
  private let tables: Int
  private let rows: Int
  private let finite: Int
  private let settings: Int
  private let statistics: [ColumnStatistics?]
  private let diagnostics: Set<String>
  private let complete: Bool

  init(_ dataset: Dataset) {
    let columns = dataset.tables.flatMap(\.columns)
    tables = dataset.tables.count + dataset.grids.count
    rows = dataset.tables.map(\.rows).reduce(0, +)
    statistics = columns.map(\.statistics)
    finite = zip(columns, statistics).map { column, s in
      s?.count ?? (column.count - column.missing.count)
    }
    .reduce(0, +)
    settings = dataset.metadata.count
    diagnostics = Set(
      dataset.diagnostics.map { "\($0.severity.rawValue) \($0.code) \($0.place) \($0.message)" })
    complete = dataset.complete
  }

  /// Whether there is a diagnostic that the whole file lacks.
  func hasNews(against whole: DatasetDigest) -> Bool {
    !diagnostics.isSubset(of: whole.diagnostics) || (!complete && whole.complete)
  }

  /// What is missing without a word, compared with the whole file; nil where nothing is.
  func silentLoss(
    against whole: DatasetDigest, ofValuesToo: Bool, spareSettings: Int = 0
  ) -> String? {
    if hasNews(against: whole) { return nil }
    if tables < whole.tables { return "\(tables) of \(whole.tables) tables, no new diagnostic" }
    if rows < whole.rows { return "\(rows) of \(whole.rows) rows, no new diagnostic" }
    if finite < whole.finite { return "\(finite) of \(whole.finite) values, no new diagnostic" }
    if settings + spareSettings < whole.settings {
      return "\(settings) of \(whole.settings) settings, no new diagnostic"
    }
    if ofValuesToo, statistics != whole.statistics { return "other values, no new diagnostic" }
    return nil
  }
}
