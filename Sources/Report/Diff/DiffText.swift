import Inspect
import Trace

/// The comparison of two sessions for a terminal.
public enum DiffText {
  /// So many changes that read differently, findings and rows are printed; `--format json` has them all.
  private static let changes = 40
  private static let findings = 30

  public static func text(_ diff: DiffReport, style: TextStyle, quiet: Bool = false) -> String {
    var text = verdict(diff, style)
    guard !quiet else { return text }
    text += sessions(diff, style)
    text += divergence(diff, style)
    text += findings(diff, style)
    text += changes(diff, style)
    text += latencies(diff, style)
    text += transfers(diff, style)
    text += style.faint(TextLayout.wrap(DiffReport.method, used: 0, indent: 0)) + "\n"
    return text + style.faint(TextLayout.wrap("Regressions: \(diff.thresholds).", used: 0, indent: 0)) + "\n"
  }

  private static func verdict(_ diff: DiffReport, _ style: TextStyle) -> String {
    let regressions = diff.regressions
    let headline = diff.headline
    var text = (regressions.isEmpty ? style.good(headline) : style.bad(headline)) + "\n"
    for one in regressions { text += "  " + TextLayout.wrap(Escaped.line(one.text), used: 2, indent: 4) + "\n" }
    return text + "\n"
  }

  private static func sessions(_ diff: DiffReport, _ style: TextStyle) -> String {
    var text = ""
    for (side, input) in [("old", diff.old), ("new", diff.new)] {
      var line = Escaped.line(input.path) + ": \(input.format), profile \(input.profile)"
      line += "; \(HTMLText.plural(input.transactions, "command line"))"
      if let duration = input.duration { line += ", \(Decimal.rounded(Double(duration) / 1e9, places: 3)) s" }
      if side == "new", let longer = diff.longer {
        line += " (\(longer < 0 ? "" : "+")\(Decimal.rounded(Double(longer) / 1e9, places: 3)))"
      }
      text += style.strong(side) + "  " + TextLayout.wrap(line, used: 5, indent: 5) + "\n"
      for warning in input.warnings {
        text += "     " + TextLayout.wrap(Escaped.line(warning), used: 5, indent: 5) + "\n"
      }
    }
    for remark in diff.remarks { text += "     " + TextLayout.wrap(Escaped.line(remark), used: 5, indent: 5) + "\n" }
    return text + "\n"
  }

  private static func divergence(_ diff: DiffReport, _ style: TextStyle) -> String {
    guard let found = diff.comparison.divergence else {
      return "Both say the same"
        + (diff.comparison.changes.counts[.values] == nil ? "" : ", but for values in answers") + ".\n\n"
    }
    let common = HTMLText.plural(found.common, "command line")
    var text = style.strong("first divergence") + ", after \(common) in common\n"
    text += side("old", found.old, diff.old, diff.oldTexts, style)
    text += side("new", found.new, diff.new, diff.newTexts, style)
    return text + "\n"
  }

  private static func side(
    _ name: String, _ step: Step?, _ input: InputReport, _ texts: Transcript, _ style: TextStyle
  ) -> String {
    guard let step else { return "  \(name)  is over\n" }
    var head = "  \(name)  \(DiffWords.place(step, input))"
    if step.sent.isKnown { head += ", " + Decimal.seconds(step.sent.nanoseconds) + " s" }
    if let port = input.portName(step.port) { head += ", port " + Escaped.line(port) }
    let room = TextLayout.width - 11
    var text = style.faint(head) + "\n"
    text += "       --> " + TextLayout.cut(texts.text(of: step), room) + "\n"
    let answer = DiffWords.answer(step, texts)
    if !answer.isEmpty { text += "       <-- " + TextLayout.cut(answer, room) + "\n" }
    var result = texts.result(of: step)
    if step.wait >= 0 { result += "  after " + TextLayout.time(step.wait) }
    return text + "       <-- " + TextLayout.cut(result, room) + "\n"
  }

  private static func findings(_ diff: DiffReport, _ style: TextStyle) -> String {
    let new = diff.comparison.newFindings
    let gone = diff.comparison.goneFindings
    guard !new.isEmpty || !gone.isEmpty else { return "" }
    var text = style.strong("findings") + "  \(new.count) new, \(gone.count) gone\n"
    for (word, list) in [("new ", new), ("gone", gone)] {
      for found in list.prefix(findings) {
        let finding = found.finding
        let head = "  \(word)  \(finding.severity.name) \(finding.rule), line \(finding.position.place): "
        text += "  \(word)  \(style.severity(finding.severity)) \(finding.rule), line \(finding.position.place): "
        text += TextLayout.wrap(Escaped.line(finding.message), used: head.count, indent: 8) + "\n"
      }
      if list.count > findings { text += "        and \(list.count - findings) more\n" }
    }
    return text + "\n"
  }

  // MARK: Changes

