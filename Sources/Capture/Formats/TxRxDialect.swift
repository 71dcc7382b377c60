import Trace

/// Logs of scripts that write a tag `TX` or `RX` before each line: `[10:57:09.255] TX  AT` or `TX [1764708333.916]: AT`.
struct TxRxDialect: LineDialect {
  static let name = "tx-rx"
  static let summary = "scripts that tag lines with TX and RX: `[hh:mm:ss.mmm] TX  …`, `TX [epoch]: …`"
  static let example = "[10:57:09.255] TX  AT+CSQ"
  static let losses: Loss = .lineEndings

  /// Scripts read what has come some ten times in a second.
  private static let readStep: Nanoseconds = 100_000_000
  private static let stamps = ["hh:mm:ss~f]", "hh:mm:ss]", "YYYY-MM-DD hh:mm:ss~f]", "S.f]"].map { StampPattern($0) }
  private static let controlZ = [UInt8]("<Ctrl+Z>".utf8)

  private var ends = LineEnds()

  private struct Record {
    var direction: Direction
    var stamp: LogStamp
    var text: LineText
    /// Whether blank lines of an answer are kept as well.
    var isComplete: Bool
  }

  static func evidence(_ line: LineText) -> LineEvidence {
    if record(line) != nil { return .record }
    return stamped(line.withoutLineEnd).map { $0.rest.after(" -- ") ?? $0.rest.after(" == ") } == nil
      ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let record = TxRxDialect.record(line) else { return log.remark(line) }
    let instant = log.instant(of: record.stamp, step: TxRxDialect.readStep)
    if record.direction == .hostToModem {
      log.data(.hostToModem, at: instant, ends.host(TxRxDialect.withoutNotes(record.text)))
    } else if record.isComplete {
      log.data(.modemToHost, at: instant, EndedText(record.text, tail: .lineEnd))
    } else {
      log.data(.modemToHost, at: instant, ends.modem(record.text))
    }
  }

  private static func record(_ line: LineText) -> Record? {
    let text = line.withoutLineEnd
    if let rest = text.after("TX [") ?? text.after("RX [") {
      let direction = text.first == UInt8(ascii: "T") ? Direction.hostToModem : .modemToHost
      guard let (stamp, behind) = stamp(rest), let bytes = behind.after(": ") ?? behind.after(":") else { return nil }
      return Record(direction: direction, stamp: stamp, text: bytes, isComplete: true)
    }
    guard let (stamp, behind) = stamped(text) else { return nil }
    for (tag, direction) in [(" TX", Direction.hostToModem), (" RX", .modemToHost)] {
      guard let rest = behind.after(tag), rest.first.map({ $0 == Ascii.blank || $0 == Ascii.colon }) ?? true else {
        continue
      }
      let bytes = rest.first == Ascii.colon ? rest.dropFirst() : rest
      return Record(direction: direction, stamp: stamp, text: bytes.withoutIndent, isComplete: false)
    }
    return nil
  }

  private static func stamped(_ text: LineText) -> (stamp: LogStamp, rest: LineText)? {
    text.first == UInt8(ascii: "[") ? stamp(text.dropFirst()) : nil
  }

  private static func stamp(_ text: LineText) -> (stamp: LogStamp, rest: LineText)? {
    for pattern in stamps {
      if let found = pattern.parse(text) { return found }
    }
    return nil
  }

  /// Scripts say in words what kind of data they send and which key ends it: `<sms> text <Ctrl+Z>`.
  private static func withoutNotes(_ text: LineText) -> LineText {
    var data = text
    if text.first == UInt8(ascii: "<"), let parts = text.parted(at: "> ", within: noteLimit) { data = parts.behind }
    guard data.suffix(controlZ.count).elementsEqual(controlZ) else { return data }
    data = data.dropLast(controlZ.count)
    while data.last == Ascii.blank { data = data.dropLast() }
    return data + [0x1A]
  }

  private static let noteLimit = 24
}
