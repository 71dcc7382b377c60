/// A table: its columns in their order, with their types, and what is said of the whole.
struct DatabaseTable: Sendable {
  let name: String
  let columns: [(name: String, type: String)]
  /// The key where it is not the first column alone.
  let key: [String]

  init(_ name: String, _ columns: KeyValuePairs<String, String>, key: [String] = []) {
    self.name = name
    self.columns = columns.map { ($0.key, $0.value) }
    self.key = key
  }

  var sql: String {
    var lines = columns.map { "  \($0.name) \($0.type)" }
    if !key.isEmpty { lines.append("  PRIMARY KEY (\(key.joined(separator: ", ")))") }
    // Rows come in the order of their keys, so the key needs no index beside the table.
    return "CREATE TABLE \(name) (\n\(lines.joined(separator: ",\n"))\n)\(key.isEmpty ? "" : " WITHOUT ROWID");\n"
  }
}

/// What stands in a database of attrace's.
enum DatabaseSchema {
  /// "attr": by this SQLite knows whose file it is.
  static let application: Int64 = 0x6174_7472
  static let version: Int64 = 1

  static let runs = DatabaseTable(
    "runs", ["id": "INTEGER PRIMARY KEY", "version": "TEXT NOT NULL", "start": "TEXT", "inputs": "INTEGER NOT NULL"])
  static let inputs = DatabaseTable(
    "inputs",
    [
      "id": "INTEGER PRIMARY KEY", "run": "INTEGER NOT NULL REFERENCES runs (id)", "path": "TEXT NOT NULL",
      "format": "TEXT NOT NULL", "profile": "TEXT NOT NULL", "profile_reason": "TEXT NOT NULL", "start": "TEXT",
      "duration_s": "REAL", "time_resolution_s": "REAL", "baud": "INTEGER", "host_bytes": "INTEGER NOT NULL",
      "modem_bytes": "INTEGER NOT NULL", "transactions": "INTEGER NOT NULL", "errors": "INTEGER NOT NULL",
      "warnings": "INTEGER NOT NULL", "notes": "INTEGER NOT NULL", "findings_not_kept": "INTEGER NOT NULL",
    ])
  static let transactions = DatabaseTable(
    "transactions",
    [
      "input": "INTEGER NOT NULL REFERENCES inputs (id)", "number": "INTEGER NOT NULL", "line": "INTEGER NOT NULL",
      "last_line": "INTEGER NOT NULL", "port": "TEXT", "time_s": "REAL", "command": "TEXT NOT NULL",
      "form": "TEXT NOT NULL", "commands": "INTEGER NOT NULL", "text": "TEXT NOT NULL", "answer": "TEXT",
      "answers": "INTEGER NOT NULL", "outcome": "TEXT NOT NULL", "result": "TEXT", "first_byte_s": "REAL",
      "latency_s": "REAL", "late_s": "REAL",
    ], key: ["input", "number"])
  static let lines = DatabaseTable(
    "lines",
    [
      "input": "INTEGER NOT NULL REFERENCES inputs (id)", "transaction_number": "INTEGER NOT NULL",
      "number": "INTEGER NOT NULL", "line": "INTEGER NOT NULL", "kind": "TEXT NOT NULL", "direction": "TEXT NOT NULL",
      "port": "TEXT", "time_s": "REAL", "offset": "INTEGER NOT NULL", "length": "INTEGER NOT NULL",
      "text": "TEXT NOT NULL",
    ], key: ["input", "transaction_number", "number"])
  static let transfers = DatabaseTable(
    "transfers",
    [
      "input": "INTEGER NOT NULL REFERENCES inputs (id)", "number": "INTEGER NOT NULL",
      "transfer": "INTEGER NOT NULL", "line": "INTEGER NOT NULL", "port": "TEXT", "kind": "TEXT NOT NULL",
      "direction": "TEXT NOT NULL", "name": "TEXT", "start_s": "REAL",
      "end_s": "REAL", "payload_bytes": "INTEGER NOT NULL", "wire_bytes": "INTEGER NOT NULL",
      "escape_bytes": "INTEGER NOT NULL", "throughput_Bps": "REAL", "line_utilisation": "REAL",
      "retransmissions": "INTEGER NOT NULL", "errors": "INTEGER NOT NULL", "longest_stall_s": "REAL",
      "longest_stall_line": "INTEGER", "complete": "INTEGER NOT NULL", "sha256": "TEXT NOT NULL",
      "share_line": "REAL", "share_modem": "REAL", "share_host": "REAL", "share_retransmitting": "REAL",
      "share_unknown": "REAL",
    ], key: ["input", "number"])
  static let findings = DatabaseTable(
    "findings",
    [
      "input": "INTEGER NOT NULL REFERENCES inputs (id)", "number": "INTEGER NOT NULL", "rule": "TEXT NOT NULL",
      "severity": "TEXT NOT NULL", "message": "TEXT NOT NULL", "advice": "TEXT NOT NULL", "line": "INTEGER NOT NULL",
      "offset": "INTEGER NOT NULL", "time_s": "REAL", "port": "TEXT", "document": "TEXT NOT NULL",
      "section": "TEXT NOT NULL", "fingerprint": "TEXT NOT NULL", "known": "INTEGER NOT NULL",
      "suppressed": "INTEGER NOT NULL",
    ], key: ["input", "number"])
  static let events = DatabaseTable(
    "events",
    [
      "input": "INTEGER NOT NULL REFERENCES inputs (id)", "number": "INTEGER NOT NULL", "line": "INTEGER NOT NULL",
      "kind": "TEXT NOT NULL", "direction": "TEXT NOT NULL", "port": "TEXT", "time_s": "REAL", "end_s": "REAL",
      "transaction_number": "INTEGER", "transfer": "INTEGER", "name": "TEXT", "detail": "TEXT NOT NULL",
      "value": "INTEGER", "length": "INTEGER NOT NULL",
    ], key: ["input", "number"])

