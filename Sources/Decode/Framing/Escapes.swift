import Trace

/// What is under way of an escape sequence in one direction.
struct EscapeState {
  /// The escape character came; the byte behind it shows what it means.
  var isEscaped = false
  /// Where that escape character stood; the byte behind it may come in another piece.
  var mark = EscapeMark()
  /// A bare ETX came; the next byte shows whether it was the end.
  var isEnded = false
}

/// Where an escape character stood.
struct EscapeMark {
  var offset: UInt64 = 0
  var place = 0
  var instant = Instant.unknown
}

/// Takes escapes out of bytes.
enum Escapes {
  static let dle: UInt8 = 0x10
  static let etx: UInt8 = 0x03
  static let packetEnd: UInt8 = 0x7E
  static let stuffing: UInt8 = 0x7D

  /// What stopped the reading of a piece.
  enum Stop {
    /// The piece was used up.
    case none
    /// A bare ETX: the end mark.
    case end
    /// DLE before a byte that needs none; the byte is in the output behind the DLE.
    case undefined(UInt8)
  }

  /// Reads from `at` on; what is payload is appended to `output`. Returns where it stopped and why.
  static func unshield(
    _ bytes: Span<UInt8>, from at: Int, _ state: inout EscapeState, into output: inout [UInt8]
  ) -> (next: Int, stop: Stop) {
    var index = at
    while index < bytes.count {
      if state.isEscaped {
        state.isEscaped = false
        let byte = bytes[index]
        index += 1
        if byte == etx || byte == dle {
          output.append(byte)
          continue
        }
        output.append(dle)
        output.append(byte)
        return (index, .undefined(byte))
      }
      // Everything up to the next character with a meaning at once.
      let run = plainRun(bytes, from: index, dle, etx)
      if run > index {
        bytes.extracting(index..<run).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        index = run
        continue
      }
      index += 1
      if bytes[index - 1] == etx { return (index, .end) }
      state.isEscaped = true
    }
    return (index, .none)
  }

  /// 7D 5D is 7D, 7D 5E is 7E, and a bare 7E ends a packet.
  static func unstuff(
    _ bytes: Span<UInt8>, from at: Int, _ state: inout EscapeState, into output: inout [UInt8]
  ) -> (next: Int, stop: Stop) {
    var index = at
    while index < bytes.count {
      if state.isEscaped {
        state.isEscaped = false
        let byte = bytes[index]
        index += 1
        if byte == 0x5D || byte == 0x5E {
          output.append(byte ^ 0x20)
          continue
        }
        output.append(stuffing)
        output.append(byte)
        return (index, .undefined(byte))
      }
      let run = plainRun(bytes, from: index, stuffing, packetEnd)
      if run > index {
        bytes.extracting(index..<run).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        index = run
        continue
      }
      index += 1
      if bytes[index - 1] == packetEnd { return (index, .end) }
      state.isEscaped = true
    }
    return (index, .none)
  }

  /// Where the first of two characters stands, eight bytes at a time.
  static func plainRun(_ bytes: Span<UInt8>, from at: Int, _ first: UInt8, _ second: UInt8) -> Int {
    bytes.withUnsafeBytes { raw in
      let ones: UInt64 = 0x0101_0101_0101_0101
      let highs: UInt64 = 0x8080_8080_8080_8080
      let wantFirst = UInt64(first) &* ones
      let wantSecond = UInt64(second) &* ones
      var index = at
      while index &+ 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let a = word ^ wantFirst
        let b = word ^ wantSecond
        let found = ((a &- ones) & ~a & highs) | ((b &- ones) & ~b & highs)
        if found != 0 { return index &+ UInt64(littleEndian: found).trailingZeroBitCount / 8 }
        index &+= 8
      }
      while index < raw.count, raw[index] != first, raw[index] != second { index &+= 1 }
      return index
    }
  }
}
