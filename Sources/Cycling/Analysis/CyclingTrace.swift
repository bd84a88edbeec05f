internal import Tables
internal import Units

/// The steps from the columns of a log to its numbers.
struct CyclingTrace {
  var graph: TraceGraph
  private var ids: [String: TraceID] = [:]

  init(prefix: String) { graph = TraceGraph(prefix: prefix) }

  subscript(_ key: String) -> TraceID? { ids[key] }

  /// Adds the steps of one test; `inputs` are its files in order.
  mutating func add(
    _ records: CyclingRecords, _ a: CyclingAnalysis, inputs: [InputIdentity]
  ) {
    var series: [TraceID] = []
    var counters: [TraceID] = []
    for input in inputs {
      series += records.columns.map { read($0, input) }
      counters += records.charge.columns.map { read($0, input) }
    }
    let o = a.options
    var parameters = ResultObject()
    parameters["rest_current"] = .quantity(CyclingUnit.quantity(a.restCurrent * 1e3, "mA"))
    parameters["impedance_records_left_out"] = .integer(records.impedance)
    if o.flipCurrent { parameters["flip_current"] = .flag(true) }
    let load = graph.add(
      .select, "records under load, in half cycles: \(a.halves.count)", inputs: series,
      parameters: parameters, rows: a.records > 0 ? 0...(a.records - 1) : nil,
      formula: "|I| > max(2 % of the 95th percentile, --rest-current)",
      reference: "docs/cycling.md")
    ids["rest_current"] = load
    for key in ["duration", "time_under_current"] { ids[key] = load }
    let halves = graph.add(
      .compute, "half cycles: voltages weighted with time", inputs: [load] + counters,
      formula: "mean = ∫V dt/∫dt; charge by the file's counters where it has them, else ∫I dt",
      reference: "docs/cycling.md")
    ids["half_cycles"] = halves
    for key in ["current", "capacity", "noise", "charge_closure"] {
      ids[key] = graph.add(.aggregate, "\(key) over the half cycles", inputs: [halves])
    }
    var area: TraceID?
    if let value = a.area { area = addArea(records, value, inputs: inputs) }
    let cycles = graph.add(
      .compute, "cycles: pairs of half cycles (\(a.cell.rawValue))",
      inputs: [halves] + [area].compactMap { $0 },
      formula: o.perElectrode
        ? "overpotential = (X+ − X−)/4, of one electrode" : "overpotential = (X+ − X−)/2",
      reference: "docs/cycling.md")
    ids["cycles"] = cycles
    add(
      ["overpotential_initial", "overpotential_reference", "overpotential_final", "fluctuation"],
      from: [cycles])
    ids["overpotential_slope"] = graph.add(
      .fit, "slope of overpotential_mean over the start of the cycle: median of all slopes",
      inputs: [cycles], formula: "Theil–Sen", reference: "P. K. Sen, JASA 63 (1968) 1379")
    addFailure(a, load: load, halves: halves)
    let areal = [area].compactMap { $0 }
    for (key, source) in [
      ("current_density", ids["current"]), ("areal_capacity", ids["capacity"]),
      ("areal_charge_plated", ids["charge_passed"]), ("specific_capacity", ids["capacity"]),
    ] {
      ids[key] = graph.add(.compute, key, inputs: [source ?? halves] + areal)
    }
    if let formula = a.efficiencyFormula {
      ids["coulombic_efficiency_first"] = graph.add(
        .compute, "coulombic_efficiency_first", inputs: [cycles], formula: formula)
      ids["coulombic_efficiency_mean"] = graph.add(
        .aggregate, "coulombic_efficiency_mean: all cycles but the first", inputs: [cycles],
        formula: formula)
      ids["cycles_to_80_percent"] = graph.add(
        .compute, "cycles to 80 % of cycle \(o.retentionReference)", inputs: [cycles])
    }
    if a.reservoir != nil {
      ids["reservoir"] = graph.add(
        .compute, "Coulombic efficiency by the reservoir method", inputs: [halves],
        formula: "(n Q_c + Q_s)/(n Q_c + Q_T)",
        reference: "B. D. Adams et al., Adv. Energy Mater. 8 (2018) 1702097")
    }
    if o.differential {
      ids["dqdv_peaks"] = graph.add(
        .compute, "dQ/dV on multiples of \(o.differentialStep * 1e3) mV and its peaks",
        inputs: [load],
        formula: "Savitzky–Golay first derivative, \(o.differentialWindow) points, order 3",
        reference: "A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627")
    }
  }

  private mutating func addFailure(_ a: CyclingAnalysis, load: TraceID, halves: TraceID) {
    let o = a.options
    var rules = ResultObject()
    rules["short_drop"] = .quantity(CyclingUnit.quantity(o.shortDrop * 100, "%"))
    rules["short_window"] = .quantity(CyclingUnit.quantity(o.shortWindow, "s"))
    rules["short_hold"] = .quantity(CyclingUnit.quantity(o.shortHold, "s"))
    rules["soft_drop"] = .quantity(CyclingUnit.quantity(o.softDrop * 100, "%"))
    rules["recovery"] = .quantity(CyclingUnit.quantity(o.recovery * 100, "%"))
    rules["polarisation_factor"] = .number(o.polarisationFactor)
    let events = graph.add(
      .select, "shorts, drops and polarisation: \(a.events.count)", inputs: [load, halves],
      parameters: rules, reference: "docs/cycling.md")
    ids["events"] = events
    ids["lifetime"] = graph.add(
      .compute,
      a.failure == nil
        ? "lifetime: the last record under load, censored"
        : "lifetime: the first failure", inputs: [events],
      formula: "time − time of the first record under load")
    ids["charge_passed"] = graph.add(
      .aggregate, "charge up to failure or end", inputs: [events, halves], formula: "∫|I| dt")
  }

  private mutating func add(_ keys: [String], from inputs: [TraceID]) {
    for key in keys { ids[key] = graph.add(.aggregate, key, inputs: inputs) }
  }

  private mutating func addArea(
    _ records: CyclingRecords, _ value: Double, inputs: [InputIdentity]
  ) -> TraceID {
    var parameters = ResultObject()
    parameters["value"] = .quantity(CyclingUnit.quantity(value, "cm2"))
    let id: TraceID
    if let setting = records.area, let input = inputs.first, setting.value == value {
      id = graph.add(
        .read, "electrode area from the file's key \(setting.key)", parameters: parameters,
        source: source(setting.origin, input))
    } else {
      id = graph.add(.override, "electrode area from the option", parameters: parameters)
    }
    ids["electrode_area"] = id
    return id
  }

  private mutating func read(_ column: Column, _ input: InputIdentity) -> TraceID {
    let steps =
      column.origin.steps.isEmpty ? "" : ", " + column.origin.steps.joined(separator: ", ")
    return graph.add(.read, "column \(column.label)\(steps)", source: source(column.origin, input))
  }

  private func source(_ origin: Origin, _ input: InputIdentity) -> TraceStep.Source {
    let place: String
    if let member = origin.member {
      place = Place.entry(member).description
    } else if let lines = origin.lines {
      place = "lines \(lines.lowerBound)–\(lines.upperBound)"
    } else if let first = origin.bytes.first {
      place = Place.byte(first.lowerBound).description
    } else {
      place = Place.whole.description
    }
    return TraceStep.Source(
      file: input.path, sha256: input.sha256, place: place, bytes: origin.bytes)
  }
}
