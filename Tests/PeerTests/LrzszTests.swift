import Glibc
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// Transfers by lrzsz between two pseudo-terminals, over a line that damages and drops bytes, as a tap sees them.
@Suite(.serialized) struct LrzszTests {
  struct Line: CustomTestStringConvertible, Sendable {
    let name: String
    let sender: [String]
    let receiver: [String]
    /// Which blocks are damaged, and how.
    var damaged: Set<Int> = []
    var dropped: Set<Int> = []
    var testDescription: String { name }
  }

  static let lines = [
    Line(name: "checksum", sender: ["sx"], receiver: ["rx"]),
    Line(name: "CRC", sender: ["sx"], receiver: ["rx", "-c"]),
    Line(name: "1K", sender: ["sx", "-k"], receiver: ["rx", "-c"]),
    Line(name: "CRC with noise", sender: ["sx"], receiver: ["rx", "-c"], damaged: [2, 5, 9]),
    Line(name: "1K with noise", sender: ["sx", "-k"], receiver: ["rx", "-c"], damaged: [1, 3]),
    Line(name: "a byte lost", sender: ["sx"], receiver: ["rx", "-c"], dropped: [4]),
  ]

  /// What crossed the line, and what the two programs say of it.
  private struct Record {
    var batch = ChunkBatch()
    var sent: [UInt8] = []
    var received: [UInt8] = []
    var retries = 0
    var senderStatus: Int32 = -1
    var isAnswered: Bool { senderStatus == 0 }
  }

  @Test(arguments: lines) func transferIsReadBack(_ line: Line) throws {
    var record = try run(line)
    // A program that leaves its terminal flushes it, and may take its last answer with it; that is no matter of ours.
    for _ in 0..<9 where !record.isAnswered { record = try run(line) }
    try #require(record.isAnswered, "the answer to the end of the transfer never came through")
    try #require(record.received.starts(with: record.sent), "lrzsz itself failed")
    let inspector = Inspector(book: Books.generic, options: InspectionOptions(baud: 115_200))
    let store = MemoryStore()
    var extractor = Extractor(store, redact: true)
    inspector.take(record.batch) { extractor.take($0) }
    inspector.finish { extractor.take($0) }
    let errors = inspector.takeFindings().filter { $0.finding.severity == .error }
    #expect(errors.isEmpty, "\(errors.map(\.finding.message))")
    let transfer = try #require(inspector.transfers.first)
    #expect(inspector.transfers.count == 1)
    #expect(transfer.complete)
    #expect(transfer.retransmissions == record.retries)
    #expect(store.files["001-xmodem-firmware.bin"] == record.received, "bit for bit")
  }

  private func run(_ line: Line) throws -> Record {
    var record = Record()
    var dice = Dice(seed: 7)
    record.sent = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &dice) }
    let folder = Folder()
    Folder.write(record.sent, to: folder.path("in"))
    let log = open(folder.path("log"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    let (host, modem) = try (Terminal(), Terminal())
    let sender = try #require(
      Peer.start(
        line.sender + ["-b", "-vv", folder.path("in")], input: host.device, output: host.device, error: log),
      "lrzsz is not installed")
    let receiver = try #require(
      Peer.start(
        line.receiver + ["-b", folder.path("out")], input: modem.device, output: modem.device, error: null))
    relay(host.line, modem.line, line, sender, receiver, &record)
    for end in [host.line, host.device, modem.line, modem.device, log, null] { close(end) }
    record.received = Folder.bytes(folder.path("out"))
    let words = Folder.text(folder.path("log")).split(separator: "Retry ", omittingEmptySubsequences: false)
    record.retries = words.count - 1
    return record
  }

  /// A line takes its time: a sender that clears its input behind a block must not lose the answer to it.
  private static let latency: Int64 = 5_000_000

  /// Passes bytes on until the sender has gone, recording what each side was given.
  private func relay(
    _ host: Int32, _ modem: Int32, _ line: Line, _ sender: pid_t, _ receiver: pid_t, _ record: inout Record
  ) {
    var blocks = 0
    var buffer = [UInt8](repeating: 0, count: 4096)
    var onTheWay: [(due: Int64, direction: Direction, bytes: [UInt8])] = []
    var isOver = false
    var receiverEnded: Int64?
    let began = Self.now()
    while !isOver || !onTheWay.isEmpty, Self.now() - began < 40_000_000_000 {
      var waiting = [
        pollfd(fd: host, events: Int16(POLLIN), revents: 0), pollfd(fd: modem, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&waiting, 2, onTheWay.isEmpty ? 100 : 1)
      for (index, one) in waiting.enumerated() where Int32(one.revents) & POLLIN != 0 {
        let count = read(one.fd, &buffer, buffer.count)
        guard count > 0 else { continue }
        var bytes = Array(buffer[..<count])
        if index == 0, bytes.count > 100 {
          blocks += 1
          if line.damaged.contains(blocks) { bytes[60] ^= 0x20 }
          if line.dropped.contains(blocks) { bytes.remove(at: 60) }
        }
        onTheWay.append((Self.now() + Self.latency, index == 0 ? .hostToModem : .modemToHost, bytes))
      }
      while let first = onTheWay.first, first.due <= Self.now() {
        onTheWay.removeFirst()
        record.batch.append(
          .data, first.direction, at: Instant(nanoseconds: Self.now() - began),
          place: record.batch.chunks.count + 1, bytes: first.bytes)
        _ = write(first.direction == .hostToModem ? modem : host, first.bytes, first.bytes.count)
      }
      var status: Int32 = 0
      if ready == 0, !isOver, waitpid(sender, &status, WNOHANG) == sender {
        isOver = true
        record.senderStatus = status
      }
      if receiverEnded == nil, waitpid(receiver, &status, WNOHANG) == receiver { receiverEnded = Self.now() }
      if let receiverEnded, Self.now() - receiverEnded > 1_000_000_000 { break }
    }
    for (process, hasEnded) in [(sender, isOver), (receiver, receiverEnded != nil)] where !hasEnded {
      var status: Int32 = 0
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
    }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Extracted files, in memory.
final class MemoryStore: PayloadStore {
  private(set) var files: [String: [UInt8]] = [:]

  private final class File: PayloadFile {
    let store: MemoryStore
    var bytes: [UInt8] = []
    init(_ store: MemoryStore) { self.store = store }
    func write(_ bytes: [UInt8]) throws(PayloadError) { self.bytes += bytes }
    func commit(as name: String) throws(PayloadError) { store.files[name] = bytes }
  }

  func create() throws(PayloadError) -> any PayloadFile { File(self) }
}
