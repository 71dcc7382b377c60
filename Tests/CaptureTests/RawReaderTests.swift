import Testing
import Trace

@testable import Capture

@Suite("Raw logs")
struct RawReaderTests {
  @Test func `one chunk a line, with its end and its number`() {
    let result = readRaw("AT\r\r\n\r\nOK\r\nlast")
    #expect(
      result.seen == [
        Seen(nanoseconds: nil, place: 1, text: #"AT\r\r\n"#), Seen(nanoseconds: nil, place: 2, text: #"\r\n"#),
        Seen(nanoseconds: nil, place: 3, text: #"OK\r\n"#), Seen(nanoseconds: nil, place: 4, text: "last"),
      ])
    #expect(result.facts.lossy == .direction)
    #expect(result.facts.resolution == .none)
  }

  @Test func `line feeds alone mean that line ends were changed`() {
    #expect(readRaw("AT\n\nOK\n").facts.lossy == [.direction, .lineEndings])
    #expect(readRaw("AT\n\nOK\r\n").facts.lossy == .direction)
    #expect(readRaw("AT\rOK\r").facts.lossy == .direction)
  }

  @Test func `a byte order mark at the beginning is dropped`() {
    #expect(readRaw("\u{FEFF}AT\r\n\u{FEFF}").seen.map(\.text) == [#"AT\r\n"#, #"\xEF\xBB\xBF"#])
  }

  @Test func `backspace editing erases what it erased`() {
    let result = readRaw("AT+CSX\u{8} \u{8}Q\r\n\u{8} \u{8}\u{8} \u{8}OK\r\n")
    #expect(result.seen.map(\.text) == [#"AT+CSQ\r\n"#, #"OK\r\n"#])
    #expect(result.facts.lossy.contains(.controlBytes))
    #expect(result.facts.warnings.count == 1)
  }

  @Test func `backspaces erase the bytes of a cursor key first`() {
    let result = readRaw("at+x=0\u{1B}[D\u{1B}[D" + String(repeating: "\u{8} \u{8}", count: 3) + "\n")
    #expect(result.seen.map(\.text) == [#"at+x=0\n"#])
  }

  @Test func `cursor sequences go, other escapes stay`() {
    let result = readRaw("\u{1B}[1;32mOK\u{1B}[0m\u{1B}[K\r\n\u{1B}X\u{1A}\u{8}\r\n")
    #expect(result.seen.map(\.text) == [#"OK\r\n"#, #"\x1BX\x1A\x08\r\n"#])
  }

  @Test func `a log without editing is kept to the byte`() {
    var random = FixedRandom(3)
    let input = (0..<200_000).map { _ in UInt8.random(in: 0x20...0xE0, using: &random) }
    let result = read(input, with: RawReader(), cuts: [100, 70_000])
    #expect(result.batch.bytes == input)
    #expect(result.facts.warnings.isEmpty)
  }
}
