internal import Tables
internal import Units

/// A counter of charge or energy of a cycler, and the part of the current that it adds up.
struct CounterKind {
  /// The column.
  var name: String
  /// Which part of the current it counts.
  var part: Part

  /// The part of a signed rate.
  enum Part {
    case charging, discharging, either, net

    /// That part of a rate.
    func of(_ rate: Double) -> Double {
      switch self {
      case .charging: max(rate, 0)
      case .discharging: max(-rate, 0)
      case .either: rate.magnitude
      case .net: rate
      }
    }
  }

  static let charges = [
    CounterKind(name: "step_charging_capacity", part: .charging),
    CounterKind(name: "step_discharging_capacity", part: .discharging),
    CounterKind(name: "schedule_charging_capacity", part: .charging),
    CounterKind(name: "schedule_discharging_capacity", part: .discharging),
    CounterKind(name: "charging_capacity", part: .charging),
    CounterKind(name: "discharging_capacity", part: .discharging),
    CounterKind(name: "net_capacity", part: .net),
    CounterKind(name: "capacity", part: .either),
  ]

  static let energies = [
    CounterKind(name: "step_charging_energy", part: .charging),
    CounterKind(name: "step_discharging_energy", part: .discharging),
    CounterKind(name: "charging_energy", part: .charging),
    CounterKind(name: "discharging_energy", part: .discharging),
    CounterKind(name: "charge_energy", part: .charging),
    CounterKind(name: "discharge_energy", part: .discharging),
    CounterKind(name: "energy", part: .either),
  ]
}

/// What a counter counted within steps, against the integral of the rate over the same rows.
struct CounterIntegral {
  /// One step: what the counter says, what the integral says, and the standard uncertainty of the difference.
  struct Step {
    var row: Int
    var counted: Double
    var integral: Double
    var u: Double
  }

  private(set) var steps: [Step] = []

  /// Compares counter and integral step by step.
  ///
  /// Within a step time and counter never fall; where the counter falls it was reset, and a new step begins.
  /// The integral is the trapezoidal rule. Its error is at most half the sum of |Δrate|·Δt, taken
  /// as the half-width of a rectangular distribution (JCGM 100 §4.3.7), plus the resolution of rate and counter.
  init(
    time: [Double], rate: [Double], counter: [Double], counterStep: Double, steps parts: [[Double]],
    part: CounterKind.Part
  ) {
    let count = parts.reduce(min(time.count, rate.count, counter.count)) { min($0, $1.count) }
    guard count > 2 else { return }
    let rateStep = LintNumbers.quantum(rate)
    var open:
      (
        row: Int, counted: Double, integral: Double, spread: Double, time: Double, flowing: Double
      )?
    func close() {
      defer { open = nil }
      // A rest has no charge: what a counter drifts there is no unit.
      guard let done = open, done.flowing * 2 >= done.time else { return }
      let resolution = counterStep * counterStep / 6
      let offset = rateStep * done.time / 12.0.squareRoot()
      steps.append(
        Step(
          row: done.row, counted: done.counted, integral: done.integral,
          u: (done.spread * done.spread / 3 + resolution + offset * offset).squareRoot()))
    }
    for row in 1..<count {
      let dt = time[row] - time[row - 1]
      let dq = counter[row] - counter[row - 1]
      let isNew = parts.contains { $0[row] != $0[row - 1] }
      // A counter that falls, or a signed one that returns to near zero at once, was reset.
      let falls =
        part == .net
        ? counter[row].magnitude < 0.5 * counter[row - 1].magnitude && dq.magnitude > counterStep
        : dq < -counterStep
      guard dt.isFinite, dq.isFinite, rate[row].isFinite, rate[row - 1].isFinite, dt >= 0, !isNew,
        !falls
      else {
        close()
        continue
      }
      let (a, b) = (part.of(rate[row - 1]), part.of(rate[row]))
      if open == nil { open = (row - 1, 0, 0, 0, 0, 0) }
      open?.counted += dq
      open?.integral += (a + b) / 2 * dt
      open?.spread += (a - b).magnitude / 2 * dt
      open?.time += dt
      if rate[row] != 0 || rate[row - 1] != 0 { open?.flowing += dt }
    }
    close()
    // Steps that hold next to nothing say nothing.
    let largest = steps.map { max($0.counted.magnitude, $0.integral.magnitude) }.max() ?? 0
    steps.removeAll { max($0.counted.magnitude, $0.integral.magnitude) <= largest / 100 }
  }

