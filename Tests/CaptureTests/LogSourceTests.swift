import Foundation
import Testing
import Trace

@testable import Capture

/// A log that somebody else writes is followed through growth, rotation and truncation.
@Suite struct LogSourceTests {
  /// A log that is being followed.
  private final class Following {
    let stop: StopSignal
    let capture: LiveCapture
    private(set) var seen: [String] = []
    private var batch = ChunkBatch()

    init(_ path: String, format: LogFormat? = nil) throws {
      stop = try StopSignal()
      capture = try LiveCapture(LogSource(path: path, format: format), spool: nil, stop: stop)
    }

    /// Waits until so many chunks have come.
    func waits(for count: Int) -> Bool {
      for _ in 0..<200 {
        if seen.count >= count { return true }
        if capture.next(into: &batch, within: 50_000_000) == .batch { seen += shown(batch) }
      }
      return false
    }

    func end() throws {
      stop.request()
      loop: while true {
        switch capture.next(into: &batch, within: 1_000_000_000) {
        case .batch: seen += shown(batch)
        case .idle: continue
        case .closed: break loop
        }
      }
      try capture.finish()
    }
  }

  @Test func aLogThatGrows() throws {
    let folder = try LiveFolder()
    try folder.write("#!attrace 1\n0.1 --> \"AT\\r\"\n", to: "a.trace")
    let log = try Following(folder.path("a.trace"))
    #expect(log.waits(for: 1))
    try folder.append("0.2 <-- \"\\r\\n", to: "a.trace")
    try folder.append("OK\\r\\n\"\n", to: "a.trace")
    #expect(log.waits(for: 2))
    try log.end()
    #expect(log.seen == ["2 data hostToModem AT\\r", "3 data modemToHost \\r\\nOK\\r\\n"])
    #expect(log.capture.facts.format == "trace")
  }

  @Test func aLogThatIsRotated() throws {
    let folder = try LiveFolder()
    try folder.write("#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"1\"", to: "a.trace")
    let log = try Following(folder.path("a.trace"), format: TraceFormat.format)
    #expect(log.waits(for: 1))
    try FileManager.default.moveItem(atPath: folder.path("a.trace"), toPath: folder.path("a.1"))
    try folder.append("\n0.3 <-- \"2\"", to: "a.1")
    try folder.write("0.4 <-- \"3\"\n", to: "a.trace")
    #expect(log.waits(for: 4))
    try log.end()
    #expect(
      log.seen == [
        "2 data hostToModem AT\\r", "3 data modemToHost 1", "4 data modemToHost 2", "5 data modemToHost 3",
      ])
  }

  @Test func aLogThatIsTruncated() throws {
    let folder = try LiveFolder()
    try folder.write("#!attrace 1\n0.1 --> \"AT\\r\"\n0.2 <-- \"12345\"\n", to: "a.trace")
    let log = try Following(folder.path("a.trace"))
    #expect(log.waits(for: 2))
    try FileHandle(forWritingTo: URL(filePath: folder.path("a.trace"))).truncate(atOffset: 0)
    #expect(log.waits(for: 3))
    try folder.append("0.3 <-- \"x\"\n", to: "a.trace")
    #expect(log.waits(for: 4))
    try log.end()
    #expect(log.seen.suffix(2) == ["3 gap unknown gap=the file was truncated", "4 data modemToHost x"])
  }

  @Test func aLogThatNobodyKnows() throws {
    let folder = try LiveFolder()
    try folder.write("nothing of a modem\n", to: "a.log")
    let log = try Following(folder.path("a.log"))
    do {
      try log.end()
      Issue.record("a shopping list is no log")
    } catch {
      #expect("\(error)".contains("not a recognised log"))
    }
  }

  @Test func whatIsNoFileIsRefused() throws {
    for path in ["/no/such.log", "/tmp", "/dev/null"] {
      let log = try Following(path)
      #expect(throws: CaptureError.self) { try log.end() }
    }
  }

  @Test func routesOfSerialServers() {
    #expect(NetworkRoute("7000:modem.local:4001")?.host == "modem.local")
    #expect(NetworkRoute("7000:modem.local:4001")?.address == "127.0.0.1")
    #expect(NetworkRoute("0.0.0.0:7000:10.0.0.5:4001")?.address == "0.0.0.0")
    #expect(NetworkRoute("[::1]:7000:[fe80::1]:4001")?.host == "fe80::1")
    for text in [
      "", "7000", "7000:host", "x:host:1", "7000::1", "7000:host:0", "70000:host:1", "[7000:host:1", "1:2:3:4:5",
    ] {
      #expect(NetworkRoute(text) == nil, "\(text)")
    }
  }
}
