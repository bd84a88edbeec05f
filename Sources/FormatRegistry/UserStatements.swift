internal import Bytes
internal import Reading
internal import Tables
internal import Units

extension Dataset {
  /// Applies units that the user gives; readers of text tables have done so already.
  mutating func apply(
    units: [InputStatement], _ found: inout DiagnosticList
  ) throws(ReadFailure) {
    for said in units {
      var isKnown = false
      var labels: [String] = []
      for t in tables.indices {
        for column in tables[t].columns { labels += [column.name, column.label] }
        for c in tables[t].columns.indices where tables[t].columns[c].answers(to: said.key) {
          isKnown = true
          let replaced = try tables[t].columns[c].take(unit: said, &found)
          record(.unit, said, replaced: replaced)
        }
      }
      if isKnown { continue }
      // Of many files a flag may mean some; a sidecar means this one, and a slip of the pen is none.
      let near = labels.map { ($0, EditDistance.between(said.key, $0)) }.min { $0.1 < $1.1 }
      let isSlip = near.map { $0.1 <= max(1, said.key.utf8.count / 4) } ?? false
      found.add(
        Diagnostic(
          isSlip || !said.source.hasPrefix("--") ? .warning : .note, "override.unused",
          found: "\(said.source): no column is called '\(said.key)'",
          expected: isSlip
            ? "did you mean '\(near?.0 ?? "")'?" : "nothing was changed by it"))
    }
  }

  /// Applies settings of the instrument that the user gives.
  mutating func apply(
    settings said: [InputStatement], _ found: inout DiagnosticList
  ) throws(ReadFailure) {
    for statement in said {
      let old =
        settings.first { $0.name == statement.key && $0.group == nil }
        ?? settings.first { $0.name == statement.key }
        ?? settings.first { $0.key == statement.key }
      let expected = old?.unit.dimension ?? SettingNames.unit(of: statement.key)?.dimension
      if expected == nil, !Self.isQuantity(statement.text) {
        // A word or a pure number for the analysis, which takes it by itself.
        record(.setting, statement)
        continue
      }
      let text: QuantityText
      let value: Double
      let u: Double?
      let unit: PhysicalUnit
      do throws(UnitError) {
        text = try QuantityText.parse(statement.text, dimension: expected)
        unit = old?.unit ?? SettingNames.unit(of: statement.key) ?? text.unit
        value = try text.value(in: unit)
        u = try text.uncertainty(in: unit)
      } catch {
        throw ReadFailure(
          error.code, found: "\(statement.source) \(statement.key): \(error.found)",
          expected: error.expected)
      }
      var replaced: String?
      if let old {
        replaced = "\(old.value) \(old.unit.ucum)"
        Self.compare(statement, value, old, &found)
      } else if let written = metadata.text(statement.key) {
        replaced = written
        found.note(
          "override.value",
          found: "\(statement.key) is '\(written)' in the file",
          expected: "\(statement.source) gives \(statement.text), which counts")
      }
      let name = old?.name ?? statement.key
      settings.removeAll { $0.name == name }
      settings.append(InstrumentSetting(name, value, unit, u: u, key: statement.source))
      record(.setting, statement, replaced: replaced)
    }
  }

  private static func isQuantity(_ text: String) -> Bool {
    (try? QuantityText.parse(text, dimension: nil))?.hasUnit ?? false
  }

  /// Says that a value of the file is replaced; more than 20 % apart it is a warning.
  private static func compare(
    _ said: InputStatement, _ value: Double, _ old: InstrumentSetting,
    _ found: inout DiagnosticList
  ) {
    let apart = abs(value - old.value) / max(abs(old.value), .leastNormalMagnitude)
    let isFar = apart > 0.2
    found.add(
      Diagnostic(
        isFar ? .warning : .note, "override.value",
        found: "\(said.key) is \(old.value) \(old.unit.ucum) in the file (\(old.key))",
        expected: "\(said.source) gives \(said.text), which counts"
          + (isFar ? "; it is more than 20 % off" : "")))
  }

