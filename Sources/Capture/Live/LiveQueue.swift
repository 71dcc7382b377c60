import Glibc
import Trace

/// Chunks on their way from one thread to the next: what came since the last `take` stands in one batch, which is
/// exchanged for an empty one, so that the steady state allocates nothing and a lock is held for no longer than a copy.
///
/// A queue that is full refuses what comes and counts it; the next chunk that finds room has a `gap` before it that
/// says how many bytes are missing and why. So a taker that is too slow never holds up the line.
public final class LiveQueue: @unchecked Sendable {
  /// The most that waits in one queue.
  public static let byteLimit = 4 << 20
  public static let chunkLimit = 1 << 16

  public enum Outcome: Sendable {
    case batch
    /// Nothing came in time.
    case idle
    /// Nothing will come any more.
    case closed
  }

  // All that follows is reached under the lock only.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var batch = ChunkBatch()
  private var isClosed = false
  private var isNudged = false
  private var lostBytes = 0
  /// The last port that bytes came from; those before it were used, too.
  private var lastPort: UInt16 = 0
  /// Why bytes are missing, as the gap says it.
  private let reason: String

  public init(reason: String) {
    self.reason = reason
    pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(changed)
    lock.deallocate()
    changed.deallocate()
  }

  // MARK: Giving

  /// Adds one chunk.
  func offer(
    _ kind: Chunk.Kind, _ direction: Direction, at instant: Instant, place: Int = 0,
    _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard hasRoom(chunks: 1, bytes: bytes.count) else {
      if kind == .data { lostBytes &+= bytes.count }
      return
    }
    noteLoss(at: instant, place: place)
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: bytes)
    batch.chunks.append(
      Chunk(kind: kind, direction: direction, instant: instant, place: place, start: start, count: bytes.count))
    pthread_cond_broadcast(changed)
  }

  /// Adds one chunk that says something, as text.
  func offer(_ kind: Chunk.Kind, at instant: Instant, _ text: String) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { offer(kind, .unknown, at: instant, $0) }
  }

  /// Adds a whole batch. `waiting`: the giver is a file and can be held up; a line cannot.
  func offer(_ other: borrowing ChunkBatch, waiting: Bool) {
    guard let first = other.chunks.first else { return }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while waiting, !isClosed, !batch.isEmpty, !hasRoom(chunks: other.chunks.count, bytes: other.bytes.count) {
      pthread_cond_wait(changed, lock)
    }
    guard waiting || hasRoom(chunks: other.chunks.count, bytes: other.bytes.count) else {
      for chunk in other.chunks where chunk.kind == .data { lostBytes &+= chunk.count }
      return
    }
    noteLoss(at: first.instant, place: first.place)
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: other.bytes)
    for chunk in other.chunks {
      var moved = chunk
      moved.start += start
      batch.chunks.append(moved)
      lastPort = max(lastPort, chunk.port.index)
    }
    pthread_cond_broadcast(changed)
  }

  /// Says that nothing more comes.
  public func close() {
    pthread_mutex_lock(lock)
    if lostBytes > 0 { noteLoss(at: batch.chunks.last?.instant ?? .unknown, place: batch.chunks.last?.place ?? 0) }
    isClosed = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }

  /// A queue that holds nothing takes any one batch, so that a large one is not refused for ever.
  private func hasRoom(chunks: Int, bytes: Int) -> Bool {
    batch.isEmpty
      || batch.bytes.count + bytes <= LiveQueue.byteLimit && batch.chunks.count + chunks <= LiveQueue.chunkLimit
  }

  private func noteLoss(at instant: Instant, place: Int) {
    guard lostBytes > 0 else { return }
    // It is not known any more whose they were.
    for index in 0...lastPort {
      batch.append(
        .gap, .unknown, port: Port(index), at: instant, place: place,
        bytes: "gap=\(lostBytes) bytes \(reason)".utf8)
    }
    lostBytes = 0
  }

  // MARK: Taking

  /// Ends the waiting of the taker.
  func nudge() {
    pthread_mutex_lock(lock)
    isNudged = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }

  /// Exchanges what came for `other`, which is emptied; waits for it up to `patience` nanoseconds.
  public func take(into other: inout ChunkBatch, within patience: Nanoseconds) -> Outcome {
    other.removeAll()
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    defer { isNudged = false }
    if batch.isEmpty, !isClosed, patience > 0 {
      let end = LiveClock.monotonic() &+ patience
      var deadline = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
      while batch.isEmpty, !isClosed, !isNudged {
        guard pthread_cond_timedwait(changed, lock, &deadline) == 0 else { break }
      }
    }
    if batch.isEmpty { return isClosed ? .closed : .idle }
    swap(&batch, &other)
    pthread_cond_broadcast(changed)
    return .batch
  }
}
