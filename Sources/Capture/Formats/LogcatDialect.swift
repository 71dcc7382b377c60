import Trace

/// Radio logs of Android telephones: `AT> …` and `AT< …`, or `(t=…)>> …` and `(t=…)<< …`, in the brief, tag, time and
/// threadtime forms of logcat.
struct LogcatDialect: LineDialect {
  static let name = "logcat"
  static let summary = "Android radio log: `AT>`/`AT<` or `(t=…)>>`/`(t=…)<<` behind any prefix of logcat"
  static let example = "D/AT      (  166): AT> AT+CSQ"
  static let losses: Loss = .lineEndings

  private static let time = StampPattern("MM-DD hh:mm:ss.f ")
  private static let counted = StampPattern("S)")

  private var ends = LineEnds()
  /// The instant and the source of an answer whose other lines have no mark.
  private var answering: (head: [UInt8], instant: Instant)?

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let entry = Entry(line) else { return .stranger }
    return mark(entry.message) == nil ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let entry = Entry(line) else { return log.remark(line) }
    guard let (direction, seconds, text) = LogcatDialect.mark(entry.message) else {
      if let open = answering, open.head.elementsEqual(entry.source) {
        log.data(.modemToHost, at: open.instant, ends.modem(entry.message))
      } else {
        log.remark(line)
      }
      return
    }
    let instant = log.instant(of: entry.stamp ?? seconds)
    answering = nil
    if direction == .hostToModem {
      log.data(direction, at: instant, ends.host(text.ends(with: "^Z") ? text.dropLast(2) + [0x1A] : text))
    } else {
      if seconds != nil { answering = ([UInt8](entry.source), instant) }
      log.data(direction, at: instant, ends.modem(text))
    }
  }

  /// The mark of a message, the seconds that stand in it, and what follows.
  private static func mark(_ message: LineText) -> (Direction, LogStamp?, LineText)? {
    if let text = message.after("AT> ") { return (.hostToModem, nil, text) }
    if let text = message.after("AT< ") { return (.modemToHost, nil, text) }
    guard let rest = message.after("(t="), let (stamp, behind) = counted.parse(rest) else { return nil }
    if let text = behind.after(">> ") { return (.hostToModem, stamp, text) }
    return behind.after("<< ").map { (.modemToHost, stamp, $0) }
  }

  /// One line of logcat.
  private struct Entry {
    var stamp: LogStamp?
    /// Tag and process.
    var source: LineText
    var message: LineText

    init?(_ line: LineText) {
      var text = line.withoutLineEnd.withoutIndent
      while text.last == Ascii.carriageReturn { text = text.dropLast() }
      if let (time, rest) = LogcatDialect.time.parse(text) {
        stamp = time
        text = rest.withoutIndent
      }
      guard let first = text.first else { return nil }
      if stamp != nil, Ascii.isDigit(first) {
        // PID TID P TAG : MESSAGE
        let words = text.split(separator: Ascii.blank, maxSplits: 3, omittingEmptySubsequences: true)
        guard words.count == 4, words[0].decimal != nil, words[1].decimal != nil, words[2].count == 1,
          let parts = words[3].parted(at: ": ", within: 64) ?? Entry.empty(words[3])
        else { return nil }
        source = parts.before
        message = parts.behind
        return
      }
      // P/TAG ( PID): MESSAGE, or without the process
      guard Ascii.isUpper(first), text.dropFirst().first == UInt8(ascii: "/"),
        let parts = text.parted(at: ": ", within: 80) ?? Entry.empty(text)
      else { return nil }
      source = parts.before
      message = parts.behind
    }

    private static func empty(_ text: LineText) -> (before: LineText, behind: LineText)? {
      text.last == Ascii.colon ? (text.dropLast(), text.suffix(0)) : nil
    }
  }
}
