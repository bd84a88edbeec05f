public import Bytes
public import Reading
public import Tables
internal import Units

/// The 9809 text of the Photon Factory, SPring-8, SAGA-LS and AichiSR (docs/formats/pf-9809.md).
public enum PhotonFactoryText: FileFormat {
  /// The id.
  public static let id = "pf-9809"
  /// One line for people.
  public static let title = "Photon Factory 9809 (KEK-PF, SPring-8, SAGA-LS, AichiSR)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "9809 and a facility on line 1"

  private static let facilities = ["kek-pf", "spring-8", "saga-ls", "aichisr"]

  /// Looks for 9809 with a facility on line 1, or with the label line of the angles.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = ScanHeader.first(60, of: file)
    let words = words(lines.first ?? "")
    guard words.first == "9809", words.count > 1 else { return .none }
    if facilities.contains(words[1].lowercased()) {
      return Recognition(100, ["line 1 is 9809 and the facility \(words[1])"])
    }
    let hasAngles = lines.contains { $0.lowercased().contains("angle(c)") }
    return hasAngles ? Recognition(90, ["line 1 starts with 9809, a line labels Angle(c)"]) : .none
  }

  static func words(_ line: String) -> [String] {
    line.split { $0 == " " || $0 == "\t" }.map(String.init)
  }

  /// Reads header and rows; energies come from the observed angles.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = try PhotonFactoryHeader(text.utf8)
    var rows = ScanRows(text.utf8, labels: header.labels)
    let lines = TextLines(text.utf8, from: header.dataStart, number: header.dataLine)
    for line in lines where !text.utf8[line.range].isBlankOrEndMark {
      rows.append(header.cells(text.utf8, line.range), line: line.number)
    }
    try rows.finish(text, into: &diagnostics)
    if header.points != rows.count {
      let told = header.points.map { "the header tells of \($0)" } ?? "the header has no `Points=`"
      diagnostics.warn(
        "pf-9809.points", found: "\(rows.count) rows, \(told)",
        expected: "expected as many as the header says; the scan may have been stopped or cut")
    }
    var columns = header.labels.indices.map { i in
      let role = header.role(i)
      return rows.column(i, name: role.name, unit: role.unit, of: text)
    }
    if !header.namesObservedAngle {
      diagnostics.warn(
        "pf-9809.labels", at: .line(header.labelLine), found: "no column is labelled Angle(o)",
        expected: "the second one is taken as the observed angle")
    }
    if header.spacing == nil {
      diagnostics.warn(
        "xas.no-spacing", found: "the header gives no lattice spacing `D= … A`",
        expected: "the axis stays an angle; give the spacing with --d-spacing")
    }
    EnergyAxis.complete(
      &columns, mono: .init(spacing: header.spacing, source: "D of the Mono line"),
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

/// The header of a 9809 file.
struct PhotonFactoryHeader {
  private var header = ScanHeader()
  private(set) var spacing: Double?
  private(set) var points: Int?
  private(set) var labels: [String] = []
  private(set) var labelLine = 1
  private var modes: [Int] = []
  /// Where the first row starts.
  private(set) var dataStart = 0
  private(set) var dataLine = 1
  /// Columns are this wide; numbers that fill theirs touch.
  private static let fieldWidth = 10

  init(_ text: ByteView) throws(ReadFailure) {
    var labelled = false
    for line in TextLines(text) {
      let content = text[line.range]
      dataStart = line.range.lowerBound
      dataLine = line.number
      if labelled {
        let cells = cells(text, line.range)
        if ScanRows.isNumeric(text, cells) {
          if labels.count != cells.count { adjust(to: cells.count) }
          return
        }
      }
      header.append(line, text)
      let words = PhotonFactoryText.words(TextLines.string(content))
      guard let first = words.first?.lowercased() else { continue }
      if first.hasPrefix("angle(") {
        labels = words
        labelLine = line.number
        labelled = true
      } else if first == "mode" {
        modes = words.dropFirst().compactMap { Int($0) }
      } else if !labelled {
        take(TextLines.string(content), first)
      }
    }
    throw ReadFailure(
      "pf-9809.no-data", at: .line(dataLine),
      found: labelled ? "the file ends with its header" : "there is no line of labels",
      expected: "expected `Angle(c) Angle(o) …`, `Mode`, `Offset` and rows of numbers")
  }

  private mutating func take(_ line: String, _ first: String) {
    let lower = line.lowercased()
    if first.hasPrefix("mono"), let mark = lower.firstRange(of: "d=") {
      spacing = ScanHeader.leadingNumber(lower[mark.upperBound...])
    }
    if let mark = lower.firstRange(of: "points=") {
      points = ScanHeader.leadingInteger(lower[mark.upperBound...])
    }
  }

  /// Labels for rows that hold another count of cells than the line of labels.
  private mutating func adjust(to count: Int) {
    for i in labels.count..<max(labels.count, count) { labels.append("col\(i + 1)") }
    labels.removeLast(labels.count - count)
  }

  /// The cells of a row, between blanks or, where numbers touch, in fields of ten characters.
  func cells(_ text: ByteView, _ range: Range<Int>) -> [Range<Int>] {
    let cells = ScanRows.cells(text, range)
    let width = Self.fieldWidth
    let needed = labels.count * width
    guard cells.count < labels.count, range.count >= needed - width + 1, range.count <= needed + 2
    else { return cells }
    let fields = labels.indices.flatMap { i in
      let start = range.lowerBound + i * width
      return ScanRows.cells(text, start..<min(start + width, range.upperBound))
    }
    return fields.count == labels.count ? fields : cells
  }

  /// Whether a label says which angle was observed; else it is the second column.
  var namesObservedAngle: Bool { labels.contains { $0.lowercased() == "angle(o)" } }

  /// The name and unit of a column; `Mode` stands under the columns from the second on.
  func role(_ i: Int) -> (name: String, unit: ColumnUnit) {
    let degrees = (try? PhysicalUnit(ucum: "deg")).map { ColumnUnit.known($0) } ?? .absent
    let seconds = (try? PhysicalUnit(ucum: "s")).map { ColumnUnit.known($0) } ?? .absent
    let label = labels[i].lowercased()
    if label == "angle(o)" || (i == 1 && !namesObservedAngle) { return ("mono_angle", degrees) }
    if label == "angle(c)" { return ("mono_angle_calculated", degrees) }
    if label.hasPrefix("time") { return ("dwell_time", seconds) }
    switch i >= 1 && modes.count == labels.count - 1 ? modes[i - 1] : 0 {
    case 1: return ("incident_intensity", .absent)
    case 2: return ("transmitted_intensity", .absent)
    case 3: return ("fluorescence_yield", .absent)
    case 4: return ("electron_yield", .absent)
    default: return ("channel_\(ColumnLabel.slug(labels[i]))", .absent)
    }
  }

  func describe(into dataset: inout Dataset) {
    header.describe(into: &dataset)
    if let spacing { dataset.metadata.append("Mono.d_spacing", .real(spacing)) }
    if let points { dataset.metadata.append("points", .integer(Int64(points))) }
  }
}
