import Check
import Profile
import Sessions
import Testing
import Trace

/// What the user expects of a session: each demand is met by one session and broken by another.
@Suite struct ExpectationTests {
  private static let mark = FileMark(file: "gate.yaml", line: 7, column: 3)

  private func command(
    _ text: String, _ result: ExpectedResult? = nil, answer: String? = nil, count: ExpectedCount = .any,
    within: Nanoseconds? = nil, latency: Nanoseconds? = nil
  ) -> ExpectedCommand {
    var one = ExpectedCommand(command: StarPattern(text), mark: Self.mark)
    one.result = result
    one.answer = answer.map { StarPattern($0) }
    one.count = count
    one.within = within
    one.latency = latency
    return one
  }

  private func user(_ body: (inout Check.Expectation) -> Void) -> UserSettings {
    var expectation = Check.Expectation(name: "gate")
    body(&expectation)
    var user = UserSettings()
    user.expectations = [expectation]
    return user
  }

  /// The findings of expectations alone; the same however the bytes are cut.
  private func found(_ lines: [String], _ body: (inout Check.Expectation) -> Void) -> [String] {
    found(Dialogue.session(lines), body)
  }

  private func found(_ session: Session, _ body: (inout Check.Expectation) -> Void) -> [String] {
    let user = user(body)
    let whole = session.outcome(Books.generic, user: user).findings.filter { $0.contains(" expect.gate ") }
    let cut = session.cutIntoBytes().outcome(Books.generic, together: false, user: user).findings
    #expect(cut.filter { $0.contains(" expect.gate ") } == whole)
    return whole
  }

  private static let ok = StarPattern("OK")
  private static let session = [
    "> AT+CSQ", "< +CSQ: 20,0", "< OK", "> AT+CREG?", "< +CREG: 0,1", "< OK", "> AT+CSQ", "< ERROR",
  ]

