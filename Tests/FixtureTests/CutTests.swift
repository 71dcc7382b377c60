import Sessions
import Testing

/// The result never depends on how the bytes were cut: at every single place, byte by byte, anywhere at random,
/// and with each chunk in a batch of its own.
@Suite struct CutTests {
  @Test(arguments: Fixture.all) func everySingleCut(_ fixture: Fixture) throws {
    let session = try fixture.session()
    let whole = session.outcome(fixture.book)
    let longest = session.batch.chunks.map(\.count).max() ?? 0
    // Cutting each chunk at one position at a time covers every single cut with as many runs as the longest chunk
    // has bytes; beyond 200 every seventh.
    for position in 1..<max(2, longest) where position < 200 || position % 7 == 0 {
      let cut = session.cut(everyChunkAt: position).outcome(fixture.book)
      #expect(cut.essentials == whole.essentials, "\(fixture.testDescription) cut at \(position)")
      #expect(cut.findings == whole.findings, "\(fixture.testDescription) cut at \(position)")
      #expect(cut.transfers == whole.transfers, "\(fixture.testDescription) cut at \(position)")
      #expect(cut.figures == whole.figures, "\(fixture.testDescription) cut at \(position)")
      if cut.essentials != whole.essentials { return }
    }
  }

  @Test(arguments: Fixture.all) func byteByByte(_ fixture: Fixture) throws {
    let session = try fixture.session()
    let whole = session.outcome(fixture.book)
    for together in [true, false] {
      let cut = session.cutIntoBytes().outcome(fixture.book, together: together)
      #expect(cut.essentials == whole.essentials, "\(fixture.testDescription)")
      #expect(cut.findings == whole.findings, "\(fixture.testDescription)")
      #expect(cut.transfers == whole.transfers, "\(fixture.testDescription)")
      #expect(cut.figures == whole.figures, "\(fixture.testDescription)")
    }
  }

  @Test(arguments: Fixture.all) func randomCuts(_ fixture: Fixture) throws {
    let session = try fixture.session()
    let whole = session.outcome(fixture.book)
    for seed in 1...20 {
      var dice = Dice(seed: UInt64(seed))
      let cut = session.cut { chunk in
        guard chunk.count > 1 else { return [] }
        return (0..<3).map { _ in Int.random(in: 1..<chunk.count, using: &dice) }.sorted()
      }
      let outcome = cut.outcome(fixture.book, together: seed % 2 == 0)
      #expect(outcome.essentials == whole.essentials, "\(fixture.testDescription), seed \(seed)")
      #expect(outcome.findings == whole.findings, "\(fixture.testDescription), seed \(seed)")
    }
  }
}
