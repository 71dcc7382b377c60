import CPcap
import Testing
import Trace

@testable import Capture

/// Files of libpcap: orders of bytes, times, damage, cuts, filters.
@Suite struct PcapFileTests {
  private func sample(big: Bool = false, fine: Bool = false) -> PcapFile {
    var file = PcapFile(linkType: 250, big: big, fine: fine)
    file.add(Packets.rtac(1, "AT\r"), at: 1_700_000_000_000_000)
    file.add(Packets.rtac(2, "\r\nOK\r\n"), at: 1_700_000_000_250_007)
    return file
  }

  @Test(arguments: [false, true], [false, true]) func ordersAndResolutions(big: Bool, fine: Bool) {
    let file = sample(big: big, fine: fine)
    let result = file.result
    #expect(
      result.seen == [
        Seen(direction: .hostToModem, nanoseconds: 0, place: 1, text: "AT\\r"),
        Seen(
          direction: .modemToHost, nanoseconds: 250_007_000, place: 2, text: "\\r\\nOK\\r\\n"),
      ])
    #expect(result.facts.start == "2023-11-14T22:13:20Z")
    #expect(result.facts.resolution.step == (fine ? 1 : 1000))
    expectSplitIndependence(file.bytes) { PcapReader() }
  }

  @Test func nanosecondsAreKept() {
    var file = PcapFile(linkType: 250, fine: true)
    file.add(Packets.rtac(1, "A"), at: 5_000_000, nanoseconds: 7)
    #expect(file.result.seen.first?.nanoseconds == 5_000_000_007)
    #expect(file.result.facts.start == nil)
  }

  /// libpcap reads what the tests make: the builder is no private language.
  @Test func libpcapReadsTheSame() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.pcap", sample(big: true).bytes)
    var error = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let handle = try #require(pcap_open_offline(path, &error))
    defer { pcap_close(handle) }
    #expect(pcap_datalink(handle) == 250)
    var lengths: [UInt32] = []
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    while pcap_next_ex(handle, &header, &data) == 1 { lengths.append(header?.pointee.caplen ?? 0) }
    #expect(lengths == [15, 18])
  }

  @Test func detectedByItsFirstBytes() {
    for file in [sample(), sample(big: true), sample(fine: true)] {
      guard case .found(let format, _, _) = Detection.detect(file.bytes) else {
        Issue.record("not recognised")
        continue
      }
      #expect(format.name == "pcap")
      #expect(format.isCapture)
    }
  }

  @Test func clockStepsAreTold() {
    var file = PcapFile(linkType: 250)
    file.add(Packets.rtac(1, "AT\r"), at: 1_700_000_000_000_000)
    // Packets of several processors may be a little out of order.
    file.add(Packets.rtac(2, "OK"), at: 1_699_999_999_999_000)
    file.add(Packets.rtac(1, "AT\r"), at: 1_699_999_990_000_000)
    file.add(Packets.rtac(1, "AT\r"), at: 1_700_900_000_000_000)
    let kinds = file.result.seen.map(\.kind)
    #expect(kinds == [.data, .data, .clockStep, .data, .remark, .data])
    #expect(file.result.seen[1].nanoseconds == 0)
    #expect(file.result.seen[2].nanoseconds == -10_000_000_000)
  }

  @Test func packetsThatWereCutAreGaps() {
    var file = PcapFile(linkType: 250)
    file.add(Packets.rtac(1, "AT+C"), at: 1, original: 40)
    #expect(file.result.seen.map(\.kind) == [.data, .gap])
    #expect(file.result.facts.warnings.contains { $0.contains("snap length") })
  }

  @Test func aTruncatedFileGivesWhatItHolds() {
    let whole = sample().bytes
    for length in PcapHeader.length..<whole.count {
      let result = read(Array(whole[..<length]), with: PcapReader())
      #expect(result.facts.refusal == nil)
      #expect(result.seen.count == (length < whole.count - 18 - 16 ? (length < 24 + 16 + 15 ? 0 : 1) : 1))
    }
    #expect(read(Array(whole[..<20]), with: PcapReader()).facts.refusal != nil)
  }

  /// A record that cannot be costs what it covers, not the rest of the file.
  @Test func readingGoesOnBehindDamage() {
    var file = PcapFile(linkType: 250)
    for index in 0..<6 { file.add(Packets.rtac(1, "AT+N\(index)\r"), at: 1_700_000_000_000_000 + UInt64(index) * 1000) }
    let record = 16 + 12 + 6
    var broken = file.bytes
    for offset in 8..<16 { broken[24 + 2 * record + offset] = 0xEE }
    let result = read(broken, with: PcapReader())
    let texts = result.seen.filter { $0.kind == .data }.map(\.text)
    #expect(texts == ["AT+N0\\r", "AT+N1\\r", "AT+N3\\r", "AT+N4\\r", "AT+N5\\r"])
    #expect(result.seen.contains { $0.kind == .gap })
    expectSplitIndependence(broken) { PcapReader() }
  }

  @Test func aLinkTypeThatIsNotReadIsRefusedWithItsName() {
    var file = PcapFile(linkType: 105)
    file.add([1, 2, 3], at: 1)
    let refusal = file.result.facts.refusal ?? ""
    #expect(refusal.contains("105"))
    #expect(refusal.contains("802_11"))
  }

  @Test func filtersAreThoseOfLibpcap() {
    var file = PcapFile(linkType: 101)
    file.add(Packets.ip(fromHost: true, sequence: 100, Array("AT\r".utf8)), at: 1)
    #expect(file.result(CaptureOptions(filter: "tcp port 4001")).seen.count == 1)
    #expect(file.result(CaptureOptions(filter: "tcp port 4002")).seen.isEmpty)
    #expect(file.result(CaptureOptions(filter: "tcp port and")).facts.refusal?.contains("pcap-filter") == true)
  }
}
