import Sessions
import Testing

/// DTR fell while data went both ways: the next command of the host shows that the modem left them.
@Suite struct TerminalGoneTests {
  static let call = "1.0 --> \"ATD*99#\\r\"\n2.0 <-- \"\\r\\nCONNECT\\r\\n\"\n2.5 --> \"hello\"\n3.0 === \"dtr=0\"\n"

  private func outcome(_ behind: String) -> Outcome { Session(Self.call + behind).outcome(Books.generic) }

  @Test func aCommandEndsTheData() {
    let seen = outcome("6.0 --> \"A\"\n6.1 --> \"T+GCAP\\r\"\n6.2 <-- \"\\r\\n+GCAP: +CGSM\\r\\n\\r\\nOK\\r\\n\"\n")
    #expect(seen.events.contains { $0.hasPrefix("command ") && $0.contains("+GCAP") })
    #expect(seen.rules == [])
  }

  @Test func dataGoOn() {
    for text in ["more", "Aaron", "AT least no command"] {
      let seen = outcome("6.0 --> \"\(text)\"\n7.0 <-- \"yes\"\n")
      #expect(!seen.events.contains { $0.hasPrefix("command ") && !$0.contains("*99") }, "\(text)")
      #expect(seen.events.count { $0.hasPrefix("dataEnd") } == 1, "\(text)")
    }
  }

  @Test func settingsMayHaveChanged() {
    let off = "0.1 --> \"ATE0;+CMEE=1\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n"
    let probe = "6.0 --> \"AT+CPIN?\\r\"\n6.1 <-- \"AT+CPIN?\\r\\r\\n+CME ERROR: SIM busy\\r\\n\"\n"
    #expect(Session(off + "3.0 === \"dtr=0\"\n" + probe).outcome(Books.generic).rules == [])
    #expect(Session(off + probe).outcome(Books.generic).rules == ["at.echo-unexpected", "at.error-form"])
  }
}
