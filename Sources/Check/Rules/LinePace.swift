import Trace

/// Watches whether bytes of one direction come faster than the line carries them.
///
/// A log states when bytes were read, or when they were written, so those of one instant may have passed at any time
/// between the instant before and the one behind. Of a stretch from one instant to a later one, only the bytes in between
/// are sure to have passed within it. `excess` is how many bytes of the worst stretch up to here the line could not
/// have carried.
struct LinePace {
  /// Where a stretch begins: the first event in it, the instant before it, the bytes before it.
  struct Stretch {
    var place: Int
    var instant: Instant
    var offset: UInt64
  }

  /// Buffers of drivers and adapters, which programs read and write at once.
  static let slack = 8192.0
  /// A character may have fewer than ten bits (7N1), and clocks differ by some percent.
  private static let bitsPerCharacter = 9.0 / 1.03

  /// The byte behind the last one, and when that came.
  private var end: UInt64 = 0
  private var last = Instant.unknown
  private var lastBytes = 0.0
  private var excess = 0.0
  private(set) var start = Stretch(place: 0, instant: .unknown, offset: 0)
  private var isReported = false

  /// Bytes had come up to here. The bytes of the stretch where they were too many; `nil` otherwise, and once it was told.
  mutating func pass(_ event: Event, rate: Int64, step: Nanoseconds) -> UInt64? {
    let to = event.offset &+ UInt64(max(0, event.length))
    defer { end = max(end, to) }
    guard last.isKnown else {
      last = event.end
      start = Stretch(place: event.place, instant: event.end, offset: max(end, to))
      return nil
    }
    let bytes = to > end ? Double(to - end) : 0
    guard event.end > last else {
      // The same instant, or a clock that goes backwards.
      lastBytes += bytes
      return nil
    }
    let carried = Double(rate) / Self.bitsPerCharacter
    let seconds = Double(event.end.since(last) ?? 0) / 1e9
    let before = excess + lastBytes
    excess = max(0, before) - carried * seconds
    let isTooFast = excess > Self.slack + carried * Double(step) / 1e9
    // What came before went at leisure: the stretch begins behind it.
    if before <= 0 { start = Stretch(place: event.place, instant: last, offset: end) }
    last = event.end
    lastBytes = bytes
    guard isTooFast, !isReported else { return nil }
    isReported = true
    return end &- min(end, start.offset)
  }

  /// The times before and behind have nothing to do with each other.
  mutating func forget() {
    last = .unknown
    lastBytes = 0
    excess = 0
  }
}
