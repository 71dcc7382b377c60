import Trace

/// Annotations of sigrok's uart decoder, one byte a line: `1073683-1073718 uart-1: R`, `uart-1: [0D]`, or events of its
/// JSON trace. The numbers are samples; how long one is, only the log's own debug output tells.
///
/// With all annotations shown, the bits of a byte stand before it, between `Start bit` and `Stop bit`.
struct SigrokDialect: LineDialect {
  static let name = "sigrok-uart"
  static let summary = "sigrok-cli annotations of the uart decoder, one byte a line, or its JSON trace"
  static let example = "1073683-1073718 uart-1: [0D]"
  static let losses: Loss = .direction

  private static let microseconds = StampPattern("S.f")
  private static let second: Int64 = 1_000_000_000
  /// Annotations that are no bytes.
  private static let frames = ["Start bit", "Stop bit", "Frame error", "Parity error", "Break condition", "Parity bit"]
  private static let bitsOfByte = 8

  private var sampleRate: Int64 = 0
  /// Bits of the frame that are still to come.
  private var bits = 0

  private struct Record {
    var port: LineText
    var direction: Direction
    var text: LineText
    /// The last sample of it.
    var sample: Int64?
    var stamp: LogStamp?
  }

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let record = record(line) else {
      return ["{\"traceEvents\"", "cli: ", "{\"ph\": "].contains { line.starts(with: $0.utf8) } ? .kindred : .stranger
    }
    return value(record.text) == nil ? .kindred : .record
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let record = SigrokDialect.record(line) else {
      if let (_, rate) = line.parted(at: "samplerate ", within: 24),
        let hertz = rate.prefix(while: Ascii.isDigit).decimal
      {
        sampleRate = max(0, min(hertz, SigrokDialect.second))
      }
      return log.remark(line)
    }
    if let frame = SigrokDialect.frames.first(where: { record.text.elementsEqual($0.utf8) }) {
      bits = frame == "Start bit" ? SigrokDialect.bitsOfByte : 0
      if frame.hasSuffix("error") { log.malformed(line, record.direction) }
      return
    }
    if bits > 0, record.text.count == 1, record.text.first.map({ $0 == 0x30 || $0 == 0x31 }) ?? false {
      bits -= 1
      return
    }
    guard let byte = SigrokDialect.value(record.text) else { return log.remark(line) }
    if record.direction != .unknown { log.facts.lossy.remove(.direction) }
    let port = log.port(named: record.direction == .unknown ? record.port : [])
    let instant = log.instant(of: record.stamp ?? stamp(record.sample))
    log.data(record.direction, at: instant, port: port, CollectionOfOne(byte))
  }

  private func stamp(_ sample: Int64?) -> LogStamp? {
    guard let sample, sampleRate > 0 else { return nil }
    let step = max(1, SigrokDialect.second / sampleRate)
    let (whole, part) = (sample / sampleRate, sample % sampleRate)
    let (seconds, overflow) = whole.multipliedReportingOverflow(by: SigrokDialect.second)
    return overflow
      ? nil : LogStamp(nanoseconds: seconds &+ part &* SigrokDialect.second / sampleRate, step: step, reach: .counter)
  }

  /// The decoder, the class of the annotation where it is written, and the byte.
  private static func record(_ line: LineText) -> Record? {
    var text = line.withoutLineEnd
    if text.first == UInt8(ascii: "{") { return event(text) }
    var last: Int64?
    let sample = text.prefix { Ascii.isDigit($0) || $0 == Ascii.minus }
    if !sample.isEmpty {
      guard let (_, end) = sample.parted(at: "-"), text.dropFirst(sample.count).first == Ascii.blank else { return nil }
      last = end.decimal
      text = text.dropFirst(sample.count + 1)
    }
    guard text.starts(with: "uart-".utf8), let (port, rest) = text.parted(at: ": ", within: 16) else { return nil }
    var direction = Direction.unknown
    var inner = rest
    if let sent = rest.after("TX: ") ?? rest.after("TX data: ") { (direction, inner) = (.hostToModem, sent) }
    if let got = rest.after("RX: ") ?? rest.after("RX data: ") { (direction, inner) = (.modemToHost, got) }
    // At a higher log level the value stands in quotes, perhaps behind its class.
    if inner.first == Ascii.quote, inner.last == Ascii.quote, inner.count > 2 { inner = inner.dropFirst().dropLast() }
    return Record(port: port, direction: direction, text: inner, sample: last)
  }

  /// `{"ph": "E", "ts": 179.000000, "pid": "uart-1", "tid": "TX", "name": "A"},`: the end of an annotation.
  private static func event(_ text: LineText) -> Record? {
    guard let rest = text.after("{\"ph\": \"E\", \"ts\": "),
      let (time, names) = rest.parted(at: ", \"pid\": \"", within: 24),
      names.starts(with: "uart-".utf8), let (port, thread) = names.parted(at: "\", \"tid\": \"", within: 16),
      let (row, name) = thread.parted(at: "\", \"name\": \"", within: 16), let close = name.lastIndex(of: Ascii.quote),
      let (stamp, _) = microseconds.parse(time)
    else { return nil }
    let direction: Direction =
      row.elementsEqual("TX".utf8) ? .hostToModem : row.elementsEqual("RX".utf8) ? .modemToHost : .unknown
    guard stamp.nanoseconds < .max / 2 else { return nil }
    // The stamp counts microseconds, with a fraction.
    let ended = LogStamp(
      nanoseconds: stamp.nanoseconds / 1_000_000, step: 1_000, reach: .counter)
    return Record(port: port, direction: direction, text: name[..<close], stamp: ended)
  }

  private static func value(_ text: LineText) -> UInt8? {
    if text.count == 1 { return text.first }
    if text.count == 4, text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
      return TextEscapes.hexadecimal(text.dropFirst().dropLast())
    }
    return text.count == 2 ? TextEscapes.hexadecimal(text) : nil
  }
}
