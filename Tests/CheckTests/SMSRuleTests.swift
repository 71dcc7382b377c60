import Check
import Profile
import Sessions
import Testing

/// Short messages in PDU form: each rule with a PDU that breaks it, and PDUs that keep them all.
///
/// PDUs are put together here field by field, by the text of TS 23.040.
@Suite struct SMSRuleTests {
  /// What a test's PDU consists of.
  struct PDU {
    var first: UInt8 = 0x11
    var submit = true
    var coding: UInt8 = 0
    var stamp: [UInt8] = [0x62, 0x11, 0x12, 0x80, 0x51, 0x00, 0x40]
    var length: UInt8
    var data: [UInt8]

    var octets: [UInt8] {
      let address: [UInt8] = [0x0B, 0x91, 0x94, 0x71, 0x12, 0x32, 0x54, 0xF6]
      let head = submit ? [first, 0] + address + [0, coding, 0xA7] : [first] + address + [0, coding] + stamp
      return head + [length] + data
    }

    /// Without a service centre.
    var digits: String { ([0] + octets).map { byte in Self.hex(byte) }.joined() }
    static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
  }

  static func septets(_ text: String, header: [UInt8] = []) -> PDU {
    let values = text.utf8.map { $0 }
    let skipped = (header.count * 8 + 6) / 7
    var octets = header + [UInt8](repeating: 0, count: ((skipped + values.count) * 7 + 7) / 8 - header.count)
    for (index, value) in values.enumerated() {
      let bit = (skipped + index) * 7
      octets[bit / 8] |= value << UInt8(bit % 8)
      if bit % 8 > 1 { octets[bit / 8 + 1] |= value >> UInt8(8 - bit % 8) }
    }
    return PDU(length: UInt8(skipped + values.count), data: octets)
  }

  static func send(_ pdu: PDU, length: Int? = nil) -> Session {
    var line = SerialLine()
    line.host("AT+CMGF=0\r")
    line.modem("\r\nOK\r\n")
    line.host("AT+CMGS=\(length ?? pdu.octets.count)\r")
    line.modem("\r\n> ")
    line.host(pdu.digits + "\u{1A}")
    line.modem("\r\n+CMGS: 1\r\n\r\nOK\r\n", after: 1500)
    return line.session
  }

  static func come(_ digits: String, length: Int) -> Session {
    var line = SerialLine()
    line.modem("\r\n+CMT: ,\(length)\r\n\(digits)\r\n")
    return line.session
  }

  static var deliver: PDU {
    var pdu = septets("pump 4 stopped")
    pdu.submit = false
    pdu.first = 0x04
    return pdu
  }

  static func part(_ number: UInt8, of count: UInt8, _ text: String) -> PDU {
    var pdu = septets(text, header: [5, 0, 3, 9, count, number])
    pdu.first = 0x51
    return pdu
  }

  static let breaches: [(rule: String, session: Session)] = [
    ("sms.length", send(septets("hello"), length: 30)), ("sms.length", come(deliver.digits, length: 20)),
    ("sms.digits", come("no digits at all", length: 28)),
    ("sms.incomplete", come("0004", length: 1)),
    (
      "sms.user-data-length",
      {
        var pdu = septets("hello")
        pdu.length = 9
        return send(pdu)
      }()
    ),
    ("sms.too-long", send(septets(String(repeating: "a", count: 161)))),
    (
      "sms.timestamp",
      {
        var pdu = deliver
        pdu.stamp[1] = 0x31
        return come(pdu.digits, length: pdu.octets.count)
      }()
    ), ("sms.part-number", send(part(4, of: 3, "x"))),
    (
      "sms.part-repeated",
      {
        var line = SerialLine()
        for (number, text) in [(1, "one"), (2, "two"), (2, "three")] {
          let pdu = part(UInt8(number), of: 3, text)
          line.host("AT+CMGS=\(pdu.octets.count)\r")
          line.modem("\r\n> ")
          line.host(pdu.digits + "\u{1A}")
          line.modem("\r\n+CMGS: 1\r\n\r\nOK\r\n", after: 1500)
        }
        return line.session
      }()
    ),
  ]

  @Test func brokenIsFound() {
    for (rule, session) in Self.breaches {
      let outcome = session.outcome(Books.generic)
      #expect(outcome.allRules.contains(rule), "\(rule): \(outcome.findings)")
      #expect(session.cutIntoBytes().outcome(Books.generic, together: false).findings == outcome.findings)
    }
  }

  @Test func keptIsSilent() {
    var data = Self.septets("")
    data.coding = 8
    data.data = [0x27, 0x03, 0xD8, 0x3D, 0xDE, 0x80]
    data.length = 6
    let kept = [
      Self.send(Self.septets("hello")), Self.send(Self.septets(String(repeating: "a", count: 160))), Self.send(data),
      Self.send(Self.part(1, of: 2, String(repeating: "b", count: 153))),
      Self.come(Self.deliver.digits, length: Self.deliver.octets.count),
    ]
    for session in kept { #expect(session.outcome(Books.generic).rules == []) }
  }

  @Test func textsAreRead() {
    func text(_ session: Session) -> String? {
      session.outcome(Books.generic).events.first { $0.hasPrefix("payload") }?.split(separator: "\"").last.map(
        String.init)
    }
    #expect(text(Self.send(Self.septets("hello, world"))) == "hello, world")
    #expect(text(Self.send(Self.part(2, of: 3, "the second part"))) == "the second part")
    #expect(text(Self.come(Self.deliver.digits, length: 33)) == "pump 4 stopped")
    var extended = Self.septets("\u{1B}e5 \u{1B}(x\u{1B})")
    #expect(text(Self.send(extended)) == "\\xE2\\x82\\xAC5 {x}")
    extended.coding = 8
    extended.data = [0x00, 0x41, 0xD8, 0x3D, 0xDE, 0x80]
    extended.length = 6
    #expect(text(Self.send(extended)) == "A\\xF0\\x9F\\x9A\\x80")
  }

  /// In text mode digits are text.
  @Test func textModeIsNoPDU() {
    var line = SerialLine()
    line.host("AT+CMGF=1\r")
    line.modem("\r\nOK\r\n")
    line.host("AT+CMGS=\"+491770000000\"\r")
    line.modem("\r\n> ")
    line.host("1234567890\u{1A}")
    line.modem("\r\n+CMGS: 1\r\n\r\nOK\r\n", after: 1500)
    #expect(line.session.outcome(Books.generic).rules == [])
  }
}
