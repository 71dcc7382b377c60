import Trace

/// How often a command had which final result, in constant memory.
public struct ResultCounts: Sendable {
  private static let limit = 24
  private var counts: [(final: Final, code: Int64, count: Int)] = []

  public init() {}

  /// `code`: the number of a `+CME ERROR` or `+CMS ERROR`; -1 where there is none.
  mutating func add(_ final: Final, code: Int64) {
    let code = final == .cme || final == .cms ? code : -1
    if let known = counts.firstIndex(where: { $0.final == final && $0.code == code }) {
      counts[known].count &+= 1
    } else if counts.count < Self.limit {
      counts.append((final, code, 1))
    } else if let near = counts.firstIndex(where: { $0.final == final }) {
      // More codes than are told apart.
      counts[near].code = -1
      counts[near].count &+= 1
    }
  }

  /// Each result as it is written on the line, in the order of their names.
  public var named: [(name: String, count: Int)] {
    var sums: [String: Int] = [:]
    for one in counts { sums[one.final.name + (one.code >= 0 ? ": \(one.code)" : ""), default: 0] += one.count }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
