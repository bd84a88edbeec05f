internal import Bytes
internal import Reading
internal import Tables

/// The sheets of records of a workbook.
enum WorkbookRecords {
  private static let needed: Set<String> = ["test_time", "voltage", "current"]

  /// The sheets that name time, voltage and current first, then all others.
  ///
  /// - Throws: `xlsx.no-columns`, naming the sheets and their labels, where there is none;
  ///   `xlsx.no-rows` where none holds a row.
  static func read(
    _ reader: inout WorkbookTables, vendor: CyclerColumns.Vendor, isRecords: (String) -> Bool
  ) throws(ReadFailure) -> [Table] {
    var tables: [Table] = []
    var read: Set<String> = []
    var seen: [String] = []
    for sheet in reader.book.sheets {
      guard let heading = try reader.heading(sheet, vendor: vendor) else {
        seen.append("'\(sheet.name)' without labels")
        continue
      }
      let names = Set(
        heading.labels.compactMap { CyclerColumns.canonicalName($0, vendor: vendor) })
      let labels = heading.labels.filter { !$0.isEmpty }.prefix(8)
        .map { String($0.prefix(30)) }.joined(separator: ", ")
      seen.append("'\(sheet.name)' with \(labels)")
      guard isRecords(sheet.name), names.isSuperset(of: needed) else { continue }
      read.insert(sheet.name)
      let table = try reader.table(
        [sheet], named: sheet.name, heading: heading, vendor: vendor)
      if let table { tables.append(table) }
    }
    guard !read.isEmpty else {
      throw ReadFailure(
        "xlsx.no-columns", found: "sheets \(seen.prefix(8).joined(separator: "; "))",
        expected: "expected a sheet whose labels name time, voltage and current")
    }
    guard !tables.isEmpty else {
      throw ReadFailure(
        "xlsx.no-rows", found: "no row below the labels of \(read.sorted())",
        expected: "expected at least one record")
    }
    return try tables + reader.others(except: read, vendor: vendor)
  }
}
