internal import Output
internal import Study
internal import Tables

/// Files of techniques that this version reads but does not analyze: their series at a glance.
enum OtherFilesSection {
  static func section(_ run: StudyRun) -> ReportDocument.Section? {
    var rows: [[ReportTable.Cell]] = []
    for input in run.inputs
    where input.force == nil && input.cycling == nil && input.absorption == nil
      && input.backscattering == nil && input.report.status != .error
    {
      for table in StudyReport.list(input.report.fields["tables"]) {
        let columns = StudyReport.list(table["columns"]).compactMap { column -> String? in
          guard let name = column["name"]?.text else { return nil }
          let unit = column["unit"]?.text ?? ""
          return unit.isEmpty || unit == "1" ? name : "\(name) / \(unit)"
        }
        let shown = columns.prefix(8).joined(separator: ", ")
        rows.append([
          .text(input.report.file), .text(input.sample), .text(input.report.format ?? ""),
          .text(table["name"]?.text ?? ""), .integer(StudyReport.integer(table["rows"]) ?? 0),
          .text(columns.count > 8 ? "\(shown) and \(columns.count - 8) more" : shown),
        ])
      }
    }
    guard !rows.isEmpty else { return nil }
    return .init(
      "Other files",
      [
        .text("These files were read and checked; this version does not analyze their techniques."),
        .table(
          ReportTable(
            caption: "Series of the other techniques.",
            columns: ["file", "sample", "format", "table", "rows", "columns"], rows: rows)),
      ])
  }
}
