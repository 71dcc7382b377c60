import Trace

/// Where the time of a transfer went. Its shares, that which is not known among them, add up to 1.
///
/// The time from one thing on the line to the next is charged to whoever speaks next: it is that side which the other
/// one waits for. Out of it go, first, the bytes themselves: at the rate of the line every byte on this port (payload,
/// framing, and the commands and answers in between) takes its ten bits. A log may state when bytes were written
/// rather than when the last of them had passed; what of their time has not passed yet is taken from what follows.
public struct TimeBudget: Hashable, Sendable {
  /// Bytes were on the line.
  public var line: Nanoseconds = 0
  /// The line was idle and the modem spoke next.
  public var modem: Nanoseconds = 0
  /// The line was idle and the host spoke next.
  public var host: Nanoseconds = 0
  /// From the first copy of a block to the one that was accepted, whatever passed in between, and copies of blocks that
  /// were there already.
  public var retransmitting: Nanoseconds = 0
  /// What may have been bytes or waiting, where the rate is not known, and what the clock of the log does not tell.
  public var unknown: Nanoseconds = 0

  public init() {}

  public var total: Nanoseconds { line &+ modem &+ host &+ retransmitting &+ unknown }

  /// The same with whatever is missing to `duration` as unknown.
  func filled(to duration: Nanoseconds) -> TimeBudget {
    var whole = self
    whole.unknown &+= max(0, duration &- total)
    return whole
  }

  /// A part as a share of the whole; `nil` where there was no time.
  public func share(_ part: KeyPath<TimeBudget, Nanoseconds>) -> Double? {
    total > 0 ? Double(self[keyPath: part]) / Double(total) : nil
  }
}

/// Charges the time of a port, while one transfer is open, to what it was spent on.
///
/// What happens at one instant in one direction counts as one, so that it does not matter how bytes were cut.
struct TimeLedger {
  private struct Burst {
    var speaker: Direction
    var instant: Instant
    var bytes: Int64
    /// It belongs to the transfer itself.
    var isOwn: Bool
  }

  /// Without a rate, bytes may have taken as long as at this one.
  private static let slowRate = LineRate(bitsPerSecond: 9600)
  /// More than this is never owed: no sum of times can overflow.
  private static let owedLimit: Nanoseconds = 1 << 60

  private var rate: LineRate?
  /// Up to here time is charged.
  private var last: Instant
  /// Time of bytes on the line that has not passed yet.
  private var owed: Nanoseconds = 0
  private var spent = TimeBudget()
  private var burst: Burst?
  /// As it was at the last byte of the transfer: what comes behind it is no time of the transfer.
  private(set) var budget = TimeBudget()

  init(from start: Instant, rate: LineRate?) {
    last = start
    self.rate = rate
  }

  /// Bytes had passed at an instant.
  mutating func charge(_ bytes: Int64, of speaker: Direction, at instant: Instant, isOwn: Bool) {
    if let held = burst, held.speaker == speaker, held.instant == instant {
      burst?.bytes = held.bytes &+ bytes
      burst?.isOwn = held.isOwn || isOwn
      return
    }
    settle()
    burst = Burst(speaker: speaker, instant: instant, bytes: bytes, isOwn: isOwn)
  }

  /// From one instant to another, blocks were repeated. What was idle before it is charged to the sender.
  mutating func chargeRepeating(by sender: Direction, from start: Instant, to end: Instant, isOwn: Bool) {
    charge(0, of: sender, at: start, isOwn: false)
    settle()
    if let time = end.since(last), time > 0 {
      spent.retransmitting &+= time
      last = end
      owed = 0
    }
    if isOwn { budget = spent }
  }

  mutating func change(to rate: LineRate?) {
    settle()
    self.rate = rate
  }

  /// The clock of the log was set: the time before and behind it has nothing to do with each other.
  mutating func restart(at instant: Instant) {
    settle()
    last = instant
    owed = 0
  }

  /// Charges what is held back.
  mutating func settle() {
    guard let held = burst else { return }
    burst = nil
    let elapsed = max(0, held.instant.since(last) ?? 0)
    let (busy, isKnown) = busy(held.bytes, within: elapsed)
    if isKnown { spent.line &+= busy } else { spent.unknown &+= busy }
    switch held.speaker {
    case .hostToModem: spent.host &+= elapsed &- busy
    case .modemToHost: spent.modem &+= elapsed &- busy
    case .unknown: spent.unknown &+= elapsed &- busy
    }
    if held.instant.isKnown, !last.isKnown || held.instant > last { last = held.instant }
    if held.isOwn { budget = spent }
  }

  /// How much of a time went into bytes, and whether that is sure.
  private mutating func busy(_ bytes: Int64, within elapsed: Nanoseconds) -> (time: Nanoseconds, isKnown: Bool) {
    guard let rate else { return (min(elapsed, Self.slowRate.time(of: bytes)), false) }
    owed = min(Self.owedLimit, owed &+ rate.time(of: bytes))
    let busy = min(elapsed, owed)
    owed &-= busy
    return (busy, true)
  }
}
