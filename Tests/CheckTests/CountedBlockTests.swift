import Sessions
import Testing

/// Blocks whose length a line or a parameter tells.
@Suite struct CountedBlockTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    commands:
      +PUT:
        section: "1"
        write:
          takes: "<name:str>[,<len:int 0..>]"
          gives:
            - {line: "+PUT: BEGIN", when: "!given(len)", times: "0..1", data: {ends: ctrl-z, from: host, as: bytes}}
            - {line: "+PUT: BEGIN", when: "given(len)", times: "0..1", data: {counted: len, from: host, as: bytes}}
    unsolicited:
      - {line: "+GET: DATA,<len:int>", section: "2", data: {counted: len, from: modem, as: bytes, kind: ftp, until: never}}
      - {line: "+GET: <code:int>", section: "2", ends: {ftp: "code == 0"}}
    """
  static let ok = "\\r\\nOK\\r\\n"

  private func outcome(_ text: String) throws -> Outcome { try Session(text).outcome(Books.own(Self.yaml)) }

  private func put(_ parameters: String, _ data: String) throws -> [String] {
    try outcome(
      """
      0.1 --> "AT+PUT=\(parameters)\\r"
      0.2 <-- "\\r\\n+PUT: BEGIN\\r\\n"
      0.3 --> "\(data)"
      0.4 <-- "\(Self.ok)"
      """
    ).rules
  }

  @Test func aParameterCountsWhatFollowsALine() throws {
    #expect(try put("\\\"a\\\",5", "12\\x1A45") == [])
    #expect(try put("\\\"a\\\",5", "1234") == ["at.data-length"])
    #expect(try put("\\\"a\\\"", "12345\\x1A") == [])
    #expect(try put("\\\"a\\\"", "12345") == ["at.data-unfinished"])
  }

  private func get(_ announced: Int, _ data: String) throws -> Outcome {
    try outcome(
      "0.1 --> \"AT\\r\"\n0.2 <-- \"\(Self.ok)\\r\\n+GET: DATA,\(announced)\\r\\n\(data)\\r\\n+GET: 0\\r\\n\"")
  }

  @Test func aBlockThatTookTheNextLineEndIsShort() throws {
    #expect(try get(6, "abc\\r\\nd").rules == [])
    #expect(try get(7, "abc\\r\\nd").findings.map { $0.hasSuffix("1 byte fewer than the 7 announced") } == [true])
    #expect(try get(8, "abc\\r\\nd").findings.map { $0.hasSuffix("2 bytes fewer than the 8 announced") } == [true])
    #expect(try get(5, "abc\\r\\n").rules == [])
  }
}
