public import Bytes
public import Reading
public import Tables

/// Continuous scans of P65 and P64 at PETRA III (docs/formats/p65.md).
public enum P65Text: FileFormat {
  /// The id.
  public static let id = "p65"
  /// One line for people.
  public static let title = "PETRA III P64/P65 scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["xdi", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "# PETRA III, or a line of labels that starts with #enc_energy"

  /// Looks for the facility's name or the label of the encoder's energy; XDI's first line is another format.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard start.hasPrefix("#"), !start.hasPrefix("# XDI/"), !start.hasPrefix("#XDI/"),
      let lines = BeamlineHead(file, bytes: 16384)?.lines
    else { return .none }
    var reasons: [String] = []
    if start.hasPrefix("# PETRA III") { reasons.append("line 1 names PETRA III") }
    for (i, line) in lines.enumerated() where line.hasPrefix("#enc_energy") {
      reasons.append("line \(i + 1) is a line of labels that starts with enc_energy")
    }
    return reasons.isEmpty ? .none : Recognition(reasons.count > 1 ? 100 : 90, reasons)
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
