public import Bytes
public import Reading
public import Tables
internal import Units

/// Gamry Framework files (`.DTA`): tests with curves of current and potential, and impedance spectra.
public enum GamryText: FileFormat {
  /// `gamry-dta`.
  public static let id = "gamry-dta"
  /// One line for people.
  public static let title = "Gamry Framework DTA"
  /// Cycling; a file with a spectrum is given as impedance.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["dta"]
  /// How it is recognised.
  public static let recognisedBy = "line 1 'EXPLAIN' and typed lines behind it"

  /// 95 for EXPLAIN with TAG below it, 60 for EXPLAIN, 80 for a line that starts a table of Gamry's.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard file.mayHold("EXPLAIN", "TABLE", within: 16384),
      let text = try? DecodedText.decode(file.head.prefix(16384), into: &diagnostics)
    else { return .none }
    var isFirst = true
    var hasMagic = false
    for line in TextLines(text.utf8) {
      let fields = GamryDocument.fields(TextLines.string(text.utf8[line.range].prefix(200)))
      guard let key = fields.first else { continue }
      if isFirst { hasMagic = key == GamryDocument.magic && fields.count == 1 }
      isFirst = false
      if hasMagic, line.number > 1, line.number < 10, key == "TAG" {
        return Recognition(95, ["line 1 is 'EXPLAIN'", "line \(line.number) is the tag"])
      }
      if fields.count > 1, fields[1] == "TABLE", key.hasSuffix("CURVE") || key.hasPrefix("CURVE") {
        return Recognition(80, ["line \(line.number) starts the table \(key)"])
      }
    }
    return hasMagic ? Recognition(60, ["line 1 is 'EXPLAIN'"]) : .none
  }

  /// Reads every table.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let document = GamryDocument(text)
    var tables: [Table] = []
    var complete = true
    for block in document.blocks {
      guard
        let read = try GamryTable.read(block, text, options: options, into: &diagnostics)
      else {
        diagnostics.warn(
          "dta.empty-table", at: .line(block.line),
          found: "no whole row in the table \(block.name)",
          expected: "expected names, units and rows")
        complete = false
        continue
      }
      tables.append(read.table)
      complete = complete && read.complete
    }
    guard !tables.isEmpty else {
      throw ReadFailure(
        "dta.no-table",
        at: .line(TextLines.number(ofOffset: max(0, text.utf8.count - 1), in: text.utf8)),
        found: document.blocks.isEmpty
          ? "the file ends inside the header, without a table" : "no table with a whole row",
        expected: "expected a line such as 'CURVE TABLE 100' with names, units and rows")
    }
    if let stray = document.stray {
      complete = false
      diagnostics.warn(
        "dta.stray-row", at: .line(stray.line), found: "a row that stands in no table",
        expected: "expected a line with the word TABLE above it; left out", count: stray.count)
    }
    if let aborted = document.aborted {
      diagnostics.warn(
        "dta.aborted", at: .line(aborted), found: "the experiment was aborted",
        expected: "all rows written until then are given")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
    let isSpectrum = tables.contains { $0["frequency"] != nil && $0["impedance_real"] != nil }
    let tag = document.metadata.text("TAG") ?? ""
    if !isSpectrum, tag.contains("EIS") {
      complete = false
      diagnostics.warn(
        "dta.no-spectrum", found: "a test '\(tag)' without the table ZCURVE",
        expected: "expected it; the file is cut or the test was stopped before")
    }
    return Dataset(
      format: id, technique: isSpectrum ? .impedance : .cycling, tables: named(tables),
      metadata: document.metadata, diagnostics: diagnostics.all, complete: complete,
      reading: ["encoding": text.encoding.rawValue], settingOrigins: document.origins,
      settings: settings(document))
  }

  /// Tables of one name get numbers.
  private static func named(_ tables: [Table]) -> [Table] {
    var seen: [String: Int] = [:]
    return tables.map { table in
      var table = table
      let n = (seen[table.name] ?? 0) + 1
      seen[table.name] = n
      if n > 1 { table.name += "_\(n)" }
      return table
    }
  }

  /// The area of the electrode, which Gamry's forms always ask for in cm².
  private static func settings(_ document: GamryDocument) -> [InstrumentSetting] {
    guard let text = document.metadata.text("AREA"),
      let area = Double(String(text.map { $0 == "," ? "." : $0 })), area > 0, area.isFinite
    else { return [] }
    return [
      InstrumentSetting(
        "electrode_area", area / 1e4, .squareMetre, key: "AREA",
        origin: document.origins["AREA"] ?? Origin())
    ]
  }
}
