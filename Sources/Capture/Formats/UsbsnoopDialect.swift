import Trace

/// Texts made of usbsnoop's logs: `000031:  OUT: 000001 ms 000031 ms a1 01 … <<< aa 02 …`, with `<<<` before what came
/// from the device and `>>>` before what went to it. Control transfers, with their setup packet, are remarks.
struct UsbsnoopDialect: LineDialect {
  static let name = "usbsnoop"
  static let summary = "text of usbsnoop: `000031:  OUT: 000001 ms 000031 ms … <<< 0d 0a 4f 4b`"
  static let example = "000031:  IN: 000001 ms 000031 ms <<< 0d 0a 4f 4b 0d 0a"

  static func evidence(_ line: LineText) -> LineEvidence { transfer(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (stamp, setup, direction, bytes) = UsbsnoopDialect.transfer(line), setup.isEmpty else {
      return log.remark(line)
    }
    log.data(direction, at: log.instant(of: stamp), bytes)
  }

  private static func transfer(_ line: LineText) -> (LogStamp, setup: LineText, Direction, [UInt8])? {
    guard let (number, rest) = line.withoutLineEnd.parted(at: ":", within: 10), number.decimal != nil,
      let (way, times) = rest.parted(at: ": ", within: 16), way.withoutIndent.count <= 4,
      let (_, second) = times.parted(at: " ms ", within: 16), let (time, data) = second.parted(at: " ms ", within: 16),
      let milliseconds = time.decimal, milliseconds < 1_000_000_000_000
    else { return nil }
    let stamp = LogStamp(nanoseconds: milliseconds * 1_000_000, step: 1_000_000, reach: .counter)
    if let (setup, bytes) = data.parted(at: "<<<", within: 64) {
      return (stamp, setup.withoutIndent, .modemToHost, HexRow.parse(bytes, limit: .max).bytes)
    }
    guard let (setup, bytes) = data.parted(at: ">>>", within: 64) else { return nil }
    return (stamp, setup.withoutIndent, .hostToModem, HexRow.parse(bytes, limit: .max).bytes)
  }
}
