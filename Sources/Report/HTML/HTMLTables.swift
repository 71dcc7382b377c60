import Check
import Inspect
import Measure
import Trace

/// Commands with their results, and how their answers' times are spread.
enum HTMLCommands {
  static func text(_ input: InputReport, _ limits: HTMLLimits) -> String {
    guard !input.commands.isEmpty else { return "" }
    // The most often used ones, where there are too many; printed by their names.
    let busiest = input.commands.indices.sorted {
      (input.commands[$1].count, $0) < (input.commands[$0].count, $1)
    }.prefix(limits.commands).sorted()
    let shown = busiest.map { input.commands[$0] }
    let scale = TimeScale(shown)
    var text = "<h3>Commands</h3>\n<div class=\"scroll\"><table class=\"commands\"><thead><tr>"
    text += "<th scope=\"col\">Command</th><th scope=\"col\">Form</th>"
    for name in ["Count", "OK", "Error", "None"] { text += "<th scope=\"col\" class=\"n\">\(name)</th>" }
    text += "<th scope=\"col\" class=\"n\">Median</th><th scope=\"col\" class=\"n\">90 %</th>"
    text += "<th scope=\"col\" class=\"n\">Longest</th>"
    text +=
      "<th scope=\"col\" class=\"spread\">Time to the result<span>\(scale.legend)</span></th></tr></thead><tbody>\n"
    for figures in shown { text += row(figures, scale, input.resolution) }
    text += "</tbody></table></div>\n"
    if shown.count < input.commands.count {
      text += "<p class=\"left\">\(input.commands.count - shown.count) less used commands are left out: "
      text +=
        "<code>\(HTMLText.escaped("attrace check " + HTMLFindings.shellWord(input.path)))</code> lists them.</p>\n"
    }
    return text
  }

  private static func row(_ figures: CommandFigures, _ scale: TimeScale, _ resolution: Resolution) -> String {
    var text = "<tr><th scope=\"row\"><code>\(HTMLText.escaped(figures.command))</code></th><td>\(figures.form)</td>"
    text += "<td class=\"n\">\(figures.count)</td><td class=\"n\">\(figures.ok)</td>"
    for number in [figures.error, figures.unanswered] {
      text += "<td class=\"n\(number > 0 ? " bad" : "")\">\(number)</td>"
    }
    let spread = figures.latency
    let longest = spread.count > 0 ? spread.maximum : nil
    for time in [spread.value(at: 0.5), spread.value(at: 0.9), longest] {
      text += "<td class=\"n\">\(HTMLText.escaped(TextLayout.time(time, measuredIn: resolution)))</td>"
    }
    return text + "<td class=\"spread\">\(scale.bar(spread))</td></tr>\n"
  }

  /// Times on a logarithmic scale that all commands of a table share.
  private struct TimeScale {
    private var low = 3
    private var high = 9

    init(_ commands: [CommandFigures]) {
      let longest = commands.filter { $0.latency.count > 0 }.map(\.latency.maximum).max() ?? 0
      let shortest = commands.compactMap { $0.latency.value(at: 0) }.min() ?? 0
      low = min(8, max(3, Self.magnitude(shortest) - 1))
      high = max(low + 1, Self.magnitude(longest))
    }

    /// The number of decimal digits.
    private static func magnitude(_ value: Nanoseconds) -> Int { String(max(0, value)).utf8.count }

    var legend: String { "\(Self.name(low)) – \(Self.name(high))" }

    private static func name(_ power: Int) -> String {
      var value: Nanoseconds = 1
      for _ in 0..<min(18, power) { value *= 10 }
      return TextLayout.time(value)
    }

    /// Within a decade the scale is straight: no logarithm is at hand, and none is missed.
    private func x(_ value: Nanoseconds) -> Double {
      var floor: Int64 = 1
      for _ in 0..<low { floor *= 10 }
      guard value > floor else { return 0 }
      var decade = 0
      var rest = Double(value) / Double(floor)
      while rest >= 10 {
        rest /= 10
        decade += 1
      }
      return min(100, (Double(decade) + (rest - 1) / 9) * 100 / Double(high - low))
    }

