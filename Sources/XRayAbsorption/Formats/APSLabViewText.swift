public import Bytes
public import Reading
public import Tables

/// Scans of the LabVIEW program of APS sectors 9 and 20 (docs/formats/aps-labview.md).
public enum APSLabViewText: FileFormat {
  /// The id.
  public static let id = "aps-labview"
  /// One line for people.
  public static let title = "APS LabVIEW Control Panel scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "0001"]
  /// How it is recognised.
  public static let recognisedBy = "1-D Scan File created by LabVIEW Control Panel on line 1"

  /// Looks for the program's name on the first line.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard start.hasPrefix("#"), start.contains("Scan File created"),
      start.contains("LabVIEW Control Panel")
    else { return .none }
    return Recognition(95, ["line 1 names the LabVIEW Control Panel"])
  }

  /// Reads the rows; the labels come from the numbered list, else from the line above the rows.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    let header = text.header
    let last = header.last { !$0.isRule }
    let list = legend(header)
    var labels = list
    if labels.isEmpty, let last { labels = fields(last.text) }
    var scan = BeamlineScan(
      headings: labels.isEmpty
        ? BeamlineScan.headings([], count: text.width) : labels.map { ColumnHeading($0) }, axis: 0)
    if let last, !labels.isEmpty { scan.labelLines = [last.number] }
    return try scan.dataset(id, text, options: options, diagnostics)
  }

  /// The numbered list in one or more columns: `1) Mono Energy *   11) XMAP4:TiKa_Sum`.
  ///
  /// Empty where a number between 1 and the last one lacks.
  private static func legend(_ header: [HeaderLine]) -> [String] {
    guard let start = header.firstIndex(where: { $0.text.contains("list of column headings") })
    else { return [] }
    var found: [Int: String] = [:]
    for line in header[(start + 1)...] {
      guard line.text.first?.isNumber == true else { break }
      var number: Int?
      var words: [Substring] = []
      func close() { if let number { found[number] = words.joined(separator: " ") } }
      for word in line.text.split(separator: " ") {
        if word.last == ")", let next = Int(word.dropLast()) {
          close()
          number = next
          words = []
        } else {
          words.append(word)
        }
      }
      close()
    }
    let labels = (1...max(1, found.count)).compactMap { found[$0] }
    return labels.count == found.count ? labels : []
  }

  /// The labels of the last line: a `*` ends the name of a positioner, two blanks any other.
  private static func fields(_ line: String) -> [String] {
    var result: [String] = []
    for field in HeaderLine(number: 0, line).byWideGaps {
      let parts = field.split(separator: "*", omittingEmptySubsequences: false)
      for (i, part) in parts.enumerated() {
        let name = String(HeaderLine.trimmed(part))
        if !name.isEmpty { result.append(i + 1 < parts.count ? name + " *" : name) }
      }
    }
    return result
  }
}
