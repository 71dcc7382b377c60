import Trace

/// The text interface of usbmon: each transfer twice, when it is submitted and when it is complete. Bytes out count when
/// they are submitted, bytes in when they are complete. An endpoint for input belongs to the port of the one for output
/// that spoke before it.
struct UsbmonDialect: LineDialect {
  static let name = "usbmon"
  static let summary = "text of Linux usbmon: `ffff8801efc46240 4019346777 S Bo:1:041:2 -115 3 = 41540d`"
  static let example = "ffff8801efc46240 4019346777 S Bo:1:041:2 -115 3 = 41540d"

  /// The clock of the text interface has 32 bits of microseconds.
  private static let turn: Int64 = 1 << 32
  /// The most endpoints for input that are told apart.
  private static let endpointLimit = 64

  private var lastClock: Int64?
  private var turns: Int64 = 0
  /// The output endpoint that spoke last, by device; the output endpoint of each input endpoint.
  private var speaker: [LineText: LineText] = [:]
  private var partners: [LineText: LineText] = [:]

  private struct Transfer {
    var clock: Int64
    var event: UInt8
    /// `Bo`, `Ci`, …
    var kind: LineText
    var device: LineText
    var endpoint: LineText
    var length: Int64
    var bytes: [UInt8]
    /// What stands behind the address.
    var words: [LineText]
  }

  static func evidence(_ line: LineText) -> LineEvidence { transfer(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let transfer = UsbmonDialect.transfer(line) else { return log.remark(line) }
    let instant = log.instant(of: stamp(transfer.clock))
    let isOut = transfer.kind.elementsEqual("Bo".utf8) && transfer.event == UInt8(ascii: "S")
    let isIn = transfer.kind.elementsEqual("Bi".utf8) && transfer.event == UInt8(ascii: "C")
    guard isOut || isIn, !transfer.bytes.isEmpty else {
      if let state = UsbmonDialect.lineState(transfer.words) {
        log.control("dtr=\(state & 1)", at: instant)
        log.control("rts=\(state >> 1 & 1)", at: instant)
      } else {
        log.remark(line)
      }
      return
    }
    let port = log.port(named: isOut ? heard(transfer) : partner(transfer))
    log.data(isOut ? .hostToModem : .modemToHost, at: instant, port: port, transfer.bytes)
    let missing = transfer.length - Int64(transfer.bytes.count)
    if missing > 0 { log.gap("\(missing) bytes of the transfer are not in the text", port: port) }
  }

  private mutating func heard(_ transfer: Transfer) -> LineText {
    let name = transfer.device + [UInt8(ascii: ":")] + transfer.endpoint
    if speaker.count < UsbmonDialect.endpointLimit { speaker[transfer.device] = name }
    return name
  }

  private mutating func partner(_ transfer: Transfer) -> LineText {
    let name = transfer.device + [UInt8(ascii: ":")] + transfer.endpoint
    if let known = partners[name] { return known }
    guard let out = speaker[transfer.device], !partners.values.contains(out) else { return name }
    if partners.count < UsbmonDialect.endpointLimit { partners[name] = out }
    return out
  }

  private mutating func stamp(_ clock: Int64) -> LogStamp {
    if let last = lastClock, last - clock > UsbmonDialect.turn / 2 { turns = turns &+ UsbmonDialect.turn }
    lastClock = clock
    return LogStamp(nanoseconds: (turns &+ clock) &* 1_000, step: 1_000, reach: .counter)
  }

  /// USB CDC PSTN 6.3.12: SET_CONTROL_LINE_STATE.
  private static func lineState(_ words: [LineText]) -> Int? {
    guard words.count > 3, words[0].elementsEqual("s".utf8), words[1].elementsEqual("21".utf8),
      words[2].elementsEqual("22".utf8), words[3].count == 4
    else { return nil }
    return TextEscapes.hexadecimal(words[3].suffix(2)).map { Int($0) }
  }

  private static func transfer(_ line: LineText) -> Transfer? {
    let words = line.withoutLineEnd.split(separator: Ascii.blank, maxSplits: 40)
    guard words.count >= 5, words[0].count >= 8, words[0].count <= 16, words[0].allSatisfy(Ascii.isHexDigit),
      words[1].count <= 10, let clock = words[1].decimal, words[2].count == 1, let event = words[2].first,
      [UInt8]("SCE".utf8).contains(event)
    else { return nil }
    let address = words[3].split(separator: Ascii.colon)
    guard address.count >= 3, let kind = address.first, kind.count == 2, let type = kind.first,
      [UInt8]("CBZI".utf8).contains(type), let endpoint = address.last
    else { return nil }
    let device = words[3].dropFirst(3).dropLast(endpoint.count + 1)
    var bytes: [UInt8] = []
    var length: Int64 = 0
    if let mark = words.firstIndex(where: { $0.elementsEqual("=".utf8) }) {
      length = words[mark - 1].decimal ?? 0
      for word in words[(mark + 1)...] {
        var digits = word
        while digits.count >= 2, let byte = TextEscapes.hexadecimal(digits.prefix(2)) {
          bytes.append(byte)
          digits = digits.dropFirst(2)
        }
      }
    }
    return Transfer(
      clock: clock, event: event, kind: kind, device: device, endpoint: endpoint, length: length, bytes: bytes,
      words: [LineText](words[4...]))
  }
}
