import Testing
import Trace

@testable import Profile

@Suite("Sections of a document, and how much of them is checked")
struct SectionTests {
  private let text = SampleProfile.vendor + SampleProfile.sections

  private func found(_ old: String, _ new: String) -> [Diagnostic] {
    SampleProfile.lint(text.replacing(old, with: new))
  }

  private func row(_ coverage: ManualCoverage, _ name: String) throws -> ManualCoverage.Tally {
    try #require(coverage.rows.first { $0.section.name == name }).tally
  }

  @Test("what is listed is read in its order")
  func reading() throws {
    #expect(SampleProfile.lint(text).map(\.text) == [])
    let book = try SampleProfile.book(text)
    #expect(book.sections.map(\.name) == ["1", "2", "2.3", "3"])
    #expect(book.sections[0].nothing == "an introduction")
    #expect(book.sections[2].unchecked == [UncheckedStatement(says: "It is kept.", why: "nobody sees it")])
    #expect(book.sections[3].elsewhere == "the values of each line under 2.3")
    #expect(book.sections[2].codes.map { book.codes[$0].name } == ["login"])
    #expect(book.document(book.ownDocument).id == "SHOP_V1")
  }

  @Test(
    "mistakes in the list",
    arguments: [
      ("title: Overview", "titel: Overview", "'titel' is no key here"),
      ("nobody sees it", "", "without `says` or `why`"),
      ("says: It is", "sais: It is", "did you mean 'says'?"),
      ("codes: login", "codes: logon", "did you mean 'login'?"),
      ("{title: Lines, elsewhere: the values of each line under 2.3}", "{nothing: a figure}", "without a title"),
      ("{title: Lines, elsewhere: the values of each line under 2.3}", "five", "a map is expected"),
      ("nobody sees it}]", "nobody sees it}], nothing: a figure", "leave `nothing` or the others out"),
    ])
  func mistake(_ old: String, _ new: String, _ words: String) {
    let errors = found(old, new).filter { $0.severity == .error }
    #expect(errors.contains { ($0.message + " " + $0.suggestion).contains(words) }, "\(errors.map(\.text))")
  }

  @Test("a section stands in the list once, in whichever file")
  func twice() {
    let more = SampleProfile.file("sections:\n  \"3\": {title: Lines}\n", named: "more.yaml")
    let found = Profiles.lint(files: [SampleProfile.file(text), more], library: SampleProfile.library)
    #expect(found.map(\.message) == ["section '3' is stated twice"])
  }

  @Test("an entry that cites what is not listed is warned of, once, and only where there is a list")
  func unlisted() {
    let found = found("\"3\": {title: Lines,", "\"3.1\": {title: Lines,")
    #expect(found.allSatisfy { $0.severity == .warning })
    #expect(
      found.map(\.message) == ["3.2", "3.3", "3.4"].map { "section '\($0)' is not among the sections of the document" })
    #expect(SampleProfile.lint(SampleProfile.vendor).isEmpty)
  }

  @Test("a section that nothing cites says why; one that something cites does not state nothing")
  func silent() {
    let silent = found("{title: Overview, nothing: an introduction}", "{title: Overview}")
    #expect(silent.map(\.severity) == [.warning] && silent[0].message.contains("nothing cites"))
    let cited = found(
      "{title: Lines, elsewhere: the values of each line under 2.3}", "{title: Lines, nothing: a figure}")
    #expect(cited.map(\.severity) == [.warning] && cited[0].message.contains("states nothing"))
  }

  @Test("each entry counts for the section it cites, or the nearest above it")
  func counting() throws {
    let coverage = ManualCoverage(try SampleProfile.book(text))
    let first = try row(coverage, "1")
    #expect(first.data == 0 && first.rules.isEmpty)
    // Other documents, and what the base states, are not this one's.
    let commands = try row(coverage, "2")
    #expect(commands[.form] == 3)
    #expect(commands[.parameter] == 1)
    #expect(try row(coverage, "2.3")[.code] == 2)
    #expect(try row(coverage, "2.3").rules == ["shop.same-full"])
    let lines = try row(coverage, "3")
    #expect(lines[.line] == 5, "four lines and the one that follows; variants of a prefix are one line")
    #expect(lines.general < lines.data, "a text that may be anything is not checked")
    #expect(coverage.unchecked == 1)
  }

  @Test("an entry that cites two sections counts in both, and once in all")
  func two() throws {
    let cited = text.replacing("section: \"3.2\"", with: "section: \"3.2, 2.3\"")
    let before = ManualCoverage(try SampleProfile.book(text))
    let after = ManualCoverage(try SampleProfile.book(cited))
    #expect(try row(after, "2.3")[.line] == row(before, "2.3")[.line] + 1)
    #expect(try row(after, "3")[.line] == row(before, "3")[.line])
    #expect(after.total.data == before.total.data)
  }

  @Test("commands of a family are one entry")
  func family() throws {
    let one = text.replacing("+OWN: {", with: "+TEXT: {")
    let many = text.replacing("+OWN: {", with: "\"+TEXT<i:int 1..3>\": {")
    let book = try SampleProfile.book(many)
    #expect(book.commands.count { $0.name.hasPrefix("+TEXT") } == 3)
    #expect(ManualCoverage(book).total.data == ManualCoverage(try SampleProfile.book(one)).total.data)
  }

  @Test("what cites no listed section is told apart")
  func strays() throws {
    let coverage = ManualCoverage(
      try SampleProfile.book(text.replacing("\"3\": {title: Lines,", with: "\"3.1\": {title: Lines,")))
    #expect(coverage.strays.map(\.section) == ["", "3.2", "3.3", "3.4"])
    #expect(coverage.strays[0].tally.rules == ["shop.every-command-needs-link"])
  }

  @Test("what a trace is checked by does not depend on whether the sections are read", arguments: Profiles.builtIn)
  func onRequest(_ name: String) throws {
    let plain = try Profiles.load(name)
    let full = try Profiles.load(name, withSections: true)
    #expect(plain.sections.isEmpty)
    #expect(plain.statements.map(\.rule) == full.statements.map(\.rule))
    #expect(plain.lines.map(\.pattern) == full.lines.map(\.pattern))
    #expect(plain.commands.map(\.name) == full.commands.map(\.name))
    #expect(plain.documents == full.documents && plain.memory.map(\.name) == full.memory.map(\.name))
  }
}
