import Sessions
import Testing

/// The words of the language for answers: what ends a command, what a line may look like, and data that nobody asks for.
@Suite struct AnswerWordTests {
  static let yaml = """
    profile: own
    title: Answers of all kinds
    documents: [{id: OWN, title: Answers}]
    errors:
      stack: {100: no line, 38100: no name}
    finals:
      - {text: "*ERR:", fails: true, means: stack}
      - {text: Info_Up, number: 3077, ok-may-follow: true}
    memory:
      left: {}
      last: {}
      sizes: {by: 1}
      given: {by: 1}
      more: {by: 1}
    commands:
      E: {section: "0", exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      V: {section: "0", exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      "*TEXT<i:int 1..3>":
        section: "1"
        title: Text <i>
        aliases: ["*TXET<i>"]
        read: {gives: "*TEXT<i>: <text:str ..8 blank>", reports: write}
        write: {takes: "<text:str ..8 blank>", moves: {"sizes[i]": length(text)}}
      "*SHOW<i:int 1..3>":
        section: "2"
        exec:
          gives: [{of: "*TEXT<i>"}, {line: "*SIZE<i>: <size:int>", times: "0..1", holds: {show-size: "size == sizes[i]"}}]
      "*LIMIT": {section: "3", write: {takes: "<left:int>", moves: {left: left}}}
      "*DIAL":
        section: "4"
        exec:
          exact: true
          on-sent: {moves: {last: 0}}
          gives:
            - {line: DIALLING, aliases: [DAILLING, "2001"], times: "0..", moves: {last: last + 1}}
            - {line: "CONNECT <speed:int 300|9600>", times: "0..1"}
            - {line: BUSY, times: "0..", when: "last <= left", may-end: true}
            - {line: "<address:ip bare>", times: "0..1"}
      "*ASK": {section: "5", exec: {gives: {line: "<who:any> is there, after <time:int 0..99> ms", times: "0.."}}}
      "*FILL<i:int 1..2>":
        section: "6"
        exec:
          prompt: none
          data:
            ends: ctrl-z
            from: host
            as: lines
            on-line:
              holds: {fill-length: "length <= 5", fill-mail: "mailbox == 1", fill-ascii: "eightbit == 0", fill-two: "number <= 2"}
              moves: {"given[i]": number}
      "*PUT": {section: "7", exec: {gives: {line: Go, data: {ends: dot-line, from: host, silent: true}}}}
      "*WAIT":
        section: "8"
        exec:
          then: {line: Go, result: true, data: {ends: dle-etx, from: both}}
      "*GET": {section: "9", exec: {gives: {line: Go, data: {ends: dot-line, from: modem}}}}
    unsolicited:
      - {line: CONNECT, aliases: [CONNECT 9600], section: "4"}
      - {line: "*ERR: 100", section: "4"}
    """

  private func outcome(_ text: String) throws -> Outcome { try Session(text).outcome(Books.own(Self.yaml)) }
  private func rules(_ lines: String...) throws -> [String] { try outcome(session(lines)).rules }
  private func session(_ lines: [String]) -> String {
    lines.enumerated().map { index, line in
      let text = line.dropFirst(2).replacing("\"", with: "\\\"")
      switch line.first {
      case ">": return "\(index) --> \"\(text)\\r\""
      case "<": return "\(index) <-- \"\\r\\n\(text)\\r\\n\""
      case "}": return "\(index) --> \"\(text)\""
      default: return "\(index) <-- \"\(text)\""
      }
    }.joined(separator: "\n")
  }

  @Test func aResultWithANumberHasAMeaning() throws {
    let seen = try outcome(session(["> AT*ASK", "< *ERR: 38100", "> AT*ASK", "< *err:100"]))
    #expect(seen.allRules == ["at.command-failed", "at.command-failed"])
    #expect(seen.findings.contains { $0.contains("38100: no name") })
  }

  @Test func aResultHasANumericForm() throws {
    #expect(try rules("> ATV0", "{ 0\\r", "> AT*ASK", "{ 38100\\r", "> AT*ASK", "{ 3077\\r", "> ATE", "{ 0\\r") == [])
  }

  @Test func anOKMayFollowAResult() throws {
    #expect(try rules("> AT*DIAL", "< INFO_UP", "< OK", "> ATE", "< OK") == [])
    #expect(try rules("> AT*DIAL", "< Info_Up", "< OK", "< OK") == ["at.stray-final"])
  }

