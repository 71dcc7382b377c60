import Foundation
import Testing

/// What programs read is read by programs of others: schemas, JUnit, SARIF, SQLite, timelines and tables.
@Suite struct MachineReportTests {
  private static let root = ReportFolder.root

  private static func inputs(_ folder: String, _ isWanted: (String) -> Bool) -> [String] {
    let all = FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.allObjects as? [String] ?? []
    return all.filter(isWanted).sorted().map { "\(folder)/\($0)" }
  }

  @Test func everyFixtureInEveryFormat() throws {
    let folder = try ReportFolder()
    let sessions = Self.inputs("fixtures") { $0.hasSuffix("/input.trace") || $0.hasSuffix("/input.log") }
    #expect(sessions.count > 20)
    var names = try folder.writeAll("all", sessions)
    // Findings that are known, and findings of two profiles.
    let known = ["--baseline", folder.path("all.baseline.json"), "--profile", "3gpp", "--profile", "sim900"]
    for (format, kind) in ReportFolder.formats where ["json", "sarif", "junit", "sqlite"].contains(format) {
      let words = ["check", "--fail-on", "never", "--format", format, "-o", folder.path("known.\(kind)")]
      #expect(try folder.attrace(words + known + sessions.prefix(12)).code == 0)
      names.append("known.\(kind)")
    }
    try folder.attrace(["decode", "--format", "jsonl", "-o", folder.path("all.session.jsonl")] + sessions)
    try folder.attrace(["extract", "-q", "-o", folder.path("payloads")] + sessions)
    names += ["all.session.jsonl", "payloads/manifest.json"]
    try folder.expectSound(names)
  }

  @Test func everyRulePairAndDialect() throws {
    let folder = try ReportFolder()
    let pairs = Self.inputs("fixtures") { $0.contains("/rules/") && $0.hasSuffix(".broken.trace") }
    let dialects = Self.inputs("fixtures/dialects") {
      let expected = "fixtures/dialects/" + $0.replacingOccurrences(of: ".log", with: ".expected.txt")
      return $0.hasSuffix(".log") && FileManager.default.fileExists(atPath: Self.root.appending(path: expected).path)
    }
    #expect(pairs.count > 100 && dialects.count > 20)
    var names: [String] = []
    for (format, kind) in ReportFolder.formats where ["json", "sarif", "junit", "sqlite", "csv"].contains(format) {
      let words = ["check", "--fail-on", "never", "--format", format, "-o", folder.path("pairs.\(kind)")]
      #expect(try folder.attrace(words + pairs + dialects).code == 0)
      names.append("pairs.\(kind)")
    }
    try folder.expectSound(names)
  }

  @Test func aLiveSessionIsDescribedToo() throws {
    let folder = try ReportFolder()
    let input = Self.root.appending(path: "fixtures/3gpp/mistakes/input.trace").path
    let live = try folder.attrace(["tap", "--fail-on", "never", "--format", "jsonl", "-"], input: input)
    #expect(live.code == 0, "\(live.errors)")
    try Data(live.output.utf8).write(to: URL(filePath: folder.path("a.live.jsonl")))
    try folder.expectSound(["a.live.jsonl"])
    #expect(live.output.contains("\"type\":\"finding\""))
  }

  /// A reader that accepts anything would prove nothing.
  @Test(arguments: [
    ("report.json", "\"findings_not_kept\"", "\"findings_kept\""), ("report.json", "\"errors\": 3", "\"errors\": 4"),
    ("report.jsonl", "\"severity\":\"error\"", "\"severity\":\"bad\""),
    ("sarif", "\"ruleIndex\": 0", "\"ruleIndex\": 1"),
    ("sarif", "\"level\": \"error\"", "\"level\": \"fatal\""), ("junit.xml", "failures=\"3\"", "failures=\"2\""),
    ("timeline.json", "\"dur\":", "\"dur\":-"), ("transactions.csv", "\"'+CGMM\"", "\"+CGMM\""),
    ("transfers.csv", "\"mail\",", ""), ("report.json", "sim900-", "\u{202E}"),
  ]) func doctoredReportsAreRefused(_ kind: String, _ old: String, _ new: String) throws {
    let folder = try ReportFolder()
    let format = try #require(ReportFolder.formats.first { $0.kind == kind }?.format)
    let input = Self.root.appending(path: "fixtures/sim900/mail-session/input.trace").path
    let copy = folder.path("sim900-mail.trace")
    try FileManager.default.copyItem(atPath: input, toPath: copy)
    try folder.attrace(["check", "--profile", "sim900", "--format", format, "-o", folder.path("a.\(kind)"), copy])
    try folder.expectSound(["a.\(kind)"])
    let text = String(decoding: try folder.bytes("a.\(kind)"), as: UTF8.self)
    let doctored = text.replacingOccurrences(of: old, with: new)
    try #require(doctored != text, "\(kind) holds no \(old)")
    try Data(doctored.utf8).write(to: URL(filePath: folder.path("a.\(kind)")))
    #expect(try folder.problems(["a.\(kind)"]) != "", "\(new) is accepted")
  }
}
