internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The rows of an XDI file and what the header says about their columns.
struct XDIRows {
  let table: NumericTable
  private let headings: [ColumnHeading]
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
      columns: headings.map { $0.request(options) }, rules: rules, into: &own)
    isFlawed = own.contains(atLeast: .warning)
    diagnostics.add(contentsOf: own.all)
    guard table.rows > 0 else {
      throw ReadFailure(
        "xdi.no-data", at: .line(header.dataLine), found: "there is no row of numbers",
        expected: "expected rows of numbers")
    }
  }

  /// `Column.N` beats the line of labels, which counts only where there is no `Column.N` at all.
  private static func headings(_ header: XDIHeader, count: Int) -> [ColumnHeading] {
    var named: [Int: ColumnHeading] = [:]
    for field in header.fields where field.name.family == "column" {
      guard let number = Int(field.key), named[number] == nil else { continue }
      // `name unit || PV of EPICS`
      var words = field.value.split { $0 == " " || $0 == "\t" }
      if let bars = words.firstIndex(of: "||") { words = Array(words[..<bars]) }
      guard let label = words.first else { continue }
      named[number] = ColumnHeading(
        label: String(label), unit: words.dropFirst().joined(separator: " "))
    }
    return (0..<count).map { i in
      if let heading = named[i + 1] { return heading }
      let hasLabels = named.isEmpty && header.labels.count == count
      let label = hasLabels ? header.labels[i] : "col\(i + 1)"
      return ColumnHeading(label: label, unit: "")
    }
  }

  /// The columns with canonical names and units.
  func columns(
    of header: XDIHeader, _ text: DecodedText, _ options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) -> [Column] {
    let bytes =
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
    let named = header.fields.filter { $0.name.family == "column" }
    return headings.enumerated().map { i, heading in
      heading.column(
        table.values[i], missing: table.missing[i],
        origin: Origin(bytes: [bytes], lines: table.lines), number: i + 1,
        place: named.first { $0.name.key == "\(i + 1)" }.map { .line($0.line) } ?? .whole,
        options: options, into: &diagnostics)
    }
  }

  /// The lines of all rows: those that hold as many cells as the table has columns.
  func lines(_ text: DecodedText) -> [Int] {
    guard let span = table.lines else { return [] }
    let dialect = TableDialect(delimiter: .blanks)
    var result: [Int] = []
    for line in TextLines(text.utf8, from: table.bytes.lowerBound, number: span.lowerBound) {
      if isRow(text.utf8[line.range], dialect) { result.append(line.number) }
    }
    return result
  }

  /// Whether a line holds as many cells as the table has columns.
  private func isRow(_ line: ByteView, _ dialect: TableDialect) -> Bool {
    var cells = 0
    var isInside = false
    for i in 0..<line.count {
      let byte = line[i] ?? 0x20
      if byte == UInt8(ascii: "\"") { return dialect.cells(line).count == headings.count }
      let isBlank = byte == 0x20 || byte == 0x09
      if !isBlank, !isInside {
        if cells == 0, byte == UInt8(ascii: "#") { return false }
        cells += 1
      }
      isInside = !isBlank
    }
    return cells == headings.count
  }
}
