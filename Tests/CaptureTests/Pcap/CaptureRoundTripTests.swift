import Testing
import Trace

@testable import Capture

/// What is written as a capture reads back as it was.
@Suite struct CaptureRoundTripTests {
  private func written(_ source: ReadResult, pcapng: Bool) throws -> [UInt8] {
    var writer = SerialCaptureWriter(source.facts, pcapng: pcapng)
    var bytes: [UInt8] = []
    writer.writeHeader(into: &bytes)
    try writer.write(source.batch, into: &bytes)
    return bytes
  }

  private func essence(_ result: ReadResult) -> [String] {
    result.seen.filter { $0.kind != .remark }.map {
      "\($0.kind) \($0.direction) \(result.facts.ports[$0.port]) \($0.nanoseconds ?? -1) \($0.kind == .gap ? "" : $0.text)"
    }
  }

  private static let session = """
    #!attrace 1
    0.500000 --> "AT\\r"
    0.750001 <-- "\\r\\nOK\\r\\n\\xFF\\x00"
    1.0 === "dtr=0"
    1.5 === "dcd=1"
    2.0 === "gap"
    9.0 <-- "\\r\\nRING\\r\\n"
    3.0 --> "ATH\\r"

    """

  @Test(arguments: [false, true]) func bytesDirectionsAndTimes(pcapng: Bool) throws {
    for header in ["", "#! start 2024-02-29T23:59:59Z\n"] {
      let source = readTrace(header + Self.session)
      let capture = try written(source, pcapng: pcapng)
      let back = pcapng ? read(capture, with: PcapngReader()) : read(capture, with: PcapReader())
      #expect(essence(back) == essence(source))
      #expect(back.facts.start == source.facts.start)
      #expect(back.facts.resolution == source.facts.resolution)
    }
  }

  @Test func nanosecondsMakeAFineCapture() throws {
    let source = readTrace("#!attrace 1\n0.000000001 --> \"AT\\r\"\n")
    for pcapng in [false, true] {
      let capture = try written(source, pcapng: pcapng)
      let back = pcapng ? read(capture, with: PcapngReader()) : read(capture, with: PcapReader())
      #expect(back.seen.first?.nanoseconds == 1)
      #expect(back.facts.resolution.step == 1)
    }
  }

  @Test func portsNeedPcapng() throws {
    var source = readTrace("#!attrace 1\n0.1 one --> \"AT\\r\"\n0.2 two --> \"AT\\r\"\n0.3 one <-- \"OK\"\n")
    source.batch.append(.remark, .unknown, at: .zero, place: 3, bytes: "a note".utf8)
    source.batch.append(
      .data, .hostToModem, port: Port(1), at: Instant(nanoseconds: 400_000_000), place: 4, bytes: [0x41])
    #expect(throws: SerialCaptureWriter.Problem.severalPorts) { try written(source, pcapng: false) }
    let back = read(try written(source, pcapng: true), with: PcapngReader())
    #expect(back.facts.ports == ["one", "two"])
    #expect(essence(back) == essence(source))
    #expect(back.seen.contains { $0.kind == .remark && $0.text.contains("a note") })
  }

  @Test func directionsMustBeKnown() {
    let source = readTrace("#!attrace 1\n0.1 --- \"AT\\r\"\n")
    #expect(throws: SerialCaptureWriter.Problem.directionUnknown) { try written(source, pcapng: false) }
  }

  @Test func longPiecesAreParted() throws {
    var source = readTrace("#!attrace 1\n0.1 --> \"A\"\n")
    source.batch = ChunkBatch()
    let long = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    source.batch.append(.data, .modemToHost, at: .zero, place: 1, bytes: long)
    let back = read(try written(source, pcapng: false), with: PcapReader())
    #expect(back.batch.bytes == long)
    #expect(back.batch.chunks.count == 4)
  }
}
