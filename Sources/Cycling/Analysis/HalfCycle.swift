/// Consecutive runs of one sign with only rests between them, and what was measured in them.
///
/// Volts, amperes, seconds, coulombs, joules; voltages carry their sign, amounts do not.
public struct HalfCycle: Sendable, Codable {
  /// +1 or −1, the sign of the current.
  public var sign: Double
  /// Position of its runs among those of the log.
  var runs: Range<Int>
  /// First and last record, positions in the arrays.
  var first: Int, last: Int
  /// Records under load.
  public var records = 0
  /// Start and end on the clock of the test, and the time under load, s.
  public var start = 0.0, end = 0.0, duration = 0.0
  /// The mean of |I|, weighted with time.
  public var current = 0.0
  /// Charge and energy, by the file's counters where it has them.
  public var charge = 0.0, energy = 0.0
  /// The charge by the integral of the current.
  public var integratedCharge = 0.0
  /// Whether the charge comes from the file's counters.
  public var isCounted = false
  /// Whether the counter of the other direction ran.
  var isOpposite = false
  /// Mean, median and plateau of the voltage, weighted with time.
  public var mean = 0.0, median = 0.0, plateau = 0.0
  /// The voltage of the first and the last used record.
  public var firstVoltage = 0.0, lastVoltage = 0.0
  /// The greatest voltage in the direction of the current while the half cycle settles.
  public var peak = 0.0
  /// Peak over plateau; nil where it is within the noise.
  public var nucleation: Double?
  /// The standard deviation about a line over the middle; nil below four records.
  public var noise: Double?
  /// The ohmic drop over the change of current, Ω; nil without a record in time.
  public var resistance: Double?
  /// The standard uncertainty of the mean from the noise alone; nil without a noise.
  public var meanU: Double?
  /// The effective number of independent records behind it, and behind the plateau.
  var effectiveCount = 1.0, plateauCount = 1.0
  /// The cycle it belongs to, from 0; nil where it stays unpaired.
  public var cycle: Int?
}

/// Groups runs into half cycles and measures each in two passes over its records.
struct HalfCycleReader {
  let records: CyclingRecords
  let runs: [LoadRun]
  let restCurrent: Double
  let options: CyclingOptions
  private var all = MedianSelector()
  private var middle = MedianSelector()

  init(_ records: CyclingRecords, _ load: LoadRuns, options: CyclingOptions) {
    self.records = records
    runs = load.runs
    restCurrent = load.restCurrent
    self.options = options
  }

  /// All half cycles in time order.
  mutating func read() -> [HalfCycle] {
    var result: [HalfCycle] = []
    var start = 0
    while start < runs.count {
      var end = start + 1
      while end < runs.count, runs[end].sign == runs[start].sign { end += 1 }
      var half = HalfCycle(
        sign: runs[start].sign, runs: start..<end, first: runs[start].first,
        last: runs[end - 1].last)
      measure(&half)
      result.append(half)
      start = end
    }
    return result
  }

  private mutating func measure(_ half: inout HalfCycle) {
    let time = records.time
    let voltage = records.voltage
    let current = records.current
    half.start = time[half.first]
    half.end = time[half.last]
    var load = 0.0
    var loadVoltage = 0.0
    var plainVoltage = 0.0
    var used = 0
    var chargeSum = 0.0
    var energySum = 0.0
    var currentTime = 0.0
    var currentSum = 0.0
    for run in runs[half.runs] {
      half.records += run.last - run.first + 1
      // Charge and energy over the whole run, the voltage over its used records.
      var i = run.first
      while i < run.last {
        let dt = max(0, time[i + 1] - time[i])
        let a = current[i]
        let b = current[i + 1]
        chargeSum += 0.5 * (a + b) * dt
        energySum += 0.5 * (voltage[i] * a + voltage[i + 1] * b) * dt
        currentTime += dt
        i += 1
      }
      currentSum += abs(current[run.first])
      let gap = gap(before: run)
      chargeSum += current[run.first] * gap
      energySum += current[run.first] * voltage[run.first] * gap
      i = run.used
      while i < run.last {
        let dt = max(0, time[i + 1] - time[i])
        load += dt
        loadVoltage += 0.5 * (voltage[i] + voltage[i + 1]) * dt
        plainVoltage += voltage[i]
        i += 1
      }
      plainVoltage += voltage[run.last]
      used += run.last - run.used + 1
    }
    half.duration = currentTime
    half.integratedCharge = abs(chargeSum)
    half.charge = half.integratedCharge
    half.energy = abs(energySum)
    half.mean = load > 0 ? loadVoltage / load : plainVoltage / Double(max(1, used))
    if let counted = records.charge.count(runs[half.runs], sign: half.sign) {
      half.charge = counted.amount
      half.isCounted = true
      half.isOpposite = counted.isOpposite
    }
    if let counted = records.energy.count(runs[half.runs], sign: half.sign) {
      half.energy = counted.amount
    }
    half.current = meanCurrent(half, time: currentTime, plain: currentSum)
    if let run = runs[half.runs].first { half.firstVoltage = voltage[run.used] }
    half.lastVoltage = voltage[half.last]
    half.resistance = ohmicDrop(half)
    measureVoltage(&half, load: load, used: used)
  }

