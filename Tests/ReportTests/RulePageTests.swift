import Foundation
import Profile
import Report
import Testing

/// The pages of the rules stand in `reports/rules`; `make reports` writes them.
@Suite struct RulePageTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "reports/rules")
  static let pages = RulePages.pages(Profiles.builtIn.compactMap { try? Profiles.load($0) })

  @Test func thePagesAreNotStale() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Self.pages.map(\.name)))
    for page in Self.pages {
      let seen = try String(contentsOf: Self.folder.appending(path: page.name), encoding: .utf8)
      #expect(seen == page.text, "reports/rules/\(page.name) is stale; make reports rewrites it")
    }
  }

  @Test func eachRuleOfAProfileHasBothExcerpts() throws {
    for name in Profiles.builtIn {
      let book = try Profiles.load(name)
      for rule in Set(book.statements.map(\.rule)) where rule.hasPrefix(name + ".") {
        guard let excerpt = RuleExcerpt.all[rule] else {
          #expect(Self.withoutPair.contains(rule), "\(rule) has no excerpt")
          continue
        }
        #expect(!excerpt.keeps.isEmpty && excerpt.breaks.contains { $0.isMarked }, "\(rule)")
        let text = RuleText.explain(rule, [book]) ?? ""
        #expect(text.contains("\nKept\n") && text.contains("\nBroken\n"), "\(rule)")
      }
    }
  }

  /// Sessions that are made in a test, too long for a file.
  static let withoutPair: Set = ["mu709.fileio-ram-quota"]

  @Test func textOfManualsStaysText() {
    for page in Self.pages where page.name != "README.md" {
      var isCode = false
      for line in page.text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") { isCode.toggle() }
        #expect(isCode || !line.contains("<") || line.contains("\\<") || line.contains("`"), "\(page.name): \(line)")
      }
      #expect(!isCode, "\(page.name)")
    }
  }
}