  static let tables = [runs, inputs, transactions, lines, transfers, findings, events]

  /// The usual questions.
  static let views = """
    CREATE VIEW slowest_commands AS
    SELECT i.run, i.path, t.line, t.command, t.form, t.text, t.result, t.latency_s
    FROM transactions t JOIN inputs i ON i.id = t.input
    WHERE t.latency_s IS NOT NULL
    ORDER BY t.latency_s DESC, t.input, t.number;
    CREATE VIEW errors_by_command AS
    SELECT i.run, t.command, t.form, count(*) AS count, sum(t.outcome = 'failed') AS failed,
      sum(t.outcome = 'unanswered') AS unanswered,
      round(100.0 * sum(t.outcome IN ('failed', 'unanswered')) / count(*), 2) AS percent
    FROM transactions t JOIN inputs i ON i.id = t.input
    GROUP BY i.run, t.command, t.form
    HAVING sum(t.outcome IN ('failed', 'unanswered')) > 0
    ORDER BY failed + unanswered DESC, t.command, t.form;
    CREATE VIEW latency_by_command AS
    WITH ranked AS (
      SELECT i.run, t.command, t.form, t.latency_s,
        row_number() OVER (PARTITION BY i.run, t.command, t.form ORDER BY t.latency_s) AS rank,
        count(*) OVER (PARTITION BY i.run, t.command, t.form) AS count
      FROM transactions t JOIN inputs i ON i.id = t.input
      WHERE t.latency_s IS NOT NULL AND t.commands < 2
    )
    SELECT run, command, form, count,
      max(CASE WHEN rank = (count * 50 + 99) / 100 THEN latency_s END) AS p50_s,
      max(CASE WHEN rank = (count * 90 + 99) / 100 THEN latency_s END) AS p90_s,
      max(CASE WHEN rank = (count * 99 + 99) / 100 THEN latency_s END) AS p99_s,
      max(latency_s) AS max_s
    FROM ranked GROUP BY run, command, form ORDER BY run, command, form;
    CREATE VIEW findings_by_rule AS
    SELECT i.run, f.rule, f.severity, count(*) AS count, sum(f.known) AS known, count(DISTINCT f.input) AS inputs,
      min(f.line) AS first_line, f.document, f.section
    FROM findings f JOIN inputs i ON i.id = f.input
    GROUP BY i.run, f.rule, f.severity
    ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, count(*) DESC, f.rule;
    CREATE VIEW throughput_by_kind AS
    SELECT i.run, x.kind, x.direction, count(*) AS transfers, sum(x.complete) AS complete,
      sum(x.payload_bytes) AS payload_bytes,
      CASE WHEN sum(x.end_s - x.start_s) > 0
        THEN round(sum(CASE WHEN x.end_s > x.start_s THEN x.payload_bytes END) / sum(x.end_s - x.start_s), 1) END
        AS throughput_Bps,
      round(min(x.throughput_Bps), 1) AS slowest_Bps, round(max(x.throughput_Bps), 1) AS fastest_Bps,
      sum(x.retransmissions) AS retransmissions, max(x.longest_stall_s) AS longest_stall_s
    FROM transfers x JOIN inputs i ON i.id = x.input
    GROUP BY i.run, x.kind, x.direction ORDER BY i.run, x.kind, x.direction;
    CREATE VIEW dialogue AS
    SELECT l.input, l.line, l.time_s, CASE l.direction WHEN 'host-to-modem' THEN '-->' WHEN 'modem-to-host' THEN '<--'
      ELSE '---' END AS arrow, l.text, l.kind, l.transaction_number
    FROM lines l ORDER BY l.input, l.number;

    """

  static var sql: String { tables.map(\.sql).joined() + views }
}
