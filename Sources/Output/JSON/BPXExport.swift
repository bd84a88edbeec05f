public import Tables
internal import Units

/// A cycler log as BPX 1.1, the Battery Parameter eXchange (https://github.com/FaradayInstitution/BPX), model `Partial`.
///
/// The measured series stand under `Validation`, charge positive. `Cell` is written where the log names the electrode area
/// and the nominal capacity, with the extremes of the measured voltage as cut-offs; it forbids other
/// keys and asks for all of these. What BPX has no name for stands under `User-defined`, its unit in the key.
public struct BPXExport {
  /// What was decided: a guessed cut-off, rows left out.
  public private(set) var notes: [Diagnostic] = []
  /// The document.
  public private(set) var document: ResultValue = .null

  /// The document of a dataset.
  ///
  /// - Parameters:
  ///   - dataset: a cycler log.
  ///   - title: the title of the document.
  ///   - provenance: what the log was read from.
  ///   - isOpenCircuit: whether the technique carries no current, so that a missing column is 0.
  /// - Throws: `bpx.no-test` where no table has a time, a voltage and a current.
  public init(
    _ dataset: Dataset, title: String, provenance: ExportProvenance, isOpenCircuit: Bool
  ) throws(ReadFailure) {
    var notes = DiagnosticList()
    var validation = ResultObject()
    var extremes: (low: Double, high: Double)?
    for table in dataset.tables {
      guard let series = Series(table, isOpenCircuit: isOpenCircuit) else { continue }
      if series.leftOut > 0 {
        notes.warn(
          "bpx.rows-left-out",
          found: "rows of table '\(table.name)' without time, current or voltage",
          expected: "BPX has no missing values; they are left out", count: series.leftOut)
      }
      guard let low = series.voltage.min(), let high = series.voltage.max() else { continue }
      extremes = (min(extremes?.low ?? low, low), max(extremes?.high ?? high, high))
      validation[Self.unused(table.name, in: validation)] = series.result
    }
    guard let extremes else {
      throw ReadFailure(
        "bpx.no-test", found: "no table with a time in s, a voltage in V and a current in A",
        expected: "expected a cycler's log; other tables go to --to csv")
    }
    var parameters = ResultObject()
    var own = ResultObject()
    let area = dataset.setting("electrode_area").map { $0.value * $0.unit.scale }
    let capacity = dataset.setting("nominal_capacity").map { $0.value * $0.unit.scale / 3600 }
    if let area, let capacity, extremes.low < extremes.high {
      parameters["Cell"] = .fields([
        "Electrode area [m2]": .number(area),
        "Number of electrode pairs connected in parallel to make a cell": .integer(1),
        "Lower voltage cut-off [V]": .number(extremes.low),
        "Upper voltage cut-off [V]": .number(extremes.high),
        "Nominal cell capacity [A.h]": .number(capacity),
      ])
      notes.note(
        "bpx.cut-offs", found: "\(extremes.low) V to \(extremes.high) V as voltage cut-offs",
        expected: "they are the extremes of the log; one pair of electrodes is assumed")
    }
    own["description"] = .text(Self.description(provenance))
    if parameters["Cell"] == nil {
      if let area { own["Electrode area [m2]"] = .number(area) }
      if let capacity { own["Nominal cell capacity [A.h]"] = .number(capacity) }
      own["Lowest measured voltage [V]"] = .number(extremes.low)
      own["Highest measured voltage [V]"] = .number(extremes.high)
    }
    parameters["User-defined"] = .object(own)
    document = .fields([
      "Header": .fields([
        "BPX": .text("1.1.0"), "Title": .text(title),
        "Description": .text(Self.description(provenance)), "Model": .text("Partial"),
      ]),
      "Parameterisation": .object(parameters), "Validation": .object(validation),
    ])
    self.notes = notes.all
  }

  private static func description(_ provenance: ExportProvenance) -> String {
    var text = "Measured; written by interphase \(provenance.version)"
    if let input = provenance.input { text += " from \(input.path), SHA-256 \(input.sha256)" }
    return text + "."
  }

  private static func unused(_ name: String, in object: ResultObject) -> String {
    guard object[name] != nil else { return name }
    var number = 2
    while object["\(name) \(number)"] != nil { number += 1 }
    return "\(name) \(number)"
  }

  /// The series of one test, whole rows only.
  private struct Series {
    var time: [Double] = []
    var current: [Double] = []
    var voltage: [Double] = []
    var temperature: [Double]?
    var leftOut = 0

    /// The series of a table; nil where it is no test.
    init?(_ table: Table, isOpenCircuit: Bool) {
      guard let times = Self.values(table["test_time"], "s"),
        let voltages = Self.values(table["voltage"], "V")
      else { return nil }
      let currents: [Double]
      if let found = Self.values(table["current"], "A") {
        currents = found
      } else if table["current"] == nil, isOpenCircuit {
        currents = Array(repeating: 0, count: times.count)
      } else {
        return nil
      }
      let warmth = ["temperature", "temperature_t1", "ambient_temperature"].lazy
        .compactMap { Self.values(table[$0], "Cel") }.first
      let isWarm = warmth?.contains { $0.isFinite } ?? false
      var kelvin: [Double] = []
      for row in 0..<min(times.count, voltages.count, currents.count) {
        let heat = isWarm ? warmth?[row] ?? .nan : 0
        guard times[row].isFinite, voltages[row].isFinite, currents[row].isFinite, heat.isFinite
        else {
          leftOut += 1
          continue
        }
        time.append(times[row])
        current.append(currents[row])
        voltage.append(voltages[row])
        if isWarm { kelvin.append(heat + 273.15) }
      }
      if isWarm { temperature = kelvin }
    }

    private static func values(_ column: Column?, _ unit: String) -> [Double]? {
      guard let column, column.unit.ucum == unit, var values = column.real else { return nil }
      if column.missing.count > 0 {
        for row in values.indices where column.missing.contains(row) { values[row] = .nan }
      }
      return values
    }

    var result: ResultValue {
      var fields = ResultObject()
      fields["Time [s]"] = .list(time.map { .number($0) })
      fields["Current [A]"] = .list(current.map { .number($0) })
      fields["Voltage [V]"] = .list(voltage.map { .number($0) })
      fields["Temperature [K]"] = temperature.map { .list($0.map { .number($0) }) }
      return .object(fields)
    }
  }
}
