internal import Tables

/// Values that are no number: NaN and infinities of a wave.
enum IgorMissing {
  /// Warns of every column that has some, with their count and the first row.
  static func warn(_ tables: [Table], _ diagnostics: inout DiagnosticList) {
    for table in tables {
      for column in table.columns where column.missing.count > 0 {
        let first = (0..<column.count).first { column.missing.contains($0) } ?? 0
        diagnostics.warn(
          "ibw.missing-values", at: .byte(column.origin.bytes.first?.lowerBound ?? 0),
          found: "\(column.missing.count) of \(column.count) values of \(column.name) in "
            + "\(table.name) are not finite, the first in row \(first)",
          expected: "they count as missing")
      }
    }
  }
}
