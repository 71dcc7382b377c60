import Trace

/// The n_gsm line discipline of Linux with its debug output on: the bytes of the multiplexed line in hexadecimal, behind
/// `gsmld_output: ` and `gsmld_receive: `.
///
/// The command that opened the multiplexer stands in no such log. It is put in before the first frame that opens the
/// control channel, so that the frames are read as frames, and a warning says so. What stands before that cannot be
/// judged.
struct KernelMuxDialect: LineDialect {
  static let name = "n-gsm"
  static let summary = "kernel log of the n_gsm line discipline: `gsmld_output: 00000000: f9 …`"
  static let example = "[  312.450112] gsmld_output: 00000000: f9 03 3f 01 1c f9"

  private static let uptime = StampPattern("S.f]")
  private static let marks: [(String, Direction)] = [
    ("gsmld_output: ", .hostToModem), ("gsmld_receive: ", .modemToHost),
  ]
  private var hint = 0
  private var isOpen = false
  private static let basicFlag: UInt8 = 0xF9

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return line.parted(at: "n_gsm", within: 80) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (head, direction, bytes) = KernelMuxDialect.record(line) else { return log.remark(line) }
    let instant = log.instant(of: stamp(head))
    if !isOpen {
      guard direction == .hostToModem, KernelMuxDialect.opensControl(bytes) else {
        log.facts.warn("frames before the multiplexer's control channel is opened are not read")
        return log.remark(line)
      }
      open(isBasic: bytes.first == KernelMuxDialect.basicFlag, at: instant, into: &log)
    }
    log.data(direction, at: instant, bytes)
  }

  /// 3GPP TS 27.010 5.2.1: SABM on channel 0, behind the opening flags.
  private static func opensControl(_ bytes: [UInt8]) -> Bool {
    let frame = bytes.drop { $0 == basicFlag || $0 == 0x7E }
    guard let address = frame.first, let control = frame.dropFirst().first else { return false }
    return address >> 2 == 0 && control & 0xEF == 0x2F
  }

  /// 3GPP TS 27.007 5.7: the framing, and frames as long as the driver may make them.
  private mutating func open(isBasic: Bool, at instant: Instant, into log: inout DialectLog) {
    isOpen = true
    log.facts.warn("the AT+CMUX before the frames is not in the log and was put in")
    log.data(.hostToModem, at: instant, "AT+CMUX=\(isBasic ? 0 : 1),0,5,32768\r".utf8)
    log.data(.modemToHost, at: instant, "\r\nOK\r\n".utf8)
  }

  private static func record(_ line: LineText) -> (head: LineText, Direction, [UInt8])? {
    for (mark, direction) in marks {
      guard let (head, rest) = line.parted(at: mark, within: 80) else { continue }
      let offset = rest.prefix(while: Ascii.isHexDigit)
      guard offset.count == 8, let row = rest.dropFirst(8).after(": ") else { return nil }
      let bytes = HexRow.parse(row, limit: 32).bytes
      return bytes.isEmpty ? nil : (head, direction, bytes)
    }
    return nil
  }

  /// The kernel's own time is finer than that of the system log before it.
  private mutating func stamp(_ head: LineText) -> LogStamp? {
    if let open = head.lastIndex(of: UInt8(ascii: "[")),
      let (stamp, _) = KernelMuxDialect.uptime.parse(head[(open + 1)...].withoutIndent)
    {
      return stamp
    }
    return LinePrefix.parse(head, hint: &hint)?.stamp
  }
}
