import Foundation
import Inspect
import Profile
import Sessions
import Testing
import Trace

@testable import Report

/// Reports that are written while inputs are read: each transaction once, whole, and in order.
@Suite struct StreamedReportTests {
  private func run(_ report: any StreamedReport, _ text: String, ports: [String] = [""], pieces: Bool = false) -> String
  {
    let session = Session(text)
    let inspector = Inspector(book: Books.mail, options: InspectionOptions(resolution: session.facts.resolution))
    report.begin(
      StreamedInput(
        index: 0, path: "a.trace", book: Books.mail, ports: [""], hasTime: session.facts.resolution.hasTime,
        redact: true))
    report.name(ports: ports)
    if pieces {
      for chunk in session.batch.chunks {
        for at in 0..<chunk.count {
          var batch = ChunkBatch()
          batch.append(
            chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
            bytes: session.batch.bytes[(chunk.start + at)...(chunk.start + at)])
          inspector.take(batch) { report.take($0) }
        }
      }
    } else {
      inspector.take(session.batch) { report.take($0) }
    }
    inspector.finish { report.take($0) }
    report.end(
      InputReport(
        path: "a.trace", format: "trace", profile: "x", profileReason: "", start: nil,
        resolution: session.facts.resolution, ports: ports, findings: inspector.takeFindings(), warnings: [],
        inspector: inspector))
    report.finish()
    return report.takeText()
  }

  private func cells(_ text: String) -> [[String]] {
    text.split(separator: "\r\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func everyTransactionIsARowHoweverMany() {
    let count = 5000
    var text = ""
    for number in 0..<count {
      text += "\(number).1 --> \"AT+CSQ\\r\"\n\(number).2 <-- \"\\r\\nOK\\r\\n\"\n"
    }
    let rows = cells(run(TransactionCSV(), text))
    #expect(rows.map { $0[1] } == (1...count).map(String.init))
    #expect(rows.allSatisfy { $0[12] == "\"ok\"" && $0[15] == "0.1" })
  }

  @Test func aLateResultIsPartOfItsTransaction() {
    let text = """
      0.1 --> "AT+SMTPSEND\\r"
      0.2 <-- "\\r\\nOK\\r\\n"
      0.5 --> "AT\\r"
      0.6 <-- "\\r\\nOK\\r\\n"
      1.1 <-- "\\r\\n+SMTPSEND: 1\\r\\n"
      """
    let rows = cells(run(TransactionCSV(), text))
    #expect(rows.count == 2)
    #expect(rows.first?[16] == "1.0")
    #expect(rows.first?[10] == "\"'+SMTPSEND: 1\"")
    #expect(rows.last?[16] == "")
  }

  @Test func cutsDoNotMatter() {
    let text = """
      0.1 --> "ATE0;+CSQ\\r"
      0.2 <-- "\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n"
      0.3 --> "AT+CPIN=\\"1234\\"\\r"
      0.4 <-- "\\r\\n+CME ERROR: 16\\r\\n"
      0.5 --> "AT+CSQ\\r"
      """
    #expect(run(TransactionCSV(), text) == run(TransactionCSV(), text, pieces: true))
    #expect(run(TraceEventReport(), text) == run(TraceEventReport(), text, pieces: true))
    #expect(run(TransactionCSV(), text).contains("AT+CPIN=\\\"\"~1**\\\"\""))
  }

  @Test func aLogWithoutTimeHasATimelineToo() throws {
    let text = run(TraceEventReport(), "- --> \"AT\\r\"\n- <-- \"\\r\\nOK\\r\\n\"\n", ports: ["pc"])
    let root = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let events = try #require(root["traceEvents"] as? [[String: Any]])
    let slices = events.filter { $0["ph"] as? String == "X" }
    #expect(slices.compactMap { $0["ts"] as? Double } == [2000, 2000])
    #expect(slices.compactMap { $0["name"] as? String } == ["AT", "AT OK"])
    #expect(text.contains("\"pc: host\"") && text.contains("\"pc: modem\""))
  }

  @Test func formulasAreText() {
    var csv = CSVText()
    for text in ["=1", "+1", "-1", "@a", "\u{FF1D}1", "a=1", "a\"b", "a\r\nb", ""] { csv.string(text) }
    csv.number(-1)
    csv.endRow()
    #expect(
      csv.text == #""'=1","'+1","'-1","'@a","'"# + "\u{FF1D}" + #"1","a=1","a""b","a\u{d}\u{a}b",,-1"# + "\r\n")
  }

  @Test func slicesOfALaneDoNotOverlap() {
    var lanes = TraceLanes()
    #expect(lanes.place(0, 10, 1) == (0, 10))
    #expect(lanes.place(5, 20, 1) == (10, 20))
    #expect(lanes.place(6, 8, 1) == (20, 20))
    #expect(lanes.place(6, 8, 2) == (6, 8))
    // The clock went backwards.
    #expect(lanes.place(2, 3, 1) == (2, 3))
    #expect(lanes.transferLane(.first, from: 0, to: 9) == 0)
    #expect(lanes.transferLane(.first, from: 5, to: 9) == 1)
    #expect(lanes.transferLane(.first, from: 9, to: 12) == 0)
    for _ in 0..<20 { #expect(lanes.transferLane(.first, from: 1, to: 99) < TraceLanes.transferLanes) }
  }

  @Test func microsecondsAreExact() {
    #expect(Decimal.microseconds(1_234_567) == "1234.567")
    #expect(Decimal.microseconds(-1_500) == "-1.5")
    #expect(Decimal.microseconds(.max) == "9223372036854775.807")
    #expect(Decimal.microseconds(0) == "0.0")
  }

  /// The map against a plain list of everything that was marked.
  @Test func secretsAreFoundHoweverTheyCome() {
    var state: UInt64 = 7
    func random(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
    var map = SecretMap()
    var hidden: Set<UInt64> = []
    for _ in 0..<200 {
      var batch = EventBatch()
      var event = Event(
        .secret, direction: .hostToModem, port: .first, start: .unknown, end: .unknown, place: 1, offset: random(3000))
      event.length = Int32(random(12))
      batch.events.append(event)
      map.note(batch)
      for offset in event.offset..<event.offset + UInt64(event.length) { hidden.insert(offset) }
    }
    for offset in UInt64(0)..<3100 {
      #expect((map.mark(offset, port: .first, direction: .hostToModem) != nil) == hidden.contains(offset), "\(offset)")
      #expect(map.mark(offset, port: .first, direction: .modemToHost) == nil)
    }
    #expect(!hidden.isEmpty)
  }
}
