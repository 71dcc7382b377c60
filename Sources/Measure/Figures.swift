import Trace

/// What was measured of one command in one form.
public struct CommandFigures: Sendable {
  public var command: String
  public var form: String
  public var count = 0
  public var ok = 0
  public var error = 0
  public var unanswered = 0
  /// From the end of the command line to its final result.
  public var latency = Quantiles()

  public init(command: String, form: String) {
    self.command = command
    self.form = form
  }
}

/// What was measured of one transfer.
public struct TransferFigures: Sendable {
  public var id: UInt32
  public var kind: TransferKind
  public var direction: Direction
  public var name: String?
  public var start: Instant
  public var end: Instant
  /// After unescaping and unframing.
  public var payloadBytes = 0
  /// What crossed the line for it.
  public var wireBytes = 0
  public var retransmissions = 0
  public var errors = 0
  public var longestStall: Nanoseconds = 0
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

  /// Payload bytes per second.
  public var throughput: Double? {
    guard let duration, duration > 0 else { return nil }
    return Double(payloadBytes) / (Double(duration) / 1e9)
  }

  /// The share of the line's capacity that was used, with 10 bits a character (8N1).
  public func utilisation(baud: Int?) -> Double? {
    guard let baud, baud > 0, let duration, duration > 0 else { return nil }
    return Double(wireBytes) * 10 / (Double(baud) * Double(duration) / 1e9)
  }
}
