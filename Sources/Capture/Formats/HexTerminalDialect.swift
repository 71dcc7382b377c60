import Trace

/// Sessions of the hTT hex terminal: `hex str=  41  54  0d` is what was sent, `(6) chars` and `hex: 0d 0a …` what came.
/// Authors comment such sessions behind `//`.
struct HexTerminalDialect: LineDialect {
  static let name = "hex-terminal"
  static let summary = "hex terminal: `hex str=  41  54  0d` sent, `(6) chars` and `hex: 0d 0a …` received"
  static let example = "hex: 0d 0a 4f 4b 0d 0a"

  private var missing: Int64?

  static func evidence(_ line: LineText) -> LineEvidence {
    let text = line.withoutIndent
    if text.after("hex str=") ?? text.after("hex: ") != nil { return .record }
    return ["hex2int=", "ascii"].contains { text.starts(with: $0.utf8) } || count(text) != nil ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutIndent.withoutLineEnd
    if let sent = text.after("hex str=") {
      log.data(.hostToModem, at: .unknown, HexRow.parse(sent, limit: .max, gap: 3).bytes)
    } else if let number = HexTerminalDialect.count(text) {
      missing = number
    } else if let got = text.after("hex: ") {
      let bytes = HexRow.parse(got, limit: .max, gap: 1).bytes
      log.data(.modemToHost, at: .unknown, bytes)
      if let missing, missing != Int64(bytes.count) {
        log.gap("the log says \(missing) bytes and holds \(bytes.count)")
      }
      missing = nil
    } else {
      // A line of the author's own: what follows is another excerpt.
      if text.starts(with: "//".utf8) { log.gap("an author's remark stands between two excerpts") }
      log.remark(line)
    }
  }

  private static func count(_ text: LineText) -> Int64? {
    guard let inner = text.after("("), let (number, _) = inner.parted(at: ") chars", within: 8) else { return nil }
    return number.decimal
  }
}
