import Foundation
import Sessions
import Testing

/// Each fixture gives what stands beside it. `ATTRACE_UPDATE_GOLDENS=1` rewrites that; the difference is to be read.
@Suite struct GoldenTests {
  static let updates = ProcessInfo.processInfo.environment["ATTRACE_UPDATE_GOLDENS"] != nil

  @Test(arguments: Fixture.all) func fixtureGivesWhatIsExpected(_ fixture: Fixture) throws {
    let outcome = try fixture.session().outcome(fixture.book)
    for (name, lines) in [
      ("events", outcome.events), ("findings", outcome.findings), ("transfers", outcome.transfers),
    ] {
      let seen = lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
      let file = fixture.expected(name)
      if Self.updates {
        try seen.write(to: file, atomically: true, encoding: .utf8)
        continue
      }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(seen == expected, "\(fixture.testDescription): \(name) differ; make goldens rewrites them")
    }
  }

  @Test func everyFixtureSaysWhatItShows() {
    #expect(!Fixture.all.isEmpty)
    for fixture in Fixture.all {
      let readme = fixture.folder.appending(path: "README.md")
      #expect(FileManager.default.fileExists(atPath: readme.path), "\(fixture.testDescription) has no README.md")
    }
  }

  @Test(arguments: Fixture.all) func cleanFixturesRaiseNothing(_ fixture: Fixture) throws {
    guard fixture.folder.lastPathComponent.hasSuffix("-clean") else { return }
    let outcome = try fixture.session().outcome(fixture.book)
    #expect(outcome.rules == [], "\(outcome.findings)")
  }
}
