import Testing

@testable import Capture

@Suite("Detection")
struct DetectionTests {
  private func name(_ bytes: [UInt8]) -> String? {
    guard case .found(let format, _, _) = Detection.detect(bytes) else { return nil }
    return format.name
  }

  private func name(_ text: String) -> String? { name([UInt8](text.utf8)) }

  private func reason(_ bytes: [UInt8]) -> Unrecognised? {
    guard case .unrecognised(let why) = Detection.detect(bytes) else { return nil }
    return why
  }

  private func reason(_ text: String) -> Unrecognised? { reason([UInt8](text.utf8)) }

  @Test func `the project's own format, with and without its first line`() {
    #expect(name("#!attrace 1\n") == "trace")
    #expect(name("#!attrace 1\n0 --> \"AT\\r\"\n") == "trace")
    #expect(name("\u{FEFF}#!attrace 1\r\n0 --> \"AT\\r\"\r\n") == "trace")
    #expect(name("0 --> \"AT\\r\"\n0.1 uart <-- \"OK\\r\\n\"\nbroken\n") == "trace")
  }

  @Test(arguments: [
    "AT\r\r\nOK\r\n", "at+cfun=0\n\nOK\n", "ATI=?\rMaker\r\n4\rATI\rMaker\r\n0\r", "RING\n\n+CLIP: \"1\",129\n",
    "OK\r\n",
    "Welcome to minicom 2.8\r\n\r\nOPTIONS: I18n\r\nPort /dev/ttyUSB0\r\n\r\nAT+CSQ\r\n+CSQ: 1,99\r\n\r\nOK\r\n",
    ">\nATE0\n>\nATE0\n",
  ])
  func `raw logs`(text: String) {
    #expect(name(text) == "raw")
  }

  @Test(arguments: [
    "At the beginning there was a modem.\nIt was attached to a line.\n", "\n\n\n", "{\"a\": 1}\n",
    "0100\r41 00 BE 3E F8 11\r\r>010C\r41 0C 0B DC\r\r>0140\rNO DATA\r\r>", "<html>\n<body>AT+CSQ</body>\n",
  ])
  func `text that is none`(text: String) {
    #expect(name(text) == nil)
  }

  @Test(arguments: [
    "[10:57:10.665] host: AT+CFUN=0\n[10:57:10.766] unit: OK\n[10:57:10.866] host: AT\n",
    "2018-12-13 12:24:40 GSM1 wrote AT\n2018-12-13 12:24:40 GSM1 read OK\n2018-12-13 12:24:41 GSM1 bye\n",
    "Jan  1 00:55:31 host dialer[214]: AT\nJan  1 00:55:31 host dialer[214]: OK\nJan  1 00:55:32 h dialer[2]: x\n",
    "D/AT      (  166): wrote AT+CSQ\nD/AT      (  166): read OK\nD/AT      (  166): wrote AT\n",
    "TX: AT\nRX: OK\nTX: AT+X\nRX: OK\n",
  ])
  func `logs of programs with their own prefix are not raw`(text: String) {
    #expect(name(text) == nil)
    #expect(reason(text)?.reason.contains("time stamp, a tag") == true)
    #expect(reason(text)?.lines.first?.number == 1)
  }

  @Test func `binary files say what they are`() {
    #expect(reason([UInt8](repeating: 0, count: 5_000))?.reason.contains("NUL") == true)
    #expect(reason([0x50, 0x4B, 3, 4, 9])?.reason.contains("zip") == true)
    var random = FixedRandom(11)
    for _ in 0..<50 {
      let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(reason(noise)?.reason.contains("binary") == true)
      #expect(reason(noise + Array("\r\nAT\r\nOK\r\n".utf8))?.lines.isEmpty == true)
    }
  }

