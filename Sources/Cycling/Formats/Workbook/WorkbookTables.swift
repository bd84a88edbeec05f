internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// Turns the sheets of an instrument's workbook into tables under canonical names and units.
struct WorkbookTables {
  let book: SpreadsheetWorkbook
  let options: ReadOptions
  var diagnostics = DiagnosticList()
  var metadata = Metadata()
  var isComplete = true

  /// Rows that are looked at for the labels.
  private static let headRows = 12

  init(_ book: SpreadsheetWorkbook, _ options: ReadOptions) {
    self.book = book
    self.options = options
    diagnostics.add(contentsOf: book.diagnostics)
    isComplete = !book.isCut
  }

  /// Where the labels of a sheet stand, and what they are.
  struct Heading: Equatable {
    /// Rows with a value above the table, that of the labels included.
    var rows: Int
    /// The number of the row of labels in the sheet.
    var line: Int
    /// The labels by column; empty where a column has none.
    var labels: [String]
  }

  /// The row of labels: the one with most canonical names among the first rows, if it has two.
  mutating func heading(_ sheet: SpreadsheetWorkbook.Sheet, vendor: CyclerColumns.Vendor)
    throws(ReadFailure) -> Heading?
  {
    let top = try book.head(of: sheet, rows: Self.headRows, salvages: options.salvage)
    if top.damage != nil { note(damage: top.damage) }
    let rows = top.head
    var best: (count: Int, heading: Heading)?
    for (i, row) in rows.enumerated() {
      var labels: [String] = []
      var texts = 0
      for (column, cell) in row.cells {
        while labels.count < column { labels.append("") }
        if case .text = cell { texts += 1 }
        labels.append(cell.text)
      }
      guard texts > 1, texts * 2 > row.cells.count else { continue }
      let known = Set(
        labels.compactMap { CyclerColumns.canonicalName($0, vendor: vendor) })
      if known.count > (best?.count ?? -1) {
        best = (known.count, Heading(rows: i + 1, line: row.number, labels: labels))
      }
    }
    return best?.heading
  }

  /// One table of a sheet, or of several that it is split into; nil where they hold no row.
  mutating func table(
    _ sheets: [SpreadsheetWorkbook.Sheet], named name: String, heading: Heading,
    vendor: CyclerColumns.Vendor, ownUnits: [String: String] = [:]
  ) throws(ReadFailure) -> Table? {
    var content = try book.table(of: sheets, below: heading.rows, salvages: options.salvage)
    note(damage: content.damage)
    guard content.rows > 0 else { return nil }
    var labels = heading.labels
    for column in content.columns {
      while labels.count <= column.index { labels.append("") }
    }
    let names = CyclerColumns.named(
      labels, vendor: vendor, line: heading.line, options: options, into: &diagnostics)
    let member = sheets.map(\.name).joined(separator: ", ")
    var columns: [Column] = []
    for i in content.columns.indices {
      let values = content.columns[i].takeValues()
      let cells = content.columns[i]
      var label = names[cells.index]
      if !label.isCanonical, label.written == .absent, let text = ownUnits[label.name],
        let unit = try? PhysicalUnit(ucum: text)
      {
        label.written = .known(unit)
      }
      report(cells, values, label, content, heading)
      let origin = Origin(
        lines: content.lines, member: member,
        steps: ["cells of column \(Self.letters(cells.index))"])
      columns.append(column(values, cells, label, origin))
    }
    CyclerTimes.convert(&columns, order: .monthFirst, into: &diagnostics)
    CyclerTimes.settle(&columns, line: heading.line, into: &diagnostics)
    CyclerChecks.run(columns, into: &diagnostics) { row in
      content.lines.map { $0.count == content.rows ? .line($0.lowerBound + row) : .whole } ?? .whole
    }
    return Table(
      name: name, columns: columns,
      indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
  }

  private mutating func note(damage: ReadFailure?) {
    guard let damage else { return }
    isComplete = false
    diagnostics.warn(
      damage.diagnostic.code, at: damage.diagnostic.place, found: damage.diagnostic.found,
      expected: "\(damage.diagnostic.expected); the rows before that are given")
  }

  private mutating func report(
    _ cells: SpreadsheetColumn, _ values: ColumnValues, _ label: CyclerColumn,
    _ content: SpreadsheetTable, _ heading: Heading
  ) {
    let place = { (row: Int) -> Place in
      .cell(line: (content.lines?.lowerBound ?? heading.line + 1) + row, column: cells.index + 1)
    }
    if cells.unreadCells > 0, let first = cells.firstText {
      diagnostics.warn(
        "xlsx.not-a-number", at: place(first.row),
        found: "'\(first.text.prefix(40))' among the numbers of column '\(label.label)'",
        expected: "counted as missing", count: cells.unreadCells)
    }
    if cells.errorCells > 0 {
      diagnostics.warn(
        "xlsx.error-cell", at: .line(heading.line),
        found: "cells of column '\(label.label)' hold an error such as #N/A",
        expected: "counted as missing", count: cells.errorCells)
    }
    let missing: Int
    switch values {
    case .real(let values): missing = values.count { $0.isNaN }
    default: missing = cells.missing.count
    }
    let empty = missing - cells.unreadCells - cells.errorCells
    if empty > 0 {
      diagnostics.note(
        "cycler.empty-cells", at: .line(heading.line),
        found: "\(empty) cells of column '\(label.label)' are empty",
        expected: "counted as missing")
    }
  }

  /// The column of a sheet's cells.
  private func column(
    _ values: ColumnValues, _ cells: SpreadsheetColumn, _ label: CyclerColumn, _ origin: Origin
  ) -> Column {
    var origin = origin
    switch values {
    case .real(let values):
      if cells.isDate, label.target?.ucum == "s" { return time(values, label, origin) }
      if label.isCanonical, label.target?.ucum == "1", let whole = Self.whole(values) {
        return Column(
          name: label.name, label: label.label, values: .integer(whole), unit: .known(.one),
          origin: origin)
      }
      return label.column(values, origin: origin)
    case .category(let levels, let codes) where label.target?.ucum == "s":
      // Clock times and spans are read as text.
      return Column(
        name: label.name, label: label.label,
        values: .text(codes.map { levels.indices.contains(Int($0)) ? levels[Int($0)] : "" }),
        unit: .absent, missing: cells.missing, origin: origin)
    default:
      origin.steps.append("text")
      return Column(
        name: label.name, label: label.label, values: values, unit: .absent,
        missing: cells.missing, origin: origin)
    }
  }

  /// Numbers in a style of dates: an instant, or a span of time in days.
  private func time(_ days: [Double], _ label: CyclerColumn, _ origin: Origin) -> Column {
    var origin = origin
    // 25569 days lie between 1899-12-30 and 1970-01-01, 24107 between 1904-01-01 and then.
    let isInstant = label.name == "unix_time"
    let zero = isInstant ? (book.countsFrom1904 ? 24107.0 : 25569) : 0
    origin.steps.append(isInstant ? "days of the calendar → s since 1970-01-01" : "d → s")
    return Column(
      name: label.name, label: label.label, values: .real(days.map { ($0 - zero) * 86400 }),
      unit: .known(.second), origin: origin)
  }

  /// The numbers as whole ones, if all are.
  private static func whole(_ values: [Double]) -> [Int64]? {
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let number = Int64(exactly: value) else { return nil }
      result.append(number)
    }
    return result
  }

