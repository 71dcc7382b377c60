import Foundation
import Glibc
import Sessions
import Testing

/// What people see on a terminal only: the progress of long work, and small plots in the report.
@Suite(.serialized) struct TerminalReportTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs the program with its standard output or error on a terminal, and gives what came there. `isStopped`: its work
  /// is held up for a second.
  private func shown(
    _ arguments: [String], errors: Bool, locale: String = "C", terminal kind: String = "xterm", isStopped: Bool = false
  ) throws -> String {
    let program = try #require(TapProcess.program(), "the program is not built")
    let terminal = try Terminal()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer {
      close(null)
      close(terminal.line)
    }
    let words = ["env", "-u", "NO_COLOR", "TERM=\(kind)", "LC_ALL=\(locale)", program] + arguments
    let started = Peer.start(
      words, input: null, output: errors ? null : terminal.device, error: errors ? terminal.device : null)
    close(terminal.device)
    let process = try #require(started)
    if isStopped {
      // However fast the machine is, the work takes longer than a second now.
      usleep(60_000)
      kill(process, SIGSTOP)
      usleep(1_100_000)
      kill(process, SIGCONT)
    }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    // Reading fails when the program, the last to hold the other end, is gone.
    while true {
      let count = read(terminal.line, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      text += block[..<count]
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return String(decoding: text, as: UTF8.self)
  }

  /// Long enough to be at work when it is stopped.
  private func longLog(_ folder: Folder, _ name: String, megabytes: Int) throws -> String {
    let lines = Array("0.1 --> \"AT+CSQ\\r\"\n0.2 <-- \"\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\"\n".utf8)
    let block = [UInt8]((0..<(1 << 20) / lines.count).map { _ in lines }.joined())
    let path = folder.path(name)
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    let head = Array("#!attrace 1\n".utf8)
    _ = write(file, head, head.count)
    for _ in 0..<megabytes { try #require(write(file, block, block.count) == block.count) }
    return path
  }

  @Test func longWorkShowsItsProgressAndTakesItAway() throws {
    let folder = Folder()
    let paths = try ["a.trace", "b.trace"].map { try longLog(folder, $0, megabytes: 2) }
    let arguments = ["check", "--profile", "3gpp", "--jobs", "1", "--format", "json"] + paths
    let seen = try shown(arguments, errors: true, isStopped: true)
    #expect(seen.contains("\r[#"), "\(seen)")
    for word in [" %  ", " MB/s  ", " left  input 1 of 2", "input 2 of 2"] { #expect(seen.contains(word), "\(seen)") }
    #expect(seen.hasSuffix("\r\u{1B}[K"), "\(seen)")
    #expect(seen.split(separator: "\r").allSatisfy { $0.count < 80 + 4 })
    let one = Array(arguments.dropLast())
    #expect(try shown(one + ["--quiet"], errors: true, isStopped: true) == "")
    #expect(try shown(one, errors: true, terminal: "dumb", isStopped: true) == "")
  }

  @Test func shortWorkShowsNone() throws {
    let log = Self.root.appending(path: "fixtures/sim900/mail-session/input.trace").path
    #expect(try shown(["check", log], errors: true) == "")
  }

  @Test func plotsAreForTerminals() throws {
    let log = Self.root.appending(path: "fixtures/3gpp/packet-call/input.trace").path
    let blocks = try shown(["check", log], errors: false, locale: "C.UTF-8")
    #expect(blocks.contains("█ ") && blocks.contains("▅█") && blocks.contains("up to "), "\(blocks)")
    let plain = try shown(["check", log], errors: false)
    #expect(plain.contains("= ") && !plain.contains("█"), "\(plain)")
    let never = try shown(["check", "--color", "never", log], errors: false, locale: "C.UTF-8")
    #expect(!never.contains("█") && !never.contains("\u{1B}"), "\(never)")
    #expect(never.split(separator: "\n").allSatisfy { $0.count <= 121 }, "\(never)")
    let program = try #require(TapProcess.program())
    let piped = try #require(Peer.output([program, "check", "--fail-on", "never", log]))
    #expect(!piped.contains("█") && !piped.contains("== ") && piped.contains("SHA-256"))
  }
}
