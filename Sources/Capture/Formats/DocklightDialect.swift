import Trace

/// Log files of Docklight: date, time, `[TX] - ` or `[RX] - `, and the bytes as text with `<CR>`, as hexadecimal or as
/// decimal numbers. A record goes on over the lines that follow it.
struct DocklightDialect: LineDialect {
  static let name = "docklight"
  static let summary = "Docklight log, ASCII, HEX or decimal: `… 10:17:25.123 [TX] - AT<CR>`"
  static let example = "06.05.2024 10:17:25.123 [TX] - AT+CSQ<CR>"
  static let losses: Loss = .controlBytes

  private static let time = StampPattern("hh:mm:ss.f")
  private static let hour = StampPattern("h:mm:ss.f")
  private static let dates = ["DD.MM.YYYY", "YYYY-MM-DD", "DD/MM/YYYY"].map { StampPattern($0 + " hh:mm:ss.f") }
  private static let codes = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
    "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
  ].map { [UInt8]($0.utf8) }

  /// How bytes are written; the head of the file says it, or the first record that can only be read one way.
  private enum Form {
    case text
    case hexadecimal
    case decimal
  }
  private var form: Form?
  private var direction: Direction?
  private var instant = Instant.unknown

  static func evidence(_ line: LineText) -> LineEvidence {
    if head(line) != nil { return .record }
    return line.starts(with: "Docklight Log File".utf8) ? .record : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutLineEnd
    if let title = text.after("Docklight Log File") {
      if title.parted(at: "(HEX)") != nil { form = .hexadecimal }
      if title.parted(at: "(ASCII)") != nil { form = .text }
      if title.parted(at: "(Decimal)") != nil { form = .decimal }
      direction = nil
      return log.remark(line)
    }
    var data = text
    if let (stamp, way, rest) = DocklightDialect.head(line) {
      instant = log.instant(of: stamp)
      direction = way
      data = rest
    }
    guard let direction else { return log.remark(line) }
    log.data(direction, at: instant, bytes(data))
  }

  private static func head(_ line: LineText) -> (LogStamp?, Direction, LineText)? {
    let text = line.withoutLineEnd
    guard let (head, behind) = text.parted(at: "[TX] - ", within: 48) ?? text.parted(at: "[RX] - ", within: 48) else {
      return nil
    }
    for pattern in dates {
      if let (stamp, _) = pattern.parse(head) { return (stamp, way(text, head), behind) }
    }
    // The order of day and month depends on the computer: the time alone counts.
    for word in head.split(separator: Ascii.blank) {
      if let (stamp, _) = time.parse(word) ?? hour.parse(word) { return (stamp, way(text, head), behind) }
    }
    return head.allSatisfy(Ascii.isBlank) ? (nil, way(text, head), behind) : nil
  }

  private static func way(_ text: LineText, _ head: LineText) -> Direction {
    text.dropFirst(head.count + 1).first == UInt8(ascii: "T") ? .hostToModem : .modemToHost
  }

  private mutating func bytes(_ text: LineText) -> [UInt8] {
    if form != .text, let bytes = HexRow.whole(text) {
      if form == nil { form = .hexadecimal }
      if form == .hexadecimal { return bytes }
    }
    if form != .text, let bytes = DocklightDialect.decimal(text) {
      form = .decimal
      return bytes
    }
    if !text.isEmpty { form = .text }
    return DocklightDialect.undone(text)
  }

  /// Groups of three digits.
  private static func decimal(_ text: LineText) -> [UInt8]? {
    var bytes: [UInt8] = []
    for word in text.split(separator: Ascii.blank) {
      guard word.count == 3, let value = word.decimal, let byte = UInt8(exactly: value) else { return nil }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : bytes
  }

  static func undone(_ text: LineText) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let first = rest.first {
      if first == UInt8(ascii: "<"), let end = rest.prefix(5).firstIndex(of: UInt8(ascii: ">")),
        let code = codes.firstIndex(where: { $0.elementsEqual(rest[(rest.startIndex + 1)..<end]) })
      {
        bytes.append(UInt8(truncatingIfNeeded: code))
        rest = rest[(end + 1)...]
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }
}
