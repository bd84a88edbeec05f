/// What is kept of a column whose values were read in pieces and let go: all that `inspect` tells of it.
public final class ColumnSummary: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// Count, extremes, mean and ends of the finite values; nil for text.
  public let statistics: ColumnStatistics?
  /// The extremes and ends of whole numbers, exactly; nil for any other column, or where all are missing.
  public let whole: WholeExtremes?
  /// The first different texts in order of appearance; nil for numbers.
  public let words: DistinctWords?

  init(
    rows: Int, statistics: ColumnStatistics? = nil, whole: WholeExtremes? = nil,
    words: DistinctWords? = nil
  ) {
    self.rows = rows
    self.statistics = statistics
    self.whole = whole
    self.words = words
  }

  /// Whether two summaries say the same.
  public static func == (a: ColumnSummary, b: ColumnSummary) -> Bool {
    a.rows == b.rows && a.statistics == b.statistics && a.whole == b.whole && a.words == b.words
  }

  /// The numbers go into the hash.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rows)
    hasher.combine(statistics)
  }
}

/// The least, greatest, first and last of the whole numbers that are not missing.
public struct WholeExtremes: Hashable, Sendable {
  /// The least and the greatest.
  public private(set) var min: Int64, max: Int64
  /// The first and the last.
  public private(set) var first: Int64, last: Int64

  /// Those of one number.
  init(_ value: Int64) {
    min = value
    max = value
    first = value
    last = value
  }

  /// Takes up the next number.
  mutating func add(_ value: Int64) {
    min = Swift.min(min, value)
    max = Swift.max(max, value)
    last = value
  }
}

/// The different texts of a column, counted up to ``most``.
public struct DistinctWords: Hashable, Sendable {
  /// Beyond this many different texts they are not counted on.
  public static let most = 65_536
  /// Texts kept in the order of appearance.
  private static let kept = 100

  private var seen: Set<String> = []
  private var isFull = false
  private var last: String?
  /// The first of them, at most a hundred.
  public private(set) var first: [String] = []

  /// None so far.
  public init() {}

  /// How many there are; nil where there are more than ``most``.
  public var count: Int? { isFull ? nil : seen.count }

  /// Takes up the next text.
  public mutating func add(_ text: String) {
    guard !isFull, text != last else { return }
    last = text
    guard seen.insert(text).inserted else { return }
    if first.count < Self.kept { first.append(text) }
    if seen.count > Self.most {
      isFull = true
      seen = []
    }
  }
}

/// Makes the summary of a column from its pieces, in the order of the rows.
public struct ColumnFold {
  private var rows = 0
  private var statistics = StatisticsFold()
  private var isText = false
  private var isReal = false
  private var words = DistinctWords()
  private var whole: WholeExtremes?
  private var sum: Int64 = 0
  private var isTooLarge = false
  private var missing = 0

  /// No rows so far.
  public init() {}

  /// Whether any finite number was seen.
  public var hasNumbers: Bool { statistics.hasNumbers }

  /// Takes up the rows of the next piece.
  public mutating func add(_ column: Column) {
    rows += column.count
    switch column.values {
    case .real(let values):
      isReal = true
      statistics.add(values)
    case .integer(let values):
      if column.missing.count == 0 {
        for value in values { addWhole(value) }
      } else {
        for (row, value) in values.enumerated() where !column.missing.contains(row) {
          addWhole(value)
        }
        missing += column.missing.count
      }
      statistics.add(column.real ?? [])
    case .text(let cells):
      isText = true
      for (row, cell) in cells.enumerated() where !column.missing.contains(row) { words.add(cell) }
    case .category, .instant: break
    }
  }

  private mutating func addWhole(_ value: Int64) {
    let (next, overflow) = sum.addingReportingOverflow(value)
    isTooLarge = isTooLarge || overflow
    sum = next
    if whole == nil { whole = WholeExtremes(value) } else { whole?.add(value) }
  }

  /// The column with its summary in place of values; nil where the sum of its numbers overflows.
  public func summarised(_ column: Column) -> Column? {
    var column = column
    if isText {
      column.values = .text([])
      column.summary = ColumnSummary(rows: rows, words: words)
      return column
    }
    guard var found = statistics.statistics else { return nil }
    if !isReal {
      column.values = .integer([])
      if missing == 0, let whole, !isTooLarge,
        let exact = ColumnStatistics(whole: whole, sum: sum, count: rows)
      {
        found = exact
      }
    } else {
      column.values = .real([])
    }
    column.missing = MissingMask()
    column.summary = ColumnSummary(
      rows: rows, statistics: found, whole: isReal ? nil : whole)
    return column
  }
}
