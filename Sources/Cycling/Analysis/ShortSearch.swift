/// What happened to a cell.
public struct CellEvent: Sendable, Codable {
  /// The kind of an event.
  public enum Kind: String, Hashable, Sendable, Codable {
    case hardShort = "hard_short"
    case softShort = "soft_short"
    case voltageDrop = "voltage_drop"
    case polarisation
  }

  /// The kind.
  public var kind: Kind
  /// The rule that found it.
  public var rule: String
  /// The half cycle, from 0.
  public var half: Int
  /// The record, its position in the arrays.
  public var record: Int
  /// Whether the log goes on long enough to confirm it in full.
  public var isConfirmed: Bool
  /// Its time on the clock of the test, s.
  public var time: Double
  /// The voltage before and after, V, without sign.
  public var before: Double, after: Double
  /// The fall as a fraction.
  public var drop: Double?
  /// The resistance right after, Ω.
  public var residualResistance: Double?
  /// When the voltage was back, s on the clock of the test.
  public var recoveredAt: Double?
}

/// Finds shorts and lasting drops of a symmetric cell.
struct ShortSearch {
  let records: CyclingRecords
  let runs: [LoadRun]
  let halves: [HalfCycle]
  let options: CyclingOptions
  /// Whether there were more soft shorts and drops than are listed.
  private(set) var isCut = false
  /// The greatest number of soft shorts and drops, and of records behind a reference.
  static let eventLimit = 500
  private static let windowLimit = 1000
  private var selector = MedianSelector()
  /// The lowest mean of three records from each record of a run on, made when it is first needed.
  private var lowestAfter: (first: Int, values: [Double])?
  private let plateaus: [Double]

  init(
    _ records: CyclingRecords, _ runs: [LoadRun], _ halves: [HalfCycle], options: CyclingOptions
  ) {
    self.records = records
    self.runs = runs
    self.halves = halves
    self.options = options
    plateaus = halves.map { abs($0.plateau) }
  }

  /// The plateau of a half cycle as it would at least be at another current: a smaller current alone
  /// is no collapse.
  private func plateau(_ half: Int, at current: Double) -> Double {
    let own = halves[half].current
    return own > 0 ? plateaus[half] * max(1, current / own) : plateaus[half]
  }

  /// Whether the current fell with the voltage.
  private func currentFell(_ k: Int) -> Bool {
    abs(records.current[k]) < 0.9 * abs(records.current[k - 4])
  }

  /// All events in time order; nothing is reported after a hard short.
  mutating func find() -> [CellEvent] {
    let inside = hardInside()
    let between = hardBetween(before: inside?.half ?? halves.count)
    var hard = inside
    if let between, between.half < (inside?.half ?? .max) { hard = between }
    var events = soft(before: hard?.record ?? records.count)
    if let hard {
      // The beginning of the collapse itself is no event of its own.
      events.removeAll { event in
        event.half == hard.half && event.kind == .voltageDrop
          && hard.time - event.time <= options.shortHold
      }
      events.append(hard)
    }
    return events
  }

  private func voltage(_ i: Int) -> Double { abs(records.voltage[i]) }

  // MARK: Between half cycles

  /// A collapse of the plateau that lasts: three half cycles, or two at the end of the log.
  private mutating func hardBetween(before limit: Int) -> CellEvent? {
    var i = 4
    while i < limit {
      let reference = previous(i)
      let wanted = i + 2 == halves.count ? 2 : 3
      let level = (1 - options.shortDrop) * reference
      let current = halves[max(0, i - 5)..<i].map { $0.current }.max() ?? 0
      if reference > 0, i + wanted <= halves.count,
        (i..<(i + wanted)).allSatisfy({ plateau($0, at: current) < level })
      {
        let watched = i..<min(i + 6, halves.count)
        if watched.allSatisfy({ plateau($0, at: current) < options.recovery * reference }) {
          let record = halves[i].first
          return CellEvent(
            kind: .hardShort, rule: "collapse_between_half_cycles", half: i, record: record,
            isConfirmed: watched.count == 6, time: records.time[record], before: reference,
            after: plateaus[i], drop: 1 - plateaus[i] / reference,
            residualResistance: residual(run: runs[halves[i].runs.lowerBound], from: record))
        }
      }
      i += 1
    }
    return nil
  }

