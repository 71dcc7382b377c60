import Trace

/// The multiplexer of 3GPP TS 27.010.
enum MuxRules {
  private static func rule(
    _ name: String, _ severity: Severity, _ section: String, _ title: String, does: String, matters: String,
    example: String, advice: String
  ) -> RuleInfo {
    RuleInfo(
      name: "mux." + name, severity: severity, title: title, whatItDoes: does, whyItMatters: matters, example: example,
      reference: Citation(document: "3GPP TS 27.010", section: section), advice: advice)
  }

  static let all: [RuleInfo] = [
    rule(
      "frame-check", .error, "5.2.1.6", "A damaged frame", does: "Computes the check sequence of each frame.",
      matters: "The receiver drops the frame; what it carried is lost.", example: "a frame with one bit changed",
      advice: "Look for lost bytes: flow control, a wrong baud rate."),
    rule(
      "skipped", .error, "5.2.1.1", "Bytes that belong to no frame",
      does: "Between frames there is nothing but flags.",
      matters: "A frame was cut, or somebody else writes to the line.",
      example: "AT while the line is multiplexed", advice: "Close the multiplexer before sending plain commands."),
    rule(
      "not-open", .error, "5.4.1", "Data on a channel that is not open",
      does: "A channel is opened by SABM and UA before it carries data.", matters: "The frame is refused or dropped.",
      example: "UIH on channel 3 without SABM", advice: "Open the channel first, the control channel before all others."
    ),
    rule(
      "refused", .warning, "5.4.1", "A channel was refused", does: "DM answers an SABM.",
      matters: "The channel cannot be used.", example: "SABM on channel 9, DM",
      advice: "Look up how many channels the modem has."),
    rule(
      "too-long", .warning, "5.7.2", "A frame longer than agreed",
      does: "Compares the information with N1, as AT+CMUX set it (31, or 64 with the advanced option, by default).",
      matters: "A receiver with a buffer of N1 octets drops it.", example: "100 octets with N1 31",
      advice: "Give AT+CMUX the N1 that both sides use."),
  ]
}

extension Checker {
  /// `false`: this is no fault of the multiplexer.
  mutating func reportMux(_ fault: Malformed, _ event: Event) -> Bool {
    switch fault {
    case .muxFrameCheck:
      report(.muxFrameCheck, "a frame of \(event.a) bytes whose check sequence is wrong", at: event.position)
    case .muxSkipped:
      report(.muxSkipped, "\(event.a) byte\(event.a == 1 ? "" : "s") that belong to no frame", at: event.position)
    case .muxNotOpen: report(.muxNotOpen, "data on channel \(event.a), which is not open", at: event.position)
    case .muxRefused: report(.muxRefused, "channel \(event.a) was refused", at: event.position)
    case .muxTooLong:
      report(
        .muxTooLong, "\(event.a) octets of information; N1 is \(event.b)", at: event.position)
    default: return false
    }
    return true
  }
}
