import Profile
import Trace

/// One transaction as a comparison sees it: hashes of what was sent and answered, and the numbers of texts in the table
/// of its transcript.
public struct Step: Sendable {
  public enum Outcome: UInt8, Sendable {
    /// The trace ended before the transaction did.
    case open
    case succeeded, failed, unanswered

    var isFailure: Bool { self == .failed || self == .unanswered }
  }

  public let number: UInt32
  public let place: Int
  public let port: Port
  public let sent: Instant

  /// The names and forms of its commands, and the whole of it as it is and as it is printed.
  var names = TextHash.seed
  var line = PairOfHashes()
  /// How many commands the line holds, and the first one's form.
  public internal(set) var commands = 0
  public internal(set) var form = Form.exec
  /// Texts of the transcript: what the commands are called, the command line, the first line of the answer, the late
  /// result, a final result that only the profile knows. -1: not kept, or none.
  var name: Int32 = -1
  var text: Int32 = -1
  var answer: Int32 = -1
  var late: Int32 = -1
  var ownResult: Int32 = -1

  /// The lines of the answer: how many, which, and all that is in them.
  public internal(set) var answers = 0
  var shape = TextHash.seed
  var answered = PairOfHashes()

  public internal(set) var outcome = Outcome.open
  /// `Final.rawValue` and the number of the error; -1 where there is none.
  var final: Int32 = -1
  var code: Int64 = -1
  /// The names and codes of late results.
  var lateCodes = TextHash.seed

  /// From the end of the command line to the final result, and to the first late result; -1 where not known.
  public internal(set) var wait: Nanoseconds = -1
  public internal(set) var lateWait: Nanoseconds = -1
  let commandEnd: Instant

  init(number: UInt32, place: Int, port: Port, sent: Instant, commandEnd: Instant) {
    self.number = number
    self.place = place
    self.port = port
    self.sent = sent
    self.commandEnd = commandEnd
  }

  /// Whether both came to the same end. What the end of a trace cut off differs from nothing.
  func hasResult(of other: Step) -> Bool {
    if outcome == .open || other.outcome == .open { return true }
    return outcome == other.outcome && final == other.final && code == other.code && lateCodes == other.lateCodes
  }
}

/// A hash of bytes as they are, and one of the bytes as they are printed: with secrets masked.
struct PairOfHashes: Hashable, Sendable {
  var exact = TextHash.seed
  var shown = TextHash.seed

  mutating func add(_ byte: UInt8, isHidden: Bool) {
    exact = TextHash.step(exact, byte)
    shown = TextHash.step(shown, isHidden ? 0x2A : byte)
  }

  mutating func add(_ other: PairOfHashes) {
    exact = TextHash.join(exact, other.exact)
    shown = TextHash.join(shown, other.shown)
  }
}

extension TextHash {
  /// A hash that goes on with another one.
  static func join(_ hash: UInt64, _ other: UInt64) -> UInt64 {
    var result = hash
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      result = step(result, UInt8(truncatingIfNeeded: other >> shift))
    }
    return result
  }
}
