import Foundation
import Testing
import Trace

@testable import Capture

extension Spool {
  fileprivate func append(_ batch: ChunkBatch) {
    var batch = batch
    append(&batch, numbers: false)
  }
}

/// The saved capture: written at once, put aside by size and age, ended by a full disk.
@Suite struct SpoolTests {
  private static let facts: LogFacts = {
    var facts = LogFacts(format: "tap")
    facts.resolution = .microsecond
    facts.start = "2024-05-06T07:08:09Z"
    return facts
  }()
  private static let header = "#!attrace 1\n#! start 2024-05-06T07:08:09Z\n"

  private func batch(_ text: String, at microseconds: Int64 = 1) -> ChunkBatch {
    var batch = ChunkBatch()
    batch.append(
      .data, .hostToModem, at: Instant(nanoseconds: microseconds * 1000), place: 1, bytes: Array(text.utf8))
    return batch
  }

  @Test func everyBatchIsThereAtOnce() throws {
    let folder = try LiveFolder()
    let spool = try Spool(SpoolOptions(path: folder.path("line.trace")))
    spool.begin(Self.facts)
    #expect(try folder.text("line.trace") == Self.header)
    spool.append(batch("AT\r"))
    #expect(try folder.text("line.trace") == Self.header + "0.000001 --> \"AT\\r\"\n")
    #expect(spool.syncDue != nil)
    spool.sync()
    #expect(spool.syncDue == nil)
  }

  @Test func anOlderCaptureIsPutAside() throws {
    let folder = try LiveFolder()
    try folder.write("old", to: "line.trace")
    let spool = try Spool(SpoolOptions(path: folder.path("line.trace")))
    spool.begin(Self.facts)
    #expect(folder.names == ["line.000001.trace", "line.trace"])
    #expect(try folder.text("line.000001.trace") == "old")
  }

