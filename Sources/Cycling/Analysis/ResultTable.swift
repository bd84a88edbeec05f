internal import Tables
internal import Units

/// A column of a table of results; nil where a row has no value.
struct ResultColumn {
  var name: String
  var unit: String
  var values: [Double?]
  var u: [Double?]?
  var isInteger = false

  init(_ name: String, _ unit: String, _ values: [Double?], u: [Double?]? = nil) {
    self.name = name
    self.unit = unit
    self.values = values
    self.u = (u?.contains { $0 != nil } ?? false) ? u : nil
  }

  init(_ name: String, integers: [Int?]) {
    self.init(name, "1", integers.map { $0.map(Double.init) })
    isInteger = true
  }
}

/// Tables of results, as the contract has them and as columns of a file.
enum ResultTable {
  /// `{"rows": n, "columns": […]}`.
  static func value(_ columns: [ResultColumn], trace: TraceID?) -> ResultValue {
    var list: [ResultValue] = []
    for column in columns {
      var fields = ResultObject()
      fields["name"] = .text(column.name)
      fields["unit"] = .text(column.unit)
      fields["values"] = .list(
        column.values.map { x in
          guard let x, x.isFinite else { return .null }
          if column.isInteger, let n = Int(exactly: x) { return .integer(n) }
          return .number(x)
        })
      if let u = column.u {
        fields["u"] = .list(
          u.map { x in x.map { $0.isFinite ? .number($0) : .null } ?? .null })
      }
      if let trace { fields["trace"] = .text(trace.text) }
      list.append(.object(fields))
    }
    return .fields([
      "rows": .integer(columns.first?.values.count ?? 0), "columns": .list(list),
    ])
  }

  /// The same as a table of columns; uncertainties stand beside as `u_NAME`.
  static func table(_ name: String, _ columns: [ResultColumn]) -> Table {
    var result: [Column] = []
    for column in columns {
      result.append(self.column(column.name, column.unit, column.values, column.isInteger))
      if let u = column.u {
        result.append(self.column("u_\(column.name)", column.unit, u, false))
      }
    }
    return Table(name: name, columns: result, indexColumns: result.first.map { [$0.name] } ?? [])
  }

  private static func column(
    _ name: String, _ unit: String, _ values: [Double?], _ isInteger: Bool
  ) -> Column {
    let whole = values.map { $0.flatMap { Int64(exactly: $0) } }
    let data: ColumnValues =
      isInteger && whole.allSatisfy { $0 != nil }
      ? .integer(whole.compactMap { $0 }) : .real(values.map { $0 ?? .nan })
    return Column(
      name: name, label: name, values: data, unit: .known(CyclingUnit.unit(unit)))
  }
}

extension CyclingResult {
  /// The tables for files of their own.
  func tables() -> [Table] {
    var tables = [
      ResultTable.table("half_cycles", halfCycles()), ResultTable.table("cycles", cycleTable()),
    ]
    if a.options.differential { tables.append(ResultTable.table("dqdv_peaks", peaks())) }
    return tables
  }

  /// The columns of `half_cycles`.
  func halfCycles() -> [ResultColumn] {
    let h = a.halves
    func millivolt(_ name: String, _ value: (HalfCycle) -> Double?, u: [Double?]? = nil)
      -> ResultColumn
    {
      ResultColumn(name, "mV", h.map { value($0).map { $0 * 1e3 } }, u: u)
    }
    let meanU = h.map { half in
      half.meanU.map { own -> Double in
        let accuracy = a.options.voltageAccuracy ?? 0
        return 1e3
          * (own * own + a.resolution * a.resolution / 12 + accuracy * accuracy)
          .squareRoot()
      }
    }
    return [
      ResultColumn("index", integers: h.indices.map { $0 + 1 }),
      ResultColumn("cycle", integers: h.map { $0.cycle.map { $0 + 1 } }),
      ResultColumn("sign", integers: h.map { $0.sign > 0 ? 1 : -1 }),
      ResultColumn("t_start", "h", h.map { $0.start / 3600 }),
      ResultColumn("t_end", "h", h.map { $0.end / 3600 }),
      ResultColumn("duration", "h", h.map { $0.duration / 3600 }),
      ResultColumn("records", integers: h.map { $0.records }),
      ResultColumn("first_record", integers: h.map { a.recordNumbers[$0.first] }),
      ResultColumn("last_record", integers: h.map { a.recordNumbers[$0.last] }),
      ResultColumn("current", "mA", h.map { $0.current * 1e3 }),
      ResultColumn("charge", "mA.h", h.map { $0.charge / 3.6 }),
      ResultColumn("energy", "mW.h", h.map { $0.energy / 3.6 }),
      millivolt("voltage_mean", { $0.mean }, u: meanU), millivolt("voltage_median", { $0.median }),
      millivolt("voltage_plateau", { $0.plateau }), millivolt("voltage_start", { $0.firstVoltage }),
      millivolt("voltage_end", { $0.lastVoltage }), millivolt("voltage_peak", { $0.peak }),
      millivolt("nucleation", { $0.nucleation }), millivolt("noise", { $0.noise }),
      ResultColumn("resistance", "Ohm", h.map { $0.resistance }),
    ]
  }

