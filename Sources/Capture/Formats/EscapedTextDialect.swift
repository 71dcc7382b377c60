import Trace

/// What came over the line as the text of a string literal: `\r\n+CMGL: 0,0,,159\r\n…`, in one line or a few, with or
/// without quotes around it. Line ends of the file are no bytes.
struct EscapedTextDialect: LineDialect {
  static let name = "escaped-text"
  static let summary = #"a modem's bytes as one string with escapes: `\r\n+CSQ: 17,99\r\n\r\nOK\r\n`"#
  static let example = #"\r\n+CSQ: 17,99\r\n\r\nOK\r\n"#
  static let losses: Loss = .direction

  static func evidence(_ line: LineText) -> LineEvidence { escapes(line) > 0 ? .kindred : .stranger }

  /// Each line holds escaped line ends, and what they spell is the talk of a modem.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil, !beginning.lines.isEmpty else { return 0 }
    var bytes: [UInt8] = []
    var found = 0
    var bare = 0
    for range in beginning.lines {
      let count = escapes(beginning.bytes[range])
      found += count
      if count == 0 { bare += 1 }
      bytes += undone(beginning.bytes[range])
    }
    guard found >= 3, bare * 10 <= beginning.lines.count else { return 0 }
    let inner = RawEvidence(of: LogBeginning(bytes))
    return inner.hits >= 2 && !inner.isForeign && inner.strangers.count < max(2, inner.filled)
      ? 0.62 + inner.confidence / 3 : 0
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard EscapedTextDialect.escapes(line) > 0 else { return log.remark(line) }
    log.data(.unknown, at: .unknown, EscapedTextDialect.undone(line))
  }

  private static func undone(_ line: LineText) -> [UInt8] {
    var text = Ascii.trimmed(line)
    if text.first == Ascii.quote || text.first == UInt8(ascii: "'") { text = text.dropFirst() }
    if let last = text.last, last == Ascii.quote || last == UInt8(ascii: "'"),
      text.dropLast().last != Ascii.backslash
    {
      text = text.dropLast()
    }
    return TextEscapes.undo(text).bytes
  }

  private static func escapes(_ line: LineText) -> Int {
    var count = 0
    var index = line.startIndex
    while index + 1 < line.endIndex {
      if line[index] == Ascii.backslash {
        if line[index + 1] == UInt8(ascii: "r") || line[index + 1] == UInt8(ascii: "n") { count += 1 }
        index += 1
      }
      index += 1
    }
    return count
  }
}
