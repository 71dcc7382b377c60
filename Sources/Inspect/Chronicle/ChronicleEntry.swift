import Trace

/// One transaction as a report lists it: a command line, what answered it, and how long that took.
public struct ChronicleEntry: Sendable {
  public enum Outcome: UInt8, Sendable {
    case open, succeeded, failed, unanswered
  }

  public var number: UInt32
  /// Where the command line stands, and the last line that belongs to it.
  public var place: Int
  public var lastPlace: Int
  public var port: Port
  public var sent: Instant
  /// The command line, fit for printing: escaped, secrets hidden, cut.
  public var text: String
  /// The first line of the answer, likewise, and how many there were.
  public var answer = ""
  public var answers = 0
  public var result = ""
  public var outcome = Outcome.open
  /// From the end of the command line to the first byte of the answer, and to the final result; -1 where not known.
  public var firstByte: Nanoseconds = -1
  public var wait: Nanoseconds = -1
  /// From the end of the command line to the late result; -1 where there is none.
  public var late: Nanoseconds = -1
  /// How many of the answers came late, behind the final result.
  public var lateAnswers = 0
  public var findings = 0
  /// When the last byte of the command line came.
  var commandEnd: Instant

  mutating func addAnswer(_ text: String, place: Int) {
    if answers == 0 { answer = text }
    answers &+= 1
    lastPlace = max(lastPlace, place)
  }
}
