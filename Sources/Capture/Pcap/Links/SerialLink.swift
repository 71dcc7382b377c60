import Trace

/// Packets that are bytes of a serial line as they are; which way they went only pcapng flags tell.
struct SerialLink: PacketLink {
  let name: String
  let content: LineContent

  init(name: String, content: LineContent = .commands) {
    self.name = name
    self.content = content
  }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    guard let port = log.port(named: name, carrying: content) else { return }
    if packet.direction == .unknown { log.facts.lossy.insert(.direction) }
    log.data(packet.direction, port, packet, bytes)
    log.noteCut(port, packet, bytes.count)
  }
}

extension PacketLog {
  /// A packet of which the capture kept a part only.
  @inline(__always)
  mutating func noteCut(_ port: Port, _ packet: Packet, _ captured: Int) {
    if packet.original > captured {
      gap("the capture kept \(captured) of \(packet.original) bytes of this packet", port, packet)
      facts.warn("packets are cut; capture with a larger snap length (-s 0)")
    }
  }
}
