/// One thing that was said, carried or gone wrong, as a plain value of a few integers.
///
/// Text and values stand in the arenas of the `EventBatch` that holds the event; whoever prints an event renders them.
public struct Event: Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// A command line of the host is complete. `a`: how many commands it holds. Begins a transaction.
    case commandLine
    /// One command of the line. `subject`: command of the book or -1; `form`; `fields`: parameters; `a`: index in line.
    case command
    /// An information response. `subject`: the line shape or -1; `a`: index of the command in its line, -1 unknown.
    case information
    /// A line that nobody asked for. `subject`: the line shape or -1.
    case unsolicited
    /// The late result of `transaction`. `subject`: the line shape.
    case late
    /// The modem asks for data.
    case prompt
    /// The final result. `code`: `Final.rawValue`; `a`: the number of a CME or CMS error, or -1; `b`: ns to the first
    /// byte of the answer, -1 unknown; `c`: ns to the final result, -1 unknown.
    case final
    /// A data phase begins. `subject`: the data specification; `a`: announced bytes or -1; `b`: id of the transfer or 0;
    /// `text`: what the command calls it.
    case dataBegin
    /// Payload bytes, after unframing: `text`. `subject`, `b` as in `dataBegin`; `form`: `TransferKind.rawValue`;
    /// `length`: the bytes on the line that they took. `a`: where a PDU begins here, one more than its octets are said
    /// to be.
    case data
    /// A data phase ended. `fields`: bytes, eightbit, cancelled; `code`: `DataEnd.rawValue`; `a`: announced; `b`: transfer;
    /// `c`: bytes too few or too many.
    case dataEnd
    /// A transfer is over. `code`: 1 complete, 0 not; `b`: id; `a`: retransmissions; `c`: errors.
    case transferEnd
    /// A payload decoder's event. `code`: `PayloadEvent.rawValue`; `fields` as it names them; `subject`: the data
    /// specification; `b`: transfer.
    case payload
    /// Something that no grammar explains. `code`: `Malformed.rawValue`.
    case malformed
    /// A command line whose final result never came. `code`: `Unanswered.rawValue`.
    case unanswered
    /// `+++` in data mode. `a`: ns of silence before, `b`: ns of the longest pause between, `c`: ns of silence after;
    /// -1 where not known. `code`: 1 if it was not confirmed and data went on.
    case escape
    /// The modem restarted. `subject`: the line that says so, or -1.
    case reset
    /// A control line changed: `text` reads like `dtr=0`.
    case control
    /// The log says that bytes are missing.
    case gap
    /// The log's clock went backwards.
    case clockStep
    /// A character of the host aborted the running command.
    case abort
    /// These bytes are secret: `code` is the kind of mask, `a` the number of their value (0: none). Comes before the
    /// event they belong to.
    case secret
    /// Echo, V, Q or the rate of the line changed. `code`: the letter, or `lineRate`; `a`: the value.
    case mode
    /// The end of the input.
    case finish
  }

  public struct Flags: OptionSet, Sendable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The direction was inferred from echo and grammar.
    public static let inferred = Flags(rawValue: 1)
    /// Given by `A/`.
    public static let repeated = Flags(rawValue: 2)
    /// Came after the host gave up and sent the next command.
    public static let late = Flags(rawValue: 4)
    /// The log does not keep every byte here.
    public static let lossy = Flags(rawValue: 8)
    /// The text was longer than the limit and is cut.
    public static let cut = Flags(rawValue: 16)
    /// The transaction began before the trace, or after a gap.
    public static let partial = Flags(rawValue: 32)
    /// The form of the line fits none that the document gives.
    public static let misshapen = Flags(rawValue: 64)
  }

  public var kind: Kind
  public var flags: Flags = []
  public var direction: Direction
  public var port: Port
  /// `Form.rawValue` of a command.
  public var form: UInt8 = 0
  public var code: Int32 = 0
  /// When its first and its last byte came.
  public var start: Instant
  public var end: Instant
  /// The line or packet of its first byte.
  public var place: Int
  /// Where it stands in its direction's stream.
  public var offset: UInt64
  public var length: Int32 = 0
  /// The transaction it belongs to; 0: none. Numbers rise by one over the trace, over all ports.
  public var transaction: UInt32 = 0
  public var subject: Int32 = -1
  public var a: Int64 = 0
  public var b: Int64 = 0
  public var c: Int64 = 0
  public var fields: Slice = .none
  public var text: Slice = .none

  public init(
    _ kind: Kind, direction: Direction, port: Port, start: Instant, end: Instant, place: Int, offset: UInt64
  ) {
    self.kind = kind
    self.direction = direction
    self.port = port
    self.start = start
    self.end = end
    self.place = place
    self.offset = offset
  }

  /// The `code` of a `mode` that sets the rate of the line from the next byte on; 0 bit/s: found by the modem itself.
  public static let lineRate: Int32 = 0x52

  public var position: Position {
    Position(
      place: place, offset: offset, length: Int(length), instant: start, direction: direction, port: port)
  }
}

/// Final results of a command line (V.250 5.7.1, 27.007 9.2, 27.005 3.2.5).
public enum Final: Int32, Sendable, CaseIterable {
  case ok, connect, error, noCarrier, noDialtone, busy, noAnswer, cme, cms
  /// A result that only the profile knows.
  case otherSuccess, otherFailure

  public var isSuccess: Bool { self == .ok || self == .connect || self == .otherSuccess }

