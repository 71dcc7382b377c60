import Foundation
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// How a comparison is written: whole, safe against what stands in a log, and bounded.
@Suite struct DiffReportTests {
  private func outputs(_ diff: DiffReport) -> [String] {
    [DiffText.text(diff, style: TextStyle(color: false)), DiffJSON.text(diff, version: "1"), DiffHTML.text(diff)]
  }

  @Test func whatStandsInALogStaysText() throws {
    let old = Session("0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"")
    let new = Session(
      """
      0.1 --> "AT+X=\\"</script><script>alert(1)</script>\\x00\\x1B[31m\\xE2\\x80\\xAE\\"\\r"
      0.2 <-- "\\r\\n+X: <img src=x onerror=alert(1)>\\x1B]0;x\\x07\\r\\n\\r\\nERROR\\r\\n"
      0.4 --> "AT+EMAILTO=5\\r"
      0.5 <-- "\\r\\nERROR\\r\\n"
      """)
    let path = "</title><script>alert(2)</script>'\"&\u{202E}\u{1B}[31m\u{0}\u{200F}.trace"
    for (index, text) in outputs(Diffs.diff(old, new, path: path)).enumerated() {
      let isClean = text.unicodeScalars.allSatisfy {
        !($0.value < 0x20 && $0 != "\n") && !(0x7F...0x9F).contains($0.value) && !(0x200E...0x200F).contains($0.value)
          && !(0x202A...0x202E).contains($0.value)
      }
      #expect(isClean || index == 1, "\(text)")
      if index == 1 { #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any]) }
      if index == 2 {
        #expect(!text.contains("<script") && !text.contains("<img"))
        #expect(text.contains("&lt;/title&gt;&lt;script&gt;alert(2)"))
      }
    }
  }

  @Test func secretsAreHidden() {
    let diff = Diffs.diff(Session("0.1 --> \"AT\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\""), Session(ReportTests.secret))
    for text in outputs(diff) {
      // A fingerprint may hold any letters of a to f.
      let said = text.replacing(#/"fingerprint": "[0-9a-f]+"/#, with: "")
      for word in ReportTests.words { #expect(!said.contains(word), "\(word) in \(said)") }
      #expect(said.contains("AT+CPIN="))
    }
  }

  @Test func jsonHasItsMembers() throws {
    let text = DiffJSON.text(Diffs.diff(["AT+CSQ"], ["AT+CSQ||ERROR", "AT+EMAILTO=5||ERROR"]), version: "1")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(root["schema"] as? String == "attrace.diff/1" && root["regression"] as? Bool == true)
    for key in [
      "tool", "old", "new", "reasons", "remarks", "thresholds", "judged", "summary", "first_divergence", "changes",
      "changes_not_listed", "findings", "latency", "throughput",
    ] { #expect(root[key] != nil, "\(key)") }
    let summary = try #require(root["summary"] as? [String: Any])
    #expect(summary["result"] as? Int == 1 && summary["added"] as? Int == 1 && summary["new_errors"] as? Int == 2)
    let changes = try #require(root["changes"] as? [[String: Any]])
    #expect(changes.first?["kind"] as? String == "result")
    #expect((changes.first?["new"] as? [String: Any])?["result"] as? String == "ERROR")
    #expect(changes.last?["old"] is NSNull)
  }

  @Test func manyChangesStayWithinBounds() {
    let old = (0..<3000).map { "AT+CMGR=\($0)" }
    let new = (0..<3000).map { "AT+CMGD=\($0)" }
    let diff = Diffs.diff(old, new)
    #expect(diff.comparison.isWindowed && diff.remarks.contains { $0.contains("window by window") })
    #expect(diff.comparison.changes.total == 6000 && diff.comparison.changes.list.count == ChangeList.limit)
    #expect(diff.comparison.changes.leftOut == 5000)
    let outputs = outputs(diff)
    #expect(outputs[0].split(separator: "\n").count < 120 && outputs[0].contains("and 5960 more"))
    #expect(outputs[2].utf8.count < 400_000 && outputs[2].contains("5800 more"))
  }

  @Test func differentProfilesAreSaid() {
    let session = Diffs.session(["AT+CSQ|+CSQ: 9,0"])
    let before = Diffs.side(session, Books.mail)
    let after = Diffs.side(session, Books.generic)
    let diff = DiffReport(
      old: before.report, before.transcript, new: after.report, after.transcript, limits: ComparisonLimits(),
      failOn: nil)
    #expect(outputs(diff).allSatisfy { $0.contains("the profile sim900, NEW with 3gpp") })
  }

  @Test func theLimitsDecide() {
    var limits = ComparisonLimits()
    let (old, new) = (["AT+CSQ"], ["AT+CSQ||ERROR", "AT+CREG?"])
    #expect(Diffs.diff(old, new, limits: limits).regressions.map(\.kind) == [.errors])
    limits.newErrors = 1
    #expect(Diffs.diff(old, new, limits: limits).regressions.isEmpty)
    limits.newErrors = nil
    limits.changes = 1
    #expect(Diffs.diff(old, new, limits: limits).regressions.map(\.kind) == [.changes])
    limits.changes = 2
    #expect(Diffs.diff(old, new, limits: limits).regressions.isEmpty)
  }
}
