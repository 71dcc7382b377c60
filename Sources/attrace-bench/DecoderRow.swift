import Decode
import Glibc
import Profile
import Sessions
import Trace

/// One payload decoder alone: chunks from memory go in, events come out, and the payload is counted.
struct DecoderRow: Sendable {
  let name: String
  /// What one batch of the session says; the host's and the modem's turns in order.
  let session: @Sendable (inout SerialLine) -> Void
  /// Payload bytes of one batch, as they must be found.
  let payload: Int

  private static let pieces = 64
  private static let block = (0..<16_384).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  static let all: [DecoderRow] = [
    DecoderRow(
      name: "DLE/ETX data",
      session: { line in
        line.host("AT+PUT\r")
        line.modem("\r\nOK\r\n\r\n+PUT: 2\r\n")
        let shielded = block.flatMap { $0 == 0x10 || $0 == 0x03 ? [0x10, $0] : [$0] }
        for _ in 0..<pieces { line.host(shielded, after: 0) }
        line.host([0x03])
        line.modem("\r\n+PUT: 1\r\n")
      }, payload: pieces * 16_384),
    DecoderRow(
      name: "counted blocks",
      session: { line in
        for _ in 0..<pieces {
          line.host("AT+SEND=1,2,16384\r", after: 0)
          line.modem("\r\nOK\r\n", after: 0)
          line.host(block, after: 0)
          line.modem("\r\n+SEND: 1\r\n\r\nOK\r\n", after: 0)
        }
      }, payload: pieces * 16_384), xmodem("XMODEM-CRC", 128), xmodem("XMODEM-1K", 1024),
    DecoderRow(
      name: "PPP frames",
      session: { line in
        line.host("AT+CALL\r")
        line.modem("\r\nCONNECT\r\n")
        let frame = Frames.ppp([0xFF, 0x03, 0x00, 0x21] + block[..<1400])
        for _ in 0..<pieces * 11 { line.host(frame, after: 0) }
        line.modem("\r\nNO CARRIER\r\n", after: 3000)
        line.host("AT\r")
        line.modem("\r\nOK\r\n")
      }, payload: pieces * 11 * 1404),
    DecoderRow(
      name: "multiplexed lines",
      session: { line in
        line.host("AT+MUX\r")
        line.modem("\r\nOK\r\n")
        line.host(Frames.mux(0, 0x3F) + Frames.mux(1, 0x3F))
        line.modem(Frames.mux(0, 0x73) + Frames.mux(1, 0x73))
        for _ in 0..<pieces * 20 {
          line.host(Frames.mux(1, 0xEF, Array("AT+RAW=1\r".utf8)), after: 0)
          line.modem(Frames.mux(1, 0xEF, Array("\r\nOK\r\n".utf8)), after: 0)
        }
      }, payload: 0),
    DecoderRow(
      name: "PDUs of messages",
      session: { line in
        let pdu =
          "0791000000000000040A91000000000000004250600101000005E8329BFD06"
        line.host("AT+LIST\r")
        for _ in 0..<pieces * 40 { line.modem("\r\n+LIST: 23\r\n\(pdu)\r\n", after: 0) }
        line.modem("\r\nOK\r\n")
      }, payload: pieces * 40 * 62),
  ]

  private static func xmodem(_ name: String, _ size: Int) -> DecoderRow {
    let count = pieces * 16_384 / size
    return DecoderRow(
      name: name,
      session: { line in
        line.modem([0x43], after: 3000)
        for number in 1...count {
          line.host(XModemLine.block(number, Array(block[..<size])), after: 0)
          line.modem([6], after: 0)
        }
        line.host([4])
        line.modem([6])
      }, payload: count * size)
  }

  /// Runs for a while and gives the line of the table; `nil` when what was found is not what went in.
  func run(seconds: Double) -> String? {
    let file = ManualFile(profile: "own", file: "own.yaml", bytes: Array(DataProfile.yaml.utf8))
    let book: Book
    do throws(ProfileError) { book = try Profiles.load(files: [file], library: []) } catch { return nil }
    var line = SerialLine()
    session(&line)
    let batch = line.session.batch
    let bytes = batch.bytes.count
    var events = EventBatch()
    var found = 0
    var rate = 0.0
    var rounds = 0
    let start = Self.now()
    var began = start
    while Self.now() - start < Int64(seconds * 1e9) || rate == 0 {
      var decoder = Decoder(book: book)
      decoder.decode(batch, into: &events)
      decoder.finish(into: &events)
      found = 0
      for event in events.events where event.kind == .data { found += Int(event.text.count) }
      guard found == payload, !events.events.contains(where: { $0.kind == .malformed }) else { return nil }
      events.removeAll()
      rounds += 1
      // The fastest stretch counts, as the fastest run does for the other rows.
      let spent = Self.now() - began
      guard spent >= Self.stretch else { continue }
      rate = max(rate, Double(bytes * rounds) * 1e3 / Double(spent))
      rounds = 0
      began = Self.now()
    }
    return Table.column("decoder: " + name, 44) + Table.column(String(Int(rate)), 18, right: true) + "\n"
  }

  /// So long a stretch is, in nanoseconds.
  private static let stretch: Int64 = 50_000_000

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
