internal import Tables
internal import Units

/// What columns are called in practice, and what they then are.
///
/// A name counts only where its unit, if one is written, measures what the canonical name says.
enum ColumnSynonyms {
  /// What one column is.
  struct Meaning: Equatable {
    var name: String
    var unit: PhysicalUnit?
    /// Whether a minus sign stands before the name: the file holds the values with the other sign.
    var isNegated = false
  }

  /// What is known of a column before it has a name.
  struct Label {
    var slug: String
    var text: String
    var unit: PhysicalUnit?
    /// The text that stands where a unit stands.
    var unitText: String?

    /// Whether the unit measures what a name says, as it is written or with the name in mind.
    func fits(_ dimension: Dimension) -> Bool {
      guard let unit, unit.dimension != dimension else { return true }
      return unitText.flatMap { PhysicalUnit.loose($0, expecting: dimension) }?.unit.dimension
        == dimension
    }
  }

  /// The columns' meanings and the technique that they make up.
  static func resolve(_ labels: [Label]) -> (technique: Technique, meanings: [Meaning?]) {
    for (technique, names, isMet) in techniques {
      let meanings = labels.map { meaning($0, [names, shared]) }
      if isMet(Set(meanings.compactMap { $0?.name })) { return (technique, meanings) }
    }
    if isSimulation(Set(labels.map(\.slug))) {
      return (.simulation, labels.map { meaning($0, [CanonicalName.simulationLabels, shared]) })
    }
    return (.any, labels.map { meaning($0, [force, shared, photon]) })
  }

  /// Whether labels are those of a simulation's series: a word that no instrument writes, or a fraction
  /// with an energy, beside a time or a size of cells.
  private static func isSimulation(_ slugs: Set<String>) -> Bool {
    let axes: Set = ["time", "t", "mesh_size", "time_step", "dx", "dt", "position_x"]
    let own: Set = [
      "free_energy", "total_free_energy", "total_energy", "bulk_energy", "solid_fraction",
      "volume_fraction", "tip_position", "particle_count", "l2_error", "interface_height",
    ]
    guard !slugs.isDisjoint(with: axes) else { return false }
    return !slugs.isDisjoint(with: own) || slugs.isSuperset(of: ["time", "fraction", "energy"])
  }

  private static func meaning(_ label: Label, _ tables: [[String: String]]) -> Meaning? {
    for table in tables {
      guard let name = table[label.slug] ?? beforeUnit(label, table) else { continue }
      let unit = unit(of: name)
      if let unit, !label.fits(unit.dimension) { continue }
      return Meaning(
        name: name, unit: unit,
        isNegated: name.hasPrefix("impedance_") && startsWithMinus(label.text))
    }
    return nil
  }

  /// The name in `name_unit`, where the last word is a unit of what the name says.
  private static func beforeUnit(_ label: Label, _ table: [String: String]) -> String? {
    guard label.unitText == nil, let line = label.slug.lastIndex(of: "_"),
      let name = table[String(label.slug[..<line])], let unit = unit(of: name),
      ColumnLabel(label.text, expecting: unit.dimension).unit?.unit.dimension == unit.dimension
    else { return nil }
    return name
  }

  private static func startsWithMinus(_ text: String) -> Bool {
    text.first == "-" || text.first == "\u{2212}"
  }

  private static let impedanceUnits = [
    "impedance_real": "Ohm", "impedance_imaginary": "Ohm", "impedance_modulus": "Ohm",
    "impedance_phase": "deg", "potential": "V",
  ]

  /// The unit in which a canonical name stands.
  private static func unit(of name: String) -> PhysicalUnit? {
    if let ucum = impedanceUnits[name] { return try? PhysicalUnit(ucum: ucum) }
    return CanonicalName.entry(name)?.unit
  }

  private static let techniques:
    [(technique: Technique, names: [String: String], isMet: @Sendable (Set<String>) -> Bool)] = [
      (
        .impedance, impedance,
        { names in
          let parts = [
            "impedance_real", "impedance_imaginary", "impedance_modulus",
            "impedance_phase",
          ]
          return names.contains("frequency") && parts.count { names.contains($0) } >= 2
        }
      ),
      (
        .cycling, cycling,
        { $0.isSuperset(of: ["test_time", "voltage", "current"]) }
      ),
      (
        .afm, force,
        { names in
          names.contains("force")
            && !names.isDisjoint(with: ["deflection", "sensor_position", "piezo_position"])
        }
      ),
      (
        .xas, photon,
        { names in
          names.contains("photon_energy")
            && !names.isDisjoint(with: [
              "mu", "norm", "flat", "fluorescence_yield",
              "electron_yield", "transmitted_intensity",
            ])
        }
      ),
    ]

