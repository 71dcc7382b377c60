import Trace

/// What in the streams of a trace is secret, by its place in the stream of its direction: as the decoder marks it.
///
/// Every output asks this map before it prints a byte of the trace.
public struct SecretMap: Sendable {
  static let limit = 4096

  private struct Secret {
    var port: Port
    var direction: Direction
    var range: Range<UInt64>
  }
  private var secrets: [Secret] = []

  public init() {}

  public mutating func note(_ batch: borrowing EventBatch) {
    for index in batch.events.indices { note(batch.events[index]) }
  }

  private mutating func note(_ event: Event) {
    guard event.kind == .secret || event.kind == .data && event.code == 1, event.length > 0 else { return }
    let range = event.offset..<event.offset &+ UInt64(event.length)
    if let last = secrets.last, last.port == event.port, last.direction == event.direction,
      last.range.upperBound == range.lowerBound
    {
      secrets[secrets.count - 1].range = last.range.lowerBound..<range.upperBound
      return
    }
    if secrets.count >= Self.limit { secrets.removeFirst(Self.limit / 2) }
    secrets.append(Secret(port: event.port, direction: event.direction, range: range))
  }

  public func contains(_ offset: UInt64, port: Port, direction: Direction) -> Bool {
    for secret in secrets.reversed()
    where secret.range.contains(offset) && secret.port == port && secret.direction == direction {
      return true
    }
    return false
  }

  /// The text of an event for printing: escaped, and hidden where it is secret (unless `redact` is false).
  public func text(of event: Event, in batch: borrowing EventBatch, redact: Bool, limit: Int) -> String {
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return "" }
    let direction = event.flags.contains(.inferred) ? Direction.unknown : event.direction
    var text = ""
    for (index, at) in range.prefix(limit).enumerated() {
      let hidden =
        redact
        && (event.kind == .data && event.code == 1 || event.isHiddenMessage
          || contains(event.offset &+ UInt64(index), port: event.port, direction: direction))
      text += hidden ? "*" : EscapedByte.text(batch.text[at])
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
