public import Bytes
public import Reading
public import Tables
internal import Units

/// Text exports of Basytec Battery Test Systems.
public enum BasytecText: FileFormat {
  /// `basytec-text`.
  public static let id = "basytec-text"
  /// One line for people.
  public static let title = "Basytec text export"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["txt", "csv"]
  /// How it is recognised.
  public static let recognisedBy = "header lines with '~', and labels that start with '~Time['"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  private static func areLabels(_ cells: [String]) -> Bool {
    guard cells.count >= 4, let first = cells.first?.lowercased() else { return false }
    return first.hasPrefix("~time[") || first.hasPrefix("~time [")
  }

  /// 95 for labels behind '~Time[' below a line that names Basytec, 85 without it.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard
      file.head[0] == UInt8(ascii: "~") || file.head[3] == UInt8(ascii: "~")
        || file.head[0] == 0xFF || file.head[0] == 0xFE,
      let text = try? DecodedText.decode(file.head.prefix(16384), into: &diagnostics)
    else { return .none }
    let lines = TextLines(text.utf8)
    let first = lines.first { _ in true }.map(lines.string) ?? ""
    guard first.hasPrefix("~") else { return .none }
    guard let found = CyclerLabelLine(text.utf8, lines: 200, start: "~time", accepts: areLabels)
    else {
      return first.lowercased().contains("basytec")
        ? Recognition(80, ["line 1 names Basytec"]) : .none
    }
    let isNamed = first.lowercased().contains("basytec")
    return Recognition(
      isNamed ? 95 : 85,
      ["line \(found.line.number) starts with '~Time['"]
        + (isNamed ? ["line 1 names Basytec"] : []))
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let found = CyclerLabelLine(text.utf8, start: "~time", accepts: areLabels) else {
      throw ReadFailure(
        "basytec.header", at: .line(1), found: "no line of labels",
        expected: "expected labels that start with '~Time['")
    }
    var labels = found.labels
    labels[0] = String(labels[0].dropFirst())
    let plan = CyclerTable(
      labels: labels, labelLine: found.line.number, dataStart: found.line.next,
      dataLine: found.line.number + 1, delimiter: found.delimiter,
      vendor: CyclerColumns.Vendor(
        names: [
          "dataset": "record_index", "t_step": "step_time", "ah": "net_capacity", "state": "",
          "count": "",
        ]), dateOrder: .dayFirst)
    let content = try plan.read(text, options: options, into: &diagnostics)
    let preamble = CyclerPreamble(
      found.above, of: text, delimiter: .character(0x09), mark: "~")
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }
}