  /// The mean of |I| over the runs; of their first records where they last no time.
  private func meanCurrent(_ half: HalfCycle, time load: Double, plain: Double) -> Double {
    guard load > 0 else { return plain / Double(max(1, half.runs.count)) }
    let time = records.time
    let current = records.current
    var sum = 0.0
    for run in runs[half.runs] {
      var i = run.first
      while i < run.last {
        sum += 0.5 * (current[i] + current[i + 1]) * max(0, time[i + 1] - time[i])
        i += 1
      }
    }
    return abs(sum) / load
  }

  /// The time before a run in which its current flowed already: at most 2.5 median intervals.
  private func gap(before run: LoadRun) -> Double {
    guard run.first > 0, run.last > run.first else { return 0 }
    let time = records.time
    let gap = time[run.first] - time[run.first - 1]
    guard gap > 0 else { return 0 }
    // The median interval is at least gap/2.5 where half of the intervals are.
    let least = gap / 2.5
    var wide = 0
    for i in run.first..<run.last where time[i + 1] - time[i] >= least { wide += 1 }
    return 2 * wide >= run.last - run.first ? gap : 0
  }

  private func ohmicDrop(_ half: HalfCycle) -> Double? {
    let before = half.first - 1
    guard before >= 0, !records.breaks.contains(half.first) else { return nil }
    let time = records.time
    var z: Int?
    var i = half.first
    while i <= half.last, time[i] - time[before] <= options.ohmicWindow {
      z = i
      i += 1
    }
    guard let z, time[z] >= time[before] else { return nil }
    let change = abs(records.current[z] - records.current[before])
    guard change > restCurrent, change > 0 else { return nil }
    return abs(records.voltage[z] - records.voltage[before]) / change
  }

  /// Medians, plateau, peak, noise and what follows from them.
  private mutating func measureVoltage(_ half: inout HalfCycle, load: Double, used: Int) {
    let time = records.time
    let voltage = records.voltage
    all.clear()
    middle.clear()
    let low = 0.25 * load
    let high = 0.75 * load
    let settled = options.settle * load
    var peak = -Double.infinity
    var line = LineSums()
    var passed = 0.0
    for run in runs[half.runs] {
      var before = 0.0
      for i in run.used...run.last {
        let after = i < run.last ? max(0, time[i + 1] - time[i]) : 0
        let v = voltage[i]
        let weight = 0.5 * (before + after)
        all.add(v, weight: weight)
        if passed <= settled { peak = max(peak, half.sign * v) }
        if passed >= low, passed <= high {
          middle.add(v, weight: weight)
          line.add(passed, v)
        }
        passed += after
        before = after
      }
    }
    half.peak = peak.isFinite ? peak : half.sign * half.firstVoltage
    half.median = all.weightedMedian() ?? half.mean
    half.plateau = middle.count > 0 ? middle.weightedMedian() ?? half.median : half.median
    guard line.count >= 4 else { return }
    line.finish()
    var squares = 0.0
    var neighbours = 0.0
    var last = 0.0
    passed = 0
    for run in runs[half.runs] {
      for i in run.used...run.last {
        let after = i < run.last ? max(0, time[i + 1] - time[i]) : 0
        if passed >= low, passed <= high {
          let r = voltage[i] - line.value(passed)
          squares += r * r
          neighbours += r * last
          last = r
        }
        passed += after
      }
    }
    let noise = (squares / Double(line.count - 2)).squareRoot()
    half.noise = noise
    let r = squares > 0 ? min(0.98, max(0, neighbours / squares)) : 0
    let share = (1 - r) / (1 + r)
    half.effectiveCount = max(1, Double(used) * share)
    half.plateauCount = max(1, Double(line.count) * share)
    half.meanU = noise / half.effectiveCount.squareRoot()
    let excess = half.peak - abs(half.plateau)
    // A trace without noise still has the digits of its numbers.
    if excess > 5 * noise, excess > 1e-9 { half.nucleation = excess }
  }
}

/// The sums of a straight line by least squares, taken about the first point.
private struct LineSums {
  var count = 0
  private var x0 = 0.0, y0 = 0.0
  private var sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0
  private var slope = 0.0, intercept = 0.0

  mutating func add(_ x: Double, _ y: Double) {
    if count == 0 {
      x0 = x
      y0 = y
    }
    let dx = x - x0
    let dy = y - y0
    count += 1
    sx += dx
    sy += dy
    sxx += dx * dx
    sxy += dx * dy
  }

  mutating func finish() {
    let n = Double(count)
    let spread = sxx - sx * sx / n
    slope = spread > 0 ? (sxy - sx * sy / n) / spread : 0
    intercept = (sy - slope * sx) / n
  }

  func value(_ x: Double) -> Double { y0 + intercept + slope * (x - x0) }
}