  private static let shared: [String: String] = words([
    "time": "time t seconds elapsed_time", "test_time": "test_time total_time",
    "step_time": "step_time", "temperature": "temperature temp", "frequency": "frequency freq",
    "voltage": "voltage", "current": "current", "power": "power", "channel": "channel",
    "counts": "counts", "intensity": "intensity", "photon_energy": "photon_energy",
    "position_x": "position_x", "position_y": "position_y", "position_z": "position_z",
  ])

  private static let force: [String: String] = words([
    "force": "force load normal_force tip_force f defl_pn",
    "deflection": "deflection defl displacement indentation_depth film_deflection defl_nm depth",
    "sensor_position":
      "sensor_position zsnsr measuredheight capacitivesensorheight straingaugeheight height_sensor"
      + " z_axis_sensor z_sense z_sensor",
    "piezo_position": "piezo_position piezo z_piezo raw calc_ramp z",
    "deflection_voltage": "deflection_voltage deflection defl deflv deflection_error",
  ])

  private static let photon: [String: String] = words([
    "photon_energy": "photon_energy energy e energy_ev hv",
    "mu": "mu xmu mue mut absorption absorbance absorption_coefficient mutrans mufluor",
    "norm": "norm normalized normalised normalized_absorption normalised_absorption",
    "flat": "flat flattened", "incident_intensity": "i0 io izero incident_intensity",
    "transmitted_intensity": "it i1 itrans transmission transmitted_intensity",
    "reference_intensity": "ir i2 iref irefer reference_intensity",
    "fluorescence_yield": "if ifluor fluorescence tfy fluorescence_yield",
    "electron_yield": "tey electron_yield drain_current",
  ])

  private static let cycling: [String: String] = words([
    "test_time":
      "test_time time t total_time elapsed_time run_time cumulative_time time_s testtime seconds",
    "step_time": "step_time steptime",
    "voltage": "voltage potential cell_voltage ewe ecell e u v vf volts",
    "current": "current i im amps cell_current",
    "cycle_count": "cycle cycle_index cycle_number cycle_count cyc cycle_c",
    "step_id": "step step_index step_id ns", "step_type": "step_type state md step_name",
    "record_index": "record data_point datapoint rec record_index",
    "net_capacity": "net_capacity",
    "charging_capacity": "charging_capacity",
    "discharging_capacity": "discharging_capacity",
    "schedule_charging_capacity": "charge_capacity",
    "schedule_discharging_capacity": "discharge_capacity",
    "ambient_temperature": "temperature ambient_temperature temp",
    "internal_resistance": "internal_resistance",
  ])

  private static let impedance: [String: String] = words([
    "frequency": "frequency freq f",
    "impedance_real": "zre z_re re_z zreal z_real real zr re zprime z1 impedance_real",
    "impedance_imaginary":
      "zim z_im im_z zimag z_imag zimg imaginary imag zi im z2 impedance_imaginary",
    "impedance_modulus": "zmod modulus abs_z z_abs impedance_modulus",
    "impedance_phase": "phase phase_z zphz z_phase impedance_phase",
    "potential": "potential voltage", "time": "time",
  ])

  /// From canonical names with their words to words with their canonical name.
  private static func words(_ table: KeyValuePairs<String, String>) -> [String: String] {
    var result: [String: String] = [:]
    for (name, list) in table {
      for word in list.split(separator: " ") where result[String(word)] == nil {
        result[String(word)] = name
      }
    }
    return result
  }

  /// The slug of a name, with the strokes of Z' and Z'' and the bars of |Z| in words.
  static func slug(_ name: String) -> String {
    let lower = String(name.lowercased().filter { $0 != " " })
    let bare = String(lower.drop { $0 == "-" || $0 == "\u{2212}" })
    switch bare {
    case "z'", "z’", "z′": return "zreal"
    case "z''", "z\"", "z’’", "z″", "z”", "z′′": return "zimag"
    case "|z|": return "zmod"
    default: return ColumnLabel.slug(name)
    }
  }
}
