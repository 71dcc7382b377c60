import Foundation
import Testing

/// What a log may hold to do harm is text in every output, and nothing but text.
@Suite struct HostileInputTests {
  /// Script, sequences for terminals, marks that turn text, zero bytes, formulas, and a line of a megabyte.
  private static let log: Data = {
    let script = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    let pieces = [
      "AT+X=\\\"\(script)\\\"", "AT+X=\\\"\\x1B[31;1m\\x1B]0;owned\\x07\\x9B2J\\\"",
      "AT+X=\\\"\u{202E}\u{2066}txt.exe\u{2069}\u{200F}\u{061C}\u{FEFF}\\\"",
      "AT+X=\\\"\\x00\\x00\\x7F\\x85\u{2028}\\\"",
      "AT+X=\\\"]]>&amp;<!--'\\\"", "=cmd|' /C calc'!A0", "AT%2541\\x0A::error file=x::y",
      "AT+X=\\\"\(String(repeating: "A<", count: 500_000))\\\"",
    ]
    var text = "#!attrace 1\n#! port \u{202E}evil<b>\n# \u{1B}[2J a comment \(script)\n"
    for (at, piece) in pieces.enumerated() {
      text += "\(at).1 --> \"\(piece)\\r\"\n\(at).2 <-- \"\\r\\n=1+\(piece)\\r\\n\\r\\n+CME ERROR: \(script)\\r\\n\"\n"
      text += "\(at).3 <-- \"\\r\\n+CMTI: \\\"\(piece.prefix(200))\\r\\n\"\n"
    }
    return Data((text + "9.9 <x> \u{1B}[0m not a line \(script)\n").utf8)
  }()

  private static let hostileName = "=a\u{1B}[31m\u{202E}<script>alert(3)<\u{2067}&\"',%0A.trace"

  private func expectText(_ folder: ReportFolder, _ name: String, _ input: String) throws {
    var names = try folder.writeAll(name, ["--no-redact", "--profile", "3gpp", input])
    for (words, kind) in [
      (["decode", "--no-redact", "--profile", "3gpp", "--format", "jsonl"], "session.jsonl"),
      (["decode", "--profile", "3gpp"], "decode.report.txt"), (["convert", "--to", "jsonl"], "chunks.jsonl"),
    ] {
      let result = try folder.attrace(words + ["-o", folder.path("\(name).\(kind)"), input])
      #expect(result.code == 0, "\(result.errors)")
      names.append("\(name).\(kind)")
    }
    try folder.attrace(["extract", "-q", "-o", folder.path("\(name)-payloads"), input])
    try folder.expectSound(names + ["\(name)-payloads/manifest.json"])
    for kind in ["html", "junit.xml"] {
      let text = String(decoding: try folder.bytes("\(name).\(kind)"), as: UTF8.self)
      #expect(!text.contains("<script>alert") && !text.contains("<img src=x"), "\(kind)")
    }
    #expect(try folder.bytes("\(name).html").count < 1_000_000)
    let annotations = String(decoding: try folder.bytes("\(name).annotations.txt"), as: UTF8.self)
    #expect(annotations.split(separator: "\n").allSatisfy { $0.hasPrefix("::") && !$0.hasPrefix("::error file=x") })
  }

  @Test func aHostileTraceIsText() throws {
    let folder = try ReportFolder()
    let input = folder.path(Self.hostileName)
    try Self.log.write(to: URL(filePath: input))
    try expectText(folder, "trace", input)
  }

  @Test func aHostileTerminalLogIsText() throws {
    let folder = try ReportFolder()
    var bytes = Data()
    for line in Self.log.split(separator: 0x0A) where line.count < 4000 {
      bytes.append(Data("AT+CSQ\r\r\n".utf8) + line + Data("\r\n\u{1B}[31m\u{0}\u{7}\r\nOK\r\n".utf8))
    }
    bytes.append(Data(repeating: 0x3C, count: 1_000_000) + Data("\r\nAT\r\r\nOK\r\n".utf8))
    let input = folder.path("minicom\u{9B}.log")
    try bytes.write(to: URL(filePath: input))
    var names: [String] = []
    for (format, kind) in ReportFolder.formats {
      let words = ["check", "--fail-on", "never", "--input-format", "raw", "--format", format]
      let result = try folder.attrace(words + ["-o", folder.path("raw.\(kind)"), input])
      #expect(result.code == 0, "\(format): \(result.errors)")
      names.append("raw.\(kind)")
    }
    try folder.expectSound(names)
  }
}
