public import Tables
internal import Units

/// A cycling table in the Battery Data Format: preferred labels of its ontology 1.3.0
/// (https://w3id.org/battery-data-alliance/ontology/battery-data-format).
///
/// Only columns whose definition holds are given: a cycle count is whole and never falls, capacities
/// from the start never fall. All others are listed for the sidecar with the reason.
public struct BDFExport: Sendable {
  /// A column that is not in the csv.
  public struct LeftOut: Sendable {
    /// The column.
    public var column: Column
    /// Why.
    public var reason: String
  }

  /// The columns under BDF's labels, time, voltage and current first.
  public let table: Table
  /// What BDF has no place for.
  public let leftOut: [LeftOut]
  /// What was decided: a current that was added, rows that were left out.
  public let notes: [Diagnostic]

  /// The tables of a dataset that BDF can hold: those with a time and a voltage.
  public static func tables(of dataset: Dataset) -> [Table] {
    dataset.tables.filter { $0["test_time"] != nil && $0["voltage"] != nil }
  }

  /// A table of a dataset as BDF.
  ///
  /// - Parameter isOpenCircuit: whether the technique carries no current, so that a missing column is 0.
  /// - Throws: `bdf.no-time`, `bdf.no-voltage`, `bdf.no-current` where a required column or its unit is
  ///   missing, `bdf.time-falls` where the time steps back.
  public init(_ source: Table, isOpenCircuit: Bool) throws(ReadFailure) {
    var notes = DiagnosticList()
    let time = try Self.required("test_time", "s", source, code: "bdf.no-time")
    let voltage = try Self.required("voltage", "V", source, code: "bdf.no-voltage")
    let times = time.real ?? []
    let rows = times.indices.filter { times[$0].isFinite }
    if rows.count < times.count {
      notes.warn(
        "bdf.rows-without-time", found: "rows without a time",
        expected: "BDF requires one; they are left out", count: times.count - rows.count)
    }
    var last = -Double.infinity
    for row in rows {
      guard times[row] >= last else {
        throw ReadFailure(
          "bdf.time-falls",
          found: "the time falls from \(last) s to \(times[row]) s in row \(row + 1)",
          expected: "BDF requires a time that never falls; --to csv writes the rows as they are")
      }
      last = times[row]
    }
    var current: Column
    if source["current"] == nil, isOpenCircuit {
      current = Column(
        name: "current", label: "", values: .real(Array(repeating: 0, count: times.count)),
        unit: .known(.ampere))
      notes.note(
        "bdf.current-zero", found: "no current column in an open-circuit measurement",
        expected: "0 A is written")
    } else {
      current = try Self.required("current", "A", source, code: "bdf.no-current")
    }
    var leftOut: [LeftOut] = []
    var columns: [Column] = []
    for (column, label) in [
      (time, "Test Time / s"), (voltage, "Voltage / V"), (current, "Current / A"),
    ] {
      columns.append(Self.labelled(column, label, rows))
    }
    for quantity in Self.quantities {
      guard let column = source[quantity.name] else { continue }
      if let reason = Self.objection(column, quantity, rows) {
        leftOut.append(LeftOut(column: column, reason: reason))
      } else {
        columns.append(Self.labelled(column, quantity.label, rows))
      }
    }
    let known = Set(["test_time", "voltage", "current"] + Self.quantities.map(\.name))
    for column in source.columns where !known.contains(column.name) {
      leftOut.append(LeftOut(column: column, reason: "no label in BDF"))
    }
    table = Table(name: source.name, columns: columns, indexColumns: ["Test Time / s"])
    self.leftOut = leftOut
    self.notes = notes.all
  }

  private static func required(
    _ name: String, _ unit: String, _ table: Table, code: String
  ) throws(ReadFailure) -> Column {
    guard let column = table[name], column.real != nil, column.unit.ucum == unit else {
      throw ReadFailure(
        code,
        found: table[name] == nil
          ? "table '\(table.name)' has no column '\(name)'"
          : "column '\(name)' of table '\(table.name)' has no unit",
        expected: "BDF requires a column '\(name)' in \(unit)")
    }
    return column
  }

  /// What must hold of a column beyond its unit.
  private enum Rule {
    case none, never, counter, identifier, ordinal, text
  }

  private struct BDFQuantity {
    var name: String
    var label: String
    var unit: String?
    var rule = Rule.none
  }

