internal import Tables

/// Writes `results.sqlite`: the results in tables that can be queried.
///
/// | table | columns |
/// |---|---|
/// | `inputs` | `file`, `sha256`, `bytes`, `format`, `status`, `complete` |
/// | `results` | `input` (file; null for the summary), `key`, `value`, `unit`, `u`, `trace` |
/// | `diagnostics` | `input`, `severity`, `code`, `place`, `message`, `count` |
/// | `provenance` | `name`, `value` |
/// | `traces` | `id`, `kind`, `step` (JSON) |
/// | `wide` (view) | a row an input, a column a key, as in `results.csv` |
public enum ResultsDatabase {
  /// Writes a new database at a path where there is no file.
  public static func write(
    _ document: ResultDocument, provenance: [ReportDocument.Fact] = [], to path: String
  ) throws(OutputFailure) {
    let database = try SQLiteDatabase(creating: path)
    try database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
    try database.execute(schema)
    try database.insert(
      "INSERT INTO inputs VALUES (?,?,?,?,?,?)",
      rows: document.inputs.map { input in
        [
          .text(input.file), .optional(input.sha256),
          input.bytes.map { .integer(Int64($0)) } ?? .null,
          .optional(input.format), .text(input.status.rawValue),
          .integer(input.complete && input.status != .error ? 1 : 0),
        ]
      })
    let insertion = "INSERT INTO results VALUES (?,?,?,?,?,?)"
    // An input at a time: a batch has more rows than one would hold in memory.
    for (position, kept) in document.inputs.enumerated() where kept.status != .error {
      let input = document.complete(position)
      let leaves = (input.fields["result"] ?? .null).leaves(longestList: longestList)
      try database.insert(
        insertion,
        rows: leaves.filter { !$0.key.isEmpty }.map { [.text(input.file)] + row($0) })
    }
    try database.insert(
      insertion,
      rows: ResultValue.object(document.summary).leaves(prefix: "summary", longestList: longestList)
        .map { [.null] + row($0) })
    try database.insert(
      "INSERT INTO diagnostics VALUES (?,?,?,?,?,?)",
      rows: document.inputs.flatMap { input in
        input.diagnostics.map {
          [
            .text(input.file), .text($0.severity.rawValue), .text($0.code),
            .text($0.place.description), .text($0.message), .integer(Int64($0.count)),
          ]
        }
      })
    var facts: [[SQLiteDatabase.Value]] = [
      [.text("interphase"), .text(document.version)], [.text("command"), .text(document.command)],
    ]
    facts += provenance.filter { $0.name != "command" }.map { [.text($0.name), .text($0.value)] }
    try database.insert("INSERT INTO provenance VALUES (?,?)", rows: facts)
    try database.insert(
      "INSERT INTO traces VALUES (?,?,?)",
      rows: document.traces.steps.map {
        [
          .text($0.id.text), .text($0.kind.rawValue),
          .text(String(decoding: JSONWriter.line($0.result), as: UTF8.self)),
        ]
      })
    try database.execute(wideView(WideResults(document.inputs)))
    try database.execute("COMMIT;")
    try database.close()
  }

  /// Longer lists of plain values, such as spectra, are no rows: they stand in `results.json`.
  private static let longestList = 512

  private static let schema = """
    CREATE TABLE inputs (file TEXT NOT NULL, sha256 TEXT, bytes INTEGER, format TEXT,
      status TEXT NOT NULL, complete INTEGER NOT NULL);
    CREATE TABLE results (input TEXT, key TEXT NOT NULL, value, unit TEXT, u REAL, trace TEXT);
    CREATE TABLE diagnostics (input TEXT, severity TEXT NOT NULL, code TEXT NOT NULL,
      place TEXT NOT NULL, message TEXT NOT NULL, count INTEGER NOT NULL);
    CREATE TABLE provenance (name TEXT NOT NULL, value TEXT);
    CREATE TABLE traces (id TEXT PRIMARY KEY, kind TEXT NOT NULL, step TEXT NOT NULL);
    CREATE INDEX results_by_key ON results (key, input);
    CREATE INDEX results_by_input ON results (input, key);
    """

  /// Key, value, unit, uncertainty and trace of a leaf.
  private static func row(_ leaf: ResultLeaf) -> [SQLiteDatabase.Value] {
    let plain: [SQLiteDatabase.Value] = [.null, .null, .null]
    switch leaf.value {
    case .quantity(let quantity):
      return [
        .text(leaf.key), quantity.value.map { .real($0) } ?? .null, .optional(leaf.unit),
        quantity.u.map { .real($0) } ?? .null, .optional(quantity.trace?.text),
      ]
    case .number(let x): return [.text(leaf.key), x.isFinite ? .real(x) : .null] + plain
    case .integer(let n): return [.text(leaf.key), .integer(Int64(n))] + plain
    case .flag(let flag): return [.text(leaf.key), .integer(flag ? 1 : 0)] + plain
    case .text(let text): return [.text(leaf.key), .text(text)] + plain
    case .null, .list, .object: return [.text(leaf.key), .null] + plain
    }
  }

  /// The view with a column a key.
  ///
  /// Keys go into the text of a statement here, so only those of letters, digits, `_`, `.` and
  /// brackets are taken, and units of the characters of UCUM without quotes; at most 400 columns,
  /// since SQLite allows 2000.
  private static func wideView(_ wide: WideResults) -> String {
    var sql = "CREATE VIEW wide AS SELECT i.file AS \"file\", i.status AS \"status\""
    var used: Set<String> = ["file", "status"]
    for column in wide.columns.prefix(400) {
      guard column.key.utf8.allSatisfy(isSafe), (column.unit ?? "").utf8.allSatisfy(isSafeInUnit)
      else { continue }
      var unit = ""
      if let text = column.unit { unit = " AND r.unit = '\(text)'" }
      for (header, field) in [(column.header, "value"), (column.uHeader, "u")] {
        if field == "u" && !column.hasU { continue }
        guard used.insert(header).inserted else { continue }
        sql +=
          ", (SELECT r.\(field) FROM results r WHERE r.input = i.file AND r.key = '\(column.key)'\(unit))"
        sql += " AS \"\(header)\""
      }
    }
    return sql + " FROM inputs i ORDER BY i.rowid;"
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "["), UInt8(ascii: "]"):
      true
    default: false
    }
  }

  private static func isSafeInUnit(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\"")
  }
}

extension SQLiteDatabase.Value {
  static func optional(_ text: String?) -> SQLiteDatabase.Value { text.map { .text($0) } ?? .null }
}
