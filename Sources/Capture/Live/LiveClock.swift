import Glibc
import Trace

/// The clock of a live line: monotonic, in microseconds from its beginning, so that what is shown live and what is read
/// from the saved capture has the same times.
public struct LiveClock: Sendable {
  private let origin: Nanoseconds
  /// When it began: nanoseconds from 1970.
  let universalStart: Int64
  /// When it began, by the calendar: ISO 8601.
  public let start: String

  public init() {
    origin = LiveClock.monotonic()
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    universalStart = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) / 1000 * 1000
    start = TraceClock.text(universal: universalStart)
  }

  public var now: Instant { Instant(nanoseconds: (LiveClock.monotonic() &- origin) / 1_000 &* 1_000) }

  /// The time by the calendar, as the kernel stamps packets; it may be set at any moment.
  var universalNow: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) / 1000 * 1000
  }

  static func monotonic() -> Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
