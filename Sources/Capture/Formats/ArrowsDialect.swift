import Trace

/// Notes of sessions with arrows and quotes: `>> "AT"`, `<< OK`, `<< response: "+CPIN: READY"`, and `<!-- … -->`.
struct ArrowsDialect: LineDialect {
  static let name = "arrows"
  static let summary = "`>> \"AT\"` and `<< OK`, with or without quotes"
  static let example = ">> \"AT+CSQ\""
  static let losses: Loss = .lineEndings

  private var ends = LineEnds()
  /// Where the answer stands behind which the notes leave its OK out: a quoted text is what a successful command gave.
  private var answer: Int?

  static func evidence(_ line: LineText) -> LineEvidence {
    if line.starts(with: ">> ".utf8) || line.starts(with: "<< ".utf8) { return .record }
    return line.starts(with: "<!--".utf8) || line.starts(with: "----".utf8) ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutLineEnd
    if let sent = text.after(">> ") {
      complete(into: &log)
      log.data(.hostToModem, at: .unknown, ends.host(ArrowsDialect.unquoted(sent)))
    } else if let got = text.after("<< ") {
      answer = got.last == Ascii.quote || got.first == Ascii.quote ? log.place : nil
      log.data(.modemToHost, at: .unknown, ends.modem(ArrowsDialect.unquoted(got.after("response: ") ?? got)))
    } else {
      log.remark(line)
    }
  }

  mutating func finish(into log: inout DialectLog) { complete(into: &log) }

  private mutating func complete(into log: inout DialectLog) {
    guard let place = answer else { return }
    answer = nil
    log.facts.warn("the OK behind quoted answers is not in the notes and was put in")
    log.data(.modemToHost, at: .unknown, place: place, ends.modem([UInt8]("OK".utf8)[...]))
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
