import Profile
import Trace

/// A data phase under way: how its end is found, and what was counted so far.
///
/// A reference, reused for phase after phase.
final class DataPhase {
  enum State {
    /// Payload is passing.
    case open
    /// All announced bytes passed; what follows shows whether they were all.
    case closing
  }

  private(set) var spec = GenericData.prompted
  var state = State.open
  /// Which way the bytes go; `.unknown` both ways.
  private(set) var direction = Direction.unknown
  var announced: Int64 = -1
  var remaining: Int64 = 0
  var received: Int64 = 0
  var eightBit: Int64 = 0
  /// Bytes of a text that are neither hexadecimal digits nor line ends.
  var nonHex: Int64 = 0
  var extra: Int64 = 0
  var extraPlace = 0
  var extraOffset: UInt64 = 0
  var extraInstant = Instant.unknown
  var transfer: UInt32 = 0
  /// What its transfer is counted as.
  var kind: TransferKind?
  /// The transaction that opened it; 0: an unsolicited line did.
  private(set) var transaction: UInt32 = 0
  var start = Instant.unknown
  var place = 0
  var offset: UInt64 = 0
  var end = Instant.unknown
  /// DLE escapes ETX and itself; else the bytes are as they are.
  var isShielded = true
  /// The data are packets that end with 7E.
  var isStuffed = false
  /// Escapes under way, one for each direction.
  var hostEscape = EscapeState()
  var modemEscape = EscapeState()
  /// Where the last payload stood.
  var lastPlace = 0
  var lastOffset: UInt64 = 0
  /// The digits of a PDU.
  private(set) var message: [UInt8] = []
  /// Progress of the end mark: of CRLF . CRLF, or of `+++`.
  var mark = 0
  /// Follows the blocks, where the phase is XMODEM.
  private(set) var xmodem: XModemDecoder?
  /// What the data of a call are, and the link where they are PPP.
  var call = CallData()
  var ppp: PPPDecoder?
  /// The channels of a multiplexed line.
  var mux: MuxDecoder?
  /// Which side ended the data by its mark: 1 the host, 2 the modem, 0 none.
  var endedBy: Int64 = 0
  /// The modem echoed the host's end mark.
  var endEchoed = false
  /// The last bytes of a counted block, newest last.
  var tail: [UInt8] = []

  func begin(_ spec: DataSpec, transaction: UInt32, start: Instant, place: Int, offset: UInt64) {
    self.spec = spec
    direction = spec.from
    self.transaction = transaction
    self.start = start
    self.place = place
    self.offset = offset
    end = start
    state = .open
    announced = -1
    remaining = 0
    received = 0
    eightBit = 0
    nonHex = 0
    extra = 0
    transfer = 0
    mark = 0
    endedBy = 0
    endEchoed = false
    call = CallData()
    ppp = nil
    mux = nil
    isShielded = true
    isStuffed = false
    hostEscape = EscapeState()
    modemEscape = EscapeState()
    lastPlace = place
    lastOffset = offset
    message.removeAll(keepingCapacity: true)
    tail.removeAll(keepingCapacity: true)
  }

  /// The decoder of an XMODEM phase, made when the first one begins and reused.
  func beginXModem(_ start: XModemStart, sender: Direction) {
    let decoder = xmodem ?? XModemDecoder()
    decoder.begin(start, sender: sender)
    xmodem = decoder
  }

  var isCounted: Bool {
    if case .counted = spec.framing { true } else { false }
  }

  /// Only where the modem's result may come without the end of the data is its trace looked for in them.
  private var keepsTail: Bool {
    guard direction == .modemToHost else { return false }
    switch spec.framing {
    case .counted, .dotLine, .dleEtx: return true
    default: return false
    }
  }

  /// Notes payload for the counters and the tail. Invariant: `tail.count <= Limits.blockTail`.
  func note(_ bytes: Span<UInt8>) {
    received &+= Int64(bytes.count)
    eightBit &+= Int64(EightBit.count(bytes))
    if spec.decoder == .text || spec.decoder == .sms {
      for index in bytes.indices where !Self.isHexOrLineEnd(bytes[index]) { nonHex &+= 1 }
    }
    if spec.decoder == .sms, message.count < Limits.messageDigits {
      let room = min(bytes.count, Limits.messageDigits - message.count)
      bytes.extracting(0..<room).withUnsafeBufferPointer { message.append(contentsOf: $0) }
    }
    guard keepsTail else { return }
    let kept = bytes.extracting(last: min(bytes.count, Limits.blockTail))
    if kept.count == Limits.blockTail {
      tail.removeAll(keepingCapacity: true)
    } else if tail.count + kept.count > Limits.blockTail {
      tail.removeFirst(tail.count + kept.count - Limits.blockTail)
    }
    kept.withUnsafeBufferPointer { tail.append(contentsOf: $0) }
  }
}

extension DataPhase {
  private static func isHexOrLineEnd(_ byte: UInt8) -> Bool {
    CharacterTraits.missing(byte) & Field.Traits.hex.rawValue == 0 || byte == 0x0D || byte == 0x0A
  }
}

/// Counts octets above 0x7F.
enum EightBit {
  static func count(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    for index in bytes.indices { count &+= Int(bytes[index] >> 7) }
    return count
  }
}

/// Finds the result code that a too short block has swallowed: CR LF OK CR LF behind the data.
enum SwallowedResult {
  private static let pattern: [UInt8] = [0x0D, 0x0A, 0x4F, 0x4B, 0x0D, 0x0A]

  /// How many bytes at the end of `tail` begin the result code, when what follows completes it; 0: none.
  /// `following` are the first bytes behind the block.
  static func overlap(tail: [UInt8], following: Span<UInt8>) -> Int {
    var length = pattern.count - 1
    while length > 0 {
      let rest = pattern.count - length
      if tail.count >= length, following.count >= rest, tail.suffix(length).elementsEqual(pattern.prefix(length)),
        (0..<rest).allSatisfy({ following[$0] == pattern[length + $0] })
      {
        return length
      }
      length -= 1
    }
    return 0
  }

  /// The length of a whole result code at the end; 0: there is none.
  static func length(atEndOf tail: [UInt8]) -> Int {
    tail.suffix(pattern.count).elementsEqual(pattern) ? pattern.count : 0
  }
}
