import Trace

/// A capture file in the format of libpcap (microseconds, little-endian), record by record.
enum PacketFile {
  /// LINKTYPE_PPP_WITH_DIR: a byte of direction (1 for what the host sent), then the frame.
  static let pppWithDirection: UInt32 = 204
  private static let longest: UInt32 = 65_535

  static func header(linkType: UInt32) -> [UInt8] {
    word(0xA1B2_C3D4) + [2, 0, 4, 0] + word(0) + word(0) + word(longest) + word(linkType)
  }

  static func record(_ bytes: ArraySlice<UInt8>, _ direction: Direction, at instant: Instant) -> [UInt8] {
    let time = instant.isKnown ? max(0, instant.nanoseconds) : 0
    let count = UInt32(truncatingIfNeeded: bytes.count + 1)
    return word(UInt32(truncatingIfNeeded: time / 1_000_000_000))
      + word(UInt32(truncatingIfNeeded: time % 1_000_000_000 / 1000)) + word(count) + word(count)
      + [direction == .hostToModem ? 1 : 0] + bytes
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
