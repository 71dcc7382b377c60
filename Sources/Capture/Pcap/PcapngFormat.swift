import Trace

/// Captures in the format of Wireshark, read here rather than by libpcap, which refuses several link types in one
/// file and hides directions, names and comments.
public enum PcapngFormat {
  public static let name = "pcapng"

  public static let format = LogFormat(
    name: name, summary: "capture of Wireshark, with its directions, comments and several interfaces",
    example: "(binary; begins with 0A 0D 0D 0A)", extensions: ["pcapng", "ntar"],
    confidence: { $0.bytes.starts(with: signature) && order($0.bytes) != nil ? 1 : 0 },
    makeCaptureReader: { PcapngReader($0) })

  static let signature: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A]

  private static func order(_ beginning: [UInt8]) -> Bool? {
    beginning.withUnsafeBytes { PcapngBlock.order(of: PacketBytes($0)) }
  }
}

/// The kinds of blocks, and the numbers of their options.
enum PcapngBlock {
  static let section: UInt32 = 0x0A0D_0D0A
  static let interface: UInt32 = 1
  static let oldPacket: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let statistics: UInt32 = 5
  static let packet: UInt32 = 6
  /// Type and length, and the length again at the end.
  static let frame = 12

  enum Option {
    static let end = 0
    static let comment = 1
    // Of interfaces.
    static let name = 2
    static let resolution = 9
    static let offset = 14
    // Of packets.
    static let flags = 2
    static let dropped = 4
    // Of statistics.
    static let interfaceDropped = 5
  }

  /// The order of bytes that the section header at the beginning states: true for big-endian.
  static func order(of bytes: PacketBytes) -> Bool? {
    guard bytes.count >= 12 else { return nil }
    switch bytes.number32(8, big: false) {
    case 0x1A2B_3C4D: return false
    case 0x4D3C_2B1A: return true
    default: return nil
    }
  }

  /// Calls `take` for each option; at most `optionLimit`.
  static func options(_ bytes: PacketBytes, big: Bool, _ take: (Int, PacketBytes) -> Void) {
    var at = 0
    for _ in 0..<optionLimit {
      guard bytes.count - at >= 4 else { return }
      let code = bytes.number16(at, big: big)
      let length = bytes.number16(at + 2, big: big)
      guard code != Option.end, bytes.count - at - 4 >= length else { return }
      take(code, bytes.piece(at + 4, length))
      at += 4 + (length + 3) & ~3
    }
  }

  private static let optionLimit = 64
}