  /// The columns of `cycles`.
  func cycleTable() -> [ResultColumn] {
    let c = a.cycles
    func millivolt(
      _ name: String, _ value: (CellCycle) -> Double?, u: ((CellCycle) -> Double?)? = nil
    ) -> ResultColumn {
      ResultColumn(
        name, "mV", c.map { value($0).map { $0 * 1e3 } },
        u: u.map { u in c.map { u($0).map { $0 * 1e3 } } })
    }
    func percent(_ name: String, _ value: (CellCycle) -> Double?) -> ResultColumn {
      ResultColumn(name, "%", c.map { value($0).map { $0 * 100 } })
    }
    func relative(_ cycle: CellCycle, _ value: Double?) -> Double? {
      guard let value, let u = cycle.meanU, cycle.mean != 0 else { return nil }
      return abs(value * u / cycle.mean)
    }
    let asr = c.map { cycle in cycle.resistance.flatMap { r in a.area.map { r * $0 } } }
    return [
      ResultColumn("index", integers: c.indices.map { $0 + 1 }),
      ResultColumn("first_half_cycle", integers: c.map { $0.first + 1 }),
      ResultColumn("second_half_cycle", integers: c.map { $0.second + 1 }),
      ResultColumn("t_start", "h", c.map { $0.start / 3600 }),
      ResultColumn("charge_charging", "mA.h", c.map { $0.charging / 3.6 }),
      ResultColumn("charge_discharging", "mA.h", c.map { $0.discharging / 3.6 }),
      millivolt("overpotential_mean", { $0.mean }, u: { $0.meanU }),
      millivolt("overpotential_median", { $0.median }, u: { $0.medianU }),
      millivolt("overpotential_plateau", { $0.plateau }, u: { $0.plateauU }),
      millivolt("overpotential_end", { $0.end }, u: { $0.endU }),
      millivolt("overpotential_nucleation", { $0.nucleation }),
      millivolt("hysteresis", { $0.hysteresis }), millivolt("offset", { $0.offset }),
      ResultColumn(
        "resistance", "Ohm", c.map { $0.resistance }, u: c.map { relative($0, $0.resistance) }),
      ResultColumn("asr", "Ohm.cm2", asr, u: zip(c, asr).map { relative($0, $1) }),
      percent("coulombic_efficiency", { $0.coulombicEfficiency }),
      percent("energy_efficiency", { $0.energyEfficiency }),
      percent("capacity_retention", { $0.retention }),
    ]
  }

  /// The columns of `dqdv_peaks`.
  func peaks() -> [ResultColumn] {
    let rows = a.differential.flatMap { curve in curve.peaks.map { (curve.half, $0) } }
    return [
      ResultColumn("half_cycle", integers: rows.map { $0.0 + 1 }),
      ResultColumn("voltage", "V", rows.map { $0.1.voltage }),
      ResultColumn("height", "mA.h/V", rows.map { $0.1.height / 3.6 }),
      ResultColumn("area", "mA.h", rows.map { $0.1.area / 3.6 }),
    ]
  }
}
