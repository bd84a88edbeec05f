/// Statistics over the finite values of a column.
public struct ColumnStatistics: Hashable, Sendable {
  /// Finite values.
  public var count = 0
  /// The rest.
  public var missing = 0
  /// The least, greatest, mean, first and last finite value; nil where there is none.
  public var min: Double?, max: Double?, mean: Double?, first: Double?, last: Double?

  /// No values.
  init() {}

  /// The statistics of a series; the mean is the compensated sum over the count.
  public init(_ values: [Double]) {
    var fold = StatisticsFold()
    fold.add(values)
    if let found = fold.statistics {
      self = found
      return
    }
    // The sum overflows where the mean does not.
    self = fold.withoutMean
    let count = Double(count)
    mean = values.reduce(0) { $1.isFinite ? $0 + $1 / count : $0 }
  }

  /// The statistics of whole numbers of which none is missing; nil where their sum is too large.
  init?(whole values: [Int64]) {
    guard let start = values.first else { return nil }
    var low = start
    var high = start
    var sum: Int64 = 0
    var isTooLarge = false
    for x in values {
      low = Swift.min(low, x)
      high = Swift.max(high, x)
      let (next, overflow) = sum.addingReportingOverflow(x)
      isTooLarge = isTooLarge || overflow
      sum = next
    }
    guard !isTooLarge else { return nil }
    self.init(low, high, start, values.last ?? start, sum, values.count)
  }

  /// The same from what was kept of them.
  init?(whole: WholeExtremes, sum: Int64, count: Int) {
    self.init(whole.min, whole.max, whole.first, whole.last, sum, count)
  }

  private init?(
    _ low: Int64, _ high: Int64, _ first: Int64, _ last: Int64, _ sum: Int64, _ count: Int
  ) {
    // Beyond 2^53 a Double does not hold every whole number.
    let limit: Int64 = 1 << 53
    guard low > -limit, high < limit else { return nil }
    self.count = count
    min = Double(low)
    max = Double(high)
    mean = Double(sum) / Double(count)
    self.first = Double(first)
    self.last = Double(last)
  }
}
