import Trace

/// Payloads that Wireshark exported (link type 252): tags that name their protocol and direction, then the payload.
struct ExportedLink: PacketLink {
  enum Tag {
    static let end = 0
    static let dissector = 12
    static let heuristic = 13
    static let direction = 35
  }
  private static let tagLimit = 64

  let name: String
  private var framed: [UInt8] = []

  init(name: String) { self.name = name }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    var at = 0
    var direction = packet.direction
    var kind = PacketBytes.none
    var isComplete = false
    for _ in 0..<Self.tagLimit {
      guard bytes.count - at >= 4 else { break }
      let tag = bytes.number16(at, big: true)
      let length = bytes.number16(at + 2, big: true)
      guard bytes.count - at - 4 >= length else { break }
      let value = bytes.piece(at + 4, length)
      at += 4 + length
      if tag == Tag.end {
        isComplete = true
        break
      }
      if tag == Tag.dissector || tag == Tag.heuristic { kind = value }
      if tag == Tag.direction { direction = value.number32(0, big: true) == 0 ? .hostToModem : .modemToHost }
    }
    guard isComplete else { return log.malformed("an exported payload whose tags do not end", packet) }
    if direction == .unknown { log.facts.lossy.insert(.direction) }
    let payload = bytes.from(at)
    if Self.is(kind, "at") {
      guard let port = log.port(named: name) else { return }
      log.data(direction, port, packet, payload)
      log.noteCut(port, packet, bytes.count)
    } else if Self.is(kind, "ppp") || Self.is(kind, "ppp_hdlc") {
      guard !payload.isEmpty, let port = log.port(named: name.isEmpty ? "ppp" : name + "/ppp", carrying: .frames)
      else { return }
      if packet.original <= bytes.count { log.data(direction, port, packet, HDLC.framed(payload, into: &framed)) }
      log.noteCut(port, packet, bytes.count)
    } else {
      // What a command carried stands in the bytes of the line already, or cannot be told from them.
      log.remark("an exported payload of \(Printable.text(Array(kind), limit: 32)), \(payload.count) bytes", packet)
    }
  }

  private static func `is`(_ kind: PacketBytes, _ name: StaticString) -> Bool {
    guard kind.starts(with: name) else { return false }
    return kind.from(name.utf8CodeUnitCount).allSatisfy { $0 == 0 }
  }
}
