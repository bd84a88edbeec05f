internal import CSQLite

/// The content of a SQLite file as text: statements of the schema, then every row of every table in order.
public enum DatabaseText {
  /// All of it; the words of the failure where it cannot be read.
  public static func all(_ path: String) -> String {
    let schema = rows(
      path, "SELECT type, name, sql FROM sqlite_master WHERE type <> 'index' ORDER BY name")
    let tables = rows(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return
      (schema
      + tables.flatMap { name in
        rows(path, "SELECT * FROM \"\(name)\"").sorted()
      }).joined(separator: "\n")
  }

  /// The rows of a query, cells between bars; a missing one is `∅`.
  public static func rows(_ path: String, _ sql: String) -> [String] {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      return ["not a database: \(path)"]
    }
    defer { sqlite3_close(handle) }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      return [String(cString: sqlite3_errmsg(handle))]
    }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { i in
          sqlite3_column_text(statement, i).map { String(cString: $0) } ?? "∅"
        }.joined(separator: "|"))
    }
    return rows
  }
}
