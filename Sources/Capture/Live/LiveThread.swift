import Glibc

/// A thread of the live line: one for the bytes, one for saving. Decoding is done by the thread that started them.
final class LiveThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var thread = pthread_t()
  private var isRunning = false

  /// `nil` when the system has no thread left.
  init?(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      work.release()
      return nil
    }
    isRunning = true
  }

  func join() {
    guard isRunning else { return }
    isRunning = false
    pthread_join(thread, nil)
  }
}

/// A descriptor that becomes readable when the line is to end: what a loop waits for beside its devices.
public final class StopSignal: Sendable {
  let descriptor: Int32
  private let other: Int32

  public init() throws(CaptureError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw CaptureError("a pipe", doing: "make it", code: errno) }
    (descriptor, other) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    close(descriptor)
    close(other)
  }

  public func request() {
    var one: UInt8 = 1
    _ = write(other, &one, 1)
  }

  public var isRequested: Bool { isRequested(within: 0) }

  /// Waits for the request.
  func isRequested(within milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, milliseconds) > 0
  }
}
