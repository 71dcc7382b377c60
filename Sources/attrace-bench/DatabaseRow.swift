import Capture
import Glibc
import Inspect
import Report
import Trace

/// A long session into a database: how long that takes, and what memory it needs.
enum DatabaseRow {
  static let name = "database of short commands"
  static let transactions = 1_000_000
  /// Of a smoke test.
  static let few = 20_000
  /// Findings and figures wait for the end; transactions and lines must not.
  private static let peakLimit = 64 * 1024

  /// The line of the table, and whether all is as it should be; in a process of its own.
  static func line(_ count: Int) -> (text: String, isRight: Bool) {
    guard let said = Child(["--database", String(count)])?.finish() else {
      return ("\(name): WRONG: it did not run\n", false)
    }
    let numbers = said.split { $0.isWhitespace }.compactMap { Int($0) }
    guard numbers.count == 3 else { return ("\(name): WRONG: \(said)\n", false) }
    let seconds = Double(numbers[0]) / 1e9
    let isRight = numbers[2] < peakLimit
    let text =
      Table.column("\(name) (transactions/s)", 44) + Table.column("-", 18, right: true)
      + Table.column(String(Int(Double(count) / seconds)), 18, right: true)
      + Table.column(String(numbers[2] / 1024), 18, right: true)
      + "  \(count) in \(Int(seconds.rounded(.up))) s, \(numbers[1] / 1_000_000) MB"
      + (isRight ? "\n" : "  WRONG: memory grows\n")
    return (text, isRight)
  }

  /// In the child: nanoseconds, bytes of the file, and the peak of memory in KiB; `nil` where the database is not whole.
  static func run(_ count: Int) -> String? {
    var template = Array("/tmp/attrace-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    let path = template.withUnsafeBufferPointer {
      String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    defer { unlink(path) }
    let start = now()
    guard (try? write(count, path)) == true else { return nil }
    let nanoseconds = now() - start
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return "\(nanoseconds) \(status.st_size) \(Row.peak())\n"
  }

  private static func write(_ count: Int, _ path: String) throws -> Bool {
    let book = try Row.mailBook()
    let report = try DatabaseReport(path: path, isNew: true, version: "bench")
    let inspector = Inspector(book: book, options: InspectionOptions(resolution: .microsecond, baud: 12_000_000))
    report.begin(
      StreamedInput(index: 0, path: "bench", book: book, ports: [""], hasTime: true, redact: true))
    var line = SessionClock()
    var batch = ChunkBatch()
    var sent = 0
    while sent < count {
      batch.removeAll()
      for _ in 0..<min(500, count - sent) {
        sent += 1
        batch.append(.data, .hostToModem, at: line.next(), place: line.place, bytes: "AT+CSQ\r".utf8)
        batch.append(
          .data, .modemToHost, at: line.next(), place: line.place,
          bytes: "\r\n+CSQ: \(sent % 32),0\r\n\r\nOK\r\n".utf8)
      }
      inspector.take(batch) { report.take($0) }
      _ = inspector.takeFindings()
    }
    inspector.finish { report.take($0) }
    report.end(
      InputReport(
        path: "bench", format: "trace", profile: book.name, profileReason: "", start: nil, resolution: .microsecond,
        ports: [""], findings: inspector.takeFindings(), warnings: [], inspector: inspector))
    report.finish()
    return report.failure == nil && inspector.transactions == count
  }

  /// Places and times that rise.
  private struct SessionClock {
    private(set) var place = 0
    mutating func next() -> Instant {
      place += 1
      return Instant(nanoseconds: Int64(place) * 15_000_000)
    }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
