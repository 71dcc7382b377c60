import Testing
import Trace

@testable import Capture

/// USB: endpoints become ports, requests and notices become control lines.
@Suite struct USBLinkTests {
  typealias USB = Packets.USB

  private func capture(_ packets: [USB], _ linkType: Int = 220, big: Bool = false) -> PcapFile {
    var file = PcapFile(linkType: linkType, big: big)
    for (index, packet) in packets.enumerated() {
      let bytes =
        switch linkType {
        case 249: packet.windows
        case 189: packet.linux(head: 48, big: big)
        default: packet.linux(big: big)
        }
      file.add(bytes, at: 1_700_000_000_000_000 + UInt64(index) * 1000)
    }
    return file
  }

  private func out(_ endpoint: UInt8, _ text: String) -> USB { USB(endpoint: endpoint, data: Array(text.utf8)) }
  private func input(_ endpoint: UInt8, _ text: String) -> USB {
    USB(isSubmit: false, endpoint: endpoint | 0x80, data: Array(text.utf8))
  }

  @Test(arguments: [189, 220, 249], [false, true]) func bulkTransfersOfAPort(linkType: Int, big: Bool) {
    let file = capture(
      [
        out(2, "AT\r"), USB(isSubmit: false, endpoint: 2, length: 3), USB(endpoint: 0x82, length: 512),
        input(2, "\r\nOK\r\n"), input(2, ""),
      ], linkType, big: big && linkType != 249)
    let result = file.result
    #expect(
      result.seen.map { "\($0.direction) \($0.place) \($0.text)" } == [
        "hostToModem 1 AT\\r", "modemToHost 4 \\r\\nOK\\r\\n",
      ])
    #expect(result.facts.ports == ["usb2.7/ep2"])
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  /// A capture that begins in the middle: what passes tells the ports apart, not their numbers.
  @Test func portsWithoutDescriptors() {
    let frame = "~\u{7F}"
    _ = frame
    var ppp = USB(endpoint: 4, data: [0x7E, 0xFF, 0x7D, 0x23, 0xC0, 0x21, 0x7E])
    ppp.device = 7
    let answer = USB(isSubmit: false, endpoint: 0x85, data: [0x7E, 0x21, 0x45, 0, 0, 0x7E])
    let diagnostics = USB(isSubmit: false, endpoint: 0x81, data: [0x10, 0, 0x4C, 0, 0x7E])
    let positions = input(6, "$GPGGA,1,2*00\r\n")
    let file = capture([
      out(2, "AT+CSQ\r"), input(2, "AT+CSQ\r"), ppp, answer, diagnostics, positions, out(3, "test"), out(3, "AT\r"),
    ])
    let result = file.result
    #expect(result.facts.ports == ["usb2.7/ep2", "usb2.7/ep4", "usb2.7/ep3"])
    #expect(result.facts.contents == [.commands, .frames, .commands])
    #expect(result.seen.map(\.port) == [0, 0, 1, 1, 2])
    #expect(result.facts.warnings.contains { $0.contains("endpoint 0x81") })
    #expect(result.facts.warnings.contains { $0.contains("positions") })
  }

  private static let configuration: [UInt8] =
    [9, 2, 0, 0, 2, 1, 0, 0x80, 50] + [9, 4, 0, 0, 1, 2, 2, 1, 0] + [5, 0x24, 6, 0, 1] + [7, 5, 0x83, 3, 8, 0, 9]
    + [9, 4, 1, 0, 2, 10, 0, 0, 0] + [7, 5, 0x04, 2, 64, 0, 0] + [7, 5, 0x81, 2, 64, 0, 0]

