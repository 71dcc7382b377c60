import Testing
import Trace

@testable import Capture

/// Link types that carry a serial line, or what passes on one: RTAC, PPP, multiplexer, exported payloads.
@Suite struct SerialLinkTests {
  private func texts(_ result: ReadResult) -> [String] { result.seen.map { "\($0.kind) \($0.direction) \($0.text)" } }

  @Test func eventsOfALogger() {
    var file = PcapFile(linkType: 250)
    let events: [(UInt8, String, UInt8)] = [
      (1, "AT", 0x1D), (3, "\r", 0x1D), (2, "O", 0x1D), (4, "K", 0x1F), (0, "", 0x0F), (5, "", 0x0F), (9, "", 0x0F),
      (8, "", 0x2F),
    ]
    for (index, event) in events.enumerated() {
      file.add(Packets.rtac(event.0, event.1, lines: event.2), at: UInt64(index))
    }
    #expect(
      texts(file.result) == [
        "data hostToModem AT", "data hostToModem \\r", "data modemToHost O", "control unknown dcd=1",
        "data modemToHost K", "control unknown dtr=0", "gap unknown the logger lost bytes", "control unknown break=1",
        "control unknown ri=1", "gap unknown parity error",
      ])
  }

  @Test func framesOfPPPGetBackWhatALineHas() {
    var file = PcapFile(linkType: 204)
    file.add([1] + Array("ATD*99#\r".utf8), at: 1)
    file.add([0] + Array("\r\nCONNECT\r\n".utf8), at: 2)
    file.add([1, 0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4], at: 3)
    file.add([0, 0xFF, 0x03, 0x7E, 0x7D], at: 4)
    let result = file.result
    #expect(result.seen.prefix(2).map(\.direction) == [.hostToModem, .modemToHost])
    // The check sequence of RFC 1662, bit by bit.
    var check: UInt16 = 0xFFFF
    for byte: UInt8 in [0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4] {
      check ^= UInt16(byte)
      for _ in 0..<8 { check = check & 1 != 0 ? check >> 1 ^ 0x8408 : check >> 1 }
    }
    check = ~check
    let tail = [UInt8(check & 0xFF), UInt8(check >> 8)]
    #expect(result.bytes(2) == [0x7E, 0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4] + tail + [0x7E])
    #expect(result.bytes(3).starts(with: [0x7E, 0xFF, 0x03, 0x7D, 0x5E, 0x7D, 0x5D]))
    #expect(result.facts.contents == [.commands])
  }

  @Test func aLinkWithoutDialogueBeginsWithFrames() {
    var file = PcapFile(linkType: 9)
    file.add([0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4], at: 1)
    #expect(file.result.facts.contents == [.frames])
    #expect(file.result.facts.lossy.contains(.direction))
  }

  @Test func framesOfTheMultiplexer() {
    var file = PcapFile(linkType: 236)
    let frame: [UInt8] = [0xF9, 7, 0xEF, 7, 0x41, 0x54, 0x0D, 0, 0xF9]
    file.add([0, 0] + frame, at: 1)
    file.add([7, 0, 0, 0, 0, 0, 0, 0, 1] + frame, at: 2)
    file.add([9, 0], at: 3)
    let result = file.result
    #expect(result.seen.map(\.direction) == [.hostToModem, .modemToHost, .unknown])
    #expect(result.bytes(0) == frame && result.bytes(1) == frame)
    #expect(result.seen.last?.kind == .malformed)
    #expect(result.facts.contents == [.multiplexed])
  }

  @Test func exportedPayloads() {
    func exported(_ name: String, _ direction: UInt64?, _ text: String, end: Bool = true) -> [UInt8] {
      var bytes = Number.big(12, 2) + Number.big(UInt64(name.utf8.count), 2) + Array(name.utf8)
      if let direction { bytes += Number.big(35, 2) + Number.big(4, 2) + Number.big(direction, 4) }
      return bytes + (end ? [0, 0, 0, 0] : [0, 0]) + Array(text.utf8)
    }
    var file = PcapFile(linkType: 252)
    file.add(exported("at", 0, "AT\r"), at: 1)
    file.add(exported("at\0\0", 1, "\r\nOK\r\n"), at: 2)
    file.add(exported("http", 1, "GET"), at: 3)
    file.add(exported("at", 1, "", end: false), at: 4)
    let result = file.result
    #expect(result.seen.map(\.kind) == [.data, .data, .remark, .malformed])
    #expect(result.seen.prefix(2).map(\.direction) == [.hostToModem, .modemToHost])
    expectSplitIndependence(file.bytes) { PcapReader() }
  }
}
