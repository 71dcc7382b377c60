import Sessions
import Testing

/// Command lines of V.250, as the decoder takes them apart.
@Suite struct CommandLineTests {
  /// The commands of a line: their text and form.
  private func commands(_ line: String) -> [String] {
    let outcome = Session("0.1 --> \"\(line)\"").outcome(Books.generic)
    return outcome.events.filter { $0.hasPrefix("command ") }.map { event in
      let text = event.drop { $0 != "\"" }.dropFirst().dropLast()
      let form =
        event.contains("form=1")
        ? "write" : event.contains("form=2") ? "read" : event.contains("form=3") ? "test" : "exec"
      return "\(text) \(form)"
    }
  }

  @Test func extendedCommandsAreSeparatedBySemicolons() {
    #expect(commands("AT+CMEE=1;+CREG=2\\r") == ["+CMEE=1 write", "+CREG=2 write"])
    #expect(commands("AT+CREG?;+CSQ;+CGDCONT=?\\r") == ["+CREG? read", "+CSQ exec", "+CGDCONT=? test"])
  }

  @Test func basicCommandsFollowEachOther() {
    #expect(commands("ATE0V1Q0\\r") == ["E0 write", "V1 write", "Q0 write"])
    #expect(commands("AT&C1&D2S0=3\\r") == ["&C1 write", "&D2 write", "S0=3 write"])
    #expect(commands("ATE1+CMEE=1\\r") == ["E1 write", "+CMEE=1 write"])
    #expect(commands("ATS3?\\r") == ["S3? read"])
  }

  @Test func lettersHaveNoCaseAndBlanksNoMeaning() {
    #expect(commands("at+csq\\r") == ["+csq exec"])
    #expect(commands("At +CREG? ; +CSQ\\r") == ["+CREG? read", "+CSQ exec"])
  }

  @Test func semicolonsAndCommasInQuotesAreText() {
    #expect(commands("AT+CUSD=1,\\\"a;b,c\\\",15;+CSQ\\r") == ["+CUSD=1,\\\"a;b,c\\\",15 write", "+CSQ exec"])
  }

  @Test func dialTakesTheRestOfTheLine() {
    #expect(commands("ATD*99***1#\\r") == ["D*99***1# write"])
    #expect(commands("ATD0123456;\\r") == ["D0123456; write"])
  }

  @Test func lineFeedsAndControlsBeforeACommandCarryNoMeaning() {
    #expect(commands("\\n\\r\\x00AT+CSQ\\r") == ["+CSQ exec"])
  }

  @Test func repeatNeedsNoTerminator() {
    let outcome = Session(
      "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 1,0\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"A/\"\n0.4 <-- \"\\r\\n+CSQ: 1,0\\r\\n\\r\\nOK\\r\\n\""
    )
    .outcome(Books.generic)
    #expect(outcome.events.count { $0.hasPrefix("command ") } == 2)
    #expect(outcome.events.count { $0.hasPrefix("final ") } == 2)
    #expect(outcome.rules == [])
  }

  @Test func backspaceEdits() { #expect(commands("AT+CSX\\x08Q\\r") == ["+CSQ exec"]) }

  @Test func theTerminatorFollowsS3() {
    let outcome = Session("0.1 --> \"ATS3=30\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n0.3 --> \"AT+CSQ\\x1E\"")
      .outcome(Books.generic)
    #expect(outcome.events.contains { $0.contains("\"+CSQ\"") })
  }

  @Test func moreCommandsThanTheLimitAreAnEvent() {
    let line = "AT" + Array(repeating: "+CSQ", count: 40).joined(separator: ";") + "\\r"
    let outcome = Session("0.1 --> \"\(line)\"").outcome(Books.generic)
    #expect(outcome.allRules.contains("at.line-too-long"))
  }
}
