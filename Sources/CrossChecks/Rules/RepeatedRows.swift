internal import Tables

/// `repeated-rows`: no rows, blocks of rows or columns were copied.
enum RepeatedRows: LintRule {
  static let code = "repeated-rows"
  static let formula =
    "share of rows that equal the row before; longest block of measured values that occurs twice; columns "
    + "of two names with equal values"
  static let threshold = "above 1 %; 20 rows or more; any"
  static let source =
    "noise does not repeat: of a block only rows count whose values depart from a straight course"
  static let needs = "a table of at least 20 rows with two columns that change"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      let columns = table.columns.compactMap { Numbers($0) }
      guard let rows = columns.map(\.values.count).min(), rows >= 20, columns.count >= 2 else {
        return []
      }
      return [neighbours(table, columns, rows), block(table, columns, rows)].compactMap { $0 }
        + twins(table, columns)
    }
  }

  /// A column of numbers that change.
  private struct Numbers {
    let column: Column
    let values: [Double]

    init?(_ column: Column) {
      guard column.summary == nil, let values = column.real,
        let range = LintNumbers.extremes(values), range.high > range.low
      else { return nil }
      self.column = column
      self.values = values
    }

    /// Whether most rows differ from the one before.
    var runsOn: Bool {
      let step = max(1, values.count / 1000)
      let rows = stride(from: 1, to: values.count, by: step)
      return rows.count { values[$0] != values[$0 - 1] } * 10 >= rows.underestimatedCount * 9
    }

    /// Whether the column counts or names rows instead of measuring.
    var isAxis: Bool {
      let base = RepeatedRows.base(column.name)
      if RepeatedRows.detectors.contains(base) || base == "intensity" { return false }
      let words = [
        "time", "record", "cycle", "step", "channel", "index", "clock", "id", "number", "frequency",
        "energy", "position", "counter", "data_point", "epoch", "seconds", "dose", "fluence",
        "mode",
        "range", "error", "changes", "flags", "row", "line", "curve", "point", "angle", "control",
      ]
      return words.contains { column.name.contains($0) } || column.storage == .integer
    }
  }

  private static func neighbours(
    _ table: Table, _ columns: [Numbers], _ rows: Int
  ) -> LintCheck? {
    // Without a column that runs on, equal rows may be equal measurements.
    guard columns.contains(where: { $0.isAxis && $0.runsOn }) else { return nil }
    var same = 0
    var first = 0
    for row in 1..<rows
    where columns.allSatisfy({ equal($0.values[row], $0.values[row - 1]) }) {
      if same == 0 { first = row }
      same += 1
    }
    let share = Double(same) / Double(rows)
    let holds = share <= 0.01
    return LintCheck(
      holds, share, limit: 0.01, table, at: LintSubject.place(columns.first?.column, row: first),
      holds
        ? "rows do not repeat"
        : "\(same) of \(rows) rows equal the row before in all columns; the export wrote records twice"
    )
  }

  private static func equal(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

  /// The longest stretch of measured values that stands twice.
  private static func block(_ table: Table, _ columns: [Numbers], _ rows: Int) -> LintCheck? {
    let least = 20
    let measured = columns.filter { !$0.isAxis }
    guard !measured.isEmpty, rows >= 2 * least else { return nil }
    // A row is telling where some measured value departs from the line of the two rows before.
    var hashes = [UInt64](repeating: 0xCBF2_9CE4_8422_2325, count: rows)
    var tells = [Bool](repeating: false, count: rows)
    for one in measured {
      let quantum = LintNumbers.quantum(one.values)
      for row in 0..<rows {
        hashes[row] = (hashes[row] ^ one.values[row].bitPattern) &* 0x100_0000_01B3
        guard row > 1 else { continue }
        let bend = one.values[row] - 2 * one.values[row - 1] + one.values[row - 2]
        if bend.magnitude > 2.5 * quantum, bend.magnitude > 1e-12 * one.values[row].magnitude {
          tells[row] = true
        }
      }
    }
    let found = longestRepeat(hashes, tells, least)
    let holds = found.length < least
    return LintCheck(
      holds, Double(found.length), limit: Double(least), table,
      at: LintSubject.place(measured.first?.column, row: found.second),
      holds
        ? "no block of rows occurs twice"
        : "\(found.length) rows from row \(found.second + 1) repeat those from row \(found.first + 1) in all "
          + "measured columns; a block was copied")
  }

  /// The longest run of rows that equals an earlier one and of which half tell something.
  ///
  /// Windows of `least` rows are looked up by their hash, so that the cost grows with the rows alone.
  private static func longestRepeat(
    _ hashes: [UInt64], _ tells: [Bool], _ least: Int
  ) -> (first: Int, second: Int, length: Int) {
    var starts: [UInt64: Int] = [:]
    var best = (first: 0, second: 0, length: 0)
    var telling = tells.prefix(least).count { $0 }
    var row = 0
    while row + least <= hashes.count {
      defer {
        telling -= tells[row] ? 1 : 0
        telling += row + least < hashes.count && tells[row + least] ? 1 : 0
        row += 1
      }
      guard telling * 2 >= least else { continue }
      var key: UInt64 = 0
      for i in row..<(row + least) { key = (key &* 0x9E37_79B9_7F4A_7C15) ^ hashes[i] }
      guard let earlier = starts[key] else {
        starts[key] = row
        continue
      }
      guard earlier + least <= row, best.second + best.length <= row || best.length == 0 else {
        continue
      }
      var length = 0
      while row + length < hashes.count, earlier + length < row,
        hashes[earlier + length] == hashes[row + length]
      { length += 1 }
      if length > best.length { best = (earlier, row, length) }
    }
    return best
  }

  /// Quantities that are measured, each by a converter of its own.
  fileprivate static let detectors: Set = [
    "current", "voltage", "counter_electrode_potential", "force", "deflection", "sensor_position",
    "piezo_position", "deflection_voltage", "lateral_deflection_voltage", "height", "amplitude",
    "phase",
    "incident_intensity", "transmitted_intensity", "reference_intensity", "fluorescence_yield",
    "electron_yield", "counts", "impedance_real", "impedance_imaginary", "impedance_modulus",
    "impedance_phase", "ambient_temperature", "temperature",
  ]

  /// Whether two columns come from two detectors.
  ///
  /// A channel may stand twice in a file; of one quantity only intensities are measured several times.
  private static func areTwo(_ a: Column, _ b: Column) -> Bool {
    base(a.name) != base(b.name)
      || (a.label != b.label && base(a.name).hasSuffix("_intensity"))
  }

  fileprivate static func base(_ name: String) -> String {
    guard let line = name.lastIndex(of: "_"), Int(name[name.index(after: line)...]) != nil else {
      return name
    }
    return String(name[..<line])
  }

  /// Whether at least half of the rows depart from the line of the two before.
  private static func isNoisy(_ values: [Double]) -> Bool {
    let quantum = LintNumbers.quantum(values)
    let bends = values.indices.dropFirst(2).count {
      (values[$0] - 2 * values[$0 - 1] + values[$0 - 2]).magnitude > 2.5 * quantum
    }
    return bends * 2 >= values.count - 2
  }

  /// Columns of different detectors with equal values.
  private static func twins(_ table: Table, _ columns: [Numbers]) -> [LintCheck] {
    let measured = columns.filter {
      detectors.contains(base($0.column.name)) && $0.values.count >= 20 && isNoisy($0.values)
        && (LintNumbers.extremes($0.values)?.high ?? 0) > 0
    }
    var seen: [UInt64: Numbers] = [:]
    var checks: [LintCheck] = []
    for one in measured {
      let key = one.values.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ $1.bitPattern) &* 0x100_0000_01B3
      }
      guard let other = seen[key], other.values.count == one.values.count,
        zip(other.values, one.values).allSatisfy({ equal($0, $1) }),
        areTwo(other.column, one.column)
      else {
        seen[key] = one
        continue
      }
      checks.append(
        LintCheck(
          false, Double(one.values.count), limit: 0, table,
          at: LintSubject.place(one.column, row: 0),
          "columns '\(other.column.label)' and '\(one.column.label)' hold the same \(one.values.count) "
            + "values; one was copied over the other"))
    }
    return checks
  }
}
