import Sessions
import Testing

/// What a modem reports at all of its ports is one report; data behind CONNECT know their command.
@Suite struct PresentedLineTests {
  static let yaml = """
    profile: own
    documents: [{id: OWN, title: Own}]
    memory: {seen: {at-start: 0}, bells: {by: 1}}
    unsolicited:
      - {line: "+DING: <n:int>", section: "1", holds: {ding-once: {is: "seen == 0"}}, moves: {seen: 1}}
      - {line: "+BELL: <n:int>", section: "2", holds: {bell-port: {is: "bells[port] != 1"}}, moves: {"bells[port]": 1}}
    commands:
      +PULL:
        section: "3"
        write:
          takes: "<size:int>"
          finals: [OK, ERROR, CONNECT]
          data: {ends: dle-etx, from: modem, on-end: {holds: {pull-size: {is: "bytes == size"}}}}
    """

  private func rules(_ text: String) throws -> [String] { try Session(text).outcome(Books.own(Self.yaml)).rules }

  @Test func aReportAtTwoPortsIsOne() throws {
    let ding = { (time: String, port: String) in "\(time) \(port) <-- \"\\r\\n+DING: 1\\r\\n\"\n" }
    #expect(try rules(ding("1.0", "a") + ding("1.1", "b") + ding("1.2", "c")) == [])
    #expect(try rules(ding("1.0", "a") + ding("1.1", "b") + ding("1.2", "a")) == ["own.ding-once"], "again at its port")
    #expect(try rules(ding("1.0", "a") + ding("9.1", "b")) == ["own.ding-once"], "too late for the same report")
    #expect(try rules(ding("1.0", "a") + ding("1.5", "a")) == ["own.ding-once"])
  }

  @Test func rulesThatAskForThePortSeeEach() throws {
    let bell = { (time: String, port: String) in "\(time) \(port) <-- \"\\r\\n+BELL: 1\\r\\n\"\n" }
    #expect(try rules(bell("1.0", "a") + bell("1.1", "b")) == [])
    #expect(try rules(bell("1.0", "a") + bell("1.1", "b") + bell("2.0", "b")) == ["own.bell-port"])
  }

  @Test func dataBehindConnectKnowTheirCommand() throws {
    let pull = { (size: Int) in
      "1.0 --> \"AT+PULL=\(size)\\r\"\n1.1 <-- \"\\r\\nCONNECT\\r\\n\"\n1.2 <-- \"abc\\x03\"\n"
    }
    #expect(try rules(pull(3)) == [])
    #expect(try rules(pull(4)).contains("own.pull-size"))
  }
}
