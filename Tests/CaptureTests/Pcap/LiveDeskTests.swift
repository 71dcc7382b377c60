import Testing
import Trace

@testable import Capture

/// Packets of an interface go through the same desk as those of files; its time begins with the line's.
@Suite struct LiveDeskTests {
  private static let start: Int64 = 1_700_000_000_000_000_000

  private func desk() -> PacketDesk {
    var desk = PacketDesk(format: "tap", options: CaptureOptions(), start: Self.start)
    desk.addInterface(linkType: 1, big: false)
    return desk
  }

  private func take(_ text: String, after span: Int64, sequence: UInt32, _ desk: inout PacketDesk) {
    let packet = Packets.ethernet(Packets.ip(fromHost: true, sequence: sequence, Array(text.utf8)))
    packet.withUnsafeBytes {
      let head = Packet(number: desk.nextNumber(), time: Self.start + span, original: packet.count)
      desk.take(head, interface: 0, PacketBytes($0))
    }
  }

  @Test func timeBeginsWithTheLine() {
    var desk = desk()
    #expect(desk.log.facts.start == TraceClock.text(universal: Self.start))
    take("AT\r", after: 2_500_000, sequence: 1, &desk)
    #expect(desk.log.batch.chunks.map(\.instant.nanoseconds) == [2_500_000])
  }

  @Test func whatTheSystemDropsIsAGapOfEachPort() {
    var desk = desk()
    take("AT\r", after: 1_000_000, sequence: 1, &desk)
    desk.lack("the system dropped 3 packets", at: Self.start + 9_000_000)
    #expect(shown(desk.log.batch).suffix(1) == ["1 gap unknown the system dropped 3 packets"])
    #expect(desk.log.batch.chunks.last?.instant.nanoseconds == 9_000_000)
    #expect(desk.log.facts.ports == ["10.0.0.9:4001"])
  }

  /// A line of the saved text names its port where further ones may be found.
  @Test func savedLinesNameTheirPort() {
    var desk = desk()
    var writer = TraceWriter(desk.log.facts, namesPorts: true)
    var text: [UInt8] = []
    writer.writeHeader(into: &text)
    take("AT\r", after: 1_000_000, sequence: 1, &desk)
    writer.name(ports: desk.log.facts.ports)
    writer.write(desk.log.batch, into: &text)
    #expect(String(decoding: text, as: UTF8.self).hasSuffix("0.001000 10.0.0.9:4001 --> \"AT\\r\"\n"))
  }
}
