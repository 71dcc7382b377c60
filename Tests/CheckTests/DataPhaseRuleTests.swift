import Check
import Profile
import Sessions
import Testing

/// Data phases as an invented modem has them: escaped, transparent, in a line, behind an OK.
@Suite struct DataPhaseRuleTests {
  static let yaml = DataProfile.yaml

  static func book() throws -> Book { try Books.own(yaml) }

  static let ok = "\r\nOK\r\n"

  private static func put(_ bytes: [UInt8]) -> Session {
    var line = SerialLine()
    line.host("AT+PUT\r")
    line.modem(ok + "\r\n+PUT: 2\r\n")
    line.host(bytes)
    line.modem("\r\n+PUT: 1\r\n", after: 500)
    line.host("AT+RAW=0\r")
    line.modem(ok)
    return line.session
  }

  private static func get(_ bytes: [UInt8]) -> Session {
    var line = SerialLine()
    line.host("AT+GET\r")
    line.modem(ok + "\r\n+GET: 2\r\n")
    line.modem(bytes)
    line.modem("\r\n+GET: 1\r\n", after: 500)
    line.host("AT+RAW=0\r")
    line.modem(ok)
    return line.session
  }

  private static func talk(raw: Bool, _ say: (inout SerialLine) -> Void) -> Session {
    var line = SerialLine()
    line.host("AT+RAW=\(raw ? 1 : 0)\r")
    line.modem(ok)
    line.host("AT+TALK\r")
    line.modem("\r\nGo\r\n")
    say(&line)
    line.host("AT+RAW=0\r")
    line.modem(ok)
    return line.session
  }

  private static func pipe(_ bytes: [UInt8]) -> Session {
    var line = SerialLine()
    line.host("AT+PACK=1\r")
    line.modem(ok)
    line.host("AT+PIPE\r")
    line.modem(ok)
    line.host(bytes)
    line.modem("\r\n+END: 1\r\n")
    return line.session
  }

  static let breaches: [(rule: String, session: Session)] = [
    ("dle.undefined-escape", put([0x41, 0x10, 0x42, 0x03])), ("dle.undefined-escape", get([0x41, 0x10, 0x42, 0x03])),
    ("dle.bare-etx", put([0x41, 0x03, 0x42, 0x43, 0x03])), ("dle.bare-etx", get([0x41, 0x03, 0x42, 0x43, 0x03])),
    (
      "dle.dangling",
      talk(raw: false) { line in
        line.modem([0x41, 0x10])
        line.host([0x03])
        line.modem("\r\nClosed\r\n\r\nOK\r\n")
      }
    ),
    (
      "xmodem.no-block",
      {
        var line = SerialLine()
        line.host("AT+LOAD\r")
        line.modem("\r\n> ")
        line.modem([0x43], after: 1000)
        line.host("**B00000000000000 and what follows")
        line.host("AT\r", after: 10_000)
        return line.session
      }()
    ), ("transparent.undefined-escape", pipe([0x41, 0x7D, 0x42, 0x7E])),
  ]

  @Test func brokenIsFound() throws {
    let book = try Self.book()
    for (rule, session) in Self.breaches {
      let outcome = session.outcome(book)
      #expect(outcome.allRules.contains(rule), "\(rule): \(outcome.findings)")
      #expect(session.cutIntoBytes().outcome(book, together: false).findings == outcome.findings, "\(rule)")
    }
  }

  private func expect(
    _ session: Session, _ transfers: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let book = try Self.book()
    let outcome = session.outcome(book)
    #expect(outcome.rules == [], "\(outcome.findings)", sourceLocation: sourceLocation)
    let seen = outcome.transfers.map { $0.split(separator: " ").dropFirst().prefix(5).joined(separator: " ") }
    #expect(seen == transfers, sourceLocation: sourceLocation)
    for cut in [session.cutIntoBytes(), session.cut(everyChunkAt: 3)] {
      let other = cut.outcome(book, together: false)
      #expect(other.essentials == outcome.essentials, sourceLocation: sourceLocation)
      #expect(other.findings == outcome.findings, sourceLocation: sourceLocation)
      #expect(other.transfers == outcome.transfers, sourceLocation: sourceLocation)
    }
  }

