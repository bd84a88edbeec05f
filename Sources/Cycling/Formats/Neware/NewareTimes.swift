internal import Tables

extension NewareSeries {
  /// Joins times and charges, which only some records have, and fills the records between them.
  ///
  /// A record's own interval leads to the ones behind it: their times are sums of it, and their charges
  /// and energies the integrals of I dt and V I dt over the gap, added to the counter that runs.
  ///
  /// - Parameters:
  ///   - isCut: whether the end of the run information is lost: behind its last record nothing is known.
  /// - Returns: how many records have no time.
  mutating func join(_ info: NewareMember.RunInfo, isCut: Bool) -> Int {
    let missing = Array(repeating: Double.nan, count: count)
    var times = missing
    var seconds = missing
    unixTime = missing
    (chargeIn, chargeOut, energyIn, energyOut) = (missing, missing, missing, missing)
    stepCount = Array(repeating: Self.absent, count: count)
    var offset: Int64 = 0
    var longest: Int64 = 0
    var previous: Int64?
    var known = 0
    var searchFrom = 0
    for entry in info.index.indices {
      guard let row = row(of: info.index[entry], from: searchFrom) else { continue }
      searchFrom = row + 1
      let next =
        entry + 1 < info.index.count
        ? self.row(after: info.index[entry + 1], from: row + 1) : (isCut ? row + 1 : count)
      let step = info.stepCount[entry]
      if let previous, previous != step {
        offset = offset &+ longest
        longest = 0
      }
      previous = step
      let start = info.stepTime[entry]
      let interval = info.interval[entry]
      let (clock, dt) = (info.unixTime[entry], Double(interval) / 1000)
      let (q0, q1) = (info.chargeIn[entry], info.chargeOut[entry])
      let (e0, e1) = (info.energyIn[entry], info.energyOut[entry])
      var charge = 0.0
      var energy = 0.0
      var time = start
      for i in row..<max(row, next) {
        if i > row {
          time = time &+ interval
          charge += dt * current[i]
          energy += dt * current[i] * voltage[i]
        }
        times[i] = Double(time) / 1000
        seconds[i] = Double(offset &+ time) / 1000
        unixTime[i] = i == row ? clock : clock + Double(time &- start) / 1000
        chargeIn[i] = q0 + max(charge, 0) / 3600
        chargeOut[i] = q1 - min(charge, 0) / 3600
        energyIn[i] = e0 + max(energy, 0) / 3600
        energyOut[i] = e1 - min(energy, 0) / 3600
        stepCount[i] = step
        if time > longest { longest = time }
      }
      known += max(0, next - row)
    }
    stepTime = times
    testTime = seconds
    return count - known
  }

  /// The row of a record's number, at or behind `start`; nil where there is none.
  private func row(of number: Int64, from start: Int) -> Int? {
    let row = self.row(after: number, from: start)
    return row < count && index[row] == number ? row : nil
  }

  /// The first row at or behind `start` whose number is that or greater.
  private func row(after number: Int64, from start: Int) -> Int {
    // Nearly always the numbers are 1, 2, 3 …
    if number > 0, number <= Int64(count), index[Int(number) - 1] == number {
      return max(start, Int(number) - 1)
    }
    var low = start
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if index[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Joins cycle, step and kind of step by the running number of the step.
  ///
  /// - Returns: how many records belong to a step that is not listed.
  mutating func join(_ steps: NewareMember.Steps) -> Int {
    cycle = Array(repeating: Self.absent, count: count)
    step = cycle
    type = cycle
    var lost = 0
    for (row, number) in stepCount.enumerated() {
      guard number > 0, number <= Int64(steps.cycle.count) else {
        lost += 1
        continue
      }
      let entry = Int(number) - 1
      cycle[row] = steps.cycle[entry]
      step[row] = steps.step[entry]
      type[row] = steps.type[entry]
    }
    return lost
  }
}
