import Check
import Inspect
import Trace

/// JUnit XML: a test suite for each input, a test case for each rule that was evaluated or could not be.
///
/// A case fails when its rule has a finding at or above the severity that fails the run; findings below it and those of
/// the baseline stand in its output. A case that only suppressions keep from failing counts as skipped. The time of a suite is how long the session lasted.
public enum JUnitReport {
  /// `failOn`: `nil` where nothing fails.
  public static func text(_ inputs: [InputReport], failOn: Severity?) -> String {
    let suites = inputs.map { Suite($0, failOn) }
    var xml = XMLText()
    xml.element(
      "testsuites",
      [
        "name": "attrace", "tests": "\(suites.reduce(0) { $0 + $1.cases.count })",
        "failures": "\(suites.reduce(0) { $0 + $1.failures })", "errors": "0",
        "time": seconds(suites.reduce(0) { $0 &+ ($1.input.duration ?? 0) }),
      ]
    ) { xml in
      for suite in suites { write(suite, &xml) }
    }
    return xml.text
  }

  private struct Case {
    var rule: String
    var failing: [ReportedFinding] = []
    var others: [ReportedFinding] = []
    /// Why it was not evaluated.
    var skipped: String?

    /// Nothing fails, but something would if it were not suppressed.
    mutating func skipSuppressed(_ failOn: Severity?) {
      guard let failOn, failing.isEmpty else { return }
      let first = others.first { $0.suppression != nil && !$0.isKnown && $0.finding.severity >= failOn }
      if let reason = first?.suppression { skipped = "suppressed until \(reason.until): \(reason.reason)" }
    }
  }

  private struct Suite {
    let input: InputReport
    var cases: [Case] = []
    var failures: Int { cases.count { !$0.failing.isEmpty } }
    var skipped: Int { cases.count { $0.skipped != nil } }

    init(_ input: InputReport, _ failOn: Severity?) {
      self.input = input
      var byRule: [String: Case] = [:]
      for row in input.coverage where row.evaluated > 0 || row.skipped > 0 {
        byRule[row.rule] = Case(rule: row.rule, skipped: row.evaluated == 0 ? row.reason.text : nil)
      }
      for found in input.findings {
        var one = byRule[found.finding.rule] ?? Case(rule: found.finding.rule)
        one.skipped = nil
        if let failOn, found.finding.severity >= failOn, found.counts {
          one.failing.append(found)
        } else {
          one.others.append(found)
        }
        byRule[found.finding.rule] = one
      }
      for rule in byRule.keys { byRule[rule]?.skipSuppressed(failOn) }
      cases = byRule.values.sorted { $0.rule < $1.rule }
    }
  }

  private static func write(_ suite: Suite, _ xml: inout XMLText) {
    let input = suite.input
    xml.element(
      "testsuite",
      [
        "name": input.path, "tests": "\(suite.cases.count)", "failures": "\(suite.failures)", "errors": "0",
        "skipped": "\(suite.skipped)", "time": seconds(input.duration ?? 0), "timestamp": input.start,
      ]
    ) { xml in
      xml.element("properties", [:]) { xml in
        xml.element("property", ["name": "profile", "value": input.profile])
        xml.element("property", ["name": "format", "value": input.format])
      }
      for one in suite.cases { write(one, input, &xml) }
    }
  }

  private static func write(_ one: Case, _ input: InputReport, _ xml: inout XMLText) {
    let attributes: KeyValuePairs<String, String?> = [
      "name": one.rule, "classname": "\(input.profile).\(input.path)", "time": "0",
    ]
    guard !one.failing.isEmpty || !one.others.isEmpty || one.skipped != nil else {
      xml.element("testcase", attributes)
      return
    }
    xml.element("testcase", attributes) { xml in
      if let why = one.skipped { xml.element("skipped", ["message": why]) }
      if let first = one.failing.first {
        let message = one.failing.count == 1 ? first.finding.message : "\(one.failing.count) findings"
        xml.element(
          "failure", ["message": message, "type": first.finding.severity.name],
          content: one.failing.map { story($0, input) }.joined(separator: "\n"))
      }
      if !one.others.isEmpty {
        xml.element("system-out", [:], content: one.others.map { story($0, input) }.joined(separator: "\n"))
      }
    }
  }

  /// One finding, as the text report tells it, without its lines.
  private static func story(_ found: ReportedFinding, _ input: InputReport) -> String {
    let finding = found.finding
    var text = "\(input.path):\(finding.position.place): \(finding.severity.name): \(finding.message)"
    if found.isKnown { text += " (in the baseline)" }
    if let suppression = found.suppression {
      text += " (suppressed until \(suppression.until): \(suppression.reason))"
    }
    text += "\n  \(finding.citation.text)"
    if !finding.advice.isEmpty { text += " — " + finding.advice }
    return text
  }

  private static func seconds(_ duration: Nanoseconds) -> String { Decimal.rounded(Double(max(0, duration)) / 1e9) }
}
