import Trace

/// oFono with `OFONO_AT_DEBUG`: `ofonod[12922]: Voice: > AT+CLIP=1\r`. Each channel is a port.
struct OfonoDialect: LineDialect {
  static let name = "ofono"
  static let summary = "oFono with OFONO_AT_DEBUG: `ofonod[pid]: Channel: > …`"
  static let example = #"ofonod[12922]: Voice: < \r\nOK\r\n"#

  private static let stamps = ["bbb dd hh:mm:ss ", "YYYY-MM-DDThh:mm:ss.f", "YYYY-MM-DDThh:mm:ss"]
    .map { StampPattern($0) }

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return line.parted(at: "ofonod[", within: 64) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (channel, direction, text) = OfonoDialect.record(line) else { return log.remark(line) }
    guard !OfonoDialect.isNumbered(text) else {
      log.facts.warn("records with a number before the text (U0000AT…) are no dialogue of V.250 and are not checked")
      return log.remark(line)
    }
    var stamp: LogStamp?
    for pattern in OfonoDialect.stamps where stamp == nil { stamp = pattern.parse(line)?.stamp }
    let port = log.port(named: channel)
    log.data(direction, at: log.instant(of: stamp), port: port, TextEscapes.undo(text).bytes)
  }

  /// Some modems number each message instead of answering in turn: `U0000AT+CLIP=1`, `U0000+CLIP:OK`.
  private static func isNumbered(_ text: LineText) -> Bool {
    let number = text.dropFirst().prefix(while: Ascii.isDigit)
    return text.first == UInt8(ascii: "U") && number.count == 4
      && text.dropFirst(5).first.map { !Ascii.isBlank($0) } ?? false
  }

  private static func record(_ line: LineText) -> (channel: LineText, direction: Direction, text: LineText)? {
    guard let (_, behind) = line.parted(at: "ofonod[", within: 64),
      let (_, rest) = behind.parted(at: "]: ", within: 12), let (channel, marked) = rest.parted(at: ": ", within: 24),
      !channel.isEmpty, channel.allSatisfy({ Ascii.isLetter($0) || Ascii.isDigit($0) })
    else { return nil }
    if let text = marked.after("> ") { return (channel, .hostToModem, text.withoutLineEnd) }
    return marked.after("< ").map { (channel, .modemToHost, $0.withoutLineEnd) }
  }
}
