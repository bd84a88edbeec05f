internal import CKernels

/// Makes the statistics of a series from its pieces: the same bits however it is cut.
///
/// From ``long`` values on eight sums run beside each other, each with its rounding errors (Knuth's
/// TwoSum), and are joined in their order; a value belongs to the sum of its row's remainder by eight.
/// Shorter series have one compensated sum (Neumaier).
public struct StatisticsFold: Sendable {
  typealias Lanes = SIMD8<Double>

  /// Series from this length on are summed in lanes.
  private static let long = 4096

  private var rows = 0
  private var finite = 0
  private var first: Double?
  private var last: Double?

  private var low = Lanes(repeating: .infinity)
  private var high = Lanes(repeating: -.infinity)
  private var sum = Lanes.zero
  private var compensation = Lanes.zero
  /// Values that wait for the rest of their eight.
  private var waiting = Lanes.zero
  private var waitingCount = 0

  /// One sum, for short series.
  private var plain = 0.0
  private var plainRest = 0.0

  /// Of two zeroes with different signs the first is the least, the last the greatest.
  private var firstZero: Double?
  private var lastZero: Double?

  /// No values so far.
  public init() {}

  /// Whether any finite value was seen.
  var hasNumbers: Bool { first != nil }

  /// Whether all values are finite.
  static func areFinite(_ values: [Double]) -> Bool {
    // Stays zero where all values are finite.
    var probe = 0.0
    for x in values { probe += x - x }
    return probe == 0
  }

  /// The statistics of a long series; nil for a short one, and where their sum is beyond the range.
  static func ofLong(_ values: [Double]) -> ColumnStatistics? {
    guard values.count >= long else { return nil }
    var fold = StatisticsFold()
    fold.add(values)
    return fold.statistics
  }

  /// Takes up the next values.
  public mutating func add(_ values: [Double]) {
    guard !values.isEmpty else { return }
    rows += values.count
    // A series that has become long never asks for this sum again.
    if rows < Self.long { for x in values where x.isFinite { addPlain(x) } }
    var i = 0
    while i < values.count, waitingCount > 0 {
      wait(values[i])
      i += 1
    }
    i += addGroups(values, from: i)
    while i < values.count {
      wait(values[i])
      i += 1
    }
    note(values)
  }

  private mutating func addPlain(_ x: Double) {
    let t = plain + x
    plainRest += abs(plain) >= abs(x) ? (plain - t) + x : (x - t) + plain
    plain = t
  }

  private mutating func wait(_ x: Double) {
    waiting[waitingCount] = x
    waitingCount += 1
    if waitingCount == 8 {
      waitingCount = 0
      addGroup(waiting)
    }
  }

  private mutating func addGroup(_ x: Lanes) {
    let isFinite = (x - x) .== 0
    let known = Lanes.zero.replacing(with: x, where: isFinite)
    for lane in 0..<8 where isFinite[lane] { finite += 1 }
    low.replace(with: x, where: isFinite .& (x .< low))
    high.replace(with: x, where: isFinite .& (x .> high))
    let t = sum + known
    let part = t - sum
    compensation += (sum - (t - part)) + (known - part)
    sum = t
  }

  /// Takes up whole groups of eight; gives the values taken.
  private mutating func addGroups(_ values: [Double], from start: Int) -> Int {
    let groups = (values.count - start) / 8
    guard groups > 0 else { return 0 }
    var state: [Double] = []
    for lanes in [low, high, sum, compensation] { for lane in 0..<8 { state.append(lanes[lane]) } }
    ck_series_lanes(values, start, groups, &state)
    // The rounding errors of a sum with a value that is not finite are not finite either.
    if state[24...].allSatisfy(\.isFinite) {
      low = Lanes(state[..<8])
      high = Lanes(state[8..<16])
      sum = Lanes(state[16..<24])
      compensation = Lanes(state[24...])
      finite += 8 * groups
      return 8 * groups
    }
    var i = start
    while i < start + 8 * groups {
      addGroup(
        Lanes(
          values[i], values[i + 1], values[i + 2], values[i + 3], values[i + 4], values[i + 5],
          values[i + 6], values[i + 7]))
      i += 8
    }
    return 8 * groups
  }

  /// Keeps the ends of what was taken up, and the zeroes that may be its extremes.
  private mutating func note(_ values: [Double]) {
    if first == nil { first = values.first { $0.isFinite } }
    if let end = values.last(where: { $0.isFinite }) { last = end }
    let (least, greatest) = extremes
    if firstZero == nil, least == 0 { firstZero = values.first { $0 == 0 } }
    if greatest == 0, let zero = values.last(where: { $0 == 0 }) { lastZero = zero }
  }

  private var extremes: (least: Double, greatest: Double) {
    var least = low.min()
    var greatest = high.max()
    for lane in 0..<waitingCount where waiting[lane].isFinite {
      least = Swift.min(least, waiting[lane])
      greatest = Swift.max(greatest, waiting[lane])
    }
    return (least, greatest)
  }

  private var total: Double {
    if rows < Self.long { return plain + plainRest }
    var total = 0.0
    var rest = 0.0
    func add(_ x: Double) {
      let t = total + x
      rest += abs(total) >= abs(x) ? (total - t) + x : (x - t) + total
      total = t
    }
    for lane in 0..<8 { add(sum[lane]) }
    for lane in 0..<8 { rest += compensation[lane] }
    for lane in 0..<waitingCount where waiting[lane].isFinite { add(waiting[lane]) }
    return total + rest
  }

  /// All but the mean.
  var withoutMean: ColumnStatistics {
    var result = ColumnStatistics()
    result.count = finite
    for lane in 0..<waitingCount where waiting[lane].isFinite { result.count += 1 }
    result.missing = rows - result.count
    guard result.count > 0 else { return result }
    let (least, greatest) = extremes
    result.min = least == 0 ? firstZero ?? 0 : least
    result.max = greatest == 0 ? lastZero ?? 0 : greatest
    result.first = first
    result.last = last
    return result
  }

  /// The statistics of all values; nil where their sum is beyond the range of numbers.
  public var statistics: ColumnStatistics? {
    var result = withoutMean
    guard result.count > 0 else { return result }
    let total = total
    guard total.isFinite else { return nil }
    result.mean = total / Double(result.count)
    return result
  }
}
