import Trace

/// Captures in the format of libpcap, in either order of bytes, with micro- or nanoseconds.
///
/// The file is read here, block by block, so that a pipe, a growing file and a file give the same chunks, and a
/// damaged record costs what it covers; libpcap compiles filters and reads interfaces.
public enum PcapFormat {
  public static let name = "pcap"

  public static let format = LogFormat(
    name: name, summary: "packet capture of tcpdump: serial, USB, TCP, PPP, multiplexer, Bluetooth",
    example: "(binary; begins with D4 C3 B2 A1)", extensions: ["pcap", "cap"],
    confidence: { PcapHeader($0.bytes) == nil ? 0 : 1 }, makeCaptureReader: { PcapReader($0) })
}

/// The head of a capture file.
struct PcapHeader: Sendable {
  static let length = 24

  let isBig: Bool
  /// How many nanoseconds one unit of a fraction stands for.
  let unit: Int64
  let linkType: Int
  /// What stands between the head of a record and its packet, in captures of a patched libpcap.
  let extra: Int

  init?(_ beginning: [UInt8]) {
    let header = beginning.withUnsafeBytes { PcapHeader(PacketBytes($0)) }
    guard let header else { return nil }
    self = header
  }

  init?(_ bytes: PacketBytes) {
    guard bytes.count >= 4 else { return nil }
    switch bytes.number32(0, big: false) {
    case 0xA1B2_C3D4: (isBig, unit, extra) = (false, 1000, 0)
    case 0xA1B2_3C4D: (isBig, unit, extra) = (false, 1, 0)
    case 0xA1B2_CD34: (isBig, unit, extra) = (false, 1000, 8)
    case 0xD4C3_B2A1: (isBig, unit, extra) = (true, 1000, 0)
    case 0x4D3C_B2A1: (isBig, unit, extra) = (true, 1, 0)
    case 0x34CD_B2A1: (isBig, unit, extra) = (true, 1000, 8)
    default: return nil
    }
    // The upper bits tell of a frame check sequence behind packets.
    linkType = Int(bytes.number32(20, big: isBig) & 0xFFFF)
  }
}
