import Check
import Sessions
import Testing

/// Each rule of the engine with a session that breaks it and one that does not.
@Suite struct GenericRuleTests {
  typealias Pair = EnginePair
  static let ok = EnginePair.ok
  static let pairs = EnginePair.all

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

extension EnginePair: CustomTestStringConvertible {
  public var testDescription: String { rule }
}
