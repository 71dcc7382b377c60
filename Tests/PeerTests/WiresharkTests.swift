import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// Frames of PPP and short messages, read by tshark as we read them.
@Suite(.serialized) struct WiresharkTests {
  private func extracted(_ session: Session) -> (files: [String: [UInt8]], events: [String]) {
    let inspector = Inspector(book: Books.generic, options: InspectionOptions())
    let store = MemoryStore()
    var extractor = Extractor(store, redact: false)
    var events: [String] = []
    let take: (borrowing EventBatch) -> Void = { batch in
      extractor.take(batch)
      for event in batch.events where event.kind == .payload {
        let fields = event.fields.range.map { String(batch.fields[$0].number) }
        let name = PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code))?.name ?? ""
        events.append(([name] + fields + [batch.string(event.text)]).joined(separator: " "))
      }
    }
    inspector.take(session.batch, observe: take)
    inspector.finish(observe: take)
    return (store.files, events)
  }

  private func tshark(_ capture: [UInt8], _ options: [String]) throws -> [[String]] {
    let folder = Folder()
    Folder.write(capture, to: folder.path("c.pcap"))
    let text = try #require(
      Peer.output(["tshark", "-r", folder.path("c.pcap"), "-T", "fields", "-E", "separator=|"] + options),
      "tshark is not installed")
    return text.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func framesOfPPP() throws {
    var line = SerialLine()
    line.host("ATD*99#\r")
    line.modem("\r\nCONNECT\r\n")
    let packets: [(Bool, UInt16, UInt8, UInt8, [UInt8])] = [
      (true, 0xC021, 1, 7, [1, 4, 5, 0xDC, 5, 6, 1, 2, 3, 4]),
      (false, 0xC021, 2, 7, [1, 4, 5, 0xDC, 5, 6, 1, 2, 3, 4]),
      (false, 0xC021, 1, 9, [3, 4, 0xC0, 0x23]), (true, 0xC021, 2, 9, [3, 4, 0xC0, 0x23]),
      (true, 0x8021, 1, 1, [3, 6, 10, 0, 0, 2]), (false, 0x8021, 3, 1, [3, 6, 10, 64, 0, 9]),
      (true, 0xC021, 5, 12, []), (false, 0xC021, 6, 12, []),
    ]
    for (isHost, number, code, id, data) in packets {
      let content: [UInt8] =
        [0xFF, 0x03, UInt8(number >> 8), UInt8(number & 255), code, id, 0, UInt8(4 + data.count)] + data
      if isHost { line.host(Frames.ppp(content)) } else { line.modem(Frames.ppp(content)) }
    }
    line.modem("\r\nNO CARRIER\r\n", after: 3000)
    let (files, events) = extracted(line.session)
    let seen = try tshark(
      try #require(files["001-ppp.pcap"]),
      ["-e", "ppp.direction", "-e", "ppp.protocol", "-e", "ppp.code", "-e", "ppp.identifier"])
    #expect(seen.count == packets.count)
    let ours = events.filter { $0.hasPrefix("ppp ") }.map { $0.split(separator: " ").map(String.init) }
    #expect(ours.count == packets.count)
    for (index, row) in seen.enumerated() where index < ours.count {
      let number = try #require(Int(row[1].dropFirst(2), radix: 16))
      #expect(String(number) == ours[index][1], "\(row)")
      let id = try #require(Int(ours[index][3]))
      #expect(row[2] == ours[index][2])
      #expect(row[3] == String(id), "\(row)")
    }
  }

  /// Texts of messages in each alphabet, as TS 23.040 packs them.
  @Test func textsOfMessages() throws {
    let messages = [
      ("040B919471123254F600006211128051004008" + "C8329BFD6681EE", 26),
      ("040B919471123254F600086211128051004006" + "00480069263A", 25),
    ]
    var line = SerialLine()
    for (digits, octets) in messages { line.modem("\r\n+CMT: ,\(octets)\r\n00\(digits)\r\n", after: 1000) }
    let (_, events) = extracted(line.session)
    let texts = events.filter { $0.hasPrefix("sms ") }.map {
      String($0.split(separator: " ").dropFirst(15).joined(separator: " "))
    }
    // A capture of exported PDUs would need options; the dissector is reached through a link type of the user's.
    var capture = Self.header
    for (digits, _) in messages { capture += Self.record(Self.octets(digits)) }
    let rows = try tshark(
      capture, ["-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"gsm_sms\",\"0\",\"\",\"0\",\"\"", "-e", "gsm_sms.sms_text"])
    #expect(rows.map { $0.first ?? "" } == texts, "tshark: \(rows), ours: \(texts)")
    #expect(texts.count == 2)
  }

  private static let header: [UInt8] =
    [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, 147, 0, 0, 0]

  private static func record(_ bytes: [UInt8]) -> [UInt8] {
    let count: [UInt8] = [UInt8(bytes.count), 0, 0, 0]
    return [UInt8](repeating: 0, count: 8) + count + count + bytes
  }

  private static func octets(_ digits: String) -> [UInt8] {
    let characters = Array(digits)
    return stride(from: 0, to: characters.count - 1, by: 2).compactMap {
      UInt8(String(characters[$0]) + String(characters[$0 + 1]), radix: 16)
    }
  }
}
