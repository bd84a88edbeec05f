public import Bytes
public import Reading
public import Tables
internal import Units

/// The text of SSRL's EXAFS Data Collector, also written at CLS and ROBL (docs/formats/ssrl.md).
public enum SSRLText: FileFormat {
  /// The id.
  public static let id = "ssrl"
  /// One line for people.
  public static let title = "SSRL EXAFS Data Collector, text"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "SSRL EXAFS (or MicroEXAFS) Data Collector on line 1"

  /// Looks for the collector's name on line 1.
  public static func recognise(_ file: FileHead) -> Recognition {
    // The binary files of the collector start alike and hold NULs.
    guard !file.head.prefix(800).withBytes({ $0.contains(0) }) || file.head[1] == 0 else {
      return .none
    }
    let lines = ScanHeader.first(4, of: file)
    let words = PhotonFactoryText.words(lines.first ?? "")
    guard words.count >= 4, words[0] == "SSRL", words[1].hasSuffix("EXAFS"),
      words[2] == "Data", words[3] == "Collector"
    else { return .none }
    let hasCounts = lines.contains { SSRLColumns.counts($0) != nil }
    return Recognition(hasCounts ? 100 : 90, ["line 1 is `\(lines[0].prefix(40))`"])
  }

  /// Reads header and rows.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = try SSRLHeader(text.utf8, into: &diagnostics)
    var rows = ScanRows(text.utf8, labels: header.labels)
    let lines = TextLines(text.utf8, from: header.dataStart, number: header.dataLine)
    for line in lines where !text.utf8[line.range].isBlankOrEndMark {
      rows.append(ScanRows.cells(text.utf8, line.range), line: line.number)
    }
    try rows.finish(text, into: &diagnostics)
    if let counts = header.counts, counts.points != rows.count {
      diagnostics.warn(
        "ssrl.points", found: "\(rows.count) rows",
        expected: "expected \(counts.points) as the header says; the file may be cut")
    }
    var columns = header.labels.enumerated().map { i, label in
      let role = SSRLColumns.role(label)
      return rows.column(i, name: role.name, unit: role.unit, of: text)
    }
    EnergyAxis.complete(&columns, spacing: nil, place: rows.place, into: &diagnostics)
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

/// The header of a text of the Data Collector: free lines, weights, offsets and one label a line.
struct SSRLHeader {
  private var header = ScanHeader()
  private(set) var counts: (points: Int, columns: Int)?
  private var weights: String?
  private var offsets: String?
  private var spacing: Double?
  private(set) var labels: [String] = []
  /// Where the first row starts.
  private(set) var dataStart = 0
  private(set) var dataLine = 1

  private enum Part { case lines, weights, offsets, labels }

  init(_ text: ByteView, into diagnostics: inout DiagnosticList) throws(ReadFailure) {
    var part = Part.lines
    var rowCells: Int?
    for line in TextLines(text) {
      dataStart = line.range.lowerBound
      dataLine = line.number
      let words = XDIHeader.trimmed(TextLines.string(text[line.range]))
      if part == .labels {
        let cells = ScanRows.cells(text, line.range)
        // `I0` is a label; a row of two numbers or more is none.
        if cells.count > 1, ScanRows.isNumeric(text, cells) {
          rowCells = cells.count
          break
        }
        if !words.isEmpty { labels.append(words) }
        continue
      }
      header.append(line, text)
      switch part {
      case .weights where !words.isEmpty:
        weights = words
        part = .lines
      case .offsets where !words.isEmpty:
        offsets = words
        part = .lines
      default: part = take(words, part)
      }
    }
    guard let rowCells else {
      throw ReadFailure(
        "ssrl.no-data", at: .line(dataLine), found: "the file ends with its header",
        expected: "expected `Data:`, one label a line, and rows of numbers")
    }
    check(rowCells, into: &diagnostics)
  }

  private mutating func take(_ words: String, _ part: Part) -> Part {
    let lower = words.lowercased()
    if lower.hasPrefix("weights:") { return .weights }
    if lower.hasPrefix("offsets:") { return .offsets }
    if lower.hasPrefix("data:") { return .labels }
    if counts == nil { counts = SSRLColumns.counts(words) }
    if spacing == nil { spacing = SSRLColumns.spacing(words) }
    return part
  }

  private mutating func check(_ cells: Int, into diagnostics: inout DiagnosticList) {
    if labels.count != cells {
      diagnostics.warn(
        "ssrl.labels", at: .line(dataLine),
        found: "\(labels.count) labels above rows of \(cells) numbers",
        expected: "expected one label a column; columns without one are numbered")
      for i in labels.count..<max(labels.count, cells) { labels.append("col\(i + 1)") }
      labels.removeLast(labels.count - cells)
    }
    if counts?.columns != cells {
      diagnostics.warn(
        "ssrl.counts",
        found: counts.map { "the header tells of \($0.columns) columns, the rows have \(cells)" }
          ?? "the header has no line `PTS: … COLS: …`",
        expected: "expected a line of counts that fits the rows")
    }
    if spacing == nil {
      diagnostics.note(
        "ssrl.crystal", found: "the header names no crystal with its spacing, as in `Si(220) 1.92`")
    }
    if weights == nil || offsets == nil {
      diagnostics.warn(
        "ssrl.header", found: "the header has no \(weights == nil ? "Weights" : "Offsets")",
        expected: "expected `Weights:` and `Offsets:` with one number a column")
    }
  }

  func describe(into dataset: inout Dataset) {
    header.describe(into: &dataset)
    if let weights { dataset.metadata.append("weights", weights) }
    if let offsets { dataset.metadata.append("offsets", offsets) }
    if let spacing { dataset.metadata.append("Mono.d_spacing", .real(spacing)) }
  }
}
