import Sessions
import Testing

/// Data that a log has not, and data that follow the command line at once.
@Suite struct UnseenDataTests {
  static let yaml = """
    profile: own
    title: Data that are missing
    documents: [{id: OWN, title: Data}]
    within: 100s
    memory: {sent: {}, mark: {}}
    finals: ["SEND OK", {text: SEND FAIL, fails: true}]
    commands:
      +SEND:
        section: "1"
        exec:
          prompt: ">"
          data: {ends: ctrl-z, cancel: esc, from: host, as: text, on-end: {moves: {sent: bytes, mark: ended-by}}}
          finals: [OK, ERROR]
      +BLOCK:
        section: "2"
        write: {takes: "<n:int>", prompt: ">", data: {counted: n, from: host}}
      +ONCE:
        section: "3"
        write: {takes: "<n:int>", prompt: none, data: {counted: n, from: host}}
      +SENT:
        section: "4"
        exec: {gives: {line: "+SENT: <n:int>", holds: {sent-count: "n == sent", sent-mark: "mark != 1"}}}
    """

  private func seen(_ lines: String...) throws -> Outcome { try Dialogue.outcome(Self.yaml, lines) }

  @Test func aTextThatTheLogLostIsUnknown() throws {
    let outcome = try seen("> AT+SEND", "{ \\r\\n> ", "< OK", "> AT+SENT", "< +SENT: 5", "< OK")
    #expect(outcome.rules == [])
    #expect(outcome.allRules == ["at.data-unfinished"])
    let block = try seen("> AT+BLOCK=4", "{ \\r\\n> ", "< OK")
    #expect(block.rules == [])
    #expect(block.allRules == ["at.data-unfinished"])
  }

  @Test func aTextThatWasNotEndedIsAccused() throws {
    #expect(try seen("> AT+SEND", "{ \\r\\n> ", "} Hello", "< OK").rules == ["at.data-unfinished"])
    #expect(try seen("> AT+BLOCK=4", "{ \\r\\n> ", "} ab", "< OK").rules == ["at.data-length"])
    #expect(try seen("> AT+BLOCK=4", "{ \\r\\n> ", "< ERROR").rules == ["at.data-length"])
  }

  @Test func whoEndedTheTextIsKnown() throws {
    let text = ["> AT+SEND", "{ \\r\\n> ", "} Hello\\x1A", "< OK", "> AT+SENT", "< +SENT: 5", "< OK"]
    #expect(try Dialogue.outcome(Self.yaml, text).rules == ["own.sent-mark"])
  }

  @Test func dataThatFollowAtOnceAreCounted() throws {
    #expect(try seen("> AT+ONCE=4", "} ABCD", "< OK").rules == [])
    #expect(try seen("} AT+ONCE=4\\rABCD", "< OK", "> AT", "< OK").rules == [])
    #expect(try seen("> AT+ONCE=4", "} AB", "< OK").rules == ["at.data-length"])
  }
}
