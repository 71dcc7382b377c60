/// A time stamp as a `.trace` line states it, before it is related to the start of the trace.
struct TraceStamp: Hashable, Sendable {
  enum Clock: Hashable, Sendable {
    /// `-`: not known.
    case none
    /// Seconds from the start.
    case relative
    /// An ISO 8601 stamp that says its offset from UTC.
    case universal
    /// An ISO 8601 stamp without one: the clock of the place where the log was written.
    case local
  }
  var clock: Clock
  /// Nanoseconds from the start, or from 1970-01-01.
  var nanoseconds: Int64
  /// The step that the number of decimals implies.
  var step: Int64
  /// How far the clock of the stamp is ahead of UTC.
  var offset: Int64 = 0
}

/// Reads the first word of a `.trace` line.
enum TraceTime {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Parses a word without blanks; `nil` when it is not a time.
  @inline(__always)
  static func parse(_ word: UnsafeBufferPointer<UInt8>) -> TraceStamp? {
    guard let first = word.first else { return nil }
    let negative = first == Ascii.minus
    if negative, word.count == 1 { return TraceStamp(clock: .none, nanoseconds: .min, step: 0) }
    var index = negative ? 1 : 0
    var whole: Int64 = 0
    let begin = index
    while index < word.count, let digit = Ascii.digit(word[index]) {
      // Ten digits hold every second that fits into nanoseconds; more cannot overflow before they are refused.
      guard index - begin < 10 else { return nil }
      whole = whole &* 10 &+ digit
      index += 1
    }
    guard index > begin else { return nil }
    var fraction: Int64 = 0
    var step = nanosecondsPerSecond
    if index < word.count {
      guard word[index] == Ascii.dot, index + 1 < word.count else {
        return negative ? nil : parseISO(word)
      }
      index += 1
      guard let (value, finest) = parseFraction(word, from: &index), index == word.count else { return nil }
      fraction = value
      step = finest
    }
    let (seconds, overflow) = whole.multipliedReportingOverflow(by: nanosecondsPerSecond)
    let (sum, carry) = seconds.addingReportingOverflow(fraction)
    guard !overflow, !carry else { return nil }
    return TraceStamp(clock: .relative, nanoseconds: negative ? 0 &- sum : sum, step: step)
  }

  /// Parses `2024-05-06T07:08:09.123+02:00`: the seconds, their fraction and the offset may be missing.
  static func parseISO(_ word: UnsafeBufferPointer<UInt8>) -> TraceStamp? {
    guard word.count >= 16, word[4] == Ascii.minus, word[7] == Ascii.minus, word[13] == Ascii.colon,
      word[10] == UInt8(ascii: "T") || word[10] == UInt8(ascii: "t"),
      let high = number(word, 0, 2), let low = number(word, 2, 2), let month = number(word, 5, 2),
      let day = number(word, 8, 2), let hour = number(word, 11, 2), let minute = number(word, 14, 2),
      (1...12).contains(month), (1...31).contains(day), hour <= 24, minute < 60
    else { return nil }
    var index = 16
    var second: Int64 = 0
    var fraction: Int64 = 0
    var step = 60 * nanosecondsPerSecond
    if index < word.count, word[index] == Ascii.colon {
      // 60 is a leap second.
      guard let value = number(word, index + 1, 2), value <= 60 else { return nil }
      second = value
      step = nanosecondsPerSecond
      index += 3
      if index < word.count, word[index] == Ascii.dot || word[index] == Ascii.comma {
        index += 1
        guard let (value, finest) = parseFraction(word, from: &index) else { return nil }
        fraction = value
        step = finest
      }
    }
    guard let offset = parseOffset(word, from: index) else { return nil }
    let days = daysSince1970(year: high * 100 + low, month: month, day: day)
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
    let (sum, carry) = scaled.addingReportingOverflow(fraction)
    let (universal, wrapped) = sum.subtractingReportingOverflow(offset.nanoseconds)
    guard !overflow, !carry, !wrapped else { return nil }
    return TraceStamp(
      clock: offset.stated ? .universal : .local, nanoseconds: universal, step: step, offset: offset.nanoseconds)
  }

  private static func parseOffset(
    _ word: UnsafeBufferPointer<UInt8>, from index: Int
  ) -> (nanoseconds: Int64, stated: Bool)? {
    guard index < word.count else { return (0, false) }
    switch word[index] {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"):
      return index + 1 == word.count ? (0, true) : nil
    case Ascii.plus, Ascii.minus:
      guard let hours = number(word, index + 1, 2), hours < 24 else { return nil }
      var minutes: Int64 = 0
      if index + 3 < word.count {
        let at = word[index + 3] == Ascii.colon ? index + 4 : index + 3
        guard let value = number(word, at, 2), value < 60, at + 2 == word.count else { return nil }
        minutes = value
      }
      let span = (hours * 60 + minutes) * 60 * nanosecondsPerSecond
      return (word[index] == Ascii.minus ? -span : span, true)
    default:
      return nil
    }
  }

  /// Reads decimals to nanoseconds; digits beyond the ninth are finer than trace time and are let go.
  @inline(__always)
  private static func parseFraction(
    _ word: UnsafeBufferPointer<UInt8>, from index: inout Int
  ) -> (nanoseconds: Int64, step: Int64)? {
    var value: Int64 = 0
    var step = nanosecondsPerSecond
    let begin = index
    while index < word.count, let digit = Ascii.digit(word[index]) {
      if step > 1 {
        step /= 10
        value = value &+ digit &* step
      }
      index += 1
    }
    return index > begin ? (value, step) : nil
  }

  private static func number(_ word: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int64? {
    guard start + count <= word.count else { return nil }
    var value: Int64 = 0
    for index in start..<(start + count) {
      guard let digit = Ascii.digit(word[index]) else { return nil }
      value = value &* 10 &+ digit
    }
    return value
  }

  /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar: years are counted from March, so that the
  /// leap day is the last of its year.
  static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
