import Trace

/// Time and order of commands.
enum TimingRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "at.response-timeout", severity: .error,
      title: "No final result within the time",
      whatItDoes:
        "Compares the time from the end of the command line to its final result with the limit of the document.",
      whyItMatters:
        "The host cannot know whether to wait or to repeat.",
      example: "--> \"AT+COPS=?\\r\" and nothing for three minutes",
      reference: Citation(document: "ITU-T V.250", section: "5.6"),
      advice: "Wait as long as the document says, then probe with AT; if that fails, restart the modem."),
    RuleInfo(
      name: "at.unanswered", severity: .error,
      title: "A command without a final result",
      whatItDoes:
        "A command line gets exactly one final result code.",
      whyItMatters:
        "The host and the modem no longer agree on what was done.",
      example: "--> \"AT+A\\r\" --> \"AT+B\\r\" <-- \"OK\" once",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Probe with AT until OK comes before going on."),
    RuleInfo(
      name: "at.overlapping-command", severity: .warning,
      title: "A command before the final result of the one before",
      whatItDoes:
        "The host sends a command line while another is still being executed and cannot be aborted.",
      whyItMatters:
        "The modem may drop it, or abort what it was doing.",
      example: "--> \"AT+A\\r\" --> \"AT+B\\r\" <-- \"OK\"",
      reference: Citation(document: "ITU-T V.250", section: "5.6.1"),
      advice: "Wait for the final result before sending the next command."),
    RuleInfo(
      name: "at.abort", severity: .note,
      title: "A command was aborted by a character",
      whatItDoes:
        "A character sent before the final result aborts a command that allows it.",
      whyItMatters:
        "Often not intended.",
      example: "--> \"ATD123;\\r\" --> \"A\"",
      reference: Citation(document: "ITU-T V.250", section: "5.6.1"),
      advice: "Send nothing until the final result unless you mean to abort."),
    RuleInfo(
      name: "at.reset", severity: .note,
      title: "The modem restarted",
      whatItDoes:
        "A line that the modem prints when it starts came after others; a log may begin with one.",
      whyItMatters:
        "All settings and sessions are gone.",
      example: "<-- \"RDY\"",
      reference: Citation(document: "ITU-T V.250", section: "6.1.1"),
      advice: "Look at the supply voltage and at what happened just before."),
    RuleInfo(
      name: "at.guard-time", severity: .error,
      title: "+++ without its guard time",
      whatItDoes:
        "The escape needs silence before, between and behind its characters.",
      whyItMatters:
        "The modem takes the characters for data, or data for the escape.",
      example: "--> \"data+++\" at once",
      reference: Citation(document: "ITU-T V.250", section: "6.2.9"),
      advice: "Be silent for a second before and after +++."),
    RuleInfo(
      name: "at.command-in-data", severity: .error,
      title: "A command line in data mode",
      whatItDoes:
        "Between two PPP frames, or between two silences, the host sends what is a command line.",
      whyItMatters:
        "In data mode nothing answers it; the bytes go to the network as a broken frame.",
      example: "--> \"~…~ATH\\r\"",
      reference: Citation(document: "ITU-T V.250", section: "5.1"),
      advice: "Switch to command mode with +++ and its guard time first."),
  ]
}
