import Inspect
import Measure
import Trace

/// Transfers: how each went over its time, where its time went, and how its blocks fared.
enum HTMLTransfers {
  static func text(_ input: InputReport, _ index: Int, _ limits: HTMLLimits) -> String {
    guard !input.transfers.isEmpty else { return "" }
    let drawn = chosen(input.transfers, limits.plots)
    var text = "<h3>Transfers</h3>\n"
    for at in drawn { text += card(input.transfers[at], input, "i\(index)-t\(at)") }
    let rest = input.transfers.indices.filter { !drawn.contains($0) }
    guard !rest.isEmpty else { return text }
    text += "<details><summary>\(HTMLText.plural(rest.count, "more transfer"))</summary>\n"
    text += "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Transfer</th><th scope=\"col\">Direction</th>"
    for name in ["Line", "Bytes", "Time", "Rate"] { text += "<th scope=\"col\" class=\"n\">\(name)</th>" }
    text += "<th scope=\"col\">End</th></tr></thead><tbody>\n"
    for at in rest.prefix(limits.transferRows) { text += row(input.transfers[at], "i\(index)-t\(at)") }
    text += "</tbody></table></div>\n"
    if rest.count > limits.transferRows {
      text += "<p class=\"left\">\(rest.count - limits.transferRows) more are left out: "
      let command = "attrace check --format json " + HTMLFindings.shellWord(input.path)
      text += "<code>\(HTMLText.escaped(command))</code> lists them.</p>\n"
    }
    return text + "</details>\n"
  }

  /// Those that did not end well, then the longest; in the order of the trace.
  static func chosen(_ transfers: [TransferFigures], _ limit: Int) -> [Int] {
    func weight(_ at: Int) -> (Int, Int64) {
      (transfers[at].complete ? 0 : 1, transfers[at].duration ?? Int64(transfers[at].payloadBytes))
    }
    let sorted = transfers.indices.sorted { a, b in
      let (left, right) = (weight(a), weight(b))
      return left == right ? a < b : left > right
    }
    return sorted.prefix(limit).sorted()
  }

  private static func way(_ direction: Direction) -> String {
    switch direction {
    case .hostToModem: "host to modem"
    case .modemToHost: "modem to host"
    case .unknown: "direction not known"
    }
  }

  private static func row(_ figures: TransferFigures, _ anchor: String) -> String {
    var text = "<tr id=\"\(anchor)\"><th scope=\"row\">\(figures.kind.name)</th><td>\(way(figures.direction))</td>"
    text += "<td class=\"n\">\(figures.place)</td><td class=\"n\">\(figures.payloadBytes)</td>"
    text += "<td class=\"n\">\(TextLayout.time(figures.duration.flatMap { $0 > 0 ? $0 : nil }))</td>"
    text += "<td class=\"n\">\(figures.throughput.map(HTMLText.rate) ?? "-")</td>"
    return text + "<td\(figures.complete ? ">complete" : " class=\"bad\">not finished")</td></tr>\n"
  }

  private static func card(_ figures: TransferFigures, _ input: InputReport, _ anchor: String) -> String {
    var title = "\(figures.kind.name), \(way(figures.direction))"
    if let name = figures.name { title += ", " + name }
    var text = "<article class=\"transfer\" id=\"\(anchor)\" tabindex=\"-1\">\n<h4>\(HTMLText.escaped(title)) "
    text +=
      figures.complete
      ? "<span class=\"good\">complete</span></h4>\n" : "<span class=\"bad\">not finished</span></h4>\n"
    var facts = "from line \(figures.place); \(HTMLText.plural(figures.payloadBytes, "byte"))"
    if let duration = figures.duration, duration > 0 { facts += " in " + TextLayout.time(duration) }
    if let throughput = figures.throughput { facts += ", " + HTMLText.rate(throughput) }
    if let used = figures.utilisation { facts += ", \(Decimal.rounded(used * 100, places: 0)) % of the line" }
    if figures.retransmissions > 0 { facts += "; \(figures.retransmissions) sent again" }
    if figures.escapeBytes > 0 { facts += "; \(HTMLText.plural(figures.escapeBytes, "byte")) of escapes" }
    text += "<p>\(HTMLText.escaped(facts))</p>\n"
    text += budget(figures)
    if let series = input.chronicle?.series.last(where: { $0.id == figures.id && $0.direction == figures.direction }) {
      text += ThroughputPlot(figures, series)?.svg() ?? ""
      text += blocks(series.blocks)
    }
    return text + "<p class=\"cite\">SHA-256 <code>\(figures.sha256)</code></p>\n</article>\n"
  }

  // MARK: Where the time went

  private static let words = [
    "line": "bytes on the line", "modem": "waiting for the modem", "host": "waiting for the host",
    "retransmitting": "sending again", "unknown": "not known",
  ]

  private static func budget(_ figures: TransferFigures) -> String {
    let parts = JSONMembers.budgetParts.compactMap { name, part -> (name: String, share: Double)? in
      guard let share = figures.budget.share(part), share >= 0.001 else { return nil }
      return (name, share)
    }
    guard !parts.isEmpty else { return "" }
    var bar = "<div class=\"budget\" aria-hidden=\"true\">"
    var key = "<ul class=\"key\" aria-label=\"Where the time went\">"
    for part in parts {
      let percent = HTMLText.number(part.share * 100)
      bar += "<span class=\"b-\(part.name)\" style=\"flex-basis:\(percent)%\"></span>"
      let rounded =
        part.share < 0.01 ? Decimal.rounded(part.share * 100, places: 1) : Decimal.rounded(part.share * 100, places: 0)
      key += "<li><i class=\"b-\(part.name)\"></i>\(rounded) % \(words[part.name] ?? part.name)</li>"
    }
    return bar + "</div>\n" + key + "</ul>\n"
  }

  // MARK: Blocks

  private static func blocks(_ map: BlockMap) -> String {
    let states = map.states
    guard !states.isEmpty else { return "" }
    let repeated = states.count { $0 == .repeated }
    let refused = states.count { $0 == .refused }
    var told = "\(HTMLText.plural(map.count, "block")) accepted"
    if map.perCell > 1 { told += ", \(map.perCell) a square" }
    told += "; \(HTMLText.plural(repeated, "square")) with blocks sent again"
    if refused > 0 { told += "; the last block was never accepted" }
    var text = "<p class=\"caption\">Block map: \(told)</p>\n<div class=\"blocks\" role=\"img\" aria-label=\"\(told)\">"
    for state in states {
      switch state {
      case .clean: text += "<i></i>"
      case .repeated: text += "<i class=r></i>"
      case .refused: text += "<i class=x></i>"
      }
    }
    return text + "</div>\n"
  }
}

