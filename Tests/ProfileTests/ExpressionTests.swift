import Testing
import Trace

@testable import Profile

@Suite("Expressions")
struct ExpressionTests {
  private let scope: ExpressionScope = {
    var scope = ExpressionScope()
    scope.fields = [
      .init(name: "got", kind: .number), .init(name: "body-lines", kind: .unknown), .init(name: "word", kind: .text),
    ]
    scope.parameters = [
      .init(name: "want", kind: .number, fallback: .number(25)), .init(name: "name", kind: .text),
      .init(name: "got", kind: .text),
    ]
    scope.memory = [
      "link": .init(index: 0, states: ["down", "up"], keys: 0), "level": .init(index: 1, states: [], keys: 0),
      "size": .init(index: 2, states: [], keys: 1), "pair": .init(index: 3, states: [], keys: 2),
      "other": .init(index: 4, states: ["open"], keys: 0),
    ]
    scope.commands = ["+READ", "+OWN"]
    return scope
  }()

  private func compile(
    _ text: String, for use: ExpressionParser.Use = .condition
  ) -> (program: Program, mistakes: [LanguageError]) {
    ExpressionParser.compile(text, in: scope, for: use)
  }

  private func value(_ text: String) throws -> Value {
    let (program, mistakes) = compile(text, for: .value([]))
    #expect(mistakes.isEmpty, "\(text): \(mistakes)")
    var machine = Machine(try SampleProfile.book(SampleProfile.base.replacingProfile))
    let fields: [Field] = [
      Field(kind: .integer, number: 7), Field(kind: .integer, number: 2),
      Field(kind: .quoted, hash: TextHash.of("abc".utf8), text: Slice(start: 0, count: 3)),
    ]
    let parameters: [Field] = [
      Field(kind: .empty),
      Field(kind: .quoted, traits: .hex, hash: TextHash.of("ff".utf8), text: Slice(start: 0, count: 2)),
    ]
    var scene = Machine.Scene()
    scene.now = .number(10_000)
    scene.step = 10
    let (text, parameterText) = (Array("abc".utf8), Array("2Fx".utf8))
    return machine.evaluate(
      program, fields: fields.span, text: text.span, parameters: parameters.span, parameterText: parameterText.span,
      context: Machine.Context(
        command: TextHash.of("+READ".utf8), form: TextHash.of("write".utf8), copies: 3, scene: scene))
  }

