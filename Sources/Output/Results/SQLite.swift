internal import CSQLite

/// A SQLite database being written: a thin bridge to the C interface, used by ``ResultsDatabase``.
///
/// Values reach the database as bound parameters only.
final class SQLiteDatabase {
  private var handle: OpaquePointer?
  private let path: String

  /// A value of a cell.
  enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// Creates a new database at a path where there is no file.
  init(creating path: String) throws(OutputFailure) {
    self.path = path
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW
    guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK else {
      let failure = failure()
      sqlite3_close_v2(handle)
      handle = nil
      throw failure
    }
  }

  deinit { sqlite3_close_v2(handle) }

  /// Closes the database, so that all of it is in the file.
  func close() throws(OutputFailure) {
    guard sqlite3_close(handle) == SQLITE_OK else { throw failure() }
    handle = nil
  }

  /// Runs statements that are known at compile time or made of checked names.
  func execute(_ sql: String) throws(OutputFailure) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// Inserts rows with one prepared statement.
  func insert(_ sql: String, rows: [[Value]]) throws(OutputFailure) {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw failure()
    }
    defer { sqlite3_finalize(statement) }
    // The destructor −1 tells SQLite to take a copy of the text.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for row in rows {
      for (i, value) in row.enumerated() {
        let position = Int32(truncatingIfNeeded: i + 1)
        let status =
          switch value {
          case .null: sqlite3_bind_null(statement, position)
          case .integer(let n): sqlite3_bind_int64(statement, position, n)
          case .real(let x): sqlite3_bind_double(statement, position, x)
          case .text(let text):
            sqlite3_bind_text(statement, position, text, Int32(clamping: text.utf8.count), copied)
          }
        guard status == SQLITE_OK else { throw failure() }
      }
      guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
      sqlite3_reset(statement)
    }
  }

  private func failure() -> OutputFailure {
    let reason = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    return OutputFailure(.database, path: path, reason: reason ?? "the database cannot be opened")
  }
}
