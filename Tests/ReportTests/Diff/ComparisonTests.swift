import Foundation
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// What changed between two sessions. Line 2 holds the first command, line 4 the second, and so on.
@Suite struct ComparisonTests {
  private let base = ["ATE0", "AT+CSQ|+CSQ: 9,0", "AT+CREG?|+CREG: 0,1", "AT+EMAILTO=30", "AT+CGATT?|+CGATT: 1"]

  private func changed(_ change: (inout [String]) -> Void) -> DiffReport {
    var other = base
    change(&other)
    return Diffs.diff(base, other)
  }

  @Test func theSameSessionIsTheSame() {
    let diff = Diffs.diff(base, base)
    #expect(Diffs.changes(diff) == [] && diff.comparison.divergence == nil && diff.isSame && diff.regressions.isEmpty)
  }

  @Test func added() {
    let diff = changed { $0.insert("AT+COPS?|+COPS: 0", at: 2) }
    #expect(Diffs.changes(diff) == ["added >6"])
    let divergence = diff.comparison.divergence
    #expect(divergence?.common == 2 && divergence?.old?.place == 6 && divergence?.new?.place == 6)
  }

  @Test func addedAtTheEnd() {
    let diff = changed { $0.append("AT+COPS?|+COPS: 0") }
    #expect(Diffs.changes(diff) == ["added >12"])
    #expect(diff.comparison.divergence?.old == nil && diff.comparison.divergence?.new?.place == 12)
  }

  @Test func removed() {
    let diff = changed { $0.remove(at: 1) }
    #expect(Diffs.changes(diff) == ["removed 4>"])
    #expect(diff.comparison.divergence?.common == 1 && diff.comparison.divergence?.new?.place == 4)
    #expect(diff.regressions.isEmpty)
  }

