import Sessions
import Testing

@testable import Inspect

/// The alignment is a longest one within its limits, and a sensible one beyond them.
@Suite struct AlignmentTests {
  /// The length of the longest common subsequence, by the book.
  private func longest(_ a: [UInt64], _ b: [UInt64]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var before = 0
      for (index, y) in b.enumerated() {
        let above = row[index + 1]
        row[index + 1] = x == y ? before + 1 : max(above, row[index])
        before = above
      }
    }
    return row[b.count]
  }

  private func expectOrder(_ alignment: Alignment, _ a: [UInt64], _ b: [UInt64]) {
    var last = (-1, -1)
    for pair in alignment.pairs {
      #expect(pair.old > last.0 && pair.new > last.1 && a[pair.old] == b[pair.new])
      last = (pair.old, pair.new)
    }
  }

  @Test(arguments: 1...60) func itIsTheLongest(_ seed: UInt64) {
    var dice = Dice(seed: seed)
    let letters = UInt64.random(in: 1...6, using: &dice)
    func sequence() -> [UInt64] {
      (0..<Int.random(in: 0...40, using: &dice)).map { _ in UInt64.random(in: 0..<letters, using: &dice) }
    }
    let (a, b) = (sequence(), sequence())
    let alignment = Alignment(a, b)
    expectOrder(alignment, a, b)
    #expect(alignment.pairs.count == longest(a, b) && !alignment.isWindowed)
  }

  @Test func beyondTheLimitItGoesWindowByWindow() {
    // Every second member of either side is its own: 8000 differences.
    func side(_ own: UInt64) -> [UInt64] {
      (0..<UInt64(8000)).map { (index: UInt64) -> UInt64 in index % 2 == 0 ? index : index + own }
    }
    let (a, b) = (side(1_000_000), side(2_000_000))
    let alignment = Alignment(a, b)
    expectOrder(alignment, a, b)
    #expect(alignment.isWindowed && alignment.pairs.count == 4000)
  }

  @Test func sidesOfDifferentLength() {
    let a = (0..<10_000).map { UInt64($0 % 7) }
    let b = (0..<3000).map { UInt64(($0 + 3) % 7) }
    let alignment = Alignment(a, b)
    expectOrder(alignment, a, b)
    #expect(alignment.pairs.count > 2000)
    #expect(Alignment([], b).pairs.isEmpty && Alignment(a, []).pairs.isEmpty)
  }

  @Test func nothingInCommon() {
    let a = (0..<6000).map { UInt64($0) }
    let b = (0..<6000).map { UInt64($0) + 10_000 }
    #expect(Alignment(a, b).pairs.isEmpty)
  }
}
