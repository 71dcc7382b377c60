import Check
import Profile
import Trace

/// What a report tells of a rule beside its findings.
public struct RuleSummary: Sendable {
  public var name: String
  public var severity: Severity
  public var title: String
  public var whatItDoes: String
  public var whyItMatters: String
  public var advice: String
  public var citation: Citation

  init(_ info: RuleInfo) {
    name = info.name
    severity = info.severity
    title = info.title
    whatItDoes = info.whatItDoes
    whyItMatters = info.whyItMatters
    advice = info.advice
    citation = info.reference
  }

  /// A statement of a profile.
  init(_ statement: Statement, of book: Book) {
    name = statement.rule
    severity = statement.severity
    title = RuleText.brief(statement)
    whatItDoes = "Reports where this does not hold: \(statement.expression)"
    whyItMatters = CommonAdvice.whyItMatters(.unknown)
    advice = statement.advice
    citation = Citation(
      document: book.document(statement.source.document).id, section: statement.source.section)
  }

  /// What the finding itself tells, where nothing else is known.
  init(of finding: Finding) {
    name = finding.rule
    severity = finding.severity
    title = finding.message
    whatItDoes = ""
    whyItMatters = ""
    advice = finding.advice
    citation = finding.citation
  }

  /// The rules of these names, as far as engine and profile know them.
  static func rules(_ names: Set<String>, _ book: Book) -> [String: RuleSummary] {
    var rules: [String: RuleSummary] = [:]
    for info in RuleRegistry.generic where names.contains(info.name) { rules[info.name] = RuleSummary(info) }
    for name in names where name.hasPrefix(ExpectRules.prefix) {
      rules[name] = RuleSummary(ExpectRules.info(named: name))
    }
    for statement in book.statements where names.contains(statement.rule) && rules[statement.rule] == nil {
      rules[statement.rule] = RuleSummary(statement, of: book)
    }
    return rules
  }
}
