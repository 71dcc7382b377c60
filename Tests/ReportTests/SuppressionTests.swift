import Check
import Foundation
import Inspect
import Profile
import Sessions
import Testing
import Trace

@testable import Report

/// Suppressed findings fail nothing and are shown as such; the pieces that suppressions are made of.
@Suite struct SuppressionTests {
  private static let broken = """
    0.1 --> "AT+CSQ=5\\r"
    0.2 <-- "\\r\\nOK\\r\\n"
    0.3 <-- "\\r\\nOK\\r\\n"
    """

  private func report(_ path: String = "logs/a.trace") -> InputReport {
    let session = Session(Self.broken)
    let inspector = Inspector(book: Books.generic, options: InspectionOptions(resolution: session.facts.resolution))
    inspector.take(session.batch)
    inspector.finish()
    return InputReport(
      path: path, format: "trace", profile: "3gpp", profileReason: "", start: nil,
      resolution: session.facts.resolution, ports: [""], findings: inspector.takeFindings(), warnings: [],
      inspector: inspector)
  }

  private static func suppression(
    _ rule: String, path: String? = nil, command: String? = nil, contains: String? = nil, line: Int = 3
  ) throws -> Suppression {
    Suppression(
      rule: StarPattern(rule), path: path.map { PathGlob($0) }, command: command, contains: contains,
      reason: "ticket <12>", expires: try #require(CalendarDay("2027-01-31")),
      mark: FileMark(file: "c.yaml", line: line, column: 5))
  }

