import Profile

/// How much of a document a profile checks, section by section, and what it leaves out and why.
public enum CoverageTable {
  // MARK: Text

  private static let heads = ["data", "general", "rules", "unchecked"]
  private static let nameWidth = 11
  private static let titleWidth = 48
  private static let numberWidth = 10

  /// For a terminal: a row for each section, and below it what is not checked.
  public static func text(_ book: Book) -> String {
    let coverage = ManualCoverage(book)
    var text = Escaped.line("\(book.name): \(heading(book))") + "\n\n"
    text += row("section", "title", heads)
    for row in coverage.rows {
      text += self.row(row.section.name, row.section.title, numbers(row.tally, row.section.unchecked.count))
      if !row.section.nothing.isEmpty { text += remark("nothing to check: " + row.section.nothing) }
      if !row.section.elsewhere.isEmpty { text += remark("checked elsewhere: " + row.section.elsewhere) }
      for statement in row.section.unchecked { text += remark("\(statement.says) — \(statement.why)") }
    }
    for stray in coverage.strays {
      let name = stray.section.isEmpty ? "(none)" : stray.section
      text += row(name, "not listed", numbers(stray.tally, 0))
    }
    return text + "\n" + row("all", "each entry once", numbers(coverage.total, coverage.unchecked))
  }

  private static func row(_ name: String, _ title: String, _ numbers: [String]) -> String {
    let left =
      TextLayout.pad(TextLayout.cut(Escaped.line(name), nameWidth - 1), nameWidth)
      + TextLayout.pad(TextLayout.cut(Escaped.line(title), titleWidth - 1), titleWidth)
    return left + numbers.map { TextLayout.pad($0, numberWidth, right: true) }.joined() + "\n"
  }

  private static func remark(_ text: String) -> String {
    "  " + TextLayout.wrap(Escaped.line(text), used: 2, indent: 4) + "\n"
  }

  private static func numbers(_ tally: ManualCoverage.Tally, _ unchecked: Int) -> [String] {
    [tally.data, tally.general, tally.rules.count, unchecked].map(String.init)
  }

  private static func heading(_ book: Book) -> String {
    let document = book.document(book.ownDocument)
    return document.id + (document.title == document.id ? "" : ", \(document.title)")
  }

  // MARK: Markdown

  /// For `reports/profiles`: the table, then rules and statements that are not checked, section by section.
  public static func markdown(_ book: Book) -> String {
    let coverage = ManualCoverage(book)
    var text = "# \(safe(book.name)): what is checked of \(safe(heading(book)))\n\n" + legend
    text += "| section | title | \(heads.joined(separator: " | ")) |\n|---|---|--:|--:|--:|--:|\n"
    for row in coverage.rows {
      text += line(row.section.name, row.section.title, numbers(row.tally, row.section.unchecked.count))
    }
    for stray in coverage.strays {
      text += line(stray.section.isEmpty ? "(none)" : stray.section, "not listed", numbers(stray.tally, 0))
    }
    text += line("all", "each entry once", numbers(coverage.total, coverage.unchecked)) + "\n"
    text += "## Section by section\n"
    for row in coverage.rows { text += details(row) }
    return text
  }

  private static let legend = """
    Made by `make reports` from the profile. **data**: entries that cite the section (forms, parameters, lines, values, \
    times, data phases, codes). **general**: how many of them the general rules hold against a trace; the others are \
    texts that may be anything. **rules**: places where a rule of the profile itself is checked. **unchecked**: \
    statements that are left out on purpose. An entry that cites several sections counts in each.


    """

  private static func line(_ name: String, _ title: String, _ numbers: [String]) -> String {
    "| \(safe(name)) | \(safe(title)) | \(numbers.joined(separator: " | ")) |\n"
  }

  private static func details(_ row: ManualCoverage.Row) -> String {
    let section = row.section
    var rules: [String] = []
    for rule in row.tally.rules where !rules.contains(rule) { rules.append(rule) }
    var text = ""
    if !section.nothing.isEmpty { text += "\nNothing to check: \(safe(section.nothing)).\n" }
    let kinds = ManualCoverage.Kind.allCases.filter { row.tally[$0] > 0 }
    if !kinds.isEmpty {
      text += "\nData: \(kinds.map { words($0, row.tally[$0]) }.joined(separator: ", ")).\n"
    }
    if !rules.isEmpty { text += "\nRules: \(rules.map { "`\(Escaped.line($0))`" }.joined(separator: ", ")).\n" }
    if !section.elsewhere.isEmpty { text += "\nChecked elsewhere: \(safe(section.elsewhere)).\n" }
    if !section.unchecked.isEmpty {
      text += "\nNot checked:\n\n"
      for statement in section.unchecked { text += "- \(safe(statement.says)) *Why: \(safe(statement.why)).*\n" }
    }
    return "\n### \(safe(section.name)) \(safe(section.title))\n" + text
  }

  private static func words(_ kind: ManualCoverage.Kind, _ count: Int) -> String {
    let word =
      switch kind {
      case .form: "form"
      case .parameter: "parameter"
      case .line: "line"
      case .value: "value"
      case .time: "time"
      case .data: "data phase"
      case .code: "code"
      }
    return "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  /// One line in which no sign means anything to Markdown.
  private static func safe(_ text: String) -> String {
    var result = ""
    for character in Escaped.line(text) {
      if "\\<|*`[#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
