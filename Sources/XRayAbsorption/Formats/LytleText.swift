public import Bytes
public import Reading
public import Tables
internal import Units

/// Scans of the Lytle database, stored by encoder steps (docs/formats/lytle.md).
public enum LytleText: FileFormat {
  /// The id.
  public static let id = "lytle"
  /// One line for people.
  public static let title = "Lytle database (encoder steps)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "NPTS NS CUEDGE … on line 1"

  /// Looks for the names on line 1.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = ScanHeader.first(2, of: file)
    let words = PhotonFactoryText.words(lines.first ?? "").map { $0.uppercased() }
    guard words.starts(with: ["NPTS", "NS", "CUEDGE"]) else { return .none }
    return Recognition(100, ["line 1 is NPTS NS CUEDGE …"])
  }

  /// Reads header and rows; energies come from steps, DSPACE and STPDEG.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = try LytleHeader(text.utf8)
    var rows = ScanRows(text.utf8, labels: header.labels)
    let lines = TextLines(text.utf8, from: header.dataStart, number: header.dataLine)
    for line in lines where !text.utf8[line.range].isBlankOrEndMark {
      rows.append(
        ScanRows.cells(text.utf8, line.range, splitting: true), line: line.number)
    }
    try rows.finish(text, into: &diagnostics)
    if header.names.count != header.valueCount {
      diagnostics.warn(
        "lytle.parameters", at: .line(2),
        found: "\(header.valueCount) values below \(header.names.count) names",
        expected: "expected a value for each name; some may stand under the wrong one")
    }
    if header.number("NPTS") != Double(rows.count) {
      diagnostics.warn(
        "lytle.points", at: .line(2),
        found: "\(rows.count) rows, NPTS is \(header.parameters["NPTS"] ?? "absent")",
        expected: "expected as many rows as NPTS says; the file may be cut")
    }
    var columns = header.labels.enumerated().map { i, label in
      let steps = i == 0
      let name = steps ? "encoder" : ColumnNames.meaning(of: label)?.name
      return rows.column(
        i, name: name ?? ColumnLabel.slug(label), unit: steps ? .known(.one) : .absent, of: text)
    }
    let spacing = header.number("DSPACE").flatMap { $0 > 0 ? $0 : nil }
    let steps = header.number("STPDEG").flatMap { $0 > 0 ? $0 : nil }
    if spacing == nil || steps == nil {
      diagnostics.warn(
        "xas.no-spacing", at: .line(2), found: "DSPACE or STPDEG is no positive number",
        expected: "the axis stays in encoder steps")
    }
    EnergyAxis.complete(
      &columns, mono: .init(spacing: spacing, source: "DSPACE", stepsPerDegree: steps),
      place: rows.place, into: &diagnostics)
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [
        Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
      ],
      diagnostics: diagnostics.all, complete: rows.complete)
    header.describe(into: &dataset)
    dataset.reading["encoding"] = text.encoding.rawValue
    return dataset
  }
}

/// The header of a scan of the Lytle database: names, their values, and lines of settings.
struct LytleHeader {
  private var header = ScanHeader()
  private(set) var names: [String] = []
  private(set) var parameters: [String: String] = [:]
  /// How many values stand below the names.
  private(set) var valueCount = 0
  private(set) var labels: [String] = []
  /// Where the first row starts.
  private(set) var dataStart = 0
  private(set) var dataLine = 1

  init(_ text: ByteView) throws(ReadFailure) {
    for line in TextLines(text) {
      dataStart = line.range.lowerBound
      dataLine = line.number
      let cells = ScanRows.cells(text, line.range, splitting: true)
      if names.isEmpty {
        names = PhotonFactoryText.words(TextLines.string(text[line.range]))
      } else if parameters.isEmpty {
        let values = PhotonFactoryText.words(TextLines.string(text[line.range]))
        valueCount = values.count
        for (name, value) in zip(names, values) { parameters[name.uppercased()] = value }
      } else if cells.count > 1, ScanRows.isNumeric(text, cells) {
        let known = ["steps", "i0", "it", "if", "ir"]
        labels = cells.indices.map { $0 < known.count ? known[$0] : "col\($0 + 1)" }
        return
      }
      header.append(line, text)
    }
    throw ReadFailure(
      "lytle.no-data", at: .line(dataLine), found: "the file ends with its header",
      expected: "expected rows of encoder steps and counts")
  }

  /// A parameter as a number.
  func number(_ name: String) -> Double? { parameters[name].flatMap { NumberScanner.parse($0) } }

  func describe(into dataset: inout Dataset) {
    header.describe(into: &dataset)
    for name in names {
      if let value = parameters[name.uppercased()] { dataset.metadata.append(name, value) }
    }
  }
}