  @Test func escapesAreTakenOut() throws {
    // 03 10 11 03 travels as 10 03 10 10 11 10 03.
    let vector: [UInt8] = [0x10, 0x03, 0x10, 0x10, 0x11, 0x10, 0x03, 0x03]
    try expect(Self.put(vector), ["ftp hostToModem 4 bytes complete"])
    try expect(Self.get(vector), ["ftp modemToHost 4 bytes complete"])
  }

  @Test func bothSidesTalk() throws {
    let session = Self.talk(raw: false) { line in
      line.host([0x41, 0x10, 0x10, 0x42])
      line.modem([0x10, 0x03, 0x0D, 0x0A, 0x43, 0x6C])
      line.modem([0x03])
      line.modem("\r\nClosed\r\n\r\nOK\r\n")
    }
    try expect(session, ["tcp hostToModem 3 bytes complete", "tcp modemToHost 5 bytes complete"])
  }

  @Test func rawDataEndWithALine() throws {
    let session = Self.talk(raw: true) { line in
      line.host([0x41, 0x03, 0x10])
      line.modem([0x10, 0x03] + Array("\r\nClo\r\nClosing\r\n".utf8))
      line.modem("\r\nClosed\r\n\r\nOK\r\n")
    }
    try expect(session, ["tcp hostToModem 3 bytes complete", "tcp modemToHost 18 bytes complete"])
  }

  @Test func packetsAreUnstuffed() throws {
    try expect(Self.pipe([0x41, 0x7D, 0x5D, 0x7D, 0x5E, 0x7E, 0x42, 0x7E]), ["udp hostToModem 4 bytes complete"])
  }

  @Test func anOKMayOpenData() throws {
    var line = SerialLine()
    line.host("AT+SEND=1,2,6\r")
    line.modem(Self.ok)
    line.host("\r\nOK\r\n")
    line.modem("\r\n+SEND: 1\r\n\r\nOK\r\n")
    line.host("AT+SEND=1,0,6\r")
    line.modem("\r\n+SEND: 1\r\n\r\nOK\r\n")
    try expect(line.session, ["tcp hostToModem 6 bytes complete"])
  }

  @Test func payloadMayStandInALine() throws {
    var line = SerialLine()
    line.modem("\r\n+IN: 1,7,a,\r\nOK\r\r\n")
    line.host("AT+RAW=0\r")
    line.modem(Self.ok)
    try expect(line.session, ["tcp modemToHost 7 bytes complete"])
  }

  @Test func aDotEndsAMail() throws {
    var line = SerialLine()
    line.host("AT+MAIL\r")
    line.modem("\r\nMail\r\n")
    line.modem("From: a\r\n\r\nOK\r\n..\r\n.\r\n")
    line.modem(Self.ok)
    try expect(line.session, ["mail modemToHost 22 bytes complete"])
  }

  @Test func aMailWithoutItsDotIsFound() throws {
    var line = SerialLine()
    line.host("AT+MAIL\r")
    line.modem("\r\nMail\r\n")
    line.modem("From: a\r\n\r\nbody\r\n")
    line.modem(Self.ok)
    line.host("AT+RAW=0\r", after: 2000)
    line.modem(Self.ok)
    #expect(line.session.outcome(try Self.book()).rules == ["at.data-unfinished"])
  }

  @Test func nothingComesBehindSomeTransfers() throws {
    var line = SerialLine()
    line.host("AT+LOAD\r")
    line.modem("\r\n> ")
    line.modem([0x43], after: 1000)
    line.host(XModemLine.block(1))
    line.modem([6])
    line.host([4])
    line.modem([6])
    line.host("AT+RAW=0\r", after: 60_000)
    line.modem(Self.ok)
    try expect(line.session, ["xmodem hostToModem 128 bytes complete"])
  }
}
