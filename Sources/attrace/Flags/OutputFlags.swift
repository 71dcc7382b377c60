/// Flags about what is written and where.
extension Flag {
  private static let wholeFormats = ["text", "html", "json", "jsonl", "junit", "sarif", "github"]
  private static let formatRepeats =
    "May be repeated; the first -o belongs to the first --format, the second to the second, and so on. Only one report goes to standard output."
  static let reportFormat = Flag(
    "format", .choice(name: "FORMAT", of: wholeFormats + ["csv", "csv-transfers", "perfetto", "sqlite"]),
    repeats: true,
    help:
      "how the report is written: text, html, json, jsonl, junit, sarif, github, csv, csv-transfers, perfetto or sqlite",
    more: formatRepeats
      + " csv has a row for each transaction, csv-transfers for each transfer; perfetto is a timeline for ui.perfetto.dev; sqlite needs -o, and appends a run where the database is there already. csv, perfetto and sqlite are written while the inputs are read, one after the other."
  )
  /// Of a line that is followed; the rest is made of what was saved.
  static let liveFormat = Flag(
    "format", .choice(name: "FORMAT", of: wholeFormats), repeats: true,
    help: "how the report is written: text, html, json, jsonl, junit, sarif or github", more: formatRepeats)
  static let sessionFormat = Flag(
    "format", .choice(name: "FORMAT", of: ["text", "jsonl"]), help: "how events are written: text or jsonl"
  )
  static let diffFormat = Flag(
    "format", .choice(name: "FORMAT", of: ["text", "html", "json"]), repeats: true,
    help: "how the comparison is written: text, html or json",
    more: "May be repeated; the first -o belongs to the first --format, the second to the second, and so on.")
  static let diffQuiet = Flag("quiet", letter: "q", help: "the verdict and its reasons only")
  static let output = Flag(
    "output", letter: "o", .text(name: "FILE"), repeats: true, help: "write to FILE instead of standard output",
    more: "FILE appears only when it is complete.")
  static let markdown = Flag(
    "markdown", help: "write the coverage of a profile as Markdown", more: "With coverage only; so is --output.")
  static let pages = Flag(
    "pages", .text(name: "DIR"), help: "write all rules in full as Markdown pages to this folder",
    more: "Each rule with lines of a session that keeps it and of one that breaks it.")
  static let folder = Flag(
    "output", letter: "o", .text(name: "DIR"), help: "the folder to write to; it is made if it is not there",
    more: "Each file appears only when it is complete; files of the same names are replaced.")
  static let converted = Flag(
    "output", letter: "o", .text(name: "FILE"), help: "the file to write; - is standard output",
    more: "FILE appears only when it is complete.")
  static let to = Flag(
    "to", .choice(name: "FORM", of: ConvertCommand.Target.allCases.map(\.rawValue)),
    help: "what to write, where the name of FILE does not tell")
  static let mask = Flag(
    "mask", help: "overwrite secrets with made-up values of the same shape",
    more:
      "Passwords, numbers, names and messages, as reports hide them: a digit for a digit, a letter for a letter, and the same value for the same value. Lengths stay, PDUs can be decoded, and check finds the same. Remarks of the log become asterisks. In pcapng all secrets do."
  )
  static let failOn = Flag(
    "fail-on", .choice(name: "SEVERITY", of: ["error", "warning", "note", "never"]),
    help: "the least severity that makes the exit code 1", more: "The default is error.")
  static let baseline = Flag(
    "baseline", .text(name: "FILE"), help: "findings of FILE are known: they are no reason to fail",
    more: "FILE is what --write-baseline wrote. Findings are recognised although lines have moved.")
  static let writeBaseline = Flag(
    "write-baseline", .text(name: "FILE"), help: "write all findings to FILE, as a baseline for later runs")
  static let writeExpectations = Flag(
    "write-expectations", .text(name: "FILE"), help: "write what the sessions showed to FILE, for --expect",
    more:
      "A file to begin with: the command lines in order, how often each came, with which result and how fast, and the transfers. Secrets are written as *, which stands for anything."
  )
  static let today = Flag(
    "today", .text(name: "DAY"), help: "the day that suppressions are compared with, as 2027-01-31",
    more: "Without it the day of the system's clock counts, in UTC.")
  static let color = Flag(
    "color", .choice(name: "WHEN", of: ["auto", "always", "never"]), help: "colour the text",
    more: "The default, auto, colours on a terminal unless NO_COLOR is set.")
  static let quiet = Flag(
    "quiet", letter: "q", help: "findings and their number only", more: "Leaves out the tables.")
  static let noRedact = Flag(
    "no-redact", help: "show passwords, numbers, names and messages",
    more: "By default they are masked in every output, character by character, and nothing else is.")
  static let help = Flag("help", letter: "h", help: "show help")
  static let version = Flag("version", letter: "V", help: "show the version")
}
