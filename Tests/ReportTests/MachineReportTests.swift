import Foundation
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// JUnit, SARIF and annotations are read back by others; a baseline recognises findings whose lines have moved.
@Suite struct MachineReportTests {
  private static let broken = """
    0.1 --> "AT+EMAILTO=5\\r"
    0.2 <-- "\\r\\nERROR\\r\\n"
    0.3 --> "AT+EMAILTO=6\\r"
    0.4 <-- "\\r\\nOK\\r\\n"
    """

  private func reports(_ text: String, path: String = "logs/a <b> & \"c\"\u{202E}%:,.trace") -> [InputReport] {
    let session = Session(text)
    let inspector = Inspector(book: Books.mail, options: InspectionOptions(resolution: session.facts.resolution))
    inspector.take(session.batch)
    inspector.finish()
    return [
      InputReport(
        path: path, format: "trace", profile: "sim900", profileReason: "", start: nil,
        resolution: session.facts.resolution, ports: [""], findings: inspector.takeFindings(), warnings: [],
        inspector: inspector)
    ]
  }

  private final class Elements: NSObject, XMLParserDelegate {
    var names: [String: Int] = [:]
    var suites: [String: String] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      names[name, default: 0] += 1
      if name == "testsuite" { suites = attributes }
    }
  }

  private func elements(_ text: String) throws -> Elements {
    let parser = XMLParser(data: Data(text.utf8))
    let elements = Elements()
    parser.delegate = elements
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    return elements
  }

  @Test func junitCountsWhatItHolds() throws {
    let reports = reports(Self.broken)
    let found = try elements(JUnitReport.text(reports, failOn: .error))
    #expect(found.names["testsuite"] == 1)
    #expect(found.suites["tests"] == String(found.names["testcase", default: 0]))
    #expect(found.suites["failures"] == String(found.names["failure", default: 0]))
    #expect(found.names["failure", default: 0] > 0)
    #expect(found.suites["name"] == "logs/a <b> & \"c\"\\u{202e}%:,.trace")
    #expect(try elements(JUnitReport.text(reports, failOn: nil)).names["failure"] == nil)
  }

  @Test func sarifPointsAtLinesAndRules() throws {
    let reports = reports(Self.broken)
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(SARIFReport.text(reports, version: "1.2.3").utf8)) as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == reports[0].findings.count)
    for (result, found) in zip(results, reports[0].findings) {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      let location = try #require(
        (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
      #expect((location["region"] as? [String: Any])?["startLine"] as? Int == found.finding.position.place)
      #expect(
        (location["artifactLocation"] as? [String: Any])?["uri"] as? String
          == "logs/a%20%3Cb%3E%20%26%20%22c%22%E2%80%AE%25%3A%2C.trace")
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
    }
  }

  @Test func annotationsAreOneLineEach() {
    let reports = reports(Self.broken)
    let lines = GitHubReport.text(reports).split(separator: "\n")
    #expect(lines.count == reports[0].findings.count)
    for line in lines {
      #expect(line.hasPrefix("::"))
      #expect(line.contains(" file=logs/a <b> & \"c\"\\u{202e}%25%3A%2C.trace,line="))
      #expect(!line.contains("\u{202E}"))
    }
  }

  @Test func aBaselineKnowsFindingsThatMoved() throws {
    let before = reports(Self.broken)
    let known = Set(before[0].findings.map(\.fingerprint))
    #expect(known.count == before[0].findings.count, "each finding has a fingerprint of its own")
    var moved = reports("0.01 --> \"AT\\r\"\n0.02 <-- \"\\r\\nOK\\r\\n\"\n" + Self.broken)
    Baseline(fingerprints: known).mark(&moved)
    #expect(moved[0].known == before[0].findings.count)
    #expect(moved.count(.error) == 0)
    var more = reports(Self.broken + "\n0.5 --> \"AT+EMAILTO=500\\r\"\n0.6 <-- \"\\r\\nERROR\\r\\n\"")
    Baseline(fingerprints: known).mark(&more)
    #expect(more.count(.error) == 1)
    #expect(!JUnitReport.text(moved, failOn: .error).contains("<failure"))
    for found in before[0].findings { #expect(Baseline.text(before).contains(found.fingerprint)) }
  }

  @Test func timesDoNotChangeAFingerprint() {
    let slow = reports("0.1 --> \"AT+CSQ\\r\"\n99.25 <-- \"\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\"")
    let slower = reports("0.1 --> \"AT+CSQ\\r\"\n199.75 <-- \"\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\"")
    #expect(!slow[0].findings.isEmpty)
    #expect(slow[0].findings.map(\.fingerprint) == slower[0].findings.map(\.fingerprint))
  }
}
