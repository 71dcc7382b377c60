import Testing
import Trace

@testable import Capture

/// TCP to a serial server: streams put in order, telnet taken off, settings taken over.
@Suite struct NetworkLinkTests {
  private func capture(_ packets: [[UInt8]], linkType: Int = 101) -> PcapFile {
    var file = PcapFile(linkType: linkType)
    for (index, packet) in packets.enumerated() { file.add(packet, at: UInt64(index) * 1000) }
    return file
  }

  private func host(_ sequence: UInt32, _ text: String, acknowledged: UInt32 = 0, flags: UInt8 = 0x18) -> [UInt8] {
    Packets.ip(fromHost: true, sequence: sequence, acknowledged: acknowledged, flags: flags, Array(text.utf8))
  }
  private func modem(_ sequence: UInt32, _ text: String, acknowledged: UInt32 = 0) -> [UInt8] {
    Packets.ip(fromHost: false, sequence: sequence, acknowledged: acknowledged, Array(text.utf8))
  }

  private func shown(_ file: PcapFile) -> [String] {
    file.result.seen.map { "\($0.place) \($0.kind == .data ? "\($0.direction)" : "\($0.kind)") \($0.text)" }
  }

  @Test func everyFramingOfNetworks() {
    let packet = host(100, "AT\r")
    let framings: [(Int, [UInt8])] = [
      (101, packet), (1, Packets.ethernet(packet)),
      (1, Packets.ethernet(Number.big(5, 2) + Number.big(0x0800, 2) + packet, type: 0x8100)),
      (113, [UInt8](repeating: 0, count: 14) + [8, 0] + packet),
      (276, [8, 0] + [UInt8](repeating: 0, count: 18) + packet), (0, [2, 0, 0, 0] + packet),
      (108, [0, 0, 0, 2] + packet),
    ]
    for (linkType, bytes) in framings {
      let result = capture([bytes], linkType: linkType).result
      #expect(result.seen.map(\.text) == ["AT\\r"], "\(linkType)")
      #expect(result.facts.ports == ["10.0.0.9:4001"], "\(linkType)")
    }
  }

  @Test func version6() {
    let tcp = Array(host(1, "AT\r").dropFirst(20))
    let packet =
      [0x60, 0, 0, 0] + Number.big(UInt64(tcp.count + 8), 2) + [0, 64] + [UInt8](repeating: 1, count: 16)
      + [UInt8](repeating: 2, count: 16) + [6, 0, 0, 0, 0, 0, 0, 0] + tcp
    let result = capture([Packets.ethernet(packet, type: 0x86DD)], linkType: 1).result
    #expect(result.seen.map(\.text) == ["AT\\r"])
    #expect(result.facts.ports.first?.hasSuffix(":202]:4001") == true)
  }

  @Test func whoAnswersTheConnectionIsTheModem() {
    let file = capture([
      Packets.ip(fromHost: true, sequence: 99, flags: 2), Packets.ip(fromHost: false, sequence: 499, flags: 0x12),
      modem(500, "\r\nRING\r\n"), host(100, "ATA\r"),
    ])
    #expect(shown(file) == ["3 modemToHost \\r\\nRING\\r\\n", "4 hostToModem ATA\\r"])
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  @Test func outOfOrderTwiceAndOverlapping() {
    let file = capture([
      host(100, "AT"), host(104, "SQ\r"), host(102, "+C"), host(100, "AT+C"), host(105, "Q\rAT\r"),
      Packets.ip(fromHost: true, sequence: 109, flags: 0x10, [0]),
    ])
    #expect(
      shown(file) == ["1 hostToModem AT", "3 hostToModem +C", "2 hostToModem SQ\\r", "5 hostToModem AT\\r"])
  }

