import Check
import Inspect
import Measure
import Trace

/// The report for people: findings first, each with the lines around it, then tables of commands and transfers.
public enum TextReport {
  /// Of more inputs than this the tables are left out.
  static let tablesLimit = 50

  /// `unread`: inputs that could not be read, which have no report.
  public static func text(
    _ inputs: [InputReport], style: TextStyle, quiet: Bool = false, unread: Int = 0
  ) -> String {
    var text = ""
    for input in inputs {
      text += findings(of: input, style)
      if !quiet, inputs.count <= tablesLimit {
        text += heading(of: input, style)
        text += commands(of: input, style)
        text += transfers(of: input, style)
        text += coverage(of: input, style)
      }
    }
    if !quiet, inputs.count + unread > 1 { text += RunSummary(inputs, unread: unread).text(style) }
    text += summary(inputs, style)
    return text
  }

  /// The tables and the numbers without the findings, for a session that goes on.
  public static func tables(_ input: InputReport, style: TextStyle) -> String {
    heading(of: input, style) + commands(of: input, style) + transfers(of: input, style) + summary([input], style)
  }

  // MARK: Findings

  private static func findings(of input: InputReport, _ style: TextStyle) -> String {
    var text = ""
    for found in input.findings where found.counts {
      let finding = found.finding
      let place = "\(Escaped.line(input.path)):\(finding.position.place):"
      let plain = "\(place) \(finding.severity.name) \(finding.rule): "
      text += "\(style.strong(place)) \(style.severity(finding.severity)) \(finding.rule): "
      text += TextLayout.wrap(Escaped.line(finding.message), used: plain.count, indent: 4) + "\n"
      for line in found.context { text += contextLine(line, style) }
      for related in finding.related where !found.context.contains(where: { $0.place == related.place }) {
        text += style.faint("      line \(related.place): \(related.message)") + "\n"
      }
      var close = finding.citation.text
      if !finding.advice.isEmpty { close += " — " + finding.advice }
      text += "    " + style.faint(TextLayout.wrap(Escaped.line(close), used: 4, indent: 4)) + "\n\n"
    }
    if input.droppedFindings > 0 { text += "(\(input.droppedFindings) more findings are not listed)\n\n" }
    return text
  }

  private static func contextLine(_ line: ContextLine, _ style: TextStyle) -> String {
    let arrow =
      switch line.direction {
      case .hostToModem: "-->"
      case .modemToHost: "<--"
      case .unknown: "---"
      }
    let time = line.instant.isKnown ? Decimal.seconds(line.instant.nanoseconds) : "-"
    let head =
      "  \(line.isMarked ? ">" : " ") \(TextLayout.pad(String(line.place), 6, right: true)) | \(time) \(arrow) "
    return style.faint(head) + TextLayout.cut(line.text, max(20, TextLayout.width - head.count)) + "\n"
  }

  // MARK: Tables

  private static func heading(of input: InputReport, _ style: TextStyle) -> String {
    var line = "\(Escaped.line(input.path)): \(input.format), profile \(input.profile)"
    if !input.profileReason.isEmpty { line += " (\(input.profileReason))" }
    line += "; \(input.sides)"
    if let duration = input.duration { line += ", \(Decimal.rounded(Double(duration) / 1e9, places: 3)) s" }
    if let rate = input.rate {
      line += ", \(rate.bitsPerSecond) baud"
      if case .command(let place) = rate.source { line += " (set in line \(place))" }
    }
    var text = style.strong(TextLayout.wrap(line, used: 0, indent: 2)) + "\n"
    for warning in input.remarks { text += "  " + TextLayout.wrap(Escaped.line(warning), used: 2, indent: 2) + "\n" }
    return text + "\n"
  }

  private static func commands(of input: InputReport, _ style: TextStyle) -> String {
    guard !input.commands.isEmpty else { return "" }
    var text =
      style.strong(
        TextLayout.pad("command", 24) + TextLayout.pad("form", 7)
          + ["count", "ok", "error", "none"].map { TextLayout.pad($0, 7, right: true) }.joined()
          + ["p50", "p90", "max"].map { TextLayout.pad($0, 11, right: true) }.joined()
          + (input.commands.contains { !style.plots.spread($0.latency).isEmpty } ? "  0 to max" : "")) + "\n"
    for figures in input.commands {
      text += TextLayout.pad(TextLayout.cut(Escaped.line(figures.command), 23), 24)
      text += TextLayout.pad(figures.form, 7)
      for number in [figures.count, figures.ok, figures.error, figures.unanswered] {
        text += TextLayout.pad(String(number), 7, right: true)
      }
      let times = [
        figures.latency.value(at: 0.5), figures.latency.value(at: 0.9),
        figures.latency.count > 0 ? figures.latency.maximum : nil,
      ]
      for time in times { text += TextLayout.pad(TextLayout.time(time, measuredIn: input.resolution), 11, right: true) }
      let spread = style.plots.spread(figures.latency)
      text += spread.isEmpty ? "\n" : "  \(spread)".trimmingBlanks + "\n"
    }
    return text + "\n"
  }