  @Test func whatIsSeenAsOftenAsExpectedIsNoFinding() {
    #expect(
      found(Self.session) {
        $0.mustSee = [
          command("at+csq", count: ExpectedCount(2, 2)), command("AT+CSQ", .text(Self.ok), answer: "+csq: *,0"),
          command("AT+CREG?", .success), command("AT+CSQ", .failure, count: ExpectedCount(1, 1)),
        ]
        $0.mustNotSee = [command("AT+CFUN*"), command("AT+CREG?", .failure), command("AT+CSQ", .absent)]
        $0.inOrder = [command("AT+CSQ"), command("AT+CREG?"), command("AT+CSQ")]
      } == [])
  }

  @Test func aCommandThatIsMissing() {
    let found = found(Self.session) { $0.mustSee = [command("AT+COPS?")] }
    #expect(found == ["8 error expect.gate [gate.yaml:7 expect] AT+COPS? was expected at least once, and not seen"])
  }

  @Test func anotherResultIsToldWhereItStands() {
    let found = found(["> AT+CMEE=1", "< OK", "> AT+COPS?", "< +CME ERROR: 30", "> AT", "< OK"]) {
      $0.mustSee = [command("AT+COPS?", .text(Self.ok))]
    }
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("4 error expect.gate") == true)
    #expect(found.first?.hasSuffix("and not seen; this one ended with +CME ERROR: 30") == true)
  }

  @Test func onceMoreThanExpectedIsToldWhereItHappens() {
    let found = found(["> AT", "< OK", "> AT", "< OK", "> AT", "< OK"]) {
      $0.mustSee = [command("AT", count: ExpectedCount(1, 2))]
    }
    #expect(found == ["6 error expect.gate [gate.yaml:7 expect] AT was expected 1 to 2 times; this is one more"])
  }

  @Test func anAnswerThatComesLater() {
    let lines = ["> AT+CSQ", "< +CSQ: 99,99", "< OK"]
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", answer: "+CSQ: 99,*")] } == [])
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", answer: "+CSQ: 1*")] }.count == 1)
    #expect(found(lines) { $0.mustNotSee = [command("AT+CSQ", answer: "+CSQ: 99,*")] }.count == 1)
    #expect(found(lines) { $0.mustNotSee = [command("AT+CSQ", answer: "+CSQ: 1*")] } == [])
  }

  @Test func whatMustNotBeSeenIsToldEachTimeUpToALimit() {
    let lines = (0..<30).flatMap { _ in ["> AT+CFUN=1", "< OK"] }
    let found = found(lines) { $0.mustNotSee = [command("AT+CFUN*")] }
    #expect(found.count == 10)
    #expect(found.count { $0.hasSuffix("; further ones are not told") } == 1)
  }

  @Test func unansweredCommands() {
    let lines = ["> AT+CSQ", "30", "> AT", "< OK", "> AT", "< OK"]
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", .absent)] } == [])
    #expect(found(lines) { $0.mustNotSee = [command("*", .absent)] }.count == 1)
  }

  /// What the end cut off has no result that could be wrong, but was sent.
  @Test func theEndOfTheTraceAccusesNobody() {
    let lines = ["> AT", "< OK", "> AT+CSQ"]
    #expect(found(lines) { $0.mustNotSee = [command("AT+CSQ", .failure), command("AT+CSQ", .absent)] } == [])
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ")] } == [])
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", .success)] }.count == 1)
  }

  @Test func anOrderThatIsBroken() {
    let steps = [command("AT+CSQ"), command("AT+CREG?"), command("AT+COPS?"), command("AT")]
    let found = found(Self.session) { $0.inOrder = steps }
    #expect(found.count == 1)
    #expect(
      found.first?.contains("AT+COPS? was expected after AT+CREG? (line 5), and did not come; 1 further") == true)
    let swapped = self.found(Self.session) { $0.inOrder = [command("AT+CREG?"), command("AT+CSQ", .success)] }
    #expect(swapped.first?.hasSuffix("did not come; one is in line 8, with ERROR") == true, "\(swapped)")
  }

  @Test func timesAreComparedWhereTheLogTellsThem() {
    // A line a second: each answer takes one.
    let second: Nanoseconds = 1_000_000_000
    let lines = ["> AT", "< OK", "> AT+CSQ", "< +CSQ: 1,0", "< OK"]
    #expect(found(lines) { $0.mustSee = [command("AT", within: 2 * second, latency: 2 * second)] } == [])
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", latency: second / 2)] }.count == 1)
    #expect(found(lines) { $0.mustSee = [command("AT+CSQ", latency: second)] } == [], "the clock is too coarse to tell")
    let late = found(lines) { $0.mustSee = [command("AT+CSQ", within: 2 * second)] }
    #expect(late.first?.contains("AT+CSQ was over after 4") == true, "\(late)")
    #expect(found(lines) { $0.inOrder = [command("AT"), command("AT+CSQ", within: 4 * second)] } == [])
    #expect(found(lines) { $0.inOrder = [command("AT"), command("AT+CSQ", within: second)] }.count == 1)
    #expect(found(lines) { $0.mustNotSee = [command("100%")] } == [])
    #expect(found(["> AT+A=%1%", "5", "< OK"]) { $0.mustSee = [command("AT+A=%*%", latency: 1000)] }.count == 1)
    let timeless = Session("- --> \"AT\\r\"\n- <-- \"\\r\\nOK\\r\\n\"\n")
    #expect(found(timeless) { $0.mustSee = [command("AT", within: 1, latency: 1)] } == [])
  }

  @Test func weightsOfTheConfigurationCount() {
    var user = user { $0.mustSee = [command("AT+COPS?")] }
    user.weights["expect.gate"] = .severity(.note)
    let session = Dialogue.session(["> AT", "< OK"])
    #expect(session.outcome(Books.generic, user: user).findings.first?.contains("note expect.gate") == true)
    user.weights["expect.gate"] = .off
    #expect(session.outcome(Books.generic, user: user).findings == [])
  }

  // MARK: Transfers

  private func transfer(_ body: (inout ExpectedTransfer) -> Void) -> ExpectedTransfer {
    var one = ExpectedTransfer(mark: Self.mark)
    one.kind = .xmodem
    body(&one)
    return one
  }

  private func judge(_ seen: [SeenTransfer], _ wanted: ExpectedTransfer) -> [String] {
    let settings = user { $0.transfers = [wanted] }
    guard var watch = ExpectationWatch(settings, resolution: .millisecond) else { return ["nothing is watched"] }
    watch.finish(seen)
    return watch.takeFindings().map { "\($0.position.place) \($0.message)" }
  }

  @Test func transfersAreComparedWithWhatWasMeasured() {
    let seen = SeenTransfer(
      kind: .xmodem, position: Position(place: 8, direction: .hostToModem), bytes: 512, complete: true, sha256: "ab",
      throughput: 900)
    #expect(
      judge([seen], transfer { ($0.complete, $0.size, $0.sha256, $0.throughput) = (true, 512, "ab", 800) }) == [])
    #expect(judge([seen], transfer { $0.direction = .modemToHost }).count == 1)
    #expect(judge([], transfer { $0.count = ExpectedCount(0, 2) }) == [])
    #expect(judge([], transfer { _ in }) == ["1 an xmodem transfer was expected at least once, and not seen"])
    #expect(judge([seen, seen], transfer { $0.count = ExpectedCount(1, 1) }).count == 1)
    #expect(judge([seen], transfer { $0.throughput = 1000 }).first?.contains("900 bytes/s; at least 1000") == true)
    let wrong = judge([seen], transfer { ($0.complete, $0.size) = (false, 513) })
    #expect(wrong.first?.hasPrefix("8 ") == true)
    #expect(wrong.first?.hasSuffix("this one is complete, and has 512 bytes instead of 513") == true, "\(wrong)")
  }

  @Test(arguments: [
    ("AT+CSQ", "at+csq\r", true), ("AT+CSQ", "AT+CSQ=1", false), ("AT*", "AT", true), ("*", "", true), ("", "", true),
    ("", "A", false), ("ATD\\*99#", "ATD*99#", true), ("ATD\\*99#", "ATDx99#", false), ("a\\\\b", "A\\B", true),
    ("*ab*ab", "abxab", true), ("*ab*ab", "ab", false), ("a**b", "ab", true), ("AT+CREG?", "AT+CREG1", false),
  ]) func patterns(_ pattern: String, _ text: String, _ wanted: Bool) {
    #expect(StarPattern(pattern).matches(text) == wanted)
  }
}
