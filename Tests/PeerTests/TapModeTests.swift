import Glibc
import Sessions
import Testing
import Trace

/// The other ways to sit on a line: two ports that are listened to, a serial server, standard input.
@Suite(.serialized) struct TapModeTests {
  private func begin(_ folder: Folder, _ arguments: [String], input: Int32? = nil) throws -> TapProcess {
    let program = try #require(TapProcess.program(), "the program is not built")
    let more = ["--profile", "3gpp", "-w", folder.path("line.trace")]
    return try #require(TapProcess(program, arguments + more, output: folder.path("out"), input: input))
  }

  private func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  @Test func twoPortsThatAreListenedTo() throws {
    let folder = Folder()
    let modem = try #require(PtyPair())
    let host = try #require(PtyPair())
    let tap = try begin(folder, ["--rx", modem.path, "--tx", host.path, "--baud", "123456", "--parity", "even"])
    try #require(tap.says("listening"), "\(tap.complaints)")
    send("AT\r", to: host.end)
    usleep(50_000)
    send("\r\nOK\r\n", to: modem.end)
    #expect(tap.says("AT -> OK"), "\(tap.printed)")
    #expect(tap.end() == 0)
    let text = Folder.text(folder.path("line.trace"))
    #expect(text.contains("#! baud 123456"))
    let session = Session(log: Array(text.utf8))
    #expect(session.bytes(.hostToModem) == Array("AT\r".utf8))
    #expect(session.bytes(.modemToHost) == Array("\r\nOK\r\n".utf8))
  }

  /// `socat` is both the serial server and the application.
  @Test func aSerialServerInTheNetwork() throws {
    let folder = Folder()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let line = try #require(PtyPair())
    let modem = ScriptedModem("0.0 --> \"ATI\\r\"\n0.1 <-- \"\\r\\nPLAYER\\r\\n\\r\\nOK\\r\\n\"", on: line)
    defer { modem.stop() }
    let port = 20_000 + Int(getpid()) % 20_000
    let server = try #require(
      Peer.start(
        ["socat", "TCP-LISTEN:\(port),bind=127.0.0.1,reuseaddr", "OPEN:\(line.path),raw,echo=0"], input: null,
        output: null, error: null), "socat is not installed")
    defer { end(server) }
    usleep(300_000)
    let tap = try begin(folder, ["--tcp-proxy", "0:127.0.0.1:\(port)"])
    try #require(tap.says("in place of"), "\(tap.complaints)")
    let own = try #require(
      tap.printed.split(separator: "connect to 127.0.0.1:").last?.prefix { $0.isNumber })
    let answer = Peer.output(["sh", "-c", "(printf 'ATI\\r'; sleep 0.5) | socat -t 1 - TCP:127.0.0.1:\(own)"])
    #expect(answer == "\r\nPLAYER\r\n\r\nOK\r\n")
    usleep(100_000)
    #expect(tap.end() == 0)
    #expect(tap.printed.contains("ATI -> OK | PLAYER"), "\(tap.printed)")
    #expect(Folder.text(folder.path("line.trace")).contains("an application connected"))
  }

  @Test func aLogFromAPipe() throws {
    let folder = Folder()
    let pipe = try Peer.pipe()
    let tap = try begin(folder, ["-"], input: pipe.output)
    close(pipe.output)
    send("#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n", to: pipe.input)
    #expect(tap.says("AT -> OK"), "what has come is shown although more may follow")
    send("0.3 --> \"AT\\r\"\n0.4 <-- \"\\r\\nERROR\\r\\n\"\n", to: pipe.input)
    close(pipe.input)
    #expect(tap.wait() == 0)
    #expect(tap.printed.contains("AT -> ERROR"))
    #expect(Folder.text(folder.path("line.trace")).contains("0.4 <-- \"\\r\\nERROR\\r\\n\""))
  }

  @Test(arguments: [
    (["--proxy", "/no/such/port"], "no such file"), (["--proxy", "/dev/null"], "no serial port"),
    (["--follow", "/no/such/log"], "no such file"), (["--tcp-proxy", "1:no.such.host.invalid:2"], "no such host"),
  ]) func whatCannotBeTappedIsOneLine(_ arguments: [String], _ words: String) throws {
    let folder = Folder()
    let program = try #require(TapProcess.program())
    let tap = try #require(TapProcess(program, arguments, output: folder.path("out")))
    #expect(tap.wait() == 2)
    #expect(tap.complaints.contains(words), "\(tap.complaints)")
    #expect(tap.complaints.split(separator: "\n").count == 1, "\(tap.complaints)")
  }

  private func end(_ process: pid_t) {
    var status: Int32 = 0
    kill(process, SIGTERM)
    waitpid(process, &status, 0)
  }
}
