import Trace

/// Output of wvdial: `--> Sending: ATZ`, and each line that came from the modem as it is; `[hh]` is a byte that cannot
/// be printed.
struct WvdialDialect: LineDialect {
  static let name = "wvdial"
  static let summary = "output of wvdial: `--> Sending: …`"
  static let example = "--> Sending: ATQ0 V1 E1 S0=0"
  static let losses: Loss = [.lineEndings, .controlBytes]

  private var ends = LineEnds()
  /// Before the first command and behind the carrier, plain lines are other programs'.
  private var listens = false

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let text = message(line) else {
      return ModemLine.kind(of: Ascii.trimmed(line), afterCommand: true) == nil ? .stranger : .kindred
    }
    let starts = ["Sending: ", "WvDial: Internet dialer", "Initializing modem", "Modem initialized"]
    return starts.contains { text.starts(with: $0.utf8) } ? .record : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let text = WvdialDialect.message(line) else {
      let bytes = line.withoutLineEnd
      guard listens, !bytes.allSatisfy(Ascii.isBlank) else { return log.remark(line) }
      log.data(.modemToHost, at: .unknown, ends.modem(WvdialDialect.undone(bytes)))
      return
    }
    if let sent = text.after("Sending: ") {
      listens = true
      log.data(.hostToModem, at: .unknown, ends.host(sent))
    } else {
      if text.starts(with: "Carrier detected".utf8) || text.starts(with: "Disconnecting".utf8) { listens = false }
      log.remark(line)
    }
  }

  /// What the program says.
  private static func message(_ line: LineText) -> LineText? {
    let text = line.withoutLineEnd
    return text.after("--> ") ?? text.parted(at: "WvDial: ", within: 64)?.behind
  }

  private static func undone(_ text: LineText) -> LineText {
    guard text.contains(UInt8(ascii: "[")) else { return text }
    var bytes: [UInt8] = []
    var rest = text
    while let first = rest.first {
      if first == UInt8(ascii: "["), rest.count >= 4, rest[rest.startIndex + 3] == UInt8(ascii: "]"),
        let value = TextEscapes.hexadecimal(rest.dropFirst().prefix(2))
      {
        bytes.append(value)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes[...]
  }
}
