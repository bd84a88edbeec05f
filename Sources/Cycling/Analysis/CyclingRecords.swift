internal import Bytes
internal import Tables
internal import Units

/// The records of one test in SI units, contiguous, as the analysis takes them.
///
/// Records of an impedance technique and records without time, voltage or current are left out.
public struct CyclingRecords: Sendable {
  /// Elapsed time (s), cell voltage (V) and current (A, positive charges).
  public var time: [Double], voltage: [Double], current: [Double]
  /// The row of each record in its table, from 0; nil where no row was left out.
  var rows: [Int32]?
  /// Records before which something was left out, so that no run goes through.
  var breaks: [Int] = []
  /// Records of an impedance technique, and records with a missing cell.
  var impedance = 0, incomplete = 0
  /// The counters of charge (C) and energy (J) of the file.
  var charge = ChargeCounters(), energy = ChargeCounters()
  /// The area of an electrode in cm² as the file gives it.
  var area: InstrumentSetting?
  /// The words of the column of step types, by record.
  var stepTypes: Column?
  /// The instant of time zero, s, on the file's own clock; nil where it gives none.
  var origin: Double?
  /// The name of the table, and the columns behind the numbers.
  var table = ""
  var columns: [Column] = []
  /// What the file says about its channel and test, to compare files that are joined.
  var marks: [(key: String, value: String)] = []
  /// Whether the file ended inside the data.
  var isCut = false

  /// The records of three series in SI units.
  public init(time: [Double], voltage: [Double], current: [Double]) {
    let n = min(time.count, voltage.count, current.count)
    self.time = time.count == n ? time : Array(time.prefix(n))
    self.voltage = voltage.count == n ? voltage : Array(voltage.prefix(n))
    self.current = current.count == n ? current : Array(current.prefix(n))
  }

  /// The number of records.
  public var count: Int { time.count }

  /// The number of a record in its table, from 1.
  func number(_ position: Int) -> Int {
    guard let rows else { return position + 1 }
    return rows.indices.contains(position) ? Int(rows[position]) + 1 : position + 1
  }
}

