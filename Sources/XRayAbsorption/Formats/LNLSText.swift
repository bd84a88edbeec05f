public import Bytes
public import Reading
public import Tables

/// Scans of the XAFS beamlines of LNLS, a date and a time before each row (docs/formats/lnls.md).
public enum LNLSText: FileFormat {
  /// The id.
  public static let id = "lnls"
  /// One line for people.
  public static let title = "LNLS XAFS scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "labels \"Data\" \"Hora\" \"Energia\" …"

  /// Looks for the labels of date and time.
  public static func recognise(_ file: FileHead) -> Recognition {
    let first = file.head[0] ?? 0
    guard [0x22, 0x23, 0x44, 0x20, 0xEF, 0xFE, 0xFF].contains(first),
      BeamlineHead.holds(file, ["hora"], within: 2048), let head = BeamlineHead(file)
    else {
      return .none
    }
    for (i, line) in head.lines.enumerated() {
      let words = line.split { "\"\t ,;#".contains($0) }
      if words.starts(with: ["Data", "Hora"]), words.contains("Energia") {
        return Recognition(95, ["line \(i + 1) holds the labels Data, Hora, Energia"])
      }
    }
    return .none
  }

  /// Reads the rows; date and time stay text.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, words: 2, options: options, into: &diagnostics)
    var scan = BeamlineScan(text)
    for i in scan.headings.indices {
      switch scan.headings[i].label {
      case "Data", "Hora": scan.headings[i].meaning = nil
      case "Fluorescencia", "Fluorescência":
        scan.headings[i].meaning = ColumnNames.meaning(of: "ifluor")
      default: break
      }
    }
    return try scan.dataset(id, text, options: options, diagnostics)
  }
}
