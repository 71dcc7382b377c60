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

  /// The clock of the line tells a time-out early; what the trace as a whole gives stays the same.
  @Test(arguments: [false, true]) func silenceIsToldBeforeTheNextByte(recognises: Bool) {
    let session = Session(
      """
      0.1 --> "AT+CSQ\\r"
      45.0 <-- "\\r\\n+CSQ: 9,99\\r\\n\\r\\nOK\\r\\n"
      45.5 --> "AT+CGMM\\r"
      45.6 <-- "\\r\\nSIMCOM_SIM900\\r\\n\\r\\nOK\\r\\n"
      """)
    let candidates = recognises ? [Books.mail] : []
    var live = LiveInspector(base: Books.generic, candidates: candidates, options: InspectionOptions())
    var told: [String] = []
    for (index, chunk) in session.batch.chunks.enumerated() {
      var batch = ChunkBatch()
      batch.append(
        chunk.kind, chunk.direction, at: chunk.instant, place: chunk.place,
        bytes: session.batch.bytes[chunk.start..<chunk.start + chunk.count])
      _ = live.take(batch, observe: { _ in })
      // Ticks before the time, and behind it more than once.
      if index == 0 {
        for second in [1, 29, 31, 32, 40] { live.advance(to: Instant(nanoseconds: Int64(second) * 1_000_000_000)) }
        live.settle()
        told += live.takeFindings().map(\.finding.rule)
        #expect(told == ["at.response-timeout"])
      }
      told += live.takeFindings().map(\.finding.rule)
    }
    live.finish { _ in }
    told += live.takeFindings().map(\.finding.rule)
    #expect(told.count { $0 == "at.response-timeout" } == 1, "\(told)")
    var whole = Inspector(book: live.inspector.book, options: InspectionOptions())
    whole.take(session.batch)
    whole.finish()
    let expected = whole.takeFindings().map(\.finding)
    #expect(live.findings.map(\.finding.rule).sorted() == expected.map(\.rule).sorted())
    #expect(Set(live.findings.map(\.finding.position)) == Set(expected.map(\.position)))
  }

  /// A line that has begun may be the answer: nothing is told about it before it ends.
  @Test func halfAnAnswerIsNoSilence() {
    let session = Session("0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\nO\"")
    var live = LiveInspector(base: Books.generic, candidates: [], options: InspectionOptions())
    _ = live.take(session.batch, observe: { _ in })
    live.advance(to: Instant(nanoseconds: 90_000_000_000))
    live.settle()
    #expect(live.takeFindings().isEmpty)
  }
}
