import Foundation
import Testing

/// `attrace convert`: what is written, and what is said when it cannot be.
@Suite struct ConvertTests {
  private static let session = """
    #!attrace 1
    0.100000 --> "AT+CPIN=\\"1234\\"\\r"
    0.200000 <-- "\\r\\nOK\\r\\n"
    0.300000 === "dtr=0"

    """

  private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = BadInputTests.program
    process.arguments = arguments
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output, errors)
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "attrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.session.write(to: folder.appending(path: "in.trace"), atomically: true, encoding: .utf8)
    try body(folder)
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  @Test(arguments: ["line.pcap", "line.trace"]) func thereAndBack(name: String) throws {
    try inFolder { folder in
      let middle = folder.appending(path: name).path
      let source = folder.appending(path: "in.trace").path
      #expect(try run(["convert", source, "-o", middle]).code == 0)
      let back = try run(["convert", middle, "--to", "trace", "-o", "-"])
      #expect(back.code == 0)
      #expect(lines(back.output) == lines(Self.session))
      #expect(try run(["check", "--profile", "3gpp", "--fail-on", "never", middle]).code == 0)
    }
  }

  @Test func masksKeepLengths() throws {
    try inFolder { folder in
      let source = folder.appending(path: "in.trace").path
      let masked = try run(["convert", "--mask", source, "--to", "jsonl", "-o", "-"])
      #expect(masked.code == 0)
      #expect(masked.output.firstMatch(of: /CPIN=\\{3}"[0-9]{4}\\{3}"/) != nil, "\(masked.output)")
      #expect(!masked.output.contains("1234") && !masked.output.contains("31323334"))
      let open = try run(["convert", source, "--to", "jsonl", "-o", "-"])
      #expect(open.output.contains("1234"))
      let payloads = folder.appending(path: "p.pcapng")
      #expect(try run(["convert", "--mask", source, "-o", payloads.path]).code == 0)
      #expect(try !Data(contentsOf: payloads).contains(Data("1234".utf8)))
    }
  }

  @Test func whatCannotBeDoneIsOneLine() throws {
    try inFolder { folder in
      let source = folder.appending(path: "in.trace").path
      let undivided = folder.appending(path: "undivided.trace")
      try "#!attrace 1\n0.1 --- \"AT\\r\"\n".write(to: undivided, atomically: true, encoding: .utf8)
      let output = folder.appending(path: "out.pcap").path
      for (arguments, word) in [
        (["convert", source], "-o FILE"), (["convert", source, "-o", "x.doc"], "--to"),
        (["convert", "--mask", "-", "-o", output], "twice"),
        (["convert", undivided.path, "-o", output], "who sent what"),
        (["convert", folder.path, "-o", output], "folder"), (["convert", "-o", output], "one input"),
        (["convert", "-f", "tcp", source, "-o", output], "captures"),
      ] {
        let result = try run(arguments)
        #expect(result.code == 2, "\(arguments)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(result.errors.contains(word), "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }
}

extension Data {
  fileprivate func contains(_ other: Data) -> Bool { range(of: other) != nil }
}
