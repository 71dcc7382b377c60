import Trace

/// The n_gsm line discipline of Linux with its debug output on: the bytes of the multiplexed line in hexadecimal, behind
/// `gsmld_output: ` and `gsmld_receive: `.
struct KernelMuxDialect: LineDialect {
  static let name = "n-gsm"
  static let summary = "kernel log of the n_gsm line discipline: `gsmld_output: 00000000: f9 …`"
  static let example = "[  312.450112] gsmld_output: 00000000: f9 03 3f 01 1c f9"

  private static let uptime = StampPattern("S.f]")
  private static let marks: [(String, Direction)] = [
    ("gsmld_output: ", .hostToModem), ("gsmld_receive: ", .modemToHost),
  ]
  private var hint = 0

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return line.parted(at: "n_gsm", within: 80) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (head, direction, bytes) = KernelMuxDialect.record(line) else { return log.remark(line) }
    log.data(direction, at: log.instant(of: stamp(head)), bytes)
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