  @Test func aFamilyIsStatedOnce() throws {
    #expect(try rules("> AT*TEXT2=\"ab\"", "< OK", "> AT*TXET2?", "< *TEXT2: \"ab\"", "< OK") == [])
    #expect(try rules("> AT*TEXT4=\"ab\"", "< ERROR") == ["at.parameter-range"])
    #expect(
      try rules("> AT*TEXT1=\"ab\"", "< OK", "> AT*TEXT1?", "< *TEXT1: \"ax\"", "< OK") == ["at.read-back"])
  }

  @Test func askingForASettingDoesNotForgetIt() throws {
    let set = ["> AT*TEXT1=\"ab\"", "< OK", "> AT*TEXT1?", "< *TEXT1: \"ab\"", "< OK", "> AT*TEXT1=?", "< OK"]
    let again = ["> AT*TEXT1?", "< *TEXT1: \"ax\"", "< OK"]
    func told(_ lines: [String]) -> Int { lines.count { $0 == "at.read-back" } }
    #expect(told(try outcome(session(set + again)).allRules) == 1)
    // It is told once: what is there now was not set.
    #expect(told(try outcome(session(set + again + again)).allRules) == 1)
  }

  @Test func aLineShowsTheSettingOfAnotherCommand() throws {
    let set = "> AT*TEXT3=\"abc\""
    #expect(try rules(set, "< OK", "> AT*SHOW3", "< *TEXT3: \"abc\"", "< *SIZE3: 3", "< OK") == [])
    #expect(try rules(set, "< OK", "> AT*SHOW3", "< *TEXT3: \"abx\"", "< OK") == ["at.read-back"])
    #expect(try rules(set, "< OK", "> AT*SHOW3", "< *TEXT3: \"abc\"", "< *SIZE3: 4", "< OK") == ["own.show-size"])
    #expect(try rules("> AT*SHOW3", "< OK") == ["at.response-missing"])
  }

  @Test func aResultCodeMayBeALineOfTheAnswer() throws {
    #expect(try rules("> AT*DIAL", "< dialling", "< CONNECT 9600", "< 10.0.0.1", "< Info_Up", "> ATE", "< OK") == [])
    #expect(try rules("> AT*DIAL", "< DIALLING", "< CONNECT 1", "< Info_Up") == ["at.response-shape"])
    #expect(try rules("> ATE", "< OK", "< CONNECT 9600", "> ATE", "< OK") == [])
  }

  @Test func aLineMayBeTheEndOrNot() throws {
    #expect(try rules("> AT*DIAL", "< DIALLING", "< BUSY", "> ATE", "< OK") == [])
    #expect(try rules("> AT*DIAL", "< DIALLING", "< BUSY", "< DIALLING", "< Info_Up", "> ATE", "< OK") == [])
    // Known to be the last: a failure like any other.
    #expect(
      try rules("> AT*LIMIT=0", "< OK", "> AT*DIAL", "< DIALLING", "< BUSY", "< OK") == ["at.stray-final"])
  }

  @Test func onlyTheListedLinesMayCome() throws {
    #expect(try rules("> AT*DIAL", "< HELLO", "< Info_Up") == ["at.response-unexpected"])
    #expect(try rules("> AT*DIAL", "< +NEWS: 1", "< Info_Up") == [])
  }

  @Test func wordsStandAroundValues() throws {
    #expect(try rules("> AT*ASK", "< a.b is there, after 5 ms", "< OK") == [])
    #expect(try rules("> AT*ASK", "< a.b is there, after 100 ms", "< OK") == ["at.response-shape"])
  }

  @Test func dataFollowTheCommandAtOnce() throws {
    #expect(try rules("> AT*FILL1", "} \\na@b.c\\r\\n\\x1A", "< OK", "> ATE", "< OK") == [])
    #expect(try rules("> AT*FILL1", "< ERROR", "> ATE", "< OK") == [])
    #expect(try rules("> AT*FILL1", "} a@b.cd\\r\\n\\x1A", "< OK") == ["own.fill-length"])
    #expect(
      try rules("> AT*FILL1", "} a.b\\r\\na@\\xE9\\x1A", "< OK").sorted() == [
        "own.fill-ascii", "own.fill-mail", "own.fill-mail",
      ])
    #expect(
      try rules("> AT*FILL1", "} a@b\\r\\na@b\\r\\na@b\\r\\n\\x1A", "< OK").filter { $0 != "own.fill-mail" } == [
        "own.fill-two"
      ])
  }

  @Test func linesDoNotDependOnCuts() throws {
    let text = session(["> AT*FILL1", "} a@b.cd\\r\\na.b\\r\\nb\\xE9", "} \\x1A", "< OK"])
    let book = try Books.own(Self.yaml)
    let whole = Session(text).outcome(book)
    #expect(Session(text).cutIntoBytes().outcome(book, together: false).findings == whole.findings)
  }

  /// What the other suites of generic rules have no session for.
  static let echo = "0 --> \"AT*PUT\\r\"\n1 <-- \"\\r\\nGo\\r\\n\"\n2 --> \"Hello\\r\\n\"\n3 <-- \"Hello\\r\\n\""

  @Test func echoedDataAreSeen() throws {
    #expect(try outcome(Self.echo + "\n4 --> \".\\r\\n\"\n5 <-- \"\\r\\nOK\\r\\n\"").rules == ["at.data-echoed"])
    #expect(try rules("> AT*PUT", "< Go", "} Hello\\r\\n", "< +NEWS: 1", "} .\\r\\n", "< OK") == [])
    #expect(try rules("> AT*PUT", "< Go", "} Hello\\r\\n", "< ERROR", "> ATE", "< OK") == [])
  }

  @Test func dataBeforeTheyAreAskedForAreNone() throws {
    #expect(try rules("> AT*PUT", "} Hello", "< Go", "} x\\r\\n.\\r\\n", "< OK", "> ATE", "< OK") == ["at.garbage"])
  }

  @Test func aLateLineMayHaveAResultOfItsOwn() throws {
    #expect(try rules("> AT*WAIT", "< OK", "< Go", "} ab\\x03", "< OK", "> ATE", "< OK") == [])
    #expect(try rules("> AT*WAIT", "< OK", "< Go", "} ab\\x03", "< OK", "< OK") == ["at.stray-final"])
    #expect(try rules("> ATE", "< OK", "< *ERR: 100", "> ATE", "< OK") == [])
  }

  @Test func theHostCannotBreakOffWhatTheModemSends() throws {
    #expect(try rules("> AT*GET", "< Go", "{ ab\\r\\n", "} \\x03", "{ .\\r\\n\\r\\nOK\\r\\n") == ["at.garbage"])
    #expect(try rules("> AT*GET", "< Go", "{ ab\\r\\n", "{ .\\r\\n\\r\\nOK\\r\\n", "> ATE", "< OK") == [])
  }
}
