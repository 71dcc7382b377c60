import Trace

/// Relates the stamps of a `.trace` file to its start, and keeps an eye on their order.
struct TraceClock: Sendable {
  /// The last instant that was known.
  private(set) var last = Instant.unknown
  /// Nanoseconds from 1970-01-01 to the start, once a header or a stamp told it.
  private var origin: Int64?
  /// How far the clock of the place is ahead of UTC, where the header tells it.
  private var offset: Int64 = 0

  mutating func start(at stamp: TraceStamp) {
    origin = stamp.nanoseconds
    offset = stamp.offset
  }

  /// The trace time of a stamp, or `nil` when it lies beyond what trace time can hold.
  @inline(__always)
  mutating func instant(of stamp: TraceStamp, facts: inout LogFacts) -> Instant? {
    guard stamp.clock != .none else { return .unknown }
    if stamp.step < facts.resolution.step || !facts.resolution.hasTime {
      facts.resolution = Resolution(step: stamp.step)
    }
    guard stamp.clock != .relative else { return Instant(nanoseconds: stamp.nanoseconds) }
    return absolute(stamp, facts: &facts)
  }

  private mutating func absolute(_ stamp: TraceStamp, facts: inout LogFacts) -> Instant? {
    let (moved, wrapped) = stamp.nanoseconds.subtractingReportingOverflow(stamp.clock == .local ? offset : 0)
    if origin == nil {
      origin = moved
      facts.start = TraceClock.text(universal: moved)
    }
    let (difference, overflow) = moved.subtractingReportingOverflow(origin ?? moved)
    guard !wrapped, !overflow, difference != Instant.unknown.nanoseconds else { return nil }
    return Instant(nanoseconds: difference)
  }

  /// Keeps the instant, and says whether it lies before the one that came earlier.
  @inline(__always)
  mutating func wentBack(to instant: Instant) -> Bool {
    guard instant.isKnown else { return false }
    defer { last = instant }
    return last.isKnown && instant < last
  }

  /// An ISO 8601 stamp in UTC, with as many groups of decimals as it needs.
  static func text(universal nanoseconds: Int64) -> String {
    let perDay: Int64 = 86_400_000_000_000
    let days = nanoseconds >= 0 ? nanoseconds / perDay : (nanoseconds + 1) / perDay - 1
    let inDay = nanoseconds &- days &* perDay
    // Civil date from days: years are counted from March, as in `TraceTime`.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let seconds = inDay / 1_000_000_000
    var text = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
    text += padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
    let fraction = inDay % 1_000_000_000
    if fraction % 1_000 != 0 {
      text += "." + padded(fraction, 9)
    } else if fraction % 1_000_000 != 0 {
      text += "." + padded(fraction / 1_000, 6)
    } else if fraction != 0 {
      text += "." + padded(fraction / 1_000_000, 3)
    }
    return text + "Z"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
