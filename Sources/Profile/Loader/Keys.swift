import Trace

/// The keys that each map of a profile may have.
enum Keys {
  static let top = [
    "profile", "title", "extends", "documents", "recognise", "strict", "within", "limits", "types", "errors", "memory",
    "finals",
    "every-line", "every-command", "every-final", "commands", "unsolicited", "host-lines", "controls", "sections",
  ]
  static let section = ["title", "unchecked", "elsewhere", "nothing", "codes"]
  static let unchecked = ["says", "why"]
  static let document = ["id", "title", "version", "date"]
  static let recognise = ["to", "contains"]
  static let final = ["text", "fails", "means", "number", "ok-may-follow"]
  static let memory = ["is", "by", "at-start", "at-reset", "shared", "note"]
  static let command = [
    "section", "document", "title", "aliases", "abortable", "within", "note", "test", "read", "exec", "write",
  ]
  static let control = ["section", "document", "note"] + hook
  static let hook = ["needs", "holds", "moves", "begins", "ends", "drops"]
  static let form =
    [
      "abortable", "takes", "gives", "exact", "reports", "then", "then-within", "then-order", "instead", "ends-waits",
      "prompt",
      "prompt-when", "data", "finals", "within", "section",
      "document", "note", "on-sent", "on-ok", "on-error", "on-missing",
    ] + hook
  static let line =
    [
      "line", "of", "aliases", "times", "when", "fails", "data", "section", "document", "severity", "note", "reset",
      "ends-waits", "may-end", "result", "next",
    ] + hook
  static let data =
    [
      "counted", "announces", "ends", "cancel", "from", "as", "kind", "kind-when", "name", "mask", "until", "when",
      "shielded", "unstuff", "closed-by", "silent", "echoed-end", "for-good", "on-end", "section", "document", "note",
    ] + PayloadEvent.allCases.map { "on-" + $0.name }
  static let rule = ["is", "when", "says", "do", "section", "document", "severity", "name", "after", "within", "note"]
}
