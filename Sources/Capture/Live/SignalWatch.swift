import Glibc
import Synchronization

/// What the user asks of a running line by signals: SIGINT, SIGTERM and SIGHUP end it, SIGUSR1 asks for a summary.
///
/// Made before any thread is started, so that all of them inherit that signals come here.
public final class SignalWatch: Sendable {
  private let stop: StopSignal
  private let summary = Mutex(false)
  private let ended = Mutex(false)

  public init(_ stop: StopSignal) throws(CaptureError) {
    self.stop = stop
    // A file that reaches its limit is a disk that is full, and no reason to die.
    signal(SIGXFSZ, SIG_IGN)
    var set = SignalWatch.watched
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // It waits for as long as the process lives, so nobody waits for its end.
    guard LiveThread({ [self] in watch() }) != nil else {
      throw CaptureError("no thread could be started; end other programs")
    }
  }

  /// Whether a summary was asked for since the last call.
  public func takeSummaryRequest() -> Bool {
    summary.withLock { wanted in
      defer { wanted = false }
      return wanted
    }
  }

  private static var watched: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&set, signal) }
    return set
  }

  private func watch() {
    var set = SignalWatch.watched
    while true {
      var number: Int32 = 0
      guard sigwait(&set, &number) == 0 else { continue }
      if number == SIGUSR1 {
        summary.withLock { $0 = true }
        continue
      }
      // Whoever asks twice does not want to wait for the report.
      let isSecond = ended.withLock { ended in
        defer { ended = true }
        return ended
      }
      if isSecond { _exit(128 &+ number) }
      stop.request()
    }
  }
}
