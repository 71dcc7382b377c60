import Inspect
import Measure
import Trace

/// The top of an input: the verdict, and the facts of the log.
enum HTMLHead {
  static func text(
    _ input: InputReport, _ verdict: HTMLVerdict, _ groups: [HTMLFindings.Group], _ index: Int, isOnly: Bool
  ) -> String {
    let tag = isOnly ? "h1" : "h2"
    var text = "<header class=\"verdict \(verdict.state.rawValue)\">\n"
    text += "<p class=\"path\">\(HTMLText.escaped(input.path))</p>\n"
    text += "<\(tag) id=\"i\(index)-h\">\(HTMLText.escaped(verdict.headline))</\(tag)>\n"
    text += "<p class=\"sum\">" + HTMLText.escaped(sum(input)) + "</p>\n"
    text += answers(input, verdict, groups, index)
    text += "</header>\n"
    text += "<p class=\"facts\">" + HTMLText.escaped(facts(input)) + "</p>\n"
    for remark in input.remarks {
      text += "<p class=\"facts\">\(HTMLText.escaped(HTMLFindings.capitalised(remark))).</p>\n"
    }
    return text
  }

  private static func sum(_ input: InputReport) -> String {
    var parts = [
      HTMLText.plural(input.count(.error), "error"), HTMLText.plural(input.count(.warning), "warning"),
      HTMLText.plural(input.count(.note), "note"),
    ].joined(separator: ", ")
    parts += " in " + HTMLText.plural(input.transactions, "command line")
    if !input.transfers.isEmpty { parts += " and " + HTMLText.plural(input.transfers.count, "transfer") }
    let unfinished = input.transfers.count { !$0.complete }
    if unfinished > 0 { parts += " (\(unfinished) not finished)" }
    if let duration = input.duration { parts += ", over " + HTMLText.time(duration) }
    if input.known > 0 { parts += "; " + HTMLText.plural(input.known, "finding") + " of the baseline not counted" }
    return parts
  }

  private static func answers(
    _ input: InputReport, _ verdict: HTMLVerdict, _ groups: [HTMLFindings.Group], _ index: Int
  ) -> String {
    guard let lead = verdict.lead else { return sound(input, groups, index) }
    let finding = lead.finding
    var rows: [(String, String)] = []
    rows.append(("What", HTMLText.escaped(HTMLFindings.capitalised(finding.message))))
    var place = "\(input.isCapture ? "packet" : "line") \(finding.position.place)"
    if let port = input.portName(finding.position.port) { place += ", port " + port }
    var location = "<a href=\"#i\(index)-f0\">\(HTMLText.escaped(place))</a>"
    if let line = lead.context.first(where: \.isMarked) {
      location += ": <code>\(HTMLText.escaped(HTMLText.cut(line.text, 80)))</code>"
    }
    rows.append(("Where", location))
    rows.append(("Since", HTMLText.escaped(since(verdict, input))))
    rows.append(("Whose", HTMLText.escaped(HTMLFindings.capitalised(verdict.whose))))
    if !finding.advice.isEmpty { rows.append(("Do", HTMLText.escaped(finding.advice))) }
    let also = unfinished(input, index) + others(input, groups, index)
    if !also.isEmpty { rows.append(("Also", also.joined(separator: "; "))) }
    return list(rows)
  }

  private static func since(_ verdict: HTMLVerdict, _ input: InputReport) -> String {
    guard let lead = verdict.lead?.finding else { return "" }
    let word = lead.severity.name
    func moment(_ position: Position) -> String {
      guard position.instant.isKnown else { return "line \(position.place)" }
      return HTMLText.time(position.instant.nanoseconds) + " into the log"
    }
    var text = moment(lead.position)
    if let start = input.start, lead.position.instant.isKnown { text += " (which starts at \(start))" }
    if verdict.sameSeverity > 1, let last = verdict.last?.finding {
      text += "; \(verdict.sameSeverity) \(word)s until " + moment(last.position)
    }
    return text
  }

  private static func unfinished(_ input: InputReport, _ index: Int) -> [String] {
    input.transfers.indices.filter { !input.transfers[$0].complete }.prefix(2).map { at in
      let figures = input.transfers[at]
      let words = "\(figures.kind.name) from line \(figures.place) did not finish"
      return "<a href=\"#i\(index)-t\(at)\">\(words)</a>"
    }
  }

  /// The next rules that were broken.
  private static func others(_ input: InputReport, _ groups: [HTMLFindings.Group], _ index: Int) -> [String] {
    groups.indices.dropFirst().filter { groups[$0].severity > .note }.prefix(3).map { at in
      let group = groups[at]
      let title = input.rules[group.rule]?.title ?? group.findings.first?.finding.message ?? group.rule
      let link = "<a href=\"#i\(index)-r\(at)\">\(HTMLText.escaped(HTMLFindings.capitalised(title)))</a>"
      return link + (group.findings.count > 1 ? " (\(group.findings.count)×)" : "")
    }
  }

