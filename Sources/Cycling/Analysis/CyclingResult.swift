internal import Tables
internal import Units

/// The tree of results of one test, in the units of the contract.
struct CyclingResult {
  let a: CyclingAnalysis
  let trace: CyclingTrace

  private func quantity(_ key: String, _ value: Double?, _ unit: String, u: Double? = nil)
    -> ResultValue
  {
    guard let value, value.isFinite else { return .null }
    return .quantity(CyclingUnit.quantity(value, unit, u: u, trace: trace[key]))
  }

  /// The keys of the contract, in its order.
  func value() -> ResultValue {
    var o = ResultObject()
    o["cell_type"] = .text(a.cell.rawValue)
    o["cell_type_source"] = a.cellSource.map { .text($0) } ?? .null
    o["working_electrode"] = a.options.working.map { .text($0.rawValue) } ?? .null
    o["per_electrode"] = .flag(a.options.perElectrode)
    o["electrode_area"] = quantity("electrode_area", a.area, "cm2")
    o["area_source"] = .text(a.areaSource)
    o["rest_current"] = quantity("rest_current", a.restCurrent * 1e3, "mA")
    o["duration"] = quantity("duration", a.duration / 3600, "h")
    o["time_under_current"] = quantity("time_under_current", a.timeUnderLoad / 3600, "h")
    let current = median(a.halves.map { $0.current })
    o["current"] = quantity("current", current.map { $0 * 1e3 }, "mA")
    o["current_density"] = areal("current_density", current.map { $0 * 1e3 }, "mA/cm2")
    let capacity = median(a.halves.map { $0.charge })
    o["capacity"] = quantity("capacity", capacity.map { $0 / 3.6 }, "mA.h")
    o["areal_capacity"] = areal("areal_capacity", capacity.map { $0 / 3.6 }, "mA.h/cm2")
    if let mass = a.options.mass, mass > 0 {
      o["specific_capacity"] = quantity(
        "specific_capacity", capacity.map { $0 / 3.6 / (mass * 1e-3) }, "mA.h/g")
    }
    let passed = a.firstLoad == nil ? nil : a.chargePassed / 3.6
    o["charge_passed"] = quantity("charge_passed", passed, "mA.h")
    o["areal_charge_plated"] = areal("areal_charge_plated", passed.map { $0 / 2 }, "mA.h/cm2")
    o["charge_closure"] = quantity("charge_closure", a.closure.map { $0 * 100 }, "%")
    addOverpotentials(&o)
    addLifetime(&o)
    addEfficiencies(&o)
    o["events"] = .list(a.events.map { event($0) })
    o["half_cycles"] = ResultTable.value(halfCycles(), trace: trace["half_cycles"])
    o["cycles"] = ResultTable.value(cycleTable(), trace: trace["cycles"])
    o["dqdv_peaks"] =
      a.options.differential ? ResultTable.value(peaks(), trace: trace["dqdv_peaks"]) : .null
    return .object(o)
  }

  private func median(_ values: [Double]) -> Double? {
    var selector = MedianSelector()
    for value in values { selector.add(value) }
    return selector.plainMedian()
  }

  private func areal(_ key: String, _ value: Double?, _ unit: String) -> ResultValue {
    guard let area = a.area, area > 0, let value else { return .null }
    return quantity(key, value / area, unit)
  }

  private func addOverpotentials(_ o: inout ResultObject) {
    let before = Array(a.cycles.prefix(a.cyclesBeforeFailure))
    func millivolt(_ key: String, _ cycle: CellCycle?) -> ResultValue {
      quantity(key, cycle.map { $0.mean * 1e3 }, "mV", u: cycle?.meanU.map { $0 * 1e3 })
    }
    o["overpotential_initial"] = millivolt("overpotential_initial", a.cycles.first)
    let range = a.options.referenceCycles
    let reference = before.indices.filter { range.contains($0 + 1) }.map { before[$0] }
    let level = median(reference.map { $0.mean })
    o["overpotential_reference"] = quantity(
      "overpotential_reference", level.map { $0 * 1e3 }, "mV",
      u: level.flatMap { referenceU(reference, about: $0) }.map { $0 * 1e3 })
    o["overpotential_final"] = millivolt("overpotential_final", before.last)
    let whole = a.cycles.prefix(a.cyclesBeforeShort)
    let slope = TheilSen(whole.map { $0.start / 3600 }, whole.map { $0.mean * 1e6 })
    o["overpotential_slope"] = quantity(
      "overpotential_slope", slope?.slope, "uV/h", u: slope?.u)
    o["noise"] = quantity("noise", median(a.halves.compactMap { $0.noise }).map { $0 * 1e3 }, "mV")
    o["fluctuation"] = quantity(
      "fluctuation", spread(before.suffix(10).map { $0.mean }).map { $0 * 1e3 }, "mV")
  }

