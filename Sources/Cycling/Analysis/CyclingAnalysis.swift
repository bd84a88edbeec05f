internal import RealModule
public import Tables
internal import Units

/// What was found in the log of one cell; numbers in SI units, the tree in the units of the contract.
public struct CyclingAnalysis: Sendable, Codable {
  /// The kind of cell.
  public var cell = CellType.unknown
  /// Whether an option or the data said so: `option`, `detected`; nil where neither did.
  public var cellSource: String?
  /// The area of an electrode in cm².
  public var area: Double?
  /// Where the area comes from: `option`, `file`, `none`.
  public var areaSource = "none"
  /// The current that counts as load, A.
  public var restCurrent = 0.0
  /// From the first to the last record, and under load, s.
  public var duration = 0.0, timeUnderLoad = 0.0
  /// The first record under load, s on the clock of the test.
  public var firstLoad: Double?
  /// The half cycles in time order.
  public var halves: [HalfCycle] = []
  /// The cycles.
  public var cycles: [CellCycle] = []
  /// What happened, in time order.
  public var events: [CellEvent] = []
  /// How long the cell lived; nil where shorts are not looked for.
  public var lifetime: CellLifetime?
  /// The charge up to failure or end, C.
  public var chargePassed = 0.0
  /// The smallest step of the voltage, V.
  public var resolution = 0.0
  /// Relative difference of the charge by counters and by integral; nil without counters.
  public var closure: Double?
  /// The reservoir method; nil where not asked for or not possible.
  public var reservoir: ReservoirEfficiency?
  /// dQ/dV by half cycle; empty where not asked for.
  public var differential: [DifferentialCapacity] = []
  /// The options.
  public var options: CyclingOptions
  /// The numbers of records by position.
  var recordNumbers: [Int: Int] = [:]
  var records = 0

  /// The first failure: a hard short, or polarisation.
  public var failure: CellEvent? {
    events.filter { $0.kind == .hardShort || $0.kind == .polarisation }.min { $0.time < $1.time }
  }

  /// How many cycles ended before the first failure.
  public var cyclesBeforeFailure: Int {
    guard let failure else { return cycles.count }
    return cycles.prefix { $0.second < failure.half }.count
  }

  /// How many cycles ended before the first hard short.
  var cyclesBeforeShort: Int {
    guard let short = events.first(where: { $0.kind == .hardShort }) else { return cycles.count }
    return cycles.prefix { $0.second < short.half }.count
  }
}

/// The records of one test, ready for analysis, with what reading them had to say.
public struct CyclingTest: Sendable {
  /// The records.
  public var records: CyclingRecords
  /// What was left out, and what the user must know.
  public var diagnostics: DiagnosticList

  /// The test of a dataset.
  ///
  /// - Throws: `cycling.no-column` where time, voltage or current is missing.
  public init(_ dataset: Dataset, options: CyclingOptions) throws(ReadFailure) {
    var diagnostics = DiagnosticList()
    records = try CyclingRecords.read(dataset, options: options, diagnostics: &diagnostics)
    self.diagnostics = diagnostics
  }

  /// A test from records in memory.
  public init(_ records: CyclingRecords) {
    self.records = records
    diagnostics = DiagnosticList()
  }
}

