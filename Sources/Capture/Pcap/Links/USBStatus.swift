import Trace

/// Adapters that put two bytes of state before the data of each packet which comes in: modem lines, then line errors.
/// A transfer holds several such packets. Nothing comes in without them, so that a transfer of two bytes is a line at
/// rest.
struct USBStatus: Sendable {
  /// Bytes of state at the beginning of each packet.
  static let length = 2
  /// The sizes that packets of bulk endpoints have at full and at high speed.
  static let sizes = [64, 512]
  /// The upper half of the first byte holds lines, the lower half is always this.
  private static let fixed: UInt8 = 1
  /// The transmitter is empty: so it is whenever something comes in.
  private static let empty: UInt8 = 0x60

  private enum LineError {
    static let overrun: UInt8 = 2
    static let parityOrFraming: UInt8 = 0x0C
    static let lineBreak: UInt8 = 0x10
  }

  private static let names = ["cts", "dsr", "ri", "dcd"]

  /// The size of the packets, where a descriptor or a transfer has told it.
  var size: Int?
  private var lines: UInt8?

  /// Whether a transfer may begin with bytes of state.
  static func begins(_ bytes: PacketBytes) -> Bool {
    bytes.count >= length && bytes[0] & 0x0F == fixed && bytes[1] & 0xE0 == empty
  }

  /// Where the packet that begins at a place ends.
  mutating func end(of start: Int, _ bytes: PacketBytes) -> Int {
    let rest = bytes.count - start
    guard rest > Self.sizes[0] else { return bytes.count }
    if size == nil {
      let next = bytes.from(start + Self.sizes[0])
      size = Self.begins(next) && next[0] == bytes[start] ? Self.sizes[0] : Self.sizes[1]
    }
    return min(bytes.count, start + (size ?? Self.sizes[0]))
  }

  /// Tells the lines that changed, and errors, of the state at a place. The first state of all is how things are.
  mutating func note(_ bytes: PacketBytes, _ port: Port, _ packet: Packet, _ log: inout PacketLog) {
    let now = bytes[0] & 0xF0
    if let before = lines, before != now {
      for (position, name) in Self.names.enumerated() where (before ^ now) >> UInt8(position + 4) & 1 != 0 {
        log.control("\(name)=\(now >> UInt8(position + 4) & 1)", port, packet)
      }
    }
    lines = now
    guard bytes[1] & ~Self.empty != 0 else { return }
    if bytes[1] & LineError.lineBreak != 0 { log.control("break=1", port, packet) }
    if bytes[1] & LineError.overrun != 0 { log.gap("the adapter was overrun", port, packet) }
    if bytes[1] & LineError.parityOrFraming != 0 { log.gap("framing or parity error", port, packet) }
  }
}
