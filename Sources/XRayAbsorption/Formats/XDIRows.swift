internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The rows of an XDI file and what the header says about their columns.
struct XDIRows {
  /// What the header says about one column.
  private struct Heading {
    var label: String
    var unit: String
    var meaning: ColumnNames.Meaning?

    /// The power of ten that brings an energy in its written unit to eV.
    func exponent(_ unit: LooseUnit?) -> Int? {
      guard meaning?.name.hasPrefix("photon_energy") == true else { return nil }
      return unit?.unit.decimalExponent(to: EnergyAxis.electronvolt).flatMap { $0 == 0 ? nil : $0 }
    }

    /// The unit that the user names, or the file.
    func looseUnit(_ override: String?) -> LooseUnit? {
      PhysicalUnit.loose(override ?? unit, expecting: meaning?.dimension)
    }
  }

  let table: NumericTable
  private let headings: [Heading]
  /// Whether a row has too few or too many cells, or a cell that is no number.
  let isFlawed: Bool

  /// What the file calls the columns.
  var labels: [String] { headings.map(\.label) }

  init(
    _ text: DecodedText, _ header: XDIHeader, _ options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let dialect = TableDialect(delimiter: .blanks)
    let rest = TextLines(text.utf8, from: header.dataStart, number: header.dataLine)
    guard let first = rest.first(where: { !$0.range.isEmpty }), header.dataStart < text.utf8.count
    else {
      throw ReadFailure(
        "xdi.no-data", at: .line(header.dataLine), found: "the file ends with its header",
        expected: "expected rows of numbers")
    }
    let count = dialect.cells(text.utf8[first.range]).count
    guard count <= options.limits.columns else {
      throw ReadFailure(
        "xdi.too-many-columns", at: .line(first.number),
        found: "the first row has \(count) cells",
        expected: "expected at most \(options.limits.columns)")
    }
    headings = Self.headings(header, count: count)
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    var own = DiagnosticList()
    table = try NumericTable.parse(
      text, from: header.dataStart, line: header.dataLine, dialect: dialect,
      columns: headings.map { heading in
        let unit = heading.looseUnit(Self.override(heading, options))
        return NumericTable.Request(
          .real(exponent: heading.exponent(unit) ?? 0), label: heading.label)
      }, rules: rules, into: &own)
    isFlawed = own.contains(atLeast: .warning)
    diagnostics.add(contentsOf: own.all)
    guard table.rows > 0 else {
      throw ReadFailure(
        "xdi.no-data", at: .line(header.dataLine), found: "there is no row of numbers",
        expected: "expected rows of numbers")
    }
  }

  /// `Column.N` beats the line of labels, which counts only where there is no `Column.N` at all.
  private static func headings(_ header: XDIHeader, count: Int) -> [Heading] {
    var named: [Int: Heading] = [:]
    for field in header.fields where field.family.lowercased() == "column" {
      guard let number = Int(field.key), named[number] == nil else { continue }
      // `name unit || PV of EPICS`
      var words = field.value.split { $0 == " " || $0 == "\t" }
      if let bars = words.firstIndex(of: "||") { words = Array(words[..<bars]) }
      guard let label = words.first else { continue }
      named[number] = Heading(
        label: String(label), unit: words.dropFirst().joined(separator: " "),
        meaning: ColumnNames.meaning(of: String(label)))
    }
    return (0..<count).map { i in
      if let heading = named[i + 1] { return heading }
      let hasLabels = named.isEmpty && header.labels.count == count
      let label = hasLabels ? header.labels[i] : "col\(i + 1)"
      return Heading(label: label, unit: "", meaning: ColumnNames.meaning(of: label))
    }
  }

  /// The columns with canonical names and units.
  func columns(
    of header: XDIHeader, _ text: DecodedText, _ options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) -> [Column] {
    let bytes =
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
    return headings.enumerated().map { i, heading in
      let name = heading.meaning?.name ?? ColumnLabel.slug(heading.label)
      let override = Self.override(heading, options)
      var unit = self.unit(heading, override, header, column: i + 1, into: &diagnostics)
      var steps = ["column \(i + 1), decimal text"]
      if let written = unit.unit, heading.exponent(heading.looseUnit(override)) != nil {
        unit = .known(EnergyAxis.electronvolt)
        steps.append("\(written.ucum) → eV")
      }
      return Column(
        name: name, label: heading.label, values: table.values[i], unit: unit,
        missing: table.missing[i],
        origin: Origin(bytes: [bytes], lines: table.lines, steps: steps))
    }
  }

  /// The unit that the user names for a column, by its canonical name or its label.
  private static func override(_ heading: Heading, _ options: ReadOptions) -> String? {
    heading.meaning.flatMap { options.units[$0.name] } ?? options.units[heading.label]
  }

  private func unit(
    _ heading: Heading, _ override: String?, _ header: XDIHeader, column: Int,
    into diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    let text = override ?? heading.unit
    if text.isEmpty {
      return heading.meaning?.unit == "1" ? .known(.one) : .absent
    }
    let place = header.field("Column", "\(column)").map { Place.line($0.line) } ?? .whole
    if let loose = heading.looseUnit(override) {
      if let remark = loose.remark {
        diagnostics.add(
          Diagnostic(
            remark.isWarning ? .warning : .note, remark.code, at: place, found: remark.text,
            expected: "set it with --unit \(heading.label)=UNIT where that is wrong"))
      }
      return .known(loose.unit)
    }
    diagnostics.warn(
      "unit.unknown", at: place,
      found: "the unit `\(text.prefix(40))` of column `\(heading.label)` is not known",
      expected: "name one with --unit \(heading.label)=UNIT")
    return .unknown(text)
  }
}
