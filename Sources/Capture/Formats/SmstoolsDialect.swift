import Trace

/// Logs of smsd of smstools at level 7: `2018-12-13 12:24:39,7, GSM1: -> AT`. Line ends of answers have become single
/// blanks, so that the final result stands at the end of the line.
struct SmstoolsDialect: LineDialect {
  static let name = "smstools"
  static let summary = "smsd of smstools at log level 7: `GSM1: -> …` and `GSM1: <- …`"
  static let example = "2024-12-13 12:24:39,7, GSM1: -> AT+CSQ"
  static let losses: Loss = .lineEndings

  private static let stamp = StampPattern("YYYY-MM-DD hh:mm:ss,")

  private struct Entry {
    var stamp: LogStamp
    var port: LineText
    var message: LineText

    init?(_ line: LineText) {
      guard let (stamp, rest) = SmstoolsDialect.stamp.parse(line), let level = rest.first, Ascii.isDigit(level),
        let text = rest.dropFirst().after(", "), let (port, message) = text.parted(at: ": ", within: 32)
      else { return nil }
      self.stamp = stamp
      self.port = port
      self.message = message.withoutLineEnd
    }
  }

  private var ends: [Port: LineEnds] = [:]

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let entry = Entry(line) else { return .stranger }
    return entry.message.after("-> ") ?? entry.message.after("<- ") == nil ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let entry = Entry(line) else { return log.remark(line) }
    if let sent = entry.message.after("-> ") {
      let port = log.port(named: entry.port)
      let bytes = ends[port, default: LineEnds()].host(SmstoolsDialect.trimmed(sent))
      log.data(.hostToModem, at: log.instant(of: entry.stamp), port: port, bytes)
    } else if let got = entry.message.after("<- ") {
      let port = log.port(named: entry.port)
      let instant = log.instant(of: entry.stamp)
      for part in SmstoolsDialect.lines(SmstoolsDialect.trimmed(got)) {
        log.data(.modemToHost, at: instant, port: port, ends[port, default: LineEnds()].modem(part))
      }
    } else {
      log.remark(line)
    }
  }

  private static func trimmed(_ text: LineText) -> LineText {
    // Line ends have become single blanks: many of them are padding of a screen from which the log was taken.
    var rest = text.parted(at: "        ")?.before ?? text
    while let last = rest.last, Ascii.isBlank(last) { rest = rest.dropLast() }
    return rest
  }

  /// The answer, and the final result behind its last blank.
  private static func lines(_ text: LineText) -> [LineText] {
    for final in [" OK", " ERROR"] where text.ends(with: final) && !text.ends(with: "CME ERROR") {
      return [trimmed(text.dropLast(final.utf8.count)), text.suffix(final.utf8.count - 1)].filter { !$0.isEmpty }
    }
    for final in [" +CME ERROR: ", " +CMS ERROR: "] {
      if let (answer, code) = text.parted(at: final), !answer.isEmpty {
        return [trimmed(answer), text[(code.startIndex - final.utf8.count + 1)...]]
      }
    }
    return text.isEmpty ? [] : [text]
  }
}
