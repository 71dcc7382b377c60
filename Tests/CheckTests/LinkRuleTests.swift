import Check
import Profile
import Sessions
import Testing

/// PPP and the multiplexer: each rule with a session that breaks it, and sessions that keep them all.
@Suite struct LinkRuleTests {
  // MARK: PPP

  /// RFC 1662, bit by bit.
  static func frame(_ content: [UInt8], damaged: Bool = false) -> [UInt8] {
    var crc: UInt16 = 0xFFFF
    for byte in content {
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0x8408 : crc >> 1 }
    }
    crc = ~crc
    var bytes = content + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
    if damaged { bytes[bytes.count - 3] ^= 1 }
    var out: [UInt8] = [0x7E]
    for byte in bytes {
      if byte < 0x20 || byte == 0x7D || byte == 0x7E { out += [0x7D, byte ^ 0x20] } else { out.append(byte) }
    }
    return out + [0x7E]
  }

  static func lcp(_ code: UInt8, _ id: UInt8, _ data: [UInt8] = []) -> [UInt8] { packet(0xC021, code, id, data) }
  static func packet(_ number: UInt16, _ code: UInt8, _ id: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    [0xFF, 0x03, UInt8(number >> 8), UInt8(number & 0xFF), code, id, 0, UInt8(4 + data.count)] + data
  }

  static func call(_ say: (inout SerialLine) -> Void) -> Session {
    var line = SerialLine()
    line.host("ATD*99#\r")
    line.modem("\r\nCONNECT\r\n")
    say(&line)
    line.modem("\r\nNO CARRIER\r\n", after: 3000)
    line.host("AT\r")
    line.modem("\r\nOK\r\n")
    return line.session
  }

  private static func open(_ line: inout SerialLine) {
    line.host(frame(lcp(1, 1, [5, 6, 1, 2, 3, 4])))
    line.modem(frame(lcp(2, 1, [5, 6, 1, 2, 3, 4])))
    line.modem(frame(lcp(1, 1, [1, 4, 5, 0xDC])))
    line.host(frame(lcp(2, 1, [1, 4, 5, 0xDC])))
  }

  private static func address(_ line: inout SerialLine) {
    line.host(frame(packet(0x8021, 1, 1, [3, 6, 10, 0, 0, 2])))
    line.modem(frame(packet(0x8021, 2, 1, [3, 6, 10, 0, 0, 2])))
    line.modem(frame(packet(0x8021, 1, 1, [3, 6, 10, 0, 0, 1])))
    line.host(frame(packet(0x8021, 2, 1, [3, 6, 10, 0, 0, 1])))
  }

  static let datagram: [UInt8] = [0xFF, 0x03, 0x00, 0x21, 0x45] + [UInt8](repeating: 0x7E, count: 20)

  static var whole: Session {
    call { line in
      open(&line)
      address(&line)
      for _ in 0..<3 {
        line.host(frame(datagram))
        line.modem(frame(datagram))
      }
      line.host(frame(lcp(5, 9)))
      line.modem(frame(lcp(6, 9)))
    }
  }

  // MARK: Multiplexer

  /// 27.010, 5.2.1.6, bit by bit.
  static func check(_ bytes: [UInt8]) -> UInt8 {
    var crc: UInt8 = 0xFF
    for byte in bytes {
      crc ^= byte
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0xE0 : crc >> 1 }
    }
    return 0xFF - crc
  }

  static func mux(_ channel: UInt8, _ control: UInt8, _ info: [UInt8] = [], command: Bool = true) -> [UInt8] {
    let head = [channel << 2 | (command ? 3 : 1), control, UInt8(info.count << 1 | 1)]
    return [0xF9] + head + info + [check(head), 0xF9]
  }

  static func advanced(_ channel: UInt8, _ control: UInt8, _ info: [UInt8] = []) -> [UInt8] {
    let head = [channel << 2 | 3, control]
    let body = head + info + [check(head)]
    return [0x7E] + body.flatMap { $0 == 0x7E || $0 == 0x7D ? [0x7D, $0 ^ 0x20] : [$0] } + [0x7E]
  }

  static func line(_ say: (inout SerialLine) -> Void) -> Session {
    var line = SerialLine()
    line.host("AT+CMUX=0\r")
    line.modem("\r\nOK\r\n")
    for channel in [UInt8(0), 1, 2] {
      line.host(mux(channel, 0x3F))
      line.modem(mux(channel, 0x73))
    }
    say(&line)
    line.host(mux(0, 0xEF, [0xC3, 0x01]))
    line.modem(mux(0, 0xEF, [0xC1, 0x01]))
    line.host("AT\r", after: 1000)
    line.modem("\r\nOK\r\n")
    return line.session
  }

  static func ask(_ line: inout SerialLine, _ channel: UInt8, _ text: String, _ answer: String) {
    line.host(mux(channel, 0xEF, Array((text + "\r").utf8)))
    line.modem(mux(channel, 0xEF, Array("\r\n\(answer)\r\n".utf8)))
    line.modem(mux(channel, 0xEF, Array("\r\nOK\r\n".utf8)))
  }

  static let breaches: [(rule: String, session: Session)] = [
    (
      "ppp.frame-check",
      call { line in
        open(&line)
        line.host(frame(datagram, damaged: true))
      }
    ),
    (
      "ppp.early-data",
      call { line in
        line.host(frame(lcp(1, 1)))
        line.host(frame(datagram))
      }
    ),
    (
      "ppp.refused",
      call { line in
        open(&line)
        line.host(frame(packet(0xC023, 1, 1, [1, 0x61, 1, 0x62])))
        line.modem(frame(packet(0xC023, 3, 1, [0])))
      }
    ),
    ("ppp.unanswered", call { line in for id in 1...11 { line.host(frame(lcp(1, UInt8(id)))) } }),
    ("ppp.ended", whole),
    (
      "mux.frame-check",
      line { line in
        var frame = mux(1, 0xEF, Array("AT\r".utf8))
        frame[frame.count - 2] ^= 1
        line.host(frame)
      }
    ),
    ("mux.skipped", line { $0.modem("\r\nRING\r\n") }),
    ("mux.not-open", line { $0.host(mux(5, 0xEF, Array("AT\r".utf8))) }),
    (
      "mux.refused",
      line { line in
        line.host(mux(9, 0x3F))
        line.modem(mux(9, 0x1F))
      }
    ),
    ("mux.too-long", line { $0.host(mux(1, 0xEF, [UInt8](repeating: 0x20, count: 40))) }),
  ]

  @Test func brokenIsFound() {
    for (rule, session) in Self.breaches {
      let outcome = session.outcome(Books.generic)
      #expect(outcome.allRules.contains(rule), "\(rule): \(outcome.findings)")
      let cut = session.cutIntoBytes().outcome(Books.generic, together: false)
      #expect(cut.findings == outcome.findings, "\(rule)")
      #expect(cut.essentials == outcome.essentials, "\(rule)")
    }
  }

  @Test func aWholeLinkIsSilent() {
    let outcome = Self.whole.outcome(Books.generic)
    #expect(outcome.rules == [], "\(outcome.findings)")
    #expect(
      outcome.findings.contains { $0.contains("16 frames (0 damaged): the host ended it") }, "\(outcome.findings)")
    #expect(outcome.transfers.count == 2)
    #expect(outcome.transfers.allSatisfy { $0.contains(" ppp ") }, "\(outcome.transfers)")
  }

  @Test func otherCallsStayBytes() {
    let session = Self.call { line in
      line.host("hello")
      line.modem("~")
      line.modem("welcome")
    }
    let outcome = session.outcome(Books.generic)
    #expect(outcome.rules == [])
    #expect(outcome.transfers.allSatisfy { $0.contains(" transparent ") }, "\(outcome.transfers)")
  }

  @Test func eachChannelIsASession() {
    let session = Self.line { line in
      Self.ask(&line, 1, "AT+CSQ", "+CSQ: 20,0")
      Self.ask(&line, 2, "AT+CSQ", "+CSQ: 200,0")
    }
    let outcome = session.outcome(Books.generic)
    #expect(outcome.rules == ["at.response-shape"], "\(outcome.findings)")
    #expect(outcome.events.count { $0.hasPrefix("final") } == 4)
  }

  @Test func theAdvancedOptionEscapes() {
    var line = SerialLine()
    line.host("AT+CMUX=1\r")
    line.modem("\r\nOK\r\n")
    line.host(Self.advanced(0, 0x3F) + Self.advanced(1, 0x3F))
    line.modem(Self.advanced(0, 0x73) + Self.advanced(1, 0x73))
    line.host(Self.advanced(1, 0xEF, Array("AT+CSQ\r".utf8)))
    line.modem(Self.advanced(1, 0xEF, Array("\r\n+CSQ: 20,0\r\n\r\nOK\r\n".utf8)))
    let outcome = line.session.outcome(Books.generic)
    #expect(outcome.rules == [], "\(outcome.findings)")
    #expect(outcome.events.count { $0.hasPrefix("final") } == 2)
  }
}