  private static func transfers(of input: InputReport, _ style: TextStyle) -> String {
    guard !input.transfers.isEmpty else { return "" }
    var text =
      style.strong(
        TextLayout.pad("transfer", 12) + TextLayout.pad("direction", 15) + TextLayout.pad("line", 7, right: true)
          + TextLayout.pad("bytes", 11, right: true) + TextLayout.pad("time", 10, right: true)
          + TextLayout.pad("bytes/s", 10, right: true) + TextLayout.pad("line used", 11, right: true)
          + "  SHA-256") + "\n"
    for figures in input.transfers {
      text += TextLayout.pad(figures.kind.name, 12)
      text += TextLayout.pad(figures.direction == .hostToModem ? "host to modem" : "modem to host", 15)
      text += TextLayout.pad(String(figures.place), 7, right: true)
      text += TextLayout.pad(String(figures.payloadBytes), 11, right: true)
      text += TextLayout.pad(TextLayout.time(figures.duration.flatMap { $0 > 0 ? $0 : nil }), 10, right: true)
      text += TextLayout.pad(figures.throughput.map { Decimal.rounded($0, places: 0) } ?? "-", 10, right: true)
      let used = figures.utilisation.map { Decimal.rounded($0 * 100, places: 0) + " %" }
      text += TextLayout.pad(used ?? "-", 11, right: true)
      text += "  \(figures.sha256.prefix(12))…\(figures.complete ? "" : " part")\n"
      text += course(figures, of: input, style)
      text += style.faint(budget(figures, style.plots))
    }
    return text + "\n"
  }

  /// Its throughput over its time.
  private static func course(_ figures: TransferFigures, of input: InputReport, _ style: TextStyle) -> String {
    guard
      let series = input.chronicle?.series.last(where: { $0.id == figures.id && $0.direction == figures.direction }),
      let (plot, fastest) = style.plots.course(series)
    else { return "" }
    return "  \(plot)  " + style.faint("up to \(Decimal.rounded(fastest, places: 0)) bytes/s") + "\n"
  }

  /// Where the time went, and the longest silence; nothing where there was no time.
  private static func budget(_ figures: TransferFigures, _ plots: TextPlots) -> String {
    let words = [
      "line": "on the line", "modem": "waiting for the modem", "host": "waiting for the host",
      "retransmitting": "repeating", "unknown": "not known",
    ]
    let shares = JSONMembers.budgetParts.compactMap { name, part -> (part: String, share: Double)? in
      guard let share = figures.budget.share(part), share >= 0.005 else { return nil }
      return (name, share)
    }
    let parts = shares.map { name, share in
      let sign = plots == .none ? "" : "\(plots.sign(of: name)) "
      return sign + Decimal.rounded(share * 100, places: 0) + " % " + (words[name] ?? name)
    }
    let bar = plots.bar(shares)
    var line = parts.joined(separator: ", ")
    if figures.escapeBytes > 0 { line += (line.isEmpty ? "" : "; ") + "\(figures.escapeBytes) bytes of escapes" }
    if let stall = figures.stall, figures.longestStall >= stallWorthTelling {
      line +=
        (line.isEmpty ? "" : "; ")
        + "longest silence \(TextLayout.time(figures.longestStall)), until line \(stall.place)"
    }
    guard !line.isEmpty else { return "" }
    return (bar.isEmpty ? "" : "  \(bar)\n") + "  " + TextLayout.wrap(line, used: 2, indent: 4) + "\n"
  }

  /// Shorter silences are told in the JSON formats only.
  private static let stallWorthTelling: Nanoseconds = 100_000_000

  private static func coverage(of input: InputReport, _ style: TextStyle) -> String {
    let evaluated = input.coverage.count { $0.evaluated > 0 }
    var text = "\(evaluated) rules evaluated"
    let silent = input.coverage.filter { $0.evaluated == 0 && $0.skipped > 0 }
    if !silent.isEmpty {
      var byReason: [String: Int] = [:]
      for row in silent { byReason[row.reason.text, default: 0] += 1 }
      let parts = byReason.sorted { $0.key < $1.key }.map { "\($0.value) because \($0.key)" }
      text += "; \(silent.count) could not be (" + parts.joined(separator: "; ") + ")"
    }
    return style.faint(TextLayout.wrap(text, used: 0, indent: 2)) + "\n\n"
  }

  private static func summary(_ inputs: [InputReport], _ style: TextStyle) -> String {
    func plural(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
    let transactions = inputs.reduce(0) { $0 + $1.transactions }
    var text =
      "\(plural(inputs.count(.error), "error")), \(plural(inputs.count(.warning), "warning")), "
      + "\(plural(inputs.count(.note), "note")) in \(plural(transactions, "command line"))"
    if inputs.count > 1 { text += " of \(inputs.count) inputs" }
    let known = inputs.reduce(0) { $0 + $1.known }
    if known > 0 { text += ", and \(plural(known, "finding")) of the baseline" }
    let suppressed = inputs.reduce(0) { $0 + $1.suppressed }
    if suppressed > 0 { text += ", \(suppressed) suppressed" }
    return style.strong(text) + "\n"
  }
}

extension String {
  /// Without the blanks at its end.
  fileprivate var trimmingBlanks: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
  }
}

/// Text from outside made fit for one line of a terminal.
public enum Escaped {
  public static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isDangerous(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control characters and those that turn the direction of text.
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
