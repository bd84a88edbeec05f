public import Bytes
public import Reading
public import Tables

/// Scans of the ISS and QAS beamlines at NSLS-II (docs/formats/nsls2.md).
public enum NSLS2Text: FileFormat {
  /// The id.
  public static let id = "nsls2"
  /// One line for people.
  public static let title = "NSLS-II ISS, QAS scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "raw"]
  /// How it is recognised.
  public static let recognisedBy = "# Facility: NSLS-II"

  /// Looks for the facility's name on the first lines; BlueSky's XDI files are XDI.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard start.hasPrefix("#"), start.contains("NSLS-II"), !start.contains("XDI/") else {
      return .none
    }
    for line in start.split(whereSeparator: \.isNewline).prefix(4) {
      let pair = HeaderLine(number: 1, String(line)).pair
      if pair?.key == "Facility", pair?.value.hasPrefix("NSLS-II") == true {
        return Recognition(95, ["a header line is `# Facility: NSLS-II`"])
      }
    }
    return .none
  }

  /// Reads the rows below the line of labels, which has two marks.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    return try BeamlineScan(text, axis: 0).dataset(id, text, options: options, diagnostics)
  }
}
