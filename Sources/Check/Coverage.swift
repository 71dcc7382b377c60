import Trace

/// How often a rule was evaluated, and why it could not be.
public struct RuleCoverage: Hashable, Sendable {
  public enum Reason: UInt8, Hashable, Sendable {
    case none
    case noTime
    case coarseTime
    case unknownState
    case traceEnded
    case lossyLog
    case unknownDirection
    case unknownCommand
    case looseOrder

    public var text: String {
      switch self {
      case .none: ""
      case .noTime: "no timestamps"
      case .coarseTime: "the time stamps are too coarse to tell"
      case .unknownState: "the trace does not show the state it depends on"
      case .traceEnded: "the trace ends before the time was over"
      case .lossyLog: "the log does not keep the bytes it depends on"
      case .unknownDirection: "the log does not tell who sent what"
      case .unknownCommand: "the command is not in the profile"
      case .looseOrder: "the log does not keep the order of commands and answers"
      }
    }
  }

  public var rule: String
  public var evaluated: Int
  public var skipped: Int
  public var reason: Reason

  public init(rule: String, evaluated: Int = 0, skipped: Int = 0, reason: Reason = .none) {
    self.rule = rule
    self.evaluated = evaluated
    self.skipped = skipped
    self.reason = reason
  }
}

/// Counts coverage by the index of the rule: the generic ones first, then the profile's statements.
struct CoverageCounter {
  private struct Count {
    var evaluated = 0
    var skipped = 0
    var reason = RuleCoverage.Reason.none
  }
  private var counts: [Count]

  init(statements: Int) {
    counts = Array(repeating: Count(), count: RuleRegistry.count + statements)
  }

  mutating func evaluated(_ rule: GenericRule) { counts[rule.rawValue].evaluated &+= 1 }
  mutating func skipped(_ rule: GenericRule, _ reason: RuleCoverage.Reason) { skip(rule.rawValue, reason) }
  mutating func evaluated(statement id: Int) {
    let index = RuleRegistry.count + id
    if counts.indices.contains(index) { counts[index].evaluated &+= 1 }
  }
  mutating func skipped(statement id: Int, _ reason: RuleCoverage.Reason) {
    skip(RuleRegistry.count + id, reason)
  }
  private mutating func skip(_ index: Int, _ reason: RuleCoverage.Reason) {
    guard counts.indices.contains(index) else { return }
    counts[index].skipped &+= 1
    counts[index].reason = reason
  }

  func coverage(names: (Int) -> String) -> [RuleCoverage] {
    counts.indices.compactMap { index in
      let count = counts[index]
      guard count.evaluated > 0 || count.skipped > 0 else { return nil }
      let name =
        index < RuleRegistry.count
        ? RuleRegistry.generic[index].name : names(index - RuleRegistry.count)
      return RuleCoverage(rule: name, evaluated: count.evaluated, skipped: count.skipped, reason: count.reason)
    }
  }
}
