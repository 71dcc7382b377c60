import Sessions
import Testing

/// An upload that the modem ends before the host has.
@Suite struct RefusedUploadTests {
  static let yaml = """
    profile: own
    documents: [{id: OWN, title: Own}]
    commands:
      +UP:
        section: "1"
        exec:
          then: {line: "+UP: 2", data: {ends: dle-etx, from: host, kind: ftp, closed-by: ["+UP:", GONE]}}
    unsolicited:
      - {line: "+UP: <result:int 0|1>", section: "1"}
      - {line: GONE, section: "1"}
      - {line: "+DOWN: <n:int>", section: "1"}
    """

  private func outcome(_ line: String) throws -> Outcome {
    try Session(
      """
      0.1 --> "AT+UP\\r"
      0.2 <-- "\\r\\nOK\\r\\n\\r\\n+UP: 2\\r\\n"
      0.3 --> "half a fi"
      0.4 <-- "\\r\\n\(line)\\r\\n"
      0.5 --> "AT+UP\\r"
      0.6 <-- "\\r\\nERROR\\r\\n"
      """
    ).outcome(Books.own(Self.yaml))
  }

  @Test func theLineThatSaysSoEndsIt() throws {
    for line in ["+UP: 0", "gone"] {
      let refused = try outcome(line)
      #expect(refused.findings == [])
      #expect(refused.events.filter { $0.hasPrefix("command ") }.count == 2, "the host goes on with a command")
    }
  }

  @Test func anyOtherLineDoesNot() throws {
    let other = try outcome("+DOWN: 1")
    #expect(other.events.filter { $0.hasPrefix("command ") }.count == 1, "what looks like a command is data")
  }
}