  /// What the other side acknowledges has arrived; where it is not here, the capture missed it.
  @Test func missingSegmentsAreGaps() {
    let file = capture([
      host(100, "AT\r"), host(110, "AT+CSQ\r"), modem(500, "\r\nOK\r\n", acknowledged: 117), host(117, "AT\r"),
    ])
    #expect(
      shown(file) == [
        "1 hostToModem AT\\r", "2 gap 7 bytes from the host are missing in the capture", "2 hostToModem AT+CSQ\\r",
        "3 modemToHost \\r\\nOK\\r\\n", "4 hostToModem AT\\r",
      ])
  }

  @Test func waitingHasALimit() {
    var packets = [host(100, "AT\r")]
    for index in 0..<UInt32(TCPStream.pieceLimit + 2) { packets.append(host(200 + index * 2, "AT")) }
    let seen = shown(capture(packets))
    #expect(seen.contains { $0.contains("97 bytes from the host are missing") })
    #expect(seen.count == packets.count + 1)
  }

  @Test func otherTextIsNoSerialLine() {
    let file = capture([host(1, "GET / HTTP/1.1\r\n\r\n"), modem(1, "HTTP/1.1 200 OK\r\n"), modem(18, "\r\nAT\r\n")])
    #expect(file.result.seen.isEmpty)
    #expect(file.result.facts.warnings.contains { $0.contains("1 TCP connections carry no commands") })
  }

  @Test func telnetWithPortSettings() {
    let settings: [UInt8] =
      [255, 251, 44, 255, 250, 44, 1] + Number.big(57_600, 4) + [255, 240, 255, 250, 44, 5, 9, 255, 240]
    let notices: [UInt8] = [255, 253, 44, 255, 250, 44, 107, 0xB0, 255, 240, 255, 250, 44, 107, 0x30, 255, 240]
    let data: [UInt8] = [0x0D, 0, 0x0A, 255, 255, 0x41, 255, 241]
    let packets = [
      Packets.ip(fromHost: true, sequence: 1, settings),
      Packets.ip(fromHost: false, sequence: 1, Array(notices.prefix(8))),
      Packets.ip(fromHost: false, sequence: 9, Array(notices.dropFirst(8))),
      host(1 + UInt32(settings.count), "AT\r\0"),
      Packets.ip(fromHost: false, sequence: 1 + UInt32(notices.count), data),
    ]
    let file = capture(packets)
    #expect(
      shown(file) == [
        "1 remark 10.0.0.9:4001: the host asks for 57600 bit/s", "1 control baud=57600", "1 control dtr=0",
        "3 control dcd=0",
        "4 hostToModem AT\\r", "5 modemToHost \\r\\n\\xFFA",
      ])
    #expect(file.result.facts.baud == 57_600)
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  /// Bytes FF of a raw server are bytes.
  @Test func rawServersAreNoTelnet() {
    let file = capture([host(1, "AT\r"), Packets.ip(fromHost: false, sequence: 1, [0xFF, 0xFF, 0x41])])
    #expect(shown(file).last == "2 modemToHost \\xFF\\xFFA")
  }

  /// A packet in pieces of at most 16 bytes behind its head.
  private func pieces(_ packet: [UInt8]) -> [[UInt8]] {
    let body = Array(packet.dropFirst(20))
    return stride(from: 0, to: body.count, by: 16).map { at in
      var piece = Array(packet.prefix(20)) + body[at..<min(body.count, at + 16)]
      piece.replaceSubrange(2..<4, with: Number.big(UInt64(piece.count), 2))
      piece.replaceSubrange(6..<8, with: Number.big((at + 16 < body.count ? 0x2000 : 0) | UInt64(at / 8), 2))
      return piece
    }
  }

  @Test func fragmentsInAnyOrder() {
    let parts = pieces(host(100, "AT+CGDCONT=1,\"IP\",\"internet\"\r"))
    #expect(parts.count > 2)
    for order in [parts, parts.reversed(), [parts[1], parts[0], parts[1]] + parts.dropFirst(2)] {
      let file = capture(Array(order) + [modem(500, "\r\nOK\r\n")])
      #expect(file.result.seen.map(\.text) == ["AT+CGDCONT=1,\"IP\",\"internet\"\\r", "\\r\\nOK\\r\\n"])
      expectSplitIndependence(file.bytes) { PcapReader() }
    }
  }

  @Test func aFragmentThatIsMissing() {
    let lost = pieces(host(103, "AT+CGDCONT=1,\"IP\",\"internet\"\r"))
    let file = capture([host(100, "AT\r"), lost[0], modem(500, "\r\nOK\r\n", acknowledged: 134), host(134, "AT\r")])
    let result = file.result
    #expect(result.facts.warnings.contains { $0.contains("a fragment is missing") })
    #expect(result.seen.filter { $0.kind == .data }.count == 3)
  }

  @Test func fragmentsOfVersion6() {
    let tcp = Array(host(1, "AT+CSQ\r").dropFirst(20))
    let ends = [UInt8](repeating: 1, count: 16) + [UInt8](repeating: 2, count: 16)
    let packets = [(0, 16), (16, tcp.count)].map { from, to in
      let field = Number.big(UInt64(from) | (to < tcp.count ? 1 : 0), 2)
      return [0x60, 0, 0, 0] + Number.big(UInt64(to - from + 8), 2) + [44, 64] + ends + [6, 0] + field + [0, 0, 0, 9]
        + tcp[from..<to]
    }
    #expect(capture(packets.reversed()).result.seen.map(\.text) == ["AT+CSQ\\r"])
  }

  /// Pieces that never become packets do not fill the memory.
  @Test func fragmentsHaveLimits() {
    var fragments = Fragments()
    for number in 0..<1000 {
      var piece = pieces(host(1, "AT+CGDCONT=1,\"IP\",\"internet\"\r"))[0]
      piece.replaceSubrange(4..<6, with: Number.big(UInt64(number), 2))
      piece.withUnsafeBytes { bytes in
        guard let part = Fragments.Piece(PacketBytes(bytes)) else { return }
        #expect(fragments.take(part) == nil)
      }
    }
    #expect(fragments.held <= Fragments.packetLimit)
  }
}
