/// What the keys of the configuration mean, for the man page.
enum ConfigHelp {
  static let entries: [(key: String, says: String)] = [
    ("profile", "As --profile; a path is taken from the folder of the file."),
    ("baud", "As --baud."),
    (
      "inputs",
      "A list of {path, profile, baud}: profile and rate of the inputs whose paths fit; the first that fits counts. In a path * and ? stand for anything within a folder, ** for any folders, and a pattern without a leading / may begin at any folder."
    ),
    (
      "thresholds",
      "throughput: payload bytes per second that each transfer of a kind must reach; latency: seconds that a command may take."
    ),
    ("severity", "What findings of a rule weigh: error, warning, note or off."),
    (
      "suppress",
      "A list of {rule, path, command, contains, reason, expires}: findings that fail nothing up to the day of expires (as 2027-01-31), which like the reason must be given. In rule * stands for anything; command is the name of a command; contains is a part of the message, or of the line at which the finding stands. An expired one is a warning, one that matched nothing a note. Of check only."
    ),
    (
      "expect",
      "A list of {name, path, severity, must-see, must-not-see, in-order, transfers}: what sessions must show; what is not so is a finding of the rule expect.NAME. Commands are the whole command line, where * stands for anything and \\* for itself, or {command, result, answer, count, within, latency}: result is a final result, success, failure or none; count is 3, 2.., ..5 or 2..5; within is the time from the beginning, or in an order from the step before; times are seconds, or 500ms. Transfers are {kind, direction, count, complete, size, sha256, throughput}. Of check only."
    ),
    (
      "diff",
      "What is a regression of diff: {latency, throughput, new-errors, changes}; shares as 20%, numbers, or off."
    ),
    ("dialects", "Log formats of your own: see the README."),
  ]
}
