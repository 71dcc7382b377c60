import Trace

/// What in the streams of a trace is secret, by its place in the stream of its direction: as the decoder marks it.
///
/// Every output asks this map before it prints a byte of the trace.
public struct SecretMap: Sendable {
  /// So many are kept for each stream; the older half makes room for more.
  static let limit = 4096

  /// The secrets of each stream, in order, none touching another.
  private var streams: [Int: [MaskedRange]] = [:]

  public init() {}

  public mutating func note(_ batch: borrowing EventBatch) {
    for index in batch.events.indices { note(batch.events[index]) }
  }

  private mutating func note(_ event: Event) {
    guard event.kind == .secret || event.kind == .data && event.code == 1, event.length > 0 else { return }
    let (end, overflow) = event.offset.addingReportingOverflow(UInt64(event.length))
    guard !overflow else { return }
    let number = event.kind == .secret ? Int32(truncatingIfNeeded: event.a) : 0
    SecretMap.add(
      MaskedRange(range: event.offset..<end, number: number),
      to: &streams[Self.stream(event.port, event.direction), default: []])
  }

  private static func stream(_ port: Port, _ direction: Direction) -> Int {
    Int(port.index) * Direction.allCases.count + Int(direction.rawValue)
  }

  /// Secrets come nearly in the order of their places, so this mostly appends.
  private static func add(_ added: MaskedRange, to ranges: inout [MaskedRange]) {
    var from = first(in: ranges, endingAt: added.range.lowerBound)
    var whole = added
    var to = from
    while to < ranges.count, ranges[to].range.lowerBound <= whole.range.upperBound {
      whole.join(ranges[to])
      to += 1
    }
    if from == to, ranges.count >= limit {
      let gone = min(limit / 2, ranges.count)
      ranges.removeFirst(gone)
      from = max(0, from - gone)
      to = from
    }
    ranges.replaceSubrange(from..<to, with: CollectionOfOne(whole))
  }

  /// The first range that ends at or behind an offset.
  private static func first(in ranges: [MaskedRange], endingAt offset: UInt64) -> Int {
    if let last = ranges.last, last.range.upperBound < offset { return ranges.count }
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].range.upperBound < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What is printed instead of a byte; `nil`: it is no secret.
  public func mark(_ offset: UInt64, port: Port, direction: Direction) -> UInt8? {
    guard let ranges = streams[Self.stream(port, direction)] else { return nil }
    var at = SecretMap.first(in: ranges, endingAt: offset)
    while at < ranges.count, ranges[at].range.lowerBound <= offset {
      if ranges[at].range.contains(offset) { return ranges[at].mark(offset) }
      at += 1
    }
    return nil
  }

  /// Whether any of these bytes is secret.
  private func touches(_ range: Range<UInt64>, port: Port, direction: Direction) -> Bool {
    guard let ranges = streams[Self.stream(port, direction)] else { return false }
    var at = SecretMap.first(in: ranges, endingAt: range.lowerBound)
    while at < ranges.count, ranges[at].range.lowerBound < range.upperBound {
      if ranges[at].range.overlaps(range) { return true }
      at += 1
    }
    return false
  }

  /// The text of an event for printing: escaped, and hidden where it is secret (unless `redact` is false).
  public func text(of event: Event, in batch: borrowing EventBatch, redact: Bool, limit: Int) -> String {
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return "" }
    let direction = event.flags.contains(.inferred) ? Direction.unknown : event.direction
    let shown = range.prefix(limit)
    let isHidden = redact && (event.kind == .data && event.code == 1 || event.isHiddenMessage)
    let last = event.offset.addingReportingOverflow(UInt64(shown.count))
    let hasSecrets =
      redact
      && (last.overflow || touches(event.offset..<last.partialValue, port: event.port, direction: direction))
    if !isHidden, !hasSecrets, shown.count == range.count, batch.text[shown].allSatisfy(EscapedByte.isPlain) {
      return String(decoding: batch.text[shown], as: UTF8.self)
    }
    var text = ""
    if isHidden, event.kind == .data, event.a > 0,
      let printed = MessageMask.printed(batch.text[range], announced: event.a - 1, batch.numbers)
    {
      for byte in printed.prefix(limit) { text += EscapedByte.text(byte) }
      return range.count > limit ? text + "…" : text
    }
    for (index, at) in shown.enumerated() {
      let mark =
        isHidden
        ? UInt8(ascii: "*")
        : hasSecrets ? mark(event.offset &+ UInt64(index), port: event.port, direction: direction) : nil
      text += EscapedByte.text(mark ?? batch.text[at])
    }
    return range.count > limit ? text + "…" : text
  }
}

extension Event {
  /// The text of a short message whose digits are masked.
  public var isHiddenMessage: Bool { kind == .payload && code == Int32(PayloadEvent.sms.rawValue) && c == 1 }
}

/// How one byte of a trace is printed: as itself when it is printable, else escaped, so that no control byte of a log
/// reaches a terminal.
public enum EscapedByte {
  private static let digits = Array("0123456789ABCDEF")

  /// Printed as itself.
  static func isPlain(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C }

  public static func text(_ byte: UInt8) -> String {
    switch byte {
    case 0x0D: "\\r"
    case 0x0A: "\\n"
    case 0x09: "\\t"
    case 0x22: "\\\""
    case 0x5C: "\\\\"
    case 0x20...0x7E: String(UnicodeScalar(byte))
    default: "\\x" + String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
  }
}
