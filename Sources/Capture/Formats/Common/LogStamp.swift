import Trace

/// A time stamp of a log line.
struct LogStamp: Hashable, Sendable {
  /// What the stamp leaves open.
  enum Reach: Hashable, Sendable {
    /// Date and time, or seconds since 1970.
    case absolute
    /// No year.
    case year
    /// No date.
    case day
    /// Counts from a start of its own.
    case counter
  }
  var nanoseconds: Nanoseconds
  /// What the last digit is worth.
  var step: Nanoseconds
  var reach: Reach
}

/// How a dialect writes time: each letter stands for a digit of the year `Y`, month `M`, day `D`, hour `h`, minute
/// `m` or second `s`; `d` is a day or a blank, `bbb` the English name of a month, `www` of a weekday; `f` is the
/// fraction of a second and `S` a number of seconds, `N` of milliseconds, of any length; `~` is a dot, a comma or a
/// colon. Other characters stand for themselves.
struct StampPattern: Sendable {
  private let symbols: [UInt8]
  private let reach: LogStamp.Reach

  init(_ pattern: String) {
    symbols = [UInt8](pattern.utf8)
    let isCounter = pattern.contains("S") || pattern.contains("N")
    reach =
      pattern.contains("Y")
      ? .absolute : pattern.contains("M") || pattern.contains("b") ? .year : isCounter ? .counter : .day
  }

  /// The most digits a number of seconds or milliseconds may have.
  private static let digitLimit = 15
  private static let second: Int64 = 1_000_000_000
  /// Counters beyond this are seconds since 1970: no device runs for thirty years.
  private static let epoch: Int64 = 1_000_000_000

  /// What the letters have come to.
  private struct Fields {
    var year: Int64 = 0
    var month: Int64 = 0
    var day: Int64 = 0
    var hour: Int64 = 0
    var minute: Int64 = 0
    var seconds: Int64 = 0
    var fraction: Int64 = 0
    var step = StampPattern.second
  }

  /// Reads a stamp at the beginning of `text`, and returns what follows it.
  func parse(_ text: LineText) -> (stamp: LogStamp, rest: LineText)? {
    var fields = Fields()
    let taken: Int? = text.withUnsafeBufferPointer { length(of: $0, &fields) }
    guard let taken, let stamp = stamp(fields) else { return nil }
    return (stamp, text.dropFirst(taken))
  }

  /// How many bytes the stamp takes, with what it says in `fields`.
  private func length(of text: UnsafeBufferPointer<UInt8>, _ fields: inout Fields) -> Int? {
    var at = 0
    for symbol in symbols {
      switch symbol {
      case UInt8(ascii: "S"), UInt8(ascii: "N"):
        var value: Int64 = 0
        let start = at
        while at < text.count, let digit = Ascii.digit(text[at]) {
          guard at - start < StampPattern.digitLimit else { return nil }
          value = value * 10 + digit
          at += 1
        }
        guard at > start else { return nil }
        if symbol == UInt8(ascii: "S") {
          fields.seconds = value
        } else {
          fields.seconds = value / 1_000
          fields.fraction = value % 1_000 * 1_000_000
          fields.step = 1_000_000
        }
      case UInt8(ascii: "f"):
        guard at < text.count, Ascii.isDigit(text[at]) else { return nil }
        while at < text.count, let digit = Ascii.digit(text[at]) {
          if fields.step > 1 {
            fields.step /= 10
            fields.fraction += digit * fields.step
          }
          at += 1
        }
      default:
        guard at < text.count, StampPattern.take(text, at, as: symbol, &fields) else { return nil }
        at += 1
      }
    }
    return at
  }