  /// The sum of counters over the sum of integrals of the steps that are well determined.
  var ratio: Double {
    let (a, b) = steps.reduce(into: (0.0, 0.0)) {
      let sign = $1.integral < 0 ? -1.0 : 1.0
      $0.0 += sign * $1.counted
      $0.1 += sign * $1.integral
    }
    return b == 0 ? .infinity : a / b
  }

  /// The steps whose difference is above the relative limit and three standard uncertainties.
  func wrong(_ limit: Double) -> [Step] {
    steps.filter {
      let difference = ($0.counted - $0.integral).magnitude
      return difference > limit * max($0.integral.magnitude, $0.counted.magnitude)
        && difference > 3 * $0.u
    }
  }
}

extension CounterIntegral {
  /// How far a counter may lie from its integral.
  static let limit = 0.02

  /// Compares every counter of a table with the integral of a rate.
  ///
  /// - Parameters:
  ///   - unit: the coherent unit of the counter, C or J.
  ///   - what: the integral in words.
  static func checks(
    _ table: Table, _ subject: LintSubject, kinds: [CounterKind], unit: PhysicalUnit, what: String,
    rate: (LintSubject, Table) -> [Double]?
  ) -> [LintCheck] {
    guard table["frequency"] == nil,
      let time = subject.values(anyOf: ["test_time", "time"], in: table, .second),
      let rate = rate(subject, table)
    else { return [] }
    let steps = ["step_count", "step_id", "half_cycle", "cycle_count", "cycle"].compactMap {
      table[$0]?.real
    }
    return kinds.compactMap { kind in
      guard let column = table[kind.name],
        let counter = subject.values(kind.name, in: table, unit),
        let range = LintNumbers.extremes(counter), range.high > range.low
      else { return nil }
      // The resolution is that of the number as written.
      let scale = column.unit.unit.map { $0.scale / unit.scale } ?? 1
      let counterStep = LintNumbers.quantum(column.real ?? []) * scale
      func compare(_ rate: [Double]) -> CounterIntegral {
        CounterIntegral(
          time: time.values, rate: rate, counter: counter, counterStep: counterStep, steps: steps,
          part: kind.part)
      }
      let found = compare(rate)
      guard !found.steps.isEmpty else { return nil }
      let wrong = found.wrong(limit)
      guard let first = wrong.first, wrong.count * 2 > found.steps.count || wrong.count >= 3 else {
        return LintCheck(
          true, found.ratio, limit: limit, table,
          "\(kind.name) over \(what) is \(LintNumbers.short(found.ratio))")
      }
      let turned = compare(rate.map { -$0 })
      let isReversed = kind.part != .either && turned.wrong(limit).count * 2 <= turned.steps.count
      let ratio = isReversed ? -turned.ratio : found.ratio
      return LintCheck(
        false, ratio, limit: limit, table, at: LintSubject.place(column, row: first.row),
        "'\(column.label)' over \(what) is \(LintNumbers.short(ratio)) in \(wrong.count) of "
          + "\(found.steps.count) steps"
          + (isReversed
            ? "; the current has the sign of the other direction" : cause(ratio, subject)))
    }
  }

  /// The likely cause of a ratio.
  private static func cause(_ ratio: Double, _ subject: LintSubject) -> String {
    if let slip = LintNumbers.slip(ratio) { return "; \(LintNumbers.words(slip))" }
    if let area = subject.dataset.setting("electrode_area")?.value, area > 0 {
      let inCentimetres = area * 1e4
      for size in [inCentimetres, 1 / inCentimetres]
      where (ratio / size - 1).magnitude < 0.02 && (size - 1).magnitude > 0.05 {
        return "; a factor of the electrode's area, \(LintNumbers.short(inCentimetres)) cm2"
      }
    }
    return "; records are missing, or current and counter are not of one test"
  }
}
