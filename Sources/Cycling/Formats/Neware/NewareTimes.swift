internal import Bytes
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
    var filled = NewareFilled(count: count)
    var offset: Int64 = 0
    var longest: Int64 = 0
    var previous: Int64?
    var known = 0
    for entry in info.index.indices {
      guard let row = row(of: info.index[entry], from: filled.rows) else { continue }
      let next =
        entry + 1 < info.index.count
        ? self.row(after: info.index[entry + 1], from: row + 1) : (isCut ? row + 1 : count)
      let step = info.stepCount[entry]
      if let previous, previous != step {
        offset = offset &+ longest
        longest = 0
      }
      previous = step
      filled.skip(to: row)
      let rows = max(1, next - row)
      filled.append(info, entry, rows: rows, offset: offset, current, voltage)
      let (start, interval) = (info.stepTime[entry], info.interval[entry])
      longest = max(longest, start, start &+ interval &* Int64(rows - 1))
      known += rows
    }
    filled.skip(to: count)
    stepTime = filled.stepTime
    testTime = filled.testTime
    unixTime = filled.unixTime
    (chargeIn, chargeOut) = (filled.chargeIn, filled.chargeOut)
    (energyIn, energyOut) = (filled.energyIn, filled.energyOut)
    stepCount = filled.stepCount
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
    cycle = []
    step = []
    type = []
    for keyPath in [\Self.cycle, \Self.step, \Self.type] {
      self[keyPath: keyPath].reserveCapacity(count)
    }
    var lost = 0
    var row = 0
    while row < stepCount.count {
      let number = stepCount[row]
      var end = row + 1
      while end < stepCount.count, stepCount[end] == number { end += 1 }
      let isListed = number > 0 && number <= Int64(steps.cycle.count)
      if !isListed { lost += end - row }
      let entry = isListed ? Int(number) - 1 : 0
      cycle.append(
        contentsOf: repeatElement(isListed ? steps.cycle[entry] : Self.absent, count: end - row))
      step.append(
        contentsOf: repeatElement(isListed ? steps.step[entry] : Self.absent, count: end - row))
      type.append(
        contentsOf: repeatElement(isListed ? steps.type[entry] : Self.absent, count: end - row))
      row = end
    }
    return lost
  }
}

/// The series that run information gives, filled from the first record to the last.
private struct NewareFilled {
  var stepTime: [Double] = []
  var testTime: [Double] = []
  var unixTime: [Double] = []
  var chargeIn: [Double] = []
  var chargeOut: [Double] = []
  var energyIn: [Double] = []
  var energyOut: [Double] = []
  var stepCount: [Int64] = []

  var rows: Int { stepCount.count }

  init(count: Int) {
    stepTime = StoredRecords.room(for: count)
    testTime = StoredRecords.room(for: count)
    unixTime = StoredRecords.room(for: count)
    chargeIn = StoredRecords.room(for: count)
    chargeOut = StoredRecords.room(for: count)
    energyIn = StoredRecords.room(for: count)
    energyOut = StoredRecords.room(for: count)
    stepCount.reserveCapacity(count)
  }

  /// Leaves the records up to that row without values.
  mutating func skip(to row: Int) {
    let gap = row - rows
    guard gap > 0 else { return }
    let missing = repeatElement(Double.nan, count: gap)
    stepTime.append(contentsOf: missing)
    testTime.append(contentsOf: missing)
    unixTime.append(contentsOf: missing)
    chargeIn.append(contentsOf: missing)
    chargeOut.append(contentsOf: missing)
    energyIn.append(contentsOf: missing)
    energyOut.append(contentsOf: missing)
    stepCount.append(contentsOf: repeatElement(NewareSeries.absent, count: gap))
  }

  /// Appends the record of an entry and the ones that follow it up to the next entry.
  mutating func append(
    _ info: NewareMember.RunInfo, _ entry: Int, rows count: Int, offset: Int64,
    _ current: [Double], _ voltage: [Double]
  ) {
    let first = rows
    let (start, interval) = (info.stepTime[entry], info.interval[entry])
    let clock = info.unixTime[entry]
    for i in 0..<Int64(count) {
      let time = start &+ i &* interval
      stepTime.append(Double(time) / 1000)
      testTime.append(Double(offset &+ time) / 1000)
      unixTime.append(clock + Double(time &- start) / 1000)
    }
    stepCount.append(contentsOf: repeatElement(info.stepCount[entry], count: count))
    let (q0, q1) = (info.chargeIn[entry], info.chargeOut[entry])
    let (e0, e1) = (info.energyIn[entry], info.energyOut[entry])
    let dt = Double(interval) / 1000
    var charge = 0.0
    var energy = 0.0
    chargeIn.append(q0)
    chargeOut.append(q1)
    energyIn.append(e0)
    energyOut.append(e1)
    for i in (first + 1)..<max(first + 1, first + count) {
      let step = dt * current[i]
      charge += step
      energy += step * voltage[i]
      chargeIn.append(q0 + max(charge, 0) / 3600)
      chargeOut.append(q1 - min(charge, 0) / 3600)
      energyIn.append(e0 + max(energy, 0) / 3600)
      energyOut.append(e1 - min(energy, 0) / 3600)
    }
  }
}
