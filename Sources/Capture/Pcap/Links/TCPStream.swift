/// One direction of a TCP connection: puts segments in order, drops what was sent twice, tells what is missing.
struct TCPStream: Sendable {
  /// What waited for something before it.
  struct Piece: Sendable {
    var sequence: UInt32
    var number: Int
    var bytes: [UInt8]
    /// How many bytes before it are missing for good.
    var missing = 0
  }

  /// How much waits for a missing segment before it counts as lost: pieces and bytes.
  static let pieceLimit = 64
  static let byteLimit = 262_144

  private var next: UInt32?
  private var waiting: [Piece] = []
  private var waitingBytes = 0

  /// Takes a segment; gives its new bytes where they come in order, and in `ready` what waited for them.
  mutating func take(_ segment: Segment, _ number: Int, _ ready: inout [Piece]) -> PacketBytes? {
    var sequence = segment.sequence
    if segment.has(Segment.Flag.syn) {
      sequence &+= 1
      next = sequence
    }
    let whole = segment.payload.count + segment.cut
    guard whole > 0 else { return nil }
    let expected = next ?? sequence
    let ahead = Int32(bitPattern: sequence &- expected)
    guard ahead <= 0 else {
      keep(segment.payload, sequence, number)
      if waiting.count > Self.pieceLimit || waitingBytes > Self.byteLimit { skip(&ready) }
      return nil
    }
    let known = Int(-Int64(ahead))
    guard known < whole else {
      next = expected
      return nil
    }
    next = expected &+ UInt32(truncatingIfNeeded: whole - known)
    drain(&ready)
    return segment.payload.from(known)
  }

  /// The other side has everything up to here.
  mutating func acknowledged(_ sequence: UInt32, _ ready: inout [Piece]) {
    while let first = waiting.first, let next, isBefore(first.sequence, sequence), isBefore(next, sequence) {
      skip(&ready)
    }
  }

  /// Gives what still waits; nothing more comes.
  mutating func release(_ ready: inout [Piece]) {
    while !waiting.isEmpty { skip(&ready) }
  }

  private func isBefore(_ a: UInt32, _ b: UInt32) -> Bool { Int32(bitPattern: a &- b) < 0 }

  private mutating func keep(_ payload: PacketBytes, _ sequence: UInt32, _ number: Int) {
    // Sorted; one that is there already was sent twice.
    let place = waiting.firstIndex { !isBefore($0.sequence, sequence) } ?? waiting.count
    if place < waiting.count, waiting[place].sequence == sequence, waiting[place].bytes.count >= payload.count {
      return
    }
    waiting.insert(Piece(sequence: sequence, number: number, bytes: Array(payload)), at: place)
    waitingBytes += payload.count
  }

  /// Gives up on the bytes before the first piece that waits.
  private mutating func skip(_ ready: inout [Piece]) {
    guard var first = waiting.first else { return }
    let hole = Int32(bitPattern: first.sequence &- (next ?? first.sequence))
    waiting.removeFirst()
    waitingBytes -= first.bytes.count
    if hole >= 0 {
      first.missing = Int(hole)
      next = first.sequence &+ UInt32(truncatingIfNeeded: first.bytes.count)
      ready.append(first)
    }
    drain(&ready)
  }

  /// Takes what follows without a hole now.
  private mutating func drain(_ ready: inout [Piece]) {
    while let first = waiting.first, let expected = next {
      let ahead = Int32(bitPattern: first.sequence &- expected)
      guard ahead <= 0 else { return }
      waiting.removeFirst()
      waitingBytes -= first.bytes.count
      let known = Int(-Int64(ahead))
      guard known < first.bytes.count else { continue }
      var piece = first
      piece.bytes.removeFirst(known)
      next = expected &+ UInt32(truncatingIfNeeded: piece.bytes.count)
      ready.append(piece)
    }
  }
}