  /// The uncertainty of a median of cycles: from their own, or from their scatter where that is more.
  private func referenceU(_ cycles: [CellCycle], about level: Double) -> Double? {
    let own = cycles.compactMap { $0.meanU }
    guard own.count == cycles.count, !own.isEmpty else { return nil }
    let n = Double(own.count)
    let mean = (own.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
    let scatter = 1.4826 * (median(cycles.map { abs($0.mean - level) }) ?? 0)
    return 1.2533 * max(mean, scatter) / n.squareRoot()
  }

  private func spread(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
  }

  private func addLifetime(_ o: inout ResultObject) {
    guard let life = a.lifetime else {
      o["lifetime"] = .null
      return
    }
    var fields = ResultObject()
    fields["value"] = .number(life.time / 3600)
    fields["unit"] = .text("h")
    fields["u"] = life.u.map { .number($0 / 3600) } ?? .null
    fields["censored"] = .flag(life.isCensored)
    fields["ended_by"] = life.endedBy.map { .text($0.rawValue) } ?? .null
    fields["cycles"] = .integer(life.cycles)
    if let id = trace["lifetime"] { fields["trace"] = .text(id.text) }
    o["lifetime"] = .object(fields)
  }

  private func addEfficiencies(_ o: inout ResultObject) {
    o["coulombic_efficiency_formula"] = a.efficiencyFormula.map { .text($0) } ?? .null
    let all = a.cycles.map { $0.coulombicEfficiency.map { $0 * 100 } }
    o["coulombic_efficiency_first"] = quantity(
      "coulombic_efficiency_first", all.first ?? nil, "%")
    let later = all.dropFirst().compactMap { $0 }
    let mean = later.isEmpty ? nil : later.reduce(0, +) / Double(later.count)
    let u = spread(later).map { $0 / Double(later.count).squareRoot() }
    o["coulombic_efficiency_mean"] = quantity("coulombic_efficiency_mean", mean, "%", u: u)
    if let r = a.reservoir {
      func charge(_ c: Double) -> ResultValue { quantity("reservoir", c / 3.6, "mA.h") }
      o["reservoir"] = .fields([
        "coulombic_efficiency": quantity("reservoir", r.efficiency * 100, "%"),
        "formula": .text("(n Q_c + Q_s)/(n Q_c + Q_T)"), "cycles": .integer(r.cycles),
        "plated_reservoir": charge(r.reservoir), "plated_cycle": charge(r.plated),
        "stripped_final": charge(r.stripped),
      ])
    } else {
      o["reservoir"] = .null
    }
    if let eighty = a.cyclesToEighty {
      var fields = ResultObject()
      fields["value"] = .number(eighty.value)
      fields["unit"] = .text("1")
      fields["censored"] = .flag(eighty.isCensored)
      if let id = trace["cycles_to_80_percent"] { fields["trace"] = .text(id.text) }
      o["cycles_to_80_percent"] = .object(fields)
    } else {
      o["cycles_to_80_percent"] = .null
    }
  }

  private func event(_ e: CellEvent) -> ResultValue {
    let start = a.firstLoad ?? 0
    func at(_ unit: String, _ value: Double?) -> ResultValue {
      quantity("events", value, unit)
    }
    return .fields([
      "kind": .text(e.kind.rawValue), "rule": .text(e.rule), "half_cycle": .integer(e.half + 1),
      "record": .integer(a.recordNumbers[e.record] ?? e.record + 1),
      "confirmed": .flag(e.isConfirmed), "time": at("h", e.time / 3600),
      "elapsed": at("h", (e.time - start) / 3600), "voltage_before": at("mV", e.before * 1e3),
      "voltage_after": at("mV", e.after * 1e3), "drop": at("%", e.drop.map { $0 * 100 }),
      "residual_resistance": at("Ohm", e.residualResistance),
      "recovered_at": at("h", e.recoveredAt.map { $0 / 3600 }),
    ])
  }
}
