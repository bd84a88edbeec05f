internal import Tables
internal import Units

/// The counters of charge or energy of a file, in SI units.
struct ChargeCounters: Sendable {
  /// What was counted in a span of records.
  struct Count {
    /// The amount, without sign.
    var amount: Double
    /// Whether the counter of the other direction ran.
    var isOpposite = false
  }

  /// Counters of charging and discharging, that only grow between resets.
  var charging: [Double]?, discharging: [Double]?
  /// A signed counter.
  var net: [Double]?
  /// The amount of each record.
  var increment: [Double]?
  /// The columns that the numbers come from.
  var columns: [Column] = []

  /// No counter at all.
  init() {}

  /// The counters of charge of a table, the most direct ones first.
  init(chargeOf table: Table) {
    if take(increment: table["charge_increment"]) { return }
    for kind in ["", "schedule_", "step_"] {
      if take(pair: table["\(kind)charging_capacity"], table["\(kind)discharging_capacity"]) {
        return
      }
    }
    if let column = table["net_capacity"], let values = CyclingRecords.si(column) {
      net = values
      columns = [column]
    }
  }

  /// The counters of energy of a table.
  init(energyOf table: Table) {
    if take(increment: table["energy_increment"]) { return }
    for kind in ["", "schedule_", "step_"] {
      if take(pair: table["\(kind)charging_energy"], table["\(kind)discharging_energy"]) { return }
    }
  }

  private mutating func take(increment column: Column?) -> Bool {
    guard let column, let values = CyclingRecords.si(column) else { return false }
    increment = values
    columns = [column]
    return true
  }

  private mutating func take(pair first: Column?, _ second: Column?) -> Bool {
    guard let first, let second, let a = CyclingRecords.si(first),
      let b = CyclingRecords.si(second)
    else { return false }
    charging = a
    discharging = b
    columns = [first, second]
    return true
  }

  /// Whether there is any counter.
  var isEmpty: Bool { charging == nil && net == nil && increment == nil }

  /// Keeps the records at these rows.
  mutating func keep(_ rows: [Int32]) {
    func chosen(_ values: [Double]?) -> [Double]? {
      values.map { values in rows.map { Int($0) < values.count ? values[Int($0)] : .nan } }
    }
    charging = chosen(charging)
    discharging = chosen(discharging)
    net = chosen(net)
    increment = chosen(increment)
  }

  /// What ran between the record before `runs` and their last one; nil where nothing was counted.
  func count(_ runs: ArraySlice<LoadRun>, sign: Double) -> Count? {
    guard let first = runs.first?.first, let last = runs.last?.last else { return nil }
    if let increment {
      var sum = 0.0
      for run in runs {
        for i in run.first...run.last where i < increment.count && increment[i].isFinite {
          sum += abs(increment[i])
        }
      }
      return sum > 0 ? Count(amount: sum) : nil
    }
    if let net {
      let up = Self.growth(net, first...last, sign: 1, resets: false)
      let down = Self.growth(net, first...last, sign: -1, resets: false)
      return Self.chosen(sign > 0 ? up : down, sign > 0 ? down : up)
    }
    guard let charging, let discharging else { return nil }
    let up = Self.growth(charging, first...last, sign: 1, resets: true)
    let down = Self.growth(discharging, first...last, sign: 1, resets: true)
    return Self.chosen(sign > 0 ? up : down, sign > 0 ? down : up)
  }

  private static func chosen(_ own: Double, _ other: Double) -> Count? {
    if other > 10 * own { return Count(amount: other, isOpposite: true) }
    return own > 0 ? Count(amount: own) : nil
  }

  /// The sum of the positive increments; a counter that falls below half starts again from zero.
  private static func growth(
    _ values: [Double], _ range: ClosedRange<Int>, sign: Double, resets: Bool
  ) -> Double {
    var sum = 0.0
    let before = max(0, range.lowerBound - 1)
    guard before < values.count else { return 0 }
    var last = values[before]
    for i in range where i < values.count {
      let x = values[i]
      guard x.isFinite else { continue }
      if last.isFinite {
        let step = sign * (x - last)
        if step > 0 {
          sum += step
        } else if resets, step < 0, x >= 0, x < 0.5 * last {
          sum += x
        }
      }
      last = x
    }
    return sum
  }
}
