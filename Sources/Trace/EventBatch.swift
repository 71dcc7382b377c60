/// Events with the values and the text they point into: what the decoder hands on, a batch at a time.
///
/// Taken and emptied by the driver after each block of input, so that its storage is reused and the steady state
/// allocates nothing.
public struct EventBatch: Sendable {
  public var events: [Event] = []
  public var fields: [Field] = []
  public var text: [UInt8] = []
  /// Of the secret values seen since the beginning; these stay when the batch is emptied.
  public var numbers = SecretNumbers()

  public init() {}

  public mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  /// The number of the secret value that stands there in `text`.
  public mutating func secretNumber(of range: Range<Int>) -> Int32 {
    guard range.lowerBound >= 0, range.upperBound <= text.count else { return 0 }
    let key = SecretNumbers.key(text.span.extracting(range))
    return range.isEmpty ? 0 : numbers.number(for: key)
  }

  /// The text of a slice, for printing. Bytes that are not UTF-8 are replaced.
  public func string(_ slice: Slice) -> String {
    let range = slice.range
    guard range.upperBound <= text.count else { return "" }
    return String(decoding: text[range], as: UTF8.self)
  }
}
