import Foundation
import Testing

/// The commands of `reports/recipes.md` do what stands below them.
@Suite struct RecipeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private struct Block {
    var language: String
    var lines: [String] = []
  }

  private static func blocks() throws -> [Block] {
    let page = try String(contentsOf: root.appending(path: "reports/recipes.md"), encoding: .utf8)
    var blocks: [Block] = []
    var open: Block?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        if let block = open { blocks.append(block) }
        open = open == nil ? Block(language: String(line.dropFirst(3))) : nil
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }

  /// One command as somebody types it: what it says, and its exit code.
  private func run(_ command: String, in folder: URL) throws -> (output: String, code: Int32) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] =
      BadInputTests.program.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (output, process.terminationStatus)
  }

  /// Text without its line breaks, which depend on the width.
  private static func flat(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func everyCommandDoesWhatThePageSays() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: Self.root.appending(path: "fixtures/gate"), to: folder.appending(path: "fixtures-gate"))
    try FileManager.default.createDirectory(
      at: folder.appending(path: "fixtures"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      at: folder.appending(path: "fixtures-gate"), to: folder.appending(path: "fixtures/gate"))
    let blocks = try Self.blocks()
    let script = try #require(blocks.first { $0.language == "sh" })
    try Data((script.lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "gate.sh"))
    var commands = 0
    var codes = 0
    for block in blocks where block.language == "console" {
      var last: (output: String, code: Int32) = ("", 0)
      var expectsCode = false
      for line in block.lines {
        if line == "$ echo $?" {
          expectsCode = true
        } else if line.hasPrefix("$ ") {
          last = try run(String(line.dropFirst(2)), in: folder)
          commands += 1
        } else if expectsCode {
          #expect(String(last.code) == line, "\(last.output)")
          expectsCode = false
          codes += 1
        } else {
          #expect(Self.flat(last.output).contains(Self.flat(line)), "\(line)\n\(last.output)")
        }
      }
    }
    #expect(commands > 10 && codes > 10, "the page has \(commands) commands and \(codes) exit codes")
  }

  /// The file that the page shows is the one that is shipped.
  @Test func theExpectationsOnThePageAreTheShippedOnes() throws {
    let shipped = try String(contentsOf: Self.root.appending(path: "fixtures/gate/expect.yaml"), encoding: .utf8)
    let shown = try #require(Self.blocks().first { $0.language == "yaml" }).lines
    #expect(shipped.hasSuffix(shown.joined(separator: "\n") + "\n"))
  }
}