    func bar(_ spread: Quantiles) -> String {
      guard let low = spread.value(at: 0.1), let middle = spread.value(at: 0.5), let high = spread.value(at: 0.9) else {
        return ""
      }
      let from = x(low)
      let to = x(high)
      let end = x(spread.maximum)
      var text = "<svg viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"half within "
      text += "\(TextLayout.time(middle)), nine of ten within \(TextLayout.time(high)), "
      text += "longest \(TextLayout.time(spread.maximum))\">"
      text += "<line class=\"reach\" x1=\"\(HTMLText.number(from))\" x2=\"\(HTMLText.number(end))\" y1=\"6\" y2=\"6\"/>"
      text +=
        "<rect class=\"box\" x=\"\(HTMLText.number(from))\" width=\"\(HTMLText.number(max(0.6, to - from)))\" y=\"2\" height=\"8\"/>"
      text += "<rect class=\"mid\" x=\"\(HTMLText.number(x(middle)))\" width=\"0.8\" y=\"1\" height=\"10\"/>"
      text += "<rect class=\"max\" x=\"\(HTMLText.number(end))\" width=\"0.6\" y=\"3\" height=\"6\"/></svg>"
      return text
    }
  }
}

/// Where the transactions go that the script lists.
enum HTMLTransactions {
  static func text(_ input: InputReport, _ shown: Int) -> String {
    guard input.chronicle != nil, input.transactions > 0 else { return "" }
    var text = "<h3>Transactions</h3>\n"
    if shown < input.transactions {
      text +=
        "<p class=\"left\">\(shown) of \(input.transactions) are here: those with findings, those that failed, the slowest, the first "
      text += "and the last, and the neighbours of each. \(input.transactions - shown) are left out; "
      text +=
        "<code>\(HTMLText.escaped("attrace decode " + HTMLFindings.shellWord(input.path)))</code> lists all.</p>\n"
    }
    text += """
      <div class="tools"><label>Search <input type="search" class="find" \
      placeholder="text, line or #number"></label>
      <label>Show <select class="which"><option value="all">all</option><option value="findings">with findings</option>\
      <option value="failed">failed or unanswered</option><option value="slow">slowest first</option></select></label>
      <span class="hits" role="status"></span></div>
      <div class="scroll"><table class="rows"><caption class="hidden">Transactions</caption>
      <thead><tr><th scope="col" class="n">#</th><th scope="col" class="n">Line</th><th scope="col" class="n">Time</th>\
      <th scope="col">Command</th><th scope="col">Answer</th><th scope="col">Result</th>\
      <th scope="col" class="n">Took</th><th scope="col">Findings</th></tr></thead><tbody></tbody></table></div>
      <button type="button" class="more" hidden>Show more</button>
      <noscript><p class="left">This table needs JavaScript; <code>attrace decode</code> prints the same.</p></noscript>

      """
    return text
  }
}

/// What was checked, and what could not be, and why.
enum HTMLCoverage {
  private static let shown = 60

  static func text(_ input: InputReport) -> String {
    let evaluated = input.coverage.filter { $0.evaluated > 0 }
    let silent = input.coverage.filter { $0.evaluated == 0 && $0.skipped > 0 }
    var text = "<h3>Coverage</h3>\n<p>\(HTMLText.plural(evaluated.count, "rule")) evaluated, "
    text += "\(evaluated.reduce(0) { $0 &+ $1.evaluated }) times in all"
    text += silent.isEmpty ? ".</p>\n" : "; \(silent.count) could not be.</p>\n"
    guard !silent.isEmpty else { return text }
    text += "<div class=\"scroll\"><table><caption>Not evaluated</caption><thead><tr><th scope=\"col\">Because</th>"
    text += "<th scope=\"col\">Rules</th></tr></thead><tbody>\n"
    var reasons: [String: [String]] = [:]
    for row in silent { reasons[row.reason.text, default: []].append(row.rule) }
    for (reason, rules) in reasons.sorted(by: { $0.key < $1.key }) {
      text += "<tr><th scope=\"row\">\(HTMLText.escaped(reason))</th><td>"
      text += rules.prefix(shown).map { "<code>\(HTMLText.escaped($0))</code>" }.joined(separator: ", ")
      if rules.count > shown { text += " and \(rules.count - shown) more (<code>--format json</code> lists all)" }
      text += "</td></tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }
}
