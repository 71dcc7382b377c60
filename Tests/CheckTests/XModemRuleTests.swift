import Check
import Sessions
import Testing

/// Each rule of XMODEM with a transfer that breaks it; the transfers that keep them all raise nothing.
@Suite struct XModemRuleTests {
  /// A transfer of four blocks; a closure says what happens instead of block 3.
  private static func transfer(
    start: String = "C", check: XModemLine.Check = .crc, _ third: (inout SerialLine) -> Void = { $0.good(3) },
    then rest: Bool = true
  ) -> Session {
    var line = SerialLine()
    let ask: [UInt8] = start == "C" ? [0x43] : [0x15]
    line.modem(ask, after: 3000)
    line.modem(ask, after: start == "C" ? 3000 : 10_000)
    line.good(1, check)
    line.good(2, check)
    third(&line)
    if rest {
      line.good(4, check)
      line.host([4])
      line.modem([6])
    }
    line.host("AT\r", after: 20_000)
    line.modem("\r\nOK\r\n")
    return line.session
  }

  struct Breach: CustomTestStringConvertible, Sendable {
    let rule: String
    let session: Session
    var testDescription: String { rule }
  }

  static let breaches: [Breach] = [
    Breach(
      rule: "xmodem.start-cadence",
      session: {
        var line = SerialLine()
        for _ in 0..<3 { line.modem([0x43], after: 9000) }
        line.good(1)
        line.host([4])
        line.modem([6])
        return line.session
      }()),
    Breach(rule: "xmodem.block-number", session: transfer { $0.good(7) }),
    Breach(
      rule: "xmodem.block-complement",
      session: transfer { line in
        var block = XModemLine.block(3)
        block[2] ^= 8
        line.answered(block)
      }),
    Breach(rule: "xmodem.block-crc", session: transfer { $0.answered(damaged(XModemLine.block(3))) }),
    Breach(
      rule: "xmodem.block-checksum",
      session: transfer(start: "N", check: .sum, { $0.answered(damaged(XModemLine.block(3, nil, .sum))) })),
    Breach(rule: "xmodem.crc-order", session: transfer { $0.answered(XModemLine.block(3, nil, .swapped)) }),
    Breach(rule: "xmodem.check-mode", session: transfer { $0.answered(XModemLine.block(3, nil, .sum)) }),
    Breach(
      rule: "xmodem.long-with-checksum",
      session: transfer(start: "N", check: .sum) { $0.answered(XModemLine.block(3, XModemLine.data(3, count: 1024))) }),
    Breach(
      rule: "xmodem.head-length",
      session: transfer { $0.answered(XModemLine.block(3, XModemLine.data(3, count: 1024), head: 1)) }),
    Breach(rule: "xmodem.short-block", session: transfer { $0.answered(Array(XModemLine.block(3).dropLast(40))) }),
    Breach(rule: "xmodem.long-block", session: transfer { $0.answered(XModemLine.block(3) + [0, 0, 0]) }),
    Breach(
      rule: "xmodem.character-timeout",
      session: transfer { line in
        line.host(Array(XModemLine.block(3).prefix(50)))
        line.host(Array(XModemLine.block(3).dropFirst(50)), after: 3000)
        line.modem([6])
      }),
    Breach(
      rule: "xmodem.resend-differs",
      session: transfer { line in
        line.host(XModemLine.block(3))
        line.answered(XModemLine.block(3, XModemLine.data(9)), after: 10_000)
      }),
    Breach(
      rule: "xmodem.size-changed",
      session: transfer { line in
        line.answered(damaged(XModemLine.block(3, XModemLine.data(3, count: 1024))), by: 0x15)
        line.good(3)
      }),
    Breach(
      rule: "xmodem.duplicate-refused",
      session: transfer { line in
        line.answered(XModemLine.block(2), by: 0x15)
        line.good(3)
      }),
    Breach(
      rule: "xmodem.surplus-answer",
      session: transfer { line in
        line.good(3)
        line.modem([6])
      }),
    Breach(
      rule: "xmodem.retries",
      session: transfer { line in
        for _ in 0..<11 { line.answered(damaged(XModemLine.block(3)), by: 0x15) }
        line.good(3)
      }),
    Breach(
      rule: "xmodem.after-cancel",
      session: transfer { line in
        line.modem([0x18, 0x18])
        line.good(3)
      }),
    Breach(
      rule: "xmodem.end-unanswered",
      session: transfer(
        { line in
          line.good(3)
          line.host([4])
          line.modem([0x15])
        }, then: false)),
    Breach(
      rule: "xmodem.header-block",
      session: {
        var line = SerialLine()
        line.modem([0x43], after: 3000)
        line.good(0)
        line.modem([0x43])
        line.good(1)
        line.host([4])
        line.modem([6])
        return line.session
      }()),
    Breach(rule: "xmodem.unfinished", session: transfer({ $0.host(XModemLine.block(3)) }, then: false)),
    Breach(rule: "xmodem.cancelled", session: transfer({ $0.modem([0x18, 0x18, 0x18]) }, then: false)),
  ]

