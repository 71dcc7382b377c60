import Trace

/// Debug logs of Particle's firmware: `4.280 AT read  +   17 "\r\n+…"`, byte exact with its length, and in later
/// versions `0000034916 [ncp.at] TRACE: > AT`, which leaves line ends out.
struct ParticleDialect: LineDialect {
  static let name = "particle"
  static let summary = "Particle device firmware: `AT send`/`AT read` with length, or `[ncp.at] TRACE`"
  static let example = #"     4.324 AT read OK    6 "\r\nOK\r\n""#

  private var ends = LineEnds()
  private static let seconds = StampPattern("S.f")
  private static let milliseconds = StampPattern("N ")

  static func evidence(_ line: LineText) -> LineEvidence {
    if let (_, rest) = seconds.parse(line.withoutIndent) { return verb(rest) == nil ? .stranger : .record }
    guard let (_, rest) = milliseconds.parse(line), rest.first == UInt8(ascii: "[") else { return .stranger }
    return line.contains(UInt8(ascii: "]")) ? message(rest) == nil ? .kindred : .record : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if let (stamp, rest) = ParticleDialect.seconds.parse(line.withoutIndent), let (direction, text) = Self.verb(rest) {
      takeExact(line, text, direction, log.instant(of: stamp), into: &log)
    } else if let (stamp, rest) = ParticleDialect.milliseconds.parse(line), let (direction, text) = Self.message(rest) {
      log.facts.lossy.insert(.lineEndings)
      let instant = log.instant(of: stamp)
      log.data(direction, at: instant, direction == .hostToModem ? ends.host(text) : ends.modem(text))
    } else {
      log.remark(line)
    }
  }

  /// ` AT send` or ` AT read`, and what follows.
  private static func verb(_ text: LineText) -> (Direction, LineText)? {
    if let rest = text.after(" AT send ") { return (.hostToModem, rest) }
    return text.after(" AT read ").map { (.modemToHost, $0) }
  }

  private static func message(_ text: LineText) -> (Direction, LineText)? {
    guard let rest = text.after("[ncp.at] TRACE: ") else { return nil }
    if let sent = rest.after("> ") { return (.hostToModem, sent.withoutLineEnd) }
    return rest.after("< ").map { (.modemToHost, $0.withoutLineEnd) }
  }

  /// Class, length and quoted bytes. The length is that of the bytes, so it tells what a broken line has lost.
  private func takeExact(
    _ line: LineText, _ text: LineText, _ direction: Direction, _ instant: Instant, into log: inout DialectLog
  ) {
    guard let (head, quoted) = text.parted(at: "\""),
      let length = head.split(separator: Ascii.blank).last?.decimal
    else { return log.malformed(line, direction) }
    var body = quoted
    while let last = body.last, Ascii.isBlank(last) { body = body.dropLast() }
    if body.last == Ascii.quote { body = body.dropLast() }
    let bytes = TextEscapes.undo(body).bytes
    log.data(direction, at: instant, bytes)
    if Int64(bytes.count) != length { log.gap("the record says \(length) bytes and holds \(bytes.count)") }
  }
}
