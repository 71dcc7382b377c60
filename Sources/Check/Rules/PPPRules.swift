import Trace

/// PPP links over a data call.
enum PPPRules {
  private static func rule(
    _ name: String, _ severity: Severity, _ document: String, _ section: String, _ title: String, does: String,
    matters: String, example: String, advice: String
  ) -> RuleInfo {
    RuleInfo(
      name: "ppp." + name, severity: severity, title: title, whatItDoes: does, whyItMatters: matters, example: example,
      reference: Citation(document: document, section: section), advice: advice)
  }

  static let all: [RuleInfo] = [
    rule(
      "frame-check", .warning, "RFC 1662", "3.1", "A damaged frame",
      does: "Computes the frame check sequence of each frame.", matters: "The receiver drops the frame.",
      example: "a frame with one bit changed",
      advice: "Look for lost bytes: flow control, a full buffer, a wrong baud rate."),
    rule(
      "early-data", .warning, "RFC 1661", "3.4", "Data before the link is open",
      does: "Until LCP is open in both directions only its packets count.", matters: "What comes early is dropped.",
      example: "an IP packet before Configure-Ack", advice: "Wait for the negotiation."),
    rule(
      "refused", .warning, "RFC 1661", "3.5", "Authentication was refused",
      does: "Looks for a PAP Authenticate-Nak or a CHAP Failure.", matters: "There will be no connection.",
      example: "PAP Authenticate-Nak", advice: "Check name, password and APN; many networks want none."),
    rule(
      "unanswered", .warning, "RFC 1661", "4.6", "Configure-Request again and again",
      does: "Counts Configure-Requests that get no Configure-Ack.",
      matters: "The two sides cannot agree, or one is deaf.",
      example: "eleven Configure-Requests", advice: "Look at the options that are refused."),
    rule(
      "ended", .note, "RFC 1661", "3.7", "How the link ended", does: "Says how far the link came and who ended it.",
      matters: "It is the first thing to ask when a connection drops.", example: "Terminate-Request of the modem",
      advice: "If the modem ended it, look at the network; if nobody did, at the line."),
  ]
}

extension Checker {
  /// `false`: this is no fault of PPP.
  mutating func reportPPP(_ fault: Malformed, _ event: Event) -> Bool {
    let inferred = event.flags.contains(.inferred)
    switch fault {
    case .pppFrameCheck:
      report(
        .pppFrameCheck, "a frame of \(event.a) bytes whose check sequence is wrong", at: event.position,
        inferred: inferred)
    case .pppEarly:
      report(
        .pppEarlyData, "a packet of protocol \(Self.hex(event.a)) before the link is open", at: event.position,
        inferred: inferred)
    case .pppRefused: report(.pppRefused, "the peer refused the authentication", at: event.position, inferred: inferred)
    case .pppCommand:
      report(
        .commandInData, "a command line is sent between PPP frames; nothing answers it there", at: event.position,
        inferred: inferred)
    case .pppUnanswered:
      report(
        .pppUnanswered, "the \(event.a)th Configure-Request without an agreement", at: event.position,
        inferred: inferred)
    default: return false
    }
    return true
  }

  private static func hex(_ value: Int64) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - text.utf8.count)) + text
  }

  mutating func reportPPPEnd(_ event: Event, _ batch: borrowing EventBatch) {
    let fields = event.fields.range
    guard fields.count == 5, fields.upperBound <= batch.fields.count else { return }
    func value(_ index: Int) -> Int64 { batch.fields[fields.lowerBound + index].number }
    let how =
      switch value(4) {
      case 0: "the host ended it"
      case 1: "the modem ended it"
      case 2: "its authentication was refused"
      case 3: "its negotiation was never finished"
      case 4: "it never got an address"
      default: "nobody ended it in order"
      }
    report(
      .pppEnded, "the PPP link is over after \(value(0)) frames (\(value(1)) damaged): \(how)", at: event.position)
  }
}
