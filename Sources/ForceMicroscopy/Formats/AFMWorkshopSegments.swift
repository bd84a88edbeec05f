internal import Bytes
internal import Tables

/// The tables of an AFM Workshop curve: the columns of each segment, cut where they end.
struct AFMWorkshopSegments {
  private(set) var tables: [Table] = []
  private(set) var diagnostics = DiagnosticList()

  init(
    _ header: AFMWorkshopHeader, _ table: NumericTable, _ columns: [Column], _ found: [Diagnostic]
  ) {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (c, label) in header.labels.enumerated() {
      let segment = label.segment ?? "other"
      if members[segment] == nil { order.append(segment) }
      members[segment, default: []].append(c)
    }
    // Segments in time order, whatever the order of the columns.
    let times = ["approach": 0, "dwell": 1, "retract": 2, "other": 3]
    order.sort { (times[$0] ?? 3) < (times[$1] ?? 3) }
    var shortened: Set<Int> = []
    for segment in order {
      let own = members[segment] ?? []
      let rows = own.map { Self.used(columns[$0]) }.max() ?? 0
      for c in own where Self.used(columns[c]) < table.rows { shortened.insert(c) }
      let lines = table.lines(ofRows: 0..<rows)
      tables.append(
        Table(name: segment, columns: own.map { columns[$0].rows(0..<rows, lines: lines) }))
      if rows < table.rows {
        diagnostics.note(
          "afmworkshop.short-segment", at: .line(header.labelLine),
          found: "\(segment) has \(rows) rows of \(table.rows)",
          expected: "empty cells at the end of its columns are no points")
      }
    }
    if let others = members["other"], let first = others.first {
      diagnostics.warn(
        "afmworkshop.column", at: .cell(line: header.labelLine, column: first + 1),
        found: "column '\(header.labels[first].text)' belongs to no segment",
        expected: "expected 'Extend …' or 'Retract …'; it is kept in the table 'other'",
        count: others.count)
    }
    for diagnostic in found where !isEnd(diagnostic, header, columns, shortened) {
      diagnostics.add(diagnostic)
    }
  }

  /// The rows up to the last value of a column.
  private static func used(_ column: Column) -> Int {
    var rows = column.count
    while rows > 0, column.missing.contains(rows - 1) { rows -= 1 }
    return rows
  }

  /// Whether a warning about missing cells is about nothing but the empty end of a shorter segment.
  private func isEnd(
    _ diagnostic: Diagnostic, _ header: AFMWorkshopHeader, _ columns: [Column],
    _ shortened: Set<Int>
  ) -> Bool {
    guard diagnostic.code == "text.missing", case .cell(_, let position) = diagnostic.place,
      shortened.contains(position - 1), diagnostic.found.hasPrefix("an empty cell")
    else { return false }
    let column = columns[position - 1]
    let segment = header.labels[position - 1].segment ?? "other"
    let rows = tables.first { $0.name == segment }?.rows ?? 0
    return diagnostic.count == column.count - rows
  }
}
