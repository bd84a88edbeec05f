/// How long a cell lived: to its first failure, or to the end of the log.
public struct CellLifetime: Sendable, Codable {
  /// From the first record under load, s.
  public var time: Double
  /// The standard uncertainty from the sampling, s; nil for a censored one.
  public var u: Double?
  /// Whether the cell still lived when the log ended.
  public var isCensored: Bool
  /// What ended it; nil where it is censored.
  public var endedBy: CellEvent.Kind?
  /// Whole cycles up to then.
  public var cycles: Int
}

/// The product-limit estimate of survival.
///
/// E. L. Kaplan, P. Meier, J. Am. Stat. Assoc. 53 (1958) 457.
public struct SurvivalCurve: Sendable {
  /// Times at which cells failed, in order.
  public private(set) var times: [Double] = []
  /// Cells at risk right before each of them.
  public private(set) var atRisk: [Int] = []
  /// The part that survives each of them.
  public private(set) var surviving: [Double] = []

  /// The estimate from lifetimes; a censored one counts as at risk up to its time, inclusive.
  public init(_ lifetimes: [(time: Double, isCensored: Bool)]) {
    let sorted = lifetimes.sorted { $0.time < $1.time }
    var survival = 1.0
    var i = 0
    while i < sorted.count {
      let time = sorted[i].time
      var failed = 0
      var j = i
      while j < sorted.count, sorted[j].time == time {
        if !sorted[j].isCensored { failed += 1 }
        j += 1
      }
      if failed > 0 {
        let risk = sorted.count - i
        survival *= 1 - Double(failed) / Double(risk)
        times.append(time)
        atRisk.append(risk)
        surviving.append(survival)
      }
      i = j
    }
  }

  /// The first time at which at most half survive; nil where it is not reached.
  public var median: Double? {
    zip(times, surviving).first { $0.1 <= 0.5 + 1e-12 }?.0
  }
}

/// The slope of the median of all slopes, with its standard uncertainty.
///
/// H. Theil (1950); P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379. Beyond 1200 points neighbours are
/// joined first.
struct TheilSen {
  var slope: Double
  var u: Double?

  init?(_ x: [Double], _ y: [Double]) {
    var x = x
    var y = y
    let most = 1200
    if x.count > most {
      let group = (x.count + most - 1) / most
      func joined(_ v: [Double]) -> [Double] {
        stride(from: 0, to: v.count, by: group).map { i in
          let part = v[i..<min(i + group, v.count)]
          return part.reduce(0, +) / Double(part.count)
        }
      }
      (x, y) = (joined(x), joined(y))
    }
    var selector = MedianSelector()
    var pairs = 0
    for i in x.indices {
      for j in x.indices[(i + 1)...] where x[j] != x[i] {
        selector.add((y[j] - y[i]) / (x[j] - x[i]))
        pairs += 1
      }
    }
    guard pairs > 0, let slope = selector.plainMedian() else { return nil }
    self.slope = slope
    let n = Double(x.count)
    guard n >= 4 else { return }
    // One standard deviation of Kendall's sum, counted off the middle of the sorted slopes.
    let width = (n * (n - 1) * (2 * n + 5) / 18).squareRoot() / Double(pairs) / 2
    if let low = selector.quantile(0.5 - width), let high = selector.quantile(0.5 + width) {
      u = (high - low) / 2
    }
  }
}
