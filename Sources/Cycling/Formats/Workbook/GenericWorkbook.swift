public import Bytes
public import Reading
public import Tables

/// Any workbook with a sheet whose labels name time, voltage and current.
public enum GenericWorkbook: FileFormat {
  /// `xlsx`.
  public static let id = "xlsx"
  /// One line for people.
  public static let title = "Workbook with time, voltage and current (.xlsx)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["xlsx", "xlsm"]
  /// How it is recognised.
  public static let recognisedBy = "an Office Open XML workbook"

  /// 60 for a workbook of no known vendor, 55 for one whose list of sheets cannot be read.
  public static func recognise(_ file: FileHead) -> Recognition {
    if SpreadsheetWorkbook.mayBe(file.head), file.sheetNames == nil,
      file.head.firstRange(of: "xl/work") != nil
    {
      return Recognition(55, ["the members of a workbook, whose list of sheets cannot be read"])
    }
    return WorkbookKind.recognise(file, as: .other)
  }

  /// Reads the sheets that name time, voltage and current; refuses a workbook without one.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let book = try SpreadsheetWorkbook(bytes, limits: options.limits.expansion)
    var reader = WorkbookTables(book, options)
    reader.diagnostics.warn(
      "xlsx.generic", found: "a workbook of no known instrument",
      expected: "columns are taken by their labels: check names and units")
    let tables = try WorkbookRecords.read(&reader, vendor: CyclerColumns.Vendor()) { _ in true }
    return reader.dataset(id, tables)
  }
}