  /// The letters of a column: 0 is A, 26 AA.
  private static func letters(_ index: Int) -> String {
    var rest = index
    var text = ""
    while rest >= 0 {
      text = String(Unicode.Scalar(UInt8(65 + rest % 26))) + text
      rest = rest / 26 - 1
    }
    return text
  }

  /// Puts a sheet that is no table into the metadata: a row of texts names the cells of the rows below.
  mutating func describe(_ sheet: SpreadsheetWorkbook.Sheet) throws(ReadFailure) {
    let rows = try book.head(of: sheet, rows: 512, salvages: options.salvage).head
    var labels: [Int: String] = [:]
    for row in rows {
      let texts = row.cells.filter {
        if case .text = $0.cell { true } else { false }
      }
      // A wider row of texts names anew; the texts of the rows that name are kept as well.
      let names = texts.count == row.cells.count && texts.count > max(2, labels.count)
      if names { labels = [:] }
      for (column, cell) in row.cells {
        let key = labels[column] ?? "row \(row.number) \(Self.letters(column))"
        switch cell {
        case .text(let text): metadata.append("\(sheet.name): \(key)", text)
        case .number(let number), .date(let number):
          metadata.append(
            "\(sheet.name): \(key)", Int64(exactly: number).map { .integer($0) } ?? .real(number))
        }
      }
      if names {
        for (column, cell) in row.cells { labels[column] = cell.text }
      }
    }
    if rows.count == 512 {
      isComplete = false
      diagnostics.warn(
        "xlsx.long-sheet", at: .entry(sheet.member),
        found: "the sheet '\(sheet.name)' has over 512 rows and no labels that are known",
        expected: "its first 512 rows stand in the metadata")
    }
  }

  /// Every sheet that is left: a table where it has labels, else metadata.
  mutating func others(
    except read: Set<String>, vendor: CyclerColumns.Vendor, ownUnits: [String: String] = [:]
  ) throws(ReadFailure) -> [Table] {
    var tables: [Table] = []
    var empty: [String] = []
    for sheet in book.sheets where !read.contains(sheet.name) {
      if let heading = try heading(sheet, vendor: vendor), heading.labels.count > 1,
        heading.line == 1
      {
        let table = try table(
          [sheet], named: sheet.name, heading: heading, vendor: vendor, ownUnits: ownUnits)
        if let table { tables.append(table) } else { empty.append(sheet.name) }
      } else {
        try describe(sheet)
      }
    }
    if !empty.isEmpty { metadata.append("sheets without rows", empty.joined(separator: ", ")) }
    return tables
  }

  /// The dataset of these tables.
  func dataset(_ format: String, _ tables: [Table]) -> Dataset {
    Dataset(
      format: format, technique: .cycling, tables: tables, metadata: metadata,
      diagnostics: diagnostics.all, complete: isComplete,
      reading: ["sheets": book.sheets.map(\.name).joined(separator: ", ")])
  }
}
