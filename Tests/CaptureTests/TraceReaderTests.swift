import Testing
import Trace

@testable import Capture

@Suite("Trace format: reading")
struct TraceReaderTests {
  @Test func `the documented forms`() {
    let result = readTrace(
      #"""
      #!attrace 1
      #! baud 115200
      # a comment

      0.000000 --> "AT+CSQ\r"
      0.021344 <-- "\r\n+CSQ: 21,99\r\n"
      12.5 pcui --> "AT\r"
      - --- "AT\r"
      0.9e --> "AT\r"
      13 === "dtr=0"
      """#)
    #expect(
      result.seen == [
        Seen(direction: .hostToModem, place: 5, text: #"AT+CSQ\r"#),
        Seen(direction: .modemToHost, nanoseconds: 21_344_000, place: 6, text: #"\r\n+CSQ: 21,99\r\n"#),
        Seen(direction: .hostToModem, port: 1, nanoseconds: 12_500_000_000, place: 7, text: #"AT\r"#),
        Seen(nanoseconds: nil, place: 8, text: #"AT\r"#),
        Seen(kind: .malformed, nanoseconds: 12_500_000_000, place: 9, text: #"0.9e --> "AT\\r""#),
        Seen(kind: .control, nanoseconds: 13_000_000_000, place: 10, text: "dtr=0"),
      ])
    #expect(result.facts.baud == 115_200)
    #expect(result.facts.resolution == .microsecond)
    #expect(result.facts.ports == ["", "pcui"])
    #expect(result.facts.warnings.isEmpty)
  }

  @Test func `every escape and raw high bytes`() {
    let input = [UInt8](#"0 --> "\r\n\t\\\"\x00\xfF\x1a"#.utf8) + [0xC3, 0xA4, 0x09, 0x22]
    let result = read(input, with: TraceReader())
    #expect(result.bytes(0) == [13, 10, 9, 0x5C, 0x22, 0, 0xFF, 0x1A, 0xC3, 0xA4, 9])
  }

  @Test(arguments: [
    #"0 --> "a"b""#, #"0 --> "a\"#, #"0 --> "a\""#, #"0 --> "a\q" "#, #"0 --> "\x0g""#, #"0 --> "\x1"#, "0 --> ",
    "0", "0 -->", #"0 -> "a""#, #"x --> "a""#, #"99999999999 --> "a""#, #"9999999999 --> "a""#, #"1. --> "a""#,
    #"0 a b --> "a""#, #"0 --> "a" b"#, #"2024-13-01T00:00:00Z --> "a""#, #"0-->"a""#, #"0 --> "aaaaaaaaaaaaaaaaaaaaa"#,
    #"0 --> "\x41\x42\x43\x44\x45\x46\x47\x4z\x49\x4A""#,
  ])
  func `a malformed line is handed on and reading goes on`(line: String) {
    let result = readTrace("0 --> \"before\"\n\(line)\n1 <-- \"after\"\n")
    #expect(result.seen.count == 3)
    #expect(result.seen[1].kind == .malformed)
    #expect(result.seen[1].place == 2)
    #expect(result.bytes(1) == [UInt8](line.utf8))
    #expect(result.seen[2].text == "after")
    #expect(result.batch.bytes.count == "before".utf8.count + line.utf8.count + "after".utf8.count)
  }

  @Test func `liberal in blanks, line ends and a byte order mark`() {
    let result = readTrace("\u{FEFF}#!attrace 1\r\n  0.5\t-->   \"a\"  \r\n\r\n1 <--\"b\"\r\n")
    #expect(result.seen.map(\.text) == ["a", "b"])
    #expect(result.seen.map(\.place) == [2, 4])
  }

  @Test(arguments: [
    ("0.000000001", Int64(1), Int64(1)), ("7", 7_000_000_000, 1_000_000_000), ("0.1", 100_000_000, 100_000_000),
    ("1.0000000019", 1_000_000_001, 1), ("-0.25", -250_000_000, 10_000_000),
    ("9223372036.854775807", .max, 1),
  ])
  func `decimal seconds to nanoseconds`(text: String, nanoseconds: Int64, step: Int64) {
    let result = readTrace("\(text) --> \"a\"")
    #expect(result.seen == [Seen(direction: .hostToModem, nanoseconds: nanoseconds, text: "a")])
    #expect(result.facts.resolution.step == step)
  }

  @Test func `no time at all has no resolution`() {
    #expect(readTrace(#"- --> "a""#).facts.resolution == .none)
  }

  @Test func `ISO stamps count from the first`() {
    let result = readTrace(
      """
      2024-02-28T23:59:59.5Z --> "a"
      2024-02-29T00:00:00Z <-- "b"
      2024-02-29T01:00:00.250+01:00 <-- "c"
      2024-03-01T00:00Z <-- "d"
      """)
    #expect(
      result.seen.map(\.nanoseconds) == [0, 500_000_000, 750_000_000, 86_400_500_000_000])
    #expect(result.facts.start == "2024-02-28T23:59:59.500Z")
    #expect(result.facts.resolution == .millisecond)
  }

  @Test func `ISO stamps count from the header's start`() {
    let result = readTrace(
      """
      #!attrace 1
      #! start 2024-05-06T10:00:00+02:00
      2024-05-06T08:00:01Z --> "utc"
      2024-05-06T10:00:02,5 <-- "clock of the place"
      3.25 <-- "relative"
      """)
    #expect(result.seen.map(\.nanoseconds) == [1_000_000_000, 2_500_000_000, 3_250_000_000])
    #expect(result.facts.start == "2024-05-06T10:00:00+02:00")
  }

  @Test func `dates and their text agree`() {
    for (text, seconds) in [
      ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696), ("2038-01-19T03:14:08Z", 2_147_483_648),
      ("1969-12-31T23:59:59Z", -1), ("1900-03-01T00:00:00Z", -2_203_891_200),
    ] {
      let stamp = [UInt8](text.utf8).withUnsafeBufferPointer { TraceTime.parse($0) }
      #expect(stamp?.nanoseconds == Int64(seconds) * 1_000_000_000)
      #expect(TraceClock.text(universal: Int64(seconds) * 1_000_000_000) == text)
    }
  }

  @Test func `a clock that goes back is told before the data`() {
    let result = readTrace("5 --> \"a\"\n- <-- \"b\"\n4.5 <-- \"c\"\n4.5 <-- \"d\"\n")
    #expect(result.seen.map(\.kind) == [.data, .data, .clockStep, .data, .data])
    #expect(result.seen[2] == Seen(kind: .clockStep, nanoseconds: 4_500_000_000, place: 3))
    #expect(result.seen[3].nanoseconds == 4_500_000_000)
  }

  @Test func `the port of the header is the one of lines without a name`() {
    let result = readTrace("#! port modem\n0 --> \"a\"\n0 modem <-- \"b\"\n0 diag <-- \"c\"\n")
    #expect(result.seen.map(\.port) == [0, 0, 1])
    #expect(result.facts.ports == ["modem", "diag"])
  }

  @Test func `the first port seen is port 0`() {
    let result = readTrace("0 uart --> \"a\"\n0 --> \"b\"\n0 uart --> \"c\"\n0 x --> \"d\"\n0 --> \"e\"\n")
    #expect(result.seen.map(\.port) == [0, 1, 0, 2, 1])
    #expect(result.facts.ports == ["uart", "", "x"])
  }

  @Test func `ports beyond the limit are refused, not mixed up`() {
    let lines = (0..<70).map { "0 p\($0) --> \"a\"\n" }.joined()
    let result = readTrace(lines)
    #expect(result.seen.prefix(64).map(\.port) == Array(0..<64))
    #expect(result.seen.dropFirst(64).allSatisfy { $0.kind == .malformed })
    #expect(result.facts.ports.count == LogFacts.portLimit)
    #expect(result.facts.warnings.count == 1)
  }

  @Test func `gaps and control lines`() {
    let result = readTrace("0 === \"gap\"\n1 === \"rts=1\"\n2 p === \"gap=overrun\"\n")
    #expect(result.seen.map(\.kind) == [.gap, .control, .gap])
  }

  @Test func `header lines that say nothing known are a warning`() {
    let result = readTrace("#!attrace 2\n#! baud fast\n#! colour red\n#! start soon\n# ! baud 9600\n0 --> \"a\"\n")
    #expect(result.facts.warnings.count == 4)
    #expect(result.facts.baud == nil)
    #expect(result.seen.count == 1)
  }

  @Test func `empty text carries nothing`() {
    #expect(readTrace("0 --> \"\"\n").seen.isEmpty)
    #expect(readTrace("").seen.isEmpty)
  }
}
