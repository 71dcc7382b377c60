import Trace

/// Answers: does the modem say what the document promises, in that shape and order?
enum AnswerRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "at.response-shape", severity: .error,
      title: "An answer of another shape",
      whatItDoes:
        "Compares the values of an information response or result line with the shape that the section gives: their number, types, ranges and literals.",
      whyItMatters:
        "A host that parses by the manual reads wrong values.",
      example: "<-- \"+LIST: 1,5556\" where three values are promised",
      reference: Citation(document: "ITU-T V.250", section: "5.4.3"),
      advice: "Report it to the vendor, or teach the host to take this shape."),
    RuleInfo(
      name: "at.response-missing", severity: .error,
      title: "OK without the promised answer",
      whatItDoes:
        "After OK each promised information response must have come.",
      whyItMatters:
        "The host waits for a line that does not come.",
      example: "--> \"AT+CID=?\\r\" <-- \"OK\"",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Repeat the command; if it is always so, the firmware differs from the document."),
    RuleInfo(
      name: "at.response-repeated", severity: .error,
      title: "An answer line too often",
      whatItDoes:
        "Counts the lines of one shape in one answer.",
      whyItMatters:
        "The host takes the surplus line for an unsolicited one.",
      example: "<-- \"+CSQ: 20,0\" twice",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Report it to the vendor."),
    RuleInfo(
      name: "at.response-unexpected", severity: .warning,
      title: "An answer where none is promised",
      whatItDoes:
        "The command answers with a line of its own name although its section lists none for this form.",
      whyItMatters:
        "It may be a result that the host does not expect here.",
      example: "--> \"AT+SET=1\\r\" <-- \"+SET: 1\"",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Check whether the host copes with the line."),
    RuleInfo(
      name: "at.response-order", severity: .error,
      title: "Answers of one line in the wrong order",
      whatItDoes:
        "The commands of a line are executed from left to right; their answers come in that order.",
      whyItMatters:
        "The host assigns the answers to the wrong commands.",
      example: "--> \"AT+A?;+B?\\r\" <-- \"+B: 1\" <-- \"+A: 1\"",
      reference: Citation(document: "ITU-T V.250", section: "5.5"),
      advice: "Send the commands in lines of their own."),
    RuleInfo(
      name: "at.answer-after-failure", severity: .error,
      title: "A command answered after a failed one",
      whatItDoes:
        "When a command of a line fails, the rest of the line is not executed.",
      whyItMatters:
        "Settings were made that the host believes were not.",
      example: "--> \"AT+A?;+B?;+C?\\r\" <-- \"+A: 1\" <-- \"+C: 1\" <-- \"ERROR\"",
      reference: Citation(document: "ITU-T V.250", section: "5.5"),
      advice: "Send the commands in lines of their own."),
    RuleInfo(
      name: "at.test-range", severity: .error,
      title: "The test command reports another range than the document",
      whatItDoes:
        "Compares what =? reports with the range that the section states.",
      whyItMatters:
        "The modem at hand differs from its document.",
      example: "<-- \"+TIMEOUT: (1-240)\" where 10-120 is documented",
      reference: Citation(document: "ITU-T V.250", section: "5.4.4.4"),
      advice: "Rely on what the modem reports, and report the difference."),
    RuleInfo(
      name: "at.read-back", severity: .error,
      title: "The read command reports another value than was set",
      whatItDoes:
        "Remembers each accepted setting and compares what the read form reports.",
      whyItMatters:
        "The setting did not take, or was changed behind the host's back.",
      example: "--> \"AT+T=45\\r\" <-- \"OK\" --> \"AT+T?\\r\" <-- \"+T: 30\"",
      reference: Citation(document: "ITU-T V.250", section: "5.4.4.3"),
      advice: "Set the value again; look for a reset in between."),
    RuleInfo(
      name: "at.final-result", severity: .error,
      title: "A final result that the document does not allow here",
      whatItDoes:
        "Some forms must be answered with ERROR, some only with CONNECT.",
      whyItMatters:
        "The host goes on in a state that the modem is not in.",
      example: "--> \"AT+X=?\\r\" <-- \"OK\" where ERROR is documented",
      reference: Citation(document: "ITU-T V.250", section: "5.7.1"),
      advice: "Report it to the vendor."),
    RuleInfo(
      name: "at.command-failed", severity: .note,
      title: "A command failed as documented",
      whatItDoes:
        "Tells the meaning of the error code.",
      whyItMatters:
        "Not a breach, but often what one is looking for.",
      example: "<-- \"+CME ERROR: 10\"",
      reference: Citation(document: "3GPP TS 27.007", section: "9.2"),
      advice: "See the meaning of the code."),
    RuleInfo(
      name: "at.stray-final", severity: .error,
      title: "A final result that no command asked for",
      whatItDoes:
        "A command line gets exactly one final result code.",
      whyItMatters:
        "The host takes it for the answer of its next command, and from then on each answer for that of another.",
      example: "<-- \"OK\" <-- \"OK\"",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Discard what comes between commands before sending the next."),
    RuleInfo(
      name: "at.result-framing", severity: .error,
      title: "A result code or an answer that is not framed by CR LF",
      whatItDoes:
        "With ATV1 a result code has CR LF before and behind it, and so has an answer.",
      whyItMatters:
        "A host that waits for CR LF waits for ever.",
      example: "<-- \"\\nOK\\n\"",
      reference: Citation(document: "ITU-T V.250", section: "5.7.1"),
      advice: "Check S3 and S4, and whether something on the way changes line ends."),
    RuleInfo(
      name: "at.result-form", severity: .error,
      title: "A verbose result code although ATV0 is set",
      whatItDoes:
        "After ATV0 result codes are numbers followed by CR.",
      whyItMatters:
        "A host that reads numbers does not see the result.",
      example: "--> \"ATV0\\r\" … <-- \"\\r\\nOK\\r\\n\"",
      reference: Citation(document: "ITU-T V.250", section: "6.2.6"),
      advice: "Look for a reset, or a profile that sets V1."),
    RuleInfo(
      name: "at.unsolicited-shape", severity: .error,
      title: "An unsolicited line of another shape",
      whatItDoes:
        "Compares an unsolicited line with the shapes that the document gives.",
      whyItMatters:
        "A host that parses by the manual reads wrong values.",
      example: "<-- \"+IND: 9\" where 0 and 1 are documented",
      reference: Citation(document: "ITU-T V.250", section: "5.7"),
      advice: "Report it to the vendor, or teach the host to take this shape."),
    RuleInfo(
      name: "at.error-form", severity: .error, title: "A failure in another form than AT+CMEE asked for",
      whatItDoes:
        "After AT+CMEE=0 a failure is plain ERROR, after AT+CMEE=1 +CME ERROR with a number, after AT+CMEE=2 with a text.",
      whyItMatters: "A host that looks for one form does not recognise the other and waits on.",
      example: "--> \"AT+CMEE=0\\r\" … <-- \"+CME ERROR: 10\"",
      reference: Citation(document: "3GPP TS 27.007", section: "9.1"),
      advice: "Set AT+CMEE again after a restart, and let the host take every form."),
    RuleInfo(
      name: "at.error-code", severity: .warning, title: "A failure that the document does not list",
      whatItDoes:
        "Looks +CME ERROR and +CMS ERROR up in the document's own tables, by number or by text; without such tables nothing is compared.",
      whyItMatters: "A host that decides by the code has no branch for this one.",
      example: "<-- \"+CME ERROR: flux capacitor empty\"",
      reference: Citation(document: "3GPP TS 27.007", section: "9.2"),
      advice: "Treat it as a failure of unknown cause, and ask the vendor what it means."),
    RuleInfo(
      name: "at.result-suppressed", severity: .error, title: "A result code although ATQ1 is set",
      whatItDoes: "After ATQ1 the modem sends no result codes; information responses still come.",
      whyItMatters: "A host that counts on silence takes the code for something else.",
      example: "--> \"ATQ1\\r\" --> \"AT\\r\" <-- \"OK\"",
      reference: Citation(document: "ITU-T V.250", section: "6.2.5"),
      advice: "Look for a reset, or a profile that sets Q0."),
  ]
}
