internal import Bytes
internal import Tables
internal import Units

/// The records of a Neware file on their way to a table, in the canonical units.
///
/// A series that the file does not hold is empty; a cell that it does not hold is NaN, or `absent` in
/// whole numbers.
struct NewareSeries {
  /// Stands in whole numbers where the file holds none.
  static let absent = Int64.min

  var index: [Int64] = []
  var voltage: [Double] = []
  var current: [Double] = []
  var testTime: [Double] = []
  var stepTime: [Double] = []
  var unixTime: [Double] = []
  var cycle: [Int64] = []
  var stepCount: [Int64] = []
  var step: [Int64] = []
  var type: [Int64] = []
  var chargeIn: [Double] = []
  var chargeOut: [Double] = []
  var energyIn: [Double] = []
  var energyOut: [Double] = []
  /// Auxiliary channels.
  var channels: [Column] = []
  /// Where the records stand.
  var origin = Origin()

  /// The number of records.
  var count: Int { index.count }

  /// The table of all series.
  func table(name: String = "data") -> Table {
    var columns: [Column] = []
    func real(_ name: String, _ label: String, _ unit: String, _ values: [Double]) {
      if values.isEmpty && count > 0 { return }
      columns.append(
        Column(
          name: name, label: label, values: .real(values), unit: known(unit), origin: origin))
    }
    func whole(_ name: String, _ label: String, _ values: [Int64]) {
      if values.isEmpty && count > 0 { return }
      var values = values
      var missing = MissingMask()
      if LongSeries.least(values) == Self.absent {
        for (row, value) in values.enumerated() where value == Self.absent {
          values[row] = 0
          missing.insert(row)
        }
      }
      columns.append(
        Column(
          name: name, label: label, values: .integer(values), unit: known("1"), missing: missing,
          origin: origin))
    }
    whole("record_index", "index", index)
    real("test_time", "total time", "s", testTime)
    real("step_time", "step time", "s", stepTime)
    real("unix_time", "clock", "s", unixTime)
    real("voltage", "voltage", "V", voltage)
    real("current", "current", "A", current)
    whole("cycle_count", "cycle", cycle)
    whole("step_count", "step count", stepCount)
    whole("step_id", "step", step)
    if !type.isEmpty || count == 0 { columns.append(types()) }
    real("step_charging_capacity", "charge capacity", "A.h", chargeIn)
    real("step_discharging_capacity", "discharge capacity", "A.h", chargeOut)
    real("step_charging_energy", "charge energy", "W.h", energyIn)
    real("step_discharging_energy", "discharge energy", "W.h", energyOut)
    columns += channels
    return Table(
      name: name, columns: columns,
      indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
  }

  private func known(_ ucum: String) -> ColumnUnit {
    (try? PhysicalUnit(ucum: ucum)).map { .known($0) } ?? .absent
  }

  /// The kinds of steps as names.
  private func types() -> Column {
    var levels: [String] = []
    var codeOf: [Int64: Int32] = [:]
    var missing = MissingMask()
    var last: (type: Int64, code: Int32)?
    let codes = LongSeries.make(type.count) { row in
      let value = type[row]
      if value == Self.absent { missing.insert(row) }
      if let last, last.type == value { return last.code }
      let code =
        codeOf[value]
        ?? {
          levels.append(value == Self.absent ? "" : NewareStepType.name(value))
          return Int32(clamping: levels.count - 1)
        }()
      codeOf[value] = code
      last = (value, code)
      return code
    }
    return Column(
      name: "step_type", label: "step type", values: .category(levels: levels, codes: codes),
      unit: .absent, missing: missing, origin: origin)
  }

  /// The time of the test from the times of the steps: each step starts where the one before it ended.
  static func elapsed(_ stepTime: [Double], _ stepCount: [Int64]) -> [Double] {
    var result: [Double] = []
    result = LongSeries.room(for: stepTime.count)
    var before = 0.0
    var longest = 0.0
    for (row, time) in stepTime.enumerated() {
      if row > 0, row < stepCount.count, stepCount[row] != stepCount[row - 1] {
        before += longest
        longest = 0
      }
      if time > longest { longest = time }
      // Sums of decimal times are decimal too: what binary rounding adds is taken off.
      result.append(((before + time) * 1e6).rounded() / 1e6)
    }
    return result
  }

  /// Numbers the stretches in which none of the series changes, from 1.
  static func changes(_ series: [[Int64]]) -> [Int64] {
    guard let first = series.first else { return [] }
    var result: [Int64] = []
    result = LongSeries.room(for: first.count)
    var number: Int64 = 1
    for row in first.indices {
      if row > 0, series.contains(where: { row < $0.count && $0[row] != $0[row - 1] }) {
        number += 1
      }
      result.append(number)
    }
    return result
  }
}