  @Test(arguments: [220, 249]) func descriptorsNameThePorts(linkType: Int) {
    let request: [UInt8] = [0x80, 6, 0, 2, 0, 0, 0xFF, 0]
    let coding = Number.little(115_200, 4) + [0, 2, 7]
    let notice: [UInt8] = [0xA1, 0x20, 0, 0, 0, 0, 2, 0, 0x03, 0]
    let file = capture(
      [
        USB(id: 9, transfer: 2, endpoint: 0x80, setup: request),
        USB(id: 9, isSubmit: false, transfer: 2, endpoint: 0x80, data: Self.configuration),
        USB(id: 10, transfer: 2, endpoint: 0, setup: [0x21, 0x20, 0, 0, 0, 0, 7, 0], data: coding),
        USB(id: 11, transfer: 2, endpoint: 0, setup: [0x21, 0x22, 3, 0, 0, 0, 0, 0]),
        USB(id: 12, isSubmit: false, transfer: 1, endpoint: 0x83, data: notice),
        out(4, "AT\r"), USB(isSubmit: false, endpoint: 0x81, data: Array("\r\nOK\r\n".utf8)),
        USB(id: 13, transfer: 2, endpoint: 0, setup: [0x21, 0x22, 0, 0, 0, 0, 0, 0]),
      ], linkType)
    let result = file.result
    #expect(result.facts.ports == ["usb2.7/if1"])
    #expect(result.facts.baud == 115_200)
    let told = result.seen.filter { $0.kind != .data }.map(\.text)
    #expect(
      told == [
        "usb2.7/if1: the host sets 115200 bit/s, 7E1", "dtr=1", "rts=1", "dcd=1", "dsr=1", "dtr=0", "rts=0",
      ])
    #expect(result.seen.filter { $0.kind == .data }.map(\.direction) == [.hostToModem, .modemToHost])
  }

  @Test func transfersThatWereCutAreGaps() {
    var long = input(2, "\r\n+CSQ: 1")
    long.length = 40
    let result = capture([out(2, "AT\r"), long]).result
    #expect(result.seen.map(\.kind) == [.data, .data, .gap])
  }

  @Test func aFailedTransferIsRemarked() {
    let result = capture([out(2, "AT\r"), USB(isSubmit: false, endpoint: 2, status: -71)]).result
    #expect(result.seen.last?.kind == .remark)
    #expect(result.seen.last?.text.contains("-71") == true)
  }

  /// Adapters that put two bytes of state before the data of each packet: taken out, and what changes in them told.
  @Test func bytesOfStateBeforeTheData() {
    func state(_ first: UInt8, _ second: UInt8 = 0x60, _ text: String = "") -> USB {
      USB(isSubmit: false, endpoint: 0x81, data: [first, second] + Array(text.utf8))
    }
    let long = String(repeating: "x", count: 60)
    var full = state(0x31, 0x60, "\r\n" + long)
    full.data += [0x31, 0x60] + Array("y\r\n".utf8)
    let file = capture([
      state(0x01), out(2, "AT+CSQ\r"), state(0x01), state(0x01, 0x60, "\r\nOK\r\n"), state(0x31), full,
      state(0x31, 0x62, "z"),
    ])
    let result = file.result
    #expect(result.facts.ports == ["usb2.7/ep2"])
    #expect(
      result.seen.map { "\($0.place) \($0.kind == .data ? "\($0.direction)" : "\($0.kind)") \($0.text)" } == [
        "2 hostToModem AT+CSQ\\r", "4 modemToHost \\r\\nOK\\r\\n", "5 control cts=1", "5 control dsr=1",
        "6 modemToHost \\r\\n" + long, "6 modemToHost y\\r\\n", "7 gap the adapter was overrun", "7 modemToHost z",
      ])
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  /// A line at rest may come before the host's first word, and an answer may come first of all.
  @Test func bytesOfStateBeforeTheFirstAnswer() {
    let rest = USB(isSubmit: false, endpoint: 0x81, data: [0x01, 0x60])
    let ring = USB(isSubmit: false, endpoint: 0x81, data: [0x01, 0x60] + Array("\r\nRING\r\n".utf8))
    let result = capture([rest, rest, ring, rest, out(2, "ATA\r")]).result
    #expect(result.seen.map(\.text) == ["\\r\\nRING\\r\\n", "ATA\\r"])
    #expect(result.facts.ports.count == 1)
  }

  /// Other endpoints may begin with such bytes too.
  @Test func dataThatOnlyLookLikeState() {
    let diagnostics = USB(isSubmit: false, endpoint: 0x83, data: [0x01, 0x60, 0x00, 0x91, 0x7E])
    let result = capture([out(2, "AT\r"), diagnostics, input(2, "\r\nOK\r\n"), diagnostics]).result
    #expect(result.seen.map(\.text) == ["AT\\r", "\\r\\nOK\\r\\n"])
  }
}
