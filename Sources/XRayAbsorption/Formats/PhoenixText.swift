public import Bytes
public import Reading
public import Tables

/// Scans of the PHOENIX beamline at the Swiss Light Source (docs/formats/phoenix.md).
public enum PhoenixText: FileFormat {
  /// The id.
  public static let id = "phoenix"
  /// One line for people.
  public static let title = "PHOENIX (SLS) scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "one comment line of labels that end in _c1, _c2, …"

  /// Looks for labels that carry their number.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard start.hasPrefix("#"), start.contains("_c1"),
      let line = BeamlineHead(file, bytes: 16384)?.lines.first
    else { return .none }
    let labels = HeaderLine(number: 1, line).text.split { $0 == " " || $0 == "\t" }
    let numbered = labels.enumerated().allSatisfy { $1.hasSuffix("_c\($0 + 1)") }
    guard labels.count > 1, numbered else { return .none }
    return Recognition(95, ["line 1 holds \(labels.count) labels that end in _c1, _c2, …"])
  }

  /// Reads the rows below the line of labels.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    return try BeamlineScan(text, axis: 0).dataset(id, text, options: options, diagnostics)
  }
}
