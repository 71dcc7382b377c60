import Foundation
import Profile
import Sessions
import Testing

/// `fixtures/<profile>/rules/<rule>.broken.trace` breaks that rule, and its twin `<rule>.kept.trace` breaks none.
@Suite struct RulePairTests {
  private func sessions(_ profile: String) throws -> [(rule: String, kept: Session, broken: Session)] {
    let folder = Fixture.root.appending(path: "fixtures/\(profile)/rules")
    let end = ".broken.trace"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(end) }
    return try names.sorted().map { name in
      let rule = String(name.dropLast(end.count))
      let kept = folder.appending(path: rule + ".kept.trace")
      return (
        rule, Session(log: [UInt8](try Data(contentsOf: kept))),
        Session(log: [UInt8](try Data(contentsOf: folder.appending(path: name))))
      )
    }
  }

  @Test(arguments: Profiles.builtIn) func brokenRulesAreTold(_ profile: String) throws {
    let book = try #require(Books.builtIn[profile])
    let pairs = try sessions(profile)
    #expect(!pairs.isEmpty)
    for (rule, kept, broken) in pairs {
      let told = broken.outcome(book).allRules.count { $0 == rule }
      let clean = kept.outcome(book)
      #expect(told > clean.allRules.count { $0 == rule }, "\(rule) is not told")
      #expect(clean.rules == [], "\(rule): \(clean.findings)")
    }
  }
}
