public import Bytes
public import Reading
public import Tables

/// Neware's flat text export: one line of labels, one line a record.
public enum NewareText: FileFormat {
  /// `neware-csv`.
  public static let id = "neware-csv"
  /// One line for people.
  public static let title = "Neware BTSDA text, one line a record"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv", "txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "a line of Neware's labels (DataPoint, Cycle Index, Step Type …, English or Chinese)"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  /// 90 for five labels of Neware of which three are its own, 70 for fewer.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard
      let text = try? NewareEncoding.decode(whole(file.head), lines: 1, into: &diagnostics).text
    else { return .none }
    let lines = TextLines(text.utf8)
    guard let first = lines.first(where: { _ in true }) else { return .none }
    let labels = NewareLabels.cells(lines.string(first))
    let (known, marks) = NewareLabels.count(labels)
    let hasValues = labels.contains { NewareLabels.parts($0).english == "Voltage" }
    // Arbin writes some of the same words, and more of its own.
    guard hasValues, marks >= 2, known >= 4, ArbinLabels.count(labels) < 5 else { return .none }
    return Recognition(
      known >= 5 && marks >= 3 ? 90 : 70, ["line 1 has \(known) labels of Neware's export"])
  }

  /// Head bytes up to a line end, so that no character is cut in two.
  static func whole(_ head: ByteView) -> ByteView {
    let part = head.prefix(16384)
    guard part.count == 16384, !part.starts(with: [0xFF, 0xFE]), !part.starts(with: [0xFE, 0xFF]),
      let end = part.withBytes({ $0.lastIndex { $0 == 0x0A || $0 == 0x0D } })
    else { return part }
    return part.prefix(end + 1)
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let (text, encoding) = try NewareEncoding.decode(bytes, lines: 1, into: &diagnostics)
    let lines = TextLines(text.utf8)
    guard let first = lines.first(where: { _ in true }) else {
      throw ReadFailure(
        "neware.empty-text", at: .byte(0), found: "the file is empty",
        expected: "expected a line of labels")
    }
    let labels = NewareLabels.cells(lines.string(first))
    let table = CyclerTable(
      labels: labels.map(NewareLabels.translated), units: labels.map(NewareLabels.unit),
      labelLine: 1, dataStart: first.next, dataLine: 2,
      delimiter: NewareLabels.delimiter(lines.string(first)), vendor: NewareLabels.vendor)
    let content = try table.read(text, options: options, into: &diagnostics)
    let columns = relabelled(content.columns, labels)
    return Dataset(
      format: id, technique: .cycling,
      tables: [
        Table(
          name: "data", columns: columns,
          indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
      ], diagnostics: diagnostics.all, complete: content.complete,
      reading: [
        "encoding": encoding, "delimiter": content.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(content.dialect.decimalMark))),
      ])
  }

  /// The columns under the labels that the file has.
  static func relabelled(_ columns: [Column], _ labels: [String]) -> [Column] {
    columns.enumerated().map { place, column in
      var column = column
      if place < labels.count { column.label = labels[place] }
      return column
    }
  }

  /// The text of a field of fixed width, up to its first NUL: GB18030 where it is that, else Latin-1.
  static func decode(_ field: ByteView) -> String {
    let end = field.withBytes { $0.firstIndex(of: 0) } ?? field.count
    let part = field.prefix(end)
    let text =
      ChineseText.utf8(fromGB18030: part).map { TextLines.string($0) } ?? part.latin1()
    let words = text.split(separator: " ", omittingEmptySubsequences: true)
    return words.joined(separator: " ")
  }
}