  /// Keeps a statement that was used, for the provenance.
  mutating func record(
    _ kind: InputOverride.Kind, _ said: InputStatement, replaced: String? = nil
  ) {
    let override = InputOverride(
      kind, key: said.key, value: said.text, source: said.source, replaced: replaced)
    if !overrides.contains(override) { overrides.append(override) }
  }
}

extension Column {
  /// Whether the user means this column: by its name, its label, or the slug of its label.
  fileprivate func answers(to key: String) -> Bool {
    key == name || key == label || key == ColumnLabel(label).slug
  }

  /// Gives the column a unit that its file lacks; gives what the file says instead.
  fileprivate mutating func take(
    unit said: InputStatement, _ found: inout DiagnosticList
  ) throws(ReadFailure) -> String? {
    let given: PhysicalUnit
    do throws(UnitError) {
      given = try PhysicalUnit(ucum: said.text)
    } catch {
      throw ReadFailure(
        error.code, found: "\(said.source) \(said.key): \(error.found)", expected: error.expected)
    }
    if let expected = CanonicalName.dimension(of: name), expected != given.dimension {
      throw ReadFailure(
        "unit.mismatch",
        found: "\(said.source) \(said.key)=\(said.text): '\(given.ucum)' is "
          + "\(given.dimension.name ?? given.dimension.description)",
        expected: "expected \(expected.name ?? expected.description) for column '\(label)'")
    }
    let isNumeric: Bool
    switch values {
    case .real, .integer: isNumeric = true
    case .text, .category, .instant: isNumeric = false
    }
    if case .known(let unit) = unit {
      // What a text table's reader has made of the given unit.
      if unit.ucum == given.ucum
        || origin.steps.contains(where: { $0.hasPrefix("\(given.ucum) →") })
      {
        return say(said, given, &found)
      }
      found.warn(
        "override.unused",
        found: "\(said.source): column '\(label)' is in \(unit.ucum) by its format",
        expected: "the unit of this format is fixed; \(said.text) was not used")
      return unit.ucum
    }
    guard isNumeric, summary == nil else { return nil }
    var written: String?
    if case .unknown(let text) = unit { written = text }
    let target = CanonicalName.entry(name)?.unit ?? given
    if target.ucum != given.ucum, let converter = try? UnitConverter(from: given, to: target),
      let real
    {
      values = .real(real.map { converter($0) })
      origin.steps.append("\(given.ucum) → \(target.ucum)")
    }
    unit = .known(target)
    return written
  }

  /// The unit in the label, and what there is to say where the given one differs.
  private func say(
    _ said: InputStatement, _ given: PhysicalUnit, _ found: inout DiagnosticList
  ) -> String? {
    guard let written = ColumnLabel(label, expecting: given.dimension).unit?.unit,
      written.ucum != given.ucum
    else { return nil }
    let factor = try? given.convertDifference(1, to: written)
    let isFar = factor.map { abs($0 - 1) > 0.2 } ?? true
    found.add(
      Diagnostic(
        isFar ? .warning : .note, "override.unit",
        found: "column '\(label)' is in \(written.ucum) by its label",
        expected: "\(said.source) gives \(said.text), which counts"))
    return written.ucum
  }
}

/// The units of settings that analyses look for, whether a file has them or not.
public enum SettingNames {
  private static let units: [String: PhysicalUnit] = [
    "spring_constant": .newtonPerMetre, "invols": .metrePerVolt, "trigger_force": .newton,
    "trigger_deflection": .metre, "trigger_voltage": .volt, "tip_radius": .metre,
    "electrode_area": .squareMetre,
  ]

  /// The names, in alphabetical order.
  public static let all: [String] = units.keys.sorted()

  /// The unit of a setting; nil for a name of the user's own.
  static func unit(of name: String) -> PhysicalUnit? { units[name] }
}
