import Foundation
import Testing

/// What somebody meets who comes with the capture of a terminal program, and types what comes to mind first.
@Suite struct TerminalCaptureTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let good = root.appending(path: "fixtures/gate/terminal.log").path
  private static let later = root.appending(path: "fixtures/gate/terminal-later.log").path

  private struct Result {
    var code: Int32
    var output: String
    /// Text without its line breaks, which depend on the width.
    var flat: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
  }

  private func inFolder(_ work: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder)
  }

  private func run(_ arguments: [String], in folder: URL) throws -> Result {
    let process = Process()
    process.executableURL = BadInputTests.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(code: process.terminationStatus, output: output)
  }

  private func page(_ log: String, in folder: URL) throws -> String {
    _ = try run(["check", "--fail-on", "never", "--format", "html", "-o", "r.html", log], in: folder)
    return try String(contentsOf: folder.appending(path: "r.html"), encoding: .utf8)
  }

  @Test func theVerdictDoesNotCallFailedCommandsSound() throws {
    try inFolder { folder in
      let bad = try page(Self.later, in: folder)
      #expect(bad.contains("No certain fault, but 1 command failed"))
      #expect(bad.contains("<code>+EMAILTO</code> (1 of 1)"))
      #expect(bad.contains("DNS resolve error") && !bad.contains("found nothing wrong"))
      #expect(bad.contains("The log does not say who sent what"))
      #expect(bad.contains(#"AT+SAPBR=3,1,\"APN\",\"meters\""#), "JSON escapes the quote, and nothing else does")
      #expect(!bad.contains(#"AT+SAPBR=3,1,\\\"APN"#))
      let good = try page(Self.good, in: folder)
      #expect(good.contains("No fault found<") && good.contains("found nothing wrong"))
      // Directions are known, and a command fails as its manual allows.
      try Data("#!attrace 1\n0.1 --> \"AT+CMGR=9\\r\"\n0.2 <-- \"\\r\\n+CMS ERROR: 321\\r\\n\"\n".utf8)
        .write(to: folder.appending(path: "known.trace"))
      #expect(try page("known.trace", in: folder).contains("No fault found, but 1 command failed"))
    }
  }

  @Test func thePowerOnWithWhichALogBeginsIsNoRestart() throws {
    try inFolder { folder in
      #expect(try !run(["check", Self.good], in: folder).output.contains("at.reset"))
      let text = try String(contentsOfFile: Self.good, encoding: .utf8)
      let again = text.replacing("2026-03-04 07:15", with: "2026-03-04 07:16")
      try Data((text + again).utf8).write(to: folder.appending(path: "twice.log"))
      let found = try run(["check", "--quiet", "twice.log"], in: folder).output
      #expect(found.components(separatedBy: "at.reset").count == 2, "the second start is one")
    }
  }

  @Test(arguments: [good, later])
  func whoSentWhatIsSaidToBeUnknown(_ log: String) throws {
    try inFolder { folder in
      let seen = try run(["check", log], in: folder).flat
      #expect(seen.contains("bytes of host and modem"))
      #expect(seen.contains("the log does not say who sent what; a finding that depends on it is a warning or a note"))
    }
  }

  @Test func timesBelowTheStepOfTheClockAreNotNothing() throws {
    try inFolder { folder in
      let log =
        "[2026-03-04 07:15:01] AT\n[2026-03-04 07:15:01] OK\n[2026-03-04 07:15:02] AT+CSQ\n"
        + "[2026-03-04 07:15:02] +CSQ: 19,0\n[2026-03-04 07:15:02] \n[2026-03-04 07:15:02] OK\n"
      try Data(log.utf8).write(to: folder.appending(path: "coarse.log"))
      let seen = try run(["check", "coarse.log"], in: folder).output
      #expect(seen.contains("< 1 s") && !seen.contains("0 µs"), "\(seen)")
      #expect(try page("coarse.log", in: folder).contains("&lt; 1 s"))
    }
  }

  @Test func whatEndsLateIsPartOfTheExpectations() throws {
    try inFolder { folder in
      _ = try run(["check", "--write-expectations", "e.yaml", Self.good], in: folder)
      let written = try String(contentsOf: folder.appending(path: "e.yaml"), encoding: .utf8)
      #expect(written.contains("{command: 'AT+SMTPSEND', result: 'OK', answer: '+SMTPSEND: 1', count: 1"))
      #expect(!written.contains("answer: '+CSQ"), "values differ from day to day")
      #expect(try run(["check", "--expect", "e.yaml", Self.good], in: folder).code == 0)
      let failed = try run(["check", "--quiet", "--expect", "e.yaml", Self.later], in: folder)
      #expect(failed.code == 1 && failed.flat.contains("answer +SMTPSEND: 1 was expected once, and not seen"))
    }
  }

  @Test(arguments: [
    (["x.log"], "write 'attrace check x.log'"),
    (["check", "--input-format", "minicom", good], "raw, or stamped"),
    (["check", "--format", "html", "-o", "none/r.html", good], "there is no folder 'none'; make it first"),
    (["check", "--write-baseline", "none/b.json", good], "there is no folder 'none'; make it first"),
    (["tap", "--follow", good, "-w", "none/t.trace"], "there is no folder 'none'; make it first"),
    (["extract", "-o", "none/payloads", good], "make it first"),
    (["convert", "--mask", good], "-o - --to trace"),
    (["check", "--profile", "my-modem", good], "a folder my-modem/"),
  ])
  func whatIsTypedFirstIsAnsweredWithWhatToType(_ arguments: [String], _ words: String) throws {
    try inFolder { folder in
      let seen = try run(arguments, in: folder)
      #expect(seen.code == 2 && seen.flat.contains(words), "\(seen.output)")
    }
  }

  @Test func aFolderIsAProfileWithoutItsSlash() throws {
    try inFolder { folder in
      let own = folder.appending(path: "my-modem")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Self.root.appending(path: "fixtures/own-profile/bramble.yaml"), to: own.appending(path: "bramble.yaml"))
      let seen = try run(["check", "--profile", "my-modem", Self.good], in: folder)
      #expect(seen.code == 0 && seen.output.contains("profile bramble"), "\(seen.output)")
    }
  }

  @Test func aLogInWhichNothingWasRecognisedSaysSo() throws {
    try inFolder { folder in
      try Data("#!attrace 1\n0.1 --> \"AT+CSQ\"\n0.2 <-- \"+CSQ: 17,0OK\"\n".utf8)
        .write(to: folder.appending(path: "bare.trace"))
      #expect(try run(["check", "bare.trace"], in: folder).flat.contains("no command line was recognised"))
    }
  }
}
