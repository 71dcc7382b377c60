import Testing
import Trace

@testable import Capture

@Suite("Trace format: writing and reading back")
struct TraceRoundTripTests {
  private func text(_ batch: ChunkBatch, _ facts: LogFacts) -> [UInt8] {
    var text: [UInt8] = []
    let writer = TraceWriter(facts)
    writer.writeHeader(into: &text)
    writer.write(batch, into: &text)
    return text
  }

  @Test func `how it looks`() {
    var facts = LogFacts(format: "test")
    facts.baud = 9_600
    facts.start = "2024-01-02T03:04:05Z"
    facts.resolution = .millisecond
    var batch = ChunkBatch()
    batch.append(.data, .hostToModem, at: .zero, place: 1, bytes: Array("AT\r".utf8))
    batch.append(
      .data, .modemToHost, at: Instant(nanoseconds: 1_250_000_000), place: 2, bytes: [0, 0x22, 0x5C, 0xE4, 9])
    batch.append(.control, .unknown, at: .unknown, place: 3, bytes: Array("dcd=1".utf8))
    batch.append(.gap, .unknown, at: .unknown, place: 4, bytes: [])
    batch.append(.malformed, .unknown, at: .unknown, place: 9, bytes: Array("x\u{1B}y".utf8))
    batch.append(.clockStep, .unknown, at: .zero, place: 10, bytes: [])
    #expect(
      String(decoding: text(batch, facts), as: UTF8.self) == #"""
        #!attrace 1
        #! baud 9600
        #! start 2024-01-02T03:04:05Z
        0.000 --> "AT\r"
        1.250 <-- "\x00\"\\\xE4\t"
        - === "dcd=1"
        - === "gap"
        # not understood, line 9: x\x1By

        """#)
  }

  @Test func `random chunks come back as they were`() {
    for seed in 1...200 {
      var random = FixedRandom(UInt64(seed))
      var facts = LogFacts(format: TraceFormat.name)
      facts.ports = ["", "aux", "pc\"u i", "-->"]
      facts.resolution = .microsecond
      var batch = ChunkBatch()
      var time: Int64 = 0
      for _ in 0..<20 {
        let bytes = (0..<Int.random(in: 1...600, using: &random)).map { _ in
          UInt8.random(in: Bool.random(using: &random) ? 0...255 : 0x20...0x7E, using: &random)
        }
        time += Int64.random(in: 0...5_000_000, using: &random) * 1_000
        let port = Port(UInt16.random(in: 0...3, using: &random))
        let direction = Direction.allCases.randomElement(using: &random) ?? .unknown
        let known = Int.random(in: 0...9, using: &random) > 0
        let instant = known ? Instant(nanoseconds: time) : .unknown
        batch.append(.data, direction, port: port, at: instant, place: 1, bytes: bytes)
      }
      let back = read(text(batch, facts), with: TraceReader())
      #expect(back.batch.bytes == batch.bytes)
      let names = ["", "aux", "pc_u_i", "_-->"]
      #expect(back.batch.chunks.count == batch.chunks.count)
      for (new, old) in zip(back.batch.chunks, batch.chunks) {
        #expect(new.kind == .data && new.direction == old.direction && new.instant == old.instant)
        #expect(back.facts.ports[Int(new.port.index)] == names[Int(old.port.index)])
      }
    }
  }

  @Test func `negative and extreme times`() {
    var batch = ChunkBatch()
    for time in [Int64.min + 1, -1, 0, 999_999_999, .max] {
      batch.append(.data, .hostToModem, at: Instant(nanoseconds: time), place: 1, bytes: [0x41])
    }
    let back = read(text(batch, LogFacts(format: "test")), with: TraceReader())
    #expect(back.batch.chunks.map(\.instant) == batch.chunks.map(\.instant))
  }

  @Test func `a single named port stands in the header`() {
    var facts = LogFacts(format: "test")
    facts.ports = ["uart"]
    var batch = ChunkBatch()
    batch.append(.data, .hostToModem, at: .zero, place: 1, bytes: [0x41])
    let written = text(batch, facts)
    #expect(String(decoding: written, as: UTF8.self).contains("#! port uart\n0.000000 --> \"A\"\n"))
    #expect(read(written, with: TraceReader()).facts.ports == ["uart"])
  }
}
