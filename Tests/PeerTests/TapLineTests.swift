import Glibc
import Sessions
import Testing
import Trace

/// What a live line must stand: full speed, loss of the port, of the disk, of the process.
@Suite(.serialized) struct TapLineTests {
  /// 921,600 baud, 8N1, in bytes a second.
  static let rate = 92_160
  /// What the two queues may hold at their limits, in KiB, with the arrays that carry them: they fill on a busy machine.
  static let queues = 40_000

  @Test func everyByteArrivesAtFullSpeed() throws {
    let line = try #require(PtyPair())
    let tap = try Tap(proxy: line.path, ["--quiet", "--fail-on", "never"])
    let host = try tap.openApplication()
    defer { close(host) }
    var pump = LinePump(host: host, modem: line.end)
    var isMoving = pump.run(total: 1_000_000)
    #expect(isMoving, "the line stands still")
    let early = tap.process.memory("VmHWM")
    isMoving = pump.run(total: 6_000_000)
    #expect(isMoving, "the line stands still: \(pump.toModem) \(pump.toHost)")
    #expect(pump.isRight, "wrong at \(pump.toModem.wrongAt), \(pump.toHost.wrongAt)")
    let late = tap.process.memory("VmHWM")
    #expect(early > 0 && late - early < Self.queues, "memory grew from \(early) to \(late) KiB")
    #expect(tap.end() == 0)
    let saved = tap.saved
    if saved.texts(.gap).isEmpty {
      #expect(saved.bytes(.hostToModem).count == 6_000_000)
      #expect(pump.isRight(saved.bytes(.hostToModem), fromHost: true))
      #expect(pump.isRight(saved.bytes(.modemToHost), fromHost: false))
    }
  }

  @Test func theCaptureOfALineAtItsRateIsWhole() throws {
    let line = try #require(PtyPair())
    let tap = try Tap(proxy: line.path, ["--quiet", "--fail-on", "never"])
    let host = try tap.openApplication()
    defer { close(host) }
    var pump = LinePump(host: host, modem: line.end)
    let isMoving = pump.run(total: Self.rate, rate: Self.rate)
    #expect(isMoving)
    #expect(tap.end() == 0)
    let saved = tap.saved
    #expect(saved.texts(.gap) == [])
    #expect(saved.bytes(.hostToModem).count == Self.rate)
    #expect(pump.isRight(saved.bytes(.hostToModem), fromHost: true))
    #expect(saved.bytes(.modemToHost).count == Self.rate)
    #expect(pump.isRight(saved.bytes(.modemToHost), fromHost: false))
  }

  @Test func theLineIsHardlySlower() throws {
    let line = try #require(PtyPair())
    let direct = PtyPair.open(line.path)
    let before = LineLatency.measure(from: direct, to: line.end, count: 200)
    close(direct)
    let tap = try Tap(proxy: line.path)
    let host = try tap.openApplication()
    defer { close(host) }
    usleep(50_000)
    let after = LineLatency.measure(from: host, to: line.end, count: 400)
    try #require(before.count == 200 && after.count == 400)
    // Other tests share the machine: the median is the line's own.
    #expect(after[200] - before[100] < 1_000_000, "median \(before[100]) ns without, \(after[200]) ns with")
  }

  /// The death of the process loses nothing that had come through before the last flush.
  @Test func aKillLosesNothingThatWasFlushed() throws {
    var dice = Dice(seed: 5)
    for round in 1...50 {
      let line = try #require(PtyPair())
      let tap = try Tap(proxy: line.path, ["--quiet", "--flush", "100ms"])
      let host = try tap.openApplication()
      defer { close(host) }
      var pump = LinePump(host: host, modem: line.end)
      let life = Int.random(in: 160_000_000...360_000_000, using: &dice)
      let began = LinePump.now()
      var flushed = (toModem: 0, toHost: 0)
      let isMoving = pump.run(total: 1_000_000, rate: Self.rate) { pump in
        let age = LinePump.now() - began
        // What had arrived 150 ms before the end must be there.
        if age < life - 150_000_000 { flushed = (pump.toModem.received, pump.toHost.received) }
        return age < life
      }
      #expect(isMoving)
      tap.process.end(SIGKILL)
      let saved = tap.saved
      let (toModem, toHost) = (saved.bytes(.hostToModem), saved.bytes(.modemToHost))
      #expect(toModem.count >= flushed.toModem, "round \(round): \(toModem.count) of \(flushed.toModem)")
      #expect(toHost.count >= flushed.toHost, "round \(round): \(toHost.count) of \(flushed.toHost)")
      #expect(pump.isRight(toModem, fromHost: true), "round \(round)")
      #expect(pump.isRight(toHost, fromHost: false), "round \(round)")
    }
  }

