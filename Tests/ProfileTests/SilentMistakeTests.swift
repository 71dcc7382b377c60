import Testing
import Trace

@testable import Profile

/// What is written well and yet does not do what was meant.
@Suite("Lint tells what would be without effect")
struct SilentMistakeTests {
  static let base = """
    profile: base
    title: Base
    documents: [{id: BASE}]
    memory: {context: {by: 1}}
    commands:
      +SET: {section: "1", write: {takes: "<c:int>", moves: {"context[c]": 1}}}
    """

  /// The diagnostics of a profile with these entries.
  private func lint(_ text: String) -> [String] {
    func file(_ name: String, _ text: String) -> ManualFile {
      ManualFile(profile: name, file: name + ".yaml", bytes: Array(text.utf8))
    }
    let own = "profile: own\ntitle: Own\nextends: base\ndocuments: [{id: OWN}]\n" + text + "\n"
    return Profiles.lint(files: [file("own", own)], library: [file("base", Self.base)]).map(\.text)
  }

  /// A mistake (told by these words) and the same without it.
  struct Case: CustomTestStringConvertible, Sendable {
    var wrong: String
    var right: String
    var words: String
    var severity: Severity
    var testDescription: String { wrong }

    init(_ wrong: String, right: String, _ words: String, _ severity: Severity = .error) {
      (self.wrong, self.right, self.words, self.severity) = (wrong, right, words, severity)
    }

    /// A form of one command.
    init(form wrong: String, right: String, _ words: String, _ severity: Severity = .error) {
      self.init(
        "commands: {+A: {section: \"1\", \(wrong)}}", right: "commands: {+A: {section: \"1\", \(right)}}", words,
        severity)
    }
  }

  static let cases: [Case] = [
    Case(
      "memory: {context: {by: 1}}", right: "memory: {context: {by: 1, shared: true}}", "a memory 'context' too",
      .warning),
    Case("memory: {place: {shared: true}}", right: "", "no memory 'place' to share"),
    Case("memory: {place: {}}", right: "", "nothing reads or moves the memory 'place'", .warning),
    Case(
      "memory: {full: {}, tank: {is: [empty, full]}}\ncommands: {+A: {section: \"1\", exec: {moves: {tank: empty, full: 1}}}}",
      right: "memory: {tank: {is: [empty, full]}}\ncommands: {+A: {section: \"1\", exec: {moves: {tank: full}}}}",
      "hides the state of that name of 'tank'", .warning),
    Case(
      "memory: {tank: {is: [none, context]}}\ncommands: {+A: {section: \"1\", exec: {moves: {tank: none}}}}",
      right: "memory: {tank: {is: [none, some]}}\ncommands: {+A: {section: \"1\", exec: {moves: {tank: none}}}}",
      "the memory 'context' hides this state", .warning),
    Case("memory: {now: {}}", right: "", "a meaning of its own"),
    Case(
      "commands: {QIX: {section: \"1\", exec: {}}}", right: "commands: {\"&K\": {section: \"1\", exec: {}}}",
      "no name of a command"),
    Case(
      "commands: {A+: {section: \"1\", exec: {}}}", right: "commands: {S30: {section: \"1\", exec: {}}}",
      "no name of a command"),
    Case(
      "commands: {+q: {section: \"1\", exec: {}}}", right: "commands: {+Q: {section: \"1\", exec: {}}}", "write +Q",
      .warning),
    Case(
      "finals: [{text: ONE, number: 17}, {text: TWO, number: 17}]", right: "finals: [{text: ONE, number: 17}]",
      "17 stands for ONE already"),
    Case(
      "unsolicited: [{line: \"<n:int>,<m:int>\", section: \"1\"}]",
      right: "unsolicited: [{line: \"<n:int>, GONE\", section: \"1\"}]", "tell no line that nobody asked for"),
    Case("host-lines: [{line: \"<n:int>\"}]", right: "", "tell no line"),
    Case(
      form: "exec: {prompt: DOWNLOAD, data: {ends: ctrl-z, from: host}}",
      right: "exec: {prompt: \">\", data: {ends: ctrl-z, from: host}}", "is no prompt"),
    Case(form: "exec: {prompt: CONNECT}", right: "exec: {}", "gives: [{line: CONNECT, data: …}"),
    Case(form: "exec: {prompt: \">\"}", right: "exec: {}", "a prompt without data", .warning),
    Case(form: "exec: {within: 3}", right: "exec: {within: 3s}", "write 3s, 3ms or 3min"),
    Case(form: "exec: {within: \"3 s\"}", right: "exec: {within: 3s}", "without a blank: 3s"),
    Case(
      form: "write: {takes: \"<a:int>,<a:int>\"}", right: "write: {takes: \"<a:int>,<b:int>\"}",
      "a second value named 'a'"),
    Case(
      form: "read: {gives: \"+A: <x:limit y>\"}", right: "read: {gives: \"+A: <x:int>\"}", "no test command reports",
      .warning),
    Case(
      form: "exec: {gives: [+A: <x:int>]}", right: "exec: {gives: [\"+A: <x:int>\"]}",
      "put it in quotes: \"+A: <x:int>\""),
    Case(
      form: "write: {takes: \"<a:int>\", gives: {line: \"+A: <a:int>\", when: \"a > 1\"}}",
      right: "write: {takes: \"<a:int>\", gives: {line: \"+A: <b:int>\", when: \"a > 1\"}}", "hides the parameter",
      .warning),
    Case(
      form: "write: {takes: \"[<a:int>]\", gives: {line: \"+A: <a:int>\", holds: {a-b: \"given(a)\"}}}",
      right: "write: {takes: \"[<a:int>]\", gives: {line: \"+A: <a:int>\", holds: {a-b: \"a == 1\"}}}",
      "hides the parameter", .warning),
    Case(
      form: "write: {takes: \"<n:int>\", prompt: \">\", data: [{ends: ctrl-z, from: host}, {counted: n, from: host}]}",
      right:
        "write: {takes: \"<n:int>\", prompt: \">\", data: [{counted: n, from: host, when: \"n > 0\"}, {ends: ctrl-z, from: host}]}",
      "never taken", .warning),
    Case(form: "exec: {finals: [OK, GONE]}", right: "exec: {finals: [OK]}", "is no final result"),
    Case(
      form: "exec: {prompt: \">\", data: {ends: ctrl-z, from: host, on-end: {holds: {a-b: \"octets < 3\"}}}}",
      right: "exec: {prompt: \">\", data: {ends: ctrl-z, from: host, on-end: {holds: {a-b: \"bytes < 3\"}}}}",
      "did you mean 'bytes'?"),
  ]

  @Test(arguments: cases)
  func mistake(_ one: Case) {
    let found = lint(one.wrong)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.contains(one.words) ?? false, "\(found)")
    #expect(found.first?.contains(" \(one.severity.name): ") ?? false, "\(found)")
    #expect(lint(one.right) == [])
  }

  @Test func aStateIsToldFromAnUnknownName() {
    let found = lint(
      "memory: {st: {is: [a, b]}}\ncommands: {+A: {section: \"1\", exec: {needs: {st: a}, holds: {x-y: \"b\"}}}}")
    #expect(found.count == 1 && found[0].contains("'b' is a state") && found[0].contains("st == b"), "\(found)")
  }
}
