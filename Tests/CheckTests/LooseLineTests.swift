import Sessions
import Testing

/// Lines without a prefix: late results, unsolicited lines and answers of the host; and whose a late result is.
@Suite struct LooseLineTests {
  static let yaml = """
    profile: own
    title: Lines without a prefix
    documents: [{id: OWN, title: Lines}]
    within: 100s
    finals: [{text: HALF, number: 17}, {text: FULL, number: 2}]
    commands:
      V: {section: "0", exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      +SAME: {section: "0", exec: {gives: "+SAME: <n:int>"}}
      +FREE: {section: "0", exec: {gives: "<text:rest>"}}
      +NAME:
        section: "1"
        write: {takes: "<name:str>", then: "<address:ip bare>", then-within: 30s}
      +JOIN:
        section: "2"
        write:
          takes: "<link:int 0..5>"
          then: ["<link:int 0..5>, JOINED", "<link:int 0..5>, FAILED"]
          then-within: 30s
      +LINK:
        section: "3"
        write:
          takes: "<link:int 0..5>,<port:int>"
          then: {line: "+LINK: <link:int 0..5>,<code:int>", holds: {link-code: "port == 80 -> code == 0"}}
          then-within: 30s
      +TIE:
        section: "3"
        write:
          takes: "<n:int>"
          then: {line: "+TIE: <m:int>", holds: {tie-number: "m == n"}}
          then-within: 30s
    unsolicited:
      - {line: "LOST <n:int 0..5>", section: "4", holds: {lost-low: "n < 3"}}
      - {line: "<link:int 0..5>, GONE", section: "4", holds: {gone-low: "link < 3"}}
    host-lines:
      - {line: "SAY <n:int>", section: "5", holds: {say-low: "n < 3"}}
      - {line: "PUT: <n:int>,<m:int>", section: "5", holds: {put-same: "n == m"}}
    """

  private func rules(_ lines: String...) throws -> [String] { try Dialogue.outcome(Self.yaml, lines).rules }

  @Test func aLateResultMayBeAValueAlone() throws {
    #expect(try rules("> AT+NAME=\"a.b\"", "< OK", "< 10.1.2.3", "40", "> AT+SAME", "< +SAME: 1", "< OK") == [])
    #expect(
      try rules("> AT+NAME=\"a.b\"", "< OK", "> AT+SAME", "< +SAME: 1", "< OK", "< 10.1.2.3", "40", "> AT", "< OK")
        == [])
    #expect(try rules("> AT+NAME=\"a.b\"", "< OK", "< 10.1.2", "40", "> AT", "< OK") == ["at.late-missing"])
    #expect(try rules("> AT+NAME=\"a.b\"", "< OK", "40", "> AT", "< OK") == ["at.late-missing"])
  }

  @Test func aRunningCommandComesFirst() throws {
    #expect(
      try rules("> AT+NAME=\"a.b\"", "< OK", "> AT+FREE", "< 10.1.2.3", "< OK", "40", "> AT", "< OK")
        == ["at.late-missing"])
  }

  @Test func aLateResultMayHaveWordsAroundValues() throws {
    #expect(try rules("> AT+JOIN=1", "< OK", "< 1, JOINED", "40", "> AT", "< OK") == [])
    #expect(try rules("> AT+JOIN=1", "< OK", "< 1, FAILED", "40", "> AT", "< OK") == [])
    #expect(try rules("> AT+JOIN=1", "< OK", "< 9, JOINED", "40", "> AT", "< OK") == ["at.response-shape"])
    #expect(try rules("> AT+JOIN=1", "< 1, JOINED", "< OK", "40", "> AT", "< OK") == ["at.late-before-ok"])
  }

  @Test func anUnsolicitedLineMayHaveWordsAroundValues() throws {
    #expect(try rules("< LOST 2", "< 2, GONE", "< LOST x", "< 9, GONE") == [])
    #expect(try rules("< LOST 4", "< 4, GONE") == ["own.lost-low", "own.gone-low"])
    #expect(try rules("> AT+FREE", "< 4, GONE", "< text", "< OK") == ["own.gone-low"])
  }

  @Test func linesOfTheHostMayHaveValues() throws {
    #expect(try rules("} SAY 2\\r", "} PUT: 3,3\\r") == [])
    #expect(try rules("} SAY 4\\r", "} PUT: 3,4\\r", "} SAY x\\r") == ["own.say-low", "own.put-same", "at.garbage"])
  }

  @Test func ofSeveralWaitingCommandsTheOneThatIsNamedIsAnswered() throws {
    let both = ["> AT+LINK=0,80", "< OK", "> AT+LINK=1,81", "< OK"]
    #expect(try Dialogue.outcome(Self.yaml, both + ["< +LINK: 1,5", "< +LINK: 0,0"]).rules == [])
    #expect(try Dialogue.outcome(Self.yaml, both + ["< +LINK: 0,5", "< +LINK: 1,0"]).rules == ["own.link-code"])
    let ties = ["> AT+TIE=3", "< OK", "> AT+TIE=4", "< OK"]
    #expect(try Dialogue.outcome(Self.yaml, ties + ["< +TIE: 4", "< +TIE: 3"]).rules == [])
    #expect(try Dialogue.outcome(Self.yaml, ties + ["< +TIE: 4", "< +TIE: 5"]).rules == ["own.tie-number"])
    let joins = ["> AT+JOIN=0", "< OK", "> AT+JOIN=1", "< OK", "< 1, JOINED", "40", "> AT", "< OK"]
    let late = try Dialogue.outcome(Self.yaml, joins).findings.filter { $0.contains("at.late-missing") }
    #expect(late.count == 1 && late[0].contains("1:") == false)
  }

  @Test func ownNumbersComeBeforeThoseOfConnections() throws {
    let seen = try Dialogue.outcome(Self.yaml, ["> ATV0", "{ 0\\r", "> AT+SAME", "{ 17\\r", "> ATV0", "{ 2\\r"])
    #expect(seen.rules == ["at.response-missing"])
  }

  @Test func nothingDependsOnCuts() throws {
    let lines = ["> AT+JOIN=0", "< OK", "> AT+JOIN=1", "< OK", "< 1, JOINED", "< 4, GONE", "} SAY 4\\r", "< 0, FAILED"]
    let book = try Books.own(Self.yaml)
    let whole = Dialogue.session(lines).outcome(book)
    #expect(Dialogue.session(lines).cutIntoBytes().outcome(book, together: false).findings == whole.findings)
  }
}
