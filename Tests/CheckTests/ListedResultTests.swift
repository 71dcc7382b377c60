import Sessions
import Testing

/// Final results that a form lists, data that depend on parameters, and the words of findings.
@Suite struct ListedResultTests {
  static let yaml = """
    profile: own
    title: Results of its own
    documents: [{id: OWN, title: Results}]
    within: 100s
    memory: {mode: {}}
    finals: [SEND OK, DEACT OK, {text: SEND FAIL, fails: true}, {text: READY, number: 91}]
    every-final:
      holds: {last-ready: {is: "result != 'READY'", says: "ends with {result}"}}
    commands:
      V: {section: "0", exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      +MODE: {section: "0", aliases: [+MOD], write: {takes: "<m:int 0|1>,<n:int 0|1>", moves: {mode: m}}}
      +ANY: {section: "1", exec: {}}
      +SEND:
        section: "2"
        write:
          takes: "<link:int 0..5>[,<length:int 1..1460>]"
          prompt: ">"
          data:
            - {when: given(length), counted: length, from: host}
            - {ends: ctrl-z, cancel: esc, from: host, as: text}
          finals: [SEND OK, ERROR]
      +SHUT: {section: "3", exec: {gives: DEACT OK, finals: [ERROR]}}
      +WHEN:
        section: "4"
        exec: {then: [{line: "+WHEN: A", when: "mode == 0"}, {line: "+WHEN: B", when: "mode == 1"}]}
      +LAST: {section: "5", exec: {gives: {line: "+LAST: <n:int>", may-end: true}, finals: [ERROR]}}
    unsolicited:
      - {line: BOOT, section: "6", reset: true}
    """

  private func seen(_ lines: String...) throws -> Outcome { try Dialogue.outcome(Self.yaml, lines) }

  @Test func aFormListsResultsOfTheProfile() throws {
    #expect(try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} ABCD", "< SEND OK").rules == [])
    #expect(try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} ABCD", "< SEND FAIL").rules == [])
    let other = try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} ABCD", "< DEACT OK")
    #expect(other.rules == ["at.final-result"])
    #expect(other.findings[0].contains("is answered DEACT OK, documented is ERROR or SEND OK"))
    #expect(try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} ABCD", "< OK").rules == ["at.final-result"])
    #expect(try seen("> AT+SHUT", "< DEACT OK", "> AT+ANY", "< SEND OK").rules == [])
  }

  @Test func dataDependOnParameters() throws {
    #expect(try seen("> AT+SEND=0", "{ \\r\\n> ", "} ABCDEF\\x1A", "< SEND OK").rules == [])
    #expect(try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} AB\\x1AD", "< SEND OK").rules == [])
    #expect(try seen("> AT+SEND=0,4", "{ \\r\\n> ", "} AB", "< SEND OK").rules == ["at.data-length"])
    #expect(try seen("> AT+SEND=0", "{ \\r\\n> ", "} AB", "< SEND OK").rules == ["at.data-unfinished"])
  }

  @Test func aLateResultIsDueUnderItsCondition() throws {
    let set = ["> AT+MODE=1,1", "< OK", "> AT+WHEN", "< OK"]
    #expect(try Dialogue.outcome(Self.yaml, set + ["< +WHEN: B"]).rules == [])
    #expect(try Dialogue.outcome(Self.yaml, set + ["< +WHEN: A"]).rules == ["at.response-unexpected"])
  }

  @Test func everyBadParameterIsTold() throws {
    let outcome = try seen("> AT+MODE=5,6", "< ERROR")
    #expect(outcome.rules == ["at.parameter-range"])
    #expect(outcome.findings[0].contains("<m> must be") && outcome.findings[0].contains("<n> must be"))
  }

  @Test func aResultIsCalledAsItReads() throws {
    let missing = try seen("> AT+SHUT", "< SEND OK")
    #expect(missing.findings.contains { $0.contains("SEND OK came without the answer DEACT OK") })
    let prompt = try seen("> AT+SEND=0,4", "< SEND OK")
    #expect(prompt.findings.contains { $0.contains("SEND OK came without the prompt >") })
    #expect(try seen("> AT+ANY", "< READY").findings.contains { $0.contains("ends with READY") })
    #expect(
      try seen("> ATV0", "{ 0\\r", "> AT+ANY", "{ 91\\r").findings.contains { $0.contains("ends with READY") })
  }

  @Test func aNameIsToldAsItWasSent() throws {
    #expect(try seen("> AT+MOD?", "< ERROR").findings.contains { $0.contains("AT+MOD? is no form") })
  }

  @Test func aCommandThatItsLastLineEndedHasSucceeded() throws {
    let figures = try seen("> AT+LAST", "< +LAST: 1", "> AT+ANY", "< OK").figures
    #expect(figures.contains { $0.contains("+LAST") && $0.contains("1") && !$0.contains("unanswered 1") }, "\(figures)")
  }
}
