import Glibc
import Sessions
import Testing
import Trace

/// `ser2net`, whose clients negotiate the port's settings by RFC 2217.
@Suite(.serialized) struct SerialServerTests {
  /// The proxy and the loopback see the same line: without telnet, with the settings as events.
  @Test func portSettingsOverTelnet() throws {
    let folder = Folder()
    let line = try #require(PtyPair())
    let modem = ScriptedModem(
      "0.0 --> \"AT\\xFF\\r\"\n0.1 <-- \"\\r\\n\\xFF\\xFF\\x00\\r\\n\\r\\nOK\\r\\n\"", on: line)
    defer { modem.stop() }
    let free = try LoopbackLine()
    let port = free.port
    free.hangUp()
    let server = try Self.serve(line.path, on: port, in: folder)
    defer { Self.reap(server) }

    let program = try #require(TapProcess.program(), "the program is not built")
    let proxy = try #require(
      TapProcess(
        program, ["--tcp-proxy", "0:127.0.0.1:\(port)", "--profile", "3gpp", "-w", folder.path("proxy.trace")],
        output: folder.path("proxy")))
    try #require(proxy.says("in place of"), "\(proxy.complaints)")
    let own = try #require(
      proxy.printed.split(separator: "connect to 127.0.0.1:").last?.prefix { $0.isNumber }.description)
    var packets: TapProcess?
    if Capturing.isAllowed {
      let arguments = ["-i", "lo", "-f", "tcp port \(port)", "--profile", "3gpp", "-w", folder.path("packets.trace")]
      let tap = try #require(TapProcess(program, arguments, output: folder.path("packets")))
      try #require(tap.says("capturing lo"), "\(tap.complaints)")
      packets = tap
    }

    let client = try LoopbackLine.connect(to: try #require(Int(own)))
    defer { close(client) }
    Self.send(Self.willSetPort + Self.setRate + Self.raiseDTR, client)
    // The server tells the rate that it has set: 57600 is E1 00.
    #expect(Self.receives([255, 250, 44, 101, 0, 0, 0xE1, 0, 255, 240], client), "ser2net does not negotiate")
    Self.send(Array("AT".utf8) + [255, 255, 0x0D], client)
    // Passed on as the server sends it: each FF twice.
    #expect(Self.receives([255, 255, 255, 255, 0, 0x0D, 0x0A, 0x0D, 0x0A] + Array("OK\r\n".utf8), client))
    usleep(400_000)
    #expect(proxy.end() >= 0)
    _ = packets?.end()
    #expect(modem.unknown == [])

    for name in ["proxy", "packets"] where name == "proxy" || packets != nil {
      let saved = Session(log: Folder.bytes(folder.path(name + ".trace")))
      #expect(saved.bytes(.hostToModem) == Array("AT".utf8) + [0xFF, 0x0D], "\(name)")
      #expect(
        saved.bytes(.modemToHost) == [0x0D, 0x0A, 0xFF, 0xFF, 0, 0x0D, 0x0A, 0x0D, 0x0A] + Array("OK\r\n".utf8),
        "\(name)")
      #expect(saved.texts(.control).prefix(2) == ["baud=57600", "dtr=1"], "\(name)")
    }
    #expect(proxy.printed.contains("baud=57600"), "\(proxy.printed)")
  }

  private static let willSetPort: [UInt8] = [255, 251, 44, 255, 251, 0, 255, 253, 0]
  private static let setRate: [UInt8] = [255, 250, 44, 1, 0, 0, 0xE1, 0, 255, 240]
  private static let raiseDTR: [UInt8] = [255, 250, 44, 5, 8, 255, 240]

  private static func serve(_ device: String, on port: Int, in folder: Folder) throws -> pid_t {
    let settings = """
      %YAML 1.1
      ---
      connection: &line
        accepter: telnet(rfc2217),tcp,127.0.0.1,\(port)
        connector: serialdev,\(device),9600n81,local

      """
    Folder.write(Array(settings.utf8), to: folder.path("ser2net.yaml"))
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let words = ["/usr/sbin/ser2net", "-n", "-c", folder.path("ser2net.yaml"), "-P", folder.path("pid")]
    let server = try #require(Peer.start(words, input: null, output: null, error: null), "ser2net is not installed")
    // It listens when a connection is taken.
    for _ in 0..<400 {
      if let probe = try? LoopbackLine.connect(to: port) {
        close(probe)
        usleep(300_000)
        return server
      }
      usleep(10_000)
    }
    Issue.record("ser2net does not listen")
    return server
  }

  private static func send(_ bytes: [UInt8], _ descriptor: Int32) {
    _ = write(descriptor, bytes, bytes.count)
  }

  /// Whether these bytes come, among others.
  private static func receives(_ wanted: [UInt8], _ descriptor: Int32) -> Bool {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<100 {
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&state, 1, 50) > 0 {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return false }
        all += buffer[..<count]
      }
      if all.count >= wanted.count, all.indices.contains(where: { all[$0...].starts(with: wanted) }) { return true }
    }
    return false
  }

  private static func reap(_ process: pid_t) {
    var status: Int32 = 0
    kill(process, SIGTERM)
    waitpid(process, &status, 0)
  }
}