  private static func take(
    _ text: UnsafeBufferPointer<UInt8>, _ at: Int, as symbol: UInt8, _ fields: inout Fields
  ) -> Bool {
    let byte = text[at]
    let digit = Ascii.digit(byte)
    switch symbol {
    case UInt8(ascii: "Y"): return shift(&fields.year, digit)
    case UInt8(ascii: "M"): return shift(&fields.month, digit)
    case UInt8(ascii: "D"): return shift(&fields.day, digit)
    case UInt8(ascii: "d"): return byte == Ascii.blank || shift(&fields.day, digit)
    case UInt8(ascii: "h"): return shift(&fields.hour, digit)
    case UInt8(ascii: "m"): return shift(&fields.minute, digit)
    case UInt8(ascii: "s"): return shift(&fields.seconds, digit)
    case UInt8(ascii: "b"):
      if fields.month == 0 {
        let rest = text[at...]
        fields.month = months.firstIndex { rest.starts(with: $0.utf8) }.map { Int64($0) + 1 } ?? 0
      }
      return fields.month > 0
    case UInt8(ascii: "w"): return Ascii.isLetter(byte)
    case UInt8(ascii: "~"): return byte == Ascii.dot || byte == Ascii.comma || byte == Ascii.colon
    default: return byte == symbol
    }
  }

  private static func shift(_ field: inout Int64, _ digit: Int64?) -> Bool {
    guard let digit else { return false }
    // No part of a stamp has more digits.
    guard field < 1_000 else { return false }
    field = field * 10 + digit
    return true
  }

  private func stamp(_ fields: Fields) -> LogStamp? {
    guard fields.hour <= 24, fields.minute < 60 else { return nil }
    var reach = reach
    var seconds = fields.seconds
    if reach == .counter {
      if seconds >= StampPattern.epoch { reach = .absolute }
    } else {
      guard seconds <= 60 else { return nil }
      seconds += fields.hour * 3_600 + fields.minute * 60
      if reach != .day {
        guard (1...12).contains(fields.month), (1...31).contains(fields.day) else { return nil }
        // Without a year a leap year is taken, which has all days.
        let year = reach == .year ? 2_000 : fields.year
        seconds += TraceTime.daysSince1970(year: year, month: fields.month, day: fields.day) * 86_400
      }
    }
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: StampPattern.second)
    let (sum, carry) = scaled.addingReportingOverflow(fields.fraction)
    guard !overflow, !carry, sum != .min else { return nil }
    return LogStamp(nanoseconds: sum, step: fields.step, reach: reach)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

/// Relates the stamps of a log to its start.
///
/// Stamps without a date or a year begin anew at midnight or New Year: where they fall back by more than half of
/// their span, that is taken to have happened.
struct LogClock: Sendable {
  /// The latest instant that was known.
  private(set) var last = Instant.unknown
  private var origin: Int64?
  private var turns: Int64 = 0

  mutating func take(
    _ stamp: LogStamp, facts: inout LogFacts, step: Nanoseconds
  ) -> (instant: Instant, wentBack: Bool) {
    let finest = max(stamp.step, step)
    if finest < facts.resolution.step || !facts.resolution.hasTime { facts.resolution = Resolution(step: finest) }
    if origin == nil {
      origin = stamp.reach == .counter ? 0 : stamp.nanoseconds
      if stamp.reach == .absolute { facts.start = TraceClock.text(universal: stamp.nanoseconds) }
    }
    var instant = relative(stamp)
    if let span = stamp.reach.span, let back = last.since(instant), back > span / 2 {
      turns = turns &+ span
      instant = relative(stamp)
    }
    defer { last = instant }
    return (instant, last.isKnown && instant < last)
  }

  private func relative(_ stamp: LogStamp) -> Instant {
    let (difference, overflow) = stamp.nanoseconds.subtractingReportingOverflow(origin ?? 0)
    return Instant(nanoseconds: overflow ? 0 : difference).advanced(by: turns)
  }
}

extension LogStamp.Reach {
  /// After how long the stamps begin anew; stamps without a year count in a leap year.
  fileprivate var span: Nanoseconds? {
    switch self {
    case .day: 86_400_000_000_000
    case .year: 366 * 86_400_000_000_000
    case .absolute, .counter: nil
    }
  }
}
