import Testing
import Trace

@testable import Capture

/// The queue between threads never holds up a line, and says what it lost.
@Suite struct LiveQueueTests {
  private func offer(_ count: Int, to queue: LiveQueue, _ kind: Chunk.Kind = .data) {
    [UInt8](repeating: 0x41, count: count).withUnsafeBufferPointer {
      queue.offer(kind, .hostToModem, at: Instant(nanoseconds: 5), $0)
    }
  }

  @Test func whatIsOfferedIsTaken() {
    let queue = LiveQueue(reason: "lost")
    var batch = ChunkBatch()
    #expect(queue.take(into: &batch, within: 0) == .idle)
    offer(3, to: queue)
    offer(2, to: queue)
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(batch.chunks.map(\.count) == [3, 2])
    queue.close()
    #expect(queue.take(into: &batch, within: 1_000_000_000) == .closed)
    #expect(batch.isEmpty)
  }

  @Test func aFullQueueCountsWhatItRefuses() {
    let queue = LiveQueue(reason: "were too many")
    for _ in 0..<LiveQueue.byteLimit / 65_536 { offer(65_536, to: queue) }
    offer(7, to: queue)
    offer(4, to: queue)
    var batch = ChunkBatch()
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(batch.bytes.count == LiveQueue.byteLimit)
    offer(1, to: queue)
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(shown(batch) == ["0 gap unknown gap=11 bytes were too many", "0 data hostToModem A"])
  }

  @Test func aLossAtTheEndIsTold() {
    let queue = LiveQueue(reason: "were too many")
    for _ in 0..<LiveQueue.byteLimit / 65_536 { offer(65_536, to: queue) }
    offer(9, to: queue)
    queue.close()
    var batch = ChunkBatch()
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(batch.chunks.last?.kind == .gap)
    #expect(queue.take(into: &batch, within: 0) == .closed)
  }

  @Test func chunksAreLimitedToo() {
    let queue = LiveQueue(reason: "were too many")
    for _ in 0..<LiveQueue.chunkLimit + 10 { offer(1, to: queue) }
    var batch = ChunkBatch()
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(batch.chunks.count == LiveQueue.chunkLimit)
  }

  @Test func aFileWaitsForRoom() throws {
    let queue = LiveQueue(reason: "never")
    var large = ChunkBatch()
    large.append(.data, .hostToModem, at: .unknown, place: 1, bytes: [UInt8](repeating: 1, count: LiveQueue.byteLimit))
    queue.offer(large, waiting: true)
    var more = ChunkBatch()
    more.append(.data, .hostToModem, at: .unknown, place: 2, bytes: [2, 3])
    let started = LiveThread { [more] in queue.offer(more, waiting: true) }
    let giver = try #require(started)
    var batch = ChunkBatch()
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(batch.chunks.map(\.place) == [1])
    giver.join()
    #expect(queue.take(into: &batch, within: 0) == .batch)
    #expect(shown(batch) == ["2 data hostToModem \\x02\\x03"])
  }
}