  @Test func aPortThatComesBackIsOpenedAgain() throws {
    let folder = Folder()
    let device = folder.path("device")
    let first = try #require(PtyPair(link: device))
    let modem = ScriptedModem(Self.polling, on: first)
    let tap = try Tap(proxy: device)
    let host = try tap.openApplication()
    defer { close(host) }
    #expect(try Self.ask("AT\r", host).contains("OK"))
    modem.stop()
    first.hangUp()
    usleep(300_000)
    let second = try #require(PtyPair(link: device))
    let again = ScriptedModem(Self.polling, on: second)
    defer { again.stop() }
    usleep(500_000)
    #expect(try Self.ask("AT\r", host).contains("OK"))
    usleep(100_000)
    _ = tap.end()
    let saved = tap.saved
    #expect(saved.texts(.gap).contains { $0.contains("disappeared") }, "\(saved.texts(.gap))")
    #expect(Folder.text(tap.capture).contains("is back"))
    #expect(tap.process.printed.contains("at.gap"), "\(tap.process.printed)")
    #expect(String(decoding: saved.bytes(.modemToHost), as: UTF8.self) == "\r\nOK\r\n\r\nOK\r\n")
  }

  /// The settings that the application makes are those of the port.
  @Test func theApplicationSetsTheLine() throws {
    let line = try #require(PtyPair())
    let tap = try Tap(proxy: line.path)
    let host = try tap.openApplication()
    defer { close(host) }
    var settings = termios()
    tcgetattr(host, &settings)
    cfsetspeed(&settings, speed_t(B57600))
    tcsetattr(host, TCSANOW, &settings)
    #expect(write(host, "A", 1) == 1)
    usleep(100_000)
    var seen = termios()
    tcgetattr(line.end, &seen)
    #expect(cfgetospeed(&seen) == speed_t(B57600))
    _ = tap.end()
    let text = Folder.text(tap.capture)
    #expect(text.contains("# baud 57600\n"), "\(text)")
    #expect(text.contains("--> \"A\""))
  }

  @Test func aLinkOfSomebodyElseIsLeftAlone() throws {
    let line = try #require(PtyPair())
    let folder = Folder()
    symlink("/dev/null", folder.path("modem"))
    let program = try #require(TapProcess.program())
    let arguments = ["--proxy", line.path, "--link", folder.path("modem")]
    let tap = try #require(TapProcess(program, arguments, output: folder.path("out")))
    #expect(tap.wait() == 2)
    #expect(tap.complaints.contains("no link of a tap"))
    var target = [CChar](repeating: 0, count: 64)
    #expect(readlink(folder.path("modem"), &target, 63) == 9)
  }

