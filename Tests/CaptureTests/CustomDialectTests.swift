import Testing
import Trace

@testable import Capture

@Suite("Declared dialects")
struct CustomDialectTests {
  private func dialect(
    _ pattern: String, time: String? = "hh:mm:ss.f", host: [String] = ["OUT"], modem: [String] = ["IN"],
    escapes: String = "c", lineEnds: String = "kept"
  ) throws -> CustomDialect {
    try CustomDialect(
      CustomDialect.Description(
        name: "bench", pattern: pattern, time: time, hostMarks: host, modemMarks: modem, escapes: escapes,
        lineEnds: lineEnds))
  }

  private static let pattern = #"(?<time>\d\d:\d\d:\d\d\.\d+) (?<port>[a-z]+) (?<direction>IN|OUT): (?<data>.*)$"#

  private let log = """
    bench log 1
    10:00:00.500 uart OUT: AT+CSQ\\r
    10:00:00.520 uart IN: \\r\\n+CSQ: 17,99\\r\\n
    10:00:00.530 aux IN: \\r\\nOK\\r\\n\\x1A
    10:00:00.540 uart ??: lost

    """

  @Test func `groups, marks, time, ports and escapes are read`() throws {
    let result = read([UInt8](log.utf8), with: try dialect(Self.pattern).format.makeReader())
    #expect(
      result.seen == [
        Seen(kind: .remark, nanoseconds: nil, place: 1, text: "bench log 1"),
        Seen(direction: .hostToModem, port: 0, nanoseconds: 0, place: 2, text: #"AT+CSQ\r"#),
        Seen(direction: .modemToHost, port: 0, nanoseconds: 20_000_000, place: 3, text: #"\r\n+CSQ: 17,99\r\n"#),
        Seen(direction: .modemToHost, port: 1, nanoseconds: 30_000_000, place: 4, text: #"\r\nOK\r\n\x1A"#),
        Seen(kind: .remark, nanoseconds: 30_000_000, place: 5, text: "10:00:00.540 uart ??: lost"),
      ])
    #expect(result.facts.ports == ["uart", "aux"])
    #expect(result.facts.lossy == [])
  }

  @Test func `blocks do not matter`() throws {
    let dialect = try dialect(Self.pattern)
    expectSplitIndependence([UInt8](log.utf8)) { dialect.format.makeReader() }
  }

  @Test func `a declared dialect is detected among the others`() throws {
    let format = try dialect(Self.pattern).format
    guard case .found(let found, _, _) = Detection.detect([UInt8](log.utf8), among: FormatRegistry.all + [format])
    else {
      Issue.record("not found")
      return
    }
    #expect(found.name == "bench")
  }

  @Test(arguments: [
    ("none", "AT", "AT"), ("angle", "AT<CR>", #"AT\r"#), ("caret", "AT^M", #"AT\r"#), ("hex", "41 540D", #"AT\r"#),
    ("c", #"A\x54\r"#, #"AT\r"#),
  ])
  func `each way of escaping`(escapes: String, text: String, bytes: String) throws {
    let dialect = try dialect(#"> (?<data>.*)"#, time: nil, host: [], modem: [], escapes: escapes)
    let result = read([UInt8]("> \(text)\r\n".utf8), with: dialect.format.makeReader())
    #expect(result.seen.map(\.text) == [bytes])
    #expect(result.facts.lossy == .direction)
  }

  @Test func `line ends are put back where the log leaves them out`() throws {
    let dialect = try dialect(#"(?<direction>IN|OUT) (?<data>.*)"#, time: nil, escapes: "none", lineEnds: "restored")
    let result = read([UInt8]("OUT AT\nIN AT\nIN OK\n".utf8), with: dialect.format.makeReader())
    #expect(result.seen.map(\.text) == [#"AT\r"#, #"AT\r"#, #"\r\nOK\r\n"#])
    #expect(result.facts.lossy == .lineEndings)
  }

  @Test(arguments: [
    (#"(?<data"#, "regular expression"), (#"(?<what>.*)"#, "the groups are time, direction, port, data"),
    (#"(?<data>.*)(?<data>x)"#, "twice"), (#"(?=x)(?<data>.*)"#, "only (?<name>"),
    (#"[a(?<data>.*)"#, "regular expression"),
    (#"x.*"#, "no group (?<data>"), (#"(?<time>.*) (?<data>.*)"#, "how it is written"), (#"(?<data>.*)\"#, "backslash"),
    (#"(?<direction>.) (?<data>.*)"#, "which of its texts"),
  ])
  func `errors say what is wrong`(pattern: String, words: String) {
    let failure = #expect(throws: CaptureError.self) {
      _ = try dialect(pattern, time: nil, host: [], modem: [])
    }
    #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    #expect(failure?.message.contains("dialect 'bench'") == true)
  }

  @Test func `names, escapes and times are checked as well`() {
    #expect(throws: CaptureError.self) { _ = try dialect("(?<data>.*)", time: "hh:mm") }
    #expect(throws: CaptureError.self) { _ = try dialect("(?<data>.*)", time: nil, escapes: "rot13") }
    #expect(throws: CaptureError.self) { _ = try dialect("(?<data>.*)", time: nil, lineEnds: "maybe") }
    for name in ["", "raw", "two words", String(repeating: "x", count: 40)] {
      #expect(throws: CaptureError.self) {
        _ = try CustomDialect(CustomDialect.Description(name: name, pattern: "(?<data>.*)"))
      }
    }
  }

  @Test func `hostile lines do not stop it`() throws {
    let dialect = try dialect(Self.pattern)
    var random = FixedRandom(5)
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(read(noise, with: dialect.format.makeReader()).isSound)
    let long = [UInt8](repeating: 0x41, count: 200_000)
    #expect(read([UInt8](log.utf8) + long, with: dialect.format.makeReader()).isSound)
  }
}
