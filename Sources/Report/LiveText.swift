import Inspect
import Profile
import Trace

/// Prints a session while it goes on: a line for each transaction when its result is there, for each line that nobody
/// asked for, for each transfer, and for each finding.
public struct LiveText {
  private struct Open {
    var transaction: UInt32
    var command: String
    var answer = ""
  }

  /// As many transactions as may be under way.
  private static let openLimit = 64
  private static let shown = 80

  private let redact: Bool
  private let isCapture: Bool
  private let style: TextStyle
  private var secrets = SecretMap()
  private var open: [Open] = []
  private var transfers = LiveTransfers()
  /// Where there are several, each line names its own.
  private var ports: [String] = []

  public init(redact: Bool, style: TextStyle, isCapture: Bool = false) {
    self.isCapture = isCapture
    self.redact = redact
    self.style = style
  }

  /// The names of the ports, which may grow while a line is read.
  public mutating func name(ports: [String]) { self.ports = ports }

  /// The lines for a batch of events.
  public mutating func text(_ batch: borrowing EventBatch) -> String {
    secrets.note(batch)
    var text = ""
    for index in batch.events.indices {
      let event = batch.events[index]
      if event.kind == .transferEnd { text += ends(event) }
      transfers.take(event)
      text += line(event, batch)
    }
    return text
  }

  private mutating func line(_ event: Event, _ batch: borrowing EventBatch) -> String {
    switch event.kind {
    case .commandLine:
      if open.count >= Self.openLimit { open.removeFirst() }
      open.append(Open(transaction: event.transaction, command: shown(event, batch)))
      return ""
    case .information:
      guard let at = open.lastIndex(where: { $0.transaction == event.transaction }), open[at].answer.count < Self.shown
      else { return "" }
      open[at].answer += (open[at].answer.isEmpty ? "" : " | ") + shown(event, batch)
      return ""
    case .final:
      let time = event.c >= 0 ? TextLayout.time(event.c) : "-"
      return ends(event, with: shown(event, batch), time: time)
    case .unanswered:
      return ends(event, with: "no answer: " + EventWords.unanswered(event.code), time: "-")
    case .unsolicited, .late: return told("<--", shown(event, batch), event)
    case .control, .reset: return told("===", shown(event, batch), event)
    case .gap: return told("===", "bytes are missing here", event)
    default: return ""
    }
  }

  private mutating func ends(_ event: Event, with result: String, time: String) -> String {
    guard let at = open.lastIndex(where: { $0.transaction == event.transaction }) else { return "" }
    let one = open.remove(at: at)
    let answer = one.answer.isEmpty ? "" : " | " + one.answer
    return head(event.end, event.port)
      + TextLayout.pad(time, 9, right: true) + "  "
      + TextLayout.cut(one.command + style.faint(" -> ") + result + answer, TextLayout.width * 2) + "\n"
  }

  private func ends(_ event: Event) -> String {
    guard let one = transfers.open.first(where: { $0.id == event.b }) else { return "" }
    var text = "\(one.kind.name), \(one.bytes) bytes"
    if let duration = one.end.since(one.start), duration > 0 {
      text +=
        " in \(TextLayout.time(duration)), \(Decimal.rounded(Double(one.bytes) * 1e9 / Double(duration), places: 0)) bytes/s"
    }
    text += event.code == 1 ? ", complete" : ", not complete"
    if event.a > 0 { text += ", \(event.a) retransmissions" }
    return told(one.direction == .hostToModem ? "-->" : "<--", text, event)
  }

  private func told(_ mark: String, _ what: String, _ event: Event) -> String {
    head(event.end, event.port) + TextLayout.pad(mark, 9, right: true) + "  "
      + TextLayout.cut(what, TextLayout.width * 2) + "\n"
  }

  private func shown(_ event: Event, _ batch: borrowing EventBatch) -> String {
    // Nothing stands in quotes here, so quotes need no backslash.
    secrets.text(of: event, in: batch, redact: redact, limit: Self.shown).replacing("\\\"", with: "\"")
  }

  private func head(_ instant: Instant, _ port: Port) -> String {
    let time = TextLayout.pad(instant.isKnown ? Decimal.seconds(instant.nanoseconds) : "-", 14, right: true)
    guard ports.count > 1, let name = InputReport.portName(port, among: ports) else { return style.faint(time) + " " }
    return style.faint(time + " " + Escaped.line(name)) + " "
  }

  /// A finding on one line.
  public func line(for finding: Finding) -> String {
    let place = finding.position.place > 0 ? " (\(isCapture ? "packet" : "line") \(finding.position.place))" : ""
    return head(finding.position.instant, finding.position.port)
      + "\(style.severity(finding.severity)) \(finding.rule): \(Escaped.line(finding.message))\(place); "
      + style.faint("\(Escaped.line(finding.citation.document)), \(Escaped.line(finding.citation.section))") + "\n"
  }

  /// Something about the line that is not of the session, e.g. the profile that was recognised.
  public func line(about text: String) -> String { style.faint("# " + Escaped.line(text)) + "\n" }
}

/// The transfers that are under way.
struct LiveTransfers {
  struct One {
    var id: Int64
    var kind: TransferKind
    var direction: Direction
    var start: Instant
    var end: Instant
    var bytes = 0
    /// What was announced, or -1.
    var announced: Int64
  }

  private static let limit = 64
  private(set) var open: [One] = []
  private var announced: [(id: Int64, count: Int64)] = []

  mutating func take(_ event: Event) {
    switch event.kind {
    case .dataBegin:
      guard event.b > 0, event.a >= 0 else { return }
      if announced.count >= Self.limit { announced.removeFirst() }
      announced.append((event.b, event.a))
    case .data:
      guard event.b > 0, let kind = TransferKind(rawValue: event.form) else { return }
      let at = open.firstIndex { $0.id == event.b && $0.direction == event.direction }
      if let at {
        open[at].bytes += Int(event.text.count)
        if event.end.isKnown { open[at].end = event.end }
      } else {
        if open.count >= Self.limit { open.removeFirst() }
        open.append(
          One(
            id: event.b, kind: kind, direction: event.direction, start: event.start, end: event.end,
            bytes: Int(event.text.count), announced: announced.last { $0.id == event.b }?.count ?? -1))
      }
    case .transferEnd:
      open.removeAll { $0.id == event.b }
      announced.removeAll { $0.id == event.b }
    default: break
    }
  }
}
