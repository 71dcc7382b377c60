import Trace

/// ESP-IDF's log of its modem component: dumps of what came (`esp-modem: debug_data: 0x…  0d 0a …`), what went out
/// (`ppp_output`), and the library's commands and responses in words.
struct EspLogDialect: LineDialect {
  static let name = "esp-idf"
  static let summary = "ESP-IDF log of the modem component: dumps and commands behind `D (4242) …:`"
  static let example = "D (4242) command_lib: generic_command command AT+CSQ"
  static let losses: Loss = .lineEndings

  private static let uptime = StampPattern("N)")
  private static let wallClock = StampPattern("hh:mm:ss.f)")
  private var ends = LineEnds()
  private var responding: Instant?

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let entry = Entry(line) else { return .stranger }
    return message(entry) == nil ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let entry = Entry(line) else {
      // A response goes on over lines without a head.
      if let instant = responding, !line.allSatisfy(Ascii.isBlank) {
        return log.data(.modemToHost, at: instant, ends.modem(line.withoutLineEnd))
      }
      return log.remark(line)
    }
    responding = nil
    guard let message = EspLogDialect.message(entry) else { return log.remark(line) }
    let instant = log.instant(of: entry.stamp)
    switch message {
    case .dump(let direction, let bytes): log.data(direction, at: instant, bytes)
    case .command(let text): log.data(.hostToModem, at: instant, ends.host(text))
    case .response(let text):
      responding = instant
      if !text.allSatisfy(Ascii.isBlank) { log.data(.modemToHost, at: instant, ends.modem(text)) }
    }
  }

  private enum Message {
    case dump(Direction, [UInt8])
    case command(LineText)
    case response(LineText)
  }

  private struct Entry {
    var stamp: LogStamp
    var tag: LineText
    var text: LineText

    /// Colours stand around the lines of a console.
    init?(_ line: LineText) {
      var rest = line.withoutLineEnd
      if rest.first == Ascii.escape, let end = rest.prefix(8).firstIndex(of: UInt8(ascii: "m")) {
        rest = rest[(end + 1)...]
      }
      guard let level = rest.first, [UInt8]("EWIDV".utf8).contains(level), let inner = rest.dropFirst().after(" ("),
        let (stamp, behind) = EspLogDialect.uptime.parse(inner) ?? EspLogDialect.wallClock.parse(inner),
        let (tag, text) = behind.parted(at: ": ", within: 48)
      else { return nil }
      self.stamp = stamp
      self.tag = tag.withoutIndent
      self.text = text.parted(at: "\u{1B}[0m")?.before ?? text
    }
  }

  private static func message(_ entry: Entry) -> Message? {
    var text = entry.text
    var name = entry.tag
    if name.starts(with: "esp-modem".utf8), let (word, rest) = text.parted(at: ": ", within: 24) {
      name = word
      text = rest
    }
    if let address = text.after("0x"), let (digits, row) = address.parted(at: " ", within: 8),
      digits.allSatisfy(Ascii.isHexDigit),
      name.elementsEqual("debug_data".utf8) || name.elementsEqual("ppp_output".utf8)
    {
      let bytes = HexRow.parse(row).bytes
      guard !bytes.isEmpty else { return nil }
      return .dump(name.elementsEqual("ppp_output".utf8) ? .hostToModem : .modemToHost, bytes)
    }
    if let (_, command) = text.parted(at: " command ", within: 48), ModemLine.isCommand(command) {
      return .command(command)
    }
    return text.after("Response: ").map { .response($0) }
  }
}
