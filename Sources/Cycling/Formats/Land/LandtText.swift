public import Bytes
public import Reading
public import Tables

/// Text exports of Landt's program: some lines about the cell, one line of labels, records.
public enum LandtText: FileFormat {
  /// `landt-csv`.
  public static let id = "landt-csv"
  /// One line for people.
  public static let title = "Landt csv"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy =
    "a line with channel_index, test_time_s, date_time_iso_string, current_A, voltage_V"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  private static let marks: Set<String> = [
    "channel_index", "cycle_index", "step_index", "date_time_iso_string", "test_time_s",
    "step_time_s", "current_A", "voltage_V", "step_name", "discharge_capacity_Ah",
    "charge_capacity_Ah",
  ]

  /// The line of labels among the first 100 lines.
  private static func labels(_ text: ByteView) -> (line: TextLine, cells: [String])? {
    let lines = TextLines(text)
    for line in lines {
      if line.number > 100 { return nil }
      let cells = NewareLabels.cells(lines.string(line))
      if Set(cells).intersection(marks).count >= 6 { return (line, cells) }
    }
    return nil
  }

  /// 90 where a line among the first hundred has the labels.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(16384), into: &diagnostics),
      let found = labels(text.utf8), found.cells.contains("date_time_iso_string")
    else { return .none }
    return Recognition(90, ["line \(found.line.number) has the labels of Landt's export"])
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let found = labels(text.utf8) else {
      throw ReadFailure(
        "landt.labels", at: .line(1), found: "no line of labels",
        expected: "expected channel_index, test_time_s, current_A, voltage_V …")
    }
    let line = TextLines.string(text.utf8[found.line.range])
    let delimiter = NewareLabels.delimiter(line)
    let table = CyclerTable(
      labels: found.cells, labelLine: found.line.number, dataStart: found.line.next,
      dataLine: found.line.number + 1, delimiter: delimiter,
      vendor: CyclerColumns.Vendor(names: ["channel_index": ""]))
    let content = try table.read(text, options: options, into: &diagnostics)
    var metadata = Metadata()
    let lines = TextLines(text.utf8)
    for line in lines {
      if line.number >= found.line.number { break }
      let cells = TableDialect(delimiter: delimiter).cells(text.utf8[line.range])
      let words = cells.filter { !$0.isEmpty }.joined(separator: ", ")
      guard !words.isEmpty else { continue }
      let parts = words.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
      metadata.append(parts.first.map(String.init) ?? words, String(value))
    }
    return Dataset(
      format: id, technique: .cycling,
      tables: [Table(name: "data", columns: content.columns, indexColumns: ["test_time"])],
      metadata: metadata, diagnostics: diagnostics.all, complete: content.complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": content.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(content.dialect.decimalMark))),
      ])
  }
}
