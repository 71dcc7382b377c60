/// A point in trace time, in nanoseconds from the start of the trace. Time is data: nothing in the core reads a clock.
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  /// The instant of bytes whose time the log does not tell.
  public static let unknown = Instant(nanoseconds: .min)
  public static let zero = Instant(nanoseconds: 0)

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public var isKnown: Bool { nanoseconds != .min }

  /// Seconds from the start, or `nil` where the time is not known.
  public var seconds: Double? { isKnown ? Double(nanoseconds) / 1e9 : nil }

  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// The time from `earlier` to here, or `nil` when either is not known.
  public func since(_ earlier: Instant) -> Nanoseconds? {
    guard isKnown, earlier.isKnown else { return nil }
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflow ? nil : difference
  }

  /// This instant moved by `span`; unknown stays unknown, and the end of time is not passed.
  public func advanced(by span: Nanoseconds) -> Instant {
    guard isKnown else { return self }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(span)
    return Instant(nanoseconds: overflow ? .max : sum)
  }
}

/// A span of trace time.
public typealias Nanoseconds = Int64

/// How finely a log states time. A timing rule speaks only where this settles the question.
public struct Resolution: Hashable, Sendable {
  /// The step of the log's clock; 0 where the log has no time.
  public var step: Nanoseconds

  public init(step: Nanoseconds) { self.step = step }

  public static let none = Resolution(step: 0)
  public static let second = Resolution(step: 1_000_000_000)
  public static let millisecond = Resolution(step: 1_000_000)
  public static let microsecond = Resolution(step: 1_000)

  public var hasTime: Bool { step > 0 }
}
