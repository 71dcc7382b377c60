import Profile
import Trace

/// What a session must show, as the user's file states it. Each unmet part is a finding of the rule `expect.<name>`.
public struct Expectation: Sendable {
  public var name: String
  public var severity: Severity
  public var mustSee: [ExpectedCommand] = []
  public var mustNotSee: [ExpectedCommand] = []
  /// Others may come between.
  public var inOrder: [ExpectedCommand] = []
  public var transfers: [ExpectedTransfer] = []

  public init(name: String, severity: Severity = .error) {
    self.name = name
    self.severity = severity
  }

  public var rule: String { ExpectRules.prefix + name }
}

/// How often something is expected.
public struct ExpectedCount: Hashable, Sendable {
  public static let any = ExpectedCount(1, nil)
  public var least: Int
  /// `nil`: any number.
  public var most: Int?

  public init(_ least: Int, _ most: Int?) {
    self.least = least
    self.most = most
  }

  public func contains(_ number: Int) -> Bool { number >= least && number <= most ?? .max }

  /// `at least 2 times`, `once`, `2 to 4 times`.
  var text: String {
    func times(_ number: Int) -> String { number == 1 ? "once" : "\(number) times" }
    guard let most else { return "at least " + times(least) }
    if least == most { return times(least) }
    return least == 0 ? "at most " + times(most) : "\(least) to \(most) times"
  }
}

/// The final result that is expected.
public enum ExpectedResult: Hashable, Sendable {
  case success, failure
  /// No final result comes.
  case absent
  case text(StarPattern)

  var name: String {
    switch self {
    case .success: "success"
    case .failure: "failure"
    case .absent: "none"
    case .text(let pattern): pattern.text
    }
  }
}

/// A command line that is expected, and what answers it.
public struct ExpectedCommand: Sendable {
  public var command: StarPattern
  public var result: ExpectedResult?
  /// A line of the answer, or the late result.
  public var answer: StarPattern?
  public var count = ExpectedCount.any
  /// From the beginning of the trace to the end of the first one; in an order, from the step before.
  public var within: Nanoseconds?
  /// From the end of each command line to its final result.
  public var latency: Nanoseconds?
  public var mark: FileMark

  public init(command: StarPattern, mark: FileMark) {
    self.command = command
    self.mark = mark
  }

  /// As it stands in a message: what the user wrote, never what the trace holds.
  var text: String {
    var text = command.text
    if let result { text += " with result \(result.name)" }
    if let answer { text += (result == nil ? " with answer " : " and answer ") + answer.text }
    return text
  }
}

/// A transfer that is expected.
public struct ExpectedTransfer: Sendable {
  public var kind: TransferKind?
  public var direction: Direction?
  public var count = ExpectedCount.any
  public var complete: Bool?
  public var size: Int?
  /// In small letters.
  public var sha256: String?
  /// Payload bytes per second that each of them must reach.
  public var throughput: Double?
  public var mark: FileMark

  public init(mark: FileMark) { self.mark = mark }

  var text: String {
    var text = (kind.map { $0.name + " " } ?? "") + "transfer"
    switch direction {
    case .hostToModem: text += " from host to modem"
    case .modemToHost: text += " from modem to host"
    default: break
    }
    return text
  }
}

/// A transfer as it was measured.
public struct SeenTransfer: Sendable {
  public var kind: TransferKind
  public var position: Position
  public var bytes: Int
  public var complete: Bool
  public var sha256: String
  /// `nil` where the log has no time.
  public var throughput: Double?

  public init(
    kind: TransferKind, position: Position, bytes: Int, complete: Bool, sha256: String, throughput: Double?
  ) {
    self.kind = kind
    self.position = position
    self.bytes = bytes
    self.complete = complete
    self.sha256 = sha256
    self.throughput = throughput
  }
}
