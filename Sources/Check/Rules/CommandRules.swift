import Trace

/// Commands: is the command, its form and each of its values what the document allows?
enum CommandRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "at.unknown-command", severity: .note,
      title: "A command that the profile does not know",
      whatItDoes:
        "Notes each command name once that neither the profile nor what it extends has.",
      whyItMatters:
        "An unknown name is a typing mistake, another modem, or a gap in the profile; nothing about it is checked.",
      example: "--> \"AT+FOO=1\\r\"",
      reference: Citation(document: "ITU-T V.250", section: "5.4.1"),
      advice: "Check the spelling, or name the profile of this modem with --profile."),
    RuleInfo(
      name: "at.form", severity: .error,
      title: "A form that the command does not have",
      whatItDoes:
        "A command is used as test (=?), read (?), write (=) or execution command although its section lists no such form.",
      whyItMatters:
        "The modem answers ERROR, or worse, does something else.",
      example: "--> \"AT+SEND=1\\r\" where only AT+SEND exists",
      reference: Citation(document: "ITU-T V.250", section: "5.4.3"),
      advice: "Use one of the forms that the section lists."),
    RuleInfo(
      name: "at.parameter-count", severity: .error,
      title: "Too many or too few parameters",
      whatItDoes:
        "Counts the values behind = and compares with the mandatory and optional parameters.",
      whyItMatters:
        "A missing value shifts the meaning of those behind it.",
      example: "--> \"AT+SRV=\"host\",25,1\\r\" where two are taken",
      reference: Citation(document: "ITU-T V.250", section: "5.4.2"),
      advice: "Give the parameters that the section lists, in its order."),
    RuleInfo(
      name: "at.parameter-type", severity: .error,
      title: "A parameter of the wrong type",
      whatItDoes:
        "A number must be a whole decimal number, a string must stand in double quotes (closed ones), an address must have the form of an address, a text its alphabet.",
      whyItMatters:
        "Modems refuse such a line, some only in certain firmware versions.",
      example: "--> \"AT+NAME=joe\\r\" where a string is asked for",
      reference: Citation(document: "ITU-T V.250", section: "5.4.2"),
      advice: "Write the value in the type that the section states."),
    RuleInfo(
      name: "at.parameter-range", severity: .error,
      title: "A number out of its range",
      whatItDoes:
        "Compares a number with the ranges and lists that the document states.",
      whyItMatters:
        "The modem answers ERROR or clips the value silently.",
      example: "--> \"AT+TIMEOUT=200\\r\" where 10 to 120 is allowed",
      reference: Citation(document: "ITU-T V.250", section: "5.4.2.1"),
      advice: "Use a value in the range."),
    RuleInfo(
      name: "at.parameter-length", severity: .error,
      title: "A text too short or too long",
      whatItDoes:
        "Compares the length of a string with the limits that the document states.",
      whyItMatters:
        "Too long texts are cut or refused.",
      example: "--> \"AT+NAME=\"…\"\\r\" with 130 characters where 128 are allowed",
      reference: Citation(document: "ITU-T V.250", section: "5.4.2.2"),
      advice: "Shorten the text."),
    RuleInfo(
      name: "at.parameter-value", severity: .error,
      title: "A text that is none of the allowed ones",
      whatItDoes:
        "Compares a word or string with the list that the document states.",
      whyItMatters:
        "The modem answers ERROR.",
      example: "--> \"AT+CONTYPE=\"LTE\"\\r\" where CSD or GPRS is allowed",
      reference: Citation(document: "ITU-T V.250", section: "5.4.2"),
      advice: "Use one of the listed values."),
    RuleInfo(
      name: "at.tested-range", severity: .error,
      title: "A value outside what the test command reported",
      whatItDoes:
        "The modem itself said with =? which values it supports; a later value must be one of them.",
      whyItMatters:
        "The modem at hand supports less than the document.",
      example: "--> \"AT+IDX=?\\r\" <-- \"+IDX: (0-4)\" --> \"AT+IDX=5\\r\"",
      reference: Citation(document: "ITU-T V.250", section: "5.4.4.4"),
      advice: "Use a value that the test command reports."),
    RuleInfo(
      name: "at.tested-length", severity: .error,
      title: "A text longer than the test command reported",
      whatItDoes:
        "The modem itself said with =? how long the text may be.",
      whyItMatters:
        "The text is cut or refused.",
      example: "--> \"AT+SUBJ=?\\r\" <-- \"+SUBJ: 100\" --> a subject of 101 characters",
      reference: Citation(document: "ITU-T V.250", section: "5.4.4.4"),
      advice: "Shorten the text to the length that the test command reports."),
  ]
}
