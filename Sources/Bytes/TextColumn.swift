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
    return columns(plan, bytes: rows == 0 ? [] : [source])
  }

  /// The columns of one piece of a text; their places in the file are not known yet.
  public func columns(_ plan: [TextColumn]) -> [Column] { columns(plan, bytes: []) }

  private func columns(_ plan: [TextColumn], bytes: [Range<Int>]) -> [Column] {
    zip(plan, zip(values, missing)).map {
      $0.column($1.0, missing: $1.1, bytes: bytes, lines: lines)
    }
  }

  /// The line of a row, where every line between the first and the last row holds one.
  public func line(ofRow row: Int) -> Int? {
    guard let lines, lines.count == rows, row >= 0, row < rows else { return nil }
    return lines.lowerBound + row
  }

  /// Warns of values outside what physics allows for the canonical name, once a column.
  public func checkRanges(_ columns: [Column], into diagnostics: inout DiagnosticList) {
    var check = RangeCheck()
    check.add(columns)
    check.report(columns, into: &diagnostics, line: line(ofRow:))
  }

  /// Warns where an axis steps back, at the first row that does.
  public func checkOrder(
    _ column: Column, code: String, into diagnostics: inout DiagnosticList
  ) {
    guard let values = column.real else { return }
    var check = OrderCheck()
    check.add(values)
    check.report(column, code: code, into: &diagnostics, line: line(ofRow:))
  }
}