  @Test(arguments: ["/dev/full", "limit"]) func aFullDiskEndsTheSavingOnly(_ disk: String) throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.polling, on: line)
    defer { modem.stop() }
    // A limit on the size of files is a disk that becomes full.
    var more = ["--quiet"]
    if disk == "/dev/full" { more += ["-w", disk] }
    let tap = try Tap(proxy: line.path, more, saves: disk != "/dev/full")
    if disk == "limit" {
      _ = try #require(Peer.output(["prlimit", "--pid", String(tap.process.process), "--fsize=2048:"]))
    }
    let host = try tap.openApplication()
    defer { close(host) }
    for _ in 0..<80 { #expect(try Self.ask("AT\r", host).contains("OK")) }
    usleep(200_000)
    #expect(tap.end() == 0, "a warning alone is no failure: \(tap.process.complaints)")
    let printed = tap.process.printed
    #expect(printed.contains("warning tap.saving-stopped"), "\(printed)")
    #expect(printed.contains("80 command lines"), "\(printed)")
    if disk == "limit" {
      #expect(tap.saved.texts(.malformed) == [], "what was saved ends with a whole line")
      #expect(!tap.saved.bytes(.hostToModem).isEmpty)
    }
  }

  /// Whoever reads what is shown may stop reading: the line goes on, and the saved capture has it all.
  @Test func aReaderThatStallsDoesNotHoldUpTheLine() throws {
    let line = try #require(PtyPair())
    let folder = Folder()
    mkfifo(folder.path("out"), 0o600)
    // The pipe is open, and nobody reads it.
    let reader = open(folder.path("out"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let program = try #require(TapProcess.program())
    let arguments = ["--proxy", line.path, "--link", folder.path("app"), "--profile", "3gpp", "--format", "jsonl"]
    let tap = try #require(
      TapProcess(program, arguments + ["-w", folder.path("line.trace")], output: folder.path("out")))
    for _ in 0..<1000 where access(folder.path("app"), F_OK) != 0 { usleep(5_000) }
    let host = PtyPair.open(folder.path("app"))
    defer { close(host) }
    var pump = LinePump(host: host, modem: line.end)
    let isMoving = pump.run(total: 4_000_000, rate: 4_000_000)
    #expect(isMoving)
    #expect(pump.isRight)
    // Saving may lag behind on a busy machine: it is over when the file grows no more.
    var sizes = [-2, -1]
    for _ in 0..<40 where sizes[0] != sizes[1] {
      usleep(250_000)
      var status = stat()
      stat(folder.path("line.trace"), &status)
      sizes = [sizes[1], Int(status.st_size)]
    }
    tap.end(SIGKILL)
    let saved = Session(log: Folder.bytes(folder.path("line.trace")))
    #expect(saved.bytes(.hostToModem).count + Self.missing(saved) >= 4_000_000)
    #expect(saved.bytes(.modemToHost).count + Self.missing(saved) >= 4_000_000)
  }

  /// Bytes that the capture says it does not have: the machine of a test may have a slow disk.
  private static func missing(_ session: Session) -> Int {
    session.texts(.gap).compactMap { $0.split(separator: "=").last?.split(separator: " ").first.flatMap { Int($0) } }
      .reduce(0, +)
  }

  /// The saved capture gives the findings that were told live, at the same lines.
  @Test func theSavedCaptureSaysTheSame() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.polling, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path, ["--format", "jsonl"])
    let host = try tap.openApplication()
    defer { close(host) }
    for command in ["AT\r", "AT+CSQ\r", "AT+CREG=7\r", "AT+COPS?\r"] { _ = try Self.ask(command, host) }
    usleep(300_000)
    _ = tap.end()
    let program = try #require(TapProcess.program())
    let after = try #require(
      Peer.output(["sh", "-c", "'\(program)' check --profile 3gpp --format jsonl --fail-on never '\(tap.capture)'"]))
    // Fingerprints count equal findings of the whole file, which a live line does not have yet.
    func findings(_ text: String) -> [String] {
      text.split(separator: "\n").filter { $0.contains("\"finding\"") }
        .map { String($0.replacing(/,"fingerprint":"[0-9a-f]*"/, with: "")) }.sorted()
    }
    #expect(!findings(after).isEmpty)
    #expect(findings(tap.process.printed) == findings(after))
  }

  /// A signal asks for a summary, and the line goes on.
  @Test func aSignalAsksForASummary() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.polling, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path, saves: false)
    let host = try tap.openApplication()
    defer { close(host) }
    #expect(try Self.ask("AT\r", host).contains("OK"))
    usleep(250_000)
    kill(tap.process.process, SIGUSR1)
    #expect(tap.process.says("in 1 command line\n"))
    #expect(try Self.ask("AT\r", host).contains("OK"))
    usleep(250_000)
    #expect(tap.end() == 0)
    #expect(tap.process.printed.hasSuffix("in 2 command lines\n"), "\(tap.process.printed)")
    #expect(access(tap.application, F_OK) != 0, "the link is gone with the line")
  }

  private static func ask(_ command: String, _ host: Int32) throws -> String {
    let bytes = Array(command.utf8)
    try #require(write(host, bytes, bytes.count) == bytes.count)
    var answer = ""
    var buffer = [UInt8](repeating: 0, count: 256)
    while !answer.contains("OK\r\n"), !answer.contains("ERROR\r\n") {
      var state = pollfd(fd: host, events: Int16(POLLIN), revents: 0)
      guard poll(&state, 1, 3_000) > 0 else { return answer }
      let count = read(host, &buffer, buffer.count)
      guard count > 0 else { return answer }
      answer += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return answer
  }

  private static let polling = """
    0.000 --> "AT\\r"
    0.005 <-- "\\r\\nOK\\r\\n"
    0.100 --> "AT+CSQ\\r"
    0.110 <-- "\\r\\n+CSQ: 321,99\\r\\n\\r\\nOK\\r\\n"
    0.200 --> "AT+CREG=7\\r"
    0.210 <-- "\\r\\nERROR\\r\\n"
    """
}
