import Trace

/// The console of small programs that send one string and print what they receive: `uart receive …`, `len = 11`. What
/// they sent is not shown.
struct SendDemoDialect: LineDialect {
  static let name = "send-demo"
  static let summary = "console of a send-and-receive demo: `send 28 byte data`, `len = 11`, `uart receive …`"
  static let example = "uart receive ^RSSI:9"
  static let losses: Loss = .lineEndings

  private var receives = false
  private var length: Int64 = 0
  private var port = Port.first

  static func evidence(_ line: LineText) -> LineEvidence {
    if line.starts(with: "uart receive".utf8) { return .record }
    return ["len = ", "ret = ", "send ", "select: ", "Target device is "].contains { line.starts(with: $0.utf8) }
      ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutLineEnd
    if let number = text.after("len = ") {
      length = number.decimal ?? 0
      return log.remark(line)
    }
    if let device = text.after("Target device is ") {
      port = log.port(named: device.last == Ascii.dot ? device.dropLast() : device)
      return log.remark(line)
    }
    if let got = text.after("uart receive") {
      // Without a length before it nothing came.
      receives = length > 0
      length = 0
      return receives ? data(got.withoutIndent, into: &log) : log.remark(line)
    }
    if text.starts(with: "send ".utf8), text.ends(with: "byte data") {
      receives = false
      return log.gap("what was sent is not in the log", port: port)
    }
    if text.starts(with: "ret = ".utf8) || text.starts(with: "select: ".utf8) { receives = false }
    receives ? data(text, into: &log) : log.remark(line)
  }

  private func data(_ text: LineText, into log: inout DialectLog) {
    guard !text.isEmpty else { return }
    log.data(.modemToHost, at: .unknown, port: port, EndedText(text, lead: .lineEnd, tail: .lineEnd))
  }
}
