import Trace

/// Logs of Python programs that print what they write and read as bytes: `… DEBUG Sent: b'AT\r'`. The word before the
/// bytes says which way they went.
struct PythonBytesDialect: LineDialect {
  static let name = "python-bytes"
  static let summary = #"Python logging of bytes: `2024-05-06 11:40:45,725 DEBUG TX b'AT\r'`"#
  static let example = #"2024-05-06 11:40:45,725 DEBUG modem: TX b'AT+CSQ\r'"#
  static let losses: Loss = .direction

  private static let sent = ["tx", "sent", "send", "sending", "write", "writing", "wrote", "written", "out", "request"]
  private static let received = [
    "rx", "recv", "received", "receive", "receiving", "read", "reading", "got", "in", "response", "reply", "answer",
  ]
  private var hint = 0

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let (_, direction, _) = record(line) else { return .stranger }
    return direction == .unknown ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (head, direction, text) = PythonBytesDialect.record(line) else { return log.remark(line) }
    let stamp = LinePrefix.parse(head, hint: &hint)?.stamp
    if direction != .unknown { log.facts.lossy.remove(.direction) }
    log.data(direction, at: log.instant(of: stamp), TextEscapes.undo(text).bytes)
  }

  private static func record(_ line: LineText) -> (head: LineText, Direction, LineText)? {
    let text = line.withoutLineEnd
    for quote in ["'", "\""] {
      guard let (head, quoted) = text.parted(at: "b" + quote, within: 200), let mark = quote.utf8.first,
        head.last.map({ !Ascii.isLetter($0) && !Ascii.isDigit($0) }) ?? true, let end = end(quoted, mark)
      else { continue }
      return (head, direction(head), quoted[..<end])
    }
    return nil
  }

  private static func end(_ text: LineText, _ quote: UInt8) -> Int? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == quote { return index }
      index += text[index] == Ascii.backslash ? 2 : 1
    }
    return nil
  }

  /// The last word that says it, or an arrow.
  private static func direction(_ head: LineText) -> Direction {
    if head.parted(at: ">>") != nil || head.parted(at: "->") != nil { return .hostToModem }
    if head.parted(at: "<<") != nil || head.parted(at: "<-") != nil { return .modemToHost }
    let words = head.split { !Ascii.isLetter($0) }.suffix(6)
    for word in words.reversed() {
      let text = String(decoding: word.map { Ascii.isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
      if sent.contains(text) { return .hostToModem }
      if received.contains(text) { return .modemToHost }
    }
    return .unknown
  }
}
