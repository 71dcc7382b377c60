import Sessions
import Testing

/// What a document lists itself: its failures, its misprints, the length of an address.
@Suite struct OwnDocumentTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    errors:
      CME: {900: pump is dry, 901: valve stuck}
    commands:
      +WATER_LEVEL:
        section: "1"
        aliases: [+WATERLEVEL]
        exec: {gives: "+WATER_LEVEL: <litres:int 0..9>", then: "+WATER_LEVEL: done,<code:int 0|1>"}
      +WELL: {section: "2", write: {takes: "<where:host 1..300>"}}
    """

  /// The rules of the engine that are broken and kept here.
  static let breached = ["at.error-code"]

  private func rules(_ text: String) throws -> [String] { try Session(text).outcome(Books.own(Self.yaml)).rules }

  private func failed(_ result: String, of command: String = "AT+WATER_LEVEL") throws -> [String] {
    try rules("0.1 --> \"\(command)\\r\"\n0.2 <-- \"\\r\\n\(result)\\r\\n\"")
  }

  @Test func aFailureIsOneThatTheDocumentLists() throws {
    #expect(try failed("+CME ERROR: 901") == [])
    #expect(try failed("+CME ERROR: 999") == ["at.error-code"])
    #expect(try failed("+CME ERROR: Pump is dry ") == [])
    #expect(try failed("+CME ERROR: \\\"valve stuck\\\"") == [])
    #expect(try failed("+CME ERROR: 10") == [], "the standard's codes go on to count")
    #expect(try failed("+CME ERROR: sunburn") == ["at.error-code"])
    #expect(try failed("+CMS ERROR: 999") == [], "of these the document has no table")
    #expect(try failed("+CME ERROR: 999", of: "AT+ELSEWHERE") == [])
  }

  @Test func anAliasAnswersToo() throws {
    let asked = "0.1 --> \"AT+WATERLEVEL\\r\"\n"
    #expect(
      try rules(
        asked + "0.2 <-- \"\\r\\n+WATERLEVEL: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 <-- \"\\r\\n+WATERLEVEL: done,1\\r\\n\"")
        == [])
    #expect(try rules(asked + "0.2 <-- \"\\r\\n+WATERLEVEL: 10\\r\\n\\r\\nOK\\r\\n\"") == ["at.response-shape"])
    #expect(
      try rules(
        asked + "0.2 <-- \"\\r\\n+WATER_LEVEL: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 <-- \"\\r\\n+WATERLEVEL: done,2\\r\\n\"")
        == ["at.response-shape"])
  }

  @Test func aHostMayHaveALengthOfItsOwn() throws {
    func well(_ place: String) throws -> [String] { try failed("OK", of: "AT+WELL=\\\"\(place)\\\"") }
    #expect(try well("10.0.0.7") == [])
    #expect(try well("10.0.0.256") == ["at.parameter-type"])
    #expect(try well("10.0.7") == ["at.parameter-type"])
    #expect(try well(String(repeating: "w", count: 300)) == [], "longer than a DNS name may be")
    #expect(try well(String(repeating: "w", count: 301)) == ["at.parameter-length"])
    #expect(try well("deep well") == ["at.parameter-type"])
  }
}
