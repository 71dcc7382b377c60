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

  /// 60 KB are too much for a file: this pair is made here.
  @Test func aFileInTheMemoryHasItsQuota() throws {
    let book = try #require(Books.builtIn["mu709"])
    func written(_ packets: Int) -> [String] {
      var text = "#!attrace 1\n"
      for number in 1...packets {
        let start = number == 1 ? "2321414D52" : ""
        let data = start + String(repeating: "3C", count: 512 - start.utf8.count / 2)
        let head = "AT^FILEIO=2,\\\"RAM\\\",1,,\(number),\(packets),\\\""
        text += "\(number).1 --> \"\(head)\(data)\\\"\\r\"\n"
        text += "\(number).5 <-- \"\\r\\n^FILEIO: \(number),512\\r\\n\\r\\nOK\\r\\n\"\n"
      }
      return Session(text).outcome(book).rules
    }
    #expect(written(120) == [])
    #expect(written(121) == ["mu709.fileio-ram-quota"])
  }

  /// No rule of a profile is without a session that breaks it.
  @Test(arguments: Profiles.builtIn) func everyRuleIsBrokenSomewhere(_ profile: String) throws {
    let book = try #require(Books.builtIn[profile])
    let folder = Fixture.root.appending(path: "fixtures/\(profile)")
    var broken = Set(try sessions(profile).map(\.rule))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let file = folder.appending(path: "\(name)/expected.findings.txt")
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count > 2 { broken.insert(String(words[2])) }
      }
    }
    let madeElsewhere: Set = ["mu709.fileio-ram-quota"]
    let own = Set(book.statements.map(\.rule).filter { $0.hasPrefix(profile + ".") })
    #expect(own.subtracting(broken).subtracting(madeElsewhere).sorted() == [])
  }
}
