import Inspect
import Measure
import Trace

/// The place of the timeline; the script draws it.
enum HTMLTimeline {
  static func text(_ input: InputReport, _ index: Int) -> String {
    guard let chronicle = input.chronicle, chronicle.first != nil else { return "" }
    return """
      <h3>Timeline</h3>
      <div class="timeline" data-input="\(index)">
      <div class="tools" role="group" aria-label="Timeline"><button type="button" data-do="in" aria-label="Zoom in">+</button>
      <button type="button" data-do="out" aria-label="Zoom out">−</button>
      <button type="button" data-do="left" aria-label="Earlier">◀</button>
      <button type="button" data-do="right" aria-label="Later">▶</button>
      <button type="button" data-do="all">All</button> <span class="range" role="status"></span></div>
      <div class="picture" tabindex="0" role="group" aria-label="Timeline of host, modem, data and findings. Keys: plus \
      and minus zoom, arrows move, 0 shows all."></div>
      <p class="caption"><i class="k-host"></i>host sends <i class="k-modem"></i>modem answers \
      <i class="k-bad"></i>failed or no answer <i class="k-data"></i>data <span class="marks">▲ error ◆ warning ● note.</span> <span class="how">Wheel \
      zooms after a click (or with Ctrl), drag moves; a click goes to what is under it.</span></p>
      </div>
      <noscript><p class="left">The timeline needs JavaScript.</p></noscript>

      """
  }
}

/// What the script draws from, as JSON in the page.
enum HTMLData {
  static func text(
    _ input: InputReport, _ groups: [HTMLFindings.Group], _ entries: [ChronicleEntry], _ index: Int,
    _ limits: HTMLLimits
  ) -> String {
    guard let chronicle = input.chronicle else { return "" }
    var json = JSONText()
    json.object { json in
      json.string("unit", chronicle.hasTime ? "s" : "line")
      json.string("place", input.isCapture ? "packet" : "line")
      number("from", chronicle.first ?? 0, chronicle, &json)
      number("to", max(chronicle.last, chronicle.first ?? 0), chronicle, &json)
      activity(chronicle, &json)
      json.array("rows") { json in
        for entry in entries { row(entry, chronicle, input, &json) }
      }
      json.array("transfers") { json in
        for (at, figures) in input.transfers.enumerated().prefix(limits.marks) {
          transfer(figures, "i\(index)-t\(at)", chronicle, &json)
        }
      }
      json.array("rules") { json in for group in groups { json.string(nil, HTMLText.visible(group.rule)) } }
      json.array("marks") { marks(groups, chronicle, index, limits, &$0) }
    }
    return "<script type=\"application/json\" class=\"data\" data-input=\"\(index)\">"
      + HTMLText.script(json.text) + "</script>\n"
  }

  private static func number(_ key: String?, _ value: Int64, _ chronicle: Chronicle, _ json: inout JSONText) {
    if chronicle.hasTime { json.seconds(key, value) } else { json.number(key, value) }
  }

  private static func activity(_ chronicle: Chronicle, _ json: inout JSONText) {
    let activity = chronicle.activity
    json.object("activity") { json in
      number("from", activity.origin ?? 0, chronicle, &json)
      number("width", activity.width, chronicle, &json)
      json.array("host") { json in for value in activity.host.prefix(activity.used) { json.number(nil, value) } }
      json.array("modem") { json in for value in activity.modem.prefix(activity.used) { json.number(nil, value) } }
    }
  }

  /// number, place, last place, coordinate, seconds to the first byte, to the result and to the late one (or null),
  /// text, outcome, result, answer, number of answers, findings, port, name of the port
  private static func row(
    _ entry: ChronicleEntry, _ chronicle: Chronicle, _ input: InputReport, _ json: inout JSONText
  ) {
    json.array { json in
      json.number(nil, entry.number)
      json.number(nil, entry.place)
      json.number(nil, entry.lastPlace)
      if let coordinate = chronicle.coordinate(place: entry.place, instant: entry.sent) {
        number(nil, coordinate, chronicle, &json)
      } else {
        json.number(nil, Int?.none)
      }
      for time in [entry.firstByte, entry.wait, entry.late] { json.seconds(nil, time >= 0 ? time : nil) }
      json.string(nil, plain(entry.text))
      json.number(nil, entry.outcome.rawValue)
      json.string(nil, plain(entry.result))
      json.string(nil, plain(entry.answer))
      json.number(nil, entry.answers)
      json.number(nil, entry.findings)
      json.number(nil, entry.port.index)
      json.string(nil, HTMLText.visible(input.portName(entry.port) ?? ""))
    }
  }

  /// Nothing stands in quotes in the table, so quotes need no backslash.
  private static func plain(_ text: String) -> String { text.replacing("\\\"", with: "\"") }

  private static func transfer(
    _ figures: TransferFigures, _ anchor: String, _ chronicle: Chronicle, _ json: inout JSONText
  ) {
    let from = chronicle.coordinate(place: figures.place, instant: figures.start)
    let to = chronicle.hasTime ? chronicle.coordinate(place: 0, instant: figures.end) : from
    guard let from, let to else { return }
    json.array { json in
      number(nil, from, chronicle, &json)
      number(nil, max(from, to), chronicle, &json)
      json.string(nil, figures.kind.name)
      json.truth(nil, figures.complete)
      json.string(nil, anchor)
    }
  }

  /// coordinate, weight (2 error, 1 warning, 0 note), the rule by its number, place, where a click goes
  private static func marks(
    _ groups: [HTMLFindings.Group], _ chronicle: Chronicle, _ index: Int, _ limits: HTMLLimits, _ json: inout JSONText
  ) {
    let all = groups.reduce(0) { $0 + $1.findings.count }
    // Of very many, every n-th of each rule is marked.
    let step = max(1, (all + limits.marks - 1) / limits.marks)
    for (rule, group) in groups.enumerated() {
      for (at, found) in group.findings.enumerated() where at % step == 0 || at < group.shown {
        let position = found.finding.position
        guard let coordinate = chronicle.coordinate(place: position.place, instant: position.instant) else { continue }
        json.array { json in
          number(nil, coordinate, chronicle, &json)
          json.number(nil, group.severity.rawValue)
          json.number(nil, rule)
          json.number(nil, position.place)
          json.string(nil, at < group.shown ? "i\(index)-f\(group.anchor + at)" : "i\(index)-r\(rule)")
        }
      }
    }
  }
}
