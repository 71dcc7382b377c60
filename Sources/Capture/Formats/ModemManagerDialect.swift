import Trace

/// Debug output of ModemManager, on the console, in syslog or in the journal: `(ttyUSB0): --> 'AT<CR>'`,
/// `[modem0/ttyUSB2/at] <-- '…'`.
struct ModemManagerDialect: LineDialect {
  static let name = "modemmanager"
  static let summary = "ModemManager debug output, on the console, in syslog or in the journal"
  static let example = "** (modem-manager:2543): DEBUG: (ttyUSB0): --> 'AT+GCAP<CR>'"

  private static let systemLog = ["bbb dd hh:mm:ss ", "YYYY-MM-DDThh:mm:ss.f", "YYYY-MM-DDThh:mm:ss"]
    .map { StampPattern($0) }
  private static let epoch = StampPattern("S.f]")
  private static let opening = UInt8(ascii: "<")
  private static let daemons = ["modem-manager", "ModemManager", "** Message", "** ("]

  private struct Record {
    var direction: Direction
    var port: LineText
    var stamp: LogStamp?
    var text: LineText
  }

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return daemons.contains { line.parted(at: $0, within: 64) != nil } ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let record = ModemManagerDialect.record(line) else { return log.remark(line) }
    let port = log.port(named: record.port)
    let instant = log.instant(of: record.stamp)
    var text = record.text
    while let last = text.last, Ascii.isBlank(last) { text = text.dropLast() }
    let isWhole = text.last == UInt8(ascii: "'")
    log.data(record.direction, at: instant, port: port, ModemManagerDialect.bytes(isWhole ? text.dropLast() : text))
    if !isWhole { log.gap("the record has no end", port: port) }
  }

  /// An arrow and a quote, and before them the port in brackets.
  private static func record(_ line: LineText) -> Record? {
    var direction = Direction.hostToModem
    var parts = line.parted(at: "--> '", within: 200)
    if let back = line.parted(at: "<-- '", within: 200), back.before.count < parts?.before.count ?? .max {
      direction = .modemToHost
      parts = back
    }
    guard let parts, let port = port(parts.before) else { return nil }
    return Record(direction: direction, port: port, stamp: stamp(parts.before), text: parts.behind)
  }

  private static func port(_ head: LineText) -> LineText? {
    var text = head
    while let last = text.last, last == Ascii.blank || last == Ascii.colon { text = text.dropLast() }
    guard let close = text.last, close == UInt8(ascii: ")") || close == UInt8(ascii: "]") else { return nil }
    let open = close == UInt8(ascii: ")") ? UInt8(ascii: "(") : UInt8(ascii: "[")
    guard let begin = text.lastIndex(of: open) else { return nil }
    let name = text[(begin + 1)..<(text.endIndex - 1)]
    let pieces = name.split(separator: UInt8(ascii: "/"))
    return pieces.first { $0.starts(with: "tty".utf8) } ?? pieces.first
  }

  /// The daemon's own stamp is finer than that of the system log.
  private static func stamp(_ head: LineText) -> LogStamp? {
    for word in head.split(separator: Ascii.blank) {
      if word.first == UInt8(ascii: "["), let (stamp, _) = epoch.parse(word.dropFirst()) { return stamp }
    }
    for pattern in systemLog {
      if let (stamp, _) = pattern.parse(head) { return stamp }
    }
    return nil
  }

  /// `<CR>` and `<LF>`; other control bytes and those beyond ASCII are `\` and a decimal number.
  private static func bytes(_ text: LineText) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let first = rest.first {
      guard first == ModemManagerDialect.opening || first == Ascii.backslash else {
        let plain = rest.prefix { $0 != ModemManagerDialect.opening && $0 != Ascii.backslash }
        bytes.append(contentsOf: plain)
        rest = rest.dropFirst(plain.count)
        continue
      }
      if let behind = rest.after("<CR>") {
        bytes.append(Ascii.carriageReturn)
        rest = behind
      } else if let behind = rest.after("<LF>") {
        bytes.append(Ascii.lineFeed)
        rest = behind
      } else if first == Ascii.backslash, let (byte, length) = number(rest.dropFirst()) {
        bytes.append(byte)
        rest = rest.dropFirst(1 + length)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }

  /// The number of a byte that is not printable; the digits behind it may be text.
  private static func number(_ text: LineText) -> (byte: UInt8, length: Int)? {
    for length in [3, 2, 1] where text.count >= length {
      guard let value = text.prefix(length).decimal, String(value).utf8.count == length else { continue }
      if value < 0x20 || value > 0x7E, let byte = UInt8(exactly: value) { return (byte, length) }
    }
    return nil
  }
}
