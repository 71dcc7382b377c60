import Glibc

/// An open file, pipe or device that is read from the beginning to the end.
final class FileBytes {
  let path: String
  private let descriptor: Int32
  private let isOwned: Bool

  /// Opens a file for reading; `-` is standard input, which stays open.
  init(path: String) throws(CaptureError) {
    self.path = path
    guard path != InputSource.standardInputName else {
      descriptor = STDIN_FILENO
      isOwned = false
      return
    }
    isOwned = true
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CaptureError(path, doing: "read it", code: errno) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      // `deinit` closes it.
      throw CaptureError(path, doing: "read it", code: EISDIR)
    }
  }

  deinit {
    if isOwned, descriptor >= 0 { close(descriptor) }
  }

  /// Fills what it can of `target`; 0 at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
    while true {
      let count = Glibc.read(descriptor, target.baseAddress, target.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw CaptureError(path, doing: "read it", code: errno) }
    }
  }

  /// Whether something can be read within `milliseconds`.
  func isReady(within milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, milliseconds) != 0
  }
}
