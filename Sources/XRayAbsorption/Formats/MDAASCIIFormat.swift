public import Bytes
public import Reading
public import Tables
internal import Units

/// Text exports of EPICS scans by mda2ascii (docs/formats/mda-ascii.md).
public enum MDAASCIIFormat: FileFormat {
  /// The id.
  public static let id = "mda-ascii"
  /// One line for people.
  public static let title = "EPICS MDA scan as text (mda2ascii)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["asc", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "## mda2ascii on line 1, or # MDA File Version"

  /// Looks for the first line and for the line with the version.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(8192), into: &ignored) else {
      return .none
    }
    let lines = TextLines(text.utf8)
    var reasons: [String] = []
    for line in lines.prefix(40) {
      let content = XDIHeader.trimmed(lines.string(line))
      if content.isEmpty { continue }
      guard content.hasPrefix("#") else { break }
      if reasons.isEmpty, content.contains("mda2ascii") {
        reasons.append("line \(line.number) names mda2ascii")
      } else if content.hasPrefix("# MDA File Version =") {
        return Recognition(
          reasons.isEmpty ? 90 : 100,
          reasons + ["line \(line.number) is the version of the MDA file"])
      }
    }
    return reasons.isEmpty ? .none : Recognition(80, reasons)
  }

  /// Reads every block of values as a table.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let outline = MDATextOutline(text.utf8)
    var dataset = Dataset(format: id, technique: technique, tables: [])
    for entry in outline.header { dataset.metadata.append(entry.key, entry.value) }
    for block in outline.blocks {
      do throws(ReadFailure) {
        let (table, complete) = try block.table(text, options, into: &diagnostics)
        dataset.tables.append(table)
        dataset.complete = dataset.complete && complete
      } catch {
        if outline.blocks.count == 1 { throw error }
        dataset.complete = false
        diagnostics.warn(
          "mda.block", at: error.diagnostic.place,
          found: "a block of values cannot be read (\(error.diagnostic.found))",
          expected: error.diagnostic.expected)
      }
    }
    if let line = outline.firstLineLeftOut {
      dataset.complete = false
      diagnostics.warn(
        "mda.too-many-blocks", at: .line(line),
        found: "more than \(MDATextOutline.mostBlocks) blocks of values",
        expected: "expected fewer; what follows is left out")
    }
    guard dataset.tables.contains(where: { $0.rows > 0 }) else {
      throw ReadFailure(
        "mda.no-data", at: .line(max(1, outline.lines)), found: "there is no row of numbers",
        expected: "expected `# 1-D Scan Values` and rows")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["delimiter"] = "blanks"
    dataset.diagnostics = diagnostics.all
    return dataset
  }
}
