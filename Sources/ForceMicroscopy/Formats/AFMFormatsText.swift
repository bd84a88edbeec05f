public import Bytes
public import Reading
public import Tables
internal import Units

/// The tab-separated export of afmformats: settings as JSON in `#` lines, one row a point.
///
/// Usage: `.tab` written by afmformats, nanite and PyJibe.
/// Columns: `force`, `height (measured)` as `sensor_position`, `height (piezo)` as `piezo_position`,
/// `time`; `segment` cuts the rows into `approach`, `retract`, `dwell`.
/// Values: as in the file, in SI units, which afmformats defines.
/// Metadata: every key of the JSON block, with its line.
/// Structure: docs/formats/afmformats-tab.md.
public enum AFMFormatsText: FileFormat {
  /// `afmformats-tab`.
  public static let id = "afmformats-tab"
  /// One line for people.
  public static let title = "afmformats export (tab-separated)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Extensions in use.
  public static let extensions = ["tab"]
  /// How it is recognised.
  public static let recognisedBy = "'# afmformats' on line 1, '# BEGIN METADATA', its column names"

  /// 100 with version line and settings, 90 with one of them and known column names.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    let head = file.head.prefix(16384)
    guard head.count > 0, let text = try? DecodedText.decode(head, into: &ignored),
      text.utf8[0] == UInt8(ascii: "#"), let header = try? AFMFormatsHeader(text.utf8)
    else { return .none }
    let lines = TextLines(text.utf8)
    let first = lines.first { _ in true }.map(lines.string) ?? ""
    var reasons: [String] = []
    if first.hasPrefix(AFMFormatsHeader.title) { reasons.append("line 1 is '\(first.prefix(40))'") }
    if header.hasBlock { reasons.append("a block '\(AFMFormatsHeader.begin)'") }
    guard !reasons.isEmpty else { return .none }
    let known = header.names.count { AFMFormatsColumns.known[$0] != nil }
    if known > 0 { reasons.append("\(known) column names of afmformats") }
    return Recognition(reasons.count > 2 ? 100 : known > 0 ? 90 : 75, reasons)
  }

  /// Reads the curve.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = try AFMFormatsHeader(text.utf8)
    diagnostics.add(contentsOf: header.diagnostics.all)
    guard header.names.count <= options.limits.columns else {
      throw ReadFailure(
        "text.columns", at: .line(header.namesLine), found: "\(header.names.count) columns",
        expected: "expected at most \(options.limits.columns)")
    }
    let layout = TableLayout.survey(
      text.utf8, from: header.dataStart, line: header.dataLine, delimiter: .character(0x09),
      maximumColumns: options.limits.columns)
    guard let layout else {
      throw ReadFailure(
        "tab.no-data", at: .line(header.dataLine), found: "no row of numbers",
        expected: "expected rows below the column names")
    }
    TextEnd.check(text, into: &diagnostics)
    let segmentColumn = header.names.firstIndex(of: "segment")
    let plan = header.names.enumerated().map { c, label in
      if c == segmentColumn {
        return TextColumn(name: "segment", label: label, written: .absent, kind: .text)
      }
      return ForceTextColumn.column(
        label, part: label, unit: AFMFormatsColumns.known[label],
        kind: label == "index" ? .integer : .real(),
        place: .cell(line: header.namesLine, column: c + 1), options: options, into: &diagnostics)
    }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    let table = try NumericTable.parse(
      text, from: header.dataStart, line: header.dataLine, dialect: layout.dialect,
      columns: plan.map(\.request), rules: rules, into: &diagnostics)
    var columns = table.columns(plan, of: text)
    let marks = segmentColumn.map { columns.remove(at: $0) }
    let segments = try AFMFormatsSegments(
      marks, columns, rows: table.rows, mode: header.settings.metadata.text("imaging mode"),
      namesLine: header.namesLine, into: &diagnostics)
    return Dataset(
      format: id, technique: technique, tables: segments.cut.tables(columns, of: table),
      metadata: header.settings.metadata,
      diagnostics: diagnostics.all + lost(header, table.rows),
      complete: table.complete && isWhole(header, table.rows),
      reading: TextEnd.reading(text, layout.dialect), settingOrigins: header.settings.origins,
      settings: settings(header.settings))
  }

  /// Whether all points are there: as many as the settings declare, else none on the line of names.
  private static func isWhole(_ header: AFMFormatsHeader, _ rows: Int) -> Bool {
    header.settings.number("point count").map { $0 == Double(rows) } ?? header.joined.isEmpty
  }

  /// Warnings of rows that are not where they should be.
  private static func lost(_ header: AFMFormatsHeader, _ rows: Int) -> [Diagnostic] {
    let points = header.settings.number("point count")
    var result: [Diagnostic] = []
    if !header.joined.isEmpty {
      result.append(
        Diagnostic(
          .warning, "tab.joined-header", at: .line(header.namesLine),
          found: "a row stands on the line of column names: "
            + header.joined.map { "'\($0)'" }.joined(separator: " "),
          expected: "expected a line end before it; 1 row is left out"))
    }
    if let points, points != Double(rows) {
      result.append(
        Diagnostic(
          .warning, "tab.point-count", at: header.settings.place(of: "point count"),
          found:
            "the settings declare \(header.settings.metadata.text("point count") ?? "") points",
          expected: "\(rows) rows are there"))
    }
    return result
  }

  private static func settings(_ settings: TextSettings) -> [InstrumentSetting] {
    var result: [InstrumentSetting] = []
    if let k = settings.number("spring constant") {
      result.append(
        .springConstant(k, key: "spring constant", origin: settings.origin("spring constant")))
    }
    if let s = settings.number("sensitivity") {
      result.append(.invOLS(s, key: "sensitivity", origin: settings.origin("sensitivity")))
    }
    if let force = settings.number("setpoint") {
      result.append(.triggerForce(force, key: "setpoint", origin: settings.origin("setpoint")))
    }
    return result
  }
}

