/// Undoes what a terminal driver adds when it is asked to mark damage (PARMRK): `FF FF` is the byte FF, `FF 00 00` a
/// break, and `FF 00 xx` a byte that came with a parity or framing error. The marks may be cut anywhere.
struct ParityMarks {
  enum Mark: Hashable {
    case lineBreak
    case damaged(UInt8)
  }
  /// A mark, and how many plain bytes stand before it.
  struct Place: Hashable {
    var offset: Int
    var mark: Mark
  }

  private enum State {
    case plain, escape, mark
  }
  private var state = State.plain

  /// Appends the plain bytes of `source` to `bytes`, and the marks to `places`. A break is passed on as NUL and a
  /// damaged byte as it came, which is what a port without marks would have given.
  mutating func undo(_ source: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8], _ places: inout [Place]) {
    for byte in source {
      switch state {
      case .plain:
        if byte == 0xFF { state = .escape } else { bytes.append(byte) }
      case .escape:
        state = .plain
        if byte == 0 {
          state = .mark
        } else {
          // FF FF is one FF; before anything else it was never marked, and both are plain.
          if byte != 0xFF { bytes.append(0xFF) }
          bytes.append(byte)
        }
      case .mark:
        state = .plain
        places.append(Place(offset: bytes.count, mark: byte == 0 ? .lineBreak : .damaged(byte)))
        bytes.append(byte)
      }
    }
  }

  /// Forgets a mark that was cut by the loss of the port.
  mutating func reset() { state = .plain }
}
