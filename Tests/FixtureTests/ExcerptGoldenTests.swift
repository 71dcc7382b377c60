import Foundation
import Profile
import Sessions
import Testing

/// The excerpts that `explain` shows are cut from the sessions that break and keep each rule.
@Suite struct ExcerptGoldenTests {
  @Test(arguments: ["engine"] + Profiles.builtIn) func excerptsAreThoseOfTheSessions(_ name: String) throws {
    let seen = try (name == "engine" ? Self.engine() : Self.pairs(of: name)).joined()
    let file = Fixture.root.appending(path: "Sources/CManuals/excerpts/\(name).txt")
    if GoldenTests.updates {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      return try seen.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == seen, "\(file.path) is stale; make goldens rewrites it")
  }

  /// In the file itself, the marked line is the one that the finding names.
  @Test(arguments: Profiles.builtIn) func theMarkedLineIsThatOfTheFinding(_ name: String) throws {
    let excerpts = try String(
      contentsOf: Fixture.root.appending(path: "Sources/CManuals/excerpts/\(name).txt"), encoding: .utf8)
    let book = try #require(Books.builtIn[name])
    for excerpt in "\n\(excerpts)".split(separator: "\n= ").prefix(40) {
      let rule = excerpt.prefix { $0 != "\n" }
      let file = Fixture.root.appending(path: "fixtures/\(name)/rules/\(rule).broken.trace")
      let marked = try #require(excerpt.split(separator: "\n").first { $0.hasPrefix("> ") }?.dropFirst(2))
      let log = try Data(contentsOf: file)
      let findings = Session(log: Array(log)).outcome(book).findings.filter { $0.contains(" \(rule) ") }
      let place = try #require(findings.compactMap { Int($0.prefix { $0 != " " }) }.min())
      let line = log.split(separator: 0x0A, omittingEmptySubsequences: false)[place - 1]
      #expect(String(decoding: line, as: UTF8.self).hasPrefix(marked.prefix(100)), "\(rule)")
    }
  }

  private static func engine() -> [String] {
    EnginePair.all.map { pair in
      let place = place(of: pair.rule, Session(pair.breaks).outcome(pair.mail ? Books.mail : Books.generic))
      // A session of a test begins with the line that a file begins with.
      return Excerpt.text(pair.rule, lines(pair.keeps), lines(pair.breaks), place - 2)
    }
  }

  private static func pairs(of profile: String) throws -> [String] {
    let folder = Fixture.root.appending(path: "fixtures/\(profile)/rules")
    let book = try #require(Books.builtIn[profile])
    let end = ".broken.trace"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(end) }
    let engine = Set(EnginePair.all.map(\.rule))
    return try names.sorted().compactMap { name in
      let rule = String(name.dropLast(end.count))
      // The rules of the engine are shown by its own sessions.
      guard !engine.contains(rule) else { return nil }
      let broken = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let kept = try String(contentsOf: folder.appending(path: rule + ".kept.trace"), encoding: .utf8)
      let heads = lines(broken).prefix { $0.hasPrefix("#!") }.count
      let place = place(of: rule, Session(log: Array(broken.utf8)).outcome(book))
      return Excerpt.text(
        rule, Array(lines(kept).drop { $0.hasPrefix("#!") }), Array(lines(broken).dropFirst(heads)), place - heads - 1)
    }
  }

  /// The line that the first finding of the rule points to, from 1.
  private static func place(of rule: String, _ outcome: Outcome) -> Int {
    let found = outcome.findings.filter { $0.split(separator: " ")[2] == rule }
    return found.compactMap { Int($0.split(separator: " ")[0]) }.min() ?? 1
  }

  private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}

/// Cuts the lines that matter out of a pair of sessions.
enum Excerpt {
  private static let width = 110
  private static let before = 2
  private static let most = 8

  /// `place`: the index of the line that the finding points to.
  static func text(_ rule: String, _ kept: [String], _ broken: [String], _ place: Int) -> String {
    let differs = zip(kept, broken).prefix { $0 == $1 }.count
    let marked = min(max(place, 0), broken.count - 1)
    var text = "= \(rule)\n"
    for line in window(kept, from: differs, to: differs + 2) { text += "+ \(line.text)\n" }
    for line in window(broken, from: min(differs, marked), to: max(differs, marked)) {
      text += (line.index == marked ? "> " : "- ") + line.text + "\n"
    }
    return text
  }

  /// The lines between two, with some before and one behind; where there are many, the middle is left out.
  private static func window(_ lines: [String], from: Int, to: Int) -> [(index: Int, text: String)] {
    let first = max(0, min(from, lines.count - 1) - before)
    let last = min(lines.count - 1, max(to, first) + 1)
    guard first <= last else { return [] }
    var shown = (first...last).map { (index: $0, text: cut(lines[$0])) }
    if shown.count > most {
      shown.replaceSubrange(most / 2..<shown.count - most / 2, with: [(index: -1, text: "…")])
    }
    return shown
  }

  private static func cut(_ line: String) -> String { line.count <= width ? line : line.prefix(width - 1) + "…" }
}
