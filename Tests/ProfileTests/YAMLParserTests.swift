import Testing

@testable import Profile

@Suite("YAML becomes nodes that know their place")
struct YAMLParserTests {
  private func parse(_ text: String) -> (node: YAMLNode?, problems: [Diagnostic]) {
    var parser = YAMLParser(file: "a.yaml")
    let node = parser.parse(Array(text.utf8))
    return (node, parser.problems)
  }

  @Test("scalars, lists and maps keep order, style, line and column")
  func places() throws {
    let root = try #require(parse("one: plain\ntwo: ['quoted', 3]\nthree:\n  four: \"x\"\n").node)
    let entries = try #require(root.entries)
    #expect(entries.map(\.key) == ["one", "two", "three"])
    #expect(entries[0].value.mark == FileMark(file: "a.yaml", line: 1, column: 6))
    let items = try #require(entries[1].value.items)
    #expect(items.map(\.mark.column) == [7, 17])
    guard case .scalar("quoted", isPlain: false) = items[0].content, case .scalar("3", isPlain: true) = items[1].content
    else {
      Issue.record("styles are lost")
      return
    }
    #expect(entries[2].value["four"]?.mark == FileMark(file: "a.yaml", line: 4, column: 9))
    #expect(entries[2].value["five"] == nil)
  }

  @Test("an empty file is no node and no mistake", arguments: ["", "\n", "# only a remark\n", "---\n"])
  func empty(_ text: String) {
    let (node, problems) = parse(text)
    #expect(node == nil || node?.isNull == true)
    #expect(problems.isEmpty)
  }

  @Test(
    "what is refused is said at its place",
    arguments: [
      ("a: 1\na: 2\n", 2, 1, "second time"),
      ("a: &x 1\n", 1, 4, "anchor"),
      ("a: *x\n", 1, 4, "alias"),
      ("&C: {section: x}\n", 1, 1, "anchor"),
      ("a: !!int 1\n", 1, 4, "tag"),
      ("a: 1\n---\nb: 2\n", 3, 1, "second document"),
      ("a: [1, 2\nb: 3\n", 2, 2, "expected"),
      ("a: \"x\n", 2, 1, "end of stream"),
      ("a:\n\tb: 1\n", 2, 1, "token"),
      ("[a, b]: 1\n", 1, 1, "as a key"),
      ("a: \u{1}\n", 1, 4, "control characters"),
    ])
  func refused(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
    let problem = try #require(parse(text).problems.first)
    #expect(problem.message.contains(words), "\(problem.text)")
    #expect((problem.line, problem.column) == (line, column), "\(problem.text)")
    #expect(!problem.suggestion.isEmpty)
  }

  @Test("depth, number of values and size are limited")
  func limits() {
    #expect(parse(String(repeating: "[", count: 100)).problems.first?.message.contains("levels") == true)
    #expect(parse(String(repeating: "{a: ", count: 100)).problems.first?.message.contains("levels") == true)
    let many = "[" + String(repeating: "1,", count: YAMLParser.nodeLimit + 1) + "]"
    #expect(parse(many).problems.first?.message.contains("values in one file") == true)
    let large = "#" + String(repeating: "x", count: YAMLParser.byteLimit)
    #expect(parse(large).problems.first?.message.contains("4 MiB") == true)
  }

  @Test("an alias bomb is refused without being built")
  func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<30 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
    }
    let (_, problems) = parse(text)
    #expect(problems.count { $0.message.contains("alias") } == 29 * 9)
  }

  @Test("a place inside a scalar is found through quotes, escapes and folded lines")
  func scalarPlaces() throws {
    let text = #"""
      plain: ab cd
      single: 'a''b c'
      double: "a\"b\u00e9 c"
      wide: "é€ c"
      folded: "a
        b
        c"
      block: |
        a
        bc
      """#
    let root = try #require(parse(text).node)
    let cases: [(String, Int, Int, Int)] = [
      ("plain", 3, 1, 11), ("single", 3, 2, 14), ("double", 6, 3, 21), ("wide", 6, 4, 11), ("folded", 4, 7, 3),
      ("block", 3, 10, 4),
    ]
    for (key, offset, line, column) in cases {
      let node = try #require(root[key])
      let place = ScalarPlace.find(offset, in: Array(text.utf8), from: node.mark)
      #expect((place.line, place.column) == (line, column), "\(key): \(place)")
    }
  }
}
