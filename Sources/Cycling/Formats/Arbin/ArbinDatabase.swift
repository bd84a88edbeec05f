public import Bytes
public import Reading
public import Tables
internal import Units

/// Result files of Arbin's MITS (`.res`): Jet databases.
public enum ArbinDatabase: FileFormat {
  /// `arbin-res`.
  public static let id = "arbin-res"
  /// One line for people.
  public static let title = "Arbin result file (.res)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["res"]
  /// How it is recognised.
  public static let recognisedBy = "a Jet database with the table 'Channel_Normal_Table'"

  static let mainTable = "Channel_Normal_Table"

  /// 95 where the name of the table of records stands in the head, 60 for any Jet database.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard JetDatabase.recognises(file.head) else { return .none }
    // The catalogue holds names in compressed text.
    if file.head.firstRange(of: mainTable) != nil {
      return Recognition(95, ["a Jet database", "'\(mainTable)' in its catalogue"])
    }
    return Recognition(60, ["a Jet database"])
  }

  /// Reads the records: one table for each test, then whatever else the database holds.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let database = try JetDatabase(bytes)
    var reader = ArbinReader(database, options)
    guard let main = reader.mainTable else {
      let names = database.tables.map(\.name).joined(separator: ", ")
      throw ReadFailure(
        "arbin.no-data", at: .byte(0),
        found: "a Jet database without '\(mainTable)'; its tables: \(names)",
        expected: "expected a result file of Arbin")
    }
    let records = reader.content(of: main)
    guard records.rows > 0 || main.rowCount == 0 else {
      throw ReadFailure(
        "arbin.no-rows", at: .byte(bytes.count),
        found: "none of the \(main.rowCount) records is in the file",
        expected: "expected at least one whole page of records")
    }
    if records.rows == 0 {
      reader.diagnostics.note(
        "arbin.empty", found: "'\(mainTable)' has no record", expected: "the test never ran")
    }
    let tables = reader.tables(records)
    return Dataset(
      format: id, technique: .cycling, tables: tables, metadata: reader.metadata,
      diagnostics: reader.diagnostics.all, complete: reader.isComplete,
      reading: ["database": "Jet, \(database.pageCount) pages"])
  }
}

/// Reads the tables of one result file.
struct ArbinReader {
  let database: JetDatabase
  let options: ReadOptions
  var diagnostics: DiagnosticList
  var metadata = Metadata()
  var isComplete: Bool

  init(_ database: JetDatabase, _ options: ReadOptions) {
    self.database = database
    self.options = options
    diagnostics = database.diagnostics
    isComplete = !database.isDamaged
  }

  /// The table of records, by its name or, where the catalogue is lost, by its columns.
  var mainTable: JetTable? {
    if let named = database[ArbinDatabase.mainTable] { return named }
    return database.tables.first { table in
      let names = Set(table.columns.map { $0.name.lowercased() })
      return names.isSuperset(of: ["test_id", "data_point", "test_time", "voltage", "current"])
    }
  }

  /// The rows of a table; a loss is counted.
  mutating func content(of table: JetTable) -> JetContent {
    let content = database.read(table)
    let lost = max(0, table.rowCount - content.rows)
    if lost > 0 {
      isComplete = false
      diagnostics.warn(
        "arbin.lost-rows", at: .entry(table.name),
        found: "\(lost) of \(table.rowCount) rows of '\(table.name)' are lost",
        expected: "expected all pages of the database; the rows of those present are given",
        count: lost)
    }
    if content.damagedRows > 0 {
      isComplete = false
      diagnostics.warn(
        "arbin.damaged-row", at: .entry(table.name),
        found: "rows of '\(table.name)' whose bytes make no sense", expected: "left out",
        count: content.damagedRows)
    }
    if content.lostTexts > 0 {
      isComplete = false
      diagnostics.warn(
        "arbin.lost-text", at: .entry(table.name),
        found: "texts of '\(table.name)' outside their row", expected: "counted as missing",
        count: content.lostTexts)
    }
    if content.nonFinite > 0 {
      diagnostics.warn(
        "arbin.non-finite", at: .entry(table.name),
        found: "cells of '\(table.name)' hold no finite number", expected: "counted as missing",
        count: content.nonFinite)
    }
    let empty = content.columns.reduce(0) { $0 + $1.missing.count } - content.nonFinite
    if empty > 0 {
      diagnostics.note(
        "arbin.empty-cells", at: .entry(table.name),
        found: "\(empty) cells of '\(table.name)' hold nothing", expected: "counted as missing")
    }
    return content
  }

