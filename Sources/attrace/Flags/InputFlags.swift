import Capture

/// Flags about what is read and against what it is checked.
extension Flag {
  static let profile = Flag(
    "profile", letter: "p", .text(name: "NAME|FILE"), repeats: true,
    help: "the modem's manual; 'auto' recognises it",
    more:
      "A built-in profile (see 'attrace profiles'), a .yaml file or a folder of them, or 'auto', the default: recognised from identification answers and from commands that only one profile knows. Given twice or more, each input is checked against each."
  )
  static let inputFormat = Flag(
    "input-format", .name(name: "NAME", known: FormatRegistry.names),
    help: "the log's dialect, when it is not recognised",
    more:
      "Without it the dialect is detected from the beginning of the input. 'attrace formats' lists all; stamped+NAME is a log of dialect NAME with the time before each line. The configuration may declare dialects of your own."
  )
  static let filter = Flag(
    "filter", letter: "f", .text(name: "EXPRESSION"),
    help: "packets of a capture that are read, as tcpdump writes them",
    more: "An expression of pcap-filter(7), such as 'host 10.0.0.5 and port 4001'. It is for captures only.")
  static let userLink = Flag(
    "user-link", .choice(name: "WHAT", of: CaptureOptions.UserLink.allCases.map(\.rawValue)),
    help: "what packets of the user's own link types hold",
    more:
      "Captures of link types 147 to 162 do not say it themselves: bytes of a serial line, PPP frames, or frames of the multiplexer of 27.010."
  )
  static let baud = Flag(
    "baud", letter: "b", .number(name: "N", in: 50...100_000_000), help: "the line's rate, when the log does not tell",
    more:
      "Used for the share of the line that a transfer took, and to see where its time went. Without it the log's own statement counts, else AT+IPR."
  )
  static let config = Flag(
    "config", letter: "c", .text(name: "FILE"), help: "the configuration; default: .attrace.yaml, looked for upward",
    more:
      "Sets profile and baud, for all inputs or by their paths (inputs), thresholds of throughput and latency (thresholds), what is a regression of diff (diff), what findings weigh (severity), which of them are suppressed, why and until when (suppress), what sessions must show (expect), and log formats of your own (dialects); flags win over it. See the README for an example."
  )
  static let expect = Flag(
    "expect", letter: "e", .text(name: "FILE"), repeats: true, help: "what the sessions must show",
    more:
      "A file with the section expect of the configuration. What is not as it says is a finding of the rule expect.NAME. --write-expectations makes one of a good session."
  )
  static let jobs = Flag(
    "jobs", letter: "j", .number(name: "N", in: 1...256), help: "inputs checked at the same time",
    more: "The default is the number of processors. The report is the same whatever the number.")
}
