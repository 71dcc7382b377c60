import Testing

@testable import Profile

@Suite("No profile, however broken, crashes the loader")
struct HostileProfileTests {
  private func lint(_ bytes: [UInt8]) -> [Diagnostic] {
    Profiles.lint(files: [ManualFile(profile: "x", file: "x.yaml", bytes: bytes)], library: SampleProfile.library)
  }

  @Test("the sample, cut off at every byte")
  func truncated() {
    let bytes = Array(SampleProfile.vendor.utf8)
    for count in 0..<bytes.count {
      let found = lint(Array(bytes[..<count]))
      #expect(found.allSatisfy { $0.line >= 1 && $0.column >= 1 })
    }
  }

  @Test("the sample, with one byte changed anywhere")
  func changed() {
    var random = Random(state: 7)
    let bytes = Array(SampleProfile.vendor.utf8)
    let marks = Array("<>[]{}:,|.'\"&*!=-\n 0\u{0}\u{7F}".utf8) + [0xFF, 0xC3]
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var copy = bytes
      copy[index] = marks[random.next(below: marks.count)]
      _ = lint(copy)
    }
  }

  @Test("random bytes")
  func noise() {
    var random = Random(state: 99)
    for length in 0..<300 {
      _ = lint((0..<length).map { _ in UInt8(random.next(below: 256)) })
    }
  }

  @Test(
    "values of the wrong kind, too large or too many, at every key of the top",
    arguments: [
      "5", "x", "[1, [2, {a: b}]]", "{a: b}", "{a: {b: {c: d}}}", "~", "99999999999999999999999", "[~, ~]", "''",
      "{a: [b, {c: [d]}]}", "[{line: '<a:int 99999999999999999999>'}]",
      "{+A: {write: {takes: [], gives: {}, then: 5}}}",
      "{+A: {write: {data: 5, holds: 5, moves: [5], needs: [1], finals: {}, prompt: []}}}",
      "{+A: {write: {gives: {line: '+A: <x:int>', data: {counted: x, from: [], as: {}, on-end: 5}, next: {line: {}}}}}}",
    ])
  func kinds(_ value: String) {
    for key in Keys.top { _ = lint(Array("profile: x\n\(key): \(value)\n".utf8)) }
  }

  @Test("a file full of mistakes ends in a limited list")
  func many() {
    let text = "profile: x\ncommands:\n" + (0..<5000).map { "  +A\($0): {exce: {}}\n" }.joined()
    #expect(lint(Array(text.utf8)).count <= LayerReader.problemLimit)
  }

  @Test("lines that follow lines without end are refused")
  func following() {
    var line = "\"+A: <x:int>\""
    for _ in 0..<20 { line = "{line: \"+A: <x:int>\", section: '1', next: \(line)}" }
    #expect(
      lint(Array("profile: x\nunsolicited: [\(line)]\n".utf8)).contains { $0.message.contains("behind one another") })
  }

  private struct Random {
    var state: UInt64
    mutating func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
  }
}
