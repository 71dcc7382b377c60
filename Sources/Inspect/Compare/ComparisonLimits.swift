/// What counts as a regression. `nil`: nothing does.
public struct ComparisonLimits: Sendable, Hashable {
  /// The share by which the median time of a command may grow: 0.2 is 20 %.
  public var latency: Double? = 0.2
  /// The share by which the throughput of a kind of transfer may fall.
  public var throughput: Double? = 0.1
  /// How many transactions and transfers may fail that did not before.
  public var newErrors: Int? = 0
  /// How many commands may be added, removed or moved, or have other parameters, results or lines in their answer.
  public var changes: Int?

  public init() {}
}

/// When a difference is more than noise.
public enum NoiseLimits {
  /// Fewer values on either side tell nothing.
  public static let values = 5
  /// The medians differ by more than this share,
  public static let share = 0.05
  /// times by more than this and by more than the steps of both clocks,
  public static let time: Int64 = 1_000_000
  /// and by chance the ranks would differ as much less often than this.
  public static let probability = 0.01
}