  private static let quantities: [BDFQuantity] = {
    var list = [
      BDFQuantity(name: "unix_time", label: "Unix Time / s", unit: "s"),
      BDFQuantity(name: "step_time", label: "Step Time / s", unit: "s"),
      BDFQuantity(name: "cycle_count", label: "Cycle Count / 1", unit: "1", rule: .counter),
      BDFQuantity(name: "step_count", label: "Step Count / 1", unit: "1", rule: .counter),
      BDFQuantity(name: "step_id", label: "Step ID", rule: .identifier),
      BDFQuantity(name: "step_type", label: "Step Type", rule: .text),
      BDFQuantity(name: "record_index", label: "Record Index / 1", unit: "1", rule: .ordinal),
    ]
    for (way, title) in [("charging", "Charging"), ("discharging", "Discharging")] {
      for (kind, suffix, unit) in [
        ("capacity", "Capacity / Ah", "A.h"), ("energy", "Energy / Wh", "W.h"),
      ] {
        list.append(
          BDFQuantity(name: "\(way)_\(kind)", label: "\(title) \(suffix)", unit: unit, rule: .never)
        )
        list.append(
          BDFQuantity(
            name: "schedule_\(way)_\(kind)", label: "Schedule \(title) \(suffix)", unit: unit))
        list.append(
          BDFQuantity(name: "step_\(way)_\(kind)", label: "Step \(title) \(suffix)", unit: unit))
      }
    }
    list += [
      BDFQuantity(name: "net_capacity", label: "Net Capacity / Ah", unit: "A.h"),
      BDFQuantity(name: "power", label: "Power / W", unit: "W"),
      BDFQuantity(name: "internal_resistance", label: "Internal Resistance / ohm", unit: "Ohm"),
      BDFQuantity(name: "frequency", label: "Frequency / Hz", unit: "Hz"),
      BDFQuantity(
        name: "ambient_temperature", label: "Ambient Temperature / degC", unit: "Cel"),
    ]
    for n in 1...5 {
      list.append(
        BDFQuantity(name: "temperature_t\(n)", label: "Temperature T\(n) / degC", unit: "Cel"))
    }
    return list
  }()

  /// Why a column does not meet the definition; nil where it does.
  private static func objection(_ column: Column, _ quantity: BDFQuantity, _ rows: [Int]) -> String?
  {
    if let unit = quantity.unit, column.unit.ucum != unit {
      return column.unit.ucum.isEmpty
        ? "no unit; BDF wants \(unit)" : "in \(column.unit.ucum); BDF wants \(unit)"
    }
    switch quantity.rule {
    case .none: return column.real == nil ? "text; BDF wants numbers" : nil
    case .text: return nil
    case .identifier:
      guard let values = column.real else { return nil }
      return values.allSatisfy { !$0.isFinite || $0 == $0.rounded() } ? nil : "not whole numbers"
    case .counter, .ordinal, .never:
      guard let values = column.real else { return "text; BDF wants numbers" }
      var last = -Double.infinity
      for row in rows where row < values.count && values[row].isFinite {
        if values[row] < last { return "falls; BDF's definition never does" }
        if quantity.rule != .never, values[row] != values[row].rounded() {
          return "not whole numbers"
        }
        if quantity.rule == .ordinal, values[row] == last { return "repeats; BDF counts records" }
        last = values[row]
      }
      return nil
    }
  }

  /// The column under its label, the rows with a time.
  private static func labelled(_ column: Column, _ label: String, _ rows: [Int]) -> Column {
    var missing = MissingMask()
    func picked<T>(_ values: [T]) -> [T] {
      rows.count == values.count ? values : rows.compactMap { $0 < values.count ? values[$0] : nil }
    }
    if column.missing.count > 0 {
      for (row, source) in rows.enumerated() where column.missing.contains(source) {
        missing.insert(row)
      }
    }
    let values: ColumnValues =
      switch column.values {
      case .real(let v):
        label.hasSuffix("/ 1") || label == "Step ID" ? whole(picked(v)) : .real(picked(v))
      case .integer(let v): .integer(picked(v))
      case .text(let v): .text(picked(v))
      case .category(let levels, let codes): .category(levels: levels, codes: picked(codes))
      case .instant(let v): .instant(picked(v))
      }
    return Column(
      name: label, label: column.label, values: values, unit: .absent, missing: missing,
      origin: column.origin, storage: column.storage)
  }

  /// Counts are written without a decimal point; what is missing stays masked.
  private static func whole(_ values: [Double]) -> ColumnValues {
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let number = value.isFinite ? Int64(exactly: value) : 0 else { return .real(values) }
      result.append(number)
    }
    return .integer(result)
  }

  /// The sidecar: CSVW of the csv, then the columns that are not in it and the settings of the file.
  public func sidecar(
    file: String, metadata: Metadata, provenance: ExportProvenance
  ) -> ResultValue {
    guard case .object(var object) = CSVMetadata.document(table, file: file, provenance: provenance)
    else { return .null }
    let prefix = "https://w3id.org/battery-data-alliance/ontology/battery-data-format#"
    object[prefix + "ontologyVersion"] = .text("1.3.0")
    // CSVW takes keys of objects under foreign keys for terms of its own, so these are text.
    func json(_ value: ResultValue) -> ResultValue {
      .text(String(decoding: JSONWriter.line(value), as: UTF8.self))
    }
    object["https://schema.org/variableMeasured"] = json(
      .list(
        leftOut.map { item in
          var fields = ResultObject()
          fields["name"] = .text(item.column.name)
          fields["label"] = .text(item.column.label)
          fields["unit"] = .text(item.column.unit.ucum)
          fields["rows"] = .integer(item.column.count)
          fields["left_out"] = .text(item.reason)
          if let statistics = item.column.statistics, let low = statistics.min,
            let high = statistics.max
          {
            fields["min"] = .number(low)
            fields["max"] = .number(high)
          }
          return .object(fields)
        }))
    object["https://schema.org/additionalProperty"] = json(
      .list(
        metadata.entries.map { entry in
          var fields = ResultObject()
          fields["key"] = .text(entry.key)
          switch entry.value {
          case .text(let text): fields["value"] = .text(text)
          case .integer(let number): fields["value"] = .text("\(number)")
          case .real(let number): fields["value"] = .number(number)
          }
          return .object(fields)
        }))
    return .object(object)
  }
}
