import Measure
import Profile
import Sessions
import Testing
import Trace

/// Where the time of a transfer went, how much of it was overhead, and where it stood still.
@Suite struct TimeBudgetTests {
  private static func book() throws -> Book { try Books.own(DataProfile.yaml) }
  private static func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x41, count: count) }

  /// Three pieces of 96 bytes, 0.5 s and 2 s apart.
  private static func upload(_ header: String) -> Session {
    var line = SerialLine()
    line.host("AT+SEND=1,2,288\r")
    line.modem("\r\nOK\r\n")
    line.host(bytes(96), after: 900)
    line.host(bytes(96), after: 500)
    line.host(bytes(96), after: 2000)
    line.modem("\r\nOK\r\n", after: 50)
    return Session(header + line.text)
  }

  private func share(_ figures: TransferFigures, _ part: KeyPath<TimeBudget, Nanoseconds>) -> Double {
    figures.budget.share(part) ?? -1
  }

  private func expect(_ value: Double, _ wanted: Double) {
    #expect(abs(value - wanted) < 0.002, "\(value), not \(wanted)")
  }

  private func sum(_ figures: TransferFigures) -> Double {
    share(figures, \.line) + share(figures, \.modem) + share(figures, \.host) + share(figures, \.retransmitting)
      + share(figures, \.unknown)
  }

  @Test func bytesAndSilence() throws {
    let figures = try #require(Self.upload("#! baud 9600\n").measured(Self.book()).transfers.first)
    #expect(figures.duration == 2_500_000_000)
    // 288 bytes of ten bits at 9600 bit/s take 0.3 s of 2.5 s; the host sends whatever comes next.
    expect(share(figures, \.line), 0.12)
    expect(share(figures, \.host), 0.88)
    expect(sum(figures), 1)
    expect(figures.utilisation ?? 0, 0.12)
    #expect(figures.longestStall == 2_000_000_000)
    #expect(figures.stall?.start == Instant(nanoseconds: 1_540_000_000))
    #expect(figures.stall?.place == 7)
  }

  @Test func withoutRateTheBytesAreUnknown() throws {
    let figures = try #require(Self.upload("").measured(Self.book()).transfers.first)
    // The two pieces behind the first could have taken 0.2 s.
    expect(share(figures, \.unknown), 0.08)
    expect(share(figures, \.host), 0.92)
    expect(sum(figures), 1)
    #expect(figures.utilisation == nil)
  }

  @Test func withoutTimeThereIsNoBudget() throws {
    var line = SerialLine()
    line.host("AT+SEND=1,2,2\r")
    line.modem("\r\nOK\r\n")
    line.host("ab")
    line.modem("\r\nOK\r\n")
    let untimed = line.text.split(separator: "\n").map { "-" + $0.drop { $0 != " " } }.joined(separator: "\n")
    let figures = try #require(Session("#! baud 9600\n" + untimed).measured(Self.book()).transfers.first)
    #expect(figures.payloadBytes == 2)
    #expect(figures.budget.total == 0)
    #expect(figures.budget.share(\.line) == nil)
  }

  @Test func whoeverSpeaksNextWasWaitedFor() throws {
    var line = SerialLine()
    line.host("AT+TALK\r")
    line.modem("\r\nGo\r\n")
    line.host(Self.bytes(96), after: 500)
    line.modem(Self.bytes(96), after: 1000)
    line.host(Self.bytes(96), after: 1000)
    line.host([3], after: 0)
    line.modem("\r\nOK\r\n")
    let session = Session("#! baud 9600\n" + line.text)
    let figures = try #require(session.measured(Self.book()).transfers.first { $0.direction == .hostToModem })
    #expect(figures.duration == 2_000_000_000)
    // Within the first second pass the host's 0.1 s that are owed and the modem's 0.1 s.
    expect(share(figures, \.modem), 0.4)
    #expect(share(figures, \.host) > 0.44 && share(figures, \.host) < 0.46)
    expect(sum(figures), 1)
  }

  @Test func repeatedBlocksTakeTheirTime() throws {
    var line = SerialLine()
    line.modem([0x43], after: 3000)
    for number in 1...2 {
      line.host(XModemLine.block(number), after: 100)
      line.modem([6], after: 100)
    }
    var damaged = XModemLine.block(3)
    damaged[20] ^= 1
    line.host(damaged, after: 100)
    line.modem([0x15], after: 100)
    line.host(XModemLine.block(3), after: 1400)
    line.modem([6], after: 100)
    line.host([4], after: 100)
    line.modem([6], after: 100)
    let session = Session("#! baud 115200\n" + line.text)
    let figures = try #require(session.measured(Books.generic).transfers.first)
    #expect(figures.retransmissions == 1)
    #expect(figures.duration == 2_000_000_000)
    // From the first copy of block 3 to its second: 1.5 s.
    expect(share(figures, \.retransmitting), 0.75)
    expect(sum(figures), 1)
    #expect(figures.payloadBytes == 384)
    #expect(figures.protocolBytes == 4 * 133 - 384)
    #expect(share(figures, \.modem) > 0.1)
  }

  @Test func theFirstBlockMayBeTheRepeatedOne() throws {
    var line = SerialLine()
    line.modem([0x43], after: 3000)
    var damaged = XModemLine.block(1)
    damaged[20] ^= 1
    line.host(damaged, after: 100)
    line.modem([0x15], after: 100)
    line.host(XModemLine.block(1), after: 800)
    line.modem([6], after: 100)
    line.host([4], after: 100)
    line.modem([6], after: 100)
    let figures = try #require(Session("#! baud 115200\n" + line.text).measured(Books.generic).transfers.first)
    expect(share(figures, \.retransmitting), 0.9)
    expect(sum(figures), 1)
  }

  @Test func escapesAreToldFromTheEndMark() throws {
    var line = SerialLine()
    line.host("AT+PUT\r")
    line.modem("\r\nOK\r\n\r\n+PUT: 2\r\n")
    line.host([0x10, 3, 0x10, 0x10, 0x11, 0x10, 3, 3])
    line.modem("\r\n+PUT: 1\r\n")
    let figures = try #require(line.session.measured(Self.book()).transfers.first)
    #expect(figures.payloadBytes == 4)
    #expect(figures.escapeBytes == 3)
    #expect(figures.protocolBytes == 1)
    #expect(figures.wireBytes == 8)
  }

  @Test func aCommandSetsTheRate() throws {
    var line = SerialLine()
    line.host("AT+IPR=19200\r")
    line.modem("\r\nOK\r\n")
    line.host("AT+IPR=300\r")
    line.modem("\r\nERROR\r\n")
    let head = line.text
    for (header, before) in [("", nil), ("#! baud 9600\n", 9600)] as [(String, Int?)] {
      let first = try #require(Self.upload(header).measured(Self.book()).transfers.first)
      #expect(first.rate?.bitsPerSecond == before)
      let session = Session(header + head + Self.later(Self.upload(""), by: 1))
      let figures = try #require(session.measured(Self.book()).transfers.first)
      #expect(figures.rate?.bitsPerSecond == 19_200)
      #expect(figures.rate?.source == .command(place: header.isEmpty ? 3 : 4))
      expect(share(figures, \.line), 0.06)
    }
  }

  /// The lines of a session, some seconds later.
  private static func later(_ session: Session, by seconds: Int64) -> String {
    session.batch.chunks.map { chunk in
      let time = chunk.instant.advanced(by: seconds * 1_000_000_000).nanoseconds / 1_000_000
      let text = session.batch.bytes[chunk.start..<chunk.start + chunk.count]
      let fraction = String(time % 1000 + 1000).dropFirst()
      let arrow = chunk.direction == .hostToModem ? "-->" : "<--"
      let shown = text.map { byte in
        byte == 13 ? "\\r" : byte == 10 ? "\\n" : String(UnicodeScalar(byte))
      }
      return "\(time / 1000).\(fraction) \(arrow) \"\(shown.joined())\""
    }.joined(separator: "\n")
  }

  @Test func aClockThatIsSetBackLeavesSharesThatAddUp() throws {
    let text =
      "0.1 --> \"AT+SEND=1,2,6\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n5.0 --> \"ab\"\n7.0 --> \"cd\"\n"
      + "1.0 --> \"ef\"\n1.2 <-- \"\\r\\nOK\\r\\n\""
    let transfers = Session("#! baud 9600\n" + text).measured(try Self.book()).transfers
    #expect(transfers.count == 1)
    for figures in transfers {
      #expect(figures.budget.total >= 0)
      for part in [\TimeBudget.line, \.modem, \.host, \.retransmitting, \.unknown] as [KeyPath<TimeBudget, Nanoseconds>]
      {
        #expect(figures.budget[keyPath: part] >= 0)
      }
    }
  }
}
