import CSQLite
import Trace

/// A database that cannot be opened or written: one line that says why.
public struct DatabaseError: Error {
  public var message: String
  /// The file holds something else.
  var isForeign = false
}

/// A file of SQLite's. The first failure is kept, and nothing is written after it.
final class Database {
  fileprivate let handle: OpaquePointer
  private(set) var failure: String?
  /// How long another program may keep the file.
  private static let patience: Int32 = 10_000

  init(path: String) throws(DatabaseError) {
    var opened: OpaquePointer?
    // A path that begins with "file:" or is ":memory:" is a name like any other.
    let name = path.hasPrefix("/") ? path : "./" + path
    let code = sqlite3_open_v2(name, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened else { throw DatabaseError(message: "there is not enough memory for the database") }
    handle = opened
    if code != SQLITE_OK { throw Self.error(opened) }
    sqlite3_busy_timeout(handle, Self.patience)
  }

  deinit { sqlite3_close_v2(handle) }

  /// What went wrong last, and what to do about it.
  private static func error(_ handle: OpaquePointer) -> DatabaseError {
    let reason = String(cString: sqlite3_errmsg(handle))
    switch sqlite3_errcode(handle) & 0xFF {
    case SQLITE_NOTADB: return DatabaseError(message: reason, isForeign: true)
    case SQLITE_BUSY: return DatabaseError(message: "another program is using it; try again when that is done")
    case SQLITE_FULL: return DatabaseError(message: "no space left on the device; make room or write elsewhere")
    case SQLITE_IOERR: return DatabaseError(message: reason + "; make room, or write elsewhere")
    case SQLITE_READONLY, SQLITE_CANTOPEN: return DatabaseError(message: reason + "; check who may write there")
    case SQLITE_CORRUPT: return DatabaseError(message: reason + "; name a new file")
    default: return DatabaseError(message: reason)
    }
  }

  fileprivate func fail() {
    if failure == nil { failure = Self.error(handle).message }
  }

  /// Runs statements that give nothing back.
  func run(_ sql: String) throws(DatabaseError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Self.error(handle)
    }
  }

  /// The number that a query gives.
  func number(_ sql: String) throws(DatabaseError) -> Int64 {
    let statement = try prepare(sql)
    guard let value = statement.firstNumber() else { throw Self.error(handle) }
    return value
  }

  func prepare(_ sql: String) throws(DatabaseError) -> DatabaseStatement {
    var made: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &made, nil) == SQLITE_OK, let made else {
      throw Self.error(handle)
    }
    return DatabaseStatement(made, self)
  }

  /// A statement that appends a row to a table.
  func insert(into table: DatabaseTable) throws(DatabaseError) -> DatabaseStatement {
    let marks = Array(repeating: "?", count: table.columns.count).joined(separator: ", ")
    return try prepare("INSERT INTO \(table.name) VALUES (\(marks))")
  }
}

/// A statement whose values are given one after the other.
final class DatabaseStatement {
  private let statement: OpaquePointer
  private let database: Database
  private var at: Int32 = 0

  fileprivate init(_ statement: OpaquePointer, _ database: Database) {
    self.statement = statement
    self.database = database
  }

  deinit { sqlite3_finalize(statement) }

  func number(_ value: (some BinaryInteger)?) {
    at += 1
    if let value { check(sqlite3_bind_int64(statement, at, Int64(clamping: value))) } else { null() }
  }

  func string(_ value: String?) {
    at += 1
    guard var value else { return null() }
    let code = value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        // Without a place for its bytes an empty text would be NULL.
        $0.baseAddress.map { attrace_bind_text(statement, at, $0, Int32(clamping: bytes.count)) }
          ?? attrace_bind_text(statement, at, "", 0)
      }
    }
    check(code)
  }

  func seconds(_ value: Nanoseconds?) { real(value.map { Double($0) / 1e9 }) }

  func real(_ value: Double?) {
    at += 1
    if let value, value.isFinite { check(sqlite3_bind_double(statement, at, value)) } else { null() }
  }

  /// Appends the row.
  func insert() {
    at = 0
    guard database.failure == nil else { return }
    if sqlite3_step(statement) != SQLITE_DONE { database.fail() }
    sqlite3_reset(statement)
  }

  fileprivate func firstNumber() -> Int64? {
    sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : nil
  }

  private func null() { check(sqlite3_bind_null(statement, at)) }

  private func check(_ code: Int32) {
    if code != SQLITE_OK { database.fail() }
  }
}
