import Trace

/// What can be found about a live line itself. These rules see no bytes: whoever runs the line reports them.
public enum LiveRules {
  public static let all = [savingStopped]

  private static let savingStopped = RuleInfo(
    name: "tap.saving-stopped", severity: .warning,
    title: "The capture is not saved any more",
    whatItDoes:
      "Reports that the file of -w could not be written.",
    whyItMatters:
      "The line goes on and is decoded, but what comes from here on is not kept.",
    example: "a disk that is full",
    reference: Citation(document: "POSIX.1", section: "write"),
    advice: "Make room and start the capture again.")

  /// The finding, with the reason that the system gives. `place`, `instant`: where the line was then.
  public static func savingStopped(_ reason: String, place: Int, at instant: Instant) -> Finding {
    let rule = savingStopped
    return Finding(
      rule: rule.name, severity: rule.severity, message: "the capture is not saved any more: \(reason)",
      advice: rule.advice, position: Position(place: place, instant: instant), citation: rule.reference)
  }
}
