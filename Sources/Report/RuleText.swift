import Check
import Profile
import Trace

/// What rules check, for people: the list of all, and one in full.
public enum RuleText {
  public static func names(_ books: [Book]) -> [String] {
    (RuleRegistry.generic + LiveRules.all + ExpectRules.all).map(\.name) + books.flatMap { $0.statements.map(\.rule) }
  }

  public static func list(_ books: [Book]) -> String {
    var text = "Rules of the engine, for any modem:\n"
    for rule in RuleRegistry.generic + LiveRules.all + ExpectRules.all {
      text += row(rule.name, rule.severity, rule.title)
    }
    for book in books {
      let own = own(book)
      guard !own.isEmpty else { continue }
      text += "\nRules of the profile \(book.name), \(book.title):\n"
      for statement in own { text += row(statement.rule, statement.severity, brief(statement)) }
    }
    return text
  }

  public static func explain(_ name: String, _ books: [Book]) -> String? {
    if let rule = RuleRegistry.info(named: name) {
      return """
        \(rule.name) (\(rule.severity.name))
        \(rule.title)

        What it does
        \(block(rule.whatItDoes))

        Why it matters
        \(block(rule.whyItMatters))

        Example
        \(block(rule.example))

        Reference
        \(block("\(rule.reference.document), section \(rule.reference.section); a finding cites the section of the command it is about"))

        What to do
        \(block(rule.advice))

        """ + excerpt(rule.name)
    }
    for book in books {
      for statement in book.statements where statement.rule == name {
        return """
          \(statement.rule) (\(statement.severity.name))
          \(brief(statement))

          What it does
          \(block("Reports where this does not hold: \(statement.expression)"))

          Why it matters
          \(block(CommonAdvice.whyItMatters(statement.speaker)))

          Reference
          \(block(Citation(document: book.document(statement.source.document).id, section: statement.source.section).text))

          What to do
          \(block(statement.advice))

          """ + excerpt(statement.rule)
      }
    }
    return nil
  }

  /// The rules that a profile adds to those that it extends, each once.
  static func own(_ book: Book) -> [Statement] {
    var seen: Set<String> = []
    return book.statements.filter { $0.rule.hasPrefix(book.name + ".") && seen.insert($0.rule).inserted }
      .sorted { $0.rule < $1.rule }
  }

  /// Lines that keep the rule and lines that break it.
  private static func excerpt(_ rule: String) -> String {
    guard let excerpt = RuleExcerpt.all[rule] else { return "" }
    let kept = excerpt.keeps.map { "    \($0.text)\n" }.joined()
    let broken = excerpt.breaks.map { ($0.isMarked ? "  > " : "    ") + $0.text + "\n" }.joined()
    return "\nKept\n\(kept)\nBroken\n\(broken)"
  }

  static func brief(_ statement: Statement) -> String {
    guard !statement.says.isEmpty else { return "must hold: " + statement.expression }
    return statement.says.replacing("{", with: "<").replacing("}", with: ">")
  }

  private static func row(_ name: String, _ severity: Severity, _ title: String) -> String {
    // A long name moves the rest of its row, and stays apart from it.
    let start = TextLayout.pad("  " + name + " ", 34) + TextLayout.pad(severity.name, 9)
    return start + TextLayout.wrap(title, used: start.count, indent: 43) + "\n"
  }

  private static func block(_ text: String) -> String { "  " + TextLayout.wrap(text, used: 2, indent: 2) }
}
