import Capture
import Sessions
import Testing
import Trace

/// A fixture gives the same in each container that can carry it: the chunks are the same, and so is what comes of them.
@Suite struct ContainerTests {
  /// Times and directions are what a capture cannot do without.
  private static func canBeCaptured(_ session: Session) -> Bool {
    session.facts.resolution.hasTime
      && session.batch.chunks.allSatisfy { $0.kind != .data || $0.direction != .unknown && $0.instant.isKnown }
  }

  static let captured = Fixture.all.filter { fixture in
    (try? fixture.session()).map(canBeCaptured) ?? false
  }

  @Test func mostFixturesCanBeCaptured() { #expect(Self.captured.count * 10 > Fixture.all.count * 8) }

  @Test(arguments: captured) func sameThroughCaptures(_ fixture: Fixture) throws {
    let session = try fixture.session()
    let expected = session.outcome(fixture.book)
    let severalPorts = Set(session.batch.chunks.map(\.port)).count > 1
    for pcapng in severalPorts ? [true] : [false, true] {
      var writer = SerialCaptureWriter(session.facts, pcapng: pcapng)
      var bytes: [UInt8] = []
      writer.writeHeader(into: &bytes)
      try writer.write(session.batch, into: &bytes)
      let format = try #require(FormatRegistry.format(named: pcapng ? "pcapng" : "pcap"))
      var back = Session(log: bytes, reader: format.makeReader())
      try #require(Self.line(back) == Self.line(session), "\(fixture.testDescription)")
      // Packets are counted from 1, lines are not: each chunk takes the place that it had.
      back.batch = Self.placed(back.batch, like: session.batch)
      back.facts = session.facts
      let outcome = back.outcome(fixture.book)
      #expect(outcome.events == expected.events, "\(fixture.testDescription)")
      #expect(outcome.findings == expected.findings, "\(fixture.testDescription)")
      #expect(outcome.transfers == expected.transfers, "\(fixture.testDescription)")
    }
  }

  private static func isOnTheLine(_ chunk: Chunk) -> Bool {
    chunk.kind == .data || chunk.kind == .control || chunk.kind == .gap
  }

  /// What was on the line, without the places.
  private static func line(_ session: Session) -> [String] {
    session.batch.chunks.filter(isOnTheLine).map { chunk in
      let bytes = chunk.kind == .gap ? [] : Array(session.batch.bytes[chunk.start..<chunk.start + chunk.count])
      return "\(chunk.kind) \(chunk.direction) \(chunk.port.index) \(chunk.instant.nanoseconds) \(bytes)"
    }
  }

  private static func placed(_ batch: ChunkBatch, like other: ChunkBatch) -> ChunkBatch {
    var result = batch
    result.chunks = []
    for (mine, its) in zip(batch.chunks.filter(isOnTheLine), other.chunks.filter(isOnTheLine)) {
      var chunk = mine
      chunk.place = its.place
      result.chunks.append(chunk)
    }
    return result
  }
}
