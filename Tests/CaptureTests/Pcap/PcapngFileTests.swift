import Testing
import Trace

@testable import Capture

/// Files of Wireshark: interfaces, options, sections, damage.
@Suite struct PcapngFileTests {
  private func sample(big: Bool = false) -> PcapngFile {
    var file = PcapngFile(big: big)
    file.interface(250, name: "pcui", resolution: 9)
    file.interface(147, name: "trace port")
    file.packet(0, Packets.rtac(1, "AT\r"), clock: 1_700_000_000_000_000_000, comment: "begin\u{1B}[31m")
    file.packet(1, Array("AT\r".utf8), clock: 1_700_000_000_000_500, flags: 2)
    file.packet(1, Array("OK\r".utf8), clock: 1_700_000_000_001_000, flags: 1, dropped: 3)
    return file
  }

  @Test(arguments: [false, true]) func interfacesAreThePorts(big: Bool) {
    let file = sample(big: big)
    let options = CaptureOptions(userLink: .serial)
    let result = file.result(options)
    #expect(result.facts.ports == ["pcui", "trace port"])
    #expect(
      result.seen.map { "\($0.kind) \($0.direction) \($0.port) \($0.nanoseconds ?? -1) \($0.place)" } == [
        "remark unknown 0 0 1", "data hostToModem 0 0 1", "data hostToModem 1 500000 2", "gap unknown 0 500000 3",
        "gap unknown 1 500000 3", "data modemToHost 1 1000000 3",
      ])
    #expect(result.seen.first?.text == "begin\\x1B[31m")
    #expect(result.facts.resolution.step == 1)
    expectSplitIndependence(file.bytes) { PcapngReader(options) }
  }

  @Test func aUsersLinkTypeNeedsAWord() {
    let result = sample().result
    #expect(result.facts.refusal == nil)
    #expect(result.facts.warnings.contains { $0.contains("--user-link") })
    var only = PcapngFile()
    only.interface(150)
    only.packet(0, [1, 2], clock: 1)
    #expect(only.result.facts.refusal?.contains("--user-link") == true)
  }

  @Test func resolutionsOfTwoAndTen() {
    for (code, clock) in [(UInt8(0x80 | 10), UInt64(3 * 1024 + 512)), (3, 3500), (0, 3)] {
      var file = PcapngFile()
      file.interface(250, resolution: code)
      file.packet(0, Packets.rtac(1, "A"), clock: clock)
      #expect(file.result.seen.first?.nanoseconds == (code == 0 ? 3_000_000_000 : 3_500_000_000), "\(code)")
    }
  }

  @Test func sectionsHaveInterfacesOfTheirOwn() {
    var file = PcapngFile()
    file.interface(250, name: "a")
    file.packet(0, Packets.rtac(1, "AT\r"), clock: 1)
    file.isBig = true
    file.section()
    file.interface(250, name: "b")
    file.packet(0, Packets.rtac(1, "AT\r"), clock: 2)
    #expect(file.result.seen.map(\.port) == [0, 1])
    #expect(file.result.facts.ports == ["a", "b"])
  }

  @Test func unknownBlocksAreSteppedOver() {
    var file = PcapngFile()
    file.block(0x0BAD, [1, 2, 3, 4])
    file.interface(250)
    file.block(4, [0, 0, 0, 0])
    file.packet(0, Packets.rtac(1, "AT\r"), clock: 1)
    #expect(file.result.seen.count == 1)
  }

  @Test func aBrokenBlockEndsTheReadingAndIsTold() {
    var file = sample()
    let whole = file.bytes.count
    file.packet(0, Packets.rtac(1, "AT\r"), clock: 1_700_000_000_000_000_000)
    file.bytes[whole + 4] ^= 0x55
    let result = file.result
    #expect(result.facts.warnings.contains { $0.contains("damaged at byte \(whole)") })
    #expect(result.seen.filter { $0.kind == .malformed }.count == 1)
  }

  @Test func damageAnywhereNeverTraps() {
    let whole = sample().bytes
    for index in whole.indices {
      for value: UInt8 in [0, 0xFF, whole[index] ^ 0x40] {
        var broken = whole
        broken[index] = value
        _ = read(broken, with: PcapngReader(CaptureOptions(userLink: .serial)), cuts: [whole.count / 2])
      }
    }
  }
}
