import Trace

/// Networks (link types 0, 1, 12, 101, 108, 113, 276): TCP connections to a serial server, raw or RFC 2217.
struct NetworkLink: PacketLink {
  enum Framing: Sendable {
    case ethernet, cooked, cooked2, raw
    case loopback(big: Bool)
  }

  let framing: Framing
  private var connections = Connections()
  private var fragments = Fragments()

  init(_ framing: Framing) { self.framing = framing }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    guard let start = internetPacket(bytes) else { return }
    let internet = bytes.from(start)
    if let fragment = Fragments.Piece(internet) {
      guard let whole = fragments.take(fragment) else { return }
      return whole.withUnsafeBytes { segment(PacketBytes($0), missing: 0, packet, &log) }
    }
    segment(internet, missing: packet.original - bytes.count, packet, &log)
  }

  private mutating func segment(
    _ bytes: PacketBytes, missing: Int, _ packet: Packet, _ log: inout PacketLog
  ) {
    guard let segment = Segment(bytes, missing: missing) else { return }
    connections.take(segment, packet, &log)
  }

  mutating func finish(into log: inout PacketLog) {
    connections.finish(&log)
    fragments.tell(&log)
  }

  private static let ipv4 = 0x0800
  private static let ipv6 = 0x86DD
  private static let tags: Set<Int> = [0x8100, 0x88A8, 0x9100]

  /// Where the IP packet begins, if there is one.
  private func internetPacket(_ bytes: PacketBytes) -> Int? {
    switch framing {
    case .raw: return 0
    case .loopback: return 4
    case .cooked: return isInternet(bytes.number16(14, big: true)) ? 16 : nil
    case .cooked2: return isInternet(bytes.number16(0, big: true)) ? 20 : nil
    case .ethernet:
      var at = 12
      // At most two tags of virtual networks.
      for _ in 0..<2 where Self.tags.contains(bytes.number16(at, big: true)) { at += 4 }
      return isInternet(bytes.number16(at, big: true)) ? at + 2 : nil
    }
  }

  private func isInternet(_ type: Int) -> Bool { type == Self.ipv4 || type == Self.ipv6 }
}

/// A place on the network.
struct Endpoint: Hashable, Sendable {
  var high: UInt64
  var low: UInt64
  var port: UInt16
  var isVersion6: Bool

  var text: String {
    guard isVersion6 else {
      return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".") + ":\(port)"
    }
    let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { String(half >> UInt64($0) & 0xFFFF, radix: 16) } }
    return "[" + groups.joined(separator: ":") + "]:\(port)"
  }
}

/// One segment of a TCP connection, as it stands in an IP packet.
struct Segment {
  enum Flag {
    static let fin: UInt8 = 1
    static let syn: UInt8 = 2
    static let reset: UInt8 = 4
    static let acknowledge: UInt8 = 16
  }

  private static let tcp: UInt8 = 6
  /// Extension headers of IPv6 that are stepped over: hop by hop, routing, destination options.
  private static let extensions: Set<UInt8> = [0, 43, 60]
  private static let extensionLimit = 8

  var source: Endpoint
  var target: Endpoint
  var sequence: UInt32
  var acknowledged: UInt32
  var flags: UInt8
  var payload: PacketBytes
  /// Bytes of the payload that the capture did not keep.
  var cut: Int

  /// `nil` for what is no TCP, or only a fragment (see `Fragments`).
  init?(_ bytes: PacketBytes, missing: Int) {
    let from: (UInt64, UInt64)
    let to: (UInt64, UInt64)
    var head: Int
    var length: Int
    let isVersion6: Bool
    switch bytes[0] >> 4 {
    case 4:
      isVersion6 = false
      head = Int(bytes[0] & 15) * 4
      // Not the first fragment, or one of several: no whole segment.
      guard bytes.count >= 20, head >= 20, bytes[9] == Self.tcp, bytes.number16(6, big: true) & 0x3FFF == 0 else {
        return nil
      }
      length = bytes.number16(2, big: true)
      from = (0, UInt64(bytes.number32(12, big: true)))
      to = (0, UInt64(bytes.number32(16, big: true)))
    case 6:
      isVersion6 = true
      guard bytes.count >= 40 else { return nil }
      length = 40 + bytes.number16(4, big: true)
      from = (bytes.number64(8, big: true), bytes.number64(16, big: true))
      to = (bytes.number64(24, big: true), bytes.number64(32, big: true))
      head = 40
      var next = bytes[6]
      for _ in 0..<Self.extensionLimit where Self.extensions.contains(next) {
        next = bytes[head]
        head += 8 + Int(bytes[head + 1]) * 8
      }
      guard next == Self.tcp else { return nil }
    default: return nil
    }
    // Offloading leaves the length to the hardware.
    if length == 0 { length = bytes.count + max(0, missing) }
    let tcp = bytes.piece(head, length - head)
    let offset = Int(tcp[12] >> 4) * 4
    guard tcp.count >= 20, offset >= 20 else { return nil }
    source = Endpoint(high: from.0, low: from.1, port: UInt16(tcp.number16(0, big: true)), isVersion6: isVersion6)
    target = Endpoint(high: to.0, low: to.1, port: UInt16(tcp.number16(2, big: true)), isVersion6: isVersion6)
    sequence = tcp.number32(4, big: true)
    acknowledged = tcp.number32(8, big: true)
    flags = tcp[13]
    payload = tcp.from(offset)
    cut = max(0, length - head - offset - payload.count)
  }

  func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
}
