public import Bytes
public import Reading
public import Tables
internal import Units

/// The text of NSLS beamline X10C, whose header holds NULs (docs/formats/x10c.md).
public enum X10CText: FileFormat {
  /// The id.
  public static let id = "x10c"
  /// One line for people.
  public static let title = "NSLS X10C"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "EXAFS on line 1 and a line DATA START"

  /// Looks for the first word and the line above the rows.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = ScanHeader.first(200, of: file, withNUL: true)
    guard lines.first?.uppercased().hasPrefix("EXAFS ") == true else { return .none }
    if lines.contains(where: isStart) {
      return Recognition(100, ["line 1 starts with EXAFS, a line is DATA START"])
    }
    let hasCounts = lines.contains { PhotonFactoryText.words($0).starts(with: ["NPTS", "NCHAN"]) }
    return hasCounts ? Recognition(80, ["line 1 starts with EXAFS, a line with NPTS NCHAN"]) : .none
  }

  private static func isStart(_ line: String) -> Bool {
    XDIHeader.trimmed(line).uppercased().hasPrefix("DATA START")
  }

  /// Reads header and rows; numbers that touch are taken apart.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try decode(bytes, into: &diagnostics)
    var header = ScanHeader()
    var start: TextLine?
    for line in TextLines(text.utf8) {
      header.append(line, text.utf8)
      if isStart(TextLines.string(text.utf8[line.range])) {
        start = line
        break
      }
    }
    guard let start else {
      throw ReadFailure(
        "x10c.no-data", found: "there is no line DATA START",
        expected: "expected it above rows of numbers")
    }
    let lines = TextLines(text.utf8, from: start.next, number: start.number + 1)
    var rows: ScanRows?
    for line in lines where !text.utf8[line.range].isBlankOrEndMark {
      let cells = ScanRows.cells(text.utf8, line.range, splitting: true)
      if rows == nil {
        rows = ScanRows(text.utf8, labels: labels(cells.count))
      }
      rows?.append(cells, line: line.number)
    }
    guard var rows else {
      throw ReadFailure(
        "x10c.no-data", at: .line(start.number), found: "no row follows DATA START",
        expected: "expected rows of numbers")
    }
    try rows.finish(text, into: &diagnostics)
    checkCount(rows.count, header, into: &diagnostics)
    var columns = rows.labels.enumerated().map { i, label in
      let unit: ColumnUnit = i == 0 ? .known(EnergyAxis.electronvolt) : .absent
      let name = i == 0 ? "photon_energy" : ColumnNames.meaning(of: label)?.name
      return rows.column(i, name: name ?? ColumnLabel.slug(label), unit: unit, of: text)
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

  /// The text with blanks in place of the NULs of its header; a NUL among the rows is an error.
  private static func decode(
    _ bytes: ByteView, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> DecodedText {
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      return try DecodedText.decode(bytes, into: &diagnostics)
    }
    let end = bytes.firstRange(of: "DATA START")?.upperBound ?? bytes.count
    // Eight-bit text has a NUL here and there; in UTF-16 every other byte is one.
    let nulls = bytes.prefix(end).withBytes { $0.count { $0 == 0 } }
    guard nulls > 0, nulls * 4 < end else {
      return try DecodedText.decode(bytes, into: &diagnostics)
    }
    var copy = bytes.array
    for i in 0..<end where copy[i] == 0 { copy[i] = 0x20 }
    return try DecodedText.decode(ByteView(copy), into: &diagnostics)
  }

  /// The labels; I0 and I1 stand where Demeter's reader of these files takes them.
  private static func labels(_ count: Int) -> [String] {
    let known = [0: "energy", 3: "i0", 5: "i1"]
    return (0..<count).map { (count >= 6 || $0 == 0 ? known[$0] : nil) ?? "col\($0 + 1)" }
  }

  /// `NPTS NCHAN …` stands above the number of points.
  private static func checkCount(
    _ rows: Int, _ header: ScanHeader, into diagnostics: inout DiagnosticList
  ) {
    let title = header.lines.firstIndex {
      PhotonFactoryText.words($0.text).starts(with: ["NPTS", "NCHAN"])
    }
    let points = title.flatMap { $0 + 1 < header.lines.count ? header.lines[$0 + 1].text : nil }
      .flatMap { PhotonFactoryText.words($0).first }.flatMap { Int($0) }
    if points != rows {
      diagnostics.warn(
        "x10c.points",
        found: points.map { "\(rows) rows, the header tells of \($0)" }
          ?? "the header has no line NPTS with a number below",
        expected: "expected as many rows as NPTS says; the file may be cut")
    }
  }
}
