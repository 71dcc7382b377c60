import Sessions
import Testing

/// What the decoder makes of the modem's side: echo, results, prompts, data phases, late answers.
@Suite struct AnswerTests {
  private func events(_ text: String, mail: Bool = false) -> [String] {
    Session(text).outcome(mail ? Books.mail : Books.generic).events
  }
  private func kinds(_ text: String, mail: Bool = false) -> [String] {
    events(text, mail: mail).map { String($0.prefix { $0 != " " }) }
  }

  @Test func anEchoIsNoAnswer() {
    #expect(
      kinds("0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r\\r\\n+CSQ: 1,0\\r\\n\\r\\nOK\\r\\n\"") == [
        "commandLine", "command", "information", "final", "finish",
      ])
  }

  @Test func numericResults() {
    let text =
      "0.1 --> \"ATV0\\r\"\n0.2 <-- \"0\\r\"\n0.3 --> \"AT+CSQ\\r\"\n0.4 <-- \"+CSQ: 1,0\\r\\n0\\r\"\n0.5 --> \"AT+FOO\\r\"\n0.6 <-- \"4\\r\""
    let finals = events(text).filter { $0.hasPrefix("final") }
    #expect(finals.count == 3)
    #expect(finals.last?.contains("code=2") == true)
  }

  @Test func numericResultsAreSeenWithoutATV0() {
    let text =
      "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r+CSQ: 1,0\\r\\n0\\r\"\n0.3 --> \"AT\\r\"\n0.4 <-- \"AT\\r0\\r\""
    #expect(events(text).count { $0.hasPrefix("final") } == 2)
  }

  @Test func unsolicitedLinesMayFallIntoAnAnswer() {
    let text =
      "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CMTI: \\\"SM\\\",3\\r\\n\\r\\n+CSQ: 1,0\\r\\n\\r\\nRING\\r\\n\\r\\nOK\\r\\n\""
    #expect(kinds(text) == ["commandLine", "command", "unsolicited", "information", "unsolicited", "final", "finish"])
  }

  @Test func promptAndText() {
    let text =
      "0.1 --> \"AT+CMGS=\\\"12345678\\\"\\r\"\n0.2 <-- \"\\r\\n> \"\n0.3 --> \"00110000\\x1A\"\n0.9 <-- \"\\r\\n+CMGS: 7\\r\\n\\r\\nOK\\r\\n\""
    #expect(
      kinds(text) == [
        "commandLine", "secret", "command", "prompt", "dataBegin", "data", "dataEnd", "transferEnd", "information",
        "final",
        "finish",
      ])
  }

  @Test func escapeCancelsAText() {
    let text = "0.1 --> \"AT+CMGS=5\\r\"\n0.2 <-- \"\\r\\n> \"\n0.3 --> \"0011\\x1B\"\n0.9 <-- \"\\r\\nOK\\r\\n\""
    #expect(events(text).contains { $0.hasPrefix("dataEnd") && $0.contains("code=1") })
  }

  @Test func aBlockMayHoldAnything() {
    let text =
      "0.1 --> \"AT+POP3READ=40\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,40\\r\\n\\r\\nOK\\r\\n\\r\\nERROR\\r\\n> AT+CSQ\\r+POP3READ: 2,10\\r\\n\\r\\nOK\\r\\n\""
    let seen = events(text, mail: true)
    #expect(seen.count { $0.hasPrefix("final") } == 1)
    #expect(seen.contains { $0.hasPrefix("dataEnd") && $0.contains("a=40") && !$0.contains("code=") })
  }

  @Test(arguments: 1...12) func aBlockThatIsShortIsFoundAndDecodingGoesOn(_ missing: Int) {
    let data = String("abcdefghijklmnopqrstuvwxyz".prefix(20 - missing))
    let text =
      "0.1 --> \"AT+POP3READ=20\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,20\\r\\n\(data)\\r\\nOK\\r\\n\"\n2 --> \"AT+POP3OUT\\r\"\n2.1 <-- \"\\r\\nOK\\r\\n\"\n2.5 <-- \"\\r\\n+POP3OUT: 1\\r\\n\""
    let outcome = Session(text).outcome(Books.mail)
    #expect(
      outcome.findings.contains { $0.contains("at.data-length") && $0.contains("\(missing) byte") },
      "\(outcome.findings)")
    #expect(outcome.events.count { $0.hasPrefix("final") } == 2, "\(outcome.events)")
    #expect(outcome.events.contains { $0.hasPrefix("late") })
  }

  @Test(arguments: [1, 2, 5, 30]) func aBlockThatIsLongIsFoundAndDecodingGoesOn(_ surplus: Int) {
    let data = String(repeating: "x", count: 20 + surplus)
    let text =
      "0.1 --> \"AT+POP3READ=20\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,20\\r\\n\(data)\\r\\nOK\\r\\n\"\n2 --> \"AT+POP3OUT\\r\"\n2.1 <-- \"\\r\\nOK\\r\\n\""
    let outcome = Session(text).outcome(Books.mail)
    #expect(
      outcome.findings.contains { $0.contains("at.data-length") && $0.contains("\(surplus) byte") },
      "\(outcome.findings)")
    #expect(outcome.events.count { $0.hasPrefix("final") } == 2)
  }

  @Test func transparentModeAndItsEnds() {
    let text = """
      0.1 --> "ATD*99#\\r"
      0.2 <-- "\\r\\nCONNECT 7200000\\r\\n"
      1 --> "one OK two\\r\\nOK\\r\\n"
      2 <-- "three\\r\\nOK\\r\\nfour"
      4 --> "+++"
      5.2 <-- "\\r\\nOK\\r\\n"
      6 --> "AT+CSQ\\r"
      6.1 <-- "\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n"
      7 --> "ATO\\r"
      7.1 <-- "\\r\\nCONNECT\\r\\n"
      8 --> "five"
      9 <-- "\\r\\nNO CARRIER\\r\\n"
      10 --> "AT\\r"
      10.1 <-- "\\r\\nOK\\r\\n"
      """
    let outcome = Session(text).outcome(Books.generic)
    #expect(outcome.rules == [], "\(outcome.findings)")
    #expect(outcome.events.count { $0.hasPrefix("escape") } == 1)
    #expect(outcome.events.count { $0.hasPrefix("final") } == 4, "\(outcome.events)")
    #expect(outcome.transfers.count == 2, "\(outcome.transfers)")
  }

  @Test func directionIsInferredFromTheEcho() {
    let log = #"AT+CREG?\r\n+CREG: 0,1\r\n\r\nOK\r\nAT+CSQ\r\n+CSQ: 7,0\r\n\r\nOK\r\n"#
    let seen = kinds("- --- \"\(log)\"")
    #expect(seen.count { $0 == "command" } == 2)
    #expect(seen.count { $0 == "final" } == 2)
  }

  @Test func portsAreIndependent() {
    let text =
      "0.1 one --> \"AT+CSQ\\r\"\n0.2 two --> \"AT+CREG?\\r\"\n0.3 two <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"\n0.4 one <-- \"\\r\\n+CSQ: 1,0\\r\\n\\r\\nOK\\r\\n\""
    let outcome = Session(text).outcome(Books.generic)
    #expect(outcome.rules == [])
    #expect(outcome.events.count { $0.hasPrefix("final") } == 2)
  }
}
