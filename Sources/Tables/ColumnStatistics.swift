/// Statistics over the finite values of a column.
public struct ColumnStatistics: Hashable, Sendable {
  /// Finite values.
  public var count = 0
  /// The rest.
  public var missing = 0
  /// The least, greatest, mean, first and last finite value; nil where there is none.
  public var min: Double?, max: Double?, mean: Double?, first: Double?, last: Double?

  /// The statistics of a series; the mean is the compensated (Neumaier) sum over the count.
  public init(_ values: [Double]) {
    if values.count >= Self.long, let whole = ColumnStatistics(finite: values) {
      self = whole
      return
    }
    var low = Double.infinity
    var high = -Double.infinity
    var sum = 0.0
    var compensation = 0.0
    for x in values {
      guard x.isFinite else { continue }
      if count == 0 { first = x }
      last = x
      count += 1
      low = Swift.min(low, x)
      high = Swift.max(high, x)
      let t = sum + x
      compensation += abs(sum) >= abs(x) ? (sum - t) + x : (x - t) + sum
      sum = t
    }
    missing = values.count - count
    if count > 0 {
      min = low
      max = high
      let total = sum + compensation
      // A sum may overflow where the mean does not.
      mean =
        total.isFinite
        ? total / Double(count)
        : values.reduce(0) { $1.isFinite ? $0 + $1 / Double(count) : $0 }
    }
  }

  /// Series from this length on are summed in lanes.
  private static let long = 4096

  /// The statistics of a long series without a non-finite value; nil where it has one.
  ///
  /// Eight sums run beside each other, each with its rounding errors (Knuth's TwoSum), and are joined
  /// in their order: the same bits on every machine, in a fraction of the time of one sum.
  private init?(finite values: [Double]) {
    typealias Lanes = SIMD8<Double>
    var low = Lanes(repeating: .infinity)
    var high = Lanes(repeating: -.infinity)
    var sum = Lanes.zero
    var compensation = Lanes.zero
    // Stays zero where all values are finite.
    var probe = Lanes.zero
    let whole = values.count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      let x = Lanes(
        values[i], values[i + 1], values[i + 2], values[i + 3], values[i + 4], values[i + 5],
        values[i + 6], values[i + 7])
      probe += x - x
      low.replace(with: x, where: x .< low)
      high.replace(with: x, where: x .> high)
      let t = sum + x
      let part = t - sum
      compensation += (sum - (t - part)) + (x - part)
      sum = t
    }
    guard (0..<8).allSatisfy({ probe[$0] == 0 }) else { return nil }
    var total = 0.0
    var rest = 0.0
    func add(_ x: Double) {
      let t = total + x
      rest += abs(total) >= abs(x) ? (total - t) + x : (x - t) + total
      total = t
    }
    for lane in 0..<8 { add(sum[lane]) }
    for lane in 0..<8 { rest += compensation[lane] }
    var least = low.min()
    var greatest = high.max()
    for x in values[whole...] {
      guard x.isFinite else { return nil }
      least = Swift.min(least, x)
      greatest = Swift.max(greatest, x)
      add(x)
    }
    guard (total + rest).isFinite else { return nil }
    count = values.count
    // Of two zeroes with different signs the first is the least, the last the greatest.
    min = least == 0 ? values.first { $0 == 0 } : least
    max = greatest == 0 ? values.last { $0 == 0 } : greatest
    mean = (total + rest) / Double(values.count)
    first = values.first
    last = values.last
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
    // Beyond 2^53 a Double does not hold every whole number.
    let limit: Int64 = 1 << 53
    guard !isTooLarge, low > -limit, high < limit else { return nil }
    count = values.count
    min = Double(low)
    max = Double(high)
    mean = Double(sum) / Double(values.count)
    first = Double(start)
    last = values.last.map { Double($0) }
  }
}
