/// A session that breaks a rule of the engine, and one that keeps it: what tests run, and what `explain` shows.
public struct EnginePair: Sendable {
  public let rule: String
  public let breaks: String
  public let keeps: String
  /// Where the finding points, if that is tested.
  public var line: Int = 0
  /// Seen through a profile that fetches mail.
  public var mail = false

  init(rule: String, breaks: String, keeps: String, line: Int = 0, mail: Bool = false) {
    (self.rule, self.breaks, self.keeps, self.line, self.mail) = (rule, breaks, keeps, line, mail)
  }
}

extension EnginePair {
  public static let ok = "\"\\r\\nOK\\r\\n\""

  public static let all: [EnginePair] = [
    EnginePair(
      rule: "at.unknown-command", breaks: "0.1 --> \"AT+FOO=1\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+CSQ=?\\r\"\n0.2 <-- \(ok)"),
    EnginePair(
      rule: "at.form", breaks: "0.1 --> \"AT+CSQ?\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    EnginePair(
      rule: "at.parameter-count", breaks: "0.1 --> \"AT+CMEE=1,2\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=1\\r\"\n0.2 <-- \(ok)", line: 2),
    EnginePair(
      rule: "at.parameter-type", breaks: "0.1 --> \"AT+CSCS=GSM\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSCS=\\\"GSM\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    EnginePair(
      rule: "at.parameter-range", breaks: "0.1 --> \"AT+CMEE=3\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=2\\r\"\n0.2 <-- \(ok)", line: 2),
    EnginePair(
      rule: "at.parameter-length", breaks: "0.1 --> \"AT+CPBS=\\\"SIM\\\"\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CPBS=\\\"SM\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    EnginePair(
      rule: "at.parameter-value",
      breaks: "0.1 --> \"AT+CGDCONT=1,\\\"IPX\\\"\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CGDCONT=1,\\\"IP\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    EnginePair(
      rule: "at.tested-range",
      breaks:
        "0.1 --> \"AT+CSCS=?\\r\"\n0.2 <-- \"\\r\\n+CSCS: (\\\"GSM\\\",\\\"UCS2\\\")\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+CSCS=\\\"IRA\\\"\\r\"\n0.4 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CSCS=?\\r\"\n0.2 <-- \"\\r\\n+CSCS: (\\\"GSM\\\",\\\"UCS2\\\")\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+CSCS=\\\"UCS2\\\"\\r\"\n0.4 <-- \(ok)",
      line: 4),
    EnginePair(
      rule: "at.tested-length",
      breaks:
        "0.1 --> \"AT+SMTPSUB=?\\r\"\n0.2 <-- \"\\r\\n+SMTPSUB: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+SMTPSUB=\\\"abcde\\\"\\r\"\n0.4 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+SMTPSUB=?\\r\"\n0.2 <-- \"\\r\\n+SMTPSUB: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+SMTPSUB=\\\"abcd\\\"\\r\"\n0.4 <-- \(ok)",
      line: 4, mail: true),
    EnginePair(
      rule: "at.response-shape", breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,12\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,99\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.response-missing", breaks: "0.1 --> \"AT+EMAILCID=?\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+EMAILCID=?\\r\"\n0.2 <-- \"\\r\\n+EMAILCID: (1-3)\\r\\n\\r\\nOK\\r\\n\"", line: 3, mail: true
    ),
    EnginePair(
      rule: "at.response-repeated",
      breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.response-unexpected",
      breaks: "0.1 --> \"AT+EMAILTO=30\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: 30\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+EMAILTO=30\\r\"\n0.2 <-- \(ok)", line: 3, mail: true),
    EnginePair(
      rule: "at.response-order",
      breaks: "0.1 --> \"AT+CREG?;+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CREG?;+CSQ\\r\"\n0.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      line: 3),
    EnginePair(
      rule: "at.answer-after-failure",
      breaks:
        "0.1 --> \"AT+CSQ;+CPIN?;+CREG?\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CREG: 0,1\\r\\n\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ;+CPIN?;+CREG?\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nERROR\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.test-range",
      breaks: "0.1 --> \"AT+EMAILTO=?\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: (1-240)\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+EMAILTO=?\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: (10-120)\\r\\n\\r\\nOK\\r\\n\"", line: 3,
      mail: true),
    EnginePair(
      rule: "at.read-back",
      breaks:
        "0.1 --> \"AT+CREG=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CREG?\\r\"\n0.4 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CREG=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CREG?\\r\"\n0.4 <-- \"\\r\\n+CREG: 1,1\\r\\n\\r\\nOK\\r\\n\"",
      line: 5),
    EnginePair(
      rule: "at.final-result", breaks: "0.1 --> \"AT+CGDATA\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+CGDATA\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.command-failed", breaks: "0.1 --> \"AT+CPIN?\\r\"\n0.2 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      keeps: "0.1 --> \"AT+CPIN?\\r\"\n0.2 <-- \"\\r\\n+CPIN: READY\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.stray-final", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)\n0.3 <-- \(ok)",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 4),
    EnginePair(
      rule: "at.result-framing", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \"\\nOK\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 3),
    EnginePair(
      rule: "at.result-form",
      breaks: "0.1 --> \"ATV0\\r\"\n0.2 <-- \"0\\r\"\n0.3 --> \"AT\\r\"\n0.4 <-- \(ok)",
      keeps: "0.1 --> \"ATV0\\r\"\n0.2 <-- \"0\\r\"\n0.3 --> \"AT\\r\"\n0.4 <-- \"0\\r\"", line: 5),
    EnginePair(
      rule: "at.unsolicited-shape", breaks: "0.1 <-- \"\\r\\n+SMTPFT: 1,0\\r\\n\"",
      keeps: "0.1 <-- \"\\r\\n+SMTPFT: 1,1360\\r\\n\"", line: 2, mail: true),
    EnginePair(
      rule: "at.late-before-ok",
      breaks: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n0.9 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\"", line: 3, mail: true),
    EnginePair(
      rule: "at.late-missing", breaks: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n900 --> \"AT\\r\"\n900.1 <-- \(ok)",
      keeps:
        "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n5 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\"\n900 --> \"AT\\r\"\n900.1 <-- \(ok)",
      line: 2, mail: true),
    EnginePair(
      rule: "at.late-answer",
      breaks:
        "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT+CSQ\\r\"\n2 --> \"AT+CREG?\\r\"\n2.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"\n2.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps:
        "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT+CSQ\\r\"\n1.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"\n2 --> \"AT+CREG?\\r\"\n2.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      line: 6),
    EnginePair(
      rule: "at.response-timeout", breaks: "0.1 --> \"AT+CSQ\\r\"\n40 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n10 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    EnginePair(
      rule: "at.unanswered",
      breaks:
        "0.1 --> \"AT+CSQ\\r\"\n1 --> \"AT+CREG?\\r\"\n1.1 <-- \"AT+CREG?\\r\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    EnginePair(
      rule: "at.overlapping-command",
      breaks:
        "0.1 --> \"AT+CSQ\\r\"\n1 --> \"AT+CREG?\\r\"\n1.1 <-- \"AT+CREG?\\r\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 3),
    EnginePair(
      rule: "at.abort", breaks: "0.1 --> \"AT+COPS=?\\r\"\n5 --> \"AT\\r\"\n5.1 <-- \(ok)",
      keeps: "0.1 --> \"AT+COPS=?\\r\"\n5 <-- \(ok)", line: 3),
    EnginePair(
      rule: "at.reset", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)\n5 <-- \"\\r\\nRDY\\r\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 4, mail: true),
    EnginePair(
      rule: "at.guard-time",
      breaks: "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n1.1 --> \"+++\"\n2.3 <-- \(ok)",
      keeps: "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    EnginePair(
      rule: "at.guard-time",
      breaks:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n2.5 --> \"+++\"\n2.8 --> \"more\"\n9 <-- \(ok)",
      keeps:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data+++more\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    EnginePair(
      rule: "at.command-in-data",
      breaks:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"~\\xFF}#\\xC0!~\"\n2.5 --> \"A\"\n2.6 --> \"TH\\r\"\n9 --> \"~\"",
      keeps:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"~\\xFF}#\\xC0!AT\\r~\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    EnginePair(
      rule: "at.echo-mismatch",
      breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CXQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    EnginePair(
      rule: "at.echo-unexpected",
      breaks: "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT\\r\"\n1.1 <-- \"AT\\r\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT\\r\"\n1.1 <-- \(ok)", line: 5),
    EnginePair(
      rule: "at.line-feed-terminator", breaks: "0.1 --> \"AT+CSQ\\n\"\n", keeps: "0.1 --> \"AT+CSQ\\r\\n\"\n", line: 2),
    EnginePair(
      rule: "at.garbage", breaks: "0.1 <-- \"\\xF8\\x00\\x01\\xFF\\x02\\r\\n\"\n",
      keeps: "0.1 <-- \"\\r\\nRING\\r\\n\"\n", line: 2),
    EnginePair(
      rule: "at.line-too-long", breaks: "0.1 --> \"AT+CUSD=1,\\\"\(String(repeating: "x", count: 9000))\\\"\\r\"",
      keeps: "0.1 --> \"AT+CUSD=1,\\\"x\\\"\\r\"", line: 2),
    EnginePair(
      rule: "at.data-length",
      breaks: "0.1 --> \"AT+POP3READ=10\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,10\\r\\n12345678\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+POP3READ=10\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,10\\r\\n1234567890\\r\\nOK\\r\\n\"", line: 3,
      mail: true),
    EnginePair(
      rule: "at.data-unfinished",
      breaks: "0.1 --> \"AT+CMGS=10\\r\"\n0.2 <-- \"\\r\\n> \"\n0.4 --> \"0011\"\n0.5 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CMGS=10\\r\"\n0.2 <-- \"\\r\\n> \"\n0.4 --> \"0011\\x1A\"\n0.5 <-- \"\\r\\n+CMGS: 1\\r\\n\\r\\nOK\\r\\n\"",
      line: 4),
    EnginePair(rule: "at.log-entry", breaks: "0.1 --> \"AT\\r", keeps: "0.1 --> \"AT\\r\"", line: 2),
    EnginePair(
      rule: "at.clock-step", breaks: "5 --> \"AT\\r\"\n3 <-- \(ok)", keeps: "5 --> \"AT\\r\"\n6 <-- \(ok)", line: 3),
    EnginePair(
      rule: "at.error-form",
      breaks:
        "0.1 --> \"AT+CMEE=0\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CPIN?\\r\"\n0.4 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CPIN?\\r\"\n0.4 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      line: 5),
    EnginePair(
      rule: "at.result-suppressed", breaks: "0.1 --> \"ATQ1\\r\"\n2 --> \"AT\\r\"\n2.1 <-- \(ok)",
      keeps:
        "0.1 --> \"ATQ1\\r\"\n2 --> \"AT+CSQ\\r\"\n2.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\"\n90 --> \"ATQ0\\r\"\n90.1 <-- \(ok)",
      line: 4),
    EnginePair(rule: "at.gap", breaks: "0.1 === \"gap\"", keeps: "0.1 === \"dtr=1\"", line: 2),
  ]
}
