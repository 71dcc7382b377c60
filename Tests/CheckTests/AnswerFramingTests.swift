import Sessions
import Testing

/// Answers and result codes bring their own CR LF; the one that ended the line before does not count.
@Suite struct AnswerFramingTests {
  static let before = "0.1 --> \"ATE0\\r\"\n0.2 <-- \"ATE0\\r\\r\\nOK\\r\\n\"\n"

  private func rules(_ command: String, _ answer: String) -> [String] {
    Session(Self.before + "0.3 --> \"\(command)\\r\"\n0.4 <-- \"\(answer)\"").outcome(Books.mail).rules
  }

  @Test func aResultNeedsItsOwnLineEnds() {
    #expect(rules("AT", "\\r\\nOK\\r\\n") == [])
    #expect(rules("AT", "OK\\r\\n") == ["at.result-framing"])
  }

  @Test func soDoesAnAnswer() {
    #expect(rules("AT+EMAILTO?", "\\r\\n+EMAILTO: 30\\r\\n\\r\\nOK\\r\\n") == [])
    #expect(rules("AT+EMAILTO?", "\\r\\n+EMAILTO: 30\\r\\nOK\\r\\n") == [])
    #expect(rules("AT+EMAILTO?", "+EMAILTO: 30\\r\\n\\r\\nOK\\r\\n") == ["at.result-framing"])
  }

  @Test func withNumbersForResultsNothingStandsBeforeThem() {
    let session = Session(
      Self.before
        + "0.3 --> \"ATV0\\r\"\n0.4 <-- \"0\\r\"\n0.5 --> \"AT+EMAILTO?\\r\"\n0.6 <-- \"+EMAILTO: 30\\r\\n0\\r\"")
    #expect(session.outcome(Books.mail).rules == [])
  }
}
