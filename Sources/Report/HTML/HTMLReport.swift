import Check
import Inspect
import Measure
import Trace

/// The report as one page for a browser: no network, no other files, and small however long the session was.
///
/// What does not need a script (verdict, findings, figures, plots of transfers) is plain HTML and SVG; the timeline and
/// the table of transactions are drawn by a script from the data that stand in the page.
public enum HTMLReport {
  public static func text(_ inputs: [InputReport]) -> String {
    let shown = chosen(inputs)
    let limits = HTMLLimits(sections: shown.count)
    let title =
      inputs.count == 1 ? "attrace: " + inputs[0].path : "attrace: " + HTMLText.plural(inputs.count, "input")
    var page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(HTMLStyle.text)</style>
      </head>
      <body>
      <main>

      """
    if inputs.count > 1 { page += HTMLOverview.text(inputs, shown: shown) }
    for index in shown { page += section(inputs[index], index, isOnly: inputs.count == 1, limits) }
    page += """
      <footer>Written by attrace. Every statement cites its document; <code>attrace explain RULE</code> tells more of a \
      rule.</footer>
      </main>
      <script>
      \(HTMLTimelineScript.text)\(HTMLScript.text)</script>
      </body>
      </html>

      """
    return page
  }

  /// The inputs that get a section: all, or those with the worst findings, in their order.
  private static func chosen(_ inputs: [InputReport]) -> [Int] {
    guard inputs.count > HTMLLimits.sections else { return Array(inputs.indices) }
    let worst = inputs.indices.sorted { a, b in
      (inputs[b].count(.error), inputs[b].count(.warning), a) < (inputs[a].count(.error), inputs[a].count(.warning), b)
    }
    return worst.prefix(HTMLLimits.sections).sorted()
  }

  private static func section(
    _ input: InputReport, _ index: Int, isOnly: Bool, _ limits: HTMLLimits
  ) -> String {
    let verdict = HTMLVerdict(input)
    let groups = HTMLFindings.groups(input, limits)
    let entries = limits.transactions(of: input)
    var text = "<section class=\"input\" id=\"i\(index)\" aria-labelledby=\"i\(index)-h\">\n"
    text += HTMLHead.text(input, verdict, groups, index, isOnly: isOnly)
    text += HTMLTimeline.text(input, index)
    text += HTMLFindings.text(input, groups, index)
    text += HTMLTransfers.text(input, index, limits)
    text += HTMLCommands.text(input, limits)
    text += HTMLTransactions.text(input, entries.count)
    text += HTMLCoverage.text(input)
    text += HTMLData.text(input, groups, entries, index, limits)
    return text + "</section>\n"
  }
}
