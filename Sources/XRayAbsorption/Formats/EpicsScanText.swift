public import Bytes
public import Reading
public import Tables

/// One-dimensional scans of GSECARS' EpicsScan (docs/formats/epics-scan.md).
public enum EpicsScanText: FileFormat {
  /// The id.
  public static let id = "epics-scan"
  /// One line for people.
  public static let title = "Epics Scan text"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "001"]
  /// How it is recognised.
  public static let recognisedBy = "; Epics Scan 1 dimensional on line 1"

  /// Looks for the program's name on the first line; its newer files are XDI.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = HeaderLine(number: 1, BeamlineHead.start(file)).text
    return start.hasPrefix("Epics Scan 1 dimensional")
      ? Recognition(95, ["line 1 is `; Epics Scan 1 dimensional`"]) : .none
  }

  /// Reads the rows; `P1 = {Energy} --> PV` tells what the columns of `P1 P2 D1 D2` are.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var names: [String: String] = [:]
    for line in text.header {
      guard let equals = line.text.firstIndex(of: "="), let open = line.text.firstIndex(of: "{"),
        let close = line.text.lastIndex(of: "}"), equals < open, open < close
      else { continue }
      let key = String(HeaderLine.trimmed(line.text[..<equals]))
      names[key] = String(line.text[line.text.index(after: open)..<close])
    }
    var scan = BeamlineScan(text, axis: 0)
    let keys = BeamlineScan.labelLine(text)?.labels ?? []
    if !keys.isEmpty { scan.headings = keys.map { ColumnHeading(names[$0] ?? $0) } }
    return try scan.dataset(id, text, options: options, diagnostics)
  }
}
