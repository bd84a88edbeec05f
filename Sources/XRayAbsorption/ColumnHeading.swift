internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What a file says about one column of a scan: its label, its unit, and what they mean.
struct ColumnHeading: Hashable {
  /// What the file calls the column.
  var label: String
  /// The unit as written; empty where there is none.
  var unit: String
  /// What the column is, where that is known.
  var meaning: ColumnNames.Meaning?

  /// A heading whose unit stands apart from its label.
  init(label: String, unit: String) {
    self.init(label: label, unit: unit, meaning: ColumnNames.meaning(of: label))
  }

  /// A heading whose meaning the format knows.
  init(label: String, unit: String, meaning: ColumnNames.Meaning?) {
    self.label = label
    self.unit = unit
    self.meaning = meaning
  }

  /// A heading from a label that may hold its unit, such as `Energy (keV)`.
  init(_ label: String) {
    let parsed = ColumnLabel(label)
    var meaning = ColumnNames.meaning(of: label)
    var unit = ""
    if meaning == nil || parsed.unit != nil, parsed.name != label {
      meaning = ColumnNames.meaning(of: parsed.name) ?? meaning
      if let text = parsed.unitText, parsed.unit != nil || meaning?.dimension != nil { unit = text }
    }
    self.init(label: label, unit: unit, meaning: meaning)
  }

  /// The unit that the user names for the column, by its canonical name, its label or its slug.
  func override(_ options: ReadOptions) -> String? {
    if options.units.isEmpty { return nil }
    return meaning.flatMap { options.units[$0.name] } ?? options.units[label]
      ?? options.units[ColumnLabel.slug(label)]
  }

  /// The unit that the user names, or the file, or the label.
  func looseUnit(_ options: ReadOptions) -> LooseUnit? {
    let text = override(options) ?? (unit.isEmpty ? meaning?.unit ?? "" : unit)
    return Self.units.value(UnitText(text: text, dimension: meaning?.dimension)) {
      PhysicalUnit.loose($0.text, expecting: $0.dimension)
    }
  }

  /// A unit as written, and what it is expected to measure.
  private struct UnitText: Hashable, Sendable, MemoKey {
    var text: String
    var dimension: Dimension?
    var length: Int { text.utf8.count }
  }

  private static let units = Memo<UnitText, LooseUnit?>()

  /// The power of ten that brings an energy in its written unit to eV; nil where there is nothing to do.
  func exponent(_ options: ReadOptions) -> Int? {
    guard meaning?.isEnergy == true, let unit = looseUnit(options)?.unit else { return nil }
    return unit.decimalExponent(to: EnergyAxis.electronvolt).flatMap { $0 == 0 ? nil : $0 }
  }

  /// How the cells of the column are read: energies come out in eV.
  func request(_ options: ReadOptions) -> NumericTable.Request {
    NumericTable.Request(.real(exponent: exponent(options) ?? 0), label: label)
  }

  /// The column with its canonical name and unit.
  ///
  /// - Parameters:
  ///   - values: as ``request(_:)`` reads them, energies in eV.
  ///   - number: the number of the column in the file, from 1.
  ///   - place: where the unit stands.
  func column(
    _ values: ColumnValues, missing: MissingMask, origin: Origin, number: Int, place: Place,
    options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> Column {
    var unit = columnUnit(place, options, into: &diagnostics)
    var origin = origin
    origin.steps.append("column \(number), decimal text")
    if let written = unit.unit, exponent(options) != nil {
      unit = .known(EnergyAxis.electronvolt)
      origin.steps.append("\(written.ucum) → eV")
    }
    return Column(
      name: meaning?.name ?? ColumnLabel.slug(label), label: label, values: values, unit: unit,
      missing: missing, origin: origin)
  }

  /// The unit of the column: the user's, the file's, or the one that its meaning implies.
  func columnUnit(
    _ place: Place, _ options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    let override = override(options)
    if override == nil, unit.isEmpty {
      let own = meaning?.unit.flatMap { PhysicalUnit.loose($0, expecting: meaning?.dimension) }
      return own.map { .known($0.unit) } ?? .absent
    }
    let text = override ?? unit
    if let loose = looseUnit(options) {
      if let remark = loose.remark {
        diagnostics.add(
          Diagnostic(
            remark.isWarning ? .warning : .note, remark.code, at: place, found: remark.text,
            expected: "set it with --unit \(label)=UNIT where that is wrong"))
      }
      return .known(loose.unit)
    }
    diagnostics.warn(
      "unit.unknown", at: place,
      found: "the unit `\(text.prefix(40))` of column `\(label)` is not known",
      expected: "name one with --unit \(label)=UNIT")
    return .unknown(text)
  }
}
