import Trace

/// Annotations of sigrok's uart decoder: `1073683-1073718 uart-1: R` or `uart-1: [0D]`, one byte a line. The numbers
/// are samples, of which the log does not tell how long they are.
struct SigrokDialect: LineDialect {
  static let name = "sigrok-uart"
  static let summary = "sigrok-cli annotations of the uart decoder, one byte a line"
  static let example = "1073683-1073718 uart-1: [0D]"
  static let losses: Loss = .direction

  static func evidence(_ line: LineText) -> LineEvidence { record(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (port, direction, byte) = SigrokDialect.record(line) else { return log.remark(line) }
    if direction != .unknown { log.facts.lossy.remove(.direction) }
    let name = direction == .unknown ? port : []
    log.data(direction, at: .unknown, port: log.port(named: name), CollectionOfOne(byte))
  }

  /// The decoder, the class of the annotation where it is written, and the byte.
  private static func record(_ line: LineText) -> (port: LineText, direction: Direction, byte: UInt8)? {
    var text = line.withoutLineEnd
    let sample = text.prefix { Ascii.isDigit($0) || $0 == Ascii.minus }
    if !sample.isEmpty {
      guard sample.contains(Ascii.minus), text.dropFirst(sample.count).first == Ascii.blank else { return nil }
      text = text.dropFirst(sample.count + 1)
    }
    guard text.starts(with: "uart-".utf8), let (port, rest) = text.parted(at: ": ", within: 16) else { return nil }
    if let sent = rest.after("TX: ") ?? rest.after("TX data: ") { return value(sent).map { (port, .hostToModem, $0) } }
    if let got = rest.after("RX: ") ?? rest.after("RX data: ") { return value(got).map { (port, .modemToHost, $0) } }
    return value(rest).map { (port, .unknown, $0) }
  }

  private static func value(_ text: LineText) -> UInt8? {
    if text.count == 1 { return text.first }
    if text.count == 4, text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
      return TextEscapes.hexadecimal(text.dropFirst().dropLast())
    }
    return text.count == 2 ? TextEscapes.hexadecimal(text) : nil
  }
}
