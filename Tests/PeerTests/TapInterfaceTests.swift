import Glibc
import Sessions
import Testing
import Trace

enum Capturing {
  /// Whether this system lets its tests capture. Root may, where the kernel has packet sockets.
  static let isAllowed: Bool = {
    let folder = Folder()
    guard let program = TapProcess.program(),
      let tap = TapProcess(program, ["-i", "lo"], output: folder.path("out"))
    else { return true }
    for _ in 0..<1_000 {
      if tap.printed.contains("capturing lo") { return tap.end() >= 0 }
      if tap.complaints.contains("permission denied") || tap.complaints.contains("cannot be captured") { return false }
      usleep(5_000)
    }
    return true
  }()
}

/// Packets of an interface, as libpcap gives them: the loopback, with a serial server and its application on it.
@Suite(.serialized) struct TapInterfaceTests {
  private func begin(_ folder: Folder, _ line: LoopbackLine, _ more: [String] = []) throws -> TapProcess {
    let program = try #require(TapProcess.program(), "the program is not built")
    let arguments = ["-i", "lo", "-f", "tcp port \(line.port)", "--profile", "3gpp", "--fail-on", "never"] + more
    let tap = try #require(TapProcess(program, arguments, output: folder.path("out")))
    try #require(tap.says("capturing lo"), "\(tap.complaints)")
    return tap
  }

  @Test(.enabled(if: Capturing.isAllowed, "libpcap may not open lo here"))
  func aDialogueOnTheLoopback() throws {
    let folder = Folder()
    let line = try LoopbackLine()
    let tap = try begin(folder, line, ["-w", folder.path("line.trace")])
    try line.connect()
    line.say("AT+CGMM\r", "\r\nX1\r\n\r\nOK\r\n")
    line.say("AT+CSQ\r", "\r\n+CSQ: 321,99\r\n\r\nOK\r\n")
    #expect(tap.says("AT+CGMM -> OK | X1"), "\(tap.printed)")
    #expect(tap.says("error at.response-shape"), "\(tap.printed)")
    // What is on the line just before the end counts.
    line.say("ATI\r", "\r\nOK\r\n")
    #expect(tap.end() == 0, "\(tap.complaints)")
    let printed = tap.printed
    #expect(printed.contains("1 error, 0 warnings, 0 notes in 3 command lines"), "\(printed)")
    let saved = Session(log: Folder.bytes(folder.path("line.trace")))
    #expect(saved.bytes(.hostToModem) == Array("AT+CGMM\rAT+CSQ\rATI\r".utf8))
    #expect(saved.bytes(.modemToHost).suffix(6) == Array("\r\nOK\r\n".utf8))
    #expect(saved.facts.ports == ["127.0.0.1:\(line.port)"])
    #expect(saved.texts(.gap) == [])
  }

  /// What the kernel had no room for is told, and nothing is judged across the hole.
  @Test(.enabled(if: Capturing.isAllowed, "libpcap may not open lo here"))
  func whatTheKernelDropsIsAGap() throws {
    let folder = Folder()
    let line = try LoopbackLine()
    let tap = try begin(folder, line, ["-w", folder.path("line.trace")])
    try line.connect()
    line.say("AT\r", "\r\nOK\r\n")
    try #require(tap.says("AT -> OK"), "\(tap.printed)")
    kill(tap.process, SIGSTOP)
    let piece = [UInt8](repeating: 0x55, count: 60_000)
    for _ in 0..<800 { line.pass(piece, from: line.modem, to: line.host) }
    kill(tap.process, SIGCONT)
    #expect(tap.says("bytes are missing here"), "\(tap.printed.suffix(2000))")
    usleep(500_000)
    _ = tap.end()
    let gaps = Session(log: Folder.bytes(folder.path("line.trace"))).texts(.gap)
    #expect(gaps.contains { $0.contains("the system dropped") }, "\(gaps)")
    #expect(tap.printed.contains("log.gap") || tap.printed.contains("bytes are missing"), "\(tap.printed.suffix(2000))")
  }

  @Test func anInterfaceThatIsNoneIsOneLine() throws {
    let folder = Folder()
    let program = try #require(TapProcess.program())
    let tap = try #require(TapProcess(program, ["-i", "no such one"], output: folder.path("out")))
    #expect(tap.wait() == 2)
    #expect(tap.complaints.split(separator: "\n").count == 1, "\(tap.complaints)")
    #expect(
      tap.complaints.contains("no such interface. There are: ") || tap.complaints.contains("permission denied"),
      "\(tap.complaints)")
  }

  @Test(.enabled(if: Capturing.isAllowed, "libpcap may not open lo here")) func aFilterThatIsNoneIsOneLine() throws {
    let folder = Folder()
    let program = try #require(TapProcess.program())
    let tap = try #require(TapProcess(program, ["-i", "lo", "-f", "tcp prt 1"], output: folder.path("out")))
    #expect(tap.wait() == 2)
    #expect(tap.complaints.contains("the filter does not fit"), "\(tap.complaints)")
  }
}
