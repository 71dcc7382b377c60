import Trace

/// What the capture file says of one packet, beside its bytes.
struct Packet {
  /// From 1, as the tools that show captures count.
  var number: Int
  /// Nanoseconds from 1970; `nil` where the block has no time.
  var time: Int64? = nil
  /// How long it was on the wire; more than its bytes where the capture was cut.
  var original: Int
  /// As pcapng flags tell it: what the capturing machine sent went to the modem.
  var direction = Direction.unknown
  /// Its instant in trace time, once the clock has seen it.
  var instant = Instant.unknown
}

/// Reads the packets of one link type: one file in `Links/` each.
///
/// What it hands on depends on the packets alone. It keeps what it needs to put fragments together, within limits.
protocol PacketLink: Sendable {
  /// Takes a packet whose bytes are valid during the call.
  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog)
  /// The capture ends here.
  mutating func finish(into log: inout PacketLog)
}

extension PacketLink {
  mutating func finish(into log: inout PacketLog) {}
}

/// What the user says about captures.
public struct CaptureOptions: Hashable, Sendable {
  /// What the packets of a link type that is the user's own (147 to 162) hold.
  public enum UserLink: String, Hashable, Sendable, CaseIterable {
    case serial, ppp, mux
  }

  /// An expression of the packet filter; packets that it does not let through are not read.
  public var filter: String?
  public var userLink: UserLink?

  public init(filter: String? = nil, userLink: UserLink? = nil) {
    self.filter = filter
    self.userLink = userLink
  }

  public var isEmpty: Bool { self == CaptureOptions() }
}
