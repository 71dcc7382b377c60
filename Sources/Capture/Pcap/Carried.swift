import Trace

/// What passes through an endpoint or a connection, judged by its bytes: nothing else tells it where the capture began
/// in the middle.
enum Carried: UInt8, Sendable {
  case commands, frames, positions, other

  /// The judgement of a piece of data where a port may begin: a command or its echo, an answer framed by line ends, a
  /// frame. `nil` where it tells nothing yet. Other text is none of these: networks and consoles are full of it.
  static func judge(_ bytes: PacketBytes, _ direction: Direction) -> Carried? {
    guard !bytes.isEmpty else { return nil }
    if bytes.starts(with: "$G") { return .positions }
    if isFrame(bytes) { return .frames }
    for byte in bytes.piece(0, lookedAt) {
      switch byte {
      case 0x20...0x7E, 0x08...0x0A, 0x0D, 0x1A, 0x1B: break
      default: return .other
      }
    }
    if bytes[0] | 0x20 == UInt8(ascii: "a") {
      return bytes.count == 1 || bytes[1] | 0x20 == UInt8(ascii: "t") || bytes[1] == 0x2F ? .commands : .other
    }
    if bytes.count <= 2 { return nil }
    guard direction != .hostToModem, bytes[0] == Ascii.carriageReturn else { return .other }
    return bytes[1] == Ascii.lineFeed || bytes[1] == Ascii.carriageReturn ? .commands : .other
  }

  private static let lookedAt = 64

  /// A flag, then an address, an escaped one, or the number of a protocol.
  private static func isFrame(_ bytes: PacketBytes) -> Bool {
    guard bytes[0] == HDLC.flag, bytes.count >= 4 else { return false }
    switch (bytes[1], bytes[2]) {
    case (0xFF, 0x03), (0xFF, 0x7D), (0x7D, 0xDF), (0xC0, 0x21), (0xC0, 0x23), (0x80, 0x21), (0x80, 0x57), (0xC2, 0x23):
      return true
    // A compressed number: IPv4 with its version.
    case (0x21, 0x45): return true
    default: return false
    }
  }

  var content: LineContent { self == .frames ? .frames : .commands }
}
