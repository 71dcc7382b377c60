import Trace

/// Logs of firmware that tags what it sends with `[TX-STATUS]` and each line it got with `[LINE]:`, often behind
/// `[time] CHANNEL | ` of the program that records it. Lines tagged `[URC]` are copies and no bytes of the line.
struct BridgeDialect: LineDialect {
  static let name = "tagged-lines"
  static let summary = "firmware console with `[TX-STATUS] …` and `[LINE]: …`, with or without time"
  static let example = "[2024-05-06 11:40:45.725] STM32 | [TX-STATUS] AT+CSQ"
  static let losses: Loss = [.lineEndings, .order]

  private static let stamps = ["[YYYY-MM-DD hh:mm:ss~f] ", "[hh:mm:ss~f] "].map { StampPattern($0) }

  private var ends = LineEnds()

  static func evidence(_ line: LineText) -> LineEvidence {
    let (stamp, text) = entry(line)
    if record(text) != nil { return .record }
    return stamp == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    let (stamp, text) = BridgeDialect.entry(line)
    guard let (direction, bytes) = BridgeDialect.record(text) else { return log.remark(line) }
    let instant = log.instant(of: stamp)
    log.data(direction, at: instant, direction == .hostToModem ? ends.host(bytes) : ends.modem(bytes))
  }

  /// Time, and what stands behind the bar.
  private static func entry(_ line: LineText) -> (stamp: LogStamp?, text: LineText) {
    let text = line.withoutLineEnd
    for pattern in stamps {
      guard let (stamp, rest) = pattern.parse(text) else { continue }
      guard let (_, behind) = rest.parted(at: "| ", within: 16) else { return (nil, text) }
      return (stamp, behind)
    }
    return (nil, text)
  }

  private static func record(_ text: LineText) -> (Direction, LineText)? {
    // The console may have been in the middle of another line.
    if let (_, sent) = text.parted(at: "[TX-STATUS] ") { return (.hostToModem, sent) }
    return text.after("[LINE]: ").map { (.modemToHost, $0) }
  }
}
