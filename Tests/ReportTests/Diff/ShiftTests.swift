import Foundation
import Profile
import Report
import Sessions
import Testing
import Trace

@testable import Inspect

/// When a difference of times is more than noise.
@Suite struct ShiftTests {
  /// So many polls; each takes `base` milliseconds and a little more.
  private func polls(_ count: Int, _ base: Double, seed: UInt64, spread: Double = 8, outlier: Double? = nil) -> Session
  {
    var dice = Dice(seed: seed)
    var text = ""
    for index in 0..<count {
      let start = Double(index) + 1
      var wait = base + Double.random(in: 0..<spread, using: &dice)
      if index == count / 2, let outlier { wait = outlier }
      text += "\(start) --> \"AT+CSQ\\r\"\n"
      text += "\(Decimal.seconds(Int64((start * 1000 + wait) * 1e6))) <-- \"\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n\"\n"
    }
    return Session(text)
  }

  private func shift(_ old: Session, _ new: Session) throws -> LatencyShift {
    try #require(Diffs.diff(old, new).comparison.latencies.first { $0.measure == .result })
  }

  @Test(arguments: 1...20) func noiseIsNoShift(_ seed: UInt64) throws {
    let found = try shift(polls(20, 30, seed: seed), polls(20, 30, seed: seed + 100))
    #expect(found.shift.verdict == .withinNoise, "\(found)")
  }

  @Test func slowerAndFaster() throws {
    let (fast, slow) = (polls(20, 30, seed: 1), polls(20, 60, seed: 2))
    let worse = try shift(fast, slow)
    #expect(worse.shift.verdict == .worse && worse.isRegression && worse.old.count == 20)
    #expect(try #require(worse.shift.probability) < 0.0001)
    #expect(try #require(worse.shift.change) > 0.7)
    let better = try shift(slow, fast)
    #expect(better.shift.verdict == .better && !better.isRegression)
    #expect(Diffs.diff(slow, fast).regressions.isEmpty)
    #expect(Diffs.diff(fast, slow).regressions.map(\.kind) == [.latency])
  }

  @Test func belowTheThresholdItIsToldButNoRegression() throws {
    let found = try shift(polls(30, 100, seed: 1), polls(30, 112, seed: 2))
    #expect(found.shift.verdict == .worse && !found.isRegression)
  }

  @Test func oneSlowAnswerIsNoShift() throws {
    let found = try shift(polls(15, 30, seed: 1), polls(15, 30, seed: 2, outlier: 900))
    #expect(found.shift.verdict == .withinNoise)
  }

  @Test func fourValuesTellNothing() throws {
    #expect(try shift(polls(4, 30, seed: 1), polls(20, 90, seed: 2)).shift.verdict == .tooFew)
    #expect(try shift(polls(5, 30, seed: 1), polls(5, 90, seed: 2)).shift.verdict == .worse)
  }

  @Test func lessThanTheClocksShowIsNoShift() throws {
    // Whole seconds: 1 s and 2 s differ by a step.
    func session(_ wait: Int) -> Session {
      Session(
        "#! resolution 1\n"
          + (0..<10).map { "\($0 * 10) --> \"AT+CSQ\\r\"\n\($0 * 10 + wait) <-- \"\\r\\nOK\\r\\n\"" }.joined(
            separator: "\n"))
    }
    var old = session(1)
    var new = session(2)
    old.facts.resolution = .second
    new.facts.resolution = .second
    #expect(try shift(old, new).shift.verdict == .withinNoise)
    old.facts.resolution = .millisecond
    new.facts.resolution = .millisecond
    #expect(try shift(old, new).shift.verdict == .worse)
  }

  // MARK: Transfers

  /// One mail in 64 pieces, each taking `wait` milliseconds.
  private func mail(_ wait: Int64, slowFrom: Int = 0, extra: Int64 = 0) -> Session {
    var text = "0.1 --> \"AT+POP3CMD=4,1\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n0.3 <-- \"\\r\\n+POP3CMD: 1\\r\\n\"\n"
    var time: Int64 = 1_000
    let pieces = 64
    for index in 0..<pieces {
      let isLast = index == pieces - 1
      let part =
        index == 0
        ? "+OK\\r\\nSubject: a\\r\\n\\r\\n"
        : isLast ? String(repeating: "a", count: 17) + "\\r\\n.\\r\\n" : String(repeating: "b", count: 20) + "\\r\\n"
      let length = index == 0 ? 19 : 22
      text += "\(Decimal.seconds(time * 1_000_000)) --> \"AT+POP3READ=\(length)\\r\"\n"
      time += wait + Int64(index % 5) + (index >= slowFrom ? extra : 0)
      text +=
        "\(Decimal.seconds(time * 1_000_000)) <-- \"\\r\\n+POP3READ: \(isLast ? 2 : 1),\(length)\\r\\n\(part)\\r\\nOK\\r\\n\"\n"
      time += 10
    }
    return Session(text)
  }

  @Test func singleTransfersAreComparedByTheirParts() throws {
    let diff = Diffs.diff(mail(40), mail(70))
    let found = try #require(diff.comparison.transfers.first)
    #expect(found.kind == .pop3 && found.old.complete == 1 && found.new.complete == 1)
    #expect(found.basis == .parts && found.shift.verdict == .worse && found.isRegression, "\(found)")
    #expect(diff.regressions.contains { $0.kind == .throughput })
    let same = try #require(Diffs.diff(mail(40), mail(40)).comparison.transfers.first)
    #expect(same.shift.verdict == .withinNoise && !same.isRegression)
    let off = Diffs.diff(mail(40), mail(70), limits: Self.limits)
    #expect(off.regressions.isEmpty)
  }

  private static let limits: ComparisonLimits = {
    var limits = ComparisonLimits()
    limits.latency = nil
    limits.throughput = nil
    return limits
  }()

  // MARK: The test itself

  @Test func theRankTestIsExactForFewValues() throws {
    // Of 252 ways to choose five of ten, one is lowest and one highest.
    let apart = try #require(RankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]))
    #expect(abs(apart.probability - 2.0 / 252) < 1e-12)
    // Ties: {1,1,2} and {2,3,3} have 18 of 20 arrangements at least as near.
    let ties = try #require(RankTest([1, 1, 2], [2, 3, 3]))
    #expect(abs(ties.probability - 4.0 / 20) < 1e-12, "\(ties.probability)")
    #expect(try #require(RankTest([3, 3, 3], [3, 3])).probability == 1)
    #expect(RankTest([], [1]) == nil)
  }

  @Test func theNormalDistributionAgreesWithTables() {
    for (z, p) in [(0.0, 1.0), (1, 0.317311), (1.959964, 0.05), (2.575829, 0.01), (4, 0.0000633)] {
      #expect(abs(RankTest.twoTails(z) - p) < 1e-6, "\(z): \(RankTest.twoTails(z))")
    }
  }

  @Test func bothWaysGiveAboutTheSame() throws {
    var dice = Dice(seed: 5)
    for distance in [0, 20, 40, 60] as [Int64] {
      let first = (0..<20).map { _ in Int64.random(in: 0..<100, using: &dice) }
      let second = (0..<20).map { _ in Int64.random(in: 0..<100, using: &dice) + distance }
      let exact = try #require(RankTest(first, second)).probability
      // Each value twice takes the other way, with the same ranks but for their number.
      let more = try #require(RankTest(first + [50], second)).probability
      #expect(abs(exact - more) < 0.12, "\(distance): \(exact), \(more)")
    }
  }
}
