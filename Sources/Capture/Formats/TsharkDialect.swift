import Trace

/// The packet list of tshark for AT commands over USB: `… USB/AT 85 URB_BULK in, Rcvd AT Command: …`. Each control byte
/// has become a blank, which is undone as V.250 frames lines.
struct TsharkDialect: LineDialect {
  static let name = "tshark-at"
  static let summary = "tshark's packet list of AT commands: `… Sent AT Command: AT+CSQ`"
  static let example = "   59   1.088143         host → 2.11.2       USB/AT 72 URB_BULK out, Sent AT Command: AT+CSQ  "
  static let losses: Loss = [.lineEndings, .controlBytes]

  private static let stamps = ["S.f", "YYYY-MM-DD hh:mm:ss.f", "hh:mm:ss.f"].map { StampPattern($0) }

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return line.parted(at: "USB", within: 120) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (head, direction, text) = TsharkDialect.record(line) else { return log.remark(line) }
    var rest = head.withoutIndent
    rest = rest.drop(while: Ascii.isDigit).withoutIndent
    var stamp: LogStamp?
    for pattern in TsharkDialect.stamps where stamp == nil { stamp = pattern.parse(rest)?.stamp }
    let port = log.port(named: TsharkDialect.device(rest) ?? [])
    let bytes = direction == .hostToModem ? TsharkDialect.sent(text) : TsharkDialect.received(text)
    log.data(direction, at: log.instant(of: stamp), port: port, bytes)
  }

  private static func record(_ line: LineText) -> (head: LineText, Direction, LineText)? {
    let text = line.withoutLineEnd
    if let (head, sent) = text.parted(at: "Sent AT Command: ", within: 200) { return (head, .hostToModem, sent) }
    return text.parted(at: "Rcvd AT Command: ", within: 200).map { ($0.before, .modemToHost, $0.behind) }
  }

  /// The side of the arrow that is not the host, as bus.device.endpoint.
  private static func device(_ head: LineText) -> LineText? {
    head.split(separator: Ascii.blank).prefix(5).first { word in
      word.count { $0 == Ascii.dot } == 2 && word.allSatisfy { Ascii.isDigit($0) || $0 == Ascii.dot }
    }
  }

  private static func sent(_ text: LineText) -> [UInt8] {
    var line = text
    var ends = 0
    while line.last == Ascii.blank {
      line = line.dropLast()
      ends += 1
    }
    // The list puts a blank of its own behind each text.
    return line + (ends > 0 ? [Ascii.carriageReturn] : [])
  }

  /// Two blanks are CR LF; one at the end is the CR of an echo.
  private static func received(_ text: LineText) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let first = rest.first {
      let blanks = rest.prefix { $0 == Ascii.blank }
      guard blanks.count > 0 else {
        bytes.append(first)
        rest = rest.dropFirst()
        continue
      }
      rest = rest.dropFirst(blanks.count)
      if rest.isEmpty, blanks.count == 1 {
        bytes.append(Ascii.carriageReturn)
      } else if blanks.count == 1 {
        bytes.append(Ascii.blank)
      } else {
        for _ in 0..<(blanks.count / 2) { bytes += LineEnds.lineEnd }
      }
    }
    return bytes
  }
}
