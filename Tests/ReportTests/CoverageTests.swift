import Foundation
import Profile
import Report
import Testing

/// What is checked of each manual stands in `reports/profiles`; `make reports` writes it.
@Suite struct CoverageTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "reports/profiles")
  static let books = Profiles.builtIn.compactMap { try? Profiles.load($0, withSections: true) }.filter {
    !$0.sections.isEmpty
  }

  @Test(arguments: books.map(\.name)) func theReportIsNotStale(_ name: String) throws {
    let book = try Profiles.load(name, withSections: true)
    let seen = try String(contentsOf: Self.folder.appending(path: "\(name).md"), encoding: .utf8)
    #expect(seen == CoverageTable.markdown(book), "reports/profiles/\(name).md is stale; make reports rewrites it")
  }

  @Test func everyReportHasItsProfile() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".md") }
    #expect(!files.isEmpty)
    #expect(Set(files) == Set(Self.books.map { "\($0.name).md" }))
  }

  @Test(arguments: books.map(\.name)) func everyStatementCitesAListedSection(_ name: String) throws {
    #expect(ManualCoverage(try Profiles.load(name, withSections: true)).strays.map(\.section) == [])
  }

  @Test func theTableFitsAHundredColumns() {
    for book in Self.books {
      for line in CoverageTable.text(book).split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }
  }

  @Test func noSignOfADocumentMeansAnythingToMarkdown() throws {
    let text = """
      profile: odd
      documents: [{id: ODD}]
      commands: {+A: {section: "1", exec: {}}}
      sections:
        "1": {title: "a | b", unchecked: [{says: "<len> is \\ta *number*.", why: "it is `odd`"}]}
      """
    let book = try Profiles.load(files: [ManualFile(profile: "odd", file: "odd.yaml", bytes: Array(text.utf8))])
    let page = CoverageTable.markdown(book)
    #expect(page.contains("| 1 | a \\| b | 1 | 1 | 0 | 1 |"))
    #expect(page.contains("- \\<len> is \\\\u{9}a \\*number\\*. *Why: it is \\`odd\\`.*"))
    #expect(!CoverageTable.text(book).contains("\t"))
  }
}
