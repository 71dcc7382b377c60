import Trace

/// Time and throughput: what the line cannot do, and what the user does not want.
enum MeasureRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "measure.faster-than-line", severity: .warning,
      title: "Bytes faster than the line can carry",
      whatItDoes:
        "Over a stretch of bytes of one direction, compares their number with what the stated rate carries in that time. Bytes that a program reads or writes at once, one step of the log's clock, and 8 KiB of buffers count in the log's favour.",
      whyItMatters:
        "The time stamps or the stated rate are wrong: every latency, throughput and time limit of the report rests on them.",
      example: "40,000 bytes within 0.1 s at 9600 bit/s",
      reference: Citation(document: "ITU-T V.250", section: "6.2.10"),
      advice: "Check the clock of the log, and the rate: on a USB port there is none, so state none."),
    RuleInfo(
      name: "measure.below-floor", severity: .warning,
      title: "A transfer slower than the floor that was set",
      whatItDoes:
        "Compares the payload bytes per second of each transfer, from its first byte to its last, with the floor that the configuration file sets for its kind.",
      whyItMatters:
        "What took so long is told by the time budget of the transfer in the report.",
      example: "throughput: {xmodem: 800} and 12,800 bytes in 32 s",
      reference: Citation(document: "configuration", section: "thresholds.throughput"),
      advice: "Look at the time budget of this transfer: who was waited for?"),
    RuleInfo(
      name: "measure.slow-command", severity: .warning,
      title: "A command slower than the limit that was set",
      whatItDoes:
        "Compares the time from the end of a command line (or of its data) to its final result with the limit that the configuration file sets for the command. Lines of several commands are left out: nobody knows which of them took the time.",
      whyItMatters:
        "The user's own limit is usually far below that of the manual.",
      example: "latency: {\"+CSQ\": 0.5} and an OK after 0.9 s",
      reference: Citation(document: "configuration", section: "thresholds.latency"),
      advice: "Look at what the modem was busy with."),
  ]
}
