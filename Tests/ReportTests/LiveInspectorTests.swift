import Inspect
import Profile
import Sessions
import Testing
import Trace

/// A session inspected while it goes on gives what the whole of it gives afterwards.
@Suite struct LiveInspectorTests {
  private static let text = """
    0.1 --> "AT+CSQ=5\\r"
    0.2 <-- "\\r\\nERROR\\r\\n"
    0.3 --> "AT+EMAILTO=200\\r"
    0.4 <-- "\\r\\nERROR\\r\\n"
    0.5 --> "AT+CGMM\\r"
    0.6 <-- "\\r\\nSIMCOM_SIM900\\r\\n\\r\\nOK\\r\\n"
    0.7 --> "AT+EMAILTO=5\\r"
    0.8 <-- "\\r\\nERROR\\r\\n"
    """

  private func live(_ session: Session, candidates: [Book]) -> (LiveInspector, told: [ReportedFinding], changes: Int) {
    var live = LiveInspector(base: Books.generic, candidates: candidates, options: InspectionOptions())
    var told: [ReportedFinding] = []
    var changes = 0
    for index in session.batch.chunks.indices {
      // Each chunk is a batch of its own, as on a line.
      var batch = ChunkBatch()
      let chunk = session.batch.chunks[index]
      batch.append(
        chunk.kind, chunk.direction, at: chunk.instant, place: chunk.place,
        bytes: session.batch.bytes[chunk.start..<chunk.start + chunk.count])
      if live.take(batch, observe: { _ in }) { changes += 1 }
      told += live.takeFindings()
    }
    live.finish { _ in }
    told += live.takeFindings()
    return (live, told, changes)
  }

  @Test func theModemIsRecognisedOnTheWay() {
    let candidates = Profiles.builtIn.filter { $0 != "3gpp" }.map { Books.book($0) }
    let (live, told, changes) = live(Session(Self.text), candidates: candidates)
    #expect(changes >= 1)
    #expect(live.inspector.book.name == Books.mail.name)
    let whole = Inspector(book: Books.mail, options: InspectionOptions())
    whole.take(Session(Self.text).batch)
    whole.finish()
    let expected = whole.takeFindings().map(\.finding)
    #expect(Set(live.findings.map(\.finding)) == Set(expected))
    #expect(expected.contains { $0.rule == "at.parameter-range" && $0.position.place == 4 }, "\(expected)")
    #expect(Set(told.map(\.finding)).count == told.count, "nothing is told twice")
    #expect(Set(expected).isSubset(of: Set(told.map(\.finding))))
  }

  @Test func aFloodOfFindingsIsBounded() {
    let lines = (0..<4_000).map { "\($0).1 --> \"AT+CSQ=5\\r\"\n\($0).2 <-- \"\\r\\nERROR\\r\\n\"" }
    let (live, told, _) = live(Session(lines.joined(separator: "\n")), candidates: [])
    #expect(told.count >= 4_000)
    #expect(live.dropped > 0)
    #expect(live.findings.count + live.dropped == told.count)
    #expect(live.findings.count <= LiveInspector.findingLimit * Severity.allCases.count)
  }
}
