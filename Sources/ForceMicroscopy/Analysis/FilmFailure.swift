/// One abrupt fall of the force.
struct ForceDrop: Hashable, Sendable {
  /// The last row before the fall.
  var index: Int
  /// The lowest row of the fall.
  var end: Int
  /// Force before the fall and at its lowest.
  var before: Double, after: Double
  /// The fall over the running maximum, and the rest over the running maximum.
  var by: Double, to: Double
}

/// Finds abrupt falls of the force in an approach.
enum FilmFailure {
  /// All falls of at least a tenth of the running maximum.
  ///
  /// Only where the force exceeds 10 × noise and 10 % of its maximum; a fall is abrupt when it ends
  /// within 1 % of the points, at least 5, and the mean level of five points falls with it.
  static func drops(_ force: [Double], noise: Double) -> [ForceDrop] {
    let n = force.count
    guard n > 10, let peak = force.max(), peak > 0 else { return [] }
    let window = max(5, n / 100)
    let floor = max(10 * noise, 0.1 * peak)
    var result: [ForceDrop] = []
    var running = -Double.infinity
    var i = 0
    while i < n {
      running = max(running, force[i])
      defer { i += 1 }
      guard running > floor, i + 1 < n, force[i] > 0.1 * running else { continue }
      // A fall starts here where the next point is much lower and the level is not reached again
      // within the window.
      let end = min(n - 1, i + window)
      var low = i + 1
      for j in (i + 1)...end where force[j] < force[low] { low = j }
      let fall = force[i] - force[low]
      guard fall >= 0.1 * running, fall > 6 * noise else { continue }
      // The last row before the steepest step of this window.
      var start = i
      var steepest = 0.0
      for j in i..<low where force[j] - force[j + 1] > steepest {
        steepest = force[j] - force[j + 1]
        start = j
      }
      guard steepest >= 0.3 * fall else { continue }
      for j in i...start { running = max(running, force[j]) }
      let bottomEnd = min(n - 1, start + window)
      low = start + 1
      for j in (start + 1)...bottomEnd where force[j] < force[low] { low = j }
      let before = force[start]
      let after = force[low]
      // One low point of a noisy curve is no fall: the level itself must have fallen.
      guard level(force, endingAt: start) - level(force, startingAt: low) >= 0.6 * (before - after)
      else { continue }
      result.append(
        ForceDrop(
          index: start, end: low, before: before, after: after,
          by: (before - after) / running, to: after / running))
      i = low
    }
    return result
  }

  /// The mean of the five points up to a row.
  private static func level(_ force: [Double], endingAt row: Int) -> Double {
    let part = force[max(0, row - 4)...row]
    return part.reduce(0, +) / Double(part.count)
  }

  /// The mean of the five points from a row on.
  private static func level(_ force: [Double], startingAt row: Int) -> Double {
    let part = force[row...min(force.count - 1, row + 4)]
    return part.reduce(0, +) / Double(part.count)
  }

  /// The first fall that meets a rule.
  static func failure(_ drops: [ForceDrop], rule: FailureRule, percent: Double) -> ForceDrop? {
    drops.first { rule == .to ? $0.to <= percent / 100 : $0.by >= percent / 100 }
  }
}
