import Testing
import Trace

@testable import Profile

@Suite("Lint tells every mistake with line and column")
struct LintTests {
  /// One line of the sample is replaced; the mistake stands at this column of the new line.
  struct Case: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    /// What stands at the place that is blamed.
    var at: String
    var words: String
    var severity = Severity.error

    var testDescription: String { new }

    init(_ old: String, _ new: String, at: String, _ words: String, _ severity: Severity = .error) {
      (self.old, self.new, self.at, self.words, self.severity) = (old, new, at, words, severity)
    }
  }

  static let cases: [Case] = [
    // Keys
    Case("strict: true", "stict: true", at: "stict", "did you mean 'strict'?"),
    Case("abortable: true", "abortible: true", at: "abortible", "did you mean 'abortable'?"),
    Case("note: replaces that", "nope: replaces that", at: "nope", "did you mean 'note'?"),
    Case("times: \"0..1\"", "time: \"0..1\"", at: "time:", "did you mean 'times'?"),
    Case("counted: got", "count: got", at: "count:", "did you mean 'counted'?"),
    Case("on-uid", "on-uuid", at: "on-uuid", "did you mean 'on-uid'?"),
    Case("do: Shorten it.", "du: Shorten it.", at: "du:", "did you mean 'do'?"),
    Case("{by: 2, note: two keys}", "{by: 2, notes: two keys}", at: "notes", "did you mean 'note'?"),
    Case("{id: SHOP_V2, title:", "{id: SHOP_V2, titel:", at: "titel", "did you mean 'title'?"),
    Case("contains: SHOP900", "contain: SHOP900", at: "contain", "did you mean 'contains'?"),
    Case("text: NOPE", "txt: NOPE", at: "txt", "did you mean 'text'?"),
    // Top
    Case("profile: shop", "profile: shop_1", at: "shop_1", "letters, digits and -"),
    Case("extends: base", "extends: bass", at: "bass", "did you mean 'base'?"),
    Case("strict: true", "strict: maybe", at: "maybe", "true, false"),
    Case("within: 30s", "within: 30x", at: "x", "ms, s, min"),
    Case("{id: SHOP_V2,", "{id: SHOP_V1,", at: "{id: SHOP_V1, title: Supp", "stated twice"),
    Case("{id: SHOP_V2, title: Supplement}", "{title: Supplement}", at: "{title", "id: …"),
    Case("{61: network", "{x: network", at: "x:", "whole numbers"),
    Case("port: \"int 1..65535\"", "port: \"itn 1..65535\"", at: "itn", "did you mean 'int'?"),
    Case("code: \"int 1|61..69\"", "code: \"out-code\"", at: "\"code means login\"", "refers to itself"),
    Case("port: \"int", "int: \"int", at: "int: ", "another name"),
    Case("code means login", "code means logon", at: "logon", "did you mean 'login'?"),
    // Memory
    Case("at-start: down", "at-start: dwn", at: "dwn", "did you mean 'down'?"),
    Case("{by: 2,", "{by: 3,", at: "3", "by: 1"),
    Case("[connecting, open]", "[open, open]", at: "open],", "keep one"),
    Case("[connecting, open]", "[unknown, open]", at: "unknown", "always there"),
    Case("at-start: empty", "at-start: 5", at: "5", "empty"),
    Case("bearer: {is: [connecting, open], by: 1}", "bearer: 5", at: "5", "key: value"),
    // Commands and forms
    Case("+OWN: {section:", "+OWN=: {section:", at: "+OWN=", "without AT"),
    Case("+OWN: {section: \"2.6\", exec", "+OWN: {exec", at: "+OWN", "cite the clause", .warning),
    Case("exec: {gives: \"<text:rest>\"}", "title: x", at: "+OWN", "test, read, exec, write"),
    Case("aliases: [+SMAE]", "aliases: [+OWN]", at: "+OWN", "another spelling"),
    Case("document: SHOP_V2\n", "document: SHOP_V3\n", at: "SHOP_V3", "did you mean"),
    Case("finals: [OK, ERROR, CONNECT]", "finals: [OK, EROR, CONNECT]", at: "EROR", "did you mean 'ERROR'?"),
    Case("exec: {gives: \"<text:rest>\"}", "exec: {gives: \"<text:rest>\", finals: []}", at: "[]", "at least one"),
    Case("reports: write", "reports: exec", at: "exec", "write"),
    Case("exec: {finals", "exec: {takes: \"<a:int>\", finals", at: "\"<a:int>\"", "belong to write"),
    Case("instead: [\"+GONE\"]", "instead: [\"+GOME\"]", at: "\"+GOME\"", "did you mean '+GONE'?", .warning),
    Case("exec: {gives: \"<text:rest>\"}", "exec: {then-within: 5s}", at: "5s", "then:"),
    Case("within: \"timeout * 1000", "within: \"timeot * 1000", at: "timeot", "did you mean 'timeout'?"),
    Case("<len:int 1..1460 = 25>", "<len:int 1..1460 = 2500>", at: "2500", "correct"),
    Case(
      "<nameLength:limit name>", "<nameLength:limit nam>", at: "\"+SAME: <len:ranges", "did you mean 'name'?", .warning),
    Case("\"+SAME: <len:ranges", "\"+SAME: <lan:ranges", at: "\"+SAME: <lan", "did you mean 'len'?", .warning),
    Case(
      "\"+SAME: <len:int>[,<name:str blank>]\"", "\"+SAME: <x:int>\"", at: "write, note", "names of the parameters",
      .warning),
    // Lines
    Case("line: \"+READ: <status:int 1|2>,", "line: \"+READ: <status:int 1|2>", at: "<got", ""),
    Case("- line: \"+READ: <status", "- times: \"+READ: <status", at: "times: \"+READ", "line"),
    Case("times: \"0..1\"", "times: \"1..0\"", at: "\"1..0\"", "0..1"),
    Case("severity: warning\n", "severity: waring\n", at: "waring", "did you mean 'warning'?"),
    Case("when: \"want > 1\"", "when: \"wnat > 1\"", at: "wnat", "did you mean 'want'?"),
    Case("fails: \"why != 1\"", "fails: \"wy != 1\"", at: "wy", "did you mean 'why'?"),
    Case("\"READ DONE\"", "{line: \"READ DONE\", reset: true}", at: "true}", "unsolicited:"),
    Case("reset: true", "reset: yes", at: "yes", "reset: true"),
    Case("{line: RDY, section: \"3.2\",", "{line: RDY,", at: "{line: RDY", "cite the clause", .warning),
    Case("{line: RDY,", "{line: RDY, times: 1,", at: "1,", "leave it out", .warning),
    Case("<cid:int 1..3>: GONE", "<cid:str>: GONE", at: "<cid", "few values"),
    // Data
    Case("counted: got", "counted: gto", at: "gto", "did you mean 'got'?"),
    Case("{ends: ctrl-z,", "{ends: ctrlz,", at: "ctrlz", "did you mean 'ctrl-z'?"),
    Case("{ends: ctrl-z, cancel", "{cancel", at: "{cancel", "counted:"),
    Case("{ends: ctrl-z,", "{counted: lne,", at: "lne", "did you mean 'len'?"),
    Case("cancel: esc", "cancel: escape", at: "escape", "esc"),
    Case("from: host, as: text", "from: modm, as: text", at: "modm", "did you mean 'modem'?"),
    Case("from: host, as: text", "as: text", at: "{ends: ctrl-z", "from: host"),
    Case("as: text", "as: txt", at: "txt", "did you mean 'text'?"),
    Case("as: pop3\n", "as: text\n", at: "{moves: {\"size[number]", "as: pop3"),
    Case("kind: mail", "kind: maill", at: "maill", "did you mean 'mail'?"),
    Case("mask: body", "mask: boby", at: "boby", "did you mean 'body'?"),
    Case("bytes <= len", "byts <= len", at: "byts", "did you mean 'bytes'?"),
    Case("until: \"status == 2\"", "until: \"staus == 2\"", at: "staus", "did you mean 'status'?"),
    // Rules and moves
    Case("same-plain: \"len != 3\"", "same_plain: \"len != 3\"", at: "same_plain", "small letters"),
    Case("same-plain: \"len != 3\"", "same-full: \"len != 3\"", at: "same-full:\n", "keep one"),
    Case("read-dot: {is:", "same-body: {is:", at: "same-body: {is", "the first is in shop.yaml", .warning),
    Case("read-dot: {is: \"command", "read-dot: {as: \"command", at: "read-dot", "is:"),
    Case("\"len != 3\"", "\"len ! 3\"", at: "! 3", "operators"),
    Case("says: \"the link is {link}\"", "says: \"the link is {lnk}\"", at: "lnk", "did you mean 'link'?"),
    Case("needs: {link: {is: up,", "needs: {lnk: {is: up,", at: "lnk", "did you mean 'link'?"),
    Case("needs: {link: {is: up,", "needs: {link: {is: upp,", at: "upp", "did you mean 'up'?"),
    Case("needs: {\"bearer[want]\":", "needs: {bearer:", at: "bearer", "bearer[key]"),
    Case("needs: {\"bearer[want]\":", "needs: {\"bearer[wnat]\":", at: "wnat", "did you mean 'want'?"),
    Case("moves: {level: bytes}", "moves: {levl: bytes}", at: "levl", "did you mean 'level'?"),
    Case("moves: {level: bytes}", "moves: {\"level[1]\": bytes}", at: "level[1]", "leave the [ ] out"),
    Case("{\"status == 1\": up,", "{\"status == 1\": upp,", at: "upp", "did you mean 'up'?"),
    Case("{\"status == 1\": up,", "{\"staus == 1\": up,", at: "staus", "did you mean 'status'?"),
    Case("{forget: [size,", "{forget: [siz,", at: "siz,", "did you mean 'size'?"),
    Case("{\"len == 2\": [size]}", "{\"lan == 2\": [size]}", at: "lan", "did you mean 'len'?"),
    Case("begins: {pop3: 4}", "begins: {pop2: 4}", at: "pop2", "did you mean 'pop3'?"),
    Case("ends: {smtp: \"got == 0\"}", "ends: {smtp: \"gt == 0\"}", at: "gt ==", "did you mean 'got'?"),
    Case(
      "fails: \"why != 1\", drops: [pop3]", "fails: \"why != 1\", drops: {pop3: 1}", at: "{pop3: 1}", "drops: [pop3]"),
    Case(
      "needs: {link: [down, up]}", "needs: {link: [down, up]}\n  holds: {only: \"command != '+RAED'\"}", at: "'+RAED'",
      "did you mean", .warning),
    Case(
      "needs: {link: [down, up]}", "needs: {link: [down, up]}\n  holds: {only: \"len == 1\"}", at: "len == 1",
      "known are"),
    // YAML
    Case("timeout: {at-reset: 30}", "link: {at-reset: 30}", at: "link: {at-reset: 30}", "keep one"),
    Case("timeout: {at-reset: 30}", "timeout: &a {at-reset: 30}", at: "&a", "quotes"),
  ]

  @Test("each kind of mistake", arguments: cases)
  func mistake(_ one: Case) throws {
    let text = SampleProfile.vendor.replacing(one.old, with: one.new)
    let from = try #require(text.firstRange(of: one.new)).lowerBound
    let start = try #require(text[from...].firstRange(of: one.at) ?? text.firstRange(of: one.at)).lowerBound
    let before = text[..<start]
    let line = before.count { $0 == "\n" } + 1
    let column =
      before.count - (before.lastIndex(of: "\n").map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0) + 1
    let found = SampleProfile.lint(text)
    let hit = found.contains {
      $0.line == line && $0.column == column && $0.severity == one.severity
        && (one.words.isEmpty || ($0.message + " " + $0.suggestion).contains(one.words))
    }
    #expect(hit, "wanted \(line):\(column) \(one.severity.name) …\(one.words)…, found \(found.map(\.text))")
    #expect(found.allSatisfy { !$0.text.contains("\n") && $0.file == "shop.yaml" })
    if one.severity == .error {
      #expect(throws: ProfileError.self) { try SampleProfile.book(text) }
    } else {
      #expect(found.allSatisfy { $0.severity != .error }, "\(found.map(\.text))")
      #expect(throws: Never.self) { try SampleProfile.book(text) }
    }
  }

  @Test("all mistakes of a file are told, in the order of their places")
  func all() {
    let text = SampleProfile.vendor.replacing("strict: true", with: "stict: true")
      .replacing("at-start: down", with: "at-start: dwn").replacing("+READ: 3", with: "+READ: 3,<x:itn>")
      .replacing("\"len != 3\"", with: "\"lan != 3 || nam == ''\"")
    let found = SampleProfile.lint(text)
    #expect(found.count == 5, "\(found.map(\.text))")
    #expect(found == found.sorted { $0.mark < $1.mark })
  }

  @Test("a mistake is one line: place, message, and what would be right")
  func rendering() {
    let found = SampleProfile.lint(SampleProfile.vendor.replacing("strict: true", with: "stict: true"))
    #expect(found.map(\.text) == ["shop.yaml:10:1: error: 'stict' is no key here (help: did you mean 'strict'?)"])
  }

  @Test("a signature that cannot be read does not make the names in it unknown as well")
  func noCascade() {
    let found = SampleProfile.lint(SampleProfile.vendor.replacing("<want:int 1..100>", with: "<want:itn 1..100>"))
    #expect(found.count == 1, "\(found.map(\.text))")
  }

  @Test("a profile cannot extend itself")
  func circle() {
    let text = "profile: a\nextends: a\n"
    let found = Profiles.lint(
      files: [ManualFile(profile: "a", file: "a.yaml", bytes: Array(text.utf8))],
      library: [ManualFile(profile: "a", file: "b.yaml", bytes: Array(text.utf8))])
    #expect(found.contains { $0.line == 2 && $0.column == 10 && $0.message.contains("extends itself") })
  }
}
