import Trace

/// Exports of HHD's USB monitor: a numbered head with date and time, the endpoint, `Send` or `Get`, and rows of
/// hexadecimal. Each pair of endpoints with the same number is a port; what interrupt endpoints say is a remark.
struct UsbMonitorDialect: LineDialect {
  static let name = "usb-monitor"
  static let summary = "HHD USB monitor export: `Bulk or Interrupt Transfer`, `Send 0x… bytes`"
  static let example = "002381: Bulk or Interrupt Transfer (UP), 07.12.2024 08:35:42.0465700 +0.0157184"

  private static let stamp = StampPattern("DD.MM.YYYY hh:mm:ss.f")
  private static let rowWidth = 16
  /// Class-specific notifications of a communications device (USB CDC 6.3) begin with this request type.
  private static let notification: UInt8 = 0xA1

  private var instant = Instant.unknown
  private var port = Port.first
  private var direction: Direction?
  private var missing: Int64 = 0
  private var isNotice = false

  static func evidence(_ line: LineText) -> LineEvidence {
    if head(line) != nil { return .record }
    let text = line.withoutIndent
    let kin = ["Pipe Handle: ", "Send 0x", "Get 0x"]
    return kin.contains { text.starts(with: $0.utf8) } || row(text, upTo: .max) != nil ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = line.withoutIndent.withoutLineEnd
    if let stamp = UsbMonitorDialect.head(line) {
      close(into: &log)
      instant = log.instant(of: stamp)
    } else if let (_, address) = text.parted(at: "Endpoint Address: 0x") {
      let digits = address.prefix(while: Ascii.isHexDigit)
      let number = (TextEscapes.hexadecimal(digits) ?? 0) & 0x0F
      port = log.port(named: [UInt8]("ep\(number)".utf8)[...])
    } else if let (direction, count) = UsbMonitorDialect.transfer(text) {
      self.direction = direction
      missing = count
      isNotice = false
    } else if let direction, missing > 0, let bytes = UsbMonitorDialect.row(text, upTo: missing) {
      if direction == .modemToHost, bytes.first == UsbMonitorDialect.notification, missing >= 8, missing <= 16 {
        isNotice = true
      }
      missing -= Int64(bytes.count)
      if isNotice { return log.remark(line) }
      log.data(direction, at: instant, port: port, bytes)
    } else {
      log.remark(line)
    }
  }

  mutating func finish(into log: inout DialectLog) { close(into: &log) }

  private mutating func close(into log: inout DialectLog) {
    if missing > 0 { log.gap("\(missing) bytes of the transfer are missing", port: port) }
    missing = 0
    direction = nil
  }

  private static func head(_ line: LineText) -> LogStamp? {
    guard let (number, rest) = line.withoutIndent.parted(at: ": Bulk or Interrupt Transfer (", within: 16),
      number.decimal != nil, let (_, time) = rest.parted(at: "), ", within: 8)
    else { return nil }
    return stamp.parse(time)?.stamp
  }

  private static func transfer(_ text: LineText) -> (Direction, Int64)? {
    let direction: Direction = text.starts(with: "Send 0x".utf8) ? .hostToModem : .modemToHost
    guard let rest = text.after("Send 0x") ?? text.after("Get 0x"), let (digits, _) = rest.parted(at: " bytes"),
      !digits.isEmpty, digits.count <= 6, digits.allSatisfy(Ascii.isHexDigit)
    else { return nil }
    return (direction, Int64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0)
  }

  /// Up to 16 numbers of two digits; the characters behind them are not looked at.
  private static func row(_ text: LineText, upTo limit: Int64) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while bytes.count < rowWidth, Int64(bytes.count) < limit, rest.count >= 2,
      let value = TextEscapes.hexadecimal(rest.prefix(2)),
      rest.count == 2 || rest.dropFirst(2).first == Ascii.blank
    {
      bytes.append(value)
      rest = rest.dropFirst(3)
    }
    return bytes.isEmpty ? nil : bytes
  }
}
