import Trace

/// A multiplexed line (link type 236): a head that tells where parts of PPP frames stand, the direction, one frame.
struct MuxLink: PacketLink {
  let name: String

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    // The head's first byte is the length of what follows it; then comes the direction: 0 from the application.
    let length = Int(bytes[0])
    guard bytes.count >= length + 2, bytes[length + 1] <= 1 else {
      return log.malformed("a packet whose head is longer than itself, or tells no direction", packet)
    }
    let frame = bytes.from(length + 2)
    let isAdvanced = frame[0] == HDLC.flag
    guard let port = log.port(named: name, carrying: isAdvanced ? .multiplexedAdvanced : .multiplexed) else { return }
    // A frame that was cut is no damaged one: nothing is held against it.
    guard packet.original <= bytes.count else { return log.noteCut(port, packet, bytes.count) }
    log.data(bytes[length + 1] == 0 ? .hostToModem : .modemToHost, port, packet, frame)
  }
}
