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
  private static let slash = UInt8(ascii: "/")
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
    guard let record = ModemManagerDialect.record(line) else { return other(line, &log) }
    let port = log.port(named: record.port)
    let instant = log.instant(of: record.stamp)
    var text = record.text
    while let last = text.last, Ascii.isBlank(last) { text = text.dropLast() }
    let isWhole = text.last == UInt8(ascii: "'")
    if isWhole { text = text.dropLast() }
    log.data(record.direction, at: instant, port: port) { ModemManagerDialect.undo(text, into: &$0) }
    if !isWhole { log.gap("the record has no end", port: port) }
  }

  /// Who closes a port lets its DTR fall: a call is over then.
  private func other(_ line: LineText, _ log: inout DialectLog) {
    log.remark(line)
    guard
      let (head, _) = line.parted(at: " closing serial ", within: 200) ?? line.parted(at: " closing port", within: 200),
      let name = ModemManagerDialect.port(head), name.starts(with: "tty".utf8)
    else { return }
    log.control("dtr=0", at: log.instant(of: ModemManagerDialect.stamp(head)), port: log.port(named: name))
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
    var rest = name
    while !rest.isEmpty {
      let piece = rest.prefix { $0 != slash }
      if piece.starts(with: "tty".utf8) { return piece }
      rest = rest.dropFirst(piece.count + 1)
    }
    return name.drop { $0 == slash }.prefix { $0 != slash }
  }

  /// The daemon's own stamp is finer than that of the system log.
  private static func stamp(_ head: LineText) -> LogStamp? {
    var rest = head
    while let bracket = rest.firstIndex(of: UInt8(ascii: "[")) {
      let startsWord = bracket == head.startIndex || head[bracket - 1] == Ascii.blank
      rest = rest[(bracket + 1)...]
      if startsWord, let (stamp, _) = epoch.parse(rest) { return stamp }
    }
    for pattern in systemLog {
      if let (stamp, _) = pattern.parse(head) { return stamp }
    }
    return nil
  }

  /// `<CR>` and `<LF>`; other control bytes and those beyond ASCII are `\` and a decimal number.
  private static func undo(_ text: LineText, into bytes: inout [UInt8]) {
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
  }

  /// The number of a byte that is not printable; the digits behind it may be text.
  private static func number(_ text: LineText) -> (byte: UInt8, length: Int)? {
    for length in [3, 2, 1] where text.count >= length {
      guard let value = text.prefix(length).decimal, length == 1 || text.first != UInt8(ascii: "0") else { continue }
      if value < 0x20 || value > 0x7E, let byte = UInt8(exactly: value) { return (byte, length) }
    }
    return nil
  }
}
