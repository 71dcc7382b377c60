import Foundation
import Testing

/// Bad input of every kind gives one clear line and exit code 2, or a finding; nothing is lost or half written.
@Suite struct BadInputTests {
  struct Result {
    var code: Int32
    var output: String
    var errors: String
    var errorLines: Int { errors.split(separator: "\n").count }
  }

  /// The program stands beside the tests.
  static let program: URL = {
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    for folder in [beside, Bundle.main.bundleURL, beside.deletingLastPathComponent()] {
      let candidate = folder.appending(path: "attrace")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/debug/attrace")
  }()

  static let clean = "#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n"

  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private func run(_ arguments: [String], input: Data? = nil) throws -> Result {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    if let input { pipe.fileHandleForWriting.write(input) }
    try pipe.fileHandleForWriting.close()
    let output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(code: process.terminationStatus, output: output, errors: errors)
  }

  private func check(_ data: Data, named name: String = "input.trace", _ arguments: [String] = []) throws -> Result {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try data.write(to: file)
    return try run(["check"] + arguments + [file.path])
  }

  private func expectOneLine(_ result: Result, _ words: String...) {
    #expect(result.code == 2, "\(result)")
    #expect(result.errorLines == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("attrace: "))
    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
  }

  @Test func missingFile() throws { expectOneLine(try run(["check", "/no/such/file.trace"]), "/no/such/file.trace") }

  @Test func folderWithoutLogs() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("nothing".utf8).write(to: folder.appending(path: "a.txt"))
    expectOneLine(try run(["check", folder.path]), "no log")
  }

  @Test func binaryJunk() throws {
    var bytes: [UInt8] = []
    var state: UInt32 = 7
    for _ in 0..<20_000 {
      state = state &* 1_664_525 &+ 1_013_904_223
      bytes.append(UInt8(state >> 24))
    }
    expectOneLine(try check(Data(bytes)))
  }

  @Test func emptyFile() throws { expectOneLine(try check(Data()), "empty") }

  @Test func fileOfNULs() throws { expectOneLine(try check(Data(count: 100_000))) }

  @Test func truncatedCompression() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = folder.appending(path: "a.trace")
    let lines = (0..<5000).map {
      "\($0).5 --> \"AT+CSQ\\r\"\n\($0).6 <-- \"\\r\\n+CSQ: \($0 % 32),0\\r\\n\\r\\nOK\\r\\n\""
    }
    try Data(("#!attrace 1\n" + lines.joined(separator: "\n") + "\n").utf8).write(to: plain)
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = [plain.path]
    try gzip.run()
    gzip.waitUntilExit()
    let packed = folder.appending(path: "a.trace.gz")
    let whole = try Data(contentsOf: packed)
    try whole.prefix(whole.count / 2).write(to: packed)
    let result = try run(["check", "--quiet", packed.path])
    expectOneLine(result, "a.trace.gz")
    #expect(result.output.contains("command line"), "what could be read is reported: \(result.output)")
  }

  @Test func invalidUTF8IsData() throws {
    let result = try check(
      Data(
        Array("#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"".utf8) + [0xC3, 0x28, 0xFF] + Array("\\r\\nOK\\r\\n\"\n".utf8)
      ))
    #expect(result.code != 2, "\(result)")
  }

  @Test func aBrokenLineIsAFinding() throws {
    let result = try check(Data((Self.clean + "0.3 --> \"AT\n0.4 -->\nwhat\n").utf8))
    #expect(result.output.contains("at.log-entry"))
    #expect(result.code == 0)
  }

  @Test func veryLongLine() throws {
    let result = try check(Data((Self.clean + "0.3 <-- \"" + String(repeating: "x", count: 20_000_000) + "\"\n").utf8))
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func badProfile() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let profile = folder.appending(path: "p.yaml")
    try Data("profile: p\ncommands:\n  +A: {section: \"1\", wrte: {}}\n".utf8).write(to: profile)
    let trace = folder.appending(path: "a.trace")
    try Data(Self.clean.utf8).write(to: trace)
    expectOneLine(try run(["check", "--profile", profile.path, trace.path]), "p.yaml:3:", "write")
    expectOneLine(try run(["check", "--profile", "nosuch", trace.path]), "nosuch")
    let lint = try run(["profiles", "lint", profile.path])
    #expect(lint.code == 1)
    #expect(lint.output.contains("p.yaml:3:"))
  }

  @Test func unknownFlag() throws { expectOneLine(try run(["check", "--verbos", "x"]), "--verbos") }

  @Test func unwritableOutput() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appending(path: "a.trace")
    try Data(Self.clean.utf8).write(to: trace)
    expectOneLine(try run(["check", "-o", "/no/such/folder/report.txt", trace.path]), "/no/such/folder")
  }

  @Test func aReportFileAppearsWhole() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appending(path: "a.trace")
    try Data(Self.clean.utf8).write(to: trace)
    let report = folder.appending(path: "r.json")
    #expect(try run(["check", "--format", "json", "-o", report.path, trace.path]).code == 0)
    #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: report)) is [String: Any])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.trace", "r.json"])
  }

  @Test func aBrokenFileAmongSeveralDoesNotStopTheOthers() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appending(path: "a.trace")
    try Data(Self.clean.utf8).write(to: trace)
    let result = try run(["check", "--quiet", "/no/such", trace.path])
    expectOneLine(result, "/no/such")
    #expect(result.output.contains("1 command line"))
  }

  @Test func standardInput() throws {
    let result = try run(["check", "--quiet", "-"], input: Data(Self.clean.utf8))
    #expect(result.code == 0, "\(result)")
    #expect(result.output.contains("1 command line"))
  }

  @Test func exitCodesFollowTheFindings() throws {
    let broken = Self.clean + "0.3 <-- \"\\r\\nOK\\r\\n\"\n"
    #expect(try check(Data(broken.utf8)).code == 1)
    #expect(try check(Data(broken.utf8), ["--fail-on", "never"]).code == 0)
    #expect(try check(Data(Self.clean.utf8), ["--fail-on", "note"]).code == 0)
  }
}
