import Check
import Inspect
import Trace

/// The findings, grouped by rule: what is wrong first, each with its section and the bytes around it.
enum HTMLFindings {
  struct Group {
    var rule: String
    var severity: Severity
    var findings: [ReportedFinding]
    /// How many of them are printed, and the number of the first one's anchor.
    var shown = 0
    var anchor = 0
  }

  /// Findings that are known or suppressed do not count. The group of the verdict's finding comes first, so its anchor is 0.
  static func groups(_ input: InputReport, _ limits: HTMLLimits) -> [Group] {
    var groups: [Group] = []
    var index: [String: Int] = [:]
    for found in input.findings where found.counts {
      let key = "\(found.finding.severity.rawValue) " + found.finding.rule
      if let at = index[key] {
        groups[at].findings.append(found)
      } else {
        index[key] = groups.count
        groups.append(Group(rule: found.finding.rule, severity: found.finding.severity, findings: [found]))
      }
    }
    // Groups stand in the order of their first findings; that order is kept among equals.
    var sorted = Severity.allCases.sorted(by: >).flatMap { severity in groups.filter { $0.severity == severity } }
    var left = limits.findings
    var anchor = 0
    for at in sorted.indices {
      sorted[at].shown = min(left, limits.perRule, sorted[at].findings.count)
      sorted[at].anchor = anchor
      left -= sorted[at].shown
      anchor += sorted[at].shown
    }
    return sorted
  }

  static func text(_ input: InputReport, _ groups: [Group], _ index: Int) -> String {
    guard !groups.isEmpty || input.droppedFindings > 0 else { return "" }
    var text = "<h3 id=\"i\(index)-findings\">Findings</h3>\n"
    // Notes are open where nothing weighs more.
    let least: Severity = groups.contains { $0.severity > .note } || groups.count > openNotes ? .warning : .note
    for (number, group) in groups.enumerated() {
      text += self.text(input, group, number, index, isOpen: group.severity >= least)
    }
    if input.droppedFindings > 0 {
      text += "<p class=\"left\">\(input.droppedFindings) more findings were not kept; check a part of the log.</p>\n"
    }
    return text
  }

  private static let openNotes = 8

  private static func text(
    _ input: InputReport, _ group: Group, _ number: Int, _ index: Int, isOpen: Bool
  ) -> String {
    guard let first = group.findings.first?.finding else { return "" }
    let rule = input.rules[group.rule]
    let severity = group.severity.name
    var text =
      "<details class=\"rule \(severity)\" id=\"i\(index)-r\(number)\"\(isOpen ? " open" : "")>\n"
    text += "<summary><span class=\"badge\">\(severity)</span> "
    text += "<span class=\"title\">\(HTMLText.escaped(capitalised(rule?.title ?? first.message)))</span> "
    let unit = input.isCapture ? "packet" : "line"
    let count = group.findings.count == 1 ? "\(unit) \(first.position.place)" : "\(group.findings.count)×"
    text +=
      "<span class=\"count\">\(count)</span> <code>\(HTMLText.escaped(group.rule))</code></summary>\n"
    let suspects = first.suspects.map(\.name).joined(separator: " or ")
    text += "<p class=\"why\">"
    if let why = rule?.whyItMatters, !why.isEmpty { text += HTMLText.escaped(why) + " " }
    text += "Look at the <strong>\(suspects)</strong> first.</p>\n"
    for (offset, found) in group.findings.prefix(group.shown).enumerated() {
      text += finding(found, input, "i\(index)-f\(group.anchor + offset)")
    }
    text += others(group, input)
    return text + "</details>\n"
  }

  /// The places of those that are not printed, and how many there are beyond them.
  private static func others(_ group: Group, _ input: InputReport) -> String {
    let rest = group.findings.dropFirst(group.shown)
    guard !rest.isEmpty else { return "" }
    let places = rest.prefix(listedPlaces).map { found in
      let position = found.finding.position
      return "\(position.place)"
        + (position.instant.isKnown ? " (\(HTMLText.time(position.instant.nanoseconds)))" : "")
    }
    var text = "<p class=\"left\">Also in \(input.isCapture ? "packets" : "lines") \(places.joined(separator: ", "))"
    if rest.count > places.count { text += " and \(rest.count - places.count) more" }
    let command = "attrace check --format jsonl " + shellWord(input.path)
    return text + ": <code>\(HTMLText.escaped(command))</code> lists them all.</p>\n"
  }

  private static let listedPlaces = 40

  static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// A path as one writes it for a shell.
  static func shellWord(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B...0x2F, 0x3A, 0x40, 0x5F: true
      default: false
      }
    }
    return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }

  private static func finding(_ found: ReportedFinding, _ input: InputReport, _ anchor: String) -> String {
    let finding = found.finding
    let unit = input.isCapture ? "packet" : "line"
    var place = "\(unit) \(finding.position.place)"
    if let port = input.portName(finding.position.port) { place += ", port " + port }
    if finding.position.instant.isKnown { place += ", " + HTMLText.time(finding.position.instant.nanoseconds) }
    var text = "<article class=\"finding\" id=\"\(anchor)\" tabindex=\"-1\" data-place=\"\(finding.position.place)\""
    text += " data-port=\"\(finding.position.port.index)\">\n"
    text += "<p class=\"message\"><span class=\"place\">\(HTMLText.escaped(place))</span> "
    text += "\(HTMLText.escaped(finding.message)) <span class=\"owner\"></span></p>\n"
    if !found.context.isEmpty {
      text += "<table class=\"bytes\"><caption class=\"hidden\">The bytes around it</caption><tbody>\n"
      for line in found.context { text += row(line) }
      text += "</tbody></table>\n"
    }
    for related in finding.related where !found.context.contains(where: { $0.place == related.place }) {
      text += "<p class=\"related\">\(unit) \(related.place): \(HTMLText.escaped(related.message))</p>\n"
    }
    text += "<p class=\"cite\">\(HTMLText.escaped(finding.citation.text))"
    if !finding.advice.isEmpty { text += " — <strong>\(HTMLText.escaped(finding.advice))</strong>" }
    return text + "</p>\n</article>\n"
  }

  private static func row(_ line: ContextLine) -> String {
    let side =
      switch line.direction {
      case .hostToModem: "<span title=\"host\">→</span><span class=\"hidden\"> host</span>"
      case .modemToHost: "<span title=\"modem\">←</span><span class=\"hidden\"> modem</span>"
      case .unknown: "<span title=\"not known\">·</span>"
      }
    let time = line.instant.isKnown ? Decimal.seconds(line.instant.nanoseconds) : ""
    var text = "<tr\(line.isMarked ? " class=\"marked\"" : "")><th scope=\"row\">\(line.place)</th>"
    text += "<td class=\"t\">\(time)</td><td>\(side)</td>"
    text += "<td class=\"text\"><code>\(HTMLText.escaped(line.text))</code></td></tr>\n"
    return text
  }
}
