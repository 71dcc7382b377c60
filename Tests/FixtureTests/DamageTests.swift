import Sessions
import Testing

/// A trace that ends anywhere, or has a byte changed anywhere, still gives a result.
@Suite struct DamageTests {
  @Test(arguments: Fixture.all) func truncatedAnywhere(_ fixture: Fixture) throws {
    let session = try fixture.session()
    for (index, chunk) in session.batch.chunks.enumerated() {
      for bytes in Set([0, 1, chunk.count / 2, max(0, chunk.count - 1), chunk.count]) {
        let outcome = session.truncated(chunks: index + 1, bytes: bytes).outcome(fixture.book)
        #expect(outcome.events.last?.hasPrefix("finish") == true)
      }
    }
  }

  @Test(arguments: Fixture.all) func oneByteDamaged(_ fixture: Fixture) throws {
    let session = try fixture.session()
    let step = max(1, session.batch.bytes.count / 400)
    for index in stride(from: 0, to: session.batch.bytes.count, by: step) {
      for mask: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
        let outcome = session.damaged(at: index, by: mask).outcome(fixture.book)
        #expect(outcome.events.last?.hasPrefix("finish") == true)
      }
    }
  }
}
