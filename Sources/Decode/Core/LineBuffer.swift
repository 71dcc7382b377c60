import Trace

/// A line that is being received: its bytes up to a limit, and where and when its first byte came.
///
/// Invariant: `bytes.count <= limit`; `length` counts every byte, kept or not.
struct LineBuffer {
  private(set) var bytes: [UInt8] = []
  private(set) var length = 0
  let limit: Int
  var start = Instant.unknown
  var place = 0
  var offset: UInt64 = 0

  init(limit: Int) {
    self.limit = limit
    bytes.reserveCapacity(min(limit, 512))
  }

  var isEmpty: Bool { length == 0 }
  var isCut: Bool { length > bytes.count }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    length = 0
  }

  mutating func begin(at start: Instant, place: Int, offset: UInt64) {
    self.start = start
    self.place = place
    self.offset = offset
  }

  mutating func append(_ byte: UInt8) {
    if bytes.count < limit { bytes.append(byte) }
    length += 1
  }

  mutating func append(_ source: Span<UInt8>) {
    let room = limit - bytes.count
    if source.count <= room {
      source.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    } else if room > 0 {
      source.extracting(0..<room).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
    length += source.count
  }

  /// Keeps the first `count` bytes only.
  mutating func truncate(to count: Int) {
    guard count < bytes.count else { return }
    bytes.removeLast(bytes.count - count)
    length = count
  }

  /// Takes back the last byte (backspace editing).
  mutating func dropLast() {
    guard length > 0 else { return }
    if length == bytes.count { bytes.removeLast() }
    length -= 1
  }
}
