import Glibc
import Trace

/// Where and how a capture is saved.
public struct SpoolOptions: Sendable {
  public var path: String
  /// Text, or packets, as the path ends.
  public let form: SavedForm
  /// A file that has grown to so many bytes, or become so old, is put aside and a new one begun.
  public var rotateBytes: Int?
  public var rotateAge: Nanoseconds?
  /// How many files that were put aside are kept; `nil`: all.
  public var keep: Int?
  /// How often what was written is made to survive a loss of power.
  public var flushInterval: Nanoseconds = 1_000_000_000

  public init(path: String) {
    self.path = path
    form = SavedForm(path: path)
  }
}

/// Saves what was seen on a line before anybody decodes it.
///
/// Every batch is written at once, so that the death of this process loses nothing that was written; `sync` makes it
/// survive the loss of power. A disk that is full ends the saving and never the line: `failure` says so. The file is
/// readable by its owner only, for it holds passwords and numbers as they were said.
final class Spool {
  private let options: SpoolOptions
  private let files: RotatedFiles
  private var descriptor: Int32 = -1
  private var writer: LiveWriter?
  private var text: [UInt8] = []
  private var headerSize = 0
  /// How long the file is, and when it was begun.
  private var size = 0
  private var begun: Nanoseconds = 0
  private var isRegular = true
  private var isUnsynced = false
  private var lastSync: Nanoseconds = 0
  /// Why nothing is saved any more.
  private(set) var failure: CaptureError?

  /// Opens the file; one of an earlier run that is there already is put aside.
  init(_ options: SpoolOptions) throws(CaptureError) {
    self.options = options
    files = RotatedFiles(path: options.path)
    var status = stat()
    if stat(options.path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { throw CaptureError(options.path, doing: "write it", code: EISDIR) }
      isRegular = status.st_mode & S_IFMT == S_IFREG
      if isRegular, status.st_size > 0 { try files.putAside() }
    }
    try open()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Says what the chunks are; before the first batch.
  func begin(_ facts: LogFacts, findsPorts: Bool = false) {
    writer = LiveWriter(facts, as: options.form, findsPorts: findsPorts)
    beginFile()
  }

  private func beginFile() {
    text.removeAll(keepingCapacity: true)
    writer?.writeHeader(into: &text)
    headerSize = text.count
    put(text)
  }

  /// The names of the ports that were found so far.
  func name(ports: [String]) { writer?.name(ports: ports) }

  /// Begins a new file if the old one has become too large or too old; whether it did.
  func rotateIfDue() -> Bool {
    guard isRegular, failure == nil, size > headerSize else { return false }
    let isLarge = options.rotateBytes.map { size >= $0 } ?? false
    let isOld = options.rotateAge.map { LiveClock.monotonic() &- begun >= $0 } ?? false
    guard isLarge || isOld else { return false }
    sync()
    Glibc.close(descriptor)
    descriptor = -1
    do throws(CaptureError) {
      try files.putAside()
      if let keep = options.keep { files.remove(allBut: keep) }
      try open()
      beginFile()
    } catch {
      failure = error
    }
    return true
  }

  /// Writes a batch. `numbers`: its chunks get the places that they have in the saved capture.
  func append(_ batch: inout ChunkBatch, numbers: Bool) {
    text.removeAll(keepingCapacity: true)
    do throws(SerialCaptureWriter.Problem) {
      try writer?.write(&batch, numbers: numbers, into: &text)
    } catch {
      failure = failure ?? CaptureError(SavedForm.refusal(error, options.path))
    }
    put(text)
    // A burst must not hold its memory for ever.
    if text.capacity > Spool.textLimit { text = [] }
  }

  private static let textLimit = 1 << 20

  /// Nanoseconds until the next sync is due; `nil` when there is nothing to sync.
  var syncDue: Nanoseconds? {
    isUnsynced ? max(0, lastSync &+ options.flushInterval &- LiveClock.monotonic()) : nil
  }

  func syncIfDue() {
    if let due = syncDue, due == 0 { sync() }
  }

  /// Makes what was written survive the loss of power.
  func sync() {
    lastSync = LiveClock.monotonic()
    guard isUnsynced, descriptor >= 0 else { return }
    isUnsynced = false
    // A pipe or device has nothing to sync.
    if isRegular, fdatasync(descriptor) < 0, errno != EINVAL { stop(errno) }
  }

  private func open() throws(CaptureError) {
    let flags = O_WRONLY | O_CLOEXEC | (isRegular ? O_CREAT | O_TRUNC : 0)
    descriptor = Glibc.open(options.path, flags, 0o600)
    guard descriptor >= 0 else { throw CaptureError(writing: options.path, code: errno) }
    size = 0
    begun = LiveClock.monotonic()
    lastSync = begun
  }

  private func put(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count, failure == nil {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        // What stands there ends with a whole line.
        if isRegular { _ = ftruncate(descriptor, size) }
        stop(code)
        return
      }
      start += count
    }
    size += bytes.count
    isUnsynced = true
  }

  private func stop(_ code: Int32) { failure = CaptureError(options.path, doing: "write it", code: code) }
}
