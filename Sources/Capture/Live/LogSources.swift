import Glibc
import Synchronization
import Trace

/// A log that somebody else is writing: a file that grows, is put aside and begun anew, or is emptied; or standard
/// input.
public final class LogSource: LiveSource {
  public let name: String
  public let canWait = true
  public let numbersItsLines = true
  public let announcements: [String]
  private let path: String
  private let format: LogFormat?
  private let known: Mutex<LogFacts>

  /// How often a file is looked at, in milliseconds.
  private static let interval: Int32 = 50

  public init(path: String, format: LogFormat?) {
    self.path = path
    self.format = format
    name = InputSource(path: path).name
    announcements = path == InputSource.standardInputName ? [] : ["following \(name)"]
    known = Mutex(LogFacts(format: format?.name ?? ""))
  }

  public var facts: LogFacts { known.withLock { $0 } }

  public func run(into queue: LiveQueue, until stop: StopSignal) throws(CaptureError) {
    var log = LiveLog(name: path, format: format)
    var batch = ChunkBatch()
    if path == InputSource.standardInputName {
      try readInput(&log, &batch, queue, stop)
    } else {
      var file = try FollowedFile(path: path)
      while !stop.isRequested { try follow(&file, &log, &batch, queue, stop) }
      try drain(&file, &log, &batch, queue)
    }
    try log.finish(into: &batch)
    hand(&batch, log, to: queue)
  }

  /// One round: all that is there, then a rest.
  private func follow(
    _ file: inout FollowedFile, _ log: inout LiveLog, _ batch: inout ChunkBatch, _ queue: LiveQueue, _ stop: StopSignal
  ) throws(CaptureError) {
    try drain(&file, &log, &batch, queue)
    switch file.look() {
    case .same: break
    case .truncated:
      try log.breakOff(into: &batch)
      batch.append(
        .gap, .unknown, at: batch.chunks.last?.instant ?? .unknown, place: log.lastPlace,
        bytes: "gap=the file was truncated".utf8)
      hand(&batch, log, to: queue)
      return
    case .replaced:
      try log.breakOff(into: &batch)
      hand(&batch, log, to: queue)
      return
    }
    if log.isWaiting, LiveClock.monotonic() &- file.lastRead > LiveLog.patience {
      try log.recognise(isLast: false, into: &batch)
      hand(&batch, log, to: queue)
    }
    _ = stop.isRequested(within: LogSource.interval)
  }

  private func drain(
    _ file: inout FollowedFile, _ log: inout LiveLog, _ batch: inout ChunkBatch, _ queue: LiveQueue
  ) throws(CaptureError) {
    while try file.read({ (bytes) throws(CaptureError) in try log.take(bytes, into: &batch) }) {
      hand(&batch, log, to: queue)
    }
  }

  private func readInput(
    _ log: inout LiveLog, _ batch: inout ChunkBatch, _ queue: LiveQueue, _ stop: StopSignal
  ) throws(CaptureError) {
    var buffer = [UInt8](repeating: 0, count: BlockReader.blockSize)
    while true {
      var polls = [
        pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&polls, 2, log.isWaiting ? Int32(LiveLog.patience / 1_000_000) : -1)
      if polls[0].revents != 0 { return }
      if ready == 0 { try log.recognise(isLast: false, into: &batch) }
      if polls[1].revents != 0 {
        let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count >= 0 else { throw CaptureError(path, doing: "read it", code: errno) }
        if count == 0 { return }
        let outcome = buffer.withUnsafeBufferPointer { bytes in
          Result { () throws(CaptureError) in
            try log.take(UnsafeBufferPointer(rebasing: bytes[..<count]), into: &batch)
          }
        }
        try outcome.get()
      }
      hand(&batch, log, to: queue)
    }
  }

  private func hand(_ batch: inout ChunkBatch, _ log: LiveLog, to queue: LiveQueue) {
    guard !batch.isEmpty else { return }
    if let facts = log.facts { known.withLock { $0 = facts } }
    queue.offer(batch, waiting: true)
    batch.removeAll()
  }
}

/// A file that is read as it grows.
struct FollowedFile: ~Copyable {
  enum Change {
    case same
    /// The name stands for another file now, which is open.
    case replaced
    /// The file became shorter than what was read of it.
    case truncated
  }

  private let path: String
  private var descriptor: Int32
  private var position: off_t = 0
  private var buffer = [UInt8](repeating: 0, count: BlockReader.blockSize)
  /// When something was read last.
  private(set) var lastRead = LiveClock.monotonic()

  init(path: String) throws(CaptureError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CaptureError(path, doing: "read it", code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      guard !isFolder else { throw CaptureError(path, doing: "read it", code: EISDIR) }
      throw CaptureError(path, "is no file that can grow; name a file, or pipe it into 'attrace tap -'")
    }
  }

  deinit { close(descriptor) }

  /// Hands on the next block; `false` when there is none yet.
  mutating func read(
    _ take: (UnsafeBufferPointer<UInt8>) throws(CaptureError) -> Void
  ) throws(CaptureError) -> Bool {
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { return true }
    guard count >= 0 else { throw CaptureError(path, doing: "read it", code: errno) }
    guard count > 0 else { return false }
    position += off_t(count)
    lastRead = LiveClock.monotonic()
    let outcome = buffer.withUnsafeBufferPointer { bytes in
      Result { () throws(CaptureError) in try take(UnsafeBufferPointer(rebasing: bytes[..<count])) }
    }
    try outcome.get()
    return true
  }

  /// What became of the file, when all of it was read. A name that stands for nothing at the moment is waited for.
  mutating func look() -> Change {
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { return .same }
    if own.st_size < position {
      lseek(descriptor, 0, SEEK_SET)
      position = 0
      return .truncated
    }
    // Written to once more before it was replaced: that comes first.
    if own.st_size > position { return .same }
    var named = stat()
    guard stat(path, &named) == 0, named.st_ino != own.st_ino || named.st_dev != own.st_dev else { return .same }
    let next = open(path, O_RDONLY | O_CLOEXEC)
    guard next >= 0 else { return .same }
    close(descriptor)
    descriptor = next
    position = 0
    return .replaced
  }
}
