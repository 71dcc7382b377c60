import Glibc
import Synchronization
import Trace

/// A live line on its way to whoever decodes it: a thread reads the source, a second one saves what it read, and only
/// then the chunks can be taken.
///
/// Neither a slow disk nor a slow taker holds up the line; each loses, with a `gap` that says so, only what the other
/// side of it still has.
public final class LiveCapture: @unchecked Sendable {
  private let source: any LiveSource
  private let seen: LiveQueue
  private let saved: LiveQueue
  private let stop: StopSignal
  private var threads: [LiveThread] = []

  private struct State {
    var sourceError: CaptureError?
    var spoolError: CaptureError?
    var wantsSync = false
    var settled = Instant.unknown
  }
  private let state = Mutex(State())

  /// How long the saving thread waits for chunks when there is nothing to flush.
  private static let idle: Nanoseconds = 200_000_000

  /// Opens the file that is saved to and starts the line.
  public init(_ source: any LiveSource, spool options: SpoolOptions?, stop: StopSignal) throws(CaptureError) {
    self.source = source
    self.stop = stop
    seen = LiveQueue(reason: "not seen: the disk that they are saved to is too slow")
    saved = LiveQueue(
      reason: "not decoded live: too fast for this machine" + (options == nil ? "" : "; the saved capture has them"))
    let spool = try options.map { options throws(CaptureError) in try Spool(options) }
    // The spool is touched by its thread only from here on.
    nonisolated(unsafe) let owned = spool
    guard let saving = LiveThread({ [self] in save(owned) }), let reading = LiveThread({ [self] in read() }) else {
      throw CaptureError("no thread could be started; end other programs")
    }
    threads = [reading, saving]
  }

  public var name: String { source.name }

  /// What is known of the chunks so far.
  public var facts: LogFacts { source.facts }

  /// How much is handed on at a time: what is decoded of it is larger by far.
  private static let portion = 65_536

  /// What was taken from the queue, and how many chunks of it were handed on. Touched by the taker only.
  private var taken = ChunkBatch()
  private var handed = 0

  /// Takes some of what was saved and not taken yet, and waits for it up to `patience` nanoseconds.
  public func next(into batch: inout ChunkBatch, within patience: Nanoseconds) -> LiveQueue.Outcome {
    if handed >= taken.chunks.count {
      handed = 0
      let outcome = saved.take(into: &taken, within: patience)
      guard outcome == .batch else {
        batch.removeAll()
        return outcome
      }
    }
    batch.removeAll()
    repeat {
      var chunk = taken.chunks[handed]
      let range = chunk.start..<chunk.start + chunk.count
      chunk.start = batch.bytes.count
      batch.bytes.append(contentsOf: taken.bytes[range])
      batch.chunks.append(chunk)
      handed += 1
    } while handed < taken.chunks.count && batch.bytes.count + taken.chunks[handed].count <= LiveCapture.portion
      && batch.chunks.count < LiveCapture.portion / 64
    return .batch
  }

  /// All chunks of before this time can be taken by now. Ask before `next`: when that is idle, they were taken.
  public var settled: Instant { state.withLock { $0.settled } }

  /// Flushes the saved capture at once: something happened that must not be lost.
  public func syncNow() {
    state.withLock { $0.wantsSync = true }
    seen.nudge()
  }

  /// Why saving ended, once.
  public func takeSavingFailure() -> CaptureError? {
    state.withLock { state in
      defer { state.spoolError = nil }
      return state.spoolError
    }
  }

  /// Waits for the threads, after `next` said that there is no more; throws what ended the source.
  public func finish() throws(CaptureError) {
    for thread in threads { thread.join() }
    threads = []
    if let error = state.withLock({ $0.sourceError }) { throw error }
  }

  // MARK: Threads

  private func read() {
    do throws(CaptureError) {
      try source.run(into: seen, until: stop)
    } catch {
      state.withLock { $0.sourceError = error }
    }
    seen.close()
  }

  private func save(_ spool: Spool?) {
    var batch = ChunkBatch()
    // The numbers are the same whether or not the capture is saved.
    var unsaved: LiveWriter?
    var hasBegun = false
    if !source.numbersItsLines { begin(spool, &unsaved, &hasBegun) }
    while true {
      let settled = source.settled
      let outcome = seen.take(into: &batch, within: min(spool?.syncDue ?? LiveCapture.idle, LiveCapture.idle))
      if outcome == .idle { state.withLock { $0.settled = settled } }
      if outcome == .batch {
        begin(spool, &unsaved, &hasBegun)
        if source.findsPorts { spool?.name(ports: source.facts.ports) }
        _ = spool?.rotateIfDue()
        if !source.numbersItsLines { unsaved?.number(&batch) }
        spool?.append(&batch, numbers: !source.numbersItsLines)
      }
      if state.withLock({ state in
        defer { state.wantsSync = false }
        return state.wantsSync
      }) {
        spool?.sync()
      }
      spool?.syncIfDue()
      if let failure = spool?.failure, !isReported {
        isReported = true
        state.withLock { $0.spoolError = failure }
      }
      if outcome == .batch { saved.offer(batch, waiting: source.canWait) }
      guard outcome != .closed else { break }
    }
    spool?.sync()
    saved.close()
  }

  /// Touched by the saving thread only.
  private var isReported = false

  private func begin(_ spool: Spool?, _ unsaved: inout LiveWriter?, _ hasBegun: inout Bool) {
    guard !hasBegun else { return }
    hasBegun = true
    if let spool { return spool.begin(source.facts, findsPorts: source.findsPorts) }
    var writer = LiveWriter(source.facts, as: .trace, findsPorts: source.findsPorts)
    var header: [UInt8] = []
    writer.writeHeader(into: &header)
    unsaved = writer
  }
}
