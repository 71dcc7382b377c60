import Foundation
import Testing
import Trace

@testable import attrace

/// The configuration file: what it sets, and what is said of its mistakes.
@Suite struct ConfigTests {
  private func read(_ text: String, _ path: String = "a/.attrace.yaml") throws -> Config {
    try ConfigReader.read(Array(text.utf8), path: path)
  }

  private func message(_ text: String) -> String {
    do throws(ConfigError) {
      _ = try ConfigReader.read(Array(text.utf8), path: "c.yaml")
      return ""
    } catch {
      return error.message
    }
  }

  @Test func everySectionIsRead() throws {
    let config = try read(
      """
      profile: my-modem/
      baud: 115200
      thresholds:
        throughput: {xmodem: 800, ftp: 2.5}
        latency: {"+CSQ": 0.5, "at+cops": 30}
      severity: {at.unknown-command: off, at.reset: error}
      """)
    #expect(config.profile == "a/my-modem/")
    #expect(config.baud == 115_200)
    #expect(config.user.throughputFloors == [.xmodem: 800, .ftp: 2.5])
    #expect(config.user.latencyLimits == ["+CSQ": 500_000_000, "+COPS": 30_000_000_000])
    #expect(config.user.weights == ["at.unknown-command": .off, "at.reset": .severity(.error)])
    #expect(config.user.file == ".attrace.yaml")
  }

  @Test func dialectsAreDeclared() throws {
    let config = try read(
      """
      dialects:
        own-log:
          pattern: '^(?<time>[0-9.]+);(?<direction>T|R);(?<data>.*)$'
          time: S.f
          host: T
          modem: [R, X]
          escapes: c
      """)
    #expect(config.dialects.map(\.name) == ["own-log"])
    #expect(message("dialects: {own: {patern: x}}").contains("did you mean 'pattern'?"))
    #expect(message("dialects: {own: {}}").contains("has no pattern"))
    #expect(message("dialects: {own: {pattern: 'abc'}}").contains("(?<data>"))
    #expect(message("dialects: {trace: {pattern: '(?<data>.*)'}}").contains("built-in dialect"))
    #expect(message("dialects: {own: {pattern: '(?<data>.*', escapes: c}}").hasPrefix("c.yaml:1:12: "))
    #expect(message("dialects: {own: {pattern: '(?<data>.*)', escapes: d}}").contains("none, c, angle"))
  }

  @Test func emptyFilesSetNothing() throws {
    for text in ["", "# nothing\n", "thresholds:\n"] {
      let config = try read(text)
      #expect(config.baud == nil && config.user.weights.isEmpty && config.user.throughputFloors.isEmpty)
    }
  }

  @Test(arguments: [
    ("bauds: 1\n", "c.yaml:1:1: error: there is no 'bauds' here (help: did you mean 'baud'?)"),
    ("baud: fast\n", "c.yaml:1:7: error: 'fast' where the rate of a line is expected"),
    ("baud: 1\n", "c.yaml:1:7:"),
    ("profile: nonesuch\n", "c.yaml:1:10: error: there is no 'nonesuch'"),
    ("profile: [a]\n", "c.yaml:1:10: error: a list where a text is expected"),
    (
      "thresholds:\n  throughput: {xmoden: 1}\n",
      "c.yaml:2:16: error: there is no 'xmoden' here (help: did you mean 'xmodem'?)"
    ),
    ("thresholds:\n  throughput: {xmodem: -1}\n", "c.yaml:2:24: error: '-1' where a number above 0 is expected"),
    ("thresholds: {latency: {\"+CSQ\": nan}}\n", "c.yaml:1:32:"),
    ("thresholds: {latency: {\"\": 1}}\n", "is no name of a command"),
    ("thresholds: {latencies: {}}\n", "did you mean 'latency'?"),
    ("severity: {at.reset: loud}\n", "c.yaml:1:22: error: there is no 'loud' here"),
    ("severity: 3\n", "c.yaml:1:11: error: a single value where a map is expected"),
    ("- a\n", "c.yaml:1:1: error: a list where a map is expected"),
    ("a: [\n", "c.yaml:"),
  ]) func mistakesAreToldWithTheirPlace(_ text: String, _ wanted: String) {
    let message = message(text)
    #expect(message.contains(wanted), "\(message)")
    #expect(!message.contains("\n"))
  }

  // MARK: The program

  private struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  private func run(_ arguments: [String], in folder: URL) throws -> Result {
    let process = Process()
    process.executableURL = BadInputTests.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    try process.run()
    let output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(code: process.terminationStatus, output: output, errors: errors)
  }

  private func withFolder(_ config: String, _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    let inner = folder.appending(path: "logs/deep")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(config.utf8).write(to: folder.appending(path: ".attrace.yaml"))
    let trace = "#!attrace 1\n0.1 --> \"AT+CSQ\\r\"\n0.9 <-- \"\\r\\n+CSQ: 9,99\\r\\n\\r\\nOK\\r\\n\"\n"
    try Data(trace.utf8).write(to: inner.appending(path: "a.trace"))
    try body(inner)
  }

  @Test func itIsLookedForUpward() throws {
    try withFolder("profile: 3gpp\nbaud: 9600\nthresholds: {latency: {\"+CSQ\": 0.5}}\n") { folder in
      let result = try run(["check", "--fail-on", "warning", "a.trace"], in: folder)
      #expect(result.code == 1, "\(result)")
      #expect(result.output.contains("measure.slow-command"))
      #expect(result.output.contains(".attrace.yaml, section thresholds.latency"))
      #expect(result.output.contains("9600 baud"))
    }
  }

  @Test func flagsWin() throws {
    try withFolder("profile: 3gpp\nbaud: 9600\n") { folder in
      let result = try run(["check", "--baud", "19200", "a.trace"], in: folder)
      #expect(result.code == 0 && result.output.contains("19200 baud"), "\(result)")
    }
  }

  @Test func findingsMayBeSwitchedOff() throws {
    try withFolder("severity: {measure.slow-command: off}\nthresholds: {latency: {\"+CSQ\": 0.5}}\n") { folder in
      let result = try run(["check", "--fail-on", "note", "--profile", "3gpp", "a.trace"], in: folder)
      #expect(result.code == 0, "\(result)")
    }
  }

  @Test(arguments: [
    ("severity: {at.resett: off}\n", "../../.attrace.yaml:1:12: error: there is no rule 'at.resett'"),
    ("loud: true\n", "../../.attrace.yaml:1:1: error: there is no 'loud' here"),
  ]) func mistakesEndTheProgram(_ config: String, _ wanted: String) throws {
    try withFolder(config) { folder in
      for command in [["check"], ["decode"], ["extract", "-o", "out"]] {
        let result = try run(command + ["a.trace"], in: folder)
        #expect(result.code == 2, "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(wanted), "\(result)")
      }
    }
  }

  @Test func aFileThatIsNotThere() throws {
    try withFolder("") { folder in
      let result = try run(["check", "--config", "none.yaml", "a.trace"], in: folder)
      #expect(result.code == 2 && result.errors.contains("none.yaml"), "\(result)")
    }
  }
}
