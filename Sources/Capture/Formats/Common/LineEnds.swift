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
  mutating func host(_ text: LineText) -> EndedText {
    defer { prompted = false }
    if text.last == LineEnds.substitute || text.last == Ascii.escape || prompted { return EndedText(text) }
    sent.removeAll(keepingCapacity: true)
    sent.append(contentsOf: text.prefix(LineEnds.echoLimit))
    return EndedText(text, tail: .carriageReturn)
  }

  /// A line that came from the modem: a prompt, the echo of the last command, or a line of an answer.
  mutating func modem(_ text: LineText) -> EndedText {
    let bare = Ascii.trimmed(text)
    if LineEnds.prompts.contains(where: { $0.elementsEqual(bare) }) {
      prompted = true
      return EndedText(bare, lead: .lineEnd, tail: .blank)
    }
    // The modem goes on: the data were not logged.
    if !bare.isEmpty { prompted = false }
    if !sent.isEmpty, sent.elementsEqual(text) {
      sent.removeAll(keepingCapacity: true)
      return EndedText(text, tail: .carriageReturn)
    }
    // V.250 6.2.6: results of V0 have no line feeds.
    if bare.count == 1, let only = bare.first, Ascii.isDigit(only) { return EndedText(bare, tail: .carriageReturn) }
    return EndedText(text, lead: .lineEnd, tail: .lineEnd)
  }

  private static let substitute: UInt8 = 0x1A
  static let lineEnd: [UInt8] = [Ascii.carriageReturn, Ascii.lineFeed]
  private static let prompts: [[UInt8]] = [">", ">>", "@"].map { [UInt8]($0.utf8) }
}

/// A line of a log with what stands before and behind it on the serial line. Nothing is copied until it is written.
struct EndedText {
  enum End {
    case none, carriageReturn, lineEnd, blank

    fileprivate func append(to bytes: inout [UInt8]) {
      switch self {
      case .none: break
      case .carriageReturn: bytes.append(Ascii.carriageReturn)
      case .lineEnd:
        bytes.append(Ascii.carriageReturn)
        bytes.append(Ascii.lineFeed)
      case .blank: bytes.append(Ascii.blank)
      }
    }
  }

  let text: LineText
  let lead: End
  let tail: End

  init(_ text: LineText, lead: End = .none, tail: End = .none) {
    self.text = text
    self.lead = lead
    self.tail = tail
  }

  func append(to bytes: inout [UInt8]) {
    lead.append(to: &bytes)
    bytes.append(contentsOf: text)
    tail.append(to: &bytes)
  }
}