  @Test func moved() {
    #expect(
      Diffs.changes(changed { $0.swapAt(1, 2) }) == ["moved 4>6"]
        || Diffs.changes(changed { $0.swapAt(1, 2) }) == ["moved 6>4"])
  }

  @Test func farAwayItIsAnotherOne() {
    let filler = (0..<100).map { "AT+CMGR=\($0)" }
    let diff = Diffs.diff(["AT+CSQ"] + filler, filler + ["AT+CSQ"])
    #expect(Set(diff.comparison.changes.counts.keys) == [.added, .removed])
  }

  @Test func otherParameters() {
    #expect(Diffs.changes(changed { $0[3] = "AT+EMAILTO=60" }) == ["parameters 8>8"])
  }

  @Test func anotherPlaceAndOtherParameters() {
    let diff = changed {
      $0.remove(at: 3)
      $0.insert("AT+EMAILTO=60", at: 1)
    }
    #expect(Set(Diffs.changes(diff)) == ["moved 8>4", "parameters 8>4"])
  }

  @Test func smallLettersAreTheSameCommand() {
    #expect(Diffs.changes(changed { $0[1] = "at+csq|+CSQ: 9,0" }) == [])
  }

  @Test func anotherResult() {
    let diff = changed { $0[3] = "AT+EMAILTO=30||ERROR" }
    #expect(Diffs.changes(diff) == ["result 8>8"])
    #expect(diff.comparison.newErrors == 1 && diff.regressions.map(\.kind) == [.errors])
    let other = Diffs.diff(["AT+CSQ||+CME ERROR: 3"], ["AT+CSQ||+CME ERROR: 4"])
    #expect(Diffs.changes(other) == ["result 2>2"] && other.comparison.newErrors == 0)
  }

  @Test func whatFailedBeforeIsNoNewError() {
    let diff = Diffs.diff(["AT+EMAILTO=30||ERROR"], ["AT+EMAILTO=30||ERROR", "AT+EMAILTO=30||ERROR"])
    #expect(Diffs.changes(diff) == ["added >4"] && diff.comparison.newErrors == 0)
  }

  @Test func otherLinesAndOtherValues() {
    #expect(Diffs.changes(changed { $0[2] = "AT+CREG?" }) == ["answer 6>6"])
    let values = changed { $0[1] = "AT+CSQ|+CSQ: 21,0" }
    #expect(Diffs.changes(values) == ["values 4>4"])
    #expect(values.comparison.divergence == nil && values.isSame, "nothing is concluded from values")
  }

  @Test func lateResultsAreResultsByTheirCode() {
    func session(_ late: String) -> Session {
      Session(
        """
        0.1 --> "AT+POP3NUM\\r"
        0.2 <-- "\\r\\nOK\\r\\n"
        0.9 <-- "\\r\\n+POP3NUM: \(late)\\r\\n"
        """)
    }
    #expect(Diffs.changes(Diffs.diff(session("1,2,300"), session("1,7,900"))) == ["values 2>2"])
    #expect(Diffs.changes(Diffs.diff(session("1,2,300"), session("0"))) == ["result 2>2"])
  }

  @Test func theEndOfATraceIsNoResult() {
    let whole = Session("0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\"")
    let cut = Session("0.1 --> \"AT+CSQ\\r\"")
    let diff = Diffs.diff(whole, cut)
    #expect(Diffs.changes(diff) == [] && diff.comparison.newErrors == 0)
  }

  @Test func secretsAreComparedButNotShown() {
    let diff = Diffs.diff(["AT+CPIN=\\\"4711\\\""], ["AT+CPIN=\\\"1147\\\""])
    #expect(Diffs.changes(diff) == ["parameters 2>2"])
    #expect(diff.comparison.changes.list.first?.isHidden == true)
    for text in [
      DiffText.text(diff, style: TextStyle(color: false)), DiffJSON.text(diff, version: "1"), DiffHTML.text(diff),
    ] {
      #expect(text.contains("masked") && text.contains("****") && !text.contains("4711") && !text.contains("1147"))
    }
    let shown = Diffs.diff(
      Diffs.session(["AT+CPIN=\\\"4711\\\""]), Diffs.session(["AT+CPIN=\\\"1147\\\""]), redact: false)
    #expect(DiffText.text(shown, style: TextStyle(color: false)).contains("1147"))
  }

  @Test func findingsAreKnownByWhatTheySayNotByTheirLine() {
    let diff = Diffs.diff(
      ["AT+EMAILTO=5||ERROR", "AT+CSQ|+CSQ: 9,0"], ["AT+CSQ|+CSQ: 9,0", "AT+EMAILTO=5||ERROR", "AT+EMAILTO=900||ERROR"])
    let isRange = { (found: ReportedFinding) in found.finding.rule == "at.parameter-range" }
    #expect(diff.comparison.newFindings.filter(isRange).map(\.finding.position.place) == [6])
    #expect(diff.comparison.goneFindings.filter(isRange).isEmpty)
    #expect(diff.regressions.contains { $0.kind == .findings })
  }

  @Test func howPortsTakeTurnsIsChance() {
    func session(_ order: [String]) -> Session {
      var text = ""
      for (index, port) in order.enumerated() {
        text += "\(index + 1).1 \(port) --> \"AT+\(port.uppercased())=\(index / 2)\\r\"\n"
        text += "\(index + 1).2 \(port) <-- \"\\r\\nOK\\r\\n\"\n"
      }
      return Session(text)
    }
    let one = Session(
      "1.1 aa --> \"ATE0\\r\"\n1.2 aa <-- \"\\r\\nOK\\r\\n\"\n2.1 bb --> \"AT+CSQ\\r\"\n2.2 bb <-- \"\\r\\nOK\\r\\n\"")
    let other = Session(
      "1.1 bb --> \"AT+CSQ\\r\"\n1.2 bb <-- \"\\r\\nOK\\r\\n\"\n2.1 aa --> \"ATE0\\r\"\n2.2 aa <-- \"\\r\\nOK\\r\\n\"")
    #expect(Diffs.changes(Diffs.diff(one, other)) == [])
    let exchanged = Session(
      "1.1 bb --> \"ATE0\\r\"\n1.2 bb <-- \"\\r\\nOK\\r\\n\"\n2.1 aa --> \"AT+CSQ\\r\"\n2.2 aa <-- \"\\r\\nOK\\r\\n\"")
    #expect(!Diffs.changes(Diffs.diff(one, exchanged)).isEmpty)
    #expect(Diffs.changes(Diffs.diff(session(["aa", "bb"]), session(["aa", "bb"]))) == [])
  }

  /// A session differs from itself in nothing, however its bytes were cut.
  @Test(arguments: ["sim900/mail-session", "3gpp/firmware-dies", "3gpp/concatenation-and-echo", "l610/broken-framing"])
  func cutsDoNotMatter(_ name: String) throws {
    let file = HTMLReportTests.root.appending(path: "fixtures/\(name)/input.trace")
    let session = Session(log: [UInt8](try Data(contentsOf: file)))
    let book = try #require(Books.builtIn[String(name.prefix { $0 != "/" })])
    let whole = DiffJSON.text(Diffs.diff(session, session, book), version: "1")
    for cut in [session.cutIntoBytes(), session.cut(everyChunkAt: 3)] {
      let diff = Diffs.diff(session, cut, book)
      #expect(diff.isSame && diff.comparison.changes.list.isEmpty, "\(Diffs.changes(diff))")
      #expect(DiffJSON.text(diff, version: "1") == whole)
    }
  }
}