  /// No error and no warning: which commands failed all the same, and what the notes say.
  private static func sound(_ input: InputReport, _ groups: [HTMLFindings.Group], _ index: Int) -> String {
    let evaluated = input.coverage.count { $0.evaluated > 0 }
    let silent = input.coverage.count { $0.evaluated == 0 && $0.skipped > 0 }
    var checked = HTMLText.plural(evaluated, "rule") + " found " + (groups.isEmpty ? "nothing wrong" : "no more")
    if silent > 0 { checked += "; \(silent) could not be evaluated: see Coverage" }
    let failed = input.commands.filter { $0.error > 0 || $0.unanswered > 0 }
    guard !groups.isEmpty || !failed.isEmpty else { return "<p>\(checked).</p>\n" }
    var rows: [(String, String)] = []
    if !failed.isEmpty {
      let names = failed.prefix(listed).map { figures in
        "<code>\(HTMLText.escaped(figures.command))</code> (\(figures.error + figures.unanswered) of \(figures.count))"
      }
      let more = failed.count > listed ? " and \(failed.count - listed) more: see Commands" : ""
      rows.append(("Failed", names.joined(separator: ", ") + more))
    }
    let notes = groups.indices.prefix(listed).compactMap { at -> String? in
      guard let first = groups[at].findings.first?.finding else { return nil }
      let place = "\(input.isCapture ? "packet" : "line") \(first.position.place)"
      let more = groups[at].findings.count > 1 ? " and \(groups[at].findings.count - 1) more" : ""
      return "<a href=\"#i\(index)-f\(groups[at].anchor)\">\(place)</a>: "
        + HTMLText.escaped(HTMLFindings.capitalised(first.message)) + more
    }
    if !notes.isEmpty { rows.append(("Notes", notes.joined(separator: "<br>"))) }
    rows.append(("Checked", checked))
    return list(rows)
  }

  /// So many commands and notes stand in the verdict.
  private static let listed = 6

  private static func list(_ rows: [(String, String)]) -> String {
    var text = "<dl class=\"ten\">\n"
    for (name, value) in rows { text += "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n" }
    return text + "</dl>\n"
  }

  private static func facts(_ input: InputReport) -> String {
    var text = "Log: \(input.format); profile \(input.profile)"
    if !input.profileReason.isEmpty { text += " (\(input.profileReason))" }
    text += "; \(input.sides)"
    if let rate = input.rate {
      text += "; \(rate.bitsPerSecond) baud"
      if case .command(let place) = rate.source { text += " (set in line \(place))" }
    }
    if let start = input.start { text += "; starts at " + start }
    if !input.resolution.hasTime { text += "; the log has no time" }
    return text + "."
  }
}

/// The table of inputs, where there are several.
enum HTMLOverview {
  static func text(_ inputs: [InputReport], shown: [Int]) -> String {
    let errors = inputs.count(.error)
    let bad = inputs.count { $0.count(.error) > 0 }
    let state: HTMLVerdict.State = errors > 0 ? .broken : inputs.count(.warning) > 0 ? .doubtful : .sound
    let headline =
      errors > 0
      ? "Broken: " + HTMLText.plural(errors, "error") + " in \(bad) of \(inputs.count) inputs"
      : "No errors in " + HTMLText.plural(inputs.count, "input")
    var text = """
      <header class="verdict \(state.rawValue)"><h1>\(headline)</h1></header>
      <div class="scroll"><table><caption>Inputs</caption>
      <thead><tr><th scope="col">Input</th><th scope="col">Profile</th><th scope="col" class="n">Errors</th>\
      <th scope="col" class="n">Warnings</th><th scope="col" class="n">Commands</th><th scope="col">Whose</th></tr>\
      </thead><tbody>

      """
    let listed = Set(shown)
    for (index, input) in inputs.enumerated().prefix(HTMLLimits.inputRows) {
      let name = HTMLText.escaped(input.path)
      let cell = listed.contains(index) ? "<a href=\"#i\(index)\">\(name)</a>" : name
      text += "<tr><th scope=\"row\">\(cell)</th><td>\(HTMLText.escaped(input.profile))</td>"
      text += "<td class=\"n\">\(input.count(.error))</td><td class=\"n\">\(input.count(.warning))</td>"
      text += "<td class=\"n\">\(input.transactions)</td><td>\(HTMLText.escaped(HTMLVerdict(input).whose))</td></tr>\n"
    }
    text += "</tbody></table></div>\n"
    if inputs.count > HTMLLimits.inputRows {
      text += note("\(inputs.count - HTMLLimits.inputRows) more inputs: attrace check --format jsonl lists all.")
    }
    if shown.count < inputs.count {
      text += note("The \(shown.count) with the worst findings follow; check another one by its name to see it.")
    }
    return text
  }

  private static func note(_ text: String) -> String { "<p class=\"left\">\(text)</p>\n" }
}
