import Profile
import Trace

/// What a streamed report is told of an input before its events come.
public struct StreamedInput {
  /// The number of the input in the report, from 0.
  public var index: Int
  public var path: String
  public var book: Book
  public var ports: [String]
  /// Whether the log keeps time; without it, lines stand for it.
  public var hasTime: Bool
  public var redact: Bool

  public init(index: Int, path: String, book: Book, ports: [String], hasTime: Bool, redact: Bool) {
    self.index = index
    self.path = path
    self.book = book
    self.ports = ports
    self.hasTime = hasTime
    self.redact = redact
  }
}

/// A report that is written while its inputs are inspected, one after the other, so that its size does not matter: only
/// findings and figures wait for the end of their input.
public protocol StreamedReport: AnyObject {
  func begin(_ input: StreamedInput)
  /// The names of the ports seen so far, by `Port.index`.
  func name(ports: [String])
  func take(_ batch: borrowing EventBatch)
  /// The end of an input, with what was found in it.
  func end(_ report: InputReport)
  /// The end of the report.
  func finish()
  /// What is written so far and was not taken yet; reports that write a file of their own have none.
  func takeText() -> String
  /// Why the report cannot be written, when it cannot.
  var failure: String? { get }
}