/// Analyzes the log of one cell: half cycles, cycles, events, lifetime, efficiencies.
///
/// Pure arithmetic on the records; linear in their number but for the sorting that dQ/dV needs.
public func analyzeCycling(
  _ records: CyclingRecords, options: CyclingOptions, diagnostics: inout DiagnosticList
) -> CyclingAnalysis {
  var result = CyclingAnalysis(options: options)
  result.records = records.count
  if let first = records.time.first, let last = records.time.last {
    result.duration = last - first
  }
  if let area = options.area {
    result.area = area
    result.areaSource = options.areaSource
  } else if let area = records.area?.value {
    result.area = area
    result.areaSource = "file"
  } else {
    diagnostics.note(
      "cycling.no-area", found: "no electrode area in the file",
      expected: "--area or --disc; areal numbers are null")
  }
  let load = LoadRuns(records, options: options)
  result.restCurrent = load.restCurrent
  guard let firstRun = load.runs.first else {
    result.cell = options.cell ?? .unknown
    result.cellSource = options.cell == nil ? nil : "option"
    diagnostics.note(
      "cycling.no-load", found: "no record under load in \(records.count) records",
      expected: "zero half cycles")
    return result
  }
  result.firstLoad = records.time[firstRun.first]
  decideCell(records, load, &result, &diagnostics)
  var reader = HalfCycleReader(records, load, options: options)
  var halves = reader.read()
  result.timeUnderLoad = halves.reduce(0) { $0 + $1.duration }
  result.resolution = resolution(records, load.runs)
  let pairing = CyclePairing(
    cell: result.cell, working: options.working, resolution: result.resolution,
    accuracy: options.voltageAccuracy ?? 0, share: options.perElectrode ? 0.25 : 0.5)
  let inProgress = records.isCut && load.runs.last?.last == records.count - 1
  result.cycles = pairing.cycles(&halves, leavingLast: inProgress)
  result.halves = halves
  notePairs(result, &diagnostics)
  if result.cell == .symmetric {
    var search = ShortSearch(records, load.runs, halves, options: options)
    result.events = search.find()
    if search.isCut {
      diagnostics.warn(
        "cycling.many-events",
        found: "more than \(ShortSearch.eventLimit) falls of the voltage",
        expected: "a cell whose voltage can be followed; later soft shorts are left out")
    }
    addPolarisation(records, &result)
    if halves.count > 0, options.working == nil {
      diagnostics.note(
        "cycling.first-half-cycle",
        found:
          "the first half cycle of a two-electrode cell also holds the stripping barrier of the "
          + "counter electrode",
        expected: "read its nucleation overpotential with care")
    }
  }
  result.lifetime = lifetime(records, load, result)
  result.chargePassed = chargePassed(records, result)
  result.addEfficiencies(&diagnostics)
  checkCharge(records, &result, &diagnostics)
  if options.differential {
    let (curves, isCut) = DifferentialCapacity.all(
      records, load.runs, halves, options: options)
    result.differential = curves
    if isCut {
      diagnostics.warn(
        "cycling.dqdv-limit",
        found: "dQ/dV of the first \(curves.count) half cycles has more than "
          + "\(DifferentialCapacity.totalLimit) points",
        expected: "a greater --dqdv-step; the rest is left out")
    }
  }
  for half in halves {
    result.recordNumbers[half.first] = records.number(half.first)
    result.recordNumbers[half.last] = records.number(half.last)
  }
  for event in result.events { result.recordNumbers[event.record] = records.number(event.record) }
  return result
}

/// The kind of cell: by option, else symmetric where voltage and current agree in sign.
private func decideCell(
  _ records: CyclingRecords, _ load: LoadRuns, _ result: inout CyclingAnalysis,
  _ diagnostics: inout DiagnosticList
) {
  if let cell = result.options.cell, cell != .unknown {
    result.cell = cell
    result.cellSource = "option"
    if cell == .half, result.options.working == nil {
      diagnostics.note(
        "cycling.working-electrode", found: "a half cell without --working",
        expected: "taken as cathode: (+, −) is a cycle and CE is Q-/Q+")
    }
    return
  }
  var under = 0
  var agreeing = 0
  var low = 0
  for run in load.runs {
    for i in run.first...run.last {
      let v = records.voltage[i]
      under += 1
      if v * run.sign > 0 { agreeing += 1 }
      if abs(v) < 1 { low += 1 }
    }
  }
  if Double(agreeing) >= 0.95 * Double(under), 2 * low > under {
    result.cell = .symmetric
    result.cellSource = "detected"
  } else {
    diagnostics.note(
      "cycling.unknown-cell", found: "the data do not tell the kind of cell",
      expected: "--cell symmetric, half or full; no Coulombic efficiency and no shorts without it")
  }
}

/// The smallest step of the voltage between neighbours of one run, from the first 65536 of them.
private func resolution(_ records: CyclingRecords, _ runs: [LoadRun]) -> Double {
  var least = Double.infinity
  let voltage = records.voltage
  var seen = 0
  for run in runs where seen < 65_536 {
    var i = run.used + 1
    while i <= run.last, seen < 65_536 {
      let step = abs(voltage[i] - voltage[i - 1])
      if step > 0, step < least { least = step }
      seen += 1
      i += 1
    }
  }
  return least.isFinite ? least : 0
}

private func notePairs(_ result: CyclingAnalysis, _ diagnostics: inout DiagnosticList) {
  let unpaired = result.halves.count { $0.cycle == nil }
  if unpaired > 0 {
    diagnostics.note(
      "cycling.unpaired",
      found: "\(unpaired) of \(result.halves.count) half cycles belong to no cycle",
      expected: "listed, not averaged")
  }
}

