import Trace

/// USB (link types 189, 220, 249): the data of bulk endpoints, put together to ports; the requests and notices of
/// serial interfaces as control lines and line rate.
///
/// What the host sends stands where a transfer is handed on, what the modem sends where it is over.
struct USBLink: PacketLink {
  enum System: Sendable {
    case linux, linuxMapped, windows
  }

  let system: System
  let big: Bool
  private var ports = USBPorts()
  private var requests = USBRequests()

  init(_ system: System, big: Bool) {
    self.system = system
    self.big = big
  }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    let parsed: USBPacket? =
      switch system {
      case .linux: USBPacket(linux: bytes, big: big, head: 48)
      case .linuxMapped: USBPacket(linux: bytes, big: big, head: 64)
      case .windows: USBPacket(windows: bytes)
      }
    guard let usb = parsed else { return log.malformed("a packet shorter than its head", packet) }
    switch usb.transfer {
    case .bulk: bulk(usb, packet, &log)
    case .control: requests.take(usb, packet, &ports, &log)
    case .interrupt: requests.notice(usb, packet, &ports, &log)
    case .isochronous: break
    }
  }

  @inline(__always)
  private mutating func bulk(_ usb: USBPacket, _ packet: Packet, _ log: inout PacketLog) {
    guard usb.isSubmit != usb.isIn else {
      // Handed on without data, or over without any: only a failure is worth a word.
      if !usb.isIn, !usb.isSubmit, usb.status < 0 { fail(usb, packet, &log) }
      return
    }
    guard !usb.data.isEmpty || usb.length > 0 else { return }
    let direction: Direction = usb.isIn ? .modemToHost : .hostToModem
    guard let port = ports.port(of: usb, direction, &log) else {
      log.unread &+= 1
      return
    }
    if !ports.hasStatus || !usb.isIn || !ports.takeStatus(usb, port, packet, &log) {
      log.data(direction, port, packet, usb.data)
    }
    if usb.data.count < usb.length {
      log.gap("the capture kept \(usb.data.count) of \(usb.length) bytes of this transfer", port, packet)
      log.facts.warn("transfers are cut; capture with a larger snap length (-s 0)")
    }
  }

  private mutating func fail(_ usb: USBPacket, _ packet: Packet, _ log: inout PacketLog) {
    guard ports.known(usb) != nil else { return }
    log.remark("a transfer to the modem failed with status \(usb.status)", packet)
  }

  mutating func finish(into log: inout PacketLog) { ports.tell(&log) }
}
