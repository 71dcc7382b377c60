import Trace

/// Dumps of jpnevulator with `--timing-print`: a line with the time and the name of the serial device, then rows of
/// hexadecimal, with or without the characters.
///
/// Which device is the host's side, its name tells (`HOST`, `TX`, …); if it does not, the device that sent the first
/// command is it, as long as there are two. Of one device alone the direction is unknown.
struct JpnevulatorDialect: LineDialect {
  static let name = "jpnevulator"
  static let summary = "jpnevulator --timing-print: time and device, then rows of hexadecimal"
  static let example = "2024-05-06 11:40:45.725075: /dev/ttyUSB0"
  /// Its manual says so: between two devices the order is not certain.
  static let losses: Loss = [.direction, .order]

  private static let stamp = StampPattern("YYYY-MM-DD hh:mm:ss.f:")
  private static let hostNames = ["host", "tx", "te", "dte", "pc", "app", "mcu"]

  private var instant = Instant.unknown
  private var source: [UInt8] = []
  private var host: [UInt8]?
  private var isPair = false

  /// The rows alone are those of any dump.
  static func evidence(_ line: LineText) -> LineEvidence {
    if head(line) != nil { return .record }
    return row(line) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if let (stamp, name) = JpnevulatorDialect.head(line) {
      instant = log.instant(of: stamp)
      if !source.isEmpty, !source.elementsEqual(name) { isPair = true }
      source = [UInt8](name)
      return
    }
    guard instant.isKnown, let bytes = JpnevulatorDialect.row(line) else { return log.remark(line) }
    if host == nil { host = findHost(bytes) }
    guard let host else { return log.data(.unknown, at: instant, bytes) }
    log.facts.lossy.remove(.direction)
    log.data(host == source ? .hostToModem : .modemToHost, at: instant, bytes)
  }

  /// The name decides, or the first command of a device that is not alone.
  private func findHost(_ bytes: [UInt8]) -> [UInt8]? {
    let word = String(decoding: source.map { Ascii.isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    if JpnevulatorDialect.hostNames.contains(word) { return source }
    return isPair && ModemLine.isCommand(Ascii.trimmed(bytes[...])) ? source : nil
  }

  private static func head(_ line: LineText) -> (LogStamp, LineText)? {
    guard let (stamp, rest) = stamp.parse(line.withoutLineEnd) else { return nil }
    return rest.isEmpty ? (stamp, rest) : rest.after(" ").map { (stamp, $0) }
  }

  /// The characters follow a tab; the number of the first byte may stand before.
  private static func row(_ line: LineText) -> [UInt8]? {
    let text = line.withoutLineEnd.prefix { $0 != Ascii.tab }
    if let bytes = HexRow.whole(text) { return bytes }
    let index = text.prefix(while: Ascii.isHexDigit)
    guard index.count >= 4, index.count <= 8 else { return nil }
    return HexRow.whole(text.dropFirst(index.count).drop { $0 == Ascii.colon })
  }
}
