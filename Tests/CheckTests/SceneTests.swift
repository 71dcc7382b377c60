import Sessions
import Testing

/// Ports, the clock of the trace, control lines, texts, lines of the host, and rules that wait.
@Suite struct SceneTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    memory:
      carrier: {by: 1}
      door: {is: [shut, open]}
      refused: {}
    every-final:
      holds: {in-series: {is: "elsewhere == 0", section: "1"}}
    controls:
      dcd:
        section: "2"
        holds: {dcd-carrier: {is: "carrier[port] == level", within: 2s, says: "DCD is {level}"}}
    host-lines: [{line: NO, section: "3", moves: {refused: 1}}]
    unsolicited:
      - {line: "+DOOR: <open:int 0|1>", section: "4", moves: {door: open}}
      - {line: "+ASK", section: "4", holds: {ask-refused: {is: "refused != 1"}}}
    commands:
      +LINK: {section: "5", write: {takes: "<on:int 0|1>", moves: {"carrier[port]": on}}}
      +KNOCK: {section: "6", exec: {moves: {door: shut}, on-ok: {holds: {knock-opens: {is: "door == open", within: 5s, after: true}}}}}
      +CALL: {section: "7", write: {takes: "<what:str>", holds: {call-forbidden: "!begins(what, '*99***3')", call-end: "ends(what, '#')", call-pieces: "pieces(what, ';') <= 2 && longest(what, ';') < 12"}}}
      +RATE: {section: "8", exec: {holds: {rate-known: "baud in {9600, 115200}", rate-early: "now < 3s", rate-port: "port == 'uart'"}}}
    """

  private func rules(_ text: String) throws -> [String] { try Session(text).outcome(Books.own(Self.yaml)).rules }
  private func findings(_ text: String) throws -> [String] { try Session(text).outcome(Books.own(Self.yaml)).findings }

  @Test func oneCommandAtATimeOverAllPorts() throws {
    let first = "0.1 a --> \"AT+COPS=0\\r\"\n"
    let second = "0.2 b --> \"AT\\r\"\n"
    #expect(
      try rules(first + second + "0.3 b <-- \"\\r\\nOK\\r\\n\"\n0.4 a <-- \"\\r\\nOK\\r\\n\"") == ["own.in-series"])
    #expect(try rules(first + second + "0.3 a <-- \"\\r\\nOK\\r\\n\"\n0.4 b <-- \"\\r\\nOK\\r\\n\"") == [])
  }

  @Test func aRuleMayBecomeTrueInTime() throws {
    let knock = "0.1 --> \"AT+KNOCK\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n"
    let open = { (time: Int) in "\(time).0 <-- \"\\r\\n+DOOR: 1\\r\\n\"\n" }
    #expect(try rules(knock + open(3) + open(9)) == [])
    #expect(try rules(knock + open(9)) == ["own.knock-opens"])
    #expect(try rules(knock) == [], "the trace ends before the time is over")
    #expect(try findings(knock + open(9)).contains { $0.hasPrefix("3 ") && $0.contains(" own.knock-opens ") }, "reported where it began")
  }

  @Test func controlLinesAreHeard() throws {
    let link = "0.1 --> \"AT+LINK=1\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n"
    let after = "9.0 --> \"AT\\r\"\n9.1 <-- \"\\r\\nOK\\r\\n\"\n"
    let named = { (text: String) in text.replacing(" -->", with: " uart -->").replacing(" <--", with: " uart <--") }
    #expect(try rules(named(link + "1.0 uart === \"dcd=0\"\n" + after)) == ["own.dcd-carrier"])
    #expect(try rules(named(link + "1.0 uart === \"dcd=1\"\n" + after)) == [])
  }

  @Test func theHostAnswersToo() throws {
    let ask = "2.0 <-- \"\\r\\n+ASK\\r\\n\"\n"
    #expect(try rules("1.0 --> \"NO\\r\"\n" + ask) == ["own.ask-refused"])
    #expect(try rules(ask) == [])
  }

  @Test func textsArePartlyCompared() throws {
    let call = { (text: String) in "0.1 --> \"AT+CALL=\\\"\(text)\\\"\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n" }
    #expect(try rules(call("*99***2#")) == [])
    #expect(try rules(call("*99***3#")) == ["own.call-forbidden"])
    #expect(try rules(call("*99")) == ["own.call-end"])
    #expect(try rules(call("a;b;c#")) == ["own.call-pieces"])
    #expect(try rules(call("a;abcdefghijklm#")) == ["own.call-pieces"])
  }

  @Test func portRateAndClock() throws {
    let rate = "4.0 uart --> \"AT+RATE\\r\"\n4.1 uart <-- \"\\r\\nOK\\r\\n\"\n"
    #expect(try rules("#!attrace 1\n#! baud 115200\n" + rate) == ["own.rate-early"])
    #expect(
      try rules("#!attrace 1\n#! baud 460800\n" + rate.replacing("uart", with: "usb")).sorted() == [
        "own.rate-early", "own.rate-known", "own.rate-port",
      ])
    #expect(try rules("- --> \"AT+RATE\\r\"\n- <-- \"\\r\\nOK\\r\\n\"\n") == [], "nothing is known")
  }
}
