import Testing
import Trace

@testable import Capture

/// Serial ports over Bluetooth.
@Suite struct BluetoothLinkTests {
  private func capture(_ packets: [[UInt8]], linkType: Int = 201) -> PcapFile {
    var file = PcapFile(linkType: linkType)
    for (index, packet) in packets.enumerated() { file.add(packet, at: UInt64(index) * 1000) }
    return file
  }

  private func frame(_ text: String, credits: UInt8? = nil) -> [UInt8] {
    Packets.rfcomm(0x0B, credits == nil ? 0xEF : 0xFF, Array(text.utf8), credits: credits)
  }

  @Test func framesAreTheLine() {
    let file = capture([
      Packets.acl(Packets.l2cap(Packets.rfcomm(0x0B, 0x3F, [])), sent: true),
      Packets.acl(Packets.l2cap(frame("AT\r")), sent: true),
      Packets.acl(Packets.l2cap(frame("\r\nOK\r\n", credits: 7)), sent: false),
    ])
    let result = file.result
    #expect(
      result.seen.map { "\($0.direction) \($0.place) \($0.text)" } == [
        "hostToModem 2 AT\\r", "modemToHost 3 \\r\\nOK\\r\\n",
      ])
    #expect(result.facts.ports == ["rfcomm11.1"])
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  /// The capturing machine may be the modem: whoever opens the channel is the host.
  @Test func theOpenerIsTheHost() {
    let file = capture([
      Packets.acl(Packets.l2cap(Packets.rfcomm(0x0B, 0x3F, [])), sent: false),
      Packets.acl(Packets.l2cap(frame("AT\r")), sent: false),
      Packets.acl(Packets.l2cap(frame("\r\nOK\r\n")), sent: true),
    ])
    #expect(file.result.seen.map(\.direction) == [.hostToModem, .modemToHost])
  }

  @Test func fragmentsArePutTogether() {
    let packet = Packets.l2cap(frame("AT+CGMI\r"))
    let file = capture([
      Packets.acl(Array(packet.prefix(7)), sent: true),
      Packets.acl(Packets.l2cap(frame("\r\nRING\r\n")), sent: false),
      Packets.acl(Array(packet.dropFirst(7)), isContinuation: true, sent: true),
    ])
    #expect(file.result.seen.map(\.place) == [2, 3])
    #expect(file.result.seen.last?.text == "AT+CGMI\\r")
  }

  @Test func statusBecomesControlLines() {
    func status(_ signals: UInt8) -> [UInt8] {
      Packets.l2cap(Packets.rfcomm(0x03, 0xEF, [0xE3, 5, 0x0B, signals]))
    }
    let file = capture([
      Packets.acl(Packets.l2cap(frame("AT\r")), sent: true), Packets.acl(status(0x8D), sent: false),
      Packets.acl(status(0x0D), sent: false),
    ])
    #expect(file.result.seen.last?.text == "dcd=0")
  }

  @Test func whatIsNoFrameIsLeftAlone() {
    var broken = frame("AT\r")
    broken[broken.count - 1] ^= 1
    let file = capture([Packets.acl(Packets.l2cap(broken), sent: true)])
    #expect(file.result.seen.isEmpty)
  }
}
