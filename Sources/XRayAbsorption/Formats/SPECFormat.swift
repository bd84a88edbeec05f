public import Bytes
public import Reading
public import Tables
internal import Units

/// Data files of the control program spec, and of what writes as it does (docs/formats/spec.md).
public enum SPECFormat: FileFormat {
  /// The id.
  public static let id = "spec"
  /// One line for people.
  public static let title = "SPEC scans"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "spec", "mca"]
  /// How it is recognised.
  public static let recognisedBy = "#F or #S at the start, and #S NUMBER COMMAND"

  /// Looks for `#F`, and for a scan with the lines that follow it.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head, into: &ignored) else { return .none }
    let lines = TextLines(text.utf8)
    var reasons: [String] = []
    var hasScan = false
    for line in lines.prefix(2000) {
      let content = XDIHeader.trimmed(lines.string(line))
      guard !content.isEmpty else { continue }
      let words = content.split(maxSplits: 2) { $0 == " " || $0 == "\t" }
      guard content.hasPrefix("#"), let key = words.first else {
        if hasScan { continue }
        return .none
      }
      if !hasScan, reasons.isEmpty, key != "#F", key != "#S", key != "#E", key != "#D" {
        // Comments may come first, never the header fields of other formats.
        guard key == "#C" || key == "#" else { return .none }
        continue
      }
      switch key {
      case "#F" where !hasScan: reasons.append("line \(line.number) is `#F`, the name of the file")
      case "#S" where words.count > 1 && words[1].first?.isNumber == true:
        if !hasScan { reasons.append("line \(line.number) starts a scan (`#S`)") }
        hasScan = true
      case "#L" where hasScan, "#N" where hasScan, "#D" where hasScan && reasons.count > 1:
        return Recognition(
          reasons.count > 1 ? 98 : 92, reasons + ["line \(line.number) is `\(key)` of the scan"])
      default: break
      }
    }
    if hasScan { return Recognition(75, reasons) }
    return reasons.isEmpty ? .none : Recognition(60, reasons)
  }

  /// Reads every scan as a table of its own; what is wrong with one costs no other one.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let outline = SPECOutline(text.utf8)
    guard !outline.scans.isEmpty else {
      throw ReadFailure(
        "spec.no-scan", found: "there is no line `#S NUMBER COMMAND`",
        expected: "expected scans")
    }
    guard outline.scans.count <= mostScans else {
      throw ReadFailure(
        "spec.too-many-scans", at: .line(outline.scans[mostScans].line),
        found: "\(outline.scans.count) scans", expected: "expected at most \(mostScans)")
    }
    var scans = SPECScans(text, outline)
    scans.read(options, into: &diagnostics)
    scans.tellWhatIsMissing(into: &diagnostics)
    guard scans.tables.contains(where: { $0.rows > 0 }) || !scans.grids.isEmpty else {
      throw scans.firstFailure
        ?? ReadFailure(
          "spec.no-data", at: .line(outline.scans[0].line),
          found: "none of the \(outline.scans.count + outline.furtherEmptyScans) scans has a point",
          expected: "expected rows of numbers")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    var dataset = Dataset(
      format: id, technique: technique, tables: scans.tables, grids: scans.grids,
      diagnostics: diagnostics.all, complete: scans.complete && !scans.hasStrayLines)
    for index in outline.header {
      let line = outline.controls[index]
      dataset.metadata.append(line.key, outline.string(line.value))
      if dataset.settingOrigins[line.key] == nil {
        dataset.settingOrigins[line.key] = Origin(lines: line.line...line.line)
      }
    }
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["decimal mark"] = "."
    dataset.reading["delimiter"] = "blanks"
    return dataset
  }

  /// A file of more scans than this is refused: every one takes a table with its header.
  static let mostScans = 100_000
}
