import Profile
import Trace

/// What the user demands beyond the documents, and what findings weigh for them.
public struct UserSettings: Sendable {
  /// What a rule's findings become.
  public enum Weight: Hashable, Sendable {
    case off
    case severity(Severity)
  }

  /// The least throughput of transfers of a kind, in payload bytes per second.
  public var throughputFloors: [TransferKind: Double] = [:]
  /// The longest time that a command may take to its final result, by its name in capitals without `AT`.
  public private(set) var latencyLimits: [String: Nanoseconds] = [:]
  public var weights: [String: Weight] = [:]
  /// What this input must show.
  public var expectations: [Expectation] = []
  /// The file that says so, for citations.
  public var file = "configuration"

  /// The same, by the hash of the name.
  private(set) var limitsByHash: [UInt64: Nanoseconds] = [:]

  public init() {}

  public mutating func limit(_ command: String, to time: Nanoseconds) {
    let name = command.uppercased()
    latencyLimits[name] = time
    limitsByHash[TextHash.of(name.utf8)] = time
  }
}
