import Measure
import Testing

@testable import Report

/// Small plots of signs.
@Suite struct TextPlotTests {
  @Test func aCourseIsAsHighAsItsValues() {
    #expect(TextPlots.blocks.steps([0, 1, 4, 8, 0.01]) == " ▁▄█▁")
    #expect(TextPlots.ascii.steps([0, 8, 1]) == " @.")
    #expect(TextPlots.none.steps([1, 2]) == "")
    #expect(TextPlots.blocks.steps([0, 0]) == "")
  }

  @Test func aBarIsFullAndShowsEveryShare() {
    for shares in [[1.0], [0.5, 0.5], [0.006, 0.988, 0.006], [0.006, 0.006, 0.006, 0.006, 0.976]] {
      let parts = Array(["line", "modem", "host", "retransmitting", "unknown"].prefix(shares.count))
      let bar = TextPlots.ascii.bar(zip(parts, shares).map { (part: $0, share: $1) })
      #expect(bar.count == TextPlots.barWidth, "\(bar)")
      for part in parts { #expect(bar.contains(TextPlots.ascii.sign(of: part)), "\(bar)") }
    }
  }

  @Test func timesAreSpreadOverEqualSteps() {
    var times = Quantiles()
    for _ in 0..<19 { times.add(1000) }
    #expect(TextPlots.ascii.spread(times) == "")
    times.add(12_000)
    #expect(times.counts(in: 12) == [0, 19, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(TextPlots.ascii.spread(times) == " @         .")
    for _ in 0..<100 { times.add(6500) }
    #expect(times.counts(in: 12).reduce(0, +) == times.count)
  }
}
