import Measure
import Trace

/// How far a measured value moved from one session to the other, and whether that is more than noise.
public struct Shift: Sendable {
  public enum Verdict: Sendable {
    case better, worse, withinNoise
    /// Too few values to judge.
    case tooFew
  }
  public var verdict = Verdict.tooFew
  /// What the rank test gives; `nil` where the medians are too near, or the values too few, to ask it.
  public var probability: Double?
  /// From the old median to the new one, as a share of the old; `nil` where a side has no value.
  public var change: Double?

  /// `growth`: more is worse. `least`: smaller differences of the medians are none.
  static func of(_ old: [Int64], _ new: [Int64], growthIsWorse: Bool, least: Int64) -> Shift {
    var shift = Shift()
    guard let before = median(old), let after = median(new) else { return shift }
    shift.change = share(from: Double(before), to: Double(after))
    guard old.count >= NoiseLimits.values, new.count >= NoiseLimits.values else { return shift }
    shift.verdict = .withinNoise
    let distance = (after - before).magnitude
    guard distance > UInt64(max(0, least)), let change = shift.change, change.magnitude > NoiseLimits.share,
      let test = RankTest(old, new)
    else { return shift }
    shift.probability = test.probability
    guard test.probability < NoiseLimits.probability else { return shift }
    shift.verdict = (after > before) == growthIsWorse ? .worse : .better
    return shift
  }

  static func share(from before: Double, to after: Double) -> Double { (after - before) / max(1, before) }

  /// The nearest rank, as the quantiles of a report.
  static func median(_ values: [Int64]) -> Int64? {
    values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
  }
}

/// The times of one command in one form, in both sessions.
public struct LatencyShift: Sendable {
  public enum Measure: String, Sendable {
    /// To the final result; to the first late result.
    case result, late
  }
  public struct Side: Sendable {
    public var count: Int
    public var median: Nanoseconds?
    public var p90: Nanoseconds?

    init(_ values: [Int64]) {
      let sorted = values.sorted()
      count = sorted.count
      median = sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
      p90 = sorted.isEmpty ? nil : sorted[max(0, (sorted.count * 9 + 9) / 10 - 1)]
    }
  }
  public let command: String
  public let form: String
  public let measure: Measure
  public let old: Side
  public let new: Side
  public let shift: Shift
  /// It is slower by more than the limit allows.
  public let isRegression: Bool

  /// So many commands are compared; those that are used most.
  static let limit = 500

  /// All commands that stand alone in their line on both sides, by their names. Of a longer line it is not known which
  /// command took the time.
  static func all(_ old: ComparedSession, _ new: ComparedSession, _ limits: ComparisonLimits) -> [LatencyShift] {
    let least = max(NoiseLimits.time, old.resolution.step, new.resolution.step)
    let before = Samples.collect(old.transcript.steps)
    let after = Samples.collect(new.transcript.steps)
    let shared = before.keys.filter { after[$0] != nil }.sorted {
      let (a, b) = (before[$0]?.count ?? 0, before[$1]?.count ?? 0)
      return a == b ? $0 < $1 : a > b
    }
    var result: [LatencyShift] = []
    for key in shared.prefix(limit) {
      guard let one = before[key], let other = after[key] else { continue }
      let name = old.transcript.name(of: one.step)
      for (measure, a, b) in [(Measure.result, one.waits, other.waits), (.late, one.lates, other.lates)]
      where !a.isEmpty && !b.isEmpty {
        let shift = Shift.of(a, b, growthIsWorse: true, least: least)
        let isRegression = shift.verdict == .worse && limits.latency.map { (shift.change ?? 0) > $0 } == true
        result.append(
          LatencyShift(
            command: name, form: one.step.form.name, measure: measure, old: Side(a), new: Side(b), shift: shift,
            isRegression: isRegression))
      }
    }
    return result.sorted { ($0.command, $0.form, $0.measure.rawValue) < ($1.command, $1.form, $1.measure.rawValue) }
  }

  private struct Samples {
    var step: Step
    var count = 0
    var waits: [Int64] = []
    var lates: [Int64] = []

    /// By the hash of the command's name and form.
    static func collect(_ steps: [Step]) -> [UInt64: Samples] {
      var all: [UInt64: Samples] = [:]
      for step in steps where step.commands <= 1 && step.outcome == .succeeded {
        all[step.names, default: Samples(step: step)].add(step)
      }
      return all
    }

    private mutating func add(_ step: Step) {
      count += 1
      if step.wait >= 0 { waits.append(step.wait) }
      if step.lateWait >= 0 { lates.append(step.lateWait) }
    }
  }
}
