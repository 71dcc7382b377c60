import Trace

/// What was measured of one command in one form.
public struct CommandFigures: Sendable {
  public var command: String
  public var form: String
  public var count = 0
  public var ok = 0
  public var error = 0
  public var unanswered = 0
  public var results = ResultCounts()
  /// From the end of the command line to the first byte of the answer.
  public var firstByte = Quantiles()
  /// From the end of the command line to its final result.
  public var latency = Quantiles()
  /// From the end of the command line to the late result that it promised.
  public var late = Quantiles()

  public init(command: String, form: String) {
    self.command = command
    self.form = form
  }
}

/// What was measured of one transfer.
public struct TransferFigures: Sendable {
  /// A silence: where it ended, and when it began.
  public struct Stall: Sendable {
    public var place: Int
    public var offset: UInt64
    public var start: Instant
  }

  public var id: UInt32
  public var kind: TransferKind
  public var direction: Direction
  public var port = Port.first
  public var name: String?
  public var start: Instant
  public var end: Instant
  /// After unescaping and unframing.
  public var payloadBytes = 0
  /// What crossed the line for it: payload, escapes and protocol.
  public var wireBytes = 0
  /// Bytes that are there only so that the payload may hold any value: DLE before ETX and the like.
  public var escapeBytes = 0
  public var retransmissions = 0
  public var errors = 0
  public var longestStall: Nanoseconds = 0
  /// The longest silence; `nil` where there was none.
  public var stall: Stall?
  /// The rate of the line when it began.
  public var rate: LineRate?
  public var budget = TimeBudget()
  public var complete = false
  public var sha256 = ""
  public var place: Int

  public init(id: UInt32, kind: TransferKind, direction: Direction, start: Instant, place: Int) {
    self.id = id
    self.kind = kind
    self.direction = direction
    self.start = start
    end = start
    self.place = place
  }

  public var duration: Nanoseconds? { end.since(start) }

  /// What of the wire bytes is neither payload nor escape: headers, checks, end marks, repeated blocks.
  public var protocolBytes: Int { max(0, wireBytes - payloadBytes - escapeBytes) }

  /// Payload bytes per second.
  public var throughput: Double? {
    guard let duration, duration > 0 else { return nil }
    return Double(payloadBytes) / (Double(duration) / 1e9)
  }

  /// The share of the line's capacity that was used, with 10 bits a character (8N1).
  public var utilisation: Double? {
    guard let rate = rate?.bitsPerSecond, rate > 0, let duration, duration > 0 else { return nil }
    return Double(wireBytes) * Double(LineRate.bitsPerCharacter) / (Double(rate) * Double(duration) / 1e9)
  }
}
