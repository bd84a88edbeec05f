internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What one column of a cycler's log is: its name, its unit as written, and the unit it is given in.
struct CyclerColumn: Equatable {
  /// What the file calls it, untouched.
  var label: String
  /// The canonical name, else a slug of the label.
  var name: String
  /// The unit that the file writes, or that its format fixes.
  var written: ColumnUnit
  /// The canonical unit; nil for text and for a vendor's own column.
  var target: PhysicalUnit?
  /// Whether the name is canonical.
  var isCanonical: Bool
  /// Whether the label says that the cells are `hh:mm:ss`.
  var isClockFormat = false

  /// The column of a text table.
  func textColumn(_ kind: NumericTable.Kind) -> TextColumn {
    TextColumn(name: name, label: label, written: written, target: target, kind: kind)
  }

  /// The column of numbers as the file stores them, converted to the canonical unit.
  func column(
    _ values: [Double], missing: MissingMask = MissingMask(), origin: Origin = Origin(),
    storage: Column.Storage? = nil
  ) -> Column {
    var values = values
    var unit = written
    var origin = origin
    if let from = written.unit, let target,
      let converter = try? UnitConverter(from: from, to: target)
    {
      if from.ucum != target.ucum {
        values = values.map { converter($0) }
        origin.steps.append("\(from.ucum) → \(target.ucum)")
      }
      unit = .known(target)
    }
    return Column(
      name: name, label: label, values: .real(values), unit: unit, missing: missing,
      origin: origin, storage: storage)
  }
}

/// From a vendor's label to a canonical name and a unit (cycling.md, "Canonical names").
enum CyclerColumns {
  /// What a format knows of its own labels.
  struct Vendor: Sendable {
    /// Canonical names by slug of the label; an empty one means that the word is the vendor's own.
    var names: [String: String] = [:]
    /// UCUM units by canonical name, where the format fixes them and the label writes none.
    var units: [String: String] = [:]
    /// The text to read in place of a label, such as `current (A)` for `Amps`; nil for the label.
    var rewrite: (@Sendable (String) -> String?)?
  }