/// Polarisation failure: the overpotential above a multiple of its early median, three cycles running.
private func addPolarisation(_ records: CyclingRecords, _ result: inout CyclingAnalysis) {
  let cycles = result.cycles
  let short = result.events.first { $0.kind == .hardShort }
  var k = 3
  while k + 2 < cycles.count {
    defer { k += 1 }
    if let short, cycles[k].first >= short.half { return }
    let early = cycles[2..<min(10, k)]
    var selector = MedianSelector()
    for cycle in early { selector.add(cycle.mean) }
    guard let reference = selector.plainMedian(), reference > 0 else { continue }
    let current = early.map { $0.current }.min() ?? 0
    // A greater current alone is no growth.
    func value(_ cycle: CellCycle) -> Double {
      cycle.current > 0 ? cycle.mean * min(1, current / cycle.current) : cycle.mean
    }
    let limit = result.options.polarisationFactor * reference
    guard cycles[k..<(k + 3)].allSatisfy({ value($0) > limit }) else { continue }
    let half = cycles[k].first
    let record = result.halves[half].first
    let event = CellEvent(
      kind: .polarisation, rule: "growth_of_overpotential", half: half, record: record,
      isConfirmed: true, time: records.time[record], before: reference, after: cycles[k].mean,
      drop: nil,
      residualResistance: cycles[k].current > 0 ? cycles[k].mean / cycles[k].current : nil)
    result.events.append(event)
    result.events.sort { $0.time < $1.time }
    return
  }
}

private func lifetime(
  _ records: CyclingRecords, _ load: LoadRuns, _ result: CyclingAnalysis
) -> CellLifetime? {
  guard result.cell == .symmetric, let start = result.firstLoad, let last = load.runs.last else {
    return nil
  }
  guard let failure = result.failure else {
    return CellLifetime(
      time: records.time[last.last] - start, u: nil, isCensored: true, endedBy: nil,
      cycles: result.cycles.count)
  }
  let step = failure.record > 0 ? failure.time - records.time[failure.record - 1] : 0
  return CellLifetime(
    time: failure.time - start, u: max(0, step) / 12.0.squareRoot(), isCensored: false,
    endedBy: failure.kind, cycles: result.cyclesBeforeFailure)
}

/// The charge up to failure or end: of whole half cycles, and the integral up to the record.
private func chargePassed(_ records: CyclingRecords, _ result: CyclingAnalysis) -> Double {
  guard let failure = result.failure else { return result.halves.reduce(0) { $0 + $1.charge } }
  var sum = result.halves[..<failure.half].reduce(0) { $0 + $1.charge }
  var i = result.halves[failure.half].first
  while i < failure.record {
    let dt = max(0, records.time[i + 1] - records.time[i])
    sum += 0.5 * abs(records.current[i] + records.current[i + 1]) * dt
    i += 1
  }
  return sum
}

/// Compares counters with integrals, and signs with counters and step types.
private func checkCharge(
  _ records: CyclingRecords, _ result: inout CyclingAnalysis, _ diagnostics: inout DiagnosticList
) {
  let counted = result.halves.filter { $0.isCounted }
  let total = counted.reduce(0) { $0 + $1.charge }
  if total > 0 {
    let integral = counted.reduce(0) { $0 + $1.integratedCharge }
    let closure = abs(integral - total) / total
    result.closure = closure
    if closure > 1e-3 {
      diagnostics.warn(
        "cycling.charge-closure",
        found: "the charge by the file's counters and by the integral of the current differ by "
          + "\(CyclingText.short(100 * closure)) %",
        expected: "at most 0.1 %; the counters are used")
    }
  }
  let opposite = result.halves.count { $0.isOpposite }
  if opposite > 0 {
    diagnostics.warn(
      "cycling.current-sign",
      found: "the sign of the current contradicts the file's counters in \(opposite) of "
        + "\(result.halves.count) half cycles (the discharging one grows while I > 0, or the other "
        + "way round)",
      expected: "positive current charges; --flip-current where the file's convention is the other")
  }
  let (agreeing, contrary) = stepTypes(records, result.halves)
  if contrary > agreeing, opposite == 0 {
    diagnostics.warn(
      "cycling.current-sign",
      found: "the sign of the current contradicts the step types in \(contrary) of "
        + "\(result.halves.count) half cycles",
      expected: "positive current charges; --flip-current where the file's convention is the other")
  }
}

/// Half cycles whose step type agrees with the sign of the current, and those where it does not.
private func stepTypes(_ records: CyclingRecords, _ halves: [HalfCycle]) -> (Int, Int) {
  guard let column = records.stepTypes else { return (0, 0) }
  var agreeing = 0
  var contrary = 0
  for half in halves {
    let row = records.number((half.first + half.last) / 2) - 1
    let word: String
    switch column.values {
    case .text(let cells): word = cells.indices.contains(row) ? cells[row] : ""
    case .category(let levels, let codes):
      let code = codes.indices.contains(row) ? Int(codes[row]) : -1
      word = levels.indices.contains(code) ? levels[code] : ""
    default: continue
    }
    let lower = word.lowercased()
    let discharges = lower.contains("dchg") || lower.contains("disch") || lower == "d"
    let charges = !discharges && (lower.contains("chg") || lower.contains("charge") || lower == "c")
    guard discharges || charges else { continue }
    if charges == (half.sign > 0) { agreeing += 1 } else { contrary += 1 }
  }
  return (agreeing, contrary)
}
