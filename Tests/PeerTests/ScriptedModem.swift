import Glibc
import Sessions
import Synchronization
import Trace

/// A stand-in for a modem: plays the modem's side of a `.trace`.
///
/// What the host sends is looked for in the trace, from where it stands on and then from the beginning again; what the
/// modem says there is sent, with the pauses that the trace has up to a limit. What the trace does not have is refused.
final class ScriptedModem: @unchecked Sendable {
  private struct Exchange {
    var request: [UInt8] = []
    var answers: [(pause: Int, bytes: [UInt8])] = []
  }

  /// The longest pause that is played, in microseconds.
  private static let pauseLimit = 20_000
  /// What is kept of a request that does not end.
  private static let requestLimit = 4096

  private let exchanges: [Exchange]
  /// Read from and written to by the thread that plays only.
  private let line: PtyPair
  private let state = Mutex((isStopped: false, isDone: false, unknown: [String]()))

  /// Begins to play on the modem's end of a line.
  init(_ trace: String, on line: PtyPair) {
    exchanges = Self.exchanges(of: Session(trace))
    self.line = line
    start()
  }

  /// What the host sent that the trace does not have.
  var unknown: [String] { state.withLock { $0.unknown } }

  /// Ends the playing.
  func stop() {
    state.withLock { $0.isStopped = true }
    while !state.withLock({ $0.isDone }) { usleep(1_000) }
  }

  private static func exchanges(of session: Session) -> [Exchange] {
    var exchanges: [Exchange] = []
    var last = Instant.unknown
    for chunk in session.batch.chunks where chunk.kind == .data {
      let bytes = Array(session.batch.bytes[chunk.start..<chunk.start + chunk.count])
      if chunk.direction == .hostToModem {
        if exchanges.last?.answers.isEmpty ?? false {
          exchanges[exchanges.count - 1].request += bytes
        } else {
          exchanges.append(Exchange(request: bytes))
        }
      } else if !exchanges.isEmpty {
        let pause = chunk.instant.since(last).map { Int(clamping: $0 / 1000) } ?? 0
        exchanges[exchanges.count - 1].answers.append((min(pauseLimit, max(0, pause)), bytes))
      }
      last = chunk.instant
    }
    return exchanges
  }

  private func start() {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<ScriptedModem>.fromOpaque(context).takeRetainedValue().play() }
        return nil
      }, context)
    if status == 0 { pthread_detach(thread) } else { Unmanaged<ScriptedModem>.fromOpaque(context).release() }
  }

  private func play() {
    var received: [UInt8] = []
    var at = 0
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !state.withLock({ $0.isStopped }) {
      var poll = pollfd(fd: line.end, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, 20) > 0 else { continue }
      let count = read(line.end, &buffer, buffer.count)
      guard count > 0 else {
        // Nobody has the device open.
        usleep(5_000)
        continue
      }
      received += buffer[..<count]
      // An empty command line says nothing, and nothing answers it.
      if exchanges.allSatisfy({ $0.request.first != 0x0D }) { received.trimPrefix { $0 == 0x0D } }
      guard !received.isEmpty else { continue }
      let order = exchanges.indices.map { (at + $0) % exchanges.count }
      if let found = order.first(where: { exchanges[$0].request == received }) {
        at = found + 1
        received = []
        for answer in exchanges[found].answers {
          usleep(UInt32(answer.pause))
          send(answer.bytes)
        }
      } else if received.last == 0x0D || received.count > Self.requestLimit {
        let text = String(decoding: received, as: UTF8.self)
        state.withLock { $0.unknown.append(text) }
        send((echoes ? received : []) + Array("\r\nERROR\r\n".utf8))
        received = []
      }
    }
    state.withLock { $0.isDone = true }
  }

  /// A modem whose answers begin with the request echoes what it refuses too.
  private var echoes: Bool {
    exchanges.first.map { one in one.answers.first?.bytes.starts(with: one.request) ?? false } ?? false
  }

  private func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(line.end, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      if count <= 0, errno != EAGAIN || state.withLock({ $0.isStopped }) { return }
      if count <= 0 { usleep(1_000) }
    }
  }
}