  private static func damaged(_ block: [UInt8]) -> [UInt8] {
    var block = block
    block[40] ^= 0x10
    return block
  }

  @Test(arguments: breaches) func brokenIsFound(_ breach: Breach) {
    let outcome = breach.session.outcome(Books.generic)
    #expect(outcome.allRules.contains(breach.rule), "seen: \(outcome.findings)")
  }

  @Test(arguments: breaches) func cutsMakeNoDifference(_ breach: Breach) {
    let whole = breach.session.outcome(Books.generic)
    for cut in [breach.session.cutIntoBytes(), breach.session.cut(everyChunkAt: 2)] {
      let outcome = cut.outcome(Books.generic, together: false)
      #expect(outcome.essentials == whole.essentials)
      #expect(outcome.findings == whole.findings)
      #expect(outcome.transfers == whole.transfers)
    }
  }

  /// What a line with noise is like, and what the protocol allows.
  @Test func keptIsSilent() {
    let kept: [Session] = [
      Self.transfer(), Self.transfer(start: "N", check: .sum, { $0.good(3, .sum) }),
      Self.transfer { $0.answered(XModemLine.block(3, XModemLine.data(3, count: 1024))) },
      Self.transfer { line in
        line.answered(Self.damaged(XModemLine.block(3)), by: 0x15)
        line.good(3)
      },
      Self.transfer { line in
        // The ACK was lost on the way to the host.
        line.good(3)
        line.answered(XModemLine.block(3), after: 10_000)
      },
      Self.transfer { line in
        // The tap did not see the ACK either.
        line.host(XModemLine.block(3))
        line.answered(XModemLine.block(3), after: 10_000)
      },
      Self.transfer(
        { line in
          line.good(3)
          line.host([4])
          line.modem([0x15])
          line.host([4])
          line.modem([6])
        }, then: false),
      Self.transfer { line in
        // A lost head: the block passes as noise, and is refused once the line is quiet.
        line.host(Array(XModemLine.block(3).dropFirst()))
        line.modem([0x15], after: 1500)
        line.good(3)
      },
    ]
    for session in kept {
      let outcome = session.outcome(Books.generic)
      #expect(outcome.rules == [], "\(outcome.findings)")
      #expect(outcome.transfers.count == 1)
      #expect(outcome.transfers.first?.contains("complete") == true, "\(outcome.transfers)")
    }
  }

  @Test func aModemMaySendAsWell() {
    var line = SerialLine()
    line.host([0x43], after: 3000)
    line.host([0x43], after: 3000)
    for number in 1...3 {
      line.modem(XModemLine.block(number))
      line.host([6])
    }
    line.modem([4])
    line.host([6])
    let outcome = line.session.outcome(Books.generic)
    #expect(outcome.rules == [])
    #expect(outcome.transfers.first?.contains("modemToHost 384 bytes complete") == true, "\(outcome.transfers)")
  }
}

extension SerialLine {
  /// A block that is acknowledged.
  mutating func good(_ number: Int, _ check: XModemLine.Check = .crc) {
    answered(XModemLine.block(number, nil, check))
  }

  mutating func answered(_ block: [UInt8], by answer: UInt8 = 6, after pause: Int = 20) {
    host(block, after: pause)
    modem([answer])
  }
}
