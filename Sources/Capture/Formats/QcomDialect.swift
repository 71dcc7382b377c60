import Trace

/// Logs of the terminal programs QCOM and QNavigator: `[2019-01-31 02:58:52:462_S:] AT`, one tag a line, and remarks
/// between `/*` and `*/`.
struct QcomDialect: LineDialect {
  static let name = "qcom"
  static let summary = "terminal programs QCOM and QNavigator: `[time_S:]` and `[time_R:]`"
  static let example = "[2024-05-06 02:58:52:462_S:] AT+CSQ"
  static let losses: Loss = .lineEndings

  /// The clock that the program asks goes on every 15.6 ms.
  private static let tick: Nanoseconds = 16_000_000
  private static let stamps = ["[YYYY-MM-DD hh:mm:ss~f", "[YYYY-MM-DD_hh:mm:ss~f"].map { StampPattern($0) }

  private var ends = LineEnds()

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return line.withoutIndent.starts(with: "/*".utf8) ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (direction, stamp, text) = QcomDialect.record(line) else { return log.remark(line) }
    let instant = log.instant(of: stamp, step: QcomDialect.tick)
    log.data(direction, at: instant, direction == .hostToModem ? ends.host(text) : ends.modem(text))
  }

  private static func record(_ line: LineText) -> (Direction, LogStamp, LineText)? {
    for pattern in stamps {
      guard let (stamp, rest) = pattern.parse(line) else { continue }
      if let text = rest.after("_S:] ") ?? rest.after("_S:]") { return (.hostToModem, stamp, text.withoutLineEnd) }
      if let text = rest.after("_R:] ") ?? rest.after("_R:]") { return (.modemToHost, stamp, text.withoutLineEnd) }
    }
    return nil
  }
}
