import Testing
import Trace

@testable import Capture

/// Captures of real devices, where the folder that holds them is present.
@Suite("Real captures", .enabled(if: Places.hasRealCaptures))
struct RealCaptureTests {
  private func read(_ name: String) throws -> ReadResult {
    var input = try LogInput(InputSource(path: Places.realCaptures + "/" + name))
    var batch = ChunkBatch()
    while try input.next(into: &batch) {}
    return ReadResult(batch: batch, facts: input.facts)
  }

  /// A modem on USB, captured in the middle: commands on one pair of endpoints, PPP on another.
  @Test func aModemWithoutDescriptors() throws {
    let result = try read("zte-modem-usbmon-at.pcapng")
    let commands = result.seen.filter { $0.kind == .data && $0.direction == .hostToModem && $0.text.hasPrefix("AT") }
    #expect(commands.count == 80)
    #expect(result.facts.ports.count { $0.hasSuffix("/ep2") } == 2)
    #expect(result.facts.contents.contains(.frames))
    #expect(result.facts.warnings.contains { $0.contains("endpoint 0x83") })
  }

  @Test func compressedOnes() throws {
    let result = try read("cdc-usbmon-ubuntu.pcapng.gz")
    #expect(result.facts.baud == 9600)
  }

  /// A console that echoes what is typed is no modem.
  @Test func aConsoleIsNotReadAsAModem() throws {
    let result = try read("stm32-dual-cdc-usbmon.pcapng")
    #expect(!result.seen.contains { $0.kind == .data })
  }

  @Test func aDialledLink() throws {
    let result = try read("ppp_lcp_ipcp.pcap")
    #expect(result.seen.first?.text.hasPrefix("ATD") == true)
    #expect(result.facts.contents == [.commands])
  }
}
