import Glibc
import Inspect
import Profile
import Report
import Sessions
import Trace

/// One payload of any size through `extract`: what is kept must not depend on how large it is.
struct PayloadRun {
  /// Counts what is written, and keeps nothing.
  private final class Sink: PayloadStore, PayloadFile {
    private(set) var bytes = 0
    private(set) var files = 0
    func create() throws(PayloadError) -> any PayloadFile { self }
    func write(_ bytes: [UInt8]) throws(PayloadError) { self.bytes += bytes.count }
    func commit(as name: String) throws(PayloadError) { files += 1 }
  }

  private static let piece = 65_536

  /// Carries one payload of so many bytes, in this process; the peak of its memory in KiB, or `nil` where not every byte
  /// came out.
  static func run(bytes: Int) -> Int? {
    guard let book = try? Books.own(DataProfile.yaml) else { return nil }
    let inspector = Inspector(book: book, options: InspectionOptions(baud: 1_000_000))
    let sink = Sink()
    var extractor = Extractor(sink, redact: false)
    extractor.begin(input: 0)
    var open = SerialLine()
    open.host("AT+PUT\r")
    open.modem("\r\nOK\r\n\r\n+PUT: 2\r\n")
    inspector.take(open.session.batch) { extractor.take($0) }
    // No byte of these needs an escape.
    let block = (0..<piece).map { UInt8(truncatingIfNeeded: $0 % 90 + 33) }
    var batch = ChunkBatch()
    var time = Instant(nanoseconds: 1_000_000_000)
    for number in 0..<max(1, bytes / piece) {
      batch.removeAll()
      time = time.advanced(by: 700_000_000)
      batch.append(.data, .hostToModem, at: time, place: 3 + number, bytes: block)
      inspector.take(batch) { extractor.take($0) }
      _ = inspector.takeFindings()
    }
    batch.removeAll()
    batch.append(.data, .hostToModem, at: time, place: 1, bytes: [3])
    batch.append(.data, .modemToHost, at: time.advanced(by: 1_000_000), place: 2, bytes: Array("\r\n+PUT: 1\r\n".utf8))
    inspector.take(batch) { extractor.take($0) }
    inspector.finish { extractor.take($0) }
    let wanted = max(1, bytes / piece) * piece
    guard sink.bytes == wanted, sink.files == 1, inspector.transfers.first?.payloadBytes == wanted else { return nil }
    return Row.peak()
  }

  /// Peaks of a small and of a large payload, each in a process of its own; exit code 1 where memory grows.
  static func compare() -> Int32 {
    var peaks: [Int] = []
    for megabytes in [10, 2000] {
      guard let peak = Child(["--payload", String(megabytes)])?.finish().flatMap({ Int($0.filter(\.isNumber)) }) else {
        Main.say("one payload of \(megabytes) MB: WRONG: it did not come out whole\n")
        return 1
      }
      Main.say("\(Table.column("\(megabytes) MB", 8, right: true)) of one payload: peak \(peak) KiB\n")
      peaks.append(peak)
    }
    let isBounded = peaks[1] - peaks[0] < growthLimit
    Main.say(isBounded ? "memory does not grow with the payload\n" : "WRONG: memory grows with the payload\n")
    return isBounded ? 0 : 1
  }

  private static let growthLimit = 4 * 1024
}
