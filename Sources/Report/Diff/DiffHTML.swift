import Inspect
import Measure
import Trace

/// The comparison of two sessions as one page for a browser, without a script: the verdict, where they part, what
/// changed, and both side by side.
public enum DiffHTML {
  /// How much of it stands on a page; what is left out is said there.
  private static let findings = 100
  private static let changes = 200
  private static let latencies = 160

  public static func text(_ diff: DiffReport) -> String {
    let title = "attrace diff: \(diff.old.path) → \(diff.new.path)"
    var page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(HTMLStyle.text)\(style)</style>
      </head>
      <body>
      <main>

      """
    page += verdict(diff)
    page += divergence(diff)
    page += findings(diff)
    page += changes(diff)
    page += latencies(diff)
    page += transfers(diff)
    page += DiffSideBySide.text(diff)
    page += "<h3>How it was judged</h3>\n<p>\(HTMLText.escaped(DiffReport.method))</p>\n"
    page += "<p>Regressions: \(HTMLText.escaped(diff.thresholds)).</p>\n"
    page += """
      <footer>Written by attrace. <code>attrace diff --format json</code> has all of it for programs; \
      <code>attrace explain RULE</code> tells more of a rule.</footer>
      </main>
      </body>
      </html>

      """
    return page
  }

  /// What the page needs beside the style of reports.
  private static let style = #"""
    .sides{display:grid;grid-template-columns:1fr 1fr;gap:1rem}.sides>div{background:var(--soft);border-radius:.4rem;
    padding:.6rem .9rem;overflow-wrap:anywhere}.sides h4{color:var(--dim)}
    .pair td:nth-child(3),.pair td:nth-child(5){width:42%;min-width:8rem;overflow-wrap:anywhere}.pair .n,.pair .kind{color:var(--dim)}
    .pair .gone{background:var(--badbg)}.pair .come{background:var(--goodbg)}
    .pair .other{background:var(--warnbg)}.pair .kind,.changes .kind{font-size:.85rem}
    .changes td{overflow-wrap:anywhere}.faint{color:var(--dim)}
    .compare{width:9rem;height:1.2rem;display:block;background:var(--soft)}
    .compare .o{fill:var(--idle)}.compare .w{fill:var(--again)}.compare .b{fill:var(--modem)}.compare .s{fill:var(--host)}
    @media (max-width:40rem){.sides{grid-template-columns:1fr}}

    """#

  // MARK: Verdict

  private static func verdict(_ diff: DiffReport) -> String {
    let regressions = diff.regressions
    let state: HTMLVerdict.State = regressions.isEmpty ? .sound : .broken
    var text = "<header class=\"verdict \(state.rawValue)\">\n"
    text += "<p class=\"path\">\(HTMLText.escaped(diff.old.path)) → \(HTMLText.escaped(diff.new.path))</p>\n"
    text += "<h1>\(diff.headline)</h1>\n"
    for one in regressions { text += "<p class=\"sum\">\(HTMLText.escaped(HTMLFindings.capitalised(one.text))).</p>\n" }
    let counts = DiffWords.counts(diff.comparison.changes)
    text += "<p>Commands: \(counts.isEmpty ? "all the same" : HTMLText.escaped(counts)). "
    text += "Findings: \(diff.comparison.newFindings.count) new, \(diff.comparison.goneFindings.count) gone.</p>\n"
    text += "</header>\n<div class=\"sides\" style=\"margin-top:1rem\">\n"
    for (name, input) in [("Old", diff.old), ("New", diff.new)] {
      text += "<div><h4>\(name)</h4><p>\(HTMLText.escaped(input.path))</p><p class=\"facts\">"
      text += HTMLText.escaped(facts(input)) + "</p>"
      for warning in input.warnings { text += "<p class=\"facts\">\(HTMLText.escaped(warning))</p>" }
      text += "</div>\n"
    }
    text += "</div>\n"
    for remark in diff.remarks {
      text += "<p class=\"left\">\(HTMLText.escaped(HTMLFindings.capitalised(remark))).</p>\n"
    }
    return text
  }

  private static func facts(_ input: InputReport) -> String {
    var text = "\(input.format), profile \(input.profile)"
    text += "; \(HTMLText.plural(input.transactions, "command line"))"
    if !input.transfers.isEmpty { text += ", \(HTMLText.plural(input.transfers.count, "transfer"))" }
    if let duration = input.duration { text += ", " + HTMLText.time(duration) }
    if let start = input.start { text += "; starts at " + start }
    return text + "."
  }

  private static func divergence(_ diff: DiffReport) -> String {
    var text = "<h3>First divergence</h3>\n"
    guard let found = diff.comparison.divergence else {
      return text + "<p>There is none: both say the same, but perhaps for values in answers.</p>\n"
    }
    text += "<p>Behind \(HTMLText.plural(found.common, "command line")) in common.</p>\n<div class=\"sides\">\n"
    text += side("Old", found.old, diff.old, diff.oldTexts)
    text += side("New", found.new, diff.new, diff.newTexts)
    return text + "</div>\n"
  }

  private static func side(_ name: String, _ step: Step?, _ input: InputReport, _ texts: Transcript) -> String {
    guard let step else { return "<div><h4>\(name)</h4><p>is over here.</p></div>\n" }
    var place = "\(name), \(DiffWords.place(step, input))"
    if step.sent.isKnown { place += ", " + HTMLText.time(step.sent.nanoseconds) }
    if let port = input.portName(step.port) { place += ", port " + port }
    var text = "<div><h4>\(HTMLText.escaped(place))</h4>"
    text += "<p><code>\(HTMLText.escaped(texts.text(of: step)))</code></p>"
    let answer = DiffWords.answer(step, texts)
    if !answer.isEmpty { text += "<p><code>\(HTMLText.escaped(answer))</code></p>" }
    text += "<p><code>\(HTMLText.escaped(texts.result(of: step)))</code>"
    if step.wait >= 0 { text += " after \(TextLayout.time(step.wait))" }
    return text + "</p></div>\n"
  }

  // MARK: What changed

  private static func findings(_ diff: DiffReport) -> String {
    let groups = [("New", diff.comparison.newFindings, diff.new), ("Gone", diff.comparison.goneFindings, diff.old)]
    guard groups.contains(where: { !$0.1.isEmpty }) else { return "" }
    var text = "<h3>Findings</h3>\n"
    for (word, list, input) in groups where !list.isEmpty {
      text += "<div class=\"scroll\"><table><caption>\(word)</caption><thead><tr><th scope=\"col\">Severity</th>"
      text += "<th scope=\"col\">Rule</th><th scope=\"col\" class=\"n\">\(input.isCapture ? "Packet" : "Line")</th>"
      text += "<th scope=\"col\">What, and where it stands</th></tr></thead><tbody>\n"
      for found in list.prefix(findings) {
        let finding = found.finding
        text += "<tr class=\"\(finding.severity.name)\"><td><span class=\"badge\">\(finding.severity.name)</span></td>"
        text += "<td><code>\(HTMLText.escaped(finding.rule))</code></td><td class=\"n\">\(finding.position.place)</td>"
        text += "<td>\(HTMLText.escaped(HTMLFindings.capitalised(finding.message)))"
        text += " <span class=\"faint\">\(HTMLText.escaped(finding.citation.text))</span></td></tr>\n"
      }
      text += "</tbody></table></div>\n" + leftOut(list.count - findings)
    }
    return text
  }

  private static func changes(_ diff: DiffReport) -> String {
    let changes = diff.comparison.changes
    guard !changes.list.isEmpty else { return "" }
    let ordered = DiffWords.ordered(changes)
    var text = "<h3>Changes</h3>\n<div class=\"scroll\"><table class=\"changes\"><thead><tr><th scope=\"col\">What</th>"
    text +=
      "<th scope=\"col\" class=\"n\">Times</th><th scope=\"col\">Old</th><th scope=\"col\">New</th></tr></thead><tbody>\n"
    for change in ordered.prefix(Self.changes) {
      text += "<tr><th scope=\"row\" class=\"kind\">\(change.kind.rawValue)\(change.isHidden ? " (masked)" : "")</th>"
      text += "<td class=\"n\">\(change.count)</td>"
      text += cell(change.old, change.kind, diff.old, diff.oldTexts)
      text += cell(change.new, change.kind, diff.new, diff.newTexts) + "</tr>\n"
    }
    return text + "</tbody></table></div>\n" + leftOut(max(0, ordered.count - Self.changes) + changes.leftOut)
  }

  private static func cell(_ step: Step?, _ kind: Change.Kind, _ input: InputReport, _ texts: Transcript) -> String {
    guard let step else { return "<td></td>" }
    let shown = HTMLText.escaped(DiffWords.shown(step, texts, kind))
    return "<td><code>\(shown)</code> <span class=\"faint\">\(DiffWords.place(step, input))</span></td>"
  }

  private static func leftOut(_ number: Int) -> String {
    number > 0 ? "<p class=\"left\">\(number) more: <code>attrace diff --format json</code> lists them.</p>\n" : ""
  }

  // MARK: Figures

  private static func latencies(_ diff: DiffReport) -> String {
    let all = diff.comparison.latencies
    guard !all.isEmpty else { return "" }
    // What shifted first.
    let sorted = all.indices.sorted { (rank(all[$0].shift), $0) < (rank(all[$1].shift), $1) }.map { all[$0] }
    var text = "<h3>Latency</h3>\n" + head(["Command", "Form"], "Median")
    for one in sorted.prefix(latencies) {
      text += "<tr><th scope=\"row\"><code>\(HTMLText.escaped(one.command))</code></th>"
      text += "<td>\(one.form)\(one.measure == .late ? ", late result" : "")</td>"
      text += numbers("\(one.old.count)", "\(one.new.count)")
      text += numbers(TextLayout.time(one.old.median), TextLayout.time(one.new.median))
      text += judged(one.shift, one.isRegression)
      text += bars(Double(one.old.median ?? 0), Double(one.new.median ?? 0), one.shift) + "</tr>\n"
    }
    return text + "</tbody></table></div>\n" + leftOut(sorted.count - latencies)
  }

  private static func transfers(_ diff: DiffReport) -> String {
    let all = diff.comparison.transfers
    guard !all.isEmpty else { return "" }
    var text = "<h3>Throughput</h3>\n" + head(["Transfers", "Direction"], "Bytes per second")
    for one in all {
      text += "<tr><th scope=\"row\">\(one.kind.name)</th><td>\(DiffWords.direction(one.direction))</td>"
      text += numbers(count(one.old), count(one.new))
      text += numbers(rate(one.old), rate(one.new))
      text += judged(one.shift, one.isRegression, one.basis == .parts ? " (by parts)" : "")
      text += bars(one.old.throughput ?? 0, one.new.throughput ?? 0, one.shift) + "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }

  private static func count(_ side: TransferShift.Side) -> String {
    side.complete < side.count ? "\(side.count) (\(side.count - side.complete) not finished)" : "\(side.count)"
  }

  private static func rate(_ side: TransferShift.Side) -> String {
    side.throughput.map { Decimal.rounded($0, places: 0) } ?? "-"
  }

  private static func head(_ names: [String], _ figure: String) -> String {
    var text = "<div class=\"scroll\"><table><thead><tr>"
    for name in names { text += "<th scope=\"col\">\(name)</th>" }
    for name in ["n old", "n new", "\(figure) old", "new", "Change", "p"] {
      text += "<th scope=\"col\" class=\"n\">\(name)</th>"
    }
    return text + "<th scope=\"col\">Judged</th><th scope=\"col\">Old above new</th></tr></thead><tbody>\n"
  }

  private static func numbers(_ old: String, _ new: String) -> String {
    "<td class=\"n\">\(old)</td><td class=\"n\">\(new)</td>"
  }

  private static func rank(_ shift: Shift) -> Int {
    switch shift.verdict {
    case .worse: 0
    case .better: 1
    case .withinNoise: 2
    case .tooFew: 3
    }
  }

  private static func judged(_ shift: Shift, _ isRegression: Bool, _ more: String = "") -> String {
    let style = isRegression ? " class=\"bad\"" : shift.verdict == .better ? " class=\"good\"" : ""
    let word = DiffWords.verdict(shift, slower: "slower", faster: "faster") + more
    return numbers(DiffWords.signed(shift), HTMLText.escaped(DiffWords.probability(shift))) + "<td\(style)>\(word)</td>"
  }

  /// Both medians as bars of one scale.
  private static func bars(_ old: Double, _ new: Double, _ shift: Shift) -> String {
    let most = max(old, new)
    guard most > 0 else { return "<td></td>" }
    let style = shift.verdict == .worse ? "w" : shift.verdict == .better ? "b" : "s"
    var text = "<td><svg class=\"compare\" viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    text += "<rect class=\"o\" y=\"1\" height=\"5\" width=\"\(HTMLText.number(old * 100 / most))\"/>"
    text += "<rect class=\"\(style)\" y=\"8\" height=\"5\" width=\"\(HTMLText.number(new * 100 / most))\"/></svg></td>"
    return text
  }
}