extension CyclingRecords {
  /// The records of a dataset; what is missing or left out goes to the diagnostics.
  ///
  /// - Throws: `cycling.no-column` where time, voltage or current is not there.
  static func read(
    _ dataset: Dataset, options: CyclingOptions, diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> CyclingRecords {
    let table = try chosenTable(dataset, &diagnostics)
    let time = si(table["test_time"] ?? table["time"]) ?? []
    let voltage = si(table["voltage"]) ?? []
    var current = si(table["current"])
    if current == nil {
      diagnostics.note(
        "cycling.open-circuit", found: "an open-circuit technique without a current column",
        expected: "its current is taken as 0")
      current = [Double](repeating: 0, count: table.rows)
    }
    var records = CyclingRecords(time: time, voltage: voltage, current: current ?? [])
    if options.flipCurrent { for i in records.current.indices { records.current[i].negate() } }
    records.table = table.name
    records.columns = ["test_time", "time", "voltage", "current"].compactMap { table[$0] }
    if table["test_time"] != nil { records.columns.removeAll { $0.name == "time" } }
    records.isCut = !dataset.complete
    records.marks = dataset.metadata.entries.compactMap { entry in
      let key = entry.key.lowercased()
      guard marksOfTest.contains(key), let value = dataset.metadata.text(entry.key) else {
        return nil
      }
      return (key, value)
    }
    records.stepTypes = table["step_type"]
    records.charge = ChargeCounters(chargeOf: table)
    records.energy = ChargeCounters(energyOf: table)
    records.area = fileArea(dataset, &diagnostics)
    records.origin = origin(table, dataset)
    records.leaveOut(frequency: table["frequency"].flatMap { $0.real })
    if records.impedance > 0 {
      diagnostics.note(
        "cycling.impedance-records",
        found: "\(records.impedance) records of an impedance technique",
        expected: "left out of the half cycles")
    }
    if records.incomplete > 0 {
      diagnostics.warn(
        "cycling.incomplete-record", found: "a record without time, voltage or current",
        expected: "left out", count: records.incomplete)
    }
    return records
  }

  /// Keys of metadata that stay the same where a test is continued.
  private static let marksOfTest: Set<String> = [
    "channel", "channel_index", "channel index", "run on channel", "test name", "test_name",
    "barcode", "device", "serial number",
  ]

  /// The table of the test: the longest one with time, voltage and current.
  private static func chosenTable(
    _ dataset: Dataset, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Table {
    func has(_ table: Table, _ name: String) -> Bool { table[name]?.unit.unit != nil }
    func timed(_ table: Table) -> Bool { has(table, "test_time") || has(table, "time") }
    let whole = dataset.tables.filter { timed($0) && has($0, "voltage") && has($0, "current") }
    if let best = whole.max(by: { $0.rows < $1.rows }) {
      if whole.count > 1 {
        diagnostics.warn(
          "cycling.several-tests",
          found: "\(whole.count) tables with time, voltage and current",
          expected: "one test a file; '\(best.name)', the longest, is analyzed")
      }
      return best
    }
    let resting = dataset.tables.filter { timed($0) && has($0, "voltage") }
    if let table = resting.first, isOpenCircuit(dataset, table) { return table }
    let lacking = ["test_time", "voltage", "current"].filter { name in
      !dataset.tables.contains { name == "test_time" ? timed($0) : has($0, name) }
    }
    let columns = dataset.tables.flatMap { $0.columns }
    let names = columns.prefix(8).map { "'\($0.label)'" }.joined(separator: ", ")
    let words = lacking.isEmpty ? "time, voltage and current" : lacking.joined(separator: " and ")
    throw ReadFailure(
      "cycling.no-column",
      found: names.isEmpty
        ? "no table with \(words)"
        : "no table with time, voltage and current among the columns \(names)",
      expected: "expected a column \(words) with a unit")
  }

  /// Whether the file says itself that it records an open circuit, or holds no row at all.
  private static func isOpenCircuit(_ dataset: Dataset, _ table: Table) -> Bool {
    let words = ["open circuit", "ocv", "corpot", "wait", "ocp", "impedance"]
    if table.rows == 0 || dataset.technique == .impedance { return true }
    return dataset.metadata.entries.contains { entry in
      guard case .text(let text) = entry.value, text.utf8.count <= 60 else { return false }
      let lower = text.lowercased()
      return words.contains { word in
        lower == word || lower.hasPrefix(word + " ") || lower.hasSuffix(" (\(word))")
          || (word.count > 6 && lower.contains(word))
      }
    }
  }

  /// A column in SI units; nil without a known unit.
  static func si(_ column: Column?) -> [Double]? {
    guard let column, let unit = column.unit.unit, let values = column.real else { return nil }
    if unit.scale == 1, unit.offset == 0 { return values }
    let scale = unit.scale
    let offset = unit.offset
    return values.map { $0 * scale + offset }
  }

  /// The area in cm² with its place; values that vendors write for "not set" are none.
  private static func fileArea(
    _ dataset: Dataset, _ diagnostics: inout DiagnosticList
  ) -> InstrumentSetting? {
    if let setting = dataset.setting("electrode_area") {
      let area = setting.value * setting.unit.scale * 1e4
      guard area > 0, area.isFinite, abs(area - 0.001) > 1e-9 else { return nil }
      if area > 1e4 {
        diagnostics.warn(
          "cycling.area", found: "\(setting.key): \(area) cm2",
          expected: "an electrode below 1 m2; taken as not set")
        return nil
      }
      var found = setting
      found.value = area
      found.unit = .squareCentimetre
      return found
    }
    let key = "Electrode surface area"
    guard let text = dataset.metadata.text(key), let area = squareCentimetres(text) else {
      return nil
    }
    return InstrumentSetting(
      "electrode_area", area, .squareCentimetre, key: key,
      origin: dataset.settingOrigins[key] ?? Origin())
  }

  /// `0.500 cm²`, `113.1 mm2` in cm²; nil for anything else and for "not set".
  static func squareCentimetres(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard parts.count >= 2 else { return nil }
    let number = String(parts[0].map { $0 == "," ? "." : $0 })
    guard let value = Double(number), value.isFinite else { return nil }
    let scale: Double
    switch parts[1].lowercased() {
    case "cm2", "cm²", "cm^2": scale = 1
    case "mm2", "mm²", "mm^2": scale = 0.01
    case "m2", "m²", "m^2": scale = 1e4
    default: return nil
    }
    let area = value * scale
    return area > 0 && abs(area - 0.001) > 1e-9 && area < 1e4 ? area : nil
  }

  /// The instant of time zero: by the column of instants, else by the start that the header names.
  private static func origin(_ table: Table, _ dataset: Dataset) -> Double? {
    let time = table["test_time"].flatMap { si($0) } ?? []
    if let column = table["unix_time"] {
      switch column.values {
      case .instant(let v):
        if let first = v.first, let t = time.first, t.isFinite { return Double(first) / 1e9 - t }
      default:
        if let first = si(column)?.first, first.isFinite, let t = time.first, t.isFinite {
          return first - t
        }
      }
    }
    guard let start = dataset.metadata.text("Acquisition started on") else { return nil }
    return ClockStamp(start, order: ClockStamp.order(of: [start])).map {
      Double($0.nanoseconds) / 1e9
    }
  }

  /// Takes out records of an impedance technique and records with a missing number.
  mutating func leaveOut(frequency: [Double]?) {
    let n = count
    var bad = 0
    var spectra = 0
    for i in 0..<n where !(time[i].isFinite && voltage[i].isFinite && current[i].isFinite) {
      bad += 1
    }
    if let frequency {
      for i in 0..<min(n, frequency.count) where frequency[i] > 0 { spectra += 1 }
    }
    guard bad > 0 || spectra > 0 else { return }
    var kept: [Int32] = []
    kept.reserveCapacity(n)
    var gap = false
    for i in 0..<n {
      if let frequency, i < frequency.count, frequency[i] > 0 {
        impedance += 1
        gap = true
        continue
      }
      guard time[i].isFinite, voltage[i].isFinite, current[i].isFinite,
        let row = Int32(exactly: i)
      else {
        incomplete += 1
        continue
      }
      if gap, !kept.isEmpty { breaks.append(kept.count) }
      gap = false
      kept.append(row)
    }
    time = kept.map { time[Int($0)] }
    voltage = kept.map { voltage[Int($0)] }
    current = kept.map { current[Int($0)] }
    charge.keep(kept)
    energy.keep(kept)
    rows = kept
  }
}
