internal import CKernels

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
    var wrapped: UInt64 = 0
    ck_whole_range(values, values.count, &low, &high, &wrapped)
    guard let sum = Self.sum(values, wrapped, low, high) else { return nil }
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

  /// The sum of whole numbers between `low` and `high`, known modulo 2⁶⁴; nil where it is too large.
  private static func sum(
    _ values: [Int64], _ wrapped: UInt64, _ low: Int64, _ high: Int64
  ) -> Int64? {
    let greatest = Int64(clamping: Swift.max(low.magnitude, high.magnitude))
    if !greatest.multipliedReportingOverflow(by: Int64(values.count)).overflow {
      return Int64(bitPattern: wrapped)
    }
    var sum: Int64 = 0
    for x in values {
      let (next, overflow) = sum.addingReportingOverflow(x)
      guard !overflow else { return nil }
      sum = next
    }
    return sum
  }
}
