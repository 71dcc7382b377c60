import Trace

/// The console of a microcontroller that drives a modem: boot messages, prose, and now and then the modem's answers as
/// the firmware prints them. Lines that look like a modem's are its bytes, all others are remarks.
struct EspConsoleDialect: LineDialect {
  static let name = "device-console"
  static let summary = "console of a microcontroller (boot messages, prose) that prints some of its modem's lines"
  static let example = "rst:0x5 (DEEPSLEEP_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)"
  static let losses: Loss = [.direction, .lineEndings]

  private var ends = LineEnds()

  static func evidence(_ line: LineText) -> LineEvidence {
    if isBoot(line) { return .record }
    return ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false) == nil ? .stranger : .kindred
  }

  /// A boot message, and something of a modem: less sure than any dialect that knows the file better.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil else { return 0 }
    var boots = 0
    var lines = 0
    for range in beginning.lines {
      let line = beginning.bytes[range]
      if isBoot(line) { boots += 1 }
      if ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false) != nil { lines += 1 }
    }
    return boots > 0 && lines > 0 ? 0.65 : 0
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let text = Ascii.trimmed(line)
    guard ModemLine.kind(of: text, afterCommand: false) != nil, text.first != UInt8(ascii: "[") else {
      return log.remark(line)
    }
    log.data(.unknown, at: .unknown, ModemLine.isCommand(text) ? ends.host(text) : ends.modem(text))
  }

  private static func isBoot(_ line: LineText) -> Bool {
    if line.starts(with: "rst:0x".utf8) { return true }
    guard let rest = line.after("ets ") else { return false }
    return rest.prefix(3).allSatisfy(Ascii.isLetter) && rest.prefix(12).contains(where: Ascii.isDigit)
  }
}
