import Trace

/// Records whose text goes on over the lines that follow, up to the next head: terminal programs that put a line
/// `[time]mark` before what they sent or received.
///
/// The line end before a head belongs to the program, not to the line: it is held back until the next line shows
/// which it is.
struct BlockRecords: Sendable {
  /// Whether the log shows the line ends that were sent by a sign of its own. If not, a command that would stand
  /// without one keeps that of the program.
  let showsSentEnds: Bool
  private var direction = Direction.unknown
  private var instant = Instant.unknown
  private var isOpen = false
  /// A line end that may be the program's own.
  private var held = false
  /// Whether the line before it was blank: then it is the program's own.
  private var afterBlank = false
  private var separates = false

  init(showsSentEnds: Bool) { self.showsSentEnds = showsSentEnds }

  mutating func begin(_ direction: Direction, at instant: Instant, _ text: LineText, into log: inout DialectLog) {
    close(into: &log)
    self.direction = direction
    self.instant = instant
    isOpen = true
    put(text, into: &log)
  }

  /// A line without a head.
  mutating func goOn(_ text: LineText, into log: inout DialectLog) {
    guard isOpen else { return log.remark(text) }
    if held { log.data(direction, at: instant, LineEnds.lineEnd) }
    put(text, into: &log)
  }

  /// The sign for a line end that the program sent.
  mutating func sentEnd(into log: inout DialectLog) {
    log.data(direction, at: instant, LineEnds.lineEnd)
    held = false
  }

  /// The record is over.
  mutating func close(into log: inout DialectLog) {
    guard isOpen else { return }
    isOpen = false
    if afterBlank { separates = true }
    if held, !afterBlank, direction == .hostToModem ? !showsSentEnds : !separates {
      log.data(direction, at: instant, LineEnds.lineEnd)
    }
    held = false
    afterBlank = false
  }

  private mutating func put(_ text: LineText, into log: inout DialectLog) {
    let (line, comment) = BlockRecords.withoutComment(text.withoutLineEnd)
    defer { if let comment { log.remark(comment) } }
    let isBlank = line.allSatisfy(Ascii.isBlank)
    if comment != nil, isBlank {
      // Nothing but a comment: the line is no line of the answer.
      held = false
      return
    }
    afterBlank = isBlank
    held = true
    if !isBlank { log.data(direction, at: instant, line) }
  }

  /// People write remarks behind lines of such logs: a blank and `//`, outside of quotes.
  /// So are the blanks at the end of a line, but for the one behind a prompt.
  private static func withoutComment(_ line: LineText) -> (text: LineText, comment: LineText?) {
    var quoted = false
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == Ascii.quote { quoted.toggle() }
      if !quoted, byte == UInt8(ascii: "/"), line[index...].starts(with: "//".utf8),
        index == line.startIndex || Ascii.isBlank(line[index - 1])
      {
        return (withoutTail(line[line.startIndex..<index]), line[index...])
      }
      index += 1
    }
    return (withoutTail(line), nil)
  }

  private static func withoutTail(_ line: LineText) -> LineText {
    var text = line
    while let last = text.last, Ascii.isBlank(last) { text = text.dropLast() }
    return text.last == UInt8(ascii: ">") ? line.prefix(text.count + 1) : text
  }
}
