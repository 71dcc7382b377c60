import Capture
import Glibc
import Sessions
import Testing
import Trace

/// A live line that is saved as packets: tshark opens the capture, and what was told live stands in it.
@Suite(.serialized) struct TapCaptureTests {
  @Test(arguments: ["line.pcap", "line.pcapng"]) func tsharkOpensTheCapture(_ name: String) throws {
    let folder = Folder()
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.answers, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path, ["--format", "jsonl", "-w", folder.path(name)], saves: false)
    let host = try tap.openApplication()
    defer { close(host) }
    for command in ["AT\r", "AT+CSQ\r"] { Self.ask(command, host) }
    usleep(300_000)
    #expect(tap.end() == 1, "\(tap.process.complaints)")

    let words = ["tshark", "-r", folder.path(name), "-Y", "data", "-T", "fields", "-E", "separator=|"]
    let text = try #require(
      Peer.output(words + ["-e", "rtacser.eventtype", "-e", "data.data"]), "tshark does not open the capture")
    var said: [String: String] = [:]
    for row in text.split(separator: "\n") {
      let columns = row.split(separator: "|").map(String.init)
      if columns.count == 2 { said[columns[0], default: ""] += columns[1] }
    }
    #expect(said["0x01"] == Self.hex("AT\rAT+CSQ\r"))
    #expect(said["0x02"] == Self.hex("\r\nOK\r\n\r\n+CSQ: 321,99\r\n\r\nOK\r\n"))

    // Findings point at the same packets live and afterwards.
    let program = try #require(TapProcess.program())
    let after = try #require(
      Peer.output([program, "check", "--profile", "3gpp", "--format", "jsonl", "--fail-on", "never", folder.path(name)])
    )
    #expect(!Self.findings(after).isEmpty)
    #expect(Self.findings(tap.process.printed) == Self.findings(after))
  }

  /// The death of the process leaves whole packets, up to the last flush.
  @Test(arguments: ["line.pcap", "line.pcapng"]) func aKillLeavesACapture(_ name: String) throws {
    var dice = Dice(seed: 9)
    for round in 1...5 {
      let folder = Folder()
      let line = try #require(PtyPair())
      let tap = try Tap(
        proxy: line.path, ["--quiet", "--flush", "100ms", "-w", folder.path(name)], saves: false)
      let host = try tap.openApplication()
      defer { close(host) }
      var pump = LinePump(host: host, modem: line.end)
      let life = Int.random(in: 160_000_000...360_000_000, using: &dice)
      let began = LinePump.now()
      var flushed = 0
      _ = pump.run(total: 1_000_000, rate: TapLineTests.rate) { pump in
        let age = LinePump.now() - began
        if age < life - 150_000_000 { flushed = pump.toModem.received }
        return age < life
      }
      tap.process.end(SIGKILL)
      let reader: any LogReader = name.hasSuffix("ng") ? PcapngReader() : PcapReader()
      let saved = Session(log: Folder.bytes(folder.path(name)), reader: reader)
      #expect(saved.facts.refusal == nil)
      #expect(saved.bytes(.hostToModem).count >= flushed, "round \(round)")
      #expect(pump.isRight(saved.bytes(.hostToModem), fromHost: true), "round \(round)")
      #expect(pump.isRight(saved.bytes(.modemToHost), fromHost: false), "round \(round)")
    }
  }

  /// An interface may have several ports, for which the older format has no room.
  @Test func packetsOfAnInterfaceNeedBlocks() throws {
    let folder = Folder()
    let program = try #require(TapProcess.program())
    let tap = try #require(
      TapProcess(program, ["-i", "lo", "-w", folder.path("line.pcap")], output: folder.path("out")))
    #expect(tap.wait() == 2)
    #expect(tap.complaints.contains("save .pcapng"), "\(tap.complaints)")
    #expect(access(folder.path("line.pcap"), F_OK) != 0)
  }

  private static func findings(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.contains("\"finding\"") }
      .map { String($0.replacing(/,"fingerprint":"[0-9a-f]*"/, with: "")) }.sorted()
  }

  private static func hex(_ text: String) -> String {
    text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func ask(_ command: String, _ host: Int32) {
    let bytes = Array(command.utf8)
    _ = write(host, bytes, bytes.count)
    var answer = ""
    var buffer = [UInt8](repeating: 0, count: 256)
    while !answer.contains("OK\r\n") {
      var state = pollfd(fd: host, events: Int16(POLLIN), revents: 0)
      guard poll(&state, 1, 3_000) > 0 else { return }
      let count = read(host, &buffer, buffer.count)
      guard count > 0 else { return }
      answer += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  private static let answers = """
    0.000 --> "AT\\r"
    0.005 <-- "\\r\\nOK\\r\\n"
    0.100 --> "AT+CSQ\\r"
    0.110 <-- "\\r\\n+CSQ: 321,99\\r\\n\\r\\nOK\\r\\n"
    """
}
