/// A command of the tool, as the user sees it.
struct CommandDescription: Sendable {
  let name: String
  /// What stands behind the name in a usage line.
  let arguments: String
  let summary: String
  let more: String
  let flags: [Flag]
  let examples: [(line: String, says: String)]
  /// Words that may stand first behind the name.
  let words: [String]

  init(
    _ name: String, _ arguments: String, summary: String, more: String = "", flags: [Flag],
    examples: [(line: String, says: String)] = [], words: [String] = []
  ) {
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.more = more
    self.flags = flags
    self.examples = examples
    self.words = words
  }
}

/// The whole tool: what help, man page, completions and parser are made from.
enum CommandLineInterface {
  static let version = "0.1.0"
  static let summary = "checks serial logs of cellular modems against the vendor's manual"

  static let check = CommandDescription(
    "check", "FILE...", summary: "decode, validate and measure: the main job",
    more:
      "FILE is a log, a folder (walked), a pattern or - for standard input; .gz, .zst and .xz are opened as they are. Findings come first, each with where it is, what was expected, what was seen, and the document and section that says so.",
    flags: [
      .profile, .inputFormat, .filter, .userLink, .baud, .config, .expect, .jobs, .reportFormat, .output, .failOn,
      .baseline, .writeBaseline, .writeExpectations, .today, .color, .quiet, .noRedact, .help,
    ],
    examples: [
      ("attrace check field.log", "what is wrong in a log from the field"),
      ("attrace check --profile 3gpp --format json -o report.json captures/", "for a build server"),
      ("attrace check --format sqlite -o runs.db captures/", "for questions of your own"),
      ("attrace check --write-expectations good.yaml good.log", "make a session the test of the next ones"),
      ("attrace check --expect good.yaml captures/", "and run it"),
      ("zcat old.log.gz | attrace check --fail-on warning -", "from a pipe"),
    ])
  static let decode = CommandDescription(
    "decode", "FILE...", summary: "print the reconstructed session, event by event",
    flags: [
      .profile, .inputFormat, .filter, .userLink, .config, .sessionFormat, .output, .color, .noRedact, .help,
    ],
    examples: [("attrace decode session.trace | less", "who said what, and when")])
  static let extract = CommandDescription(
    "extract", "-o DIR FILE...", summary: "write every payload that was carried to a file of its own",
    more:
      "Firmware, mails, files, socket data and messages, reassembled and without their framing, beside manifest.json, which tells kind, direction, lines, time, size, SHA-256 and whether each is complete. A payload that broke off is written as far as it goes. Bodies of messages are masked unless --no-redact is given.",
    flags: [.profile, .inputFormat, .filter, .userLink, .baud, .config, .folder, .quiet, .noRedact, .help],
    examples: [("attrace extract --no-redact -o payloads field.log", "what the line carried, byte for byte")])
  static let convert = CommandDescription(
    "convert", "FILE -o OUT", summary: "write a log or capture in another form",
    more:
      "OUT's ending, or --to, says what is written. trace: attrace's own text. pcap: a capture of the serial line, which Wireshark and tshark open. serial-pcapng: the same for several ports. pcapng: what was said and carried, each as a payload that Wireshark dissects, with the findings as packet comments. jsonl: one object for each piece of the line. Bytes, directions and times are kept; secrets too, unless --mask is given.",
    flags: [.profile, .inputFormat, .filter, .userLink, .baud, .converted, .to, .mask, .noRedact, .help],
    examples: [
      ("attrace convert field.log -o field.pcap", "to look at it in Wireshark"),
      ("attrace convert field.log -o field.pcapng", "with decoded payloads and the findings"),
      ("attrace convert --mask usb.pcapng -o usb.trace", "to pass on without secrets"),
    ])
  static let diff = CommandDescription(
    "diff", "OLD NEW", summary: "what changed between two sessions, and whether it is a regression",
    more:
      "The sessions, of whatever dialects, are aligned by their command lines. Told are the first divergence, commands that were added, removed or moved, or have other parameters, results or lines in their answer, findings that are new or gone, and times and throughputs that shifted beyond noise; the report says how that was judged. The exit code is 1 on a regression: new findings from --fail-on on, commands that fail and did not before, a command 20 % slower, a kind of transfer 10 % slower; the section diff of the configuration sets these limits.",
    flags: [
      .profile, .inputFormat, .filter, .userLink, .baud, .config, .diffFormat, .output, .failOn, .color, .diffQuiet,
      .noRedact, .help,
    ],
    examples: [
      ("attrace diff good.log bad.log", "where two sessions part"),
      ("attrace diff --format html -o diff.html --format text old.trace new.trace", "a page, and the same as text"),
    ])
  static let tap = CommandDescription(
    "tap", "--proxy DEV | --rx DEV --tx DEV | --tcp-proxy ROUTE | -i IFACE | --follow FILE | -",
    summary: "follow a live line, and save what it saw before decoding it",
    more:
      "Transactions and findings are shown as they happen; the report comes at the end (Ctrl-C or SIGTERM), a summary at any time (SIGUSR1). Nothing in attrace can hold up the line: what is too fast to be decoded is told as a gap, and stands in the saved capture. A port that disappears is opened again when it is back. On a pseudo-terminal a break and the modem lines of the application cannot be seen; that it opens and closes the port can, and raises and drops DTR.",
    flags: [
      .proxy, .link, .rx, .tx, .networkProxy, .interface, .filter, .userLink, .follow, .write, .flush, .rotate, .keep,
      .baud, .parity, .dataBits,
      .stopBits, .flow, .profile, .inputFormat, .config, .liveFormat, .output, .failOn, .color, .quiet, .noRedact,
      .help,
    ],
    examples: [
      ("attrace tap --proxy /dev/ttyUSB0 --link /tmp/modem -w line.trace", "between an application and its modem"),
      ("attrace tap --rx /dev/ttyUSB1 --tx /dev/ttyUSB2 --baud 115200", "on two ports wired to a line"),
      ("attrace tap -i usbmon1 -w line.trace", "on a bus, as Wireshark captures it"),
      ("attrace tap --follow /var/log/modem.log", "in a log that grows"),
      ("attrace tap --tcp-proxy 7000:10.0.0.5:4001 --format jsonl", "before a serial server, for a program"),
    ])
  static let explain = CommandDescription(
    "explain", "[RULE]", summary: "what a rule checks, why, and where it stands",
    more: "Without RULE all rules are listed, those of the profile included.", flags: [.profile, .pages, .help],
    examples: [
      ("attrace explain at.data-length", "one rule in full, with lines that keep it and lines that break it"),
      ("attrace explain --pages rules/", "all of them, as pages to read"),
    ])
  static let profiles = CommandDescription(
    "profiles", "[list | show NAME [COMMAND] | coverage NAME | lint FILE...]",
    summary: "the manuals that are known; lint your own",
    more:
      "show prints the manual page of a profile or of one command from its data. coverage tells for each section of its document how much is data, how much is checked, and what is left out and why. lint reports every mistake in a profile with line and column.",
    flags: [.markdown, .output, .help],
    examples: [
      ("attrace profiles show 3gpp +CREG", "a command as the profile has it"),
      ("attrace profiles coverage my-modem/ --markdown -o coverage.md", "what is checked of a manual"),
      ("attrace profiles lint my-modem/", "check your own profile"),
    ], words: ["list", "show", "coverage", "lint"])
  static let formats = CommandDescription(
    "formats", "", summary: "the log formats that are read, each with an example", flags: [.help])
  static let completions = CommandDescription(
    "completions", "bash|zsh|fish", summary: "print completions for a shell", flags: [.help],
    examples: [("attrace completions bash > /etc/bash_completion.d/attrace", "install them")],
    words: ["bash", "zsh", "fish"])
  static let man = CommandDescription("man", "", summary: "print the man page", flags: [.help])
  static let help = CommandDescription("help", "[COMMAND]", summary: "show help", flags: [.help])

  static let commands = [
    check, decode, tap, extract, convert, diff, explain, profiles, formats, completions, man, help,
  ]
  static let flags: [Flag] = [.help, .version]

  static func command(_ name: String) -> CommandDescription? { commands.first { $0.name == name } }

  static let exitCodes: [(code: Int, meaning: String)] = [
    (0, "nothing at or above --fail-on; of diff: no regression"),
    (1, "findings at or above it; of diff: a regression"),
    (2, "the job could not be done; one line on standard error says what, where and what to do"),
  ]
}
