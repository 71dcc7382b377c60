import Trace

/// Text logs of gammu and gammu-smsd (`textall`, `textalldate`): a head with direction and length, then rows of
/// hexadecimal. The dump of what was received holds echo and answer, every byte.
struct GammuDialect: LineDialect {
  static let name = "gammu"
  static let summary = "gammu text log with dumps: `SENDING frametype 0x00/length 0x03/3`"
  static let example = "RECEIVED frametype 0x00/length 0x09/9"

  private static let stamps = [
    "www YYYY/MM/DD hh:mm:ss: ", "www YYYY/MM/DD hh:mm:ss ", "bbb dd hh:mm:ss ",
  ].map { StampPattern($0) }
  /// Where the column of characters begins.
  private static let dumpWidth = 64
  private static let cellWidth = 4
  /// The most bytes of one dump that are waited for.
  private static let lengthLimit: Int64 = 1 << 20

  private struct Dump {
    var direction: Direction
    var instant: Instant
    var missing: Int64
  }
  private var dump: Dump?

  static func evidence(_ line: LineText) -> LineEvidence {
    let text = message(line).text
    if head(text) != nil { return .record }
    return row(text) != nil ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let (stamp, text) = GammuDialect.message(line)
    if let (direction, length) = GammuDialect.head(text) {
      close(into: &log)
      dump = Dump(direction: direction, instant: log.instant(of: stamp), missing: min(length, Self.lengthLimit))
    } else if let open = dump, open.missing > 0, let bytes = GammuDialect.row(text) {
      let taken = bytes.prefix(Int(open.missing))
      log.data(open.direction, at: open.instant, taken)
      dump?.missing = open.missing - Int64(taken.count)
    } else {
      log.remark(line)
    }
  }

  mutating func finish(into log: inout DialectLog) { close(into: &log) }

  private mutating func close(into log: inout DialectLog) {
    if let open = dump, open.missing > 0 { log.gap("\(open.missing) bytes of the dump are missing") }
    dump = nil
  }

  /// Without the date, and the name of the daemon; in the system log the host's name too.
  private static func message(_ line: LineText) -> (stamp: LogStamp?, text: LineText) {
    let text = line.withoutLineEnd
    for pattern in stamps {
      guard let (stamp, rest) = pattern.parse(text) else { continue }
      return (stamp, rest.parted(at: "]: gammu: ", within: 80)?.behind ?? rest)
    }
    return (nil, text)
  }

  private static func head(_ text: LineText) -> (Direction, Int64)? {
    let direction: Direction
    let rest: LineText
    if let sent = text.after("SENDING frame") {
      (direction, rest) = (.hostToModem, sent)
    } else if let got = text.after("RECEIVED frame") {
      (direction, rest) = (.modemToHost, got)
    } else {
      return nil
    }
    guard let (_, length) = rest.parted(at: "/length 0x", within: 32), let slash = length.lastIndex(of: 0x2F),
      let count = length[(slash + 1)...].decimal
    else { return nil }
    return (direction, count)
  }

  /// Up to 16 cells `41A|`; the last one of a dump has no bar.
  private static func row(_ text: LineText) -> [UInt8]? {
    var bytes: [UInt8] = []
    var cells = text.prefix(dumpWidth)
    while cells.count >= 2, let value = TextEscapes.hexadecimal(cells.prefix(2)) {
      bytes.append(value)
      let bar = cells.dropFirst(cellWidth - 1).first
      cells = cells.dropFirst(cellWidth)
      guard bar == UInt8(ascii: "|") else {
        // The last byte of a row of 16 has a blank for its bar.
        return cells.allSatisfy { $0 == Ascii.blank } ? bytes : nil
      }
    }
    return bytes.isEmpty || !cells.isEmpty ? nil : bytes
  }
}
