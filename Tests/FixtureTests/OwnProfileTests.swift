import Foundation
import Profile
import Sessions
import Testing

/// A new modem needs YAML only: the profile of `fixtures/own-profile` as `--profile FILE` takes it.
@Suite struct OwnProfileTests {
  private static let folder = Fixture.root.appending(path: "fixtures/own-profile")

  private func profile() throws -> ManualFile {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "bramble.yaml")))
    return ManualFile(profile: "bramble", file: "bramble.yaml", bytes: bytes)
  }

  private func session(_ name: String) throws -> Session {
    Session(log: [UInt8](try Data(contentsOf: Self.folder.appending(path: name))))
  }

  @Test func itHasNoMistakes() throws {
    #expect(Profiles.lint(files: [try profile()]).map(\.text) == [])
  }

  @Test func whatKeepsItIsNotAccused() throws {
    let outcome = try session("kept.trace").outcome(Profiles.load(files: [profile()]))
    #expect(outcome.rules == [], "\(outcome.findings)")
    #expect(outcome.allRules == ["at.command-failed"])
    #expect(outcome.transfers.count == 4, "\(outcome.transfers)")
  }

  /// Line and rule of each mistake that is told in the README of the folder.
  static let mistakes = [
    "3 at.parameter-range", "9 bramble.level-hush", "11 bramble.brsend-needs-place", "14 at.late-missing",
    "25 bramble.bropen-needs-place", "30 at.data-length", "37 at.final-result", "40 bramble.brtotal-sent",
    "44 bramble.brfetch-most", "46 at.unknown-command",
  ]

  @Test func whatBreaksItIsTold() throws {
    let book = try Profiles.load(files: [profile()])
    let session = try session("broken.trace")
    let outcome = session.outcome(book)
    let seen = outcome.findings.map { finding in
      let words = finding.split(separator: " ")
      return "\(words[0]) \(words[2])"
    }
    #expect(seen.sorted() == Self.mistakes.sorted(), "\(outcome.findings)")
    #expect(outcome.findings.contains { $0.contains("channel 1 is open") })
    #expect(session.cutIntoBytes().outcome(book, together: false).findings == outcome.findings)
  }
}