  private func marked(_ suppression: Suppression, today: String = "2027-01-31") throws -> InputReport {
    var report = report()
    Suppressions([suppression], today: try #require(CalendarDay(today))).mark(&report)
    return report
  }

  @Test func whatIsSuppressedFailsNothingAndIsCounted() throws {
    let plain = report()
    let rule = try #require(plain.findings.first { $0.finding.severity == .error }?.finding.rule)
    let report = try marked(Self.suppression(rule))
    #expect(report.count(.error) < plain.count(.error))
    #expect(report.suppressed > 0)
    let text = TextReport.text([report], style: TextStyle(color: false))
    #expect(text.contains(", \(report.suppressed) suppressed"))
    #expect(!text.contains(" error \(rule):"))
    #expect(!GitHubReport.text([report]).contains(rule))
    let all = try marked(Self.suppression("*"))
    let junit = JUnitReport.text([all], failOn: .note)
    #expect(
      junit.contains("<skipped message=\"suppressed until 2027-01-31: ticket &lt;12>\"/>")
        || junit.contains("ticket &lt;12&gt;"))
    #expect(!junit.contains("<failure"))
    let sarif = try #require(
      JSONSerialization.jsonObject(with: Data(SARIFReport.text([all], version: "1").utf8)) as? [String: Any])
    let results = try #require((sarif["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
    for result in results {
      let one = try #require((result["suppressions"] as? [[String: Any]])?.first)
      #expect(one["kind"] as? String == "external")
      #expect((one["justification"] as? String)?.hasPrefix("ticket <12>") == true)
    }
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(JSONReport.text([all], version: "1").utf8)) as? [String: Any])
    #expect((json["summary"] as? [String: Any])?["suppressed"] as? Int == all.findings.count)
    let first = try #require((json["findings"] as? [[String: Any]])?.first)
    #expect((first["suppressed"] as? [String: Any])?["until"] as? String == "2027-01-31")
    #expect(!Baseline.text([all]).contains("fingerprint\""), "what is suppressed does not become known")
  }

  @Test func onlyWhatIsMeantIsSuppressed() throws {
    let all = report().findings.count
    #expect(all > 1)
    #expect(try marked(Self.suppression("*", path: "logs/*.trace")).suppressed == all)
    #expect(try marked(Self.suppression("*", path: "other/*.trace")).suppressed == 0)
    #expect(try marked(Self.suppression("nothing.*")).suppressed == 0)
    #expect(try marked(Self.suppression("*", contains: "no such words")).suppressed == 0)
    let ofCommand = try marked(Self.suppression("*", command: "+CSQ")).suppressed
    #expect(ofCommand > 0)
    #expect(try marked(Self.suppression("*", command: "+CS")).suppressed == 0, "a name counts as a whole")
  }

  @Test func anEndIsAnEnd() throws {
    let one = try Self.suppression("*")
    #expect(try marked(one, today: "2027-01-31").suppressed > 0, "the last day counts")
    let late = try marked(one, today: "2027-02-01")
    #expect(late.suppressed == 0)
    let notices = Suppressions([one], today: try #require(CalendarDay("2027-02-01"))).notices([late], isWhole: true)
    #expect(notices.count == 1)
    #expect(notices.first?.text.hasPrefix("c.yaml:3:5: warning: the suppression of * expired on 2027-01-31") == true)
  }

  @Test func noticesStandInWhatMachinesRead() throws {
    let notice = Notice(.warning, "expired", FileMark(file: "a b.yaml", line: 3, column: 5))
    let sarif = try #require(
      JSONSerialization.jsonObject(with: Data(SARIFReport.text([report()], version: "1", notices: [notice]).utf8))
        as? [String: Any])
    let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    let told = try #require((invocation["toolConfigurationNotifications"] as? [[String: Any]])?.first)
    #expect(told["level"] as? String == "warning")
    #expect(invocation["executionSuccessful"] as? Bool == true)
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(JSONReport.text([report()], version: "1", notices: [notice]).utf8))
        as? [String: Any])
    #expect((json["notices"] as? [[String: Any]])?.first?["line"] as? Int == 3)
    #expect(JSONLinesReport.text([report()], version: "1", notices: [notice]).contains("{\"type\":\"notice\","))
    #expect(
      GitHubReport.text([], notices: [notice])
        == "::warning file=a b.yaml,line=3,col=5,title=configuration::expired\n")
  }

  @Test func whatMatchedNothingIsANoteUnlessAnInputIsMissing() throws {
    let one = try Self.suppression("nothing.*")
    let suppressions = Suppressions([one], today: try #require(CalendarDay("2027-01-01")))
    #expect(suppressions.notices([report()], isWhole: true).map(\.severity) == [.note])
    #expect(suppressions.notices([report()], isWhole: false).isEmpty)
  }

  @Test(arguments: [
    ("*.log", "a/b/c.log", true), ("*.log", "c.log", true), ("*.log", "c.log.gz", false),
    ("b/*.log", "a/b/c.log", true),
    ("b/*.log", "ab/c.log", false), ("a/*.log", "a/b/c.log", false), ("a/**/*.log", "a/b/c.log", true),
    ("a/**/*.log", "a/c.log", true), ("a/**", "a/b/c.log", true), ("a/", "x/a/b/c.log", true), ("/a/*", "/a/b", true),
    ("/a/*", "x/a/b", false), ("c?.log", "c1.log", true), ("c?.log", "c/.log", false), ("./a/*", "a/b", true),
    ("**", "anything/at/all", true), ("", "a", false), ("a*b*c", "a1b2c", true), ("**/x", "x", true),
  ]) func globs(_ pattern: String, _ path: String, _ wanted: Bool) {
    #expect(PathGlob(pattern).matches(path) == wanted)
  }

  @Test func days() {
    #expect(CalendarDay("2028-02-29")?.text == "2028-02-29")
    for text in [
      "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "27-01-01", "2027-01-00", "2027/01/01", "", "today",
    ] {
      #expect(CalendarDay(text) == nil, "\(text)")
    }
    #expect(CalendarDay("1900-02-29") == nil)
    #expect(CalendarDay("2000-02-29") != nil)
  }

  @Test func manyInputsAtAGlance() {
    let reports = (0..<60).map { report("logs/\($0).trace") }
    let text = TextReport.text(reports, style: TextStyle(color: false), unread: 2)
    #expect(text.contains("60 inputs: 60 with errors, 0 with warnings, 0 with neither; 2 more could not be read"))
    #expect(text.contains("findings by rule"))
    #expect(text.contains("… and 50 more inputs with errors or warnings"))
    #expect(text.contains("tables of commands and transfers are left out"))
    #expect(!TextReport.text([report()], style: TextStyle(color: false)).contains("worst inputs"))
  }
}