  @Test(
    "precedence, functions and names",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("7 % 4 + -1", 2), ("2 * 30s", 60000), ("2min", 120_000),
      ("500ms + 1h", 3_600_500), ("0x1F", 31), ("1 < 2 && 2 < 1 || 1 == 1", 1), ("0 == 1 -> 0 == 2", 1),
      ("1 == 1 -> 0 == 2", 0), ("!(1 == 2)", 1), ("got", 7), ("got - body-lines", 5), ("body-lines", 2), ("want", 25),
      ("given(want)", 0), ("given(name)", 1), ("length(name)", 2), ("trait(name, hex)", 1), ("trait(name, digits)", 0),
      ("got in {1, 3..5, 7}", 1), ("got in {..6}", 0), ("got in {8..}", 0), ("word in {'abc', 'x'}", 1),
      ("word == 'abc'", 1),
      ("min(3, got)", 3), ("max(3, got)", 7), ("known(got)", 1), ("known(level)", 0), ("otherwise(level, 9)", 9),
      ("command == '+READ'", 1), ("command in {'+OWN'}", 0), ("form != 'test'", 1),
      ("octet(name, 0)", 0x2F), ("octet(word, 1 - 1)", 0xAB), ("waited(4s)", 5990), ("lasted(4s)", 6010),
    ])
  func values(_ text: String, _ expected: Int64) throws {
    #expect(try value(text) == .number(expected), "\(text)")
  }

  @Test("unknown decides nothing, unless the other side does")
  func unknown() throws {
    #expect(try !value("level == 1").isKnown)
    #expect(try value("level == 1 || 1 == 1").isTrue)
    #expect(try value("level == 1 && 1 == 2").isFalse)
    #expect(try !value("size[1] == 1").isKnown)
    #expect(try !value("octet(name, 1) == 1").isKnown)
    #expect(try !value("octet(word, 0 - 1) == 1").isKnown)
    #expect(try !value("waited(level) < 4s").isKnown)
    #expect(try !value("error == 16").isKnown)
  }

  @Test("states become numbers on either side of a comparison, and in sets")
  func states() throws {
    for text in ["link == up", "up == link", "(up) == link"] {
      let (program, mistakes) = compile(text)
      #expect(mistakes.isEmpty)
      #expect(program.operations.contains { if case .constant(.number(1)) = $0 { true } else { false } }, "\(text)")
    }
    #expect(compile("link in {up, down}").program.ranges == [1...1, 0...0])
    #expect(compile("up", for: .value(["down", "up"])).mistakes.isEmpty)
  }

  @Test("fields come before parameters, parameters before memory")
  func order() {
    guard case .field(0)? = compile("got == 1").program.operations.first else {
      Issue.record("the field is hidden by the parameter")
      return
    }
  }

  @Test(
    "mistakes are found at their column, with what would be right",
    arguments: [
      ("gott == 1", 0, "did you mean 'got'?"), ("got == 1 && lnk == up", 12, "did you mean 'link'?"),
      ("link == upp", 8, "did you mean 'up'?"), ("link in {up, dwn}", 13, "did you mean 'down'?"),
      ("want-1 == 2", 0, "put blanks around -"), ("got = 1", 4, "write =="), ("got == ", 7, "a number"),
      ("", 0, "leave the key out"),
      ("(got == 1", 9, "close"), ("got == 1)", 8, "operators"), ("size == 1", 0, "size[key]"),
      ("size[1, 2] == 1", 0, "size[key]"),
      ("level[1] == 1", 0, "[ ]"), ("siz[1] == 1", 0, "did you mean 'size'?"), ("size[1 == 1", 11, "name[key]"),
      ("given(nam)", 6, "did you mean 'name'?"),
      ("trait(name, hax)", 12, "did you mean 'hex'?"), ("trait(name)", 10, "trait(name, hex)"),
      ("count(level)", 6, "by:"),
      ("min(1)", 5, "min(a, b)"), ("givn(name)", 0, "did you mean 'given'?"), ("got == \"x\"", 7, "'text'"),
      ("got == 'x", 7, "'text'"),
      ("got in 1", 7, "{1, 3..5}"), ("got in {5..3}", 8, "3..5"), ("got in {1, 'a'}", 8, "||"),
      ("word in {1}", 9, "'text'"),
      ("word == 5", 5, "without quotes"), ("word + 1 == 2", 0, "only numbers"), ("word < 'b'", 0, "== or !="),
      ("!word", 1, "!="),
      ("word", 0, "name == 'text'"), ("link", 0, "memory == state"), ("word && got == 1", 0, "compare"),
      ("link == 'up'", 5, "without quotes"),
      ("link == other", 5, "its own states"), ("link + 1 == 2", 0, "only numbers"), ("5x == 1", 1, "ms, s, min"),
      ("99999999999999999999 == 1", 0, "63 bits"),
      ("9999999999999999 * 1h == 1 && 9223372036854775807h == 1", 30, "63 bits"),
      ("form == 'wirte'", 8, "did you mean 'write'?"),
      ("copies == 1", 0, "belongs to a line"), ("got ! 1", 4, "operators"), ("got == 1 @", 9, "operators"),
    ])
  func mistakes(_ text: String, _ column: Int, _ help: String) throws {
    let (program, mistakes) = compile(text)
    let first = try #require(mistakes.first, "\(text) is let pass")
    #expect(program.isEmpty, "\(text)")
    #expect(first.at == column, "\(text): \(mistakes)")
    #expect(first.help.contains(help), "\(text): \(mistakes)")
  }

  @Test("all wrong names of one expression are told")
  func several() {
    #expect(compile("aaa == 1 && bbb == 2 || ccc").mistakes.map(\.at) == [0, 12, 24])
  }

  @Test("a command that there is not is a warning, and the program is kept")
  func commandNames() {
    let (program, mistakes) = compile("command == '+RAED'")
    #expect(!program.isEmpty)
    #expect(mistakes.map(\.severity) == [.warning])
    #expect(mistakes.first?.help == "did you mean '+READ'?")
  }

  @Test("times and assigned values have kinds of their own")
  func uses() {
    #expect(compile("link == up", for: .duration).mistakes.count == 1)
    #expect(compile("'x'", for: .duration).mistakes.count == 1)
    #expect(compile("30s", for: .duration).mistakes.isEmpty)
    #expect(compile("'x'", for: .value(["a"])).mistakes.count == 1)
    #expect(compile("7", for: .value(["a"])).mistakes.count == 1)
    #expect(compile("0", for: .value(["a"])).mistakes.isEmpty)
  }

  @Test("deep, wide and long expressions are refused, never crash")
  func limits() {
    for count in [31, 32, 33, 64, 1000, 20000] {
      let brackets = String(repeating: "(", count: count) + "1 == 1" + String(repeating: ")", count: count)
      let right = String(repeating: "1 + (", count: count) + "1" + String(repeating: ")", count: count) + " == 1"
      let not = String(repeating: "!", count: count) + "(1 == 1)"
      let long = String(repeating: "1 + ", count: count) + "1 == 1"
      let implied = String(repeating: "1 == 1 -> ", count: count) + "1 == 1"
      let minus = String(repeating: "-", count: count) + "1 == 1"
      for text in [brackets, right, not, long, implied, minus] {
        let (program, mistakes) = compile(text)
        #expect(program.isEmpty == !mistakes.isEmpty)
        #expect(ExpressionParser.deepest(program.operations) <= Program.maximumDepth)
        if count > 600 { #expect(program.isEmpty) }
      }
    }
  }

  @Test("every prefix of an expression is read without a crash")
  func prefixes() {
    let text = "given(want) && size[min(got, 0x1F)] in {1, 3..5} || !trait(name, hex) -> link == up && word != 'é'"
    for end in text.indices { _ = compile(String(text[..<end])) }
    #expect(compile(text).mistakes.isEmpty)
  }
}

extension String {
  /// The base as a profile of its own.
  fileprivate var replacingProfile: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[0] = "profile: alone"
    return lines.joined(separator: "\n")
  }
}
