public import Bytes
public import Reading
public import Tables

/// Scans of the SuperXAS beamline at the Swiss Light Source (docs/formats/sls-superxas.md).
public enum SLSText: FileFormat {
  /// The id.
  public static let id = "sls-superxas"
  /// One line for people.
  public static let title = "SuperXAS (SLS) scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["txt", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "a line of labels that starts with posX and holds SAI01"

  /// Looks for the labels of the positioner and the counters.
  public static func recognise(_ file: FileHead) -> Recognition {
    let first = file.head[0] ?? 0
    guard [0x23, 0xEF, 0xFE, 0xFF].contains(first),
      BeamlineHead.holds(file, ["posx"], within: 2048), let head = BeamlineHead(file)
    else {
      return .none
    }
    for (i, line) in head.lines.enumerated() {
      let text = HeaderLine(number: i + 1, line)
      if text.text.hasPrefix("posX"), text.text.contains("SAI0") {
        return Recognition(90, ["line \(i + 1) holds the labels posX and SAI0…"])
      }
    }
    return .none
  }

  /// Reads the rows; `posX` is the energy in keV, the three analog inputs are the ion chambers.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var scan = BeamlineScan(text, axis: 0)
    let roles = [
      "SAI01-MEAN": "i0", "SAI02-MEAN": "it", "SAI03-MEAN": "iref", "IntegrTimeGet": "count time",
    ]
    for i in scan.headings.indices {
      if let role = roles[scan.headings[i].label] {
        scan.headings[i].meaning = ColumnNames.meaning(of: role)
      }
    }
    SampleStatement(text.header)?.apply(&scan.headings)
    return try scan.dataset(id, text, options: options, diagnostics)
  }
}
