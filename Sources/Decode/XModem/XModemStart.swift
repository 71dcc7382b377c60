import Trace

/// What a receiver sends until the first block comes: `C` every three seconds, or NAK every ten (7.3.2, 8.2).
struct XModemStart {
  private(set) var character: UInt8 = 0
  private(set) var count: Int64 = 0
  /// How many bytes of the receiver's current line are such characters: all of it, or it is something else.
  private(set) var run = 0
  private var last = Instant.unknown
  /// The interval that is farthest from what the protocol says, where it ended, and what it should be.
  private(set) var oddInterval: Nanoseconds = 0
  private(set) var oddPlace = 0
  private(set) var oddOffset: UInt64 = 0
  private(set) var oddInstant = Instant.unknown

  mutating func reset() { self = XModemStart() }

  static func isStart(_ byte: UInt8) -> Bool { byte == XModem.wantCRC || byte == XModem.refuse }

  static func interval(_ character: UInt8) -> Nanoseconds {
    character == XModem.wantCRC ? 3_000_000_000 : 10_000_000_000
  }

  mutating func note(_ byte: UInt8, at now: Instant, place: Int, offset: UInt64) {
    run += 1
    if byte != character {
      // The receiver falls back from CRC to checksum: its time begins anew.
      character = byte
      count = 0
    }
    count &+= 1
    // 7.3.2: the first NAK may be sent at once, with the next after ten seconds or less.
    if count > 1, let interval = now.since(last), isOdd(interval), oddPlace == 0 {
      oddInterval = interval
      oddPlace = place
      oddOffset = offset
      oddInstant = now
    }
    last = now
  }

  /// A quarter more or less is what a busy modem and a coarse clock may be off.
  private func isOdd(_ interval: Nanoseconds) -> Bool {
    let expected = Self.interval(character)
    if character == XModem.refuse, count == 2, interval < expected { return false }
    return interval < expected - expected / 4 || interval > expected + expected / 4
  }
}
