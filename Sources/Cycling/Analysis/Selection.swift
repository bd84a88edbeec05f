/// Medians by selection, with buffers that are used again: linear time, no sorting of whole logs.
struct MedianSelector {
  private var values: [Double] = []
  private var weights: [Double] = []
  private var total = 0.0

  /// Starts a new collection.
  mutating func clear() {
    values.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    total = 0
  }

  /// How many values were added.
  var count: Int { values.count }

  /// Adds a value; weights below zero count as zero.
  mutating func add(_ value: Double, weight: Double = 1) {
    values.append(value)
    let weight = weight > 0 ? weight : 0
    weights.append(weight)
    total += weight
  }

  /// The smallest value at which half of the weight is reached; nil for no value.
  ///
  /// Without any weight all values count alike. The collection is rearranged.
  mutating func weightedMedian() -> Double? {
    guard !values.isEmpty else { return nil }
    if !(total > 0) {
      for i in weights.indices { weights[i] = 1 }
      total = Double(values.count)
    }
    return value(atWeight: total / 2)
  }

  /// The median with equal weights, the mean of the two middle values for an even count.
  mutating func plainMedian() -> Double? {
    let n = values.count
    guard n > 0 else { return nil }
    for i in weights.indices { weights[i] = 1 }
    total = Double(n)
    guard let low = value(atWeight: Double((n + 1) / 2)) else { return nil }
    if n % 2 == 1 { return low }
    guard let high = value(atWeight: Double(n / 2 + 1)) else { return nil }
    return (low + high) / 2
  }

  /// A quantile with equal weights, linear between the order statistics.
  mutating func quantile(_ p: Double) -> Double? {
    let n = values.count
    guard n > 0 else { return nil }
    for i in weights.indices { weights[i] = 1 }
    total = Double(n)
    let position = min(max(p, 0), 1) * Double(n - 1)
    let rank = position.rounded(.down)
    guard let low = value(atWeight: rank + 1) else { return nil }
    let part = position - rank
    guard part > 0, let high = value(atWeight: rank + 2) else { return low }
    return low + part * (high - low)
  }

  /// The smallest value up to which the weights sum up to `wanted`.
  private mutating func value(atWeight wanted: Double) -> Double? {
    var low = 0
    var high = values.count - 1
    var below = 0.0
    var rounds = 0
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    while low < high {
      rounds += 1
      if rounds > 96 { return sorted(low...high, below: below, wanted: wanted) }
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let span = UInt64(high - low + 1)
      let pivot = values[low + Int((seed >> 33) % span)]
      var less = 0.0
      var equal = 0.0
      var i = low
      var lowEnd = low
      var highStart = high
      while i <= highStart {
        let v = values[i]
        if v < pivot {
          less += weights[i]
          if i != lowEnd {
            values.swapAt(i, lowEnd)
            weights.swapAt(i, lowEnd)
          }
          lowEnd += 1
          i += 1
        } else if v > pivot {
          values.swapAt(i, highStart)
          weights.swapAt(i, highStart)
          highStart -= 1
        } else {
          equal += weights[i]
          i += 1
        }
      }
      if below + less >= wanted, lowEnd > low {
        high = lowEnd - 1
      } else if below + less + equal >= wanted || highStart == high {
        return pivot
      } else {
        below += less + equal
        low = highStart + 1
      }
    }
    return values.indices.contains(low) ? values[low] : nil
  }

  /// The way out for data that defeat the pivots.
  private func sorted(_ range: ClosedRange<Int>, below: Double, wanted: Double) -> Double? {
    let order = range.sorted { values[$0] < values[$1] }
    var sum = below
    for i in order {
      sum += weights[i]
      if sum >= wanted { return values[i] }
    }
    return order.last.map { values[$0] }
  }
}
