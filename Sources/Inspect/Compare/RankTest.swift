/// The test of Mann and Whitney: how likely two samples of one distribution differ in their ranks as much as these do.
/// It asks nothing of the distribution, and a few outliers do not move it.
public struct RankTest: Sendable {
  /// Up to so many values in all the probability is counted out, ties and all; above, it is that of the normal
  /// distribution, corrected for ties and continuity.
  static let exactLimit = 40
  /// Smaller probabilities are not told apart.
  public static let least = 1e-6

  /// Two-sided.
  public let probability: Double

  init?(_ first: [Int64], _ second: [Int64]) {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (ranks, ties) = Self.doubledRanks(first, second)
    let observed = ranks.prefix(first.count).reduce(0, +)
    let found =
      ranks.count <= Self.exactLimit
      ? Self.counted(ranks, first.count, observed) : Self.approximated(ranks.count, first.count, observed, ties)
    probability = min(1, max(Self.least, found))
  }

  /// Twice the rank of each value, so that ties have whole numbers too; and the sum of t³ − t over all ties.
  private static func doubledRanks(_ first: [Int64], _ second: [Int64]) -> ([Int], Double) {
    let values = first + second
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Int](repeating: 0, count: values.count)
    var ties = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for at in start..<end { ranks[order[at]] = start + end + 1 }
      let size = Double(end - start)
      ties += size * size * size - size
      start = end
    }
    return (ranks, ties)
  }

  /// The share of all ways to choose the first sample whose rank sum is as far from the middle.
  private static func counted(_ ranks: [Int], _ size: Int, _ observed: Int) -> Double {
    let total = ranks.reduce(0, +)
    var ways = [[Double]](repeating: [Double](repeating: 0, count: total + 1), count: size + 1)
    ways[0][0] = 1
    for (index, rank) in ranks.enumerated() {
      for chosen in stride(from: min(size, index + 1), to: 0, by: -1) {
        for sum in rank...total where ways[chosen - 1][sum - rank] > 0 {
          ways[chosen][sum] += ways[chosen - 1][sum - rank]
        }
      }
    }
    // The mean of the doubled sums is size × (count + 1).
    let middle = size * (ranks.count + 1)
    let distance = abs(observed - middle)
    var all = 0.0
    var far = 0.0
    for (sum, count) in ways[size].enumerated() {
      all += count
      if abs(sum - middle) >= distance { far += count }
    }
    return all > 0 ? far / all : 1
  }

  private static func approximated(_ count: Int, _ size: Int, _ observed: Int, _ ties: Double) -> Double {
    let (n, first) = (Double(count), Double(size))
    let second = n - first
    let distance = abs(Double(observed) / 2 - first * (n + 1) / 2)
    let variance = first * second / 12 * (n + 1 - ties / (n * (n - 1)))
    guard variance > 0 else { return 1 }
    return twoTails(max(0, distance - 0.5) / variance.squareRoot())
  }

  /// What of the normal distribution lies farther out than ±z: Abramowitz and Stegun 7.1.26, off by less than 2e-7.
  static func twoTails(_ z: Double) -> Double {
    let x = z / 2.0.squareRoot()
    guard x < 6 else { return 0 }
    let t = 1 / (1 + 0.3275911 * x)
    let series =
      ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return series * exponential(ofMinus: x * x)
  }

  /// e to the power of −x, for x of 0 to 36: the core has no mathematics but that of Swift itself.
  private static func exponential(ofMinus x: Double) -> Double {
    // The power of a thousandth part by its series, then ten times its square.
    let part = -x / 1024
    var value = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4 * (1 + part / 5))))
    for _ in 0..<10 { value *= value }
    return value
  }
}
