import Check
import Profile
import Trace

/// The rules as Markdown: an index, a page for those of the engine, and a page for those of each profile, or for each
/// chapter of a document that has many.
public enum RulePages {
  public struct Page: Sendable {
    public let name: String
    public let text: String
  }

  /// More rules than these make a page too long to read, and are parted by chapters.
  private static let pageLimit = 150

  public static func pages(_ books: [Book]) -> [Page] {
    var pages = [Page(name: "engine.md", text: engine())]
    var index = """
      # Rules

      What attrace checks, each rule with lines that keep it and lines that break it. `attrace explain RULE` prints one.

      | page | rules | of |
      |---|--:|---|
      | [engine](engine.md) | \(RuleRegistry.generic.count + LiveRules.all.count) | the engine, for any modem |

      """
    for book in books {
      for (name, title, rules) in parts(of: book) {
        pages.append(Page(name: name + ".md", text: page(title, rules, book)))
        index += "| [\(name)](\(name).md) | \(rules.count) | \(MarkdownText.plain(title)) |\n"
      }
    }
    pages.append(Page(name: "README.md", text: index))
    return pages
  }

  // MARK: Parts

  private static func parts(of book: Book) -> [(name: String, title: String, rules: [Statement])] {
    let own = RuleText.own(book)
    guard own.count > pageLimit else { return own.isEmpty ? [] : [(book.name, book.title, own)] }
    let chapters = Dictionary(grouping: own) { chapter(of: $0) }
    return chapters.keys.sorted { ($0.count, $0) < ($1.count, $1) }.map { chapter in
      ("\(book.name)-\(chapter)", "\(book.title), chapter \(chapter)", chapters[chapter] ?? [])
    }
  }

  private static func chapter(of statement: Statement) -> String {
    String(statement.source.section.prefix { $0 != "." && $0 != " " && $0 != "/" })
  }

  private static func engine() -> String {
    var text =
      "# Rules of the engine\n\nThey hold for any modem; a finding cites the section of the command it is about.\n"
    for rule in RuleRegistry.generic + LiveRules.all {
      text += """

        ## `\(rule.name)`

        **\(rule.severity.name)** · \(MarkdownText.plain(rule.title))

        \(MarkdownText.plain(rule.whatItDoes)) \(MarkdownText.plain(rule.whyItMatters))

        Example: \(MarkdownText.plain(rule.example))

        \(MarkdownText.plain(rule.reference.text)). \(MarkdownText.plain(rule.advice))

        """ + excerpt(rule.name)
    }
    return text
  }

  private static func page(_ title: String, _ rules: [Statement], _ book: Book) -> String {
    var text = "# Rules of \(MarkdownText.plain(title))\n"
    for rule in rules {
      let source = Citation(document: book.document(rule.source.document).id, section: rule.source.section).text
      text += """

        ## `\(rule.rule)`

        **\(rule.severity.name)** · \(MarkdownText.plain(RuleText.brief(rule)))

        Holds: `\(rule.expression)`

        \(MarkdownText.plain(source))\(rule.advice.isEmpty ? "" : ". " + MarkdownText.plain(rule.advice))

        """ + excerpt(rule.rule)
    }
    return text
  }

  private static func excerpt(_ rule: String) -> String {
    guard let excerpt = RuleExcerpt.all[rule] else { return "" }
    let kept = excerpt.keeps.map { "  " + $0.text + "\n" }.joined()
    let broken = excerpt.breaks.map { ($0.isMarked ? "> " : "  ") + $0.text + "\n" }.joined()
    return "\nKept:\n\n```\n\(kept)```\n\nBroken:\n\n```\n\(broken)```\n"
  }
}

/// Text in Markdown that stays text.
enum MarkdownText {
  static func plain(_ text: String) -> String {
    var result = ""
    for character in Escaped.line(text) {
      if "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
