import Capture
import Sessions
import Testing
import Trace

/// Ports that carry PPP or the multiplexer from their first byte on, as captures have them.
@Suite struct LineContentTests {
  private func events(_ line: SerialLine, _ content: LineContent) -> [String] {
    var session = line.session
    session.facts.contents = [content]
    return session.outcome(Books.generic).events
  }

  private static let request: [UInt8] = [0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4]
  private static let accepted: [UInt8] = [0xFF, 0x03, 0xC0, 0x21, 2, 1, 0, 4]

  @Test func framesWithoutACall() {
    var line = SerialLine()
    line.host(Frames.ppp(Self.request))
    line.modem(Frames.ppp(Self.accepted))
    let seen = events(line, .frames)
    #expect(seen.count { $0.hasPrefix("payload") && $0.contains("ppp") } == 3)
    #expect(!seen.contains { $0.hasPrefix("malformed") })
    // Without the word they are no text.
    #expect(events(line, .commands).contains { $0.hasPrefix("malformed") })
  }

  @Test func framesGoOnBehindAGap() {
    var line = SerialLine()
    line.host(Frames.ppp(Self.request))
    var session = Session(line.text + "1.0 === \"gap\"\n2.0 <-- \"" + Self.escaped(Frames.ppp(Self.accepted)) + "\"")
    session.facts.contents = [.frames]
    let seen = session.outcome(Books.generic).events
    #expect(seen.contains { $0.hasPrefix("gap") })
    #expect(!seen.contains { $0.hasPrefix("malformed") })
    #expect(seen.count { $0.hasPrefix("dataBegin") } == 2)
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  @Test(arguments: [false, true]) func channelsOfAMultiplexedLine(isAdvanced: Bool) {
    var line = SerialLine()
    let long = "AT+" + String(repeating: "X", count: 100) + "\r"
    line.host(Frames.mux(1, 0xEF, Array("AT+CSQ\r".utf8), isAdvanced: isAdvanced))
    line.modem(Frames.mux(1, 0xEF, Array("\r\n+CSQ: 1,0\r\n\r\nOK\r\n".utf8), isAdvanced: isAdvanced))
    line.host(Frames.mux(1, 0xEF, Array(long.utf8), isAdvanced: isAdvanced))
    let seen = events(line, isAdvanced ? .multiplexedAdvanced : .multiplexed)
    #expect(seen.count { $0.hasPrefix("commandLine") } == 2)
    #expect(seen.contains { $0.hasPrefix("final") })
    // How long frames may be was agreed on before the capture began.
    #expect(!seen.contains { $0.hasPrefix("malformed") })
  }

  /// Nobody knows who sent what: nothing is held against one side.
  @Test func linksWithoutDirection() {
    var text = ""
    let frames = [Self.request, Self.accepted, [0xFF, 0x03, 0x00, 0x21, 0x45, 0, 0, 20]]
    for (index, frame) in frames.enumerated() {
      text += "\(index).0 --- \"" + Self.escaped(Frames.ppp(frame)) + "\"\n"
    }
    var session = Session(text)
    session.facts.contents = [.frames]
    let seen = session.outcome(Books.generic).events
    #expect(!seen.contains { $0.hasPrefix("malformed") })
  }
}
