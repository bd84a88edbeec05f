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
        "xdi.columns", at: .line(first.number), found: "the first row has \(count) cells",
        expected: "expected at most \(options.limits.columns)")
    }
    headings = Self.headings(header, count: count)
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    var own = DiagnosticList()
    table = try NumericTable.parse(
      text, from: header.dataStart, line: header.dataLine, dialect: dialect,
      columns: headings.map { heading in
        NumericTable.Request(
          .real(exponent: heading.unit.lowercased() == "kev" ? 3 : 0), label: heading.label)
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
      let name = heading.meaning?.name ?? ColumnNames.slug(heading.label)
      let override = options.units[name] ?? options.units[heading.label]
      var unit = self.unit(heading, override, header, column: i + 1, into: &diagnostics)
      var steps = ["column \(i + 1), decimal text"]
      if heading.unit.lowercased() == "kev", override == nil {
        unit = .known(EnergyAxis.electronvolt)
        steps.append("keV → eV")
      }
      return Column(
        name: name, label: heading.label, values: table.values[i], unit: unit,
        missing: table.missing[i],
        origin: Origin(bytes: [bytes], lines: table.lines, steps: steps))
    }
  }

  private func unit(
    _ heading: Heading, _ override: String?, _ header: XDIHeader, column: Int,
    into diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    let text = override ?? heading.unit
    if text.isEmpty {
      return heading.meaning?.unit == "1" ? .known(.one) : .absent
    }
    if let unit = EnergyAxis.unit(text) { return .known(unit) }
    let line = header.field("Column", "\(column)")?.line
    diagnostics.warn(
      "unit.unknown", at: line.map { .line($0) } ?? .whole,
      found: "the unit `\(text.prefix(40))` of column `\(heading.label)` is not known",
      expected: "name one with --unit \(heading.label)=UNIT")
    return .unknown(text)
  }
}
