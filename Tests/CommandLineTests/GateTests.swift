import Check
import Foundation
import Profile
import Report
import Testing
import Trace

@testable import attrace

/// What the configuration says by path, of single findings and of whole sessions; and folders of many logs.
@Suite struct GateTests {
  private func read(_ text: String) throws -> Config {
    try ConfigReader.read(Array(text.utf8), path: "a/.attrace.yaml")
  }

  private func message(_ text: String) -> String {
    do throws(ConfigError) {
      _ = try ConfigReader.read(Array(text.utf8), path: "c.yaml")
      return ""
    } catch {
      return error.message
    }
  }

  @Test func everyPartIsRead() throws {
    let config = try read(
      """
      inputs:
        - {path: "field/*.log", profile: own/, baud: 9600}
        - {path: "*.trace", profile: auto}
      suppress:
        - {rule: at.*, path: x/, command: +CSQ, contains: words, reason: why, expires: 2027-01-31}
      expect:
        - name: gate
          path: "*.trace"
          severity: warning
          must-see:
            - AT+CSQ
            - {command: 'AT\\*', result: failure, answer: "x*", count: 2..5, within: 10, latency: 500ms}
            - {command: A, count: ..4}
            - {command: A, count: 3}
          must-not-see: [{command: B, result: none}]
          in-order: [A, {command: B, within: 0.5s}]
          transfers:
            - {kind: xmodem, direction: host-to-modem, count: 1, complete: true, size: 512, throughput: 800}
      """)
    #expect(config.inputs.map(\.profile) == ["a/own/", "auto"])
    #expect(config.inputs.map(\.baud) == [9600, nil])
    #expect(config.suppressions.first?.expires.text == "2027-01-31")
    #expect(config.suppressions.first?.command == "+CSQ")
    let one = try #require(config.expectations.first).expectation
    #expect(one.rule == "expect.gate" && one.severity == .warning)
    #expect(one.mustSee.map(\.count) == [.any, ExpectedCount(2, 5), ExpectedCount(0, 4), ExpectedCount(3, 3)])
    #expect(one.mustSee[1].result == .failure && one.mustSee[1].latency == 500_000_000)
    #expect(one.mustSee[1].mark.line == 12)
    #expect(one.mustNotSee.first?.result == .absent)
    #expect(one.inOrder.last?.within == 500_000_000)
    #expect(one.transfers.first?.direction == .hostToModem && one.transfers.first?.size == 512)
  }

  @Test(arguments: [
    ("inputs: [{profile: 3gpp}]", "c.yaml:1:10: error: it is not said which inputs are meant"),
    ("inputs: [{path: x}]", "nothing is said of these inputs"),
    ("inputs: [{path: x, profile: 4gpp}]", "did you mean '3gpp'?"),
    ("inputs: {path: x}", "c.yaml:1:9: error: a map where a list is expected"),
    ("inputs: [{pth: x}]", "c.yaml:1:11: error: there is no 'pth' here (help: did you mean 'path'?)"),
    ("suppress: [{rule: at.reset, expires: 2027-01-31}]", "the suppression has no reason"),
    ("suppress: [{rule: at.reset, reason: x}]", "the suppression never ends"),
    ("suppress: [{reason: x, expires: 2027-01-31}]", "there is no rule"),
    (
      "suppress: [{rule: a, reason: x, expires: 2027-02-30}]",
      "c.yaml:1:42: error: '2027-02-30' where a day is expected"
    ),
    ("expect: [{must-see: [AT]}]", "the expectation has no name"),
    ("expect: [{name: A b, must-see: [AT]}]", "'A b' is no name"),
    ("expect: [{name: a}]", "nothing is expected here"),
    ("expect: [{name: a, must-see: [AT]}, {name: a, must-see: [AT]}]", "c.yaml:1:37: error: there are two"),
    ("expect: [{name: a, must-see: [{result: OK}]}]", "there is no command"),
    ("expect: [{name: a, must-see: [{command: A, count: 0}]}]", "must-not-see"),
    ("expect: [{name: a, must-see: [{command: A, count: 5..2}]}]", "c.yaml:1:51: error: '5..2'"),
    ("expect: [{name: a, must-see: [{command: A, within: soon}]}]", "'soon' where a time is expected"),
    ("expect: [{name: a, must-not-see: [{command: A, latency: 1}]}]", "there is no 'latency' here"),
    ("expect: [{name: a, severity: loud, must-see: [A]}]", "there is no 'loud' here"),
    ("expect: [{name: a, transfers: [{kind: xmoden}]}]", "did you mean 'xmodem'?"),
    ("expect: [{name: a, transfers: [{sha256: 12}]}]", "64 hexadecimal digits"),
  ]) func mistakesAreToldWithTheirPlace(_ text: String, _ wanted: String) {
    let message = message(text)
    #expect(message.contains(wanted), "\(message)")
    #expect(message.hasPrefix("c.yaml:1:") && !message.contains("\n"), "\(message)")
  }

