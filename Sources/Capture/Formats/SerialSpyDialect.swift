import Trace

/// What pyserial's `spy://` writes: `000000.201 RX   0000  41 54 0D  AT.`, and changes of the control lines.
struct SerialSpyDialect: LineDialect {
  static let name = "serial-spy"
  static let summary = "pyserial's spy:// protocol: `000000.201 RX   0000  41 54 …`"
  static let example = "000000.201 RX   0000  41 54 0D                                          AT."

  private static let stamp = StampPattern("S.f ")
  /// The numbers take 16 times three columns and a blank in the middle.
  private static let rowWidth = 49
  private static let lines = ["RTS": "rts", "DTR": "dtr", "CTS": "cts", "DSR": "dsr", "CD": "dcd", "RI": "ri"]

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let (_, label, rest) = entry(line) else { return .stranger }
    return direction(label) != nil && row(rest) != nil ? .record : lines[label] == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (stamp, label, rest) = SerialSpyDialect.entry(line) else { return log.remark(line) }
    if let direction = SerialSpyDialect.direction(label), let bytes = SerialSpyDialect.row(rest) {
      log.data(direction, at: log.instant(of: stamp), bytes)
    } else if let name = SerialSpyDialect.lines[label] {
      log.control("\(name)=\(rest.withoutIndent.starts(with: "active".utf8) ? 1 : 0)", at: log.instant(of: stamp))
    } else {
      log.remark(line)
    }
  }

  private static func entry(_ line: LineText) -> (LogStamp, label: String, LineText)? {
    guard let (stamp, rest) = stamp.parse(line.withoutLineEnd) else { return nil }
    let label = rest.prefix { Ascii.isLetter($0) || $0 == Ascii.minus }
    guard !label.isEmpty, label.count <= 6 else { return nil }
    return (stamp, String(decoding: label, as: UTF8.self), rest.dropFirst(label.count))
  }

  private static func direction(_ label: String) -> Direction? {
    label == "TX" ? .hostToModem : label == "RX" ? .modemToHost : nil
  }

  private static func row(_ text: LineText) -> [UInt8]? {
    let inner = text.withoutIndent
    let offset = inner.prefix(while: Ascii.isHexDigit)
    guard offset.count >= 4, inner.dropFirst(offset.count).first == Ascii.blank else { return nil }
    let bytes = HexRow.parse(inner.dropFirst(offset.count + 2).prefix(rowWidth)).bytes
    return bytes.isEmpty ? nil : bytes
  }
}
