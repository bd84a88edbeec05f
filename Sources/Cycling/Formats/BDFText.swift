public import Bytes
public import Reading
public import Tables
internal import Units

/// Battery Data Format as text: `Quantity / unit` labels or machine names.
public enum BDFText: FileFormat {
  /// `bdf`.
  public static let id = "bdf"
  /// One line for people.
  public static let title = "Battery Data Format (BDF) csv"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["bdf", "csv"]
  /// How it is recognised.
  public static let recognisedBy =
    "line 1 holds 'Test Time / s' or test_time_second and another label of the BDF ontology"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  private static func areLabels(_ cells: [String]) -> Bool {
    let names = cells.compactMap(BDFLabels.quantity)
    return names.contains("test_time") && names.count >= 2
  }

  /// 90 for BDF's labels on line 1.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(8192), into: &diagnostics),
      let found = CyclerLabelLine(text.utf8, lines: 1, accepts: areLabels)
    else { return .none }
    let count = found.labels.compactMap(BDFLabels.quantity).count
    return Recognition(
      90, ["line 1 holds \(count) labels of the Battery Data Format"])
  }

  /// Reads the file.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let found = CyclerLabelLine(text.utf8, lines: 1, accepts: areLabels) else {
      throw ReadFailure(
        "bdf.header", at: .line(1), found: "no labels of the Battery Data Format",
        expected: "expected 'Test Time / s', 'Voltage / V', 'Current / A'")
    }
    let plan = CyclerTable(
      labels: found.labels, labelLine: 1, dataStart: found.line.next, dataLine: 2,
      delimiter: found.delimiter, vendor: BDFLabels.vendor)
    let content = try plan.read(text, options: options, into: &diagnostics)
    for required in ["test_time", "voltage", "current"]
    where !content.columns.contains(where: { $0.name == required }) {
      diagnostics.warn(
        "bdf.missing-column", at: .line(1), found: "no column '\(required)'",
        expected: "BDF requires test time, voltage and current")
    }
    let preamble = CyclerPreamble([], of: text, delimiter: found.delimiter)
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }
}

/// The labels of the Battery Data Format.
enum BDFLabels {
  /// Quantities by their name in words or as machine name (ontology 1.3.0 and what it deprecates), and
  /// the canonical name; empty where there is none.
  private static let quantities: [String: String] = [
    "test_time": "test_time", "unix_time": "unix_time", "date_time": "unix_time",
    "step_time": "step_time", "voltage": "voltage", "current": "current",
    "cycle_count": "cycle_count", "cycle": "cycle_count", "step_count": "step_count",
    "step": "step_count", "step_id": "step_id", "step_index": "step_id", "step_type": "step_type",
    "record_index": "record_index", "step_record_index": "",
    "charging_capacity": "charging_capacity", "discharging_capacity": "discharging_capacity",
    "charge_capacity": "charging_capacity", "discharge_capacity": "discharging_capacity",
    "charging_energy": "charging_energy", "discharging_energy": "discharging_energy",
    "charge_energy": "charging_energy", "discharge_energy": "discharging_energy",
    "step_charging_capacity": "step_charging_capacity",
    "step_discharging_capacity": "step_discharging_capacity",
    "step_charge_capacity": "step_charging_capacity",
    "step_discharge_capacity": "step_discharging_capacity",
    "step_charging_energy": "step_charging_energy",
    "step_discharging_energy": "step_discharging_energy",
    "step_charge_energy": "step_charging_energy",
    "step_discharge_energy": "step_discharging_energy",
    "schedule_charging_capacity": "schedule_charging_capacity",
    "schedule_discharging_capacity": "schedule_discharging_capacity",
    "schedule_charging_energy": "", "schedule_discharging_energy": "",
    "cycle_charging_capacity": "", "cycle_discharging_capacity": "",
    "cycle_charging_energy": "", "cycle_discharging_energy": "", "cycle_net_capacity": "",
    "cycle_net_energy": "", "cycle_cumulative_capacity": "", "cycle_cumulative_energy": "",
    "step_net_capacity": "", "step_net_energy": "", "step_cumulative_capacity": "",
    "step_cumulative_energy": "", "step_capacity": "", "step_energy": "",
    "cumulative_capacity": "", "cumulative_energy": "", "net_capacity": "net_capacity",
    "net_energy": "", "power": "power", "frequency": "frequency", "phase": "",
    "real_impedance": "", "imaginary_impedance": "", "absolute_impedance": "",
    "internal_resistance": "internal_resistance", "ac_internal_resistance": "",
    "dc_internal_resistance": "", "ambient_temperature": "ambient_temperature",
    "ambient_pressure": "", "applied_pressure": "", "surface_pressure": "",
    "surface_temperature": "", "temperature_t1": "temperature_t1",
    "temperature_t2": "temperature_t2", "temperature_t3": "temperature_t3",
    "temperature_t4": "temperature_t4", "temperature_t5": "temperature_t5",
    "surface_temperature_t1": "temperature_t1", "surface_temperature_t2": "temperature_t2",
    "surface_temperature_t3": "temperature_t3", "surface_temperature_t4": "temperature_t4",
    "surface_temperature_t5": "temperature_t5",
  ]

