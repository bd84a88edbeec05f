public import Tables
public import Units

/// A column of a text table on its way from a label to values in the canonical unit.
///
/// A conversion by a power of ten goes into the number scanner (`60.12` nm is the Double nearest to
/// 60.12e-9 m); any other one is done on the values.
public struct TextColumn: Sendable {
  /// The canonical name or a slug.
  public var name: String
  /// What the file calls it.
  public var label: String
  /// The unit that the file gives.
  public var written: ColumnUnit
  /// The unit of the values in memory; nil where they stay as written.
  public var target: PhysicalUnit?
  /// Whether the file holds the values with the other sign.
  public var isNegated: Bool
  /// What the first rows say about the cells.
  public var kind: NumericTable.Kind

  /// A column from its parts; a target of another dimension than the written unit is not used.
  public init(
    name: String, label: String, written: ColumnUnit, target: PhysicalUnit? = nil,
    isNegated: Bool = false, kind: NumericTable.Kind
  ) {
    self.name = name
    self.label = label
    self.written = written
    self.isNegated = isNegated
    self.kind = kind
    self.target = nil
    if let unit = written.unit, let target, (try? UnitConverter(from: unit, to: target)) != nil {
      self.target = target
    }
  }

  /// How the cells are read.
  public var request: NumericTable.Request {
    let factor = isNegated ? -1.0 : 1
    var exponent = 0
    var converts = isNegated
    if let unit = written.unit, let target, unit.ucum != target.ucum {
      exponent = unit.decimalExponent(to: target) ?? 0
      converts = true
    }
    switch kind {
    case .text, .undecided: return .init(kind, label: label)
    case .integer where !converts: return .init(.integer, label: label)
    default: return .init(.real(exponent: exponent, factor: factor), label: label)
    }
  }

  /// The column of the values that were read by ``request``.
  public func column(
    _ values: ColumnValues, missing: MissingMask, bytes: [Range<Int>], lines: ClosedRange<Int>?
  ) -> Column {
    var steps = ["decimal text"]
    var values = values
    if isNegated { steps.append("sign reversed") }
    if let unit = written.unit, let target, unit.ucum != target.ucum {
      steps.append("\(unit.ucum) → \(target.ucum)")
      if unit.decimalExponent(to: target) == nil, case .real(let raw) = values,
        let converter = try? UnitConverter(from: unit, to: target)
      {
        values = .real(raw.map { converter($0) })
      }
    }
    var unit = written
    if case .text = values {
      steps = ["text"]
      unit = .absent
    } else if let target {
      unit = .known(target)
    }
    return Column(
      name: name, label: label, values: values, unit: unit, missing: missing,
      origin: Origin(bytes: bytes, lines: lines, steps: steps))
  }
}

extension NumericTable {
  /// The columns of a text that was read with the requests of `plan`.
  public func columns(_ plan: [TextColumn], of text: DecodedText) -> [Column] {
    let source = text.sourceOffset(bytes.lowerBound)..<text.sourceOffset(bytes.upperBound)
    return zip(plan, zip(values, missing)).map {
      $0.column($1.0, missing: $1.1, bytes: rows == 0 ? [] : [source], lines: lines)
    }
  }

  /// The line of a row, where every line between the first and the last row holds one.
  public func line(ofRow row: Int) -> Int? {
    guard let lines, lines.count == rows, row >= 0, row < rows else { return nil }
    return lines.lowerBound + row
  }

  /// Warns of values outside what physics allows for the canonical name, once a column.
  public func checkRanges(_ columns: [Column], into diagnostics: inout DiagnosticList) {
    for (index, column) in columns.enumerated() {
      guard let known = CanonicalName.entry(column.name), !known.range.description.isEmpty,
        let unit = known.unit, column.unit.unit?.ucum == unit.ucum, let values = column.real,
        let row = values.firstIndex(where: { !known.range.contains($0) })
      else { continue }
      let count = values.count { !known.range.contains($0) }
      diagnostics.warn(
        "axis.range", at: line(ofRow: row).map { .cell(line: $0, column: index + 1) } ?? .whole,
        found: "\(values[row]) \(unit.ucum) in column '\(column.label)'",
        expected: "expected \(known.meaning) \(known.range)", count: count)
    }
  }

  /// Warns where an axis steps back, at the first row that does.
  public func checkOrder(
    _ column: Column, code: String, into diagnostics: inout DiagnosticList
  ) {
    guard let values = column.real else { return }
    var last = -Double.infinity
    var first: Int?
    var count = 0
    for (row, value) in values.enumerated() where value.isFinite {
      if value < last {
        first = first ?? row
        count += 1
      }
      last = value
    }
    guard let first else { return }
    diagnostics.warn(
      code, at: line(ofRow: first).map { .line($0) } ?? .whole,
      found: "column '\(column.label)' steps back", expected: "expected values that never fall",
      count: count)
  }
}
