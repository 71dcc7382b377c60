import Trace

/// Notes of sessions with arrows and quotes: `>> "AT"`, `<< OK`, `<< response: "+CPIN: READY"`, and `<!-- … -->`.
struct ArrowsDialect: LineDialect {
  static let name = "arrows"
  static let summary = "`>> \"AT\"` and `<< OK`, with or without quotes"
  static let example = ">> \"AT+CSQ\""
  static let losses: Loss = .lineEndings

  private var ends = LineEnds()

  static func evidence(_ line: LineText) -> LineEvidence {
    if line.starts(with: ">> ".utf8) || line.starts(with: "<< ".utf8) { return .record }
    return line.starts(with: "<!--".utf8) || line.starts(with: "----".utf8) ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutLineEnd
    if let sent = text.after(">> ") {
      log.data(.hostToModem, at: .unknown, ends.host(ArrowsDialect.unquoted(sent)))
    } else if let got = text.after("<< ") {
      log.data(.modemToHost, at: .unknown, ends.modem(ArrowsDialect.unquoted(got.after("response: ") ?? got)))
    } else {
      log.remark(line)
    }
  }

  /// What stands between the outer quotes; a remark in round brackets may follow them.
  private static func unquoted(_ text: LineText) -> LineText {
    var rest = text
    if rest.first == Ascii.quote, let (before, _) = rest.parted(at: "\" "), before.withoutIndent.count > 1,
      rest.last == UInt8(ascii: ")")
    {
      rest = before + [Ascii.quote]
    }
    while let last = rest.last, Ascii.isBlank(last) { rest = rest.dropLast() }
    guard rest.first == Ascii.quote, rest.count > 1, rest.last == Ascii.quote else { return rest }
    return rest.dropFirst().dropLast()
  }
}
