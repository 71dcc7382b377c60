import Foundation
import Testing

/// `attrace diff` as it is run: the shipped example in all formats, exit codes, thresholds, mistakes.
@Suite struct DiffGoldenTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let updates = ProcessInfo.processInfo.environment["ATTRACE_UPDATE_GOLDENS"] != nil
  static let poller = ["fixtures/diff/mail-poller/before.trace", "fixtures/diff/mail-poller/after.trace"]

  private struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  private func run(_ arguments: [String], in folder: URL = Self.root) throws -> Result {
    let process = Process()
    process.executableURL = BadInputTests.program
    process.arguments = ["diff"] + arguments
    process.currentDirectoryURL = folder
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(code: process.terminationStatus, output: output, errors: errors)
  }

  private func withFolder(_ config: String, _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(config.utf8).write(to: folder.appending(path: ".attrace.yaml"))
    for path in Self.poller {
      let file = URL(filePath: path)
      try FileManager.default.copyItem(
        at: Self.root.appending(path: path), to: folder.appending(path: file.lastPathComponent))
    }
    try body(folder)
  }

  @Test(arguments: [("text", "txt"), ("json", "json"), ("html", "html")])
  func theExampleIsNotStale(_ format: String, _ ending: String) throws {
    let file = Self.root.appending(path: "reports/diff/mail-poller.\(ending)")
    try withFolder("") { folder in
      let written = folder.appending(path: "out").path
      // An empty configuration: whatever stands above the project does not count.
      let config = folder.appending(path: ".attrace.yaml").path
      let result = try run(
        ["--config", config, "--profile", "sim900", "--format", format, "-o", written] + Self.poller)
      #expect(result.code == 1 && result.errors.isEmpty, "\(result)")
      let seen = try String(contentsOfFile: written, encoding: .utf8)
      if Self.updates { return try seen.write(to: file, atomically: true, encoding: .utf8) }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(seen == expected, "reports/diff/mail-poller.\(ending) is stale; make reports rewrites it")
    }
  }

  @Test func theSameSessionTwice() throws {
    let result = try run(["--profile", "sim900", "--color", "never", Self.poller[0], Self.poller[0]])
    #expect(result.code == 0 && result.output.hasPrefix("No difference\n"), "\(result)")
  }

  @Test func backwardsItIsNoRegression() throws {
    let result = try run(["--profile", "sim900", Self.poller[1], Self.poller[0]])
    #expect(result.code == 0 && result.output.hasPrefix("No regression\n"), "\(result)")
  }

  @Test func severalFormatsAtOnce() throws {
    try withFolder("") { folder in
      let result = try run(
        ["--format", "json", "-o", "d.json", "--format", "html", "-o", "d.html", "--format", "text", "--quiet"]
          + ["before.trace", "after.trace"], in: folder)
      #expect(result.code == 1 && result.output.hasPrefix("Regression\n"), "\(result)")
      #expect(result.output.split(separator: "\n").count < 12)
      let json = try Data(contentsOf: folder.appending(path: "d.json"))
      let root = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect(root["regression"] as? Bool == true)
      let page = try String(contentsOf: folder.appending(path: "d.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    }
  }

  @Test func theConfigurationSetsTheLimits() throws {
    let all = "diff: {latency: 200%, throughput: 50 %, new-errors: off}\n"
    try withFolder(all) { folder in
      let files = ["before.trace", "after.trace"]
      let heavy = try run(files, in: folder)
      #expect(heavy.code == 1 && heavy.output.contains("1 new finding of severity error"), "\(heavy)")
      #expect(!heavy.output.contains("% longer"))
      let never = try run(["--fail-on", "never"] + files, in: folder)
      #expect(never.code == 0 && never.output.contains("latency +200 %, throughput -50 %, new errors off"), "\(never)")
    }
    try withFolder("diff: {latency: off, throughput: off, new-errors: 3, changes: 0}\n") { folder in
      let result = try run(["--fail-on", "never", "before.trace", "after.trace"], in: folder)
      #expect(result.code == 1 && result.output.contains("changes in what was said; none may be"), "\(result)")
    }
  }

  @Test(arguments: [
    ("diff: {latency: 0.2}\n", ".attrace.yaml:1:17: error: '0.2' where a percentage is expected"),
    ("diff: {throughput: -3%}\n", ".attrace.yaml:1:20: error: '-3%' where a percentage is expected"),
    ("diff: {new-errors: some}\n", ".attrace.yaml:1:20: error: 'some' where a number is expected"),
    ("diff: {latncy: 20%}\n", "did you mean 'latency'?"),
  ]) func mistakesOfTheConfiguration(_ config: String, _ wanted: String) throws {
    try withFolder(config) { folder in
      let result = try run(["before.trace", "after.trace"], in: folder)
      #expect(result.code == 2 && result.output.isEmpty, "\(result)")
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(wanted), "\(result)")
    }
  }

  @Test(arguments: [
    (["before.trace"], "diff takes two inputs, OLD and NEW; 1 is given"),
    (["before.trace", "after.trace", "after.trace"], "3 are given"),
    (["-", "-"], "standard input can be read only once"),
    (["-p", "3gpp", "-p", "sim900", "before.trace", "after.trace"], "one --profile"),
    (["before.trace", "none.trace"], "none.trace"),
    (["none.trace", "after.trace"], "none.trace"),
    (["--format", "junit", "before.trace", "after.trace"], "text, html, json"),
  ]) func mistakesOfTheUser(_ arguments: [String], _ wanted: String) throws {
    try withFolder("") { folder in
      let result = try run(arguments, in: folder)
      #expect(result.code == 2 && result.output.isEmpty, "\(result)")
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(wanted), "\(result)")
    }
  }

  @Test func dialectsMayDiffer() throws {
    let trace = """
      #!attrace 1
      0.000 --> "AT+CREG?\\r"
      0.050 <-- "\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n"
      1.000 --> "AT+CSQ\\r"
      1.050 <-- "\\r\\n+CSQ: 21,0\\r\\n\\r\\nOK\\r\\n"
      2.000 --> "AT+COPS?\\r"
      2.050 <-- "\\r\\n+COPS: 0\\r\\n\\r\\nOK\\r\\n"

      """
    let raw = "AT+CREG?\r\r\n+CREG: 0,1\r\n\r\nOK\r\nAT+COPS?\r\r\n+COPS: 0\r\n\r\nOK\r\n"
    try withFolder("") { folder in
      try Data(trace.utf8).write(to: folder.appending(path: "one.trace"))
      try Data(raw.utf8).write(to: folder.appending(path: "other.log"))
      let result = try run(["--profile", "3gpp", "--fail-on", "never", "one.trace", "other.log"], in: folder)
      #expect(result.code == 0, "\(result)")
      #expect(result.output.contains("commands  1 removed\n"), "\(result.output)")
      #expect(result.output.contains("NEW has no time"), "\(result.output)")
    }
  }
}
