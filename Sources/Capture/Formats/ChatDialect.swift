import Trace

/// `chat -v` in the system log: `chat[214]: send (AT^M)`, and each line that came from the modem. What pppd and other
/// programs say is a remark. With `-s` the same goes to standard error, without the head of the system log.
struct ChatDialect: LineDialect {
  static let name = "chat"
  static let summary = "chat -v in the system log: `chat[pid]: send (AT^M)`"
  static let example = "Jan  1 00:55:31 host chat[214]: send (AT^M)"
  /// LF ends the record, and what was sent in secret is not written.
  static let losses: Loss = [.lineEndings, .controlBytes]

  private static let stamps = ["bbb dd hh:mm:ss ", "YYYY-MM-DDThh:mm:ss.f", "YYYY-MM-DDThh:mm:ss"]
    .map { StampPattern($0) }
  /// What chat says of itself.
  private static let notes = [
    "expect (", "abort on (", "timeout set to ", "report (", "clear abort on (", "clear report on (", " -- got it",
    "alarm", "Failed", "Can't ", "SIGTERM", "SIGHUP", "SIGINT",
  ]

  /// Whether the log is that of standard error, where what came from the modem has no head either.
  private var isBare = false

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let (_, message) = entry(line) else {
      return line.parted(at: "pppd[", within: 80) == nil ? .stranger : .kindred
    }
    return message.after("send (") ?? message.after("expect (") == nil ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if line.starts(with: "send (".utf8) { isBare = true }
    if isBare, ChatDialect.entry(line) == nil, !line.withoutLineEnd.isEmpty {
      return log.data(.modemToHost, at: .unknown, ChatDialect.bytes(line.withoutLineEnd) + [Ascii.lineFeed])
    }
    guard let (head, message) = ChatDialect.entry(line),
      !ChatDialect.notes.contains(where: { note in
        message.starts(with: note.utf8)
      })
    else { return log.remark(line) }
    var stamp: LogStamp?
    for pattern in ChatDialect.stamps where stamp == nil { stamp = pattern.parse(head)?.stamp }
    if let sent = message.after("send (") {
      let text = sent.last == UInt8(ascii: ")") ? sent.dropLast() : sent
      guard !text.starts(with: "??????".utf8) else {
        _ = log.instant(of: stamp)
        return log.gap("a string that was sent in secret")
      }
      log.data(.hostToModem, at: log.instant(of: stamp), ChatDialect.bytes(text))
    } else {
      log.data(.modemToHost, at: log.instant(of: stamp), ChatDialect.bytes(message) + [Ascii.lineFeed])
    }
  }

  private static func entry(_ line: LineText) -> (head: LineText, message: LineText)? {
    // On standard error there is nothing before what chat says itself.
    if line.starts(with: "send (".utf8) || notes.contains(where: { line.starts(with: $0.utf8) }) {
      return ([], line.withoutLineEnd)
    }
    guard let (head, behind) = line.withoutLineEnd.parted(at: "chat[", within: 100),
      let (number, message) = behind.parted(at: "]: ", within: 12), number.decimal != nil
    else { return nil }
    return (head, message)
  }

  /// `^X` is a control byte, `M-` a byte with its high bit set.
  static func bytes(_ text: LineText) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let first = rest.first {
      var high: UInt8 = 0
      if let behind = rest.after("M-"), !behind.isEmpty {
        high = 0x80
        rest = behind
      }
      let byte = rest.first ?? first
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "^"), let letter = rest.first, (0x3F...0x5F).contains(letter) {
        bytes.append((letter ^ 0x40) | high)
        rest = rest.dropFirst()
      } else {
        bytes.append(byte | high)
      }
    }
    return bytes
  }
}
