import Trace

/// Takes frames out of HDLC-like framing in one direction (RFC 1662, 4): 7E borders them, 7D escapes with bit 5 flipped.
struct PPPFramer {
  static let flag: UInt8 = 0x7E
  static let escape: UInt8 = 0x7D

  /// The frame so far, without escapes, with its check sequence. Invariant: `bytes.count <= Limits.pppFrame`.
  private(set) var bytes: [UInt8] = []
  private(set) var start = Instant.unknown
  private(set) var place = 0
  private(set) var offset: UInt64 = 0
  /// Bytes on the line since the last whole frame.
  private(set) var wire = 0
  private(set) var isCut = false
  private var isEscaped = false
  /// A flag was seen: what came before belongs to a frame that began before the trace.
  private var isSynchronised = false

  var isEmpty: Bool { bytes.isEmpty }

  /// Reads from `at` on, up to a flag or the end. Returns where it stopped, and whether a flag ended a frame there.
  mutating func take(
    _ input: Span<UInt8>, from at: Int, now: Instant, place: Int, offset: UInt64
  ) -> (next: Int, isFrame: Bool) {
    var index = at
    while index < input.count {
      let byte = input[index]
      if byte == Self.flag {
        wire += index + 1 - at
        let wasSynchronised = isSynchronised
        isSynchronised = true
        // 4.3: an escape before a flag aborts the frame.
        if isEscaped {
          reset()
          return (index + 1, false)
        }
        return (index + 1, wasSynchronised && !bytes.isEmpty)
      }
      if bytes.isEmpty, !isEscaped {
        start = now
        self.place = place
        self.offset = offset &+ UInt64(index - at)
      }
      if byte == Self.escape {
        isEscaped = true
        index += 1
        continue
      }
      if isEscaped {
        isEscaped = false
        append(byte ^ 0x20)
        index += 1
        continue
      }
      let run = Escapes.plainRun(input, from: index, Self.flag, Self.escape)
      let room = Limits.pppFrame - bytes.count
      if run - index > room { isCut = true }
      input.extracting(index..<index + min(room, run - index)).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      index = run
    }
    wire += index - at
    return (index, false)
  }

  private mutating func append(_ byte: UInt8) {
    if bytes.count < Limits.pppFrame { bytes.append(byte) } else { isCut = true }
  }

  /// The frame was taken, or is given up.
  mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    isEscaped = false
    isCut = false
  }

  mutating func takeWire() -> Int {
    defer { wire = 0 }
    return wire
  }
}
