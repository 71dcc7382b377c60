import Check
import Sessions
import Testing

/// Each rule of the engine with a session that breaks it and one that does not.
@Suite struct GenericRuleTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    let rule: String
    let breaks: String
    let keeps: String
    var line: Int = 0
    var mail = false
    var testDescription: String { rule }
  }

  static let ok = "\"\\r\\nOK\\r\\n\""

  static let pairs: [Pair] = [
    Pair(
      rule: "at.unknown-command", breaks: "0.1 --> \"AT+FOO=1\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+CSQ=?\\r\"\n0.2 <-- \(ok)"),
    Pair(
      rule: "at.form", breaks: "0.1 --> \"AT+CSQ?\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    Pair(
      rule: "at.parameter-count", breaks: "0.1 --> \"AT+CMEE=1,2\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=1\\r\"\n0.2 <-- \(ok)", line: 2),
    Pair(
      rule: "at.parameter-type", breaks: "0.1 --> \"AT+CSCS=GSM\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSCS=\\\"GSM\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    Pair(
      rule: "at.parameter-range", breaks: "0.1 --> \"AT+CMEE=3\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=2\\r\"\n0.2 <-- \(ok)", line: 2),
    Pair(
      rule: "at.parameter-length", breaks: "0.1 --> \"AT+CPBS=\\\"SIM\\\"\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CPBS=\\\"SM\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    Pair(
      rule: "at.parameter-value",
      breaks: "0.1 --> \"AT+CGDCONT=1,\\\"IPX\\\"\\r\"\n0.2 <-- \"\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CGDCONT=1,\\\"IP\\\"\\r\"\n0.2 <-- \(ok)", line: 2),
    Pair(
      rule: "at.tested-range",
      breaks:
        "0.1 --> \"AT+CSCS=?\\r\"\n0.2 <-- \"\\r\\n+CSCS: (\\\"GSM\\\",\\\"UCS2\\\")\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+CSCS=\\\"IRA\\\"\\r\"\n0.4 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CSCS=?\\r\"\n0.2 <-- \"\\r\\n+CSCS: (\\\"GSM\\\",\\\"UCS2\\\")\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+CSCS=\\\"UCS2\\\"\\r\"\n0.4 <-- \(ok)",
      line: 4),
    Pair(
      rule: "at.tested-length",
      breaks:
        "0.1 --> \"AT+SMTPSUB=?\\r\"\n0.2 <-- \"\\r\\n+SMTPSUB: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+SMTPSUB=\\\"abcde\\\"\\r\"\n0.4 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+SMTPSUB=?\\r\"\n0.2 <-- \"\\r\\n+SMTPSUB: 4\\r\\n\\r\\nOK\\r\\n\"\n0.3 --> \"AT+SMTPSUB=\\\"abcd\\\"\\r\"\n0.4 <-- \(ok)",
      line: 4, mail: true),
    Pair(
      rule: "at.response-shape", breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,12\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,99\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    Pair(
      rule: "at.response-missing", breaks: "0.1 --> \"AT+EMAILCID=?\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+EMAILCID=?\\r\"\n0.2 <-- \"\\r\\n+EMAILCID: (1-3)\\r\\n\\r\\nOK\\r\\n\"", line: 3, mail: true
    ),
    Pair(
      rule: "at.response-repeated",
      breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    Pair(
      rule: "at.response-unexpected",
      breaks: "0.1 --> \"AT+EMAILTO=30\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: 30\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+EMAILTO=30\\r\"\n0.2 <-- \(ok)", line: 3, mail: true),
    Pair(
      rule: "at.response-order",
      breaks: "0.1 --> \"AT+CREG?;+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CREG?;+CSQ\\r\"\n0.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      line: 3),
    Pair(
      rule: "at.answer-after-failure",
      breaks:
        "0.1 --> \"AT+CSQ;+CPIN?;+CREG?\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\n+CREG: 0,1\\r\\n\\r\\nERROR\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ;+CPIN?;+CREG?\\r\"\n0.2 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nERROR\\r\\n\"", line: 3),
    Pair(
      rule: "at.test-range",
      breaks: "0.1 --> \"AT+EMAILTO=?\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: (1-240)\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+EMAILTO=?\\r\"\n0.2 <-- \"\\r\\n+EMAILTO: (10-120)\\r\\n\\r\\nOK\\r\\n\"", line: 3,
      mail: true),
    Pair(
      rule: "at.read-back",
      breaks:
        "0.1 --> \"AT+CREG=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CREG?\\r\"\n0.4 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CREG=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CREG?\\r\"\n0.4 <-- \"\\r\\n+CREG: 1,1\\r\\n\\r\\nOK\\r\\n\"",
      line: 5),
    Pair(
      rule: "at.final-result", breaks: "0.1 --> \"AT+CGDATA\\r\"\n0.2 <-- \(ok)",
      keeps: "0.1 --> \"AT+CGDATA\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"", line: 3),
    Pair(
      rule: "at.command-failed", breaks: "0.1 --> \"AT+CPIN?\\r\"\n0.2 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      keeps: "0.1 --> \"AT+CPIN?\\r\"\n0.2 <-- \"\\r\\n+CPIN: READY\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    Pair(
      rule: "at.stray-final", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)\n0.3 <-- \(ok)",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 4),
    Pair(
      rule: "at.result-framing", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \"\\nOK\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 3),
    Pair(
      rule: "at.result-form",
      breaks: "0.1 --> \"ATV0\\r\"\n0.2 <-- \"0\\r\"\n0.3 --> \"AT\\r\"\n0.4 <-- \(ok)",
      keeps: "0.1 --> \"ATV0\\r\"\n0.2 <-- \"0\\r\"\n0.3 --> \"AT\\r\"\n0.4 <-- \"0\\r\"", line: 5),
    Pair(
      rule: "at.unsolicited-shape", breaks: "0.1 <-- \"\\r\\n+SMTPFT: 1,0\\r\\n\"",
      keeps: "0.1 <-- \"\\r\\n+SMTPFT: 1,1360\\r\\n\"", line: 2, mail: true),
    Pair(
      rule: "at.late-before-ok",
      breaks: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n0.9 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\"", line: 3, mail: true),
    Pair(
      rule: "at.late-missing", breaks: "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n900 --> \"AT\\r\"\n900.1 <-- \(ok)",
      keeps:
        "0.1 --> \"AT+POP3NUM\\r\"\n0.2 <-- \(ok)\n5 <-- \"\\r\\n+POP3NUM: 1,2,30\\r\\n\"\n900 --> \"AT\\r\"\n900.1 <-- \(ok)",
      line: 2, mail: true),
    Pair(
      rule: "at.late-answer",
      breaks:
        "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT+CSQ\\r\"\n2 --> \"AT+CREG?\\r\"\n2.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"\n2.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps:
        "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT+CSQ\\r\"\n1.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"\n2 --> \"AT+CREG?\\r\"\n2.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      line: 6),
    Pair(
      rule: "at.response-timeout", breaks: "0.1 --> \"AT+CSQ\\r\"\n40 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n10 <-- \"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    Pair(
      rule: "at.unanswered",
      breaks:
        "0.1 --> \"AT+CSQ\\r\"\n1 --> \"AT+CREG?\\r\"\n1.1 <-- \"AT+CREG?\\r\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 2),
    Pair(
      rule: "at.overlapping-command",
      breaks:
        "0.1 --> \"AT+CSQ\\r\"\n1 --> \"AT+CREG?\\r\"\n1.1 <-- \"AT+CREG?\\r\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 3),
    Pair(
      rule: "at.abort", breaks: "0.1 --> \"AT+COPS=?\\r\"\n5 --> \"AT\\r\"\n5.1 <-- \(ok)",
      keeps: "0.1 --> \"AT+COPS=?\\r\"\n5 <-- \(ok)", line: 3),
    Pair(
      rule: "at.reset", breaks: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)\n5 <-- \"\\r\\nRDY\\r\\n\"",
      keeps: "0.1 --> \"AT\\r\"\n0.2 <-- \(ok)", line: 4, mail: true),
    Pair(
      rule: "at.guard-time",
      breaks: "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n1.1 --> \"+++\"\n2.3 <-- \(ok)",
      keeps: "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    Pair(
      rule: "at.guard-time",
      breaks:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data\"\n2.5 --> \"+++\"\n2.8 --> \"more\"\n9 <-- \(ok)",
      keeps:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"data+++more\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    Pair(
      rule: "at.command-in-data",
      breaks:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"~\\xFF}#\\xC0!~\"\n2.5 --> \"A\"\n2.6 --> \"TH\\r\"\n9 --> \"~\"",
      keeps:
        "0.1 --> \"ATD*99#\\r\"\n0.2 <-- \"\\r\\nCONNECT\\r\\n\"\n1 --> \"~\\xFF}#\\xC0!AT\\r~\"\n2.5 --> \"+++\"\n3.8 <-- \(ok)",
      line: 5),
    Pair(
      rule: "at.echo-mismatch",
      breaks: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CXQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"AT+CSQ\\r\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\"", line: 3),
    Pair(
      rule: "at.echo-unexpected",
      breaks: "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT\\r\"\n1.1 <-- \"AT\\r\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"ATE0\\r\"\n0.2 <-- \(ok)\n1 --> \"AT\\r\"\n1.1 <-- \(ok)", line: 5),
    Pair(
      rule: "at.line-feed-terminator", breaks: "0.1 --> \"AT+CSQ\\n\"\n", keeps: "0.1 --> \"AT+CSQ\\r\\n\"\n", line: 2),
    Pair(
      rule: "at.garbage", breaks: "0.1 <-- \"\\xF8\\x00\\x01\\xFF\\x02\\r\\n\"\n",
      keeps: "0.1 <-- \"\\r\\nRING\\r\\n\"\n", line: 2),
    Pair(
      rule: "at.line-too-long", breaks: "0.1 --> \"AT+CUSD=1,\\\"\(String(repeating: "x", count: 9000))\\\"\\r\"",
      keeps: "0.1 --> \"AT+CUSD=1,\\\"x\\\"\\r\"", line: 2),
    Pair(
      rule: "at.data-length",
      breaks: "0.1 --> \"AT+POP3READ=10\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,10\\r\\n12345678\\r\\nOK\\r\\n\"",
      keeps: "0.1 --> \"AT+POP3READ=10\\r\"\n0.2 <-- \"\\r\\n+POP3READ: 1,10\\r\\n1234567890\\r\\nOK\\r\\n\"", line: 3,
      mail: true),
    Pair(
      rule: "at.data-unfinished",
      breaks: "0.1 --> \"AT+CMGS=10\\r\"\n0.2 <-- \"\\r\\n> \"\n0.4 --> \"0011\"\n0.5 <-- \"\\r\\nERROR\\r\\n\"",
      keeps:
        "0.1 --> \"AT+CMGS=10\\r\"\n0.2 <-- \"\\r\\n> \"\n0.4 --> \"0011\\x1A\"\n0.5 <-- \"\\r\\n+CMGS: 1\\r\\n\\r\\nOK\\r\\n\"",
      line: 4),
    Pair(rule: "at.log-entry", breaks: "0.1 --> \"AT\\r", keeps: "0.1 --> \"AT\\r\"", line: 2),
    Pair(
      rule: "at.clock-step", breaks: "5 --> \"AT\\r\"\n3 <-- \(ok)", keeps: "5 --> \"AT\\r\"\n6 <-- \(ok)", line: 3),
    Pair(
      rule: "at.error-form",
      breaks:
        "0.1 --> \"AT+CMEE=0\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CPIN?\\r\"\n0.4 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      keeps: "0.1 --> \"AT+CMEE=1\\r\"\n0.2 <-- \(ok)\n0.3 --> \"AT+CPIN?\\r\"\n0.4 <-- \"\\r\\n+CME ERROR: 10\\r\\n\"",
      line: 5),
    Pair(
      rule: "at.result-suppressed", breaks: "0.1 --> \"ATQ1\\r\"\n2 --> \"AT\\r\"\n2.1 <-- \(ok)",
      keeps:
        "0.1 --> \"ATQ1\\r\"\n2 --> \"AT+CSQ\\r\"\n2.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\"\n90 --> \"ATQ0\\r\"\n90.1 <-- \(ok)",
      line: 4),
    Pair(rule: "at.gap", breaks: "0.1 === \"gap\"", keeps: "0.1 === \"dtr=1\"", line: 2),
  ]

  @Test(arguments: pairs) func brokenIsFound(_ pair: Pair) {
    let outcome = Session(pair.breaks).outcome(pair.mail ? Books.mail : Books.generic)
    #expect(outcome.allRules.contains(pair.rule), "seen: \(outcome.findings)")
    if pair.line > 0 {
      let lines = outcome.findings.filter { $0.contains(" \(pair.rule) ") }.map { $0.split(separator: " ")[0] }
      #expect(lines.contains(Substring("\(pair.line)")), "seen: \(outcome.findings)")
    }
  }

  @Test(arguments: pairs) func keptIsSilent(_ pair: Pair) {
    let outcome = Session(pair.keeps).outcome(pair.mail ? Books.mail : Books.generic)
    #expect(!outcome.allRules.contains(pair.rule), "seen: \(outcome.findings)")
  }

  @Test func quietModemsRaiseNothing() {
    let text =
      "0.1 --> \"ATE0\\r\"\n0.2 <-- \(Self.ok)\n1 --> \"ATQ1\\r\"\n5 --> \"AT+CREG=1\\r\"\n50 --> \"AT+CSQ\\r\"\n50.1 <-- \"\\r\\n+CSQ: 20,0\\r\\n\"\n99 --> \"ATQ0\\r\"\n99.1 <-- \(Self.ok)"
    #expect(Session(text).outcome(Books.generic).rules == [])
  }

  @Test func everyRuleHasAPair() {
    let covered = Set(
      Self.pairs.map(\.rule) + XModemRuleTests.breaches.map(\.rule) + DataPhaseRuleTests.breaches.map(\.rule)
        + SMSRuleTests.breaches.map(\.rule) + LinkRuleTests.breaches.map(\.rule) + OwnDocumentTests.breached
        + MeasureRuleTests.breached + [
          "at.data-echoed"
        ])
    let missing = RuleRegistry.generic.map(\.name).filter { !covered.contains($0) }
    #expect(missing == [])
  }

  @Test func registryIsComplete() {
    let names = RuleRegistry.generic.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count == GenericRule.allCases.count)
    for rule in RuleRegistry.generic {
      for text in [rule.title, rule.whatItDoes, rule.whyItMatters, rule.example, rule.advice, rule.reference.section] {
        #expect(!text.isEmpty, "\(rule.name)")
      }
    }
    // The order of the families is that of the cases: each case names the rule it means.
    #expect(GenericRule.dataLength.info.name == "at.data-length")
    #expect(GenericRule.unknownCommand.info.name == "at.unknown-command")
    #expect(GenericRule.lateMissing.info.name == "at.late-missing")
    #expect(GenericRule.guardTime.info.name == "at.guard-time")
    #expect(GenericRule.unsolicitedShape.info.name == "at.unsolicited-shape")
    #expect(GenericRule.gap.info.name == "at.gap")
  }
}
