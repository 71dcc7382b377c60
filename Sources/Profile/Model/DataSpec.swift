import Trace

/// A data phase: which bytes follow, which way, how they end, and who reads them.
public final class DataSpec: Sendable {
  public enum Framing: Hashable, Sendable {
    /// As many bytes as the value at this position of the line, or of the command's parameters, says.
    case counted(position: Int)
    /// Everything up to Ctrl-Z.
    case ctrlZ
    /// Everything up to and with CRLF . CRLF.
    case dotLine
    /// Both ways, until `+++` is confirmed or the modem reports NO CARRIER.
    case escape
    /// DLE escapes ETX and itself; a bare ETX ends.
    case dleEtx
    /// XMODEM in any of its variants.
    case xmodem
    /// One line of text.
    case line
    /// The multiplexer of 27.010, until it is closed; `unstuff` says where it is the advanced option.
    case mux
  }

  public enum Decoder: UInt8, Sendable {
    case bytes
    case text
    case pop3
    /// An SMS PDU in hexadecimal digits.
    case sms
    case ppp
  }

  /// A line of the modem that ends the data although no end mark came.
  public struct Closer: Hashable, Sendable {
    /// In capitals.
    public let text: [UInt8]
    /// The line only begins with the text.
    public let isPrefix: Bool
    public init(text: [UInt8], isPrefix: Bool) {
      self.text = text
      self.isPrefix = isPrefix
    }
  }

  public let id: Int
  public let framing: Framing
  public let cancel: UInt8?
  /// `.unknown` stands for both ways.
  public let from: Direction
  public let decoder: Decoder
  /// The kind of transfer in the report; `nil` where the bytes are no transfer of their own.
  public let kind: TransferKind?
  /// Other kinds, each where its condition on the memory holds; the first counts.
  public let otherKinds: [(kind: TransferKind, when: Program)]
  public let masked: Bool
  /// The transfer is complete after the part for which this holds; empty: each part is a transfer.
  public let until: Program
  /// The transfer goes on until a hook ends it.
  public let untilEnded: Bool
  /// The count is a parameter of the command, not a value of the line.
  public let countsParameter: Bool
  /// The value of the line, or the parameter, that tells the length of a PDU; -1: none.
  public let announces: Int
  /// The parameter of the command that names what is carried, or -1.
  public let name: Int
  /// Where this is definitely false no data follow; empty: always.
  public let when: Program
  /// Where this is definitely false the bytes of `dleEtx` are raw.
  public let shielded: Program
  /// Where this holds the data are packets that end with 7E, in which 7D escapes.
  public let unstuff: Program
  public let closers: [Closer]
  /// `+++` ends the data rather than suspends them: there is no way back.
  public let endsForGood: Bool
  /// The modem echoes the end mark of the host.
  public let echoesEnd: Bool
  public let onEnd: Hook
  /// Hooks for the payload decoder's events, by `PayloadEvent.rawValue`.
  public let onEvent: [Hook]
  public let source: Source

  public init(
    id: Int, framing: Framing, cancel: UInt8? = nil, from: Direction, decoder: Decoder, kind: TransferKind?,
    otherKinds: [(kind: TransferKind, when: Program)] = [],
    masked: Bool = false, until: Program = .empty, untilEnded: Bool = false, countsParameter: Bool = false,
    announces: Int = -1, name: Int = -1, when: Program = .empty, shielded: Program = .empty, unstuff: Program = .empty,
    closers: [Closer] = [],
    endsForGood: Bool = false, echoesEnd: Bool = false,
    onEnd: Hook = .empty,
    onEvent: [Hook] = Array(repeating: .empty, count: PayloadEvent.allCases.count), source: Source
  ) {
    self.id = id
    self.framing = framing
    self.cancel = cancel
    self.from = from
    self.decoder = decoder
    self.kind = kind
    self.otherKinds = otherKinds
    self.masked = masked
    self.until = until
    self.untilEnded = untilEnded
    self.countsParameter = countsParameter
    self.announces = announces
    self.name = name
    self.when = when
    self.shielded = shielded
    self.unstuff = unstuff
    self.closers = closers
    self.endsForGood = endsForGood
    self.echoesEnd = echoesEnd
    self.onEnd = onEnd
    self.onEvent = onEvent
    self.source = source
  }

  /// Conditions that the decoder itself must know while bytes pass.
  var conditions: [Program] { [when, shielded, unstuff].filter { !$0.isEmpty } + otherKinds.map(\.when) }
}
