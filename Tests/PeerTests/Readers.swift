import Foundation
import Sessions
import Testing

/// attrace in a folder of the test's own, and Python's readers of what it wrote.
final class ReportFolder {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let python = root.appending(path: ".build/peers/bin/python3").path
  private static let readers = root.appending(path: "Tests/PeerTests/Readers")

  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  /// Runs attrace from the top of the repository, so that paths in reports are the same everywhere.
  @discardableResult func attrace(_ arguments: [String], input: String = "/dev/null") throws -> Result {
    try run(try #require(TapProcess.program()), arguments, input: input)
  }

  /// The same where no file may grow beyond so many bytes, as on a full disk.
  func attrace(_ arguments: [String], filesUpTo bytes: Int) throws -> Result {
    let program = try #require(TapProcess.program())
    // A program that is not told by a signal sees the write fail.
    let script = "trap '' XFSZ; exec prlimit --fsize=\(bytes) \"$0\" \"$@\""
    return try run("/bin/sh", ["-c", script, program] + arguments)
  }

  /// Runs a script of `Readers/`.
  func reader(_ script: String, _ arguments: [String]) throws -> Result {
    try #require(FileManager.default.isExecutableFile(atPath: Self.python), "make peers installs Python's readers")
    return try run(Self.python, ["-B", Self.readers.appending(path: script).path] + arguments)
  }

  /// What is wrong with the files of these names; empty when nothing is.
  func problems(_ names: [String]) throws -> String {
    let schemas = Self.root.appending(path: "reports/schema").path
    let result = try reader("check_reports.py", [schemas] + names.map(path))
    let isSound = result.code == 0 && result.output.hasPrefix("\(names.count) files, 0 problems")
    return isSound ? "" : result.output + result.errors
  }

  /// The files of these names are what their names say.
  func expectSound(_ names: [String], at place: SourceLocation = #_sourceLocation) throws {
    let problems = try problems(names)
    #expect(problems == "", sourceLocation: place)
  }

  private func run(_ program: String, _ arguments: [String], input: String = "/dev/null") throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = Self.root
    process.standardInput = FileHandle(forReadingAtPath: input)
    // Files rather than pipes: nobody waits for anybody.
    let names = ["out", "errors"].map { path(".\($0)-\(UUID().uuidString)") }
    for name in names { _ = FileManager.default.createFile(atPath: name, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: names[0])
    process.standardError = FileHandle(forWritingAtPath: names[1])
    try process.run()
    process.waitUntilExit()
    let texts = names.map { String(decoding: (try? Data(contentsOf: URL(filePath: $0))) ?? Data(), as: UTF8.self) }
    return Result(code: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Every report that `check` can make, each with its kind in its name.
  static let formats: [(format: String, kind: String)] = [
    ("text", "report.txt"), ("html", "html"), ("json", "report.json"), ("jsonl", "report.jsonl"),
    ("junit", "junit.xml"),
    ("sarif", "sarif"), ("github", "annotations.txt"), ("csv", "transactions.csv"), ("csv-transfers", "transfers.csv"),
    ("perfetto", "timeline.json"), ("sqlite", "db"),
  ]

  /// Writes all of them; gives the names.
  func writeAll(_ name: String, _ arguments: [String]) throws -> [String] {
    let names = Self.formats.map { "\(name).\($0.kind)" }
    var words = ["check", "--fail-on", "never", "--write-baseline", path("\(name).baseline.json")]
    for (output, file) in zip(Self.formats, names) { words += ["--format", output.format, "-o", path(file)] }
    let result = try attrace(words + arguments)
    #expect(result.code == 0, "\(result.errors)")
    return names + ["\(name).baseline.json"]
  }
}
