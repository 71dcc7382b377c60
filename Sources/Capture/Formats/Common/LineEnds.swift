import Trace

/// Puts back the line ends that a log has left out, as ITU-T V.250 6.2.1 and 5.7.1 frame commands and answers.
///
/// They are made up, so whoever uses this declares `Loss.lineEndings`.
struct LineEnds: Sendable {
  private var sent: [UInt8] = []
  private var prompted = false

  /// The longest command line that is remembered to know its echo.
  static let echoLimit = 4_096

  /// A line that the host sent. What follows a prompt is data, of which nobody knows how it ended.
  mutating func host(_ text: LineText) -> [UInt8] {
    defer { prompted = false }
    if text.last == LineEnds.substitute || text.last == Ascii.escape || prompted { return [UInt8](text) }
    sent = [UInt8](text.prefix(LineEnds.echoLimit))
    return text + [Ascii.carriageReturn]
  }

  /// A line that came from the modem: a prompt, the echo of the last command, or a line of an answer.
  mutating func modem(_ text: LineText) -> [UInt8] {
    let bare = Ascii.trimmed(text)
    if LineEnds.prompts.contains(where: { $0.elementsEqual(bare) }) {
      prompted = true
      return LineEnds.lineEnd + bare + [Ascii.blank]
    }
    // The modem goes on: the data were not logged.
    if !bare.isEmpty { prompted = false }
    if !sent.isEmpty, sent.elementsEqual(text) {
      sent.removeAll(keepingCapacity: true)
      return text + [Ascii.carriageReturn]
    }
    // V.250 6.2.6: results of V0 have no line feeds.
    if bare.count == 1, let only = bare.first, Ascii.isDigit(only) { return [only, Ascii.carriageReturn] }
    return LineEnds.lineEnd + text + LineEnds.lineEnd
  }

  private static let substitute: UInt8 = 0x1A
  static let lineEnd: [UInt8] = [Ascii.carriageReturn, Ascii.lineFeed]
  private static let prompts: [[UInt8]] = [">", ">>", "@"].map { [UInt8]($0.utf8) }
}
