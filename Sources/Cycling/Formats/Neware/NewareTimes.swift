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
    var runs = NewareRuns()
    var offset: Int64 = 0
    var longest: Int64 = 0
    var previous: Int64?
    var known = 0
    for entry in info.index.indices {
      guard let row = row(of: info.index[entry], from: runs.rows) else { continue }
      let next =
        entry + 1 < info.index.count
        ? self.row(after: info.index[entry + 1], from: row + 1) : (isCut ? row + 1 : count)
      let step = info.stepCount[entry]
      if let previous, previous != step {
        offset = offset &+ longest
        longest = 0
      }
      previous = step
      runs.skip(to: row)
      let rows = max(1, next - row)
      runs.append(entry, rows: rows, offset: offset)
      let (start, interval) = (info.stepTime[entry], info.interval[entry])
      longest = max(longest, start, start &+ interval &* Int64(rows - 1))
      known += rows
    }
    runs.skip(to: count)
    fill(runs, info)
    return count - known
  }

  /// The series that run information gives, from the first record to the last.
  private mutating func fill(_ runs: NewareRuns, _ info: NewareMember.RunInfo) {
    let entries = runs.entries
    // A run without an entry has an interval of 0 and nothing to count from.
    func times(_ run: Int) -> (first: Int64, interval: Int64, unit: Double) {
      guard let entry = entries[run] else { return (0, 0, .nan) }
      return (info.stepTime[entry], info.interval[entry], 1000)
    }
    stepTime = LongSeries.make(stretches: runs.counts, times) {
      Double($0.first &+ Int64($1) &* $0.interval) / $0.unit
    }
    testTime = LongSeries.make(
      stretches: runs.counts,
      { run in
        let times = times(run)
        return (runs.offsets[run] &+ times.first, times.interval, times.unit)
      },
      { Double($0.0 &+ Int64($1) &* $0.1) / $0.2 })
    unixTime = LongSeries.make(
      stretches: runs.counts,
      { run in
        (clock: entries[run].map { info.unixTime[$0] } ?? .nan, interval: times(run).interval)
      },
      { $0.clock + Double(Int64($1) &* $0.interval) / 1000 })
    stepCount = LongSeries.make(
      stretches: runs.counts, { run in entries[run].map { info.stepCount[$0] } ?? Self.absent },
      { step, _ in step })
    counters(runs, info)
  }

  /// Charges and energies: those of the entry, and behind it the integrals added to them.
  private mutating func counters(_ runs: NewareRuns, _ info: NewareMember.RunInfo) {
    var run = -1
    var end = 0
    var base = SIMD4<Double>.zero
    var dt = 0.0
    var charge = 0.0
    var energy = 0.0
    let zero = SIMD4<Double>.zero
    (chargeIn, chargeOut, energyIn, energyOut) = LongSeries.makeFour(runs.rows) {
      [current, voltage] row in
      if row == end {
        run += 1
        end += runs.counts[run]
        (charge, energy) = (0, 0)
        guard let entry = runs.entries[run] else {
          base = SIMD4(repeating: .nan)
          return base
        }
        dt = Double(info.interval[entry]) / 1000
        base = SIMD4(
          info.chargeIn[entry], info.chargeOut[entry], info.energyIn[entry], info.energyOut[entry])
        return base
      }
      let step = dt * current[row]
      charge += step
      energy += step * voltage[row]
      let sums = SIMD4(charge, 0 - charge, energy, 0 - energy)
      return base + sums.replacing(with: zero, where: sums .< zero) / 3600
    }
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
    var lost = 0
    var row = 0
    var counts: [Int] = []
    var entries: [Int?] = []
    while row < stepCount.count {
      let number = stepCount[row]
      var end = row + 1
      while end < stepCount.count, stepCount[end] == number { end += 1 }
      let isListed = number > 0 && number <= Int64(steps.cycle.count)
      if !isListed { lost += end - row }
      counts.append(end - row)
      entries.append(isListed ? Int(number) - 1 : nil)
      row = end
    }
    func series(_ values: [Int64]) -> [Int64] {
      LongSeries.make(
        stretches: counts, { run in entries[run].map { values[$0] } ?? Self.absent },
        { value, _ in value })
    }
    cycle = series(steps.cycle)
    step = series(steps.step)
    type = series(steps.type)
    return lost
  }
}

/// Which records an entry of the run information leads, from the first record to the last.
private struct NewareRuns {
  /// The records of each run, and its entry; nil where there is none.
  private(set) var counts: [Int] = []
  private(set) var entries: [Int?] = []
  /// The time of the test at which the step of each run starts, in ms.
  private(set) var offsets: [Int64] = []
  private(set) var rows = 0

  /// Leaves the records up to that row without an entry.
  mutating func skip(to row: Int) {
    guard row > rows else { return }
    add(nil, row - rows, 0)
  }

  /// Adds the record of an entry and the ones that follow it up to the next entry.
  mutating func append(_ entry: Int, rows count: Int, offset: Int64) { add(entry, count, offset) }

  private mutating func add(_ entry: Int?, _ count: Int, _ offset: Int64) {
    counts.append(count)
    entries.append(entry)
    offsets.append(offset)
    rows += count
  }
}