/// The payload rate of a transfer over its time, with the longest silence, what was sent again, and the rate that the
/// line allows at most.
struct ThroughputPlot {
  private static let bars = 64
  private static let height = 60.0
  /// A silence that is a smaller share of the time is not marked.
  private static let leastStall = 0.05

  private let figures: TransferFigures
  private let duration: Double
  /// How long the time of one bar is.
  private let barTime: Double
  private var rates: [Double] = []
  private var repeats: [Int] = []
  private let ceiling: Double?

  /// `nil` where there is no time to draw over.
  init?(_ figures: TransferFigures, _ series: TransferSeries) {
    guard let time = figures.duration, time > 0, series.used > 0 else { return nil }
    self.figures = figures
    // Blocks that were sent again to the end count too: the last payload came before them.
    let whole = Double(series.used) * Double(series.width)
    duration = whole > Double(time) + Double(series.width) ? whole : Double(time)
    ceiling = figures.rate.map { Double($0.bitsPerSecond) / 10 }
    // A log tells when a piece was seen, not how its bytes were spread: a bar holds several pieces, and whole slots.
    let wanted = max(4, min(Self.bars, series.pieces / 2))
    let slots = max(1, (series.used + wanted - 1) / wanted)
    barTime = Double(slots) * Double(series.width)
    let count = (series.used + slots - 1) / slots
    rates = [Double](repeating: 0, count: count)
    repeats = [Int](repeating: 0, count: count)
    for slot in 0..<series.used {
      rates[slot / slots] += Double(series.bytes[slot])
      repeats[slot / slots] += series.repeats[slot]
    }
    for at in rates.indices {
      // The last bar may end before its time is over.
      let time = min(barTime, max(barTime / 4, duration - Double(at) * barTime))
      rates[at] *= 1e9 / time
    }
  }

  func svg() -> String {
    let peak = rates.max() ?? 0
    let top = max(1, max(min(peak, (ceiling ?? peak) * 1.5), ceiling ?? 0) * 1.08)
    func y(_ rate: Double) -> Double { Self.height * (1 - min(1, rate / top)) }
    let span = max(duration, barTime)
    let width = 1000 * barTime / span
    var told = "Payload per second over \(TextLayout.time(Nanoseconds(duration))); peak \(HTMLText.rate(peak))"
    if let ceiling { told += "; dashed: the line carries at most \(HTMLText.rate(ceiling))" }
    var shapes = ""
    if let stall = figures.stall, Double(figures.longestStall) > duration * Self.leastStall,
      let start = stall.start.since(figures.start)
    {
      let x = max(0, Double(start) / span * 1000)
      let length = min(1000 - x, Double(figures.longestStall) / span * 1000)
      shapes +=
        "<rect class=\"stall\" x=\"\(HTMLText.number(x))\" y=\"0\" width=\"\(HTMLText.number(max(2, length)))\" height=\"60\"/>"
      told += "; shaded: the longest silence, \(TextLayout.time(figures.longestStall)), until line \(stall.place)"
    }
    for (at, rate) in rates.enumerated() where rate > 0 {
      shapes += "<rect class=\"rate\" x=\"\(HTMLText.number(Double(at) * width))\" y=\"\(HTMLText.number(y(rate)))\""
      shapes +=
        " width=\"\(HTMLText.number(max(0.5, min(width, 1000 - Double(at) * width) * 0.94)))\" height=\"\(HTMLText.number(Self.height - y(rate)))\"/>"
    }
    if repeats.contains(where: { $0 > 0 }) { told += "; red ticks: blocks sent again" }
    for (at, count) in repeats.enumerated() where count > 0 {
      let x = min(994, (Double(at) + 0.46) * width)
      shapes +=
        "<rect class=\"again\" x=\"\(HTMLText.number(x - 2))\" y=\"0\" width=\"4\" height=\"\(min(20, 6 + count))\"/>"
    }
    if let ceiling {
      let level = HTMLText.number(y(ceiling))
      shapes += "<line class=\"ceiling\" x1=\"0\" x2=\"1000\" y1=\"\(level)\" y2=\"\(level)\"/>"
    }
    return """
      <svg class="plot" viewBox="0 0 1000 60" preserveAspectRatio="none" role="img" aria-label="\(told)">\(shapes)</svg>
      <p class="caption">\(told).</p>

      """
  }
}
