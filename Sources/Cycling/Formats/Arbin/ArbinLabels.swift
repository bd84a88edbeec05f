internal import Reading
internal import Tables
internal import Units

/// What Arbin's columns are called and measured in, in databases, workbooks and text alike.
///
/// The charge and energy counters are reset where the schedule says, so they are BDF's `schedule_*`.
enum ArbinLabels {
  /// The words beyond those that all cyclers share, and the units of a database, which writes none.
  static let vendor = CyclerColumns.Vendor(
    names: ["acr": "", "capacity": "", "power": "power"],
    units: [
      "test_time": "s", "step_time": "s", "voltage": "V", "current": "A",
      "schedule_charging_capacity": "A.h", "schedule_discharging_capacity": "A.h",
      "internal_resistance": "Ohm", "power": "W",
    ])

  /// The units of Arbin's own columns, which no canonical name fits, by slug of the label.
  static let ownUnits: [String: String] = [
    "charge_energy": "W.h", "discharge_energy": "W.h", "dv_dt": "V/s", "ac_impedance": "Ohm",
    "aci_phase_angle": "deg", "acr": "Ohm", "vmax_on_cycle": "V", "charge_time": "s",
    "discharge_time": "s", "test_time": "s", "step_time": "s", "mass": "g", "voltage": "V",
    "current": "A", "charge_capacity": "A.h", "discharge_capacity": "A.h",
  ]

  /// The columns of a table of a database, where no label writes a unit.
  static func columns(
    _ labels: [String], options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> [CyclerColumn] {
    var columns = CyclerColumns.named(
      labels, vendor: vendor, options: options, into: &diagnostics)
    for i in columns.indices where !columns[i].isCanonical {
      // A slash stands for a derivative here, not before a unit.
      columns[i].name = ColumnLabel.slug(labels[i])
      if options.units[columns[i].name] != nil || options.units[labels[i]] != nil { continue }
      columns[i].written = unit(columns[i].name)
    }
    return columns
  }

  /// The unit of one of Arbin's own columns.
  static func unit(_ slug: String) -> ColumnUnit {
    guard let text = ownUnits[slug], let unit = try? PhysicalUnit(ucum: text) else {
      return .absent
    }
    return .known(unit)
  }

  /// Labels that only Arbin writes together, as slugs.
  private static let marks: Set<String> = [
    "data_point", "test_time", "step_time", "step_index", "cycle_index", "charge_capacity",
    "discharge_capacity", "charge_energy", "discharge_energy", "dv_dt", "internal_resistance",
    "datetime", "date_time", "ac_impedance", "aci_phase_angle", "tc_counter1", "is_fc_data",
    "test_id",
  ]

  /// How many of the labels are Arbin's.
  static func count(_ labels: [String]) -> Int {
    var found: Set<String> = []
    for label in labels {
      let text = String(label.drop { $0 == "\u{FEFF}" })
      for slug in [ColumnLabel.slug(text), ColumnLabel(text).slug] where marks.contains(slug) {
        found.insert(slug)
      }
      if text.hasPrefix("dV/dt") { found.insert("dv_dt") }
    }
    return found.count
  }
}
