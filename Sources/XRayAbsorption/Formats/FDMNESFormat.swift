public import Bytes
public import Reading
public import Tables
internal import Units

/// Spectra calculated by FDMNES (docs/formats/fdmnes.md).
public enum FDMNESFormat: FileFormat {
  /// The id.
  public static let id = "fdmnes"
  /// One line for people.
  public static let title = "FDMNES calculated spectrum"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["txt", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "a line of numbers that ends `= E_edge, Z, n_edge, …`"

  /// The lines above the rows.
  private struct Head {
    var comments: [(text: String, line: Int)] = []
    var values: [(name: String, value: String)] = []
    var valuesLine: Int?
    /// Whether something else than numbers stands before the names, or too few of them.
    var isBroken = false
    var labels: [String] = []
    var labelLine: Int?
    var dataStart = 0

    init(_ text: ByteView) {
      let lines = TextLines(text)
      for line in lines.prefix(200) {
        let content = XDIHeader.trimmed(lines.string(line))
        if valuesLine == nil, let mark = content.lastIndex(of: "="),
          content[mark...].contains("E_edge")
        {
          let numbers = content[..<mark].split { $0 == " " || $0 == "\t" }
          let names = content[content.index(after: mark)...].split(separator: ",")
            .map { XDIHeader.trimmed($0) }
          // A name may stand for several numbers; the first four never do.
          let isPlain = names.count == numbers.count
          for (i, number) in numbers.enumerated() {
            let isNamed = i < names.count && (isPlain || i < 4)
            values.append((isNamed ? names[i] : "value \(i + 1)", String(number)))
          }
          isBroken =
            numbers.count < names.count || numbers.contains { NumberScanner.parse($0) == nil }
          valuesLine = line.number
        } else if valuesLine != nil {
          let words = content.split { $0 == " " || $0 == "\t" }.map(String.init)
          if words.first?.lowercased() == "energy" {
            labels = words
            labelLine = line.number
            dataStart = line.next
            return
          }
          if !content.isEmpty { comments.append((content, line.number)) }
        } else if !content.isEmpty {
          comments.append((XDIHeader.trimmed(content.drop { $0 == "#" }), line.number))
        }
      }
    }

    var edge: Double? {
      guard !isBroken, let first = values.first, first.name == "E_edge" else { return nil }
      return NumberScanner.parse(first.value)
    }
  }

  /// Looks for the line with the energy of the edge.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(8192), into: &ignored) else {
      return .none
    }
    let head = Head(text.utf8)
    guard let line = head.valuesLine else { return .none }
    let reasons = ["line \(line) gives `E_edge`"]
    return head.labelLine.map {
      Recognition(98, reasons + ["line \($0) is a line of labels that begins `Energy`"])
    } ?? Recognition(80, reasons)
  }

  /// Reads the rows; the energies are counted from the edge, so absolute ones are added.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let head = Head(text.utf8)
    guard let valuesLine = head.valuesLine, let labelLine = head.labelLine else {
      throw ReadFailure(
        "fdmnes.header", at: .line(head.valuesLine ?? 1),
        found: head.valuesLine == nil ? "no line `… = E_edge, …`" : "no line of labels behind it",
        expected: "expected `… = E_edge, …` and `Energy <xanes>`")
    }
    guard head.labels.count <= options.limits.columns else {
      throw ReadFailure(
        "fdmnes.too-many-columns", at: .line(labelLine), found: "\(head.labels.count) labels",
        expected: "expected at most \(options.limits.columns)")
    }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    let table = try NumericTable.parse(
      text, from: head.dataStart, line: labelLine + 1, dialect: TableDialect(delimiter: .blanks),
      columns: head.labels.map { NumericTable.Request(.real(), label: $0) }, rules: rules,
      into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "fdmnes.no-data", at: .line(labelLine), found: "no row below the labels",
        expected: "expected rows of numbers")
    }
    let range =
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
    let origin = Origin(bytes: [range], lines: table.lines)
    var columns: [Column] = []
    for (i, label) in head.labels.enumerated() {
      let plain = String(label.filter { $0 != "<" && $0 != ">" })
      let heading =
        i == 0
        ? ColumnHeading(label: label, unit: "eV", meaning: nil)
        : ColumnHeading(label: label, unit: "", meaning: ColumnNames.meaning(of: plain))
      var column = heading.column(
        table.values[i], missing: table.missing[i], origin: origin, number: i + 1,
        place: .line(labelLine), options: options, into: &diagnostics)
      if i == 0 { column.name = "relative_energy" }
      columns.append(column)
    }
    if let edge = head.edge, let relative = columns[0].real {
      var origin = columns[0].origin
      origin.steps.append("E_edge + energy, E_edge = \(edge) eV (line \(valuesLine))")
      columns.append(
        Column(
          name: "photon_energy", label: columns[0].label, values: .real(relative.map { $0 + edge }),
          unit: .known(EnergyAxis.electronvolt), missing: columns[0].missing, origin: origin))
    }
    if head.edge == nil {
      diagnostics.warn(
        "fdmnes.edge", at: .line(valuesLine),
        found: "no number for `E_edge`, or fewer numbers than names",
        expected: "expected numbers before `= E_edge, …`; the energies count from the edge")
    }
    let index = ScanAxis.complete(
      &columns, place: { table.line(ofRow: $0).map { .line($0) } ?? .line(labelLine) },
      into: &diagnostics)
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [Table(name: "spectrum", columns: columns, indexColumns: index)],
      diagnostics: diagnostics.all, complete: table.complete)
    for comment in head.comments { dataset.metadata.append("comment", comment.text) }
    for (name, value) in head.values {
      dataset.metadata.append(name, value)
      dataset.settingOrigins[name] = Origin(lines: valuesLine...valuesLine)
    }
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["delimiter"] = "blanks"
    return dataset
  }
}
