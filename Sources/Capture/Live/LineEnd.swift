import Glibc
import Trace

/// One end of a live line: a serial port, the pseudo-terminal of an application, a connection.
///
/// Only the thread of the line touches an end.
protocol LineEnd: AnyObject {
  /// What may be read and written, or -1 while there is nothing.
  var descriptor: Int32 { get }
  /// Bytes for an end that is away are kept until it is back, or let go because nobody would have received them.
  var keepsBytesWhileAway: Bool { get }
  /// A connection that is not made yet takes no bytes, but tells when it does.
  var isConnecting: Bool { get }
  /// More may come from it.
  var isReadable: Bool { get }

  /// Looks after what no bytes tell: whether the end is there, its settings, its modem lines.
  func tend(_ log: LineLog)
  /// Called before bytes of the other end are passed on.
  func prepare(_ log: LineLog)
  /// Nothing can be read any more; `code` is `errno`, or 0 at the end.
  func lost(_ code: Int32, _ log: LineLog)
  /// It can be written to, which it could not before.
  func becameWritable(_ log: LineLog)
  /// Nothing more will be written to it.
  func finishWriting()
  /// Turns what was read into the bytes that were on the line. `bytes` is empty before.
  func decode(_ source: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8], _ marks: inout [ParityMarks.Place])
  func close()
}

extension LineEnd {
  var keepsBytesWhileAway: Bool { true }
  var isConnecting: Bool { false }
  var isReadable: Bool { true }
  func tend(_ log: LineLog) {}
  func prepare(_ log: LineLog) {}
  func becameWritable(_ log: LineLog) {}
  func finishWriting() {}
  func decode(_ source: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8], _ marks: inout [ParityMarks.Place]) {
    bytes.append(contentsOf: source)
  }
}

/// Where the line writes down what happens on it.
struct LineLog {
  let queue: LiveQueue
  let clock: LiveClock

  func data(_ bytes: UnsafeBufferPointer<UInt8>, _ direction: Direction, at instant: Instant) {
    guard !bytes.isEmpty else { return }
    queue.offer(.data, direction, at: instant, bytes)
  }
  /// A modem line changed, or the driver told of damage.
  func control(_ text: String) { queue.offer(.control, at: clock.now, text) }
  func gap(_ text: String) { queue.offer(.gap, at: clock.now, "gap=" + text) }
  func remark(_ text: String) { queue.offer(.remark, at: clock.now, text) }
}

/// Bytes that wait until an end takes them.
struct Outbox {
  /// When so much waits, the other end is not read any more: its own flow control does the rest.
  static let limit = 65_536

  private var bytes: [UInt8] = []
  private var start = 0

  /// What is held, with what is already sent of it.
  var held: Int { bytes.count }
  var isEmpty: Bool { start == bytes.count }
  var isFull: Bool { bytes.count - start >= Outbox.limit }

  /// Writes what can be written now, and keeps the remainder. 0, or `errno` of an end that is gone.
  mutating func send(_ source: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
    var rest = source[...]
    if isEmpty, descriptor >= 0 {
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        let count = write(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          if count < 0, errno != EAGAIN { return errno }
          break
        }
        rest = rest.dropFirst(count)
      }
    }
    // One that is never quite empty must not keep what it has sent.
    if start >= Outbox.limit {
      bytes.removeSubrange(..<start)
      start = 0
    }
    bytes.append(contentsOf: rest)
    return 0
  }

  /// Goes on writing what waits.
  mutating func flush(to descriptor: Int32) -> Int32 {
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 && errno != EAGAIN ? errno : 0 }
      start += count
    }
    removeAll()
    return 0
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    start = 0
  }
}
