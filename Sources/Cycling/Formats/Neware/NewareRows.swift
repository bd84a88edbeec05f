internal import Bytes
internal import Tables

extension NewareSeries {
  /// The series of records that hold everything.
  ///
  /// - Parameters:
  ///   - fixedRange: the range of the whole file, which a range of 0 in a record stands for.
  init(_ records: StoredRecords, _ layout: NewareRowLayout, fixedRange: Int64) {
    index =
      layout.index.map { records.integers($0.kind, at: $0.at) } ?? records.slots(plus: 1)
    cycle = records.integers(layout.cycle.kind, at: layout.cycle.at)
    if layout.cycleStart == .fromZero { cycle = cycle.map { $0 &+ 1 } }
    step = records.integers(layout.step.kind, at: layout.step.at)
    type = records.integers(.uint8, at: layout.type)
    if layout.hasOldTypes { type = type.map { [2: 3, 4: 2, 5: 4][$0] ?? $0 } }
    let jumps = layout.jumps.map { [records.integers(.uint8, at: $0)] } ?? []
    stepCount = Self.changes([step] + jumps)
    stepTime = records.reals(layout.time.kind, at: layout.time.at, over: layout.timeDivisor)
    testTime = Self.elapsed(stepTime, stepCount)
    voltage = records.reals(.int32, at: layout.voltage, over: 1e4)
    let ranges = layout.range.map { records.integers(.int32, at: $0) }
    let counts = Self.countsPerAmpere(ranges, fixedRange, records.count)
    current = records.reals(.int32, at: layout.current)
    Self.divide(&current, by: counts)
    switch layout.charge {
    case .split(let at, let kind):
      chargeIn = Self.hours(records.reals(kind, at: at), counts)
      chargeOut = Self.hours(records.reals(kind, at: at + kind.size), counts)
      energyIn = Self.hours(records.reals(kind, at: at + 2 * kind.size), counts)
      energyOut = Self.hours(records.reals(kind, at: at + 3 * kind.size), counts)
    case .joined(let charge, let energy):
      (chargeIn, chargeOut) = separated(Self.hours(records.reals(.int64, at: charge), counts))
      if let energy {
        (energyIn, energyOut) = separated(Self.hours(records.reals(.int64, at: energy), counts))
      }
    }
    switch layout.clock {
    case .none: break
    case .unix(let field): unixTime = records.reals(field.kind, at: field.at)
    case .parts(let at): unixTime = Self.clock(records, at: at)
    }
  }

  private static func countsPerAmpere(
    _ ranges: [Int64]?, _ fixed: Int64, _ count: Int
  ) -> [Double] {
    guard let ranges else {
      return Array(repeating: NewareRange.countsPerAmpere(fixed), count: count)
    }
    return ranges.map { NewareRange.countsPerAmpere($0 == 0 ? fixed : $0) }
  }

  private static func divide(_ values: inout [Double], by divisors: [Double]) {
    for (row, divisor) in divisors.enumerated() where row < values.count { values[row] /= divisor }
  }

  /// Counts of current times seconds as ampere hours.
  private static func hours(_ values: [Double], _ counts: [Double]) -> [Double] {
    var values = values
    for (row, count) in counts.enumerated() where row < values.count {
      values[row] /= 3600 * count
    }
    return values
  }

  /// Charge in and charge out from one series, by the kind of step, else by the sign of the current.
  private func separated(_ values: [Double]) -> (in: [Double], out: [Double]) {
    var charged: [Double] = []
    var discharged: [Double] = []
    for (row, value) in values.enumerated() {
      let way = row < type.count ? NewareStepType.direction(type[row]) : 0
      let charges = way == 0 ? row < current.count && current[row] >= 0 : way > 0
      charged.append(charges ? abs(value) : 0)
      discharged.append(charges ? 0 : abs(value))
    }
    return (charged, discharged)
  }

  /// Seconds since 1970 of dates in parts, NaN for one that does not exist.
  private static func clock(_ records: StoredRecords, at: Int) -> [Double] {
    let years = records.integers(.uint16, at: at)
    let parts = (2...6).map { records.integers(.uint8, at: at + $0) }
    return years.indices.map { row in
      guard parts[2][row] < 24, parts[3][row] < 60, parts[4][row] < 61,
        let days = ClockStamp.days(year: years[row], month: parts[0][row], day: parts[1][row])
      else { return .nan }
      return Double(days * 86400 + parts[2][row] * 3600 + parts[3][row] * 60 + parts[4][row])
    }
  }

  /// Puts the records in the order of their index and takes repeated ones out, with a warning.
  mutating func sort(into diagnostics: inout DiagnosticList) {
    guard let first = index.indices.dropFirst().first(where: { index[$0] <= index[$0 - 1] }) else {
      return
    }
    let order = index.indices.sorted { (index[$0], $0) < (index[$1], $1) }
    var kept: [Int] = []
    for row in order where kept.last.map({ index[$0] != index[row] }) ?? true { kept.append(row) }
    diagnostics.warn(
      "neware.record-order", found: "record \(index[first]) stands behind \(index[first - 1])",
      expected: "expected numbers that rise; the records are sorted and "
        + "\(index.count - kept.count) repeated ones left out")
    reorder(kept)
    testTime = Self.elapsed(stepTime, stepCount)
  }

  /// Keeps those rows, in that order.
  mutating func reorder(_ rows: [Int]) {
    func pick<T>(_ values: [T]) -> [T] {
      values.isEmpty ? values : rows.compactMap { $0 < values.count ? values[$0] : nil }
    }
    index = pick(index)
    voltage = pick(voltage)
    current = pick(current)
    testTime = pick(testTime)
    stepTime = pick(stepTime)
    unixTime = pick(unixTime)
    cycle = pick(cycle)
    stepCount = pick(stepCount)
    step = pick(step)
    type = pick(type)
    chargeIn = pick(chargeIn)
    chargeOut = pick(chargeOut)
    energyIn = pick(energyIn)
    energyOut = pick(energyOut)
  }

  /// Warns of dates that do not exist, and where numbers of records are left out.
  func checkGaps(into diagnostics: inout DiagnosticList) {
    let undated = unixTime.count { !$0.isFinite }
    if undated > 0 {
      diagnostics.warn(
        "neware.date", found: "a date that does not exist", expected: "expected that of the record",
        count: undated)
    }
    guard let first = index.first, let last = index.last, last > first else { return }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard overflow || span != Int64(count - 1) else { return }
    let row = index.indices.dropFirst().first { index[$0] != index[$0 - 1] &+ 1 } ?? 0
    diagnostics.warn(
      "neware.record-gap",
      found: "record \(index[row]) follows record \(index[max(0, row - 1)]), "
        + "\(count) records for the numbers \(first) to \(last)",
      expected: "expected every number once")
  }
}
