import Trace

/// Bytes: what stands on the line and should not.
enum ByteRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "at.echo-mismatch", severity: .warning,
      title: "The echo differs from what was sent",
      whatItDoes:
        "Compares the echo with the command line.",
      whyItMatters:
        "Bytes were lost or damaged on the line: what the modem executed is not what the host sent.",
      example: "--> \"AT+CSQ\\r\" <-- \"AT+CQ\\r\"",
      reference: Citation(document: "ITU-T V.250", section: "6.2.4"),
      advice: "Check baud rate, flow control and wiring."),
    RuleInfo(
      name: "at.echo-unexpected", severity: .error,
      title: "An echo although ATE0 is set",
      whatItDoes:
        "After ATE0 the modem must not echo.",
      whyItMatters:
        "A host without an echo filter reads its own command as an answer.",
      example: "--> \"ATE0\\r\" <-- \"OK\" --> \"AT\\r\" <-- \"AT\\r\\r\\nOK\"",
      reference: Citation(document: "ITU-T V.250", section: "6.2.4"),
      advice: "Look for a reset in between."),
    RuleInfo(
      name: "at.line-feed-terminator", severity: .error,
      title: "A command line that ends with LF",
      whatItDoes:
        "A command line ends with the character of S3 (CR), not with LF.",
      whyItMatters:
        "The modem goes on waiting for CR and takes the next command as part of this one.",
      example: "--> \"AT+CSQ\\n\"",
      reference: Citation(document: "ITU-T V.250", section: "5.2.1"),
      advice: "End command lines with CR."),
    RuleInfo(
      name: "at.garbage", severity: .warning,
      title: "Bytes that nothing explains",
      whatItDoes:
        "Bytes outside data phases that are no command, no answer and no text.",
      whyItMatters:
        "Line noise, a wrong baud rate, or another program on the port.",
      example: "<-- \"\\xF0\\x80\\x00\"",
      reference: Citation(document: "ITU-T V.250", section: "5.2"),
      advice: "Check baud rate and wiring, and who else opens the port."),
    RuleInfo(
      name: "at.line-too-long", severity: .warning,
      title: "A line longer than any modem takes",
      whatItDoes:
        "A line is longer than the limit up to which lines are kept.",
      whyItMatters:
        "What lies behind the limit is not checked.",
      example: "--> a command line of 9,000 characters",
      reference: Citation(document: "ITU-T V.250", section: "5.2.3"),
      advice: "Shorten the line."),
    RuleInfo(
      name: "at.data-length", severity: .error,
      title: "Not as many data bytes as announced",
      whatItDoes:
        "Counts the bytes of a block and compares with the number announced before it.",
      whyItMatters:
        "From here on host and modem disagree on what is data and what is not.",
      example: "<-- \"+READ: 1,100\" and 98 bytes",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Look for lost bytes (flow control), or a host that adds a line end."),
    RuleInfo(
      name: "at.data-unfinished", severity: .warning,
      title: "A text was not ended",
      whatItDoes:
        "A prompt asked for a text; neither the end mark nor ESC came before a result or, after a long silence, the next command. A note where a success shows that data passed of which the log has none.",
      whyItMatters:
        "What was entered is lost or cut.",
      example: "--> \"AT+CMGS=10\\r\" <-- \"> \" <-- \"ERROR\"",
      reference: Citation(document: "3GPP TS 27.005", section: "3.5.1"),
      advice: "End the text with Ctrl-Z, or cancel it with ESC."),
    RuleInfo(
      name: "at.data-echoed", severity: .error,
      title: "Data of the host that the modem sends back",
      whatItDoes:
        "Where the document says that data are not echoed, the modem says nothing but unsolicited lines and the result while the host sends.",
      whyItMatters:
        "The host takes the echo for an answer; on a slow line the echo also collides with the data.",
      example: "--> \"Hello\\r\\n\" <-- \"Hello\\r\\n\"",
      reference: Citation(document: "ITU-T V.250", section: "6.2.4"),
      advice: "Look for a loop on the line, or another program that echoes."),
    RuleInfo(
      name: "at.log-entry", severity: .warning,
      title: "An entry of the log that cannot be read",
      whatItDoes:
        "The reader of this log dialect could not make sense of a line.",
      whyItMatters:
        "What stood there is not checked.",
      example: "a line of the log without its closing quote",
      reference: Citation(document: "ITU-T V.250", section: "5.2"),
      advice: "Look at the line; it may be cut."),
    RuleInfo(
      name: "at.clock-step", severity: .note,
      title: "The clock of the log went backwards",
      whatItDoes:
        "A time stamp is earlier than the one before.",
      whyItMatters:
        "Times across this place mean nothing.",
      example: "12.5 … 3.0",
      reference: Citation(document: "ITU-T V.250", section: "5.6"),
      advice: "Check the clock of the machine that logged."),
    RuleInfo(
      name: "at.gap", severity: .note,
      title: "Bytes are missing",
      whatItDoes:
        "The log says that it lost bytes here.",
      whyItMatters:
        "What was under way cannot be judged.",
      example: "\"data lost\"",
      reference: Citation(document: "ITU-T V.250", section: "5.2"),
      advice: "Capture again with more buffer."),
  ]
}
