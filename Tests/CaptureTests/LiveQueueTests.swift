import Glibc
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

  /// An outbox that is never quite empty, for its end is as fast as what comes, stays small.
  @Test func anOutboxForgetsWhatItSent() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    var outbox = Outbox()
    var (sent, received, most) = (0, 0, 0)
    var sink = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<2_000 {
      let part = (0..<4096).map { UInt8(truncatingIfNeeded: (sent + $0) % 251) }
      sent += part.count
      let code = part.withUnsafeBufferPointer { outbox.send($0, to: ends[1]) }
      #expect(code == 0)
      most = max(most, outbox.held)
      // The pipe stays full: as much is taken out as comes in.
      guard sent > 100_000 else { continue }
      let count = read(ends[0], &sink, sink.count)
      try #require(count > 0)
      #expect((0..<count).allSatisfy { sink[$0] == UInt8(truncatingIfNeeded: (received + $0) % 251) })
      received += count
      #expect(outbox.flush(to: ends[1]) == 0)
    }
    #expect(!outbox.isEmpty)
    #expect(most < 3 * Outbox.limit, "\(most) bytes held")
  }
}