  @Test func `binary data within real traffic does not hide it`() {
    var random = FixedRandom(12)
    let talk = String(repeating: "AT+CSQ\r\r\n+CSQ: 1,99\r\n\r\nOK\r\n", count: 5)
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0x80...255, using: &random) }
    #expect(name([UInt8](talk.utf8) + noise) == "raw")
  }

  @Test func `the first lines alone decide nothing`() {
    let prose = String(repeating: "Nothing of this is a modem's business.\n", count: 199)
    #expect(name("AT\nOK\n" + prose) == nil)
    let talk = String(repeating: "AT\n\nOK\n", count: 100)
    #expect(name("12:00:00 started\n12:00:01 opened\n12:00:02 ready\n" + talk) == "raw")
    let foreign = String(repeating: "12:00:00.123 RX: OK\n12:00:00.123 TX: AT+CSQ\n", count: 90)
    #expect(name("AT\nOK\nAT\nOK\n" + foreign) == nil)
  }

  @Test func `the error stays on one line and is safe to print`() {
    let why = reason("\u{1B}]0;title\u{7}strange\nno modem \u{202E}here\n")
    #expect(why?.lines.map(\.text) == [#"\x1B]0;title\x07strange"#, #"no modem \xE2\x80\xAEhere"#])
    #expect(why?.message.utf8.allSatisfy { $0 >= 0x20 } == true)
    #expect(why?.message.contains("'attrace formats' lists") == true)
  }

  @Test func `each format has a name, an example and a reader of its own`() {
    #expect(Set(FormatRegistry.all.map(\.name)).count == FormatRegistry.all.count)
    for format in FormatRegistry.all {
      #expect(format.makeReader().facts.format == format.name)
      #expect(!format.summary.isEmpty && !format.example.isEmpty)
      #expect(FormatRegistry.format(named: format.name)?.name == format.name)
    }
  }
}

@Suite("Detection of real logs", .enabled(if: Places.hasRealLogs))
struct RealLogDetectionTests {
  private func detected() throws -> [String: String] {
    var found: [String: String] = [:]
    for path in try FolderWalk.files(in: Places.realLogs) where path.hasSuffix(".log") {
      let number = String(path.split(separator: "/").last?.prefix(3) ?? "")
      let peek = Peek(try BlockReader(path: path))
      switch Detection.detect(peek.bytes) {
      case .found(let format, _, _): found[number] = format.name
      case .unrecognised(let why): found[number] = "none: " + why.message
      }
    }
    return found
  }

  @Test func `terminal captures are raw and misfits are refused`() throws {
    let found = try detected()
    for number in ["006", "010", "011", "016", "017", "024", "025", "027", "028", "030", "035"] {
      #expect(found[number] == "raw", "\(number)")
    }
    for number in ["066"] {
      #expect(found[number]?.hasPrefix("none") == true, "\(number): \(found[number] ?? "")")
    }
  }

  /// Numbers of logs, and the dialect in which they are written.
  private static let dialects: [(format: String, numbers: [String])] = [
    ("particle", ["012", "022", "062"]), ("tx-rx", ["001", "004", "065"]), ("logcat", ["018", "042"]),
    ("sscom", ["029"]), ("sscom-chinese", ["048", "049", "051"]), ("modemmanager", ["044", "046"]), ("qcom", ["063"]),
    ("ofono", ["040"]), ("tagged-lines", ["005", "019"]), ("frameworkd", ["014"]), ("smstools", ["041"]),
    ("chat", ["036"]), ("pppd", ["064"]),
    ("wvdial", ["037"]), ("zephyr", ["039"]), ("gammu", ["009"]), ("arrows", ["060"]), ("usb-monitor", ["055"]),
    ("sigrok-uart", ["056"]), ("putty", ["007"]), ("device-console", ["031", "034"]), ("send-demo", ["043"]),
    ("xmodem-console", ["047"]), ("hex-terminal", ["054"]), ("tshark-at", ["057"]), ("escaped-text", ["058"]),
    ("usbmon", ["067"]), ("usbsnoop", ["068"]),
  ]

  @Test func `dialects are recognised`() throws {
    let found = try detected()
    for (format, numbers) in Self.dialects {
      for number in numbers { #expect(found[number] == format, "\(number)") }
    }
  }
}
