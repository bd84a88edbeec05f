public import Bytes
public import Reading
public import Tables

/// Workbooks that LAND's programs export, in two dialects: `Record`, `Mode`, `Cycle`, and `Record-Tab`,
/// `Cycle-Tab`.
public enum LandWorkbook: FileFormat {
  /// `land-xlsx`.
  public static let id = "land-xlsx"
  /// One line for people.
  public static let title = "LAND workbook (.xlsx)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["xlsx"]
  /// How it is recognised.
  public static let recognisedBy = "sheets Record and Mode, or Record-Tab"

  /// 95 for a workbook with those sheets.
  public static func recognise(_ file: FileHead) -> Recognition {
    WorkbookKind.recognise(file, as: .land)
  }

  static let vendor = CyclerColumns.Vendor(
    names: [
      "index": "record_index", "testtime": "test_time", "steptime": "step_time",
      "state": "step_type", "systime": "unix_time", "sysdate": "unix_time", "capacity": "",
      "energy": "", "cycle_index": "cycle_count", "mode": "step_type",
    ])

  /// Reads the records, then the other sheets.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let book = try SpreadsheetWorkbook(bytes, limits: options.limits.expansion)
    var reader = WorkbookTables(book, options)
    let tables = try WorkbookRecords.read(&reader, vendor: vendor) {
      $0.lowercased().hasPrefix("record")
    }
    return reader.dataset(id, tables)
  }
}
