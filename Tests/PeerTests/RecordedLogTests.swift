import Capture
import Glibc
import Testing
import Trace

/// Logs that programs of Debian write here and now are recognised, and hold what was said.
@Suite(.serialized) struct RecordedLogTests {
  struct Reading {
    var format: String
    var facts: LogFacts
    var batch = ChunkBatch()

    /// The bytes of a log as its reader finds them.
    init(_ log: [UInt8]) throws {
      guard case .found(let found, _, _) = Detection.detect(log) else {
        throw CaptureError("not recognised: \(String(decoding: log.prefix(400), as: UTF8.self))")
      }
      format = found.name
      var reader = found.makeReader()
      reader.read(log.span, into: &batch)
      reader.finish(into: &batch)
      facts = reader.facts
    }

    func text(_ direction: Direction) -> String {
      let bytes = batch.chunks.filter { $0.kind == .data && $0.direction == direction }
        .flatMap { batch.bytes[$0.start..<($0.start + $0.count)] }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Runs a line of the shell in which `LOG` is the file that it writes.
  private func recorded(_ script: String) throws -> Reading {
    let folder = Folder()
    let log = folder.path("log")
    Folder.write(Array(Self.modem.utf8), to: folder.path("modem"))
    _ = try #require(
      Peer.output(["sh", "-c", "LOG=\(log); MODEM=\(folder.path("modem")); " + script]),
      "a program is missing, or failed: \(script)")
    return try Reading(Folder.bytes(log))
  }

  /// A modem of one answer, on the other side of socat.
  private static let modem = #"""
    head -c 7 >/dev/null
    printf 'AT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n'

    """#

  @Test(arguments: ["-v", "-x", "-x -v"]) func socat(flags: String) throws {
    let reading = try recorded(
      #"printf 'AT+CSQ\r' | socat "# + flags + #" -t 2 - EXEC:"sh $MODEM" 2>"$LOG" >/dev/null"#)
    #expect(reading.format == "socat")
    #expect(reading.text(.hostToModem) == "AT+CSQ\r")
    #expect(reading.text(.modemToHost) == "AT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n")
    #expect(reading.facts.resolution.hasTime)
  }

  @Test func strace() throws {
    let reading = try recorded(
      #"printf 'AT+CSQ\r' | strace -o "$LOG" -tt -xx -s 100 -e trace=read,write cat >/dev/null"#)
    #expect(reading.format == "strace")
    #expect(reading.text(.hostToModem) == "AT+CSQ\r")
  }

  @Test func script() throws {
    let reading = try recorded(
      #"script -qec "printf 'AT+CSQ\r\n+CSQ: 21,99\n\nOK\n'" "$LOG" >/dev/null </dev/null"#)
    #expect(reading.format == "raw")
    #expect(reading.text(.unknown).contains("AT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n"))
    #expect(reading.batch.chunks.contains { $0.kind == .remark }, "its first line is no byte of the line")
  }

  /// `ts` before a log without time gives it one.
  @Test func timeBeforeLines() throws {
    let reading = try recorded(
      #"printf -- '--> Sending: ATZ\nATZ\nOK\n--> Sending: AT+CSQ\n+CSQ: 21,99\nOK\n' | ts '%Y-%m-%d %H:%M:%.S' >"$LOG""#
    )
    #expect(reading.format == "stamped+wvdial")
    #expect(reading.text(.hostToModem) == "ATZ\rAT+CSQ\r")
    #expect(reading.facts.resolution.step == 1_000)
  }
}