  /// The units that end machine names, the longest first.
  private static let suffixes: [(ending: String, unit: String)] = [
    ("_ampere_hour", "A.h"), ("_watt_hour", "W.h"), ("_dimensionless", "1"),
    ("_millisecond", "ms"), ("_milliampere", "mA"), ("_millivolt", "mV"), ("_second", "s"),
    ("_celsius", "Cel"), ("_kelvin", "K"), ("_ampere", "A"), ("_degree", "deg"), ("_pascal", "Pa"),
    ("_minute", "min"), ("_hertz", "Hz"), ("_volt", "V"), ("_watt", "W"), ("_hour", "h"),
    ("_degc", "Cel"), ("_ohm", "Ohm"), ("_ah", "A.h"), ("_wh", "W.h"), ("_pa", "Pa"),
    ("_ms", "ms"), ("_s", "s"), ("_v", "V"), ("_a", "A"), ("_w", "W"), ("_1", "1"),
  ]

  /// The canonical name of a BDF label, empty where the quantity has none; nil for any other label.
  static func quantity(_ label: String) -> String? {
    if let slash = label.firstRange(of: " / ") {
      return quantities[ColumnLabel.slug(String(label[..<slash.lowerBound]))]
    }
    if label == "Step ID" || label == "Step Type" { return ColumnLabel.slug(label) }
    return machine(label).flatMap { quantities[$0.name] }
  }

  /// A machine name taken apart: `test_time_second` is test_time in s.
  private static func machine(_ label: String) -> (name: String, unit: String?)? {
    guard label.utf8.allSatisfy({ $0 == 0x5F || $0 &- 48 <= 9 || $0 &- 97 <= 25 }) else {
      return nil
    }
    for (ending, unit) in suffixes where label.hasSuffix(ending) {
      let name = String(label.dropLast(ending.count))
      if quantities[name] != nil { return (name, unit) }
    }
    // Numbers and texts have no unit in their machine name.
    let plain = ["cycle_count", "step_count", "step_id", "step_index", "step_type", "record_index"]
    return plain.contains(label) || label == "step_record_index" ? (label, nil) : nil
  }

  /// Names, and machine names as labels with units.
  static let vendor = CyclerColumns.Vendor(
    names: quantities,
    rewrite: { label in
      guard let machine = machine(label) else { return nil }
      return machine.unit.map { "\(machine.name) (\($0))" } ?? machine.name
    })
}

extension String {
  /// Where a text first occurs.
  fileprivate func firstRange(of needle: String) -> Range<Index>? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(needle) { return i..<index(i, offsetBy: needle.count) }
      i = index(after: i)
    }
    return nil
  }
}
