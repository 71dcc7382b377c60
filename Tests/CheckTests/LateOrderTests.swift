import Sessions
import Testing

/// Late results that may come on either side of OK, or not at all once another command has ended the waiting.
@Suite struct LateOrderTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    commands:
      +FREE: {section: "1", exec: {then: "+FREE: <code:int>", then-within: 10s, then-order: any}}
      +LATE: {section: "2", exec: {then: "+LATE: <code:int>", then-within: 10s}}
      +STOP: {section: "3", exec: {ends-waits: [+FREE, +LATE]}}
      +PICK:
        section: "4"
        write:
          takes: "<way:int 0|1>"
          gives:
            - {line: "+PICK: <low:int>", when: "way == 0", times: "0..1"}
            - {line: "+PICK: <high:int>", when: "way == 1", times: "0..1", holds: {pick-high: "high > 9"}}
    """
  static let ok = "\\r\\nOK\\r\\n"

  private func rules(_ text: String) throws -> [String] {
    try Session(text).outcome(Books.own(Self.yaml)).rules
  }

  @Test func eitherOrderWhereTheDocumentLeavesItOpen() throws {
    for name in ["FREE", "LATE"] {
      let after = "0.1 --> \"AT+\(name)\\r\"\n0.2 <-- \"\(Self.ok)\"\n0.3 <-- \"\\r\\n+\(name): 0\\r\\n\""
      let before = "0.1 --> \"AT+\(name)\\r\"\n0.2 <-- \"\\r\\n+\(name): 0\\r\\n\(Self.ok)\""
      #expect(try rules(after) == [])
      #expect(try rules(before) == (name == "FREE" ? [] : ["at.late-before-ok"]))
    }
  }

  @Test func aCommandMayEndTheWaiting() throws {
    let begin = "0.1 --> \"AT+LATE\\r\"\n0.2 <-- \"\(Self.ok)\"\n"
    let stop = "0.3 --> \"AT+STOP\\r\"\n0.4 <-- \"\(Self.ok)\"\n"
    let later = "30.0 --> \"AT\\r\"\n30.1 <-- \"\(Self.ok)\""
    #expect(try rules(begin + later) == ["at.late-missing"])
    #expect(try rules(begin + stop + later) == [])
  }

  @Test func ofTwoShapesThatFitTheOneThatIsDueIsMeant() throws {
    let ask = { (way: Int) in
      "0.1 --> \"AT+PICK=\(way)\\r\"\n0.2 <-- \"\\r\\n+PICK: 5\\r\\n\(Self.ok)\""
    }
    #expect(try rules(ask(0)) == [])
    #expect(try rules(ask(1)) == ["own.pick-high"])
  }
}