/// The segments that the column `segment` marks.
struct AFMFormatsSegments {
  let cut: ForceTextSegments
  /// More segments than this are no curve.
  static let most = 4096

  /// What the numbers mean, by the imaging mode of the settings.
  private static func kinds(_ mode: String?) -> [String] {
    switch mode {
    case "creep-compliance": ["approach", "dwell", "retract"]
    case "stress-relaxation": ["dwell", "approach", "dwell", "retract"]
    default: ["approach", "retract", "dwell"]
    }
  }

  init(
    _ marks: Column?, _ columns: [Column], rows: Int, mode: String?, namesLine: Int,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    guard case .text(let cells)? = marks?.values else {
      diagnostics.warn(
        "tab.segments-inferred", at: .line(namesLine), found: "there is no column 'segment'",
        expected: "the curve is cut where its position is farthest from the start")
      let position = ["sensor_position", "piezo_position", "tip_position"].lazy.compactMap { name in
        columns.first { $0.name == name }?.real
      }.first
      cut = .turningPoint(position, rows: rows)
      return
    }
    let kinds = Self.kinds(mode)
    var all: [ForceTextSegments.Segment] = []
    var current: Int?
    var unknown = 0
    for (row, cell) in cells.enumerated() {
      let found = Self.number(cell)
      if found == nil { unknown += 1 }
      if let found, found != current {
        current = found
        let start = all.isEmpty ? 0 : row
        let kind = kinds.indices.contains(found) ? kinds[found] : "dwell"
        all.append(.init(kind: kind, rows: start..<start))
        guard all.count <= Self.most else {
          throw ReadFailure(
            "tab.segments", at: .line(namesLine), found: "more than \(Self.most) segments",
            expected: "expected the rows of one segment together")
        }
      }
      if let last = all.indices.last { all[last].rows = all[last].rows.lowerBound..<(row + 1) }
    }
    if unknown > 0 {
      diagnostics.warn(
        "tab.segment", at: .line(namesLine),
        found: "the column 'segment' holds a cell that is no segment number",
        expected: "expected 0, 1, …, or False and True; its row goes with the one before",
        count: unknown)
    }
    if all.isEmpty { all = [.init(kind: "approach", rows: 0..<rows)] }
    cut = ForceTextSegments(all: all)
  }

  private static func number(_ cell: String) -> Int? {
    switch cell {
    case "False", "false", "FALSE": return 0
    case "True", "true", "TRUE": return 1
    default:
      guard let x = TextSettings.number(cell), x >= 0, x < 256, x == x.rounded() else { return nil }
      return Int(x)
    }
  }
}