  @Test func theManPageTellsEveryKey() {
    #expect(Set(ConfigHelp.entries.map(\.key)) == Set(Config.sections.map { $0.key }))
    for key in ConfigHelp.entries.map(\.key) { #expect(ManPage.text().contains(".B \(key)\n"), "\(key)") }
  }

  // MARK: The program

  private struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  private func run(_ arguments: [String], in folder: URL, input: String? = nil) throws -> Result {
    let process = Process()
    process.executableURL = BadInputTests.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    if let input { process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: input)) }
    // Pipes fill up; files do not.
    let (out, err) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: try String(contentsOf: out, encoding: .utf8),
      errors: try String(contentsOf: err, encoding: .utf8))
  }

  private func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(folder)
  }

  private static let good = "#!attrace 1\n0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 9,99\\r\\n\\r\\nOK\\r\\n\"\n"
  private static let bad = good + "0.3 <-- \"\\r\\nOK\\r\\n\"\n"

  @Test func aLiveLineIsJudgedByTheSameConfiguration() throws {
    let config = """
      suppress:
        - {rule: at.stray-*, reason: known of old, expires: 2099-01-31}
        - {rule: at.gap, reason: x, expires: 2020-01-31}
      expect:
        - {name: call, path: "*.log", must-see: [ATD]}
        - {name: signal, must-see: [AT+CSQ]}
      """
    try withFolder([".attrace.yaml": config, "a.trace": Self.bad]) { folder in
      let text = try run(["tap", "--profile", "3gpp", "-"], in: folder, input: "a.trace")
      #expect(text.output.contains("AT+CSQ -> OK") && text.output.contains("1 suppressed"), "\(text.output)")
      // The report names what is suppressed; the line that goes by does not.
      #expect(text.output.components(separatedBy: "at.stray-final").count == 1, "\(text.output)")
      #expect(text.errors.contains("expired on 2020-01-31"))
      #expect(text.errors.contains("call was compared with nothing"))
      #expect(!text.output.contains("expect.signal"))
      #expect(text.code == 0, "\(text)")
      let lines = try run(["tap", "--profile", "3gpp", "--format", "jsonl", "-"], in: folder, input: "a.trace")
      #expect(lines.output.contains("\"suppressed\":{\"reason\":\"known of old\""), "\(lines.output)")
      try Data().write(to: folder.appending(path: ".attrace.yaml"))
      let bare = try run(["tap", "--profile", "3gpp", "-"], in: folder, input: "a.trace")
      #expect(bare.output.contains("at.stray-final"))
    }
  }

  @Test func profileAndRateByPath() throws {
    let config = "inputs:\n  - {path: \"a/*\", profile: l610, baud: 9600}\n  - {path: \"**\", profile: 3gpp}\n"
    try withFolder([".attrace.yaml": config, "a/1.trace": Self.good, "b/2.trace": Self.good]) { folder in
      let result = try run(["check", "--format", "json", "a", "b"], in: folder)
      let root = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let inputs = try #require(root["inputs"] as? [[String: Any]])
      #expect(inputs.map { $0["profile"] as? String } == ["l610", "3gpp"])
      #expect(inputs.map { $0["baud"] as? Int } == [9600, nil])
      #expect(inputs[0]["profile_reason"] as? String == ".attrace.yaml:2 says so for a/*")
      let flagged = try run(["check", "--profile", "mu709", "--baud", "300", "a"], in: folder)
      #expect(flagged.output.contains("profile mu709") && flagged.output.contains("300 baud"), "flags win: \(flagged)")
      let decoded = try run(["decode", "--format", "jsonl", "a/1.trace"], in: folder)
      #expect(decoded.code == 0, "\(decoded)")
    }
  }

  @Test func expectationsMakeTheExitCode() throws {
    let expect = "expect:\n  - {name: x, path: a.trace, must-see: [AT+COPS?]}\n"
    try withFolder(["e.yaml": expect, "a.trace": Self.good, "b.trace": Self.good]) { folder in
      #expect(try run(["check", "--expect", "e.yaml", "a.trace"], in: folder).code == 1)
      let other = try run(["check", "--expect", "e.yaml", "b.trace"], in: folder)
      #expect(other.code == 0)
      #expect(other.errors.hasPrefix("e.yaml:2:5: warning: the expectation x was compared with nothing"), "\(other)")
      #expect(try run(["check", "--expect", "e.yaml", "--fail-on", "warning", "b.trace"], in: folder).code == 1)
      let explained = try run(["explain", "expect.x"], in: folder)
      #expect(explained.output.contains("must or must not be seen"), "\(explained)")
    }
  }

  @Test func anExpectationFileHoldsNothingElse() throws {
    try withFolder(["e.yaml": "baud: 9600\n", "n.yaml": "expect:\n", "a.trace": Self.good]) { folder in
      let result = try run(["check", "--expect", "e.yaml", "a.trace"], in: folder)
      #expect(result.code == 2 && result.errors.contains("e.yaml:1:1: error: there is no 'baud' here"), "\(result)")
      let empty = try run(["check", "--expect", "n.yaml", "a.trace"], in: folder)
      #expect(empty.code == 2 && empty.errors.contains("n.yaml: it expects nothing"), "\(empty)")
      #expect(try run(["check", "--today", "soon", "a.trace"], in: folder).code == 2)
    }
  }

  /// A session keeps what was written of it, whatever it holds; another one does not.
  @Test func whatIsWrittenOfASessionItKeeps() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures")
    for name in [
      "sim900/mail-session", "3gpp/firmware-dies", "l610/broken-framing", "sim900/late-missing-and-reset",
    ] {
      let input = fixtures.appending(path: "\(name)/input.trace").path
      try withFolder(["a": ""]) { folder in
        let profile = ["--profile", String(name.split(separator: "/")[0]), "--quiet"]
        let written = try run(
          ["check", "--fail-on", "never", "--write-expectations", "e.yaml", input] + profile, in: folder)
        #expect(written.code == 0, "\(name): \(written)")
        let kept = try run(["check", "--format", "jsonl", "--expect", "e.yaml", input] + profile, in: folder)
        #expect(kept.code != 2 && !kept.output.contains("\"finding\",\"rule\":\"expect."), "\(name): \(kept)")
        try Data(Self.good.utf8).write(to: folder.appending(path: "b.trace"))
        let other = try run(["check", "--format", "jsonl", "--expect", "e.yaml", "b.trace"] + profile, in: folder)
        #expect(other.code == 1 && other.output.contains("\"finding\",\"rule\":\"expect.input"), "\(name): \(other)")
      }
    }
  }

  // MARK: Many

  @Test func aFolderOfManyLogs() throws {
    var files: [String: String] = ["logs/5/empty.trace": ""]
    for number in 0..<300 { files["logs/\(number % 10)/\(number).trace"] = number % 100 == 7 ? Self.bad : Self.good }
    try withFolder(files) { folder in
      var arguments = ["check", "--profile", "3gpp", "logs", "logs/5/empty.trace"]
      let one = try run(arguments + ["--jobs", "1"], in: folder)
      let many = try run(arguments + ["--jobs", "8"], in: folder)
      #expect(one.output == many.output, "the order does not depend on the number of jobs")
      #expect(one.code == 2 && one.errors.contains("empty.trace"), "\(one.errors)")
      #expect(
        one.output.contains("300 inputs: 3 with errors, 0 with warnings, 297 with neither; 1 more could not be read"))
      #expect(one.output.contains("in 300 command lines of 300 inputs"))
      arguments.removeLast()
      #expect(try run(arguments, in: folder).code == 1)
    }
  }
}