  /// The median of the up to five plateaus before a half cycle; 0 for none.
  private mutating func previous(_ half: Int) -> Double {
    selector.clear()
    for k in max(0, half - 5)..<half { selector.add(plateaus[k]) }
    return selector.plainMedian() ?? 0
  }

  // MARK: Inside a half cycle

  private mutating func hardInside() -> CellEvent? {
    for half in halves.indices {
      for position in halves[half].runs {
        if let event = hard(runs[position], half: half) { return event }
      }
    }
    return nil
  }

  private mutating func hard(_ run: LoadRun, half: Int) -> CellEvent? {
    let keep = 1 - options.shortDrop
    var k = run.used + 5
    while k <= run.last {
      defer { k += 1 }
      let a = voltage(k)
      let high = max(voltage(k - 1), voltage(k - 2), voltage(k - 3))
      // Half of the fall within three records, of a reference of at least a/keep.
      guard high - a >= 0.5 * (a / max(keep, 1e-9) - a), high > a, !currentFell(k) else { continue }
      guard let reference = reference(k, run, from: run.used), a <= keep * reference,
        high - a >= 0.5 * (reference - a)
      else { continue }
      let level = keep * reference
      let earlier = previous(half)
      if half > 0, reference < 0.5 * earlier { continue }
      guard stays(below: level, from: k, run, isLast: half == halves.count - 1) else { continue }
      let next = (half + 1)..<min(half + 6, halves.count)
      let current = halves[half].current
      guard next.allSatisfy({ plateau($0, at: current) < level }) else { continue }
      return CellEvent(
        kind: .hardShort, rule: "collapse_inside_half_cycle", half: half, record: k,
        isConfirmed: next.count == 5, time: records.time[k], before: reference, after: a,
        drop: 1 - a / reference, residualResistance: residual(run: run, from: k))
    }
    return nil
  }

  /// The median of a over the window before a record, at least five records; nil where there are
  /// fewer in the run.
  private mutating func reference(_ k: Int, _ run: LoadRun, from start: Int) -> Double? {
    let time = records.time
    let begin = time[k] - options.shortWindow
    selector.clear()
    var i = k - 1
    while i >= start, time[i] >= begin || selector.count < 5, selector.count < Self.windowLimit {
      selector.add(voltage(i))
      i -= 1
    }
    return selector.count >= 5 ? selector.plainMedian() : nil
  }

  private func stays(below level: Double, from k: Int, _ run: LoadRun, isLast: Bool) -> Bool {
    let time = records.time
    var i = k
    while i <= run.last, time[i] - time[k] < options.shortHold || i < k + 3 {
      if voltage(i) > level { return false }
      i += 1
    }
    // A spike at the very end of the log is no short.
    return !isLast || i >= k + 3
  }

  /// Median voltage over median current right after a record.
  private mutating func residual(run: LoadRun, from k: Int) -> Double? {
    let time = records.time
    selector.clear()
    var i = k
    while i <= run.last, time[i] - time[k] < options.shortHold || i < k + 3 {
      selector.add(voltage(i))
      i += 1
    }
    let after = selector.plainMedian()
    let end = i
    selector.clear()
    for i in k..<end { selector.add(abs(records.current[i])) }
    guard let after, let current = selector.plainMedian(), current > 0 else { return nil }
    return after / current
  }

  // MARK: Soft shorts and lasting drops

  private mutating func soft(before limit: Int) -> [CellEvent] {
    var events: [CellEvent] = []
    var resume = 0
    for half in halves.indices {
      if halves[half].first >= limit { break }
      if events.count >= Self.eventLimit {
        isCut = true
        break
      }
      for position in halves[half].runs {
        let run = runs[position]
        if run.last < resume { continue }
        soft(run, half: half, limit: limit, resume: &resume, events: &events)
      }
    }
    return events
  }