  /// All tables, and the metadata.
  mutating func tables(_ records: JetContent) -> [Table] {
    var tests = ArbinRecords(records).tests
    var others: [Table] = []
    var contents: [(JetTable, JetContent)] = []
    var empty: [String] = []
    let main = mainTable
    for table in database.tables where table != main {
      let content = content(of: table)
      if content.rows == 0 {
        empty.append(table.name)
      } else {
        contents.append((table, content))
      }
    }
    let auxiliary = ArbinAuxiliary(
      units: contents.first { $0.0.name == "Aux_Global_Data_Table" }?.1)
    for (table, content) in contents {
      switch table.name {
      case "Global_Table", "Version_Table":
        describe(content)
      case "Auxiliary_Table" where auxiliary.join(content, to: &tests):
        continue
      default:
        others.append(plain(table, content))
      }
    }
    if !empty.isEmpty { metadata.append("tables without rows", empty.joined(separator: ", ")) }
    metadata.append(
      "rows of \(main?.name ?? ArbinDatabase.mainTable)", .integer(Int64(records.rows)))
    let name = { (test: ArbinRecords.Test) in tests.count == 1 ? "data" : "test_\(test.id)" }
    return tests.map { finished($0, records, name: name($0)) } + others
  }

  /// One test under canonical names and units.
  private mutating func finished(
    _ test: ArbinRecords.Test, _ records: JetContent, name: String
  ) -> Table {
    let labels = ArbinLabels.columns(
      records.columns.map(\.name), options: options, into: &diagnostics)
    var columns = zip(labels, records.columns).map { label, values in
      Self.column(label, values, test.rows, records)
    }
    CyclerTimes.convert(&columns, order: .monthFirst, into: &diagnostics)
    if columns.contains(where: { $0.name == "unix_time" }) {
      diagnostics.note(
        "cycler.clock-zone", found: "column 'DateTime' has no time zone",
        expected: "unix_time counts as if the clock showed UTC")
    }
    CyclerTimes.settle(&columns, into: &diagnostics)
    CyclerChecks.run(columns, into: &diagnostics) { _ in .entry(ArbinDatabase.mainTable) }
    return Table(
      name: name, columns: columns + test.auxiliary,
      indexColumns: columns.contains { $0.name == "test_time" } ? ["test_time"] : [])
  }

  /// A table as it stands, under slugs of its names.
  private func plain(_ table: JetTable, _ content: JetContent) -> Table {
    let slug = ColumnLabel.slug(table.name)
    let name = slug.hasSuffix("_table") ? String(slug.dropLast(6)) : slug
    let rows = Array(0..<content.rows)
    return Table(
      name: name,
      columns: content.columns.map { values in
        let slug = ColumnLabel.slug(values.name)
        let label = CyclerColumn(
          label: values.name, name: slug, written: ArbinLabels.unit(slug), target: nil,
          isCanonical: false)
        return Self.column(label, values, rows, content)
      })
  }

  /// The values of some rows in their order.
  static func column(
    _ label: CyclerColumn, _ values: JetContent.Values, _ rows: [Int], _ content: JetContent
  ) -> Column {
    let isPlain = rows.count == content.rows && rows.enumerated().allSatisfy { $0 == $1 }
    var missing = MissingMask()
    if isPlain {
      missing = values.missing
    } else if values.missing.count > 0 {
      for (i, row) in rows.enumerated() where values.missing.contains(row) { missing.insert(i) }
    }
    var origin = Origin(bytes: content.bytes, steps: ["\(values.kind)"])
    switch values.values {
    case .real(let all):
      return label.column(
        isPlain ? all : rows.map { all[$0] }, missing: missing, origin: origin,
        storage: values.kind == .float32 ? .float32 : .float64)
    case .integer(let all):
      let picked = isPlain ? all : rows.map { all[$0] }
      // Whole numbers in a unit that must change, or seconds, become real.
      if label.isCanonical, let target = label.target, target.ucum != "1" {
        return label.column(
          picked.enumerated().map { missing.contains($0) ? .nan : Double($1) }, origin: origin)
      }
      return Column(
        name: label.name, label: label.label, values: .integer(picked),
        unit: label.isCanonical ? .known(.one) : label.written, missing: missing, origin: origin)
    case .text(let all):
      origin.steps = ["text"]
      return Column(
        name: label.name, label: label.label,
        values: .text(isPlain ? all : rows.map { all[$0] }), unit: .absent, missing: missing,
        origin: origin)
    case .category, .instant:
      return Column(
        name: label.name, label: label.label, values: values.values, unit: .absent,
        missing: missing, origin: origin)
    }
  }

  /// Puts each row of a small table into the metadata, a key a column.
  private mutating func describe(_ content: JetContent) {
    for row in 0..<content.rows {
      let prefix = content.rows == 1 ? "" : "\(row + 1): "
      for column in content.columns where !column.missing.contains(row) {
        let key = prefix + column.name
        switch column.values {
        case .real(let values): metadata.append(key, .real(values[row]))
        case .integer(let values): metadata.append(key, .integer(values[row]))
        case .text(let values): metadata.append(key, values[row])
        case .category, .instant: continue
        }
      }
    }
  }
}
