import Capture
import Sessions
import Testing

/// What real logs have shown: order that is a program's own, data behind unknown commands, text before its prompt.
@Suite struct RealLogTests {
  private static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    """
  private static let ok = "\\r\\nOK\\r\\n"

  private func outcome(_ text: String, losses: Loss = []) throws -> Outcome {
    var session = Session(text)
    session.facts.lossy = losses
    return try session.outcome(Books.own(Self.yaml))
  }

  /// The host reads one result behind: each OK comes after the next command.
  private static let behind = """
    0.1 --> "ATE0\\r"
    0.2 --> "AT+CPIN?\\r"
    0.3 <-- "\(ok)"
    0.4 <-- "\\r\\n+CPIN: READY\\r\\n"
    0.5 --> "AT+CSQ\\r"
    0.6 <-- "\(ok)"
    0.7 <-- "\\r\\n+CSQ: 17,99\\r\\n\(ok)"
    """

  @Test func anOKBeforeTheAnswerThatIsDueBelongsToTheCommandBefore() throws {
    let rules = try outcome(Self.behind).rules
    #expect(!rules.contains("at.response-missing"))
    #expect(!rules.contains("at.unanswered"))
    #expect(rules.contains("at.overlapping-command"))
  }

  @Test func withoutAnOlderCommandTheAnswerIsMissing() throws {
    let rules = try outcome("0.1 --> \"AT+CPIN?\\r\"\n0.2 <-- \"\(Self.ok)\"").rules
    #expect(rules == ["at.response-missing"])
  }

  @Test func whereTheOrderIsNotThatOfTheLineItIsNotJudged() throws {
    #expect(try outcome(Self.behind, losses: .order).allRules == [])
  }

  @Test func dataBehindAnUnknownCommandAreNotes() throws {
    let text = """
      0.1 --> "AT$CARD=\\"SM\\",0\\r"
      0.2 <-- "\(Self.ok)"
      0.3 --> "BEGIN:CARD\\r\\nN:Ada\\r\\nEND\\r\\n"
      0.4 <-- "\\r\\n$CARD:1\\r\\n\(Self.ok)"
      """
    let outcome = try outcome(text)
    #expect(outcome.rules == [])
    #expect(outcome.allRules.contains("at.garbage"))
    let known = try self.outcome(
      "0.1 --> \"AT\\r\"\n0.2 <-- \"\(Self.ok)\"\n0.3 --> \"BEGIN:CARD\\r\"\n0.4 <-- \"\(Self.ok)\"")
    #expect(known.rules.contains("at.garbage"))
    #expect(known.rules.contains("at.stray-final"))
  }

  @Test func textBeforeItsPromptIsToldOnce() throws {
    let text = """
      0.1 --> "AT+CMGF=1\\r"
      0.2 <-- "\(Self.ok)"
      0.3 --> "AT+CMGS=\\"12345\\"\\rhello\\x1A\\r"
      0.4 <-- "\\r\\n> "
      0.5 <-- "\\r\\n+CMGS: 7\\r\\n\(Self.ok)"
      """
    let outcome = try outcome(text)
    #expect(outcome.rules == ["at.garbage"])
    #expect(outcome.findings.contains { $0.contains("before the prompt of AT+CMGS") })
  }

  @Test func aResultThatNoDocumentHasEndsACommand() throws {
    let outcome = try outcome(
      "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\nCOMMAND NOT SUPPORT\\r\\n\"\n0.3 --> \"AT\\r\"\n0.4 <-- \"\(Self.ok)\"")
    #expect(outcome.rules == [])
  }

  /// A program prints `>` of its own beside what the line carries.
  @Test(arguments: [("ATE0", 2), ("AT+CMGS=7", 1)])
  func aSignOfAnotherProgramIsNoPromptWhereNothingTakesData(_ command: String, _ seen: Int) throws {
    let log = "\(command)\nsome words\n> Phase 3\n0011AB\n>\nATE0\nmore words\n"
    let session = Session(log: Array(log.utf8), reader: RawReader())
    let events = try session.outcome(Books.own(Self.yaml)).events
    #expect(events.count { $0.hasPrefix("commandLine ") } == seen, "\(events)")
  }
}
