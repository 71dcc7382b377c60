import Capture
import Foundation
import Inspect
import Profile
import Sessions
import Testing
import Trace

/// What is written as a capture, tshark reads: directions, times and payloads are those of the trace.
@Suite struct WrittenCaptureTests {
  private let session = Session(
    """
    #! start 2024-03-01T10:00:00Z
    0.000001 --> "AT+CGMM\\r"
    0.250000 <-- "\\r\\nX1\\r\\n\\r\\nOK\\r\\n"
    1.5 === "dtr=0"
    2.125000 --> "ATE0\\x00\\xFF\\r"
    """)

  private func tshark(_ capture: [UInt8], _ name: String, _ fields: [String]) throws -> [[String]] {
    let folder = Folder()
    Folder.write(capture, to: folder.path(name))
    let words =
      ["tshark", "-r", folder.path(name), "-T", "fields", "-E", "separator=|"] + fields.flatMap { ["-e", $0] }
    let text = try #require(Peer.output(words), "tshark is not installed, or does not open the capture")
    return text.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func written(_ session: Session, pcapng: Bool) throws -> [UInt8] {
    var writer = SerialCaptureWriter(session.facts, pcapng: pcapng)
    var bytes: [UInt8] = []
    writer.writeHeader(into: &bytes)
    try writer.write(session.batch, into: &bytes)
    return bytes
  }

  @Test(arguments: [false, true]) func serialLines(pcapng: Bool) throws {
    let rows = try tshark(
      try written(session, pcapng: pcapng), "line.pcap",
      ["frame.time_epoch", "rtacser.eventtype", "rtacser.dtr", "data.data"])
    #expect(
      rows == [
        ["1709287200.000000000", "0x00", "1", ""], ["1709287200.000001000", "0x01", "1", "41542b43474d4d0d"],
        ["1709287200.250000000", "0x02", "1", "0d0a58310d0a0d0a4f4b0d0a"], ["1709287201.500000000", "0x00", "0", ""],
        ["1709287202.125000000", "0x01", "0", "4154453000ff0d"],
      ])
  }

  @Test func portsAreInterfaces() throws {
    let two = Session("0.1 pcui --> \"AT\\r\"\n0.2 modem --> \"AT\\r\"\n0.3 pcui <-- \"\\r\\nOK\\r\\n\"")
    let rows = try tshark(try written(two, pcapng: true), "two.pcapng", ["frame.interface_name", "rtacser.eventtype"])
    #expect(rows == [["pcui", "0x01"], ["modem", "0x01"], ["pcui", "0x02"]])
  }

  private func exported(_ session: Session, _ comments: [ExportWriter.Comment] = []) -> [UInt8] {
    var writer = ExportWriter(session.facts, comments: comments)
    var bytes: [UInt8] = []
    writer.writeHeader(into: &bytes)
    let inspector = Inspector(book: Books.generic, options: InspectionOptions())
    let take: (borrowing EventBatch) -> Void = { writer.write($0, into: &bytes) }
    inspector.take(session.batch, observe: take)
    inspector.finish(observe: take)
    writer.finish(into: &bytes)
    return bytes
  }

  @Test func dialoguesWithFindingsAsComments() throws {
    let line = session.batch.chunks[1].place
    let rows = try tshark(
      exported(session, [.init(place: line, text: "error a.b: look"), .init(place: 999, text: "the end")]),
      "said.pcapng",
      ["frame.time_epoch", "_ws.col.Protocol", "_ws.col.Info", "frame.comment"])
    try #require(rows.count >= 3)
    #expect(rows[0].prefix(2) == ["1709287200.000001000", "AT"])
    #expect(rows[0][2].hasPrefix("Sent AT Command: AT+CGMM"))
    #expect(rows[1][2].hasPrefix("Rcvd AT Command:"))
    #expect(rows[1][3] == "error a.b: look")
    #expect(rows.last?[3] == "the end")
  }

  @Test func messagesAndFrames() throws {
    var line = SerialLine()
    line.host("AT+CMGF=0\r")
    line.modem("\r\nOK\r\n")
    line.modem("\r\n+CMT: ,26\r\n00040B919471123254F600006211128051004008C8329BFD6681EE\r\n")
    line.host("ATD*99#\r")
    line.modem("\r\nCONNECT\r\n")
    line.host(Frames.ppp([0xFF, 0x03, 0xC0, 0x21, 1, 7, 0, 4]))
    line.modem(Frames.ppp([0xC0, 0x21, 2, 7, 0, 4]))
    let rows = try tshark(
      exported(line.session), "carried.pcapng", ["gsm_sms.sms_text", "ppp.protocol", "ppp.code", "_ws.col.Protocol"])
    let text = rows.compactMap { $0[0].isEmpty ? nil : $0[0] }
    #expect(text == ["Hello, w"], "the message is dissected")
    let frames = rows.filter { !$0[1].isEmpty }
    #expect(frames.map { $0[2] } == ["1", "2"])
    #expect(frames.allSatisfy { $0[1] == "0xc021" })
  }

  /// Of what is entered or shown in text mode the octets are made that the modem makes of it.
  @Test func messagesInTextMode() throws {
    var line = SerialLine()
    line.host("AT+CMGF=1\r")
    line.modem("\r\nOK\r\n")
    line.host("AT+CMGS=\"+491720001122\"\r")
    line.modem("\r\n> ")
    line.host("Ten @ {home} for $5_\u{1A}")
    line.modem("\r\n+CMGS: 7\r\n\r\nOK\r\n")
    line.host("AT+CMGL=\"ALL\"\r")
    line.modem(
      "\r\n+CMGL: 1,\"REC READ\",\"+491720001122\",,\"26/02/03,04:05:06+08\"\r\nFirst of two\r\nlines\r\n"
        + "+CMGL: 2,\"REC UNREAD\",\"Operator\",,\"26/02/03,04:05:07-08\"\r\nSecond\r\n\r\nOK\r\n")
    line.modem("\r\n+CMT: \"112233\",,\"26/02/03,04:05:08+00\"\r\nThird\r\n")
    line.host("AT\r")
    line.modem("\r\nOK\r\n")
    let rows = try tshark(
      exported(line.session), "texts.pcapng",
      ["gsm_sms.sms_text", "gsm_sms.tp-mti", "gsm_sms.tp-da", "gsm_sms.tp-oa", "gsm_sms.scts.seconds"]
    ).filter { !$0[0].isEmpty }
    #expect(rows.map { $0[0] } == ["Ten @ {home} for $5_", "First of two\\nlines", "Second", "Third"], "\(rows)")
    #expect(rows.map { $0[2] + $0[3] } == ["491720001122", "491720001122", "Operator", "112233"], "\(rows)")
  }
}
