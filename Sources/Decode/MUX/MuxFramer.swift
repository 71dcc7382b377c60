import Trace

/// Takes frames of the multiplexer out of the bytes of one direction: basic option (F9, length) or advanced (7E, 7D).
///
/// Lost: bytes are skipped up to a flag behind which a whole frame stands; a resync is trusted only then.
struct MuxFramer {
  enum Outcome {
    case more
    case frame(MuxFrame)
    /// The frame's check sequence is wrong.
    case damaged(Int)
    /// So many bytes belonged to no frame.
    case skipped(Int)
  }

  static let basicFlag: UInt8 = 0xF9
  static let advancedFlag: UInt8 = 0x7E

  let isAdvanced: Bool
  private var bytes: [UInt8] = []
  private var isEscaped = false
  private var isInFrame = false
  private var skipped = 0

  init(isAdvanced: Bool) { self.isAdvanced = isAdvanced }

  /// Takes one byte.
  mutating func take(_ byte: UInt8) -> Outcome { isAdvanced ? takeAdvanced(byte) : takeBasic(byte) }

  // MARK: Advanced option

  private mutating func takeAdvanced(_ byte: UInt8) -> Outcome {
    if byte == Self.advancedFlag {
      defer {
        bytes.removeAll(keepingCapacity: true)
        isEscaped = false
        isInFrame = true
      }
      guard isInFrame, !bytes.isEmpty else { return .more }
      guard bytes.count >= 3 else { return .damaged(bytes.count) }
      return checked(head: 2, length: bytes.count - 3)
    }
    guard isInFrame else { return .more }
    if byte == 0x7D {
      isEscaped = true
      return .more
    }
    guard bytes.count < Limits.muxFrame else { return .more }
    bytes.append(isEscaped ? byte ^ 0x20 : byte)
    isEscaped = false
    return .more
  }

  // MARK: Basic option

  private mutating func takeBasic(_ byte: UInt8) -> Outcome {
    if !isInFrame {
      guard byte == Self.basicFlag else {
        skipped += 1
        return .more
      }
      isInFrame = true
      bytes.removeAll(keepingCapacity: true)
      guard skipped > 0 else { return .more }
      defer { skipped = 0 }
      return .skipped(skipped)
    }
    // Flags between frames fill the line.
    if bytes.isEmpty, byte == Self.basicFlag { return .more }
    bytes.append(byte)
    // No head of a frame: these bytes are none.
    if bytes.count == 1, byte & 1 == 0 { return lose() }
    if bytes.count == 2, !MuxFrame.isKnown(byte) { return lose() }
    guard let whole = wholeLength else {
      return bytes.count > Limits.muxFrame ? lose() : .more
    }
    if whole > Limits.muxFrame { return lose() }
    guard bytes.count > whole else { return .more }
    // The byte behind the check sequence is the closing flag.
    guard byte == Self.basicFlag else { return lose() }
    bytes.removeLast()
    let head = 2 + lengthOctets
    let outcome = checked(head: head, length: bytes.count - head - 1)
    bytes.removeAll(keepingCapacity: true)
    return outcome
  }

  /// One or two octets: bit 0 of the first says so.
  private var lengthOctets: Int { bytes.count > 2 && bytes[2] & 1 == 0 ? 2 : 1 }

  /// Address, control, length, information and check sequence; `nil` while the length is not known.
  private var wholeLength: Int? {
    guard bytes.count > 2 else { return nil }
    if bytes[2] & 1 == 1 { return 3 + Int(bytes[2] >> 1) + 1 }
    guard bytes.count > 3 else { return nil }
    return 4 + (Int(bytes[2] >> 1) | Int(bytes[3]) << 7) + 1
  }

  /// The frame does not end where its length says: what was taken for it is looked through for another flag.
  private mutating func lose() -> Outcome {
    let lost = bytes
    isInFrame = false
    bytes.removeAll(keepingCapacity: true)
    guard let flag = lost.lastIndex(of: Self.basicFlag) else {
      skipped += lost.count
      return .more
    }
    // The last flag among them may open the next frame.
    skipped += flag
    isInFrame = true
    bytes.append(contentsOf: lost[(flag + 1)...])
    return .skipped(takeSkipped())
  }

  private mutating func takeSkipped() -> Int {
    defer { skipped = 0 }
    return skipped
  }

  // MARK: Both

  private func checked(head: Int, length: Int) -> Outcome {
    guard length >= 0, bytes.count >= head + 1 else { return .damaged(bytes.count) }
    var frame = MuxFrame(address: bytes[0], control: bytes[1])
    let isHeadOnly = frame.kind == MuxFrame.Control.data
    let covered = isHeadOnly ? bytes[..<head] : bytes[..<(head + length)]
    guard MuxFrame.check(covered) == bytes[head + length] else { return .damaged(bytes.count) }
    frame.info = Array(bytes[head..<head + length])
    return .frame(frame)
  }
}
