import Trace

/// Late results: OK now, the outcome later.
enum LateRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "at.late-before-ok", severity: .error,
      title: "The late result before OK",
      whatItDoes:
        "The section promises OK first, then the result.",
      whyItMatters:
        "A host that waits for OK throws the result away.",
      example: "--> \"AT+SEND\\r\" <-- \"+SEND: 1\" <-- \"OK\"",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Let the host take the result in either order."),
    RuleInfo(
      name: "at.late-missing", severity: .error,
      title: "The late result never came",
      whatItDoes:
        "After OK the promised result must come within its time.",
      whyItMatters:
        "The host does not know whether the operation succeeded.",
      example: "--> \"AT+LOGIN\\r\" <-- \"OK\" and nothing more",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Give the operation up after that time and start it anew; look at signal and bearer."),
    RuleInfo(
      name: "at.late-answer", severity: .warning,
      title: "The answer came after the host had gone on",
      whatItDoes:
        "The host sent its next command before the answer to the one before came.",
      whyItMatters:
        "A host that is not prepared takes it for the answer to its new command.",
      example: "--> \"AT+A\\r\" --> \"AT+B\\r\" <-- answer of +A",
      reference: Citation(document: "ITU-T V.250", section: "5.6.1"),
      advice: "Wait longer for this command."),
  ]
}
