/// Absorption against energy, ready for analysis: finite points in ascending order.
public struct AbsorptionScan: Hashable, Sendable {
  /// The energies in eV, ascending; equal ones may stand side by side.
  public var energy: [Double]
  /// The absorption, on any scale.
  public var mu: [Double]
  /// Rows that were left out because a number is missing or not finite.
  public var nonFinite = 0
  /// Steps of the file that go back in energy; the points are sorted.
  public var backwardSteps = 0
  /// Points at the energy of the point before them.
  public var repeatedEnergies = 0

  /// A scan from the rows of a file; a stable sort brings it into order.
  public init(energy: [Double], mu: [Double]) {
    let count = min(energy.count, mu.count)
    let rows = (0..<count).filter { energy[$0].isFinite && mu[$0].isFinite }
    nonFinite = count - rows.count
    for (a, b) in zip(rows, rows.dropFirst()) {
      if energy[b] < energy[a] { backwardSteps += 1 }
    }
    let order =
      backwardSteps == 0
      ? rows
      : rows.sorted { energy[$0] != energy[$1] ? energy[$0] < energy[$1] : $0 < $1 }
    self.energy = order.map { energy[$0] }
    self.mu = order.map { mu[$0] }
    for (a, b) in zip(self.energy, self.energy.dropFirst()) where a == b { repeatedEnergies += 1 }
  }

  /// The number of points.
  public var count: Int { energy.count }

  /// The last point at or below an energy; 0 where there is none.
  func last(upTo value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if energy[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  /// The point nearest to an energy, the first of equals.
  func nearest(to value: Double) -> Int {
    let above = energy.partition { $0 >= value }
    guard above > 0 else { return 0 }
    var best = above - 1
    if above < count, energy[above] - value < value - energy[best] { best = above }
    while best > 0, energy[best - 1] == energy[best] { best -= 1 }
    return best
  }

  /// So many points nearest to an energy, the lower one of equal distances.
  func nearest(_ wanted: Int, to value: Double) -> Range<Int> {
    var first = energy.partition { $0 >= value }
    var end = first
    while end - first < min(wanted, count) {
      let isLower =
        end == count || first > 0 && value - energy[first - 1] <= energy[end] - value
      if isLower { first -= 1 } else { end += 1 }
    }
    return first..<end
  }

  /// The points whose distance to an energy lies in a range.
  func points(_ range: ClosedRange<Double>, from centre: Double) -> Range<Int> {
    let first = energy.partition { $0 - centre >= range.lowerBound }
    return first..<max(first, energy.partition { $0 - centre > range.upperBound })
  }

  /// The same with points of equal energy moved apart, as larch does.
  ///
  /// A point closer than 0.0005 eV to the one before gets the amount added to that one and 0.0005 eV.
  func spread() -> AbsorptionScan {
    let tiny = 5e-4
    var result = self
    var added = 0.0
    for i in energy.indices.dropFirst() {
      added = energy[i] - energy[i - 1] < tiny ? added + tiny : 0
      result.energy[i] = energy[i] + added
    }
    return result
  }
}

extension [Double] {
  /// The first place of an ascending series from which a condition holds; the count where it never does.
  func partition(where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The places of an ascending series within a range.
  func points(in range: ClosedRange<Double>) -> Range<Int> {
    let first = partition { $0 >= range.lowerBound }
    return first..<Swift.max(first, partition { $0 > range.upperBound })
  }
}