  public var name: String {
    switch self {
    case .ok: "OK"
    case .connect: "CONNECT"
    case .error: "ERROR"
    case .noCarrier: "NO CARRIER"
    case .noDialtone: "NO DIALTONE"
    case .busy: "BUSY"
    case .noAnswer: "NO ANSWER"
    case .cme: "+CME ERROR"
    case .cms: "+CMS ERROR"
    case .otherSuccess: "success"
    case .otherFailure: "failure"
    }
  }
}

/// How a data phase ended.
public enum DataEnd: Int32, Sendable {
  case complete
  case cancelled
  /// Fewer bytes than announced; `c` says how many are missing.
  case short
  /// More bytes than announced; `c` says how many too many.
  case long
  /// The trace ended within.
  case cut
  /// The other side went on without the end having come.
  case abandoned
  /// The payload's own protocol failed, and says so itself.
  case failed
  /// A success shows that the data passed, but the log has none of them.
  case unseen
}

/// What can be wrong with the bytes themselves.
public enum Malformed: Int32, Sendable, CaseIterable {
  /// Bytes of the host that are no command line and no data.
  case hostGarbage
  /// Bytes of the modem that are no line.
  case modemGarbage
  case lineTooLong
  case echoMismatch
  /// Echo although ATE0 was accepted.
  case echoUnexpected
  /// A command line ended with LF instead of S3.
  case lineFeedTerminator
  /// A result code that is not framed by CR LF.
  case resultFraming
  /// A verbose result code under ATV0, or a numeric one under ATV1.
  case resultForm
  /// A final result although no command is running.
  case strayFinal
  /// A command while another is running. `a`: the place of that other command line.
  case overlap
  /// A command line with more commands than the limit.
  case tooManyCommands
  /// An entry of the log that its reader could not make sense of.
  case logEntry
  /// What the host sent as data comes back although the document says that it does not.
  case dataEchoed
  /// A result code although ATQ1 is set.
  case resultSuppressed
  /// A command line in data mode. `a`: its length; `b`: 1 between PPP frames.
  case commandInData
  /// An answer that does not begin with CR LF.
  case answerFraming

  // XMODEM. `a`: the block's number; `c`: the place of the answer.
  /// `a`: the character; `b`: ns between two of them.
  case xmodemCadence
  /// A block with another number than `b` or the one before it.
  case xmodemNumber
  case xmodemComplement
  case xmodemCRC
  case xmodemSum
  /// The octets of the CRC are exchanged.
  case xmodemSwapped
  /// A checksum where the receiver asked for a CRC, or the other way round.
  case xmodemCheckMode
  /// STX with a checksum.
  case xmodemLongWithSum
  /// SOH before 1024 octets, or STX before 128.
  case xmodemHeadLength
  case xmodemShort
  case xmodemLong
  /// `b`: ns of silence within the block.
  case xmodemPause
  case xmodemResendDiffers
  /// `a`, `b`: the length before and now.
  case xmodemSizeChanged
  case xmodemDuplicateRefused
  /// `a`: 1 for ACK, 0 for NAK.
  case xmodemSurplusAnswer
  /// `b`: how often the block was refused.
  case xmodemRetries
  case xmodemAfterCancel
  case xmodemEndUnanswered
  /// The receiver asked for a block, and what came is none.
  case xmodemForeign
  /// Block 0: YMODEM.
  case xmodemHeaderBlock

  // Short messages. `a`, `b`: what is there and what should be.
  case smsLength, smsDigits
  /// `a`: the field within which the PDU ends.
  case smsEnds
  case smsUserData, smsTooLong, smsTime
  /// `a`: the part, `b`: of so many.
  case smsPart, smsPartRepeated

  // PPP. `a`: bytes, a protocol, or a number.
  case pppFrameCheck, pppEarly, pppRefused, pppUnanswered
  /// A command line between frames.
  case pppCommand

  // Multiplexer. `a`: bytes, or the channel.
  case muxFrameCheck, muxSkipped, muxNotOpen, muxRefused, muxTooLong

  // DLE/ETX. `a`: the byte.
  /// DLE before a byte that needs none.
  case dleUndefined
  /// Bytes behind the end mark that look like the rest of the data.
  case dleBareEnd
  /// The data end with DLE.
  case dleDangling
  /// 7D before a byte that it does not escape.
  case stuffUndefined
}

/// Why a command line counts as not answered.
public enum Unanswered: Int32, Sendable {
  /// The host went on with other commands, and the answer never came.
  case nextCommand
  /// The trace ended first.
  case endOfTrace
  /// The modem restarted.
  case reset
  /// A character of the host aborted it, and no result came.
  case aborted
  /// Result codes are switched off (ATQ1): none was to come.
  case suppressed
  /// Its last line may have been the end already.
  case over
  /// The data it asked for came, and the document has no result behind them.
  case notDue
}

extension Event {
  /// Of a `secret` on a multiplexer's line: the port of the channel that was carried, and where in its stream it stands.
  public var carriedFrom: (port: Port, offset: UInt64)? {
    get {
      guard kind == .secret, b > 0, let index = UInt16(exactly: b - 1) else { return nil }
      return (Port(index), UInt64(bitPattern: c))
    }
    set {
      b = newValue.map { Int64($0.port.index) + 1 } ?? 0
      c = newValue.map { Int64(bitPattern: $0.offset) } ?? 0
    }
  }
}
