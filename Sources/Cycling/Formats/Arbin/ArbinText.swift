public import Bytes
public import Reading
public import Tables
internal import Units

/// Text that Arbin's programs export: commas, the labels of the database on line 1.
public enum ArbinText: FileFormat {
  /// `arbin-csv`.
  public static let id = "arbin-csv"
  /// One line for people.
  public static let title = "Arbin text export (.csv)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["csv", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "labels such as Data_Point, Test_Time, Step_Index on line 1"
  /// Large files are summarised piece by piece.
  public static let readsStreams = true

  /// 90 with six of Arbin's labels on line 1, 60 with five.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let first = file.head[0], first < 0x80 || first >= 0xEF else { return .none }
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(8192), into: &diagnostics),
      let heading = heading(text.utf8)
    else { return .none }
    let count = ArbinLabels.count(heading.labels)
    guard count >= 5 else { return .none }
    return Recognition(count > 5 ? 90 : 60, ["\(count) labels of Arbin on line 1"])
  }

  /// The labels of the first line, what stands between them, and the line.
  private static func heading(
    _ text: ByteView
  ) -> (labels: [String], delimiter: TableDialect.Delimiter, line: TextLine)? {
    var lines = TextLines(text).makeIterator()
    guard let line = lines.next() else { return nil }
    let content = text[line.range]
    for mark in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09] {
      let delimiter = TableDialect.Delimiter.character(mark)
      let cells = TableDialect(delimiter: delimiter).cells(content)
      if cells.count > 5 { return (cells, delimiter, line) }
    }
    return nil
  }

  /// Reads the rows below the labels.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let heading = heading(text.utf8), ArbinLabels.count(heading.labels) > 0 else {
      throw ReadFailure(
        "arbin.labels", at: .line(1), found: "no labels of Arbin",
        expected: "expected labels such as Data_Point, Test_Time, Voltage, Current")
    }
    let plan = CyclerTable(
      labels: heading.labels, labelLine: heading.line.number, dataStart: heading.line.next,
      dataLine: heading.line.number + 1, delimiter: heading.delimiter, vendor: ArbinLabels.vendor,
      dateOrder: nil)
    let content = try plan.read(text, options: options, into: &diagnostics)
    let columns = content.columns.map(named)
    return Dataset(
      format: id, technique: .cycling,
      tables: [
        Table(
          name: "data", columns: columns,
          indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
      ],
      diagnostics: diagnostics.all, complete: content.complete,
      reading: [
        "encoding": text.encoding.rawValue, "delimiter": content.dialect.delimiter.name,
        "decimal mark": String(Character(Unicode.Scalar(content.dialect.decimalMark))),
      ])
  }

  /// Arbin's own columns: a slash without a bracket belongs to the name (`dV/dt`, `mAh/g`).
  private static func named(_ column: Column) -> Column {
    var column = column
    let hasBracket = column.label.contains("(") || column.label.contains("[")
    if column.label.contains("/"), !hasBracket {
      column.name = ColumnLabel.slug(column.label)
      column.unit = ArbinLabels.unit(column.name)
      if column.label == "mAh/g", let unit = try? PhysicalUnit(ucum: "mA.h/g") {
        column.name = "specific_capacity"
        column.unit = .known(unit)
      }
    } else if column.unit == .absent, !column.label.contains("(") {
      if case .real = column.values { column.unit = ArbinLabels.unit(column.name) }
    }
    return column
  }
}
