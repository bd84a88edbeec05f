public import Bytes
public import Reading
public import Tables

/// Neware's nested text export: cycles, steps and records in one file, told apart by empty cells.
public enum NewareNestedText: FileFormat {
  /// `neware-nested-csv`.
  public static let id = "neware-nested-csv"
  /// One line for people.
  public static let title = "Neware BTSDA text, cycles, steps and records nested"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "three lines of Neware's labels, the second and third indented"

  /// 95 where the first three lines are labels of a cycle, a step and a record.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard
      let text = try? NewareEncoding.decode(
        NewareText.whole(file.head), lines: 3, into: &diagnostics
      ).text, (try? NewareNesting(text)) != nil
    else { return .none }
    return Recognition(95, ["lines 1 to 3 are labels of cycles, steps and records"])
  }

  /// Reads the export: a table each of records, steps and cycles.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let (text, encoding) = try NewareEncoding.decode(bytes, lines: 3, into: &diagnostics)
    var nesting = try NewareNesting(text)
    nesting.flatten(text, into: &diagnostics)
    var tables: [Table] = []
    var isComplete = nesting.lost == 0
    var dialect: TableDialect?
    for (layer, name) in [
      (nesting.records, "data"), (nesting.steps, "steps"), (nesting.cycles, "cycles"),
    ] {
      if layer.lines.isEmpty, name != "data" { continue }
      let (content, labels) = try layer.read(options: options, into: &diagnostics)
      isComplete = isComplete && content.complete
      dialect = dialect ?? content.dialect
      let columns = NewareText.relabelled(content.columns, labels)
      tables.append(
        Table(
          name: name, columns: columns,
          indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : []))
    }
    return Dataset(
      format: id, technique: .cycling, tables: tables, diagnostics: diagnostics.all,
      complete: isComplete,
      reading: [
        "encoding": encoding, "delimiter": dialect?.delimiter.name ?? "",
        "decimal mark": dialect.map { String(Character(Unicode.Scalar($0.decimalMark))) } ?? "",
      ])
  }
}
