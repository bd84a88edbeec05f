public import Bytes
public import Reading
public import Tables
internal import Units

/// A text export of NanoScope: quoted header lines, then columns between tabs.
///
/// Usage: `.txt` written by NanoScope and NanoScope Analysis, with or without the header.
/// Columns: by label, `Calc_Ramp_Ex_nm` and the like; those of the extension (`_Ex`) in the table
/// `approach`, those of the retraction (`_Rt`) in `retract`, others in `scan`.
/// Values: as in the file, in SI units; a cell that a short row lacks is missing.
/// Structure: docs/formats/nanoscope-text.md.
public enum NanoScopeText: FileFormat {
  /// The id, `nanoscope-text`.
  public static let id = "nanoscope-text"
  /// One line for people.
  public static let title = "NanoScope text export"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Text.
  public static let extensions = ["txt"]
  /// The quoted header, or the labels.
  public static let recognisedBy =
    "a quoted line \\*Force file list, or labels such as Calc_Ramp_Ex_nm"

  /// How sure we are: 95 with the quoted section, 85 with labels of both directions alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(8192), into: &diagnostics) else {
      return .none
    }
    for line in TextLines(text.utf8).prefix(3) where !line.range.isEmpty {
      let words = TextLines.string(
        text.utf8[line.range.lowerBound..<min(line.range.upperBound, line.range.lowerBound + 512)])
      let lower = words.lowercased()
      if words.hasPrefix("\"\\"), lower.contains("file list") {
        return Recognition(95, ["the quoted line \(words.prefix(40))"])
      }
      let labels = words.split(separator: "\t").map { NanoScopeLabel(String($0)) }
      if labels.count > 1, labels.allSatisfy({ $0.way != nil }) {
        return Recognition(85, ["labels of extension and retraction, such as \(labels[0].label)"])
      }
      return .none
    }
    return .none
  }

  /// Reads the columns.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    var header = NanoScopeHeader()
    var names: TextLine?
    var start: TextLine?
    for line in TextLines(text.utf8) {
      guard line.range.count <= options.limits.lineBytes else {
        throw ReadFailure(
          "text.line-length", at: .line(line.number), found: "a line of \(line.range.count) bytes",
          expected: "expected at most \(options.limits.lineBytes)")
      }
      let raw = TextLines.string(text.utf8[line.range])
      if names == nil, !header.isClosed, isHeader(raw) {
        let place =
          text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
        _ = header.add(unquoted(raw), place)
        continue
      }
      if raw.allSatisfy({ $0 == " " || $0 == "\t" }) { continue }
      if names == nil {
        names = line
      } else {
        start = line
        break
      }
    }
    guard let names, let start else {
      throw ReadFailure(
        "nanoscope-text.no-data", at: .line(names?.number ?? 1),
        found: names == nil ? "there is no line of labels" : "no row follows the labels",
        expected: "expected labels and rows of numbers between tabs")
    }
    let labels = TextLines.string(text.utf8[names.range]).split(
      separator: "\t", omittingEmptySubsequences: false
    ).map { String($0) }
    let trimmed =
      labels.last.map { $0.allSatisfy { $0 == " " } } == true ? labels.dropLast() : labels[...]
    guard trimmed.count <= options.limits.columns else {
      throw ReadFailure(
        "nanoscope-text.columns", at: .line(names.number), found: "\(trimmed.count) labels",
        expected: "expected at most \(options.limits.columns)")
    }
    let rows = try NanoScopeRows(
      text, from: start, labels: trimmed.map { NanoScopeLabel($0) }, into: &diagnostics)
    let deflection = header.all("Ciao force image list").first {
      NanoScopeChannel.label($0).lowercased().contains("defl")
    }
    var settings: [InstrumentSetting] = []
    if !header.sections.isEmpty {
      let read = NanoScopeSettings(header, deflection: deflection)
      diagnostics.add(contentsOf: read.diagnostics.all)
      settings = read.settings
      if !header.isClosed {
        diagnostics.warn(
          "nanoscope.header", at: .line(names.number), found: "the header has no closing line",
          expected: "expected \\*Force file list end; it ends where the labels stand")
      }
    }
    if let odd = header.oddLines.first {
      diagnostics.warn(
        "nanoscope.line", at: .byte(odd.bytes.lowerBound),
        found: "\(header.oddLines.count) lines of the header are no \\key: value",
        expected: "kept in the metadata as they are")
    }
    var (metadata, origins) = header.metadata()
    origins["section"] = nil
    return Dataset(
      format: id, technique: technique, tables: rows.tables, metadata: metadata,
      diagnostics: diagnostics.all, complete: rows.complete,
      reading: ["encoding": text.encoding.rawValue, "decimal mark": rows.decimalMark],
      settingOrigins: origins, settings: settings)
  }

  /// Header lines start with a quote or a backslash; a row of labels does neither.
  private static func isHeader(_ line: String) -> Bool {
    guard let first = line.first(where: { $0 != " " }) else { return true }
    return first == "\"" || first == "\\" || (line.contains("\\") && !line.contains("\t"))
  }

  /// The line without the quotes around it; those within stay.
  private static func unquoted(_ line: String) -> String {
    var part = line[...]
    while part.last == " " || part.last == "\t" { part = part.dropLast() }
    if part.first == "\"" { part = part.dropFirst() }
    if part.last == "\"" { part = part.dropLast() }
    return String(part)
  }
}
