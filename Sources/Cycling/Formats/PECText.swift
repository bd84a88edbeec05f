public import Bytes
public import Reading
public import Tables
internal import Units

/// Exports of PEC testers: a long head of `key:,value` lines, then a table.
public enum PECText: FileFormat {
  /// `pec-csv`.
  public static let id = "pec-csv"
  /// One line for people.
  public static let title = "PEC csv"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy =
    "a line of labels that starts with Test, Cell, Rack, Shelf, Position"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  private static func areLabels(_ cells: [String]) -> Bool {
    cells.count >= 8 && Array(cells.prefix(3)) == ["Test", "Cell", "Rack"]
      && Set(cells).isSuperset(of: ["Shelf", "Position"])
  }

  /// 95 for PEC's labels.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head, into: &diagnostics),
      let found = CyclerLabelLine(text.utf8, lines: 400, start: "test", accepts: areLabels)
    else { return .none }
    return Recognition(95, ["line \(found.line.number) holds PEC's labels"])
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let found = CyclerLabelLine(text.utf8, start: "test", accepts: areLabels) else {
      throw ReadFailure(
        "pec.header", at: .line(1), found: "no line of PEC's labels",
        expected: "expected labels that start with Test, Cell, Rack")
    }
    let plan = CyclerTable(
      labels: found.labels, labelLine: found.line.number, dataStart: found.line.next,
      dataLine: found.line.number + 1, delimiter: found.delimiter,
      vendor: CyclerColumns.Vendor(names: ["test": "", "cell": "", "position_start_time": ""]),
      textLabels: ["Rack", "Cell ID", "Position Start Time"])
    let content = try plan.read(text, options: options, into: &diagnostics)
    let preamble = CyclerPreamble(found.above, of: text, delimiter: found.delimiter)
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }
}
