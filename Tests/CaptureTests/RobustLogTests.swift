import Testing
import Trace

@testable import Capture

/// What happens to logs on their way: marks of editors, other line ends, clocks that are set, lines that are lost.
@Suite struct RobustLogTests {
  private func detected(_ bytes: [UInt8]) -> String? {
    guard case .found(let format, _, _) = Detection.detect(bytes) else { return nil }
    return format.name
  }

  private func readDetected(_ text: String) -> ReadResult? {
    guard case .found(let format, _, _) = Detection.detect([UInt8](text.utf8)) else { return nil }
    return read([UInt8](text.utf8), with: format.makeReader())
  }

  @Test(
    arguments: DialectSample.all.filter {
      $0.format.name != "pppd-record" && !$0.bytes.starts(with: Ascii.byteOrderMark)
    })
  func `a byte order mark changes nothing`(_ sample: DialectSample) {
    let marked = Ascii.byteOrderMark + sample.bytes
    #expect(detected(marked) == sample.format.name)
    let (plain, seen) = (
      read(sample.bytes, with: sample.format.makeReader()), read(marked, with: sample.format.makeReader())
    )
    #expect(seen.seen == plain.seen)
  }

  /// Dialects whose own escapes tell the line ends.
  @Test(arguments: [
    "socat", "chat-stderr", "chat", "modemmanager", "ofono", "strace", "tx-rx", "logcat", "qcom", "zephyr",
  ])
  func `CR LF at the end of each line changes nothing`(_ name: String) {
    let sample = DialectSample.all.first { $0.name == name + ".log" }
    guard let sample else {
      Issue.record("no sample")
      return
    }
    let unix = sample.bytes.split(separator: 10, omittingEmptySubsequences: false).map {
      $0.last == 13 ? $0.dropLast() : $0
    }
    let dos = [UInt8](unix.joined(separator: [13, 10]))
    let plain = read([UInt8](unix.joined(separator: [10])), with: sample.format.makeReader())
    #expect(read(dos, with: sample.format.makeReader()).seen == plain.seen)
  }

  /// Six entries over midnight and New Year, then a clock that is set back by three seconds.
  private static let times = [
    "12-31 23:59:58.100", "12-31 23:59:59.900", "01-01 00:00:00.100", "01-01 00:00:05.000", "01-01 00:00:02.000",
    "01-01 00:00:03.000",
  ]
  private static let talk = ["AT", "OK", "AT+CSQ", "+CSQ: 1,99", "AT", "OK"]

  private static func log(_ line: (_ time: String, _ clock: String, _ text: String, _ isHost: Bool) -> String) -> String
  {
    zip(times, talk).enumerated().map { index, entry in
      line(entry.0, String(entry.0.dropFirst(6)), entry.1, index % 2 == 0) + "\n"
    }.joined()
  }

  private static let logs: [(String, String)] = [
    ("tx-rx", log { "[\($1)] \($3 ? "TX" : "RX")  \($2)" }),
    ("sscom-chinese", log { "[\($1)]\($3 ? "发→◇" : "收←◆")\($2)" }),
    ("docklight", log { "\($1) [\($3 ? "TX" : "RX")] - \($2)<CR>" }),
    ("logcat", log { "\($0)  512  530 D AT      : AT\($3 ? ">" : "<") \($2)" }),
    ("strace", log { "\($1)000 \($3 ? "write" : "read")(3</dev/ttyUSB0>, \"\($2)\\r\", 9) = \($2.utf8.count + 1)" }),
    (
      "zephyr",
      log {
        "[\($1),000] <dbg> modem_chat: \($3 ? "modem_chat_script_next: sending: " : "modem_chat_on_unknown_command_received: ")\($2)"
      }
    ),
    ("python-bytes", log { "\($1.replacing(".", with: ",")) \($3 ? "TX" : "RX") b'\($2)\\r'" }),
    ("stamped", log { time, clock, text, _ in "[\(clock)] \(text)" }),
    ("qcom", log { "[2026-\($0.replacing(".", with: ":"))_\($3 ? "S" : "R"):] \($2)" }),
    ("sscom", log { "2026-\($0.replacing(".", with: ":"))[\($3 ? "Send->" : "Recv<-")]\($2)" }),
  ]

  @Test(arguments: logs) func `midnight passes and a clock is set back`(_ name: String, _ text: String) throws {
    #expect(detected([UInt8](text.utf8)) == name)
    let seen = try #require(readDetected(text)).seen
    // With a year that stays, New Year is a step back.
    let isYear = text.contains("2026-")
    #expect(seen.filter { $0.kind == .clockStep }.count == (isYear ? 2 : 1))
    var times: [Int64] = []
    for chunk in seen where chunk.kind == .data {
      guard let time = chunk.nanoseconds, times.last != time else { continue }
      times.append(time)
    }
    let first = times.first ?? 0
    guard !isYear else { return }
    #expect(times.map { ($0 - first) / 100_000_000 } == [0, 18, 20, 69, 39, 49])
  }

  @Test func `what a sketch prints when it starts is no talk`() throws {
    let text = """
      =~=~=~=~=~=~=~=~=~=~=~= PuTTY log 2024.05.06 21:07:38 =~=~=~=~=~=~=~=~=~=~=~=
      Sensor 7
      Range: 2
      -----send AT Command:-----
      AT

      =====receive AT Command:=====
      AT\r
      OK

      """
    let seen = try #require(readDetected(text)).seen
    #expect(seen.filter { $0.kind == .data }.allSatisfy { $0.direction != .unknown })
    #expect(seen.filter { $0.kind == .remark }.contains { $0.text == "Range: 2" })
  }

  @Test func `the prompt of a dialler is no byte of the line`() {
    let result = readRaw(">\nATE0\n>\r\nAT+CSQ\r\n>\nHello\n>\n")
    #expect(
      result.seen.map { "\($0.kind) \($0.place) \($0.text)" } == [
        "remark 1 >", "data 2 ATE0\\n", "remark 3 >", "data 4 AT+CSQ\\r\\n", "data 5 >\\n", "data 6 Hello\\n",
        "data 7 >\\n",
      ])
    expectSplitIndependence([UInt8](">\nATE0\n>\r\nAT\r\n>\nx\n>".utf8)) { RawReader() }
  }

  @Test func `who closes a port hangs up`() throws {
    let text = """
      ** (modem-manager:7): DEBUG: (ttyUSB0): --> 'ATD*99#<CR>'
      ** (modem-manager:7): DEBUG: (ttyUSB0): <-- '<CR><LF>CONNECT<CR><LF>'
      ** Message: (ttyUSB0) closing serial device...
      ** (modem-manager:7): DEBUG: (ttyUSB0): --> 'AT<CR>'

      """
    let seen = try #require(readDetected(text)).seen
    #expect(seen.filter { $0.kind == .control }.map(\.text) == ["dtr=0"])
  }

  @Test func `text in UTF-16 is called so`() {
    let wide: [UInt8] = [0xFF, 0xFE] + "AT\r\nOK\r\nAT\r\nOK\r\n".utf8.flatMap { [$0, 0] }
    guard case .unrecognised(let why) = Detection.detect(wide) else {
      Issue.record("recognised")
      return
    }
    #expect(why.message.contains("UTF-16"))
  }
}
