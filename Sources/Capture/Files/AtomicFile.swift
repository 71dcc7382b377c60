import Glibc

/// Writes a file that is there either whole or not at all: it grows beside its place and is moved there by `commit`.
/// When it is let go without that, nothing remains. A device or pipe (`/dev/stdout`) is written to directly.
public final class AtomicFile {
  public private(set) var path: String
  private var target: String
  /// The file beside the target, or `nil` when the target itself is written to.
  private var temporary: String?
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  /// How much is collected before it is written.
  static let bufferSize = 65_536
  /// How many names are tried for the file beside the target.
  private static let attemptLimit = 100

  public init(path: String) throws(CaptureError) {
    self.path = path
    target = AtomicFile.resolved(path)
    var status = stat()
    let exists = stat(target, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw CaptureError(path, doing: "write it", code: EISDIR) }
      descriptor = Glibc.open(target, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw CaptureError(path, doing: "write it", code: errno) }
    } else {
      // The mode of a new file is what the user's mask leaves; that of an old one is kept.
      try openBeside(mode: exists ? status.st_mode & 0o7777 : nil)
    }
    pending.reserveCapacity(AtomicFile.bufferSize)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  /// Where the file grows, for whoever writes it by other means; `nil` for a device or pipe.
  public var pathBeside: String? { temporary }

  public func write(_ bytes: some Collection<UInt8>) throws(CaptureError) {
    pending.append(contentsOf: bytes)
    if pending.count >= AtomicFile.bufferSize { try flush() }
  }

  public func write(_ text: String) throws(CaptureError) { try write(text.utf8) }

  /// Hands what was collected to the system.
  public func flush() throws(CaptureError) {
    var start = 0
    while start < pending.count {
      let count = pending.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw CaptureError(path, doing: "write it", code: errno) }
      start += count
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place.
  public func commit() throws(CaptureError) {
    guard descriptor >= 0 else { return }
    try flush()
    guard let temporary else { return }
    // Without this, a crash of the machine could leave an empty file under the final name.
    let isSynced = fsync(descriptor) == 0 || errno == EINVAL
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isSynced, isClosed, rename(temporary, target) == 0 else {
      throw CaptureError(path, doing: "write it", code: errno)
    }
    self.temporary = nil
  }

  /// Puts the file in its place under another name in the same folder, which is known only now.
  public func commit(as path: String) throws(CaptureError) {
    self.path = path
    target = AtomicFile.resolved(path)
    try commit()
  }

  private func openBeside(mode: mode_t?) throws(CaptureError) {
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(target[...$0]) } ?? ""
    let name = slash.map { String(target[target.utf8.index(after: $0)...]) } ?? target
    guard !name.isEmpty else { throw CaptureError(path, doing: "write it", code: EISDIR) }
    for attempt in 0..<AtomicFile.attemptLimit {
      let candidate = "\(folder).\(name.prefix(200)).\(getpid())-\(attempt).part"
      descriptor = Glibc.open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        temporary = candidate
        if let mode { fchmod(descriptor, mode) }
        return
      }
      guard errno == EEXIST else { break }
    }
    throw CaptureError(writing: path, code: errno)
  }

  /// The file that a link leads to, so that the link stays.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