  private mutating func soft(
    _ run: LoadRun, half: Int, limit: Int, resume: inout Int, events: inout [CellEvent]
  ) {
    let time = records.time
    let last = min(run.last, limit - 1)
    let settled = time[run.used] + options.settle * (time[run.last] - time[run.used])
    var start = max(run.used, resume)
    var k = start + 5
    var noise: Double?
    while k + 2 <= last, events.count < Self.eventLimit {
      defer { k += 1 }
      let a = voltage(k)
      let high = max(voltage(k - 1), voltage(k - 2), voltage(k - 3))
      let fall = high - a
      // Four fifths of a fall of at least the soft drop of its reference.
      guard fall >= 0.8 * options.softDrop / (1 - min(0.99, options.softDrop)) * a, fall > 0,
        time[k] >= settled, !currentFell(k), fall >= 3 * trend(before: k, run)
      else { continue }
      let sigma = noise ?? self.noise(of: run)
      noise = sigma
      guard fall >= 4 * sigma, let reference = reference(k, run, from: start) else { continue }
      let least = max(options.softDrop * reference, 5 * sigma)
      guard reference - a >= least, fall >= 0.8 * (reference - a),
        reference - voltage(k + 1) >= least, reference - voltage(k + 2) >= least
      else { continue }
      let lowest = lowest(from: k, to: last)
      let level = reference - (1 - options.recovery) * (reference - lowest)
      let back = recovery(level, from: k + 2, half: half, run: run, limit: limit)
      events.append(
        CellEvent(
          kind: back == nil ? .voltageDrop : .softShort,
          rule: back == nil ? "lasting_fall" : "recovered_fall", half: half, record: k,
          isConfirmed: back != nil || half + 5 < halves.count, time: time[k], before: reference,
          after: lowest, drop: 1 - lowest / reference,
          residualResistance: residual(run: run, from: k), recoveredAt: back.map { time[$0] }))
      // What follows is judged from the level after the fall, or after the recovery.
      start = back ?? k + 1
      resume = start
      if start > last { return }
      k = max(k, start + 4)
    }
  }

  /// How far the voltage fell over two records right before a possible fall: what goes on falling is
  /// a nucleation peak that decays, no short.
  private func trend(before k: Int, _ run: LoadRun) -> Double {
    var sum = 0.0
    var count = 0.0
    for i in max(run.used, k - 6)...(k - 4) {
      sum += voltage(i)
      count += 1
    }
    return sum / count - voltage(k - 3)
  }

  /// The noise of a run: 1.4826 MAD of the differences over √2, from at most 4096 of them.
  private mutating func noise(of run: LoadRun) -> Double {
    let n = run.last - run.used
    guard n > 1 else { return 0 }
    let step = max(1, n / 4096)
    selector.clear()
    for i in stride(from: run.used + 1, through: run.last, by: step) {
      selector.add(voltage(i) - voltage(i - 1))
    }
    let centre = selector.plainMedian() ?? 0
    selector.clear()
    for i in stride(from: run.used + 1, through: run.last, by: step) {
      selector.add(abs(voltage(i) - voltage(i - 1) - centre))
    }
    return 1.4826 * (selector.plainMedian() ?? 0) / 2.0.squareRoot()
  }

  /// The lowest mean of three records that follow each other, from k to the last record.
  private mutating func lowest(from k: Int, to last: Int) -> Double {
    if let made = lowestAfter, made.first <= k, k < made.first + made.values.count,
      made.first + made.values.count + 1 == last
    {
      return made.values[k - made.first]
    }
    guard k + 2 <= last else { return voltage(k) }
    var values = [Double](repeating: 0, count: last - 1 - k)
    var best = Double.infinity
    for i in stride(from: last - 2, through: k, by: -1) {
      best = min(best, (voltage(i) + voltage(i + 1) + voltage(i + 2)) / 3)
      values[i - k] = best
    }
    lowestAfter = (k, values)
    return best
  }

  /// The first of three records running that are back at a level, in this half cycle or the next five.
  private func recovery(
    _ level: Double, from start: Int, half: Int, run: LoadRun, limit: Int
  ) -> Int? {
    for h in half..<min(half + 6, halves.count) {
      for position in halves[h].runs {
        let r = runs[position]
        if h == half, r.last <= start { continue }
        var i = r.used
        if h == half, r.first == run.first {
          i = start
        } else {
          let time = records.time
          let settled = time[r.used] + options.settle * (time[r.last] - time[r.used])
          while i <= r.last, time[i] < settled { i += 1 }
        }
        var running = 0
        while i <= r.last, i < limit {
          running = voltage(i) >= level ? running + 1 : 0
          if running == 3 { return i - 2 }
          i += 1
        }
      }
    }
    return nil
  }
}
