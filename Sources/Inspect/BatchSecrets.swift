import Trace

/// Where in the batch at hand secrets stand, so that the text of an event can be printed without them.
struct BatchSecrets: Sendable {
  /// Secrets stand shortly before or behind the line that holds them.
  private static let reach = 512

  /// The indices of the events that tell of secrets.
  private var indices: [Int] = []

  init() {}

  mutating func note(_ batch: borrowing EventBatch) {
    indices.removeAll(keepingCapacity: true)
    for at in batch.events.indices where batch.events[at].kind == .secret { indices.append(at) }
  }

  /// The text of an event for printing: escaped, cut to `limit` bytes, and hidden where one of `ranges` is.
  /// `numbered`: masks say which value is the same; these numbers differ from one session to another.
  static func text(
    of event: Event, in batch: borrowing EventBatch, hiding ranges: [MaskedRange], numbered: Bool, limit: Int
  ) -> String {
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return "" }
    if ranges.isEmpty, range.count <= limit, batch.text[range].allSatisfy(EscapedByte.isPlain) {
      return String(decoding: batch.text[range], as: UTF8.self)
    }
    var text = ""
    for (index, position) in range.prefix(limit).enumerated() {
      let offset = event.offset &+ UInt64(index)
      let hidden = ranges.first { $0.range.contains(offset) }
      let mark = hidden.map { numbered ? $0.mark(offset) : UInt8(ascii: "*") }
      text += EscapedByte.text(mark ?? batch.text[position])
    }
    return range.count > limit ? text + "…" : text
  }

  /// What of the stream of an event is secret and overlaps it. `at`: its index in the batch.
  func ranges(of event: Event, _ at: Int, _ batch: borrowing EventBatch) -> [MaskedRange] {
    guard !indices.isEmpty else { return [] }
    var low = 0
    var high = indices.count
    while low < high {
      let middle = (low + high) / 2
      if indices[middle] < at - Self.reach { low = middle + 1 } else { high = middle }
    }
    let direction = event.flags.contains(.inferred) ? Direction.unknown : event.direction
    let end = event.offset &+ UInt64(max(0, event.length))
    var ranges: [MaskedRange] = []
    while low < indices.count, indices[low] <= at + Self.reach {
      let secret = batch.events[indices[low]]
      low += 1
      guard secret.length > 0, secret.port == event.port, secret.direction == direction else { continue }
      let (upper, overflow) = secret.offset.addingReportingOverflow(UInt64(secret.length))
      if !overflow, secret.offset < end, upper > event.offset {
        ranges.append(MaskedRange(range: secret.offset..<upper, number: Int32(truncatingIfNeeded: secret.a)))
      }
    }
    return ranges
  }
}