  @Test func aLargeCaptureIsPutAside() throws {
    let folder = try LiveFolder()
    var options = SpoolOptions(path: folder.path("line.trace"))
    options.rotateBytes = 100
    options.keep = 2
    let spool = try Spool(options)
    spool.begin(Self.facts)
    var rotations = 0
    for number in 0..<12 {
      if spool.rotateIfDue() { rotations += 1 }
      spool.append(batch("AT+CSQ=\(number)\r", at: Int64(number + 1)))
    }
    #expect(rotations == 3)
    #expect(folder.names == ["line.000002.trace", "line.000003.trace", "line.trace"])
    for name in folder.names { #expect(try folder.text(name).hasPrefix(Self.header)) }
    // Put together they are one capture.
    var reader = TraceReader()
    var read = ChunkBatch()
    let all = try folder.names.map { try folder.text($0) }.joined()
    Array(all.utf8).withUnsafeBufferPointer { reader.read($0.span, into: &read) }
    reader.finish(into: &read)
    #expect(read.chunks.map(\.kind) == [Chunk.Kind](repeating: .data, count: read.chunks.count))
    #expect(read.chunks.map(\.instant.nanoseconds) == (4...12).map { $0 * 1000 })
  }

  @Test func anOldCaptureIsPutAside() throws {
    let folder = try LiveFolder()
    var options = SpoolOptions(path: folder.path("line.trace"))
    options.rotateAge = 1
    let spool = try Spool(options)
    spool.begin(Self.facts)
    #expect(!spool.rotateIfDue(), "a capture with nothing in it is not put aside")
    spool.append(batch("AT\r"))
    #expect(spool.rotateIfDue())
    #expect(folder.names == ["line.000001.trace", "line.trace"])
  }

  @Test func numbersGoOnWhereTheyWere() throws {
    let folder = try LiveFolder()
    for name in ["line.000007.trace", "line.x.trace", "line.12.trace", "lines.000009.trace", "line.000003.txt"] {
      try folder.write("", to: name)
    }
    let files = RotatedFiles(path: folder.path("line.trace"))
    #expect(files.numbers() == [7])
    try folder.write("new", to: "line.trace")
    try files.putAside()
    #expect(try folder.text("line.000008.trace") == "new")
    files.remove(allBut: 0)
    #expect(folder.names == ["line.000003.txt", "line.12.trace", "line.x.trace", "lines.000009.trace"])
  }

  @Test func aFullDiskEndsTheSaving() throws {
    let spool = try Spool(SpoolOptions(path: "/dev/full"))
    #expect(spool.failure == nil)
    spool.begin(Self.facts)
    #expect(spool.failure?.message.contains("no space left") == true)
    spool.append(batch("AT\r"))
    spool.sync()
  }

  @Test func aFolderIsNoCapture() throws {
    let folder = try LiveFolder()
    #expect(throws: CaptureError.self) { _ = try Spool(SpoolOptions(path: folder.url.path)) }
    #expect(throws: CaptureError.self) { _ = try Spool(SpoolOptions(path: folder.path("no/such.trace"))) }
  }

  /// The death of the machine may cut the last line: it is told, and nothing else is.
  @Test func aCutLastLineIsAnEvent() {
    let text = Array("#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"\\r\\nO".utf8)
    var reader = TraceReader()
    var batch = ChunkBatch()
    text.withUnsafeBufferPointer { reader.read($0.span, into: &batch) }
    reader.finish(into: &batch)
    #expect(batch.chunks.map(\.kind) == [.data, .malformed])
  }

  /// Packets: each file opens by itself, and numbers and times go on.
  @Test(arguments: ["line.pcap", "line.pcapng"]) func packetsAreRotatedToo(_ name: String) throws {
    let folder = try LiveFolder()
    var options = SpoolOptions(path: folder.path(name))
    options.rotateBytes = 150
    let spool = try Spool(options)
    var facts = Self.facts
    facts.ports = ["modem"]
    spool.begin(facts)
    var numbers: [Int] = []
    for number in 0..<9 {
      _ = spool.rotateIfDue()
      var one = batch("AT+CSQ=\(number)\r", at: Int64(number + 1))
      spool.append(&one, numbers: true)
      numbers += one.chunks.map(\.place)
    }
    #expect(spool.failure == nil)
    // The first packet tells when the trace began.
    #expect(numbers == Array(2...10))
    #expect(folder.names.count > 2)
    let isBlocks = name.hasSuffix("ng")
    var said: [String] = []
    for file in folder.names {
      let bytes = [UInt8](try Data(contentsOf: folder.url.appending(path: file)))
      let result = SpoolTests.read(bytes, isBlocks: isBlocks)
      #expect(result.facts.warnings == [], "\(file)")
      #expect(result.facts.ports == [isBlocks ? "modem" : ""], "\(file)")
      said += result.seen.map(\.text)
      // What a crash cuts off is the last packet.
      let cut = SpoolTests.read(bytes.dropLast(3), isBlocks: isBlocks)
      #expect(cut.seen.count == result.seen.count - 1, "\(file)")
      #expect(cut.facts.refusal == nil)
    }
    #expect(said == (0..<9).map { "AT+CSQ=\($0)\\r" })
  }

  private static func read(_ bytes: [UInt8], isBlocks: Bool) -> ReadResult {
    isBlocks ? CaptureTests.read(bytes, with: PcapngReader()) : CaptureTests.read(bytes, with: PcapReader())
  }

  @Test func severalPortsNeedBlocks() throws {
    let folder = try LiveFolder()
    let spool = try Spool(SpoolOptions(path: folder.path("line.pcap")))
    spool.begin(Self.facts)
    var batch = batch("AT\r")
    batch.append(.data, .hostToModem, port: Port(1), at: .zero, place: 1, bytes: "AT\r".utf8)
    spool.append(batch)
    #expect(spool.failure?.message.contains("save .pcapng") == true)
  }
}
