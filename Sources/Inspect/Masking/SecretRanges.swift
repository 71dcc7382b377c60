import Profile
import Trace

/// A stream of a trace: the bytes of one port that went one way.
struct StreamKey: Hashable, Sendable {
  var port: Port
  var direction: Direction
}

/// Every secret of a trace by its place in the stream of its port and direction, for writing the trace without them.
///
/// A secret is known when its line is complete, so a trace is read once to collect them, once for their values, and
/// once to write it (see `TraceMask`).
public struct SecretRanges: Sendable {
  /// How many are kept; a trace with more cannot be masked.
  public static let limit = 1_000_000

  enum Kind: UInt8, Sendable {
    /// A value in a line.
    case value
    /// Data, or a piece of them.
    case body
    /// Frames of an authentication in PPP.
    case frames
  }

  struct Entry: Sendable {
    var range: Range<UInt64>
    var kind: Kind
    /// Of a value.
    var mask = Parameter.Mask.none
    /// Answers of a mail server.
    var isMailbox = false
  }

  /// Bytes of a multiplexer's frame that stand for those of a channel.
  struct Piece: Sendable {
    var range: Range<UInt64>
    var stream: StreamKey
    var offset: UInt64
  }

  private(set) var entries: [StreamKey: [Entry]] = [:]
  private(set) var pieces: [StreamKey: [Piece]] = [:]
  /// Where messages in PDU form begin.
  private(set) var messages: [StreamKey: Set<UInt64>] = [:]
  private var count = 0
  public private(set) var isFull = false

  public init() {}

  public mutating func note(_ batch: borrowing EventBatch) {
    for index in batch.events.indices {
      let event = batch.events[index]
      let isSecret = event.kind == .secret
      let isBody = event.kind == .data && event.code == 1
      guard isSecret || isBody || event.isHiddenMessage else { continue }
      guard count < Self.limit else {
        isFull = true
        return
      }
      count += 1
      // In an undivided log both directions are one stream.
      let direction = event.flags.contains(.inferred) ? Direction.unknown : event.direction
      let key = StreamKey(port: event.port, direction: direction)
      if event.isHiddenMessage {
        messages[key, default: []].insert(event.offset)
        continue
      }
      let (end, overflow) = event.offset.addingReportingOverflow(UInt64(max(0, event.length)))
      guard !overflow, event.length > 0 else { continue }
      if isSecret, let carried = event.carriedFrom {
        let stream = StreamKey(port: carried.port, direction: direction)
        pieces[key, default: []].append(Piece(range: event.offset..<end, stream: stream, offset: carried.offset))
      } else {
        let isFrame = isBody && event.form == TransferKind.ppp.rawValue
        let kind: Kind = isFrame ? .frames : isBody ? .body : .value
        let mask = isSecret ? Parameter.Mask(rawValue: UInt8(truncatingIfNeeded: event.code)) ?? .secret : .body
        let isMailbox = isBody && event.form == TransferKind.pop3.rawValue
        entries[key, default: []].append(
          Entry(range: event.offset..<end, kind: kind, mask: mask, isMailbox: isMailbox))
      }
    }
  }

  /// Sorts what was collected, so that it can be asked.
  public mutating func seal() {
    for key in Array(entries.keys) {
      entries[key]?.sort { $0.range.lowerBound < $1.range.lowerBound }
      entries[key] = entries[key].map(Self.merged)
    }
    for (key, starts) in messages {
      guard let entries = entries[key] else { continue }
      // What opened the data stands before them.
      messages[key] = Set(
        starts.map { start in
          let behind = entries[Self.first(in: entries, behind: start)...].first { $0.kind == .body }
          return behind.map { max(start, $0.range.lowerBound) } ?? start
        })
    }
    for key in Array(pieces.keys) { pieces[key]?.sort { $0.range.lowerBound < $1.range.lowerBound } }
  }

  /// Values that overlap are one, and so are the pieces of data.
  private static func merged(_ sorted: [Entry]) -> [Entry] {
    var result: [Entry] = []
    for entry in sorted {
      guard let last = result.last else {
        result.append(entry)
        continue
      }
      let overlaps = entry.range.lowerBound < last.range.upperBound
      let goesOn = entry.range.lowerBound == last.range.upperBound && entry.kind != .value && entry.kind == last.kind
      if overlaps || goesOn {
        let upper = max(last.range.upperBound, entry.range.upperBound)
        result[result.count - 1].range = last.range.lowerBound..<upper
        // A password within something else hides it all.
        if overlaps, entry.mask == .secret { result[result.count - 1].mask = .secret }
        if entry.kind == .body, last.kind == .value { result[result.count - 1].kind = .body }
      } else {
        result.append(entry)
      }
    }
    return result
  }

  /// The first entry that ends behind an offset.
  static func first(in sorted: [Entry], behind offset: UInt64) -> Int {
    sorted.partition { $0.range.upperBound > offset }
  }

  static func first(in sorted: [Piece], behind offset: UInt64) -> Int {
    sorted.partition { $0.range.upperBound > offset }
  }

  public func contains(_ offset: UInt64, port: Port, direction: Direction) -> Bool {
    let key = StreamKey(port: port, direction: direction)
    if let sorted = entries[key] {
      let at = Self.first(in: sorted, behind: offset)
      if at < sorted.count, sorted[at].range.contains(offset) { return true }
    }
    if let sorted = pieces[key] {
      let at = Self.first(in: sorted, behind: offset)
      if at < sorted.count, sorted[at].range.contains(offset) { return true }
    }
    return false
  }
}

extension Array {
  /// The first index whose element fulfils what all behind it fulfil too.
  fileprivate func partition(_ isBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
