import Trace

/// Quantiles of times in constant memory: exact while there are few, then from buckets whose width is a sixteenth of
/// their octave (an error below 4.5 %). The greatest value is always exact.
public struct Quantiles: Sendable {
  static let exactLimit = 64
  private static let subBuckets = 16
  private static let octaves = 48

  private var exact: [Nanoseconds] = []
  private var buckets: [UInt32] = []
  public private(set) var count = 0
  public private(set) var maximum: Nanoseconds = 0

  public init() {}

  public mutating func add(_ value: Nanoseconds) {
    guard value >= 0 else { return }
    count += 1
    maximum = max(maximum, value)
    if buckets.isEmpty {
      if exact.count < Self.exactLimit {
        exact.append(value)
        return
      }
      buckets = Array(repeating: 0, count: Self.octaves * Self.subBuckets)
      for kept in exact { buckets[Self.bucket(kept)] &+= 1 }
      exact = []
    }
    buckets[Self.bucket(value)] &+= 1
  }

  /// The value below which this share of all values lies (nearest rank); `nil` when there are none.
  public func value(at share: Double) -> Nanoseconds? {
    guard count > 0 else { return nil }
    let rank = max(1, min(count, Int((share * Double(count)).rounded(.up))))
    if buckets.isEmpty { return exact.sorted()[rank - 1] }
    var seen = 0
    for index in buckets.indices {
      seen += Int(buckets[index])
      if seen >= rank { return min(maximum, Self.middle(of: index)) }
    }
    return maximum
  }

  /// How many values lie in each of as many equal steps from 0 to the greatest.
  public func counts(in steps: Int) -> [Int] {
    var result = [Int](repeating: 0, count: max(1, steps))
    guard maximum > 0 else { return result }
    func add(_ value: Nanoseconds, _ number: Int) {
      let share = Double(min(value, maximum)) / Double(maximum)
      result[max(0, min(result.count - 1, Int(share * Double(result.count))))] += number
    }
    for value in exact { add(value, 1) }
    for index in buckets.indices where buckets[index] > 0 { add(Self.middle(of: index), Int(buckets[index])) }
    return result
  }

  private static func bucket(_ value: Nanoseconds) -> Int {
    guard value >= Int64(subBuckets) else { return Int(value) }
    let octave = 63 - value.leadingZeroBitCount
    let within = Int((value >> Int64(octave - 4)) & 15)
    return min(octaves * subBuckets - 1, (octave - 3) * subBuckets + within)
  }

  private static func middle(of bucket: Int) -> Nanoseconds {
    guard bucket >= subBuckets else { return Int64(bucket) }
    let octave = bucket / subBuckets + 3
    let within = Int64(bucket % subBuckets)
    let width = Int64(1) << Int64(octave - 4)
    return (16 + within) * width + width / 2
  }
}
