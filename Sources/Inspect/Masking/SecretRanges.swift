import Trace

/// Every secret of a trace by its place in the stream of its port and direction, for writing the trace without them.
///
/// A secret is known when its line is complete, so a trace is read once to collect them and once to write it.
public struct SecretRanges: Sendable {
  /// How many are kept; a trace with more cannot be masked.
  public static let limit = 1_000_000

  private var ranges: [Key: [Range<UInt64>]] = [:]
  private var count = 0
  public private(set) var isFull = false

  private struct Key: Hashable {
    var port: Port
    var direction: Direction
  }

  public init() {}

  public mutating func note(_ batch: borrowing EventBatch) {
    for index in batch.events.indices {
      let event = batch.events[index]
      guard event.kind == .secret || event.kind == .data && event.code == 1, event.length > 0 else { continue }
      guard count < Self.limit else {
        isFull = true
        return
      }
      count += 1
      // In an undivided log both directions are one stream.
      let direction = event.flags.contains(.inferred) ? Direction.unknown : event.direction
      let range = event.offset..<event.offset &+ UInt64(event.length)
      ranges[Key(port: event.port, direction: direction), default: []].append(range)
    }
  }

  /// Sorts what was collected, so that it can be asked.
  public mutating func seal() {
    for key in Array(ranges.keys) { ranges[key]?.sort { $0.lowerBound < $1.lowerBound } }
    for key in Array(ranges.keys) { ranges[key] = ranges[key].map(Self.merged) }
  }

  private static func merged(_ sorted: [Range<UInt64>]) -> [Range<UInt64>] {
    var result: [Range<UInt64>] = []
    for range in sorted {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  public func contains(_ offset: UInt64, port: Port, direction: Direction) -> Bool {
    guard let sorted = ranges[Key(port: port, direction: direction)] else { return false }
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low].contains(offset)
  }
}

/// Overwrites secrets in the chunks of a trace by `*`, byte for byte, so that lengths stay.
public struct ChunkMask: Sendable {
  private let secrets: SecretRanges
  private var offsets: [UInt64] = []

  /// `secrets` must be sealed.
  public init(_ secrets: SecretRanges) { self.secrets = secrets }

  public mutating func apply(to batch: inout ChunkBatch) {
    for chunk in batch.chunks where chunk.kind == .data {
      let index = Int(chunk.port.index) * Direction.allCases.count + Int(chunk.direction.rawValue)
      while offsets.count <= index { offsets.append(0) }
      for position in 0..<chunk.count where batch.bytes.indices.contains(chunk.start + position) {
        if secrets.contains(offsets[index] &+ UInt64(position), port: chunk.port, direction: chunk.direction) {
          batch.bytes[chunk.start + position] = UInt8(ascii: "*")
        }
      }
      offsets[index] &+= UInt64(chunk.count)
    }
  }
}
