import Trace

/// PPP (link types 9, 50, 204): frames without flags, escapes and check sequence, which are put back so that the
/// decoder of lines reads them. What stands before the first frame may be the dialogue that dials.
struct PPPLink: PacketLink {
  let name: String
  /// The first byte tells the direction: 0 received, anything else sent.
  let hasDirection: Bool
  private var framed: [UInt8] = []

  init(name: String, hasDirection: Bool) {
    self.name = name
    self.hasDirection = hasDirection
  }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    var direction = packet.direction
    var frame = bytes
    if hasDirection {
      guard !bytes.isEmpty else { return log.malformed("a packet without a direction", packet) }
      direction = bytes[0] == 0 ? .modemToHost : .hostToModem
      frame = bytes.from(1)
    }
    let isText = Self.isText(frame)
    guard let port = log.port(named: name, carrying: isText ? .commands : .frames) else { return }
    if direction == .unknown { log.facts.lossy.insert(.direction) }
    // A frame that was cut would get a check sequence that makes it whole.
    if isText || packet.original > bytes.count {
      if isText { log.data(direction, port, packet, frame) }
    } else if !frame.isEmpty {
      log.data(direction, port, packet, HDLC.framed(frame, into: &framed))
    }
    log.noteCut(port, packet, bytes.count)
  }

  /// Commands and answers that pass before the link: no frame begins with a printable byte and line ends.
  private static func isText(_ frame: PacketBytes) -> Bool {
    guard let last = frame.isEmpty ? nil : frame[frame.count - 1] else { return false }
    guard frame[0] == Ascii.carriageReturn || (0x20..<0x7F).contains(frame[0]) && frame[0] != 0x21 else { return false }
    guard last == Ascii.carriageReturn || last == Ascii.lineFeed else { return false }
    return frame.allSatisfy { (0x20..<0x7F).contains($0) || $0 == Ascii.carriageReturn || $0 == Ascii.lineFeed }
  }
}

/// Frames of PPP as they are on a line (RFC 1662): flags, escapes, check sequence.
enum HDLC {
  static let flag: UInt8 = 0x7E
  private static let escape: UInt8 = 0x7D

  private static let table: [UInt16] = (0..<256).map { byte in
    var value = UInt16(byte)
    // x^16 + x^12 + x^5 + 1, reflected.
    for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0x8408 : value >> 1 }
    return value
  }

  /// The frame with all that a line adds, in storage that is used again and again.
  static func framed(_ frame: PacketBytes, into text: inout [UInt8]) -> [UInt8] {
    text.removeAll(keepingCapacity: true)
    text.append(flag)
    var check: UInt16 = 0xFFFF
    for byte in frame {
      check = check >> 8 ^ table[Int((check ^ UInt16(byte)) & 0xFF)]
      add(byte, &text)
    }
    check = ~check
    add(UInt8(truncatingIfNeeded: check), &text)
    add(UInt8(truncatingIfNeeded: check >> 8), &text)
    text.append(flag)
    return text
  }

  private static func add(_ byte: UInt8, _ text: inout [UInt8]) {
    guard byte == flag || byte == escape else { return text.append(byte) }
    text.append(escape)
    text.append(byte ^ 0x20)
  }
}
