import Foundation
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// Reports say what was found, hide what is secret, and cannot be broken by hostile bytes.
@Suite struct ReportTests {
  static let secret = """
    #! baud 9600
    0.1 --> "AT+SMTPAUTH=2,\\"ada\\",\\"difference\\"\\r"
    0.2 <-- "AT+SMTPAUTH=2,\\"ada\\",\\"difference\\"\\r\\r\\nERROR\\r\\n"
    0.3 --> "AT+CPIN=\\"4711\\"\\r"
    0.4 <-- "\\r\\n+CME ERROR: 16\\r\\n"
    0.5 --> "AT+CIMI\\r"
    0.6 <-- "\\r\\n262019876543210\\r\\n\\r\\nOK\\r\\n"
    0.7 --> "AT+CMGF=1\\r"
    0.8 <-- "\\r\\nOK\\r\\n"
    0.9 --> "AT+CMGS=\\"+4917012345\\"\\r"
    1.0 <-- "\\r\\n> "
    1.1 --> "meet me at noon\\x1A"
    1.2 <-- "\\r\\n+CMS ERROR: 500\\r\\n"
    1.3 --> "AT+SAPBR=3,1,\\"PWD\\",\\"sesame\\"\\r"
    1.4 <-- "\\r\\nERROR\\r\\n"
    1.5 --> "AT+UNKNOWNPASSWORD=\\"hunter2\\"\\r"
    1.6 <-- "\\r\\nERROR\\r\\n"
    """
  static let words = ["ada", "difference", "4711", "262019876543210", "4917012345", "noon", "sesame", "hunter2"]

  private func reports(_ text: String, redact: Bool = true) -> [InputReport] {
    let session = Session(text)
    let inspector = Inspector(
      book: Books.mail, options: InspectionOptions(resolution: session.facts.resolution, baud: 9600, redact: redact))
    inspector.take(session.batch)
    inspector.finish()
    return [
      InputReport(
        path: "a\u{1B}[31m.trace", format: "trace", profile: "sim900", profileReason: "", start: nil,
        resolution: session.facts.resolution, ports: [""], findings: inspector.takeFindings(), warnings: [],
        inspector: inspector)
    ]
  }

  private func decoded(_ text: String, redact: Bool, json: Bool) -> String {
    let session = Session(text)
    let inspector = Inspector(book: Books.mail, options: InspectionOptions())
    var words = SessionText(book: Books.mail, redact: redact, style: TextStyle(color: false))
    var lines = SessionJSONLines(book: Books.mail, redact: redact, ports: [""])
    var seen = ""
    inspector.take(session.batch) { batch in seen += json ? lines.text(batch) : words.text(batch) }
    inspector.finish { batch in seen += json ? lines.text(batch) : words.text(batch) }
    return seen
  }

  @Test func nothingSecretStandsInAnyOutput() {
    let reports = reports(Self.secret)
    let outputs = [
      TextReport.text(reports, style: TextStyle(color: true)), JSONReport.text(reports, version: "1"),
      JSONLinesReport.text(reports, version: "1"), decoded(Self.secret, redact: true, json: false),
      decoded(Self.secret, redact: true, json: true),
    ]
    for output in outputs {
      for word in Self.words { #expect(!output.contains(word), "\(word) in \(output)") }
    }
  }

  @Test func onRequestItIsShown() {
    let text = decoded(Self.secret, redact: false, json: false)
    for word in Self.words { #expect(text.contains(word), "\(word)") }
  }

  @Test func jsonHasTheMembersOfTheContract() throws {
    let text = JSONReport.text(reports(Self.secret), version: "1")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(root["schema"] as? String == "attrace.report/1")
    for key in ["tool", "inputs", "summary", "findings", "commands", "transfers", "coverage"] {
      #expect(root[key] != nil)
    }
    let finding = try #require((root["findings"] as? [[String: Any]])?.first)
    for key in [
      "rule", "severity", "message", "input", "line", "packet", "offset", "time_s", "port", "cites", "related",
    ] {
      #expect(finding[key] != nil, "\(key)")
    }
    let command = try #require((root["commands"] as? [[String: Any]])?.first)
    for key in ["command", "form", "count", "ok", "error", "unanswered", "latency_s"] { #expect(command[key] != nil) }
    let transfer = try #require((root["transfers"] as? [[String: Any]])?.first)
    for key in [
      "kind", "direction", "name", "start_s", "end_s", "payload_bytes", "wire_bytes", "throughput_Bps",
      "line_utilisation",
      "retransmissions", "errors", "longest_stall_s", "complete", "sha256", "line",
    ] { #expect(transfer[key] != nil, "\(key)") }
  }

  @Test func jsonLinesAreObjectsWithTheirTypeFirst() throws {
    for line in JSONLinesReport.text(reports(Self.secret), version: "1").split(separator: "\n") {
      #expect(line.hasPrefix("{\"type\":"))
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
  }

  @Test func textFitsAHundredColumns() {
    for line in TextReport.text(reports(Self.secret), style: TextStyle(color: false)).split(separator: "\n") {
      #expect(line.count <= 100, "\(line)")
    }
  }

  @Test func noControlByteReachesATerminal() {
    let hostile = "0.1 --> \"AT+CSQ\\x1B[2J\\x07\\x9B31m\\r\"\n0.2 <-- \"\\r\\n\\x1B]0;owned\\x07\\r\\nERROR\\r\\n\""
    let outputs = [
      TextReport.text(reports(hostile), style: TextStyle(color: false)), decoded(hostile, redact: false, json: false),
      decoded(hostile, redact: false, json: true), JSONReport.text(reports(hostile), version: "1"),
    ]
    for output in outputs {
      for scalar in output.unicodeScalars {
        #expect(scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
      }
    }
  }

  @Test func everyRuleCanBeExplained() {
    for name in RuleText.names([Books.generic, Books.mail]) {
      #expect(RuleText.explain(name, [Books.generic, Books.mail]) != nil, "\(name)")
    }
    #expect(RuleText.explain("at.no-such-rule", [Books.generic]) == nil)
  }

  @Test func everyStatementCitesASection() {
    for book in [Books.generic, Books.mail] {
      for statement in book.statements { #expect(!statement.source.section.isEmpty, "\(statement.rule)") }
      for command in book.commands { #expect(!command.source.section.isEmpty, "\(command.name)") }
    }
  }

  @Test func aCommandIsShownFromItsData() throws {
    let command = try #require(Books.mail.command(named: "+POP3READ"))
    let page = ProfileText.command(command, of: Books.mail)
    #expect(page.contains("section 2.19"))
    #expect(page.contains("1..1460"))
  }

  @Test func aFindingStandsAmongItsLines() throws {
    let found = try #require(reports(Self.secret).first?.findings.first)
    #expect(found.context.contains { $0.isMarked && $0.place == found.finding.position.place })
    #expect(found.context.count >= 2)
  }
}
