import Trace

/// A data phase: which bytes follow, which way, how they end, and who reads them.
public final class DataSpec: Sendable {
  public enum Framing: Hashable, Sendable {
    /// As many bytes as the value at this position of the line says.
    case counted(position: Int)
    /// Everything up to Ctrl-Z.
    case ctrlZ
    /// Everything up to and with CRLF . CRLF.
    case dotLine
    /// Both ways, until `+++` is confirmed or the modem reports NO CARRIER.
    case escape
  }

  public enum Decoder: UInt8, Sendable {
    case bytes
    case text
    case pop3
  }

  public let id: Int
  public let framing: Framing
  public let cancel: UInt8?
  /// `.unknown` stands for both ways.
  public let from: Direction
  public let decoder: Decoder
  /// The kind of transfer in the report; `nil` where the bytes are no transfer of their own.
  public let kind: TransferKind?
  public let masked: Bool
  /// The transfer is complete after the part for which this holds; empty: each part is a transfer.
  public let until: Program
  /// The transfer goes on until a hook ends it.
  public let untilEnded: Bool
  public let onEnd: Hook
  /// Hooks for the payload decoder's events, by `PayloadEvent.rawValue`.
  public let onEvent: [Hook]
  public let source: Source

  public init(
    id: Int, framing: Framing, cancel: UInt8? = nil, from: Direction, decoder: Decoder, kind: TransferKind?,
    masked: Bool = false, until: Program = .empty, untilEnded: Bool = false, onEnd: Hook = .empty,
    onEvent: [Hook] = Array(repeating: .empty, count: PayloadEvent.allCases.count), source: Source
  ) {
    self.id = id
    self.framing = framing
    self.cancel = cancel
    self.from = from
    self.decoder = decoder
    self.kind = kind
    self.masked = masked
    self.until = until
    self.untilEnded = untilEnded
    self.onEnd = onEnd
    self.onEvent = onEvent
    self.source = source
  }
}
