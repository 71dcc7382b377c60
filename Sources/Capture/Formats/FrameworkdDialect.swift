import Trace

/// Logs of frameworkd: `(20080702.2038.12: got 14 bytes from /dev/mux0: '\r\n+CIEV: 6,1\r\n')`. They hold what came
/// from the modem only; the number of bytes proves that the escapes were undone rightly.
struct FrameworkdDialect: LineDialect {
  static let name = "frameworkd"
  static let summary = "frameworkd: `got N bytes from /dev/…`"
  static let example = #"(20240702.2038.12: got 6 bytes from /dev/mux0: '\r\nOK\r\n')"#

  private static let stamp = StampPattern("YYYYMMDD.hhmm.ss: ")

  static func evidence(_ line: LineText) -> LineEvidence { record(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let record = FrameworkdDialect.record(line) else { return log.remark(line) }
    let port = log.port(named: record.port)
    let instant = log.instant(of: record.stamp)
    let bytes = TextEscapes.undo(record.text).bytes
    log.data(.modemToHost, at: instant, port: port, bytes)
    if Int64(bytes.count) != record.count {
      log.gap("the record says \(record.count) bytes and holds \(bytes.count)", port: port)
    }
  }

  private struct Record {
    var stamp: LogStamp?
    var count: Int64
    var port: LineText
    var text: LineText
  }

  private static func record(_ line: LineText) -> Record? {
    guard let (head, behind) = line.withoutLineEnd.parted(at: "got ", within: 32),
      let (number, source) = behind.parted(at: " bytes from /dev/", within: 16), let count = number.decimal,
      let (port, quoted) = source.parted(at: ": '", within: 32) ?? source.parted(at: ": \"", within: 32)
    else { return nil }
    var text = quoted
    if text.last == UInt8(ascii: ")") { text = text.dropLast() }
    if text.last == UInt8(ascii: "'") || text.last == Ascii.quote { text = text.dropLast() }
    return Record(
      stamp: stamp.parse(head.drop { $0 == UInt8(ascii: "(") })?.stamp, count: count, port: port, text: text)
  }
}
