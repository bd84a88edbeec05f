public import Bytes
public import Reading
public import Tables

/// Workbooks that Neware's BTSDA exports: `record` beside `cycle`, `step`, `unit` or `test`.
///
/// No real file was at hand: the sheets are known from the program's manual alone.
public enum NewareWorkbook: FileFormat {
  /// `neware-xlsx`.
  public static let id = "neware-xlsx"
  /// One line for people.
  public static let title = "Neware workbook (.xlsx)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["xlsx"]
  /// How it is recognised.
  public static let recognisedBy = "sheets record and cycle, step, unit or test"

  /// 95 for a workbook with those sheets.
  public static func recognise(_ file: FileHead) -> Recognition {
    WorkbookKind.recognise(file, as: .neware)
  }

  static let vendor = CyclerColumns.Vendor(
    names: [
      "datapoint": "record_index", "data_point": "record_index", "record_id": "record_index",
      "record_index": "record_index", "time": "step_time", "total_time": "test_time",
      "cumulative_time": "test_time", "step_type": "step_type", "status": "step_type",
      "capacity": "", "energy": "", "temperature": "", "date": "unix_time",
      "charge_capacity": "", "discharge_capacity": "", "step_index": "step_id",
    ])

  /// Reads the records, then the other sheets.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let book = try SpreadsheetWorkbook(bytes, limits: options.limits.expansion)
    var reader = WorkbookTables(book, options)
    reader.diagnostics.note(
      "xlsx.unverified", found: "a workbook of Neware's BTSDA",
      expected: "this layout was not checked on a real file: compare a few numbers")
    let tables = try WorkbookRecords.read(&reader, vendor: vendor) {
      let name = $0.lowercased()
      return name.hasPrefix("record") || name.hasPrefix("detail_")
    }
    return reader.dataset(id, tables)
  }
}
