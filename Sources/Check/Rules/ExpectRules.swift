import Trace

/// What `explain` tells of the rules that a user's expectations make.
public enum ExpectRules {
  public static let prefix = "expect."

  /// The one entry under which lists show all of them.
  public static let all = [info(named: prefix + "NAME")]

  public static func info(named name: String) -> RuleInfo {
    RuleInfo(
      name: name, severity: .error,
      title: "The session is not as the expectation demands",
      whatItDoes:
        "Compares the session with what the configuration, or a file of --expect, says under this name: commands that must or must not be seen, their results, answers, number, order and time, and transfers with size, hash and throughput.",
      whyItMatters:
        "A session that was good once is the test of the next one.",
      example: "must-see: [{command: AT+CSQ, result: OK}] and no AT+CSQ that was answered with OK",
      reference: Citation(document: "configuration", section: "expect"),
      advice: "If the change is meant, change the expectation.")
  }
}
