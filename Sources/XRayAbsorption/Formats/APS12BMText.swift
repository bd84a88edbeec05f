public import Bytes
public import Reading
public import Tables

/// EXAFS scans of APS 12BM (docs/formats/aps-12bm.md).
public enum APS12BMText: FileFormat {
  /// The id.
  public static let id = "aps-12bm"
  /// One line for people.
  public static let title = "APS 12BM EXAFS scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "#C exafs_region lines and labels `1_Energy (keV) 2_sec …`"

  /// Looks for the lines of the scan's regions.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard start.hasPrefix("#"), start.contains("exafs"), let head = BeamlineHead(file) else {
      return .none
    }
    guard let region = head.lines.firstIndex(where: { $0.hasPrefix("#C exafs_region") }) else {
      return .none
    }
    var reasons = ["line \(region + 1) starts with `#C exafs_region`"]
    if let labels = head.lines.firstIndex(where: { $0.hasPrefix("#C 1_") }) {
      reasons.append("line \(labels + 1) holds numbered labels")
    }
    return Recognition(reasons.count > 1 ? 100 : 70, reasons)
  }

  /// Reads the rows; the axis is in keV.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var scan = BeamlineScan(headings: [], axis: 0)
    if let line = text.header.last(where: { !$0.isRule }) {
      scan.headings = labels(line.text).map(heading)
      if !scan.headings.isEmpty { scan.labelLines = [line.number] }
    }
    if scan.headings.isEmpty { scan.headings = BeamlineScan.headings([], count: text.width) }
    return try scan.dataset(id, text, options: options, diagnostics)
  }

  /// The labels of `C 1_Energy (keV) 2_sec …`: each starts with its number.
  private static func labels(_ line: String) -> [String] {
    var result: [String] = []
    for word in line.split(separator: " ").dropFirst() {
      let prefix = "\(result.count + 1)_"
      if word.hasPrefix(prefix) {
        result.append(String(word.dropFirst(prefix.count)))
      } else if !result.isEmpty {
        result[result.count - 1] += " " + word
      }
    }
    return result
  }

  private static func heading(_ label: String) -> ColumnHeading {
    var heading = ColumnHeading(label)
    switch label {
    case "mononrg":
      heading.meaning = ColumnNames.meaning(of: "energy readback")
      heading.unit = "keV"
    case "sec":
      heading.meaning = ColumnNames.meaning(of: "count time")
      heading.unit = "s"
    case "mu01": heading.meaning = ColumnNames.meaning(of: "mu")
    case "flatot": heading.meaning = ColumnNames.meaning(of: "ifluor")
    case let name where name.hasPrefix("fla") && name.dropFirst(3).allSatisfy(\.isNumber):
      heading.meaning = ColumnNames.meaning(of: "ifluor")
    default: break
    }
    return heading
  }
}
