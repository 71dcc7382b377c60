import Trace

/// Logs of the terminal program sscom in English: `2019-06-26 14:05:09:975[Send->]AT+CSQ`; what was sent or received
/// goes on over the lines below.
struct SscomDialect: LineDialect {
  static let name = "sscom"
  static let summary = "terminal program sscom: `[Send->]` and `[Recv<-]` behind the time"
  static let example = "2024-05-06 14:05:09:975[Send->]AT+CSQ"
  static let losses: Loss = .lineEndings

  private static let stamps = ["YYYY-MM-DD hh:mm:ss~f", "hh:mm:ss~f", "YYYY-MM-DD hh:mm:ss", "hh:mm:ss"]
    .map { StampPattern($0) }

  private var records = BlockRecords(showsSentEnds: false)

  static func evidence(_ line: LineText) -> LineEvidence { head(line) == nil ? .stranger : .record }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (direction, stamp, text) = SscomDialect.head(line) else { return records.goOn(line, into: &log) }
    // What the record before has held back stands at its own place in time.
    records.close(into: &log)
    records.begin(direction, at: log.instant(of: stamp), text, into: &log)
  }

  mutating func finish(into log: inout DialectLog) { records.close(into: &log) }

  private static func head(_ line: LineText) -> (Direction, LogStamp, LineText)? {
    let text = line.withoutIndent
    let inner = text.first == UInt8(ascii: "[") ? text.dropFirst() : text
    for pattern in stamps {
      guard let (stamp, behind) = pattern.parse(inner) else { continue }
      let rest = behind.first == UInt8(ascii: "]") ? behind.dropFirst() : behind
      if let sent = rest.after("[Send->]") { return (.hostToModem, stamp, sent) }
      if let got = rest.after("[Recv<-]") { return (.modemToHost, stamp, got) }
    }
    return nil
  }
}
