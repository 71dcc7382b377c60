import Trace

/// Logs of the terminal program sscom in Chinese, in UTF-8 or GBK: `[09:35:05.593]发→◇AT`, and a line with `□` for
/// the line end that was sent. The lines may be indented, and people write remarks behind `//`.
struct SscomChineseDialect: LineDialect {
  static let name = "sscom-chinese"
  static let summary = "terminal program sscom in Chinese: `发→◇` and `收←◆` behind the time"
  static let example = "[09:35:05.593]发→◇AT+CSQ"
  static let losses: Loss = .lineEndings

  private static let stamps = ["hh:mm:ss~f]", "hh:mm:ss]", "YYYY-MM-DD hh:mm:ss~f]"].map { StampPattern($0) }
  private static let sentMarks: [[UInt8]] = [[UInt8]("发→◇".utf8), [0xB7, 0xA2, 0xA1, 0xFA, 0xA1, 0xF3]]
  private static let gotMarks: [[UInt8]] = [[UInt8]("收←◆".utf8), [0xCA, 0xD5, 0xA1, 0xFB, 0xA1, 0xF4]]
  private static let lineEndSigns: [[UInt8]] = [[UInt8]("□".utf8), [0xA1, 0xF5]]

  private var records = BlockRecords(showsSentEnds: true)
  private var isSending = false

  static func evidence(_ line: LineText) -> LineEvidence { head(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if let (direction, stamp, text) = SscomChineseDialect.head(line) {
      records.close(into: &log)
      isSending = direction == .hostToModem
      records.begin(direction, at: log.instant(of: stamp), text, into: &log)
      return
    }
    let text = line.withoutIndent
    if isSending, let sign = SscomChineseDialect.lineEndSigns.first(where: { text.starts(with: $0) }) {
      records.sentEnd(into: &log)
      log.remark(text.dropFirst(sign.count).withoutIndent)
      return
    }
    records.goOn(text, into: &log)
  }

  mutating func finish(into log: inout DialectLog) { records.close(into: &log) }

  /// The mark, behind the time unless somebody has taken that out.
  private static func head(_ line: LineText) -> (Direction, LogStamp?, LineText)? {
    var rest = line.withoutIndent
    var stamp: LogStamp?
    if rest.first == UInt8(ascii: "[") {
      for pattern in stamps where stamp == nil {
        guard let found = pattern.parse(rest.dropFirst()) else { continue }
        (stamp, rest) = found
      }
    }
    if let mark = sentMarks.first(where: { rest.starts(with: $0) }) {
      return (.hostToModem, stamp, rest.dropFirst(mark.count))
    }
    if let mark = gotMarks.first(where: { rest.starts(with: $0) }) {
      return (.modemToHost, stamp, rest.dropFirst(mark.count))
    }
    return nil
  }
}