  /// The columns of one header line.
  ///
  /// - Parameters:
  ///   - labels: the cells of the header.
  ///   - units: a row of units below them, if the file has one.
  ///   - line: the line of the header, for messages.
  static func named(
    _ labels: [String], units: [String] = [], vendor: Vendor = Vendor(), line: Int? = nil,
    options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> [CyclerColumn] {
    labels.enumerated().map { c, label in
      let place = line.map { Place.cell(line: $0, column: c + 1) } ?? .whole
      return column(
        label, position: c + 1, unitText: c < units.count && !units[c].isEmpty ? units[c] : nil,
        vendor, place, options, &diagnostics)
    }
  }

  /// The canonical name of a label; nil where it has none.
  static func canonicalName(_ label: String, vendor: Vendor = Vendor()) -> String? {
    meaning(ColumnLabel(bare(vendor.rewrite?(label) ?? label)), vendor)?.name
  }

  private struct Meaning {
    var name: String
    var unit: PhysicalUnit?
    var unitText: String?
  }

  private static func column(
    _ label: String, position: Int, unitText: String?, _ vendor: Vendor, _ place: Place,
    _ options: ReadOptions, _ diagnostics: inout DiagnosticList
  ) -> CyclerColumn {
    let plain = bare(vendor.rewrite?(label) ?? label)
    let parsed = ColumnLabel(plain)
    let meaning = meaning(parsed, vendor)
    let target = meaning?.unit
    let name =
      meaning?.name ?? (plain.isEmpty ? "column_\(position)" : ColumnLabel.slug(parsed.name))
    var column = CyclerColumn(
      label: label, name: name, written: .absent, target: target,
      isCanonical: meaning != nil, isClockFormat: isClockFormat(label))
    let given = options.units[name] ?? options.units[label] ?? options.units[parsed.slug]
    guard let text = given ?? unitText ?? meaning?.unitText ?? parsed.unitText else {
      if target?.ucum == "1" {
        column.written = .known(.one)
      } else if let ucum = meaning.flatMap({ vendor.units[$0.name] }),
        let unit = try? PhysicalUnit(ucum: ucum)
      {
        column.written = .known(unit)
      }
      return column
    }
    guard let loose = PhysicalUnit.loose(text, expecting: target?.dimension) else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label)'",
        expected: "expected a unit such as V, mA or mA.h")
      column.written = .unknown(text)
      return column
    }
    if let remark = loose.remark, remark.isWarning {
      diagnostics.warn(
        remark.code, at: place, found: "column '\(label)': \(remark.text)", expected: "")
    }
    column.written = .known(loose.unit)
    return column
  }

  /// The label without what is no part of name and unit; a lost degree sign is still one.
  private static func bare(_ label: String) -> String {
    var text = String(label.map { $0 == "\u{FFFD}" ? "°" : $0 })
    if isClockFormat(label), let open = text.lastIndex(where: { $0 == "(" || $0 == "[" }) {
      text = String(text[..<open])
    }
    while let first = text.first, first == "~" || first == " " || first == "\t" {
      text.removeFirst()
    }
    return text
  }

  private static func isClockFormat(_ label: String) -> Bool {
    let lower = label.lowercased()
    return lower.contains("hh:mm:ss") || lower.contains("h:m:s")
  }

  private static func meaning(_ label: ColumnLabel, _ vendor: Vendor) -> Meaning? {
    if let found = known(label.slug, unit: label.unit?.unit, vendor) { return found }
    // `test_time_s`, `current_A`: the last word is a unit if the rest is a name with that dimension.
    guard label.unitText == nil, let line = label.name.lastIndex(where: { $0 == "_" || $0 == " " })
    else { return nil }
    let stem = ColumnLabel.slug(String(label.name[..<line]))
    let suffix = String(label.name[label.name.index(after: line)...])
    guard var found = known(stem, unit: nil, vendor), let target = found.unit,
      let loose = PhysicalUnit.loose(suffix, expecting: target.dimension),
      loose.unit.dimension == target.dimension, loose.remark?.isWarning != true
    else { return nil }
    found.unitText = suffix
    return found
  }

  private static func known(_ slug: String, unit: PhysicalUnit?, _ vendor: Vendor) -> Meaning? {
    guard let name = vendor.names[slug] ?? shared[slug], !name.isEmpty,
      let entry = CanonicalName.entry(name)
    else { return nil }
    if let target = entry.unit, let unit, unit.dimension != target.dimension { return nil }
    return Meaning(name: name, unit: entry.unit)
  }

  private static let shared: [String: String] = words([
    "test_time":
      "test_time testtime total_time totaltime cumulative_time elapsed_time run_time time t seconds",
    "unix_time":
      "unix_time datetime date_time date dpt_time date_time_iso_string date_and_time real_time"
      + " timestamp time_stamp date_stamp absolute_time system_time",
    "step_time": "step_time steptime",
    "voltage": "voltage volts potential cell_voltage u v vf ewe ecell e",
    "counter_electrode_potential": "ece",
    "current": "current amps i im cell_current",
    "cycle_count":
      "cycle_count cycle_number cycle_index cycle cyc cycle_c cycle_id cyc_count cycle_no",
    "step_count": "step_count",
    "step_id": "step_id step_index step_number step_no step ns line",
    "step_type": "step_type steptype step_name state md mode_name command instruction_name",
    "record_index":
      "record_index record_number record_id record rec data_point datapoint recnum",
    "net_capacity": "net_capacity q_qo",
    "step_charging_capacity": "step_charging_capacity",
    "step_discharging_capacity": "step_discharging_capacity",
    "schedule_charging_capacity":
      "schedule_charging_capacity charge_capacity chg_capacity chargecapacity",
    "schedule_discharging_capacity":
      "schedule_discharging_capacity discharge_capacity dchg_capacity dischargecapacity",
    "charging_capacity": "charging_capacity",
    "discharging_capacity": "discharging_capacity",
    "charging_energy": "charging_energy",
    "discharging_energy": "discharging_energy",
    "power": "power p",
    "ambient_temperature": "ambient_temperature temperature temp",
    "temperature_t1": "temperature_t1 temperature_1 temp_1 t1 aux_temperature_1",
    "temperature_t2": "temperature_t2 temperature_2 temp_2 t2 aux_temperature_2",
    "temperature_t3": "temperature_t3 temperature_3 temp_3 t3 aux_temperature_3",
    "temperature_t4": "temperature_t4 temperature_4 temp_4 t4 aux_temperature_4",
    "temperature_t5": "temperature_t5 temperature_5 temp_5 t5 aux_temperature_5",
    "frequency": "frequency freq",
    "internal_resistance": "internal_resistance",
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
}