  private static func changes(_ diff: DiffReport, _ style: TextStyle) -> String {
    let changes = diff.comparison.changes
    guard !changes.list.isEmpty else { return "" }
    let counts = DiffWords.counts(changes)
    var text = style.strong("commands") + (counts.isEmpty ? "" : "  " + counts) + "\n"
    let ordered = DiffWords.ordered(changes)
    for change in ordered.prefix(Self.changes) { text += row(change, diff, style) }
    let left = max(0, ordered.count - Self.changes) + changes.leftOut
    if left > 0 { text += "  and \(left) more: --format json lists them\n" }
    return text + "\n"
  }

  private static func row(_ change: Change, _ diff: DiffReport, _ style: TextStyle) -> String {
    var heads = [
      TextLayout.pad(change.kind.rawValue, 12) + TextLayout.pad(change.count > 1 ? "×\(change.count)" : "", 7),
      TextLayout.pad(change.isHidden ? "(masked)" : "", 16) + "→  ",
    ]
    var text = ""
    for (step, input, texts, side) in [
      (change.old, diff.old, diff.oldTexts, "old"), (change.new, diff.new, diff.newTexts, "new"),
    ] {
      guard let step, !(change.kind == .moved && side == "new") else { continue }
      var place = "\(side) \(DiffWords.place(step, input))"
      if change.kind == .moved, let other = change.new { place += ", new \(DiffWords.place(other, diff.new))" }
      let room = TextLayout.width - 22 - place.count - 1
      let shown = TextLayout.cut(DiffWords.shown(step, texts, change.kind), max(20, room))
      text += "  " + heads.removeFirst() + " " + TextLayout.pad(shown, room) + " " + style.faint(place) + "\n"
    }
    return text
  }

  // MARK: Figures

  private static func latencies(_ diff: DiffReport, _ style: TextStyle) -> String {
    let all = diff.comparison.latencies
    guard !all.isEmpty else { return "" }
    let shifted = all.filter { $0.shift.verdict == .worse || $0.shift.verdict == .better }
    let few = all.count { $0.shift.verdict == .tooFew }
    var notes = ["\(shifted.count) shifted", "\(all.count - shifted.count - few) within noise"]
    if few > 0 { notes.append("\(few) too few to judge") }
    var text = style.strong("latency") + "  " + notes.joined(separator: ", ") + "\n"
    guard !shifted.isEmpty else { return text + "\n" }
    text += table(
      ["  command", "form", "n old", "n new", "median old", "new", "change", "p"], style)
    for one in shifted {
      let cells = [
        "  " + TextLayout.cut(one.command, 19), one.form + (one.measure == .late ? ", late" : ""),
        "\(one.old.count)", "\(one.new.count)", TextLayout.time(one.old.median), TextLayout.time(one.new.median),
        DiffWords.signed(one.shift), DiffWords.probability(one.shift),
      ]
      text += row(cells) + "  " + judged(one.shift, one.isRegression, "slower", "faster", style) + "\n"
    }
    return text + "\n"
  }

  private static func transfers(_ diff: DiffReport, _ style: TextStyle) -> String {
    let all = diff.comparison.transfers
    guard !all.isEmpty else { return "" }
    var text = style.strong("throughput") + "  bytes per second, the median of the transfers that finished\n"
    text += table(["  transfer", "from", "n old", "n new", "old", "new", "change", "p"], style)
    for one in all {
      let cells = [
        "  " + one.kind.name, one.direction == .hostToModem ? "host" : "modem", "\(one.old.count)", "\(one.new.count)",
        one.old.throughput.map { Decimal.rounded($0, places: 0) } ?? "-",
        one.new.throughput.map { Decimal.rounded($0, places: 0) } ?? "-", DiffWords.signed(one.shift),
        DiffWords.probability(one.shift),
      ]
      text += row(cells) + "  " + judged(one.shift, one.isRegression, "slower", "faster", style)
      text += one.basis == .parts ? " (by parts)\n" : "\n"
      let unfinished = [("old", one.old), ("new", one.new)].compactMap { name, side in
        side.complete < side.count ? "\(name): \(side.count - side.complete) not finished" : nil
      }
      if !unfinished.isEmpty { text += "    " + unfinished.joined(separator: ", ") + "\n" }
    }
    return text + "\n"
  }

  private static func judged(
    _ shift: Shift, _ isRegression: Bool, _ slower: String, _ faster: String, _ style: TextStyle
  ) -> String {
    let word = DiffWords.verdict(shift, slower: slower, faster: faster)
    return isRegression ? style.bad(word) : shift.verdict == .better ? style.good(word) : word
  }

  private static let widths = [22, 12, 6, 6, 11, 9, 8, 10]

  private static func row(_ cells: [String]) -> String {
    zip(cells, widths).enumerated().map { index, cell in
      TextLayout.pad(cell.0, cell.1, right: index > 1)
    }.joined()
  }

  private static func table(_ names: [String], _ style: TextStyle) -> String { style.faint(row(names)) + "\n" }
}
