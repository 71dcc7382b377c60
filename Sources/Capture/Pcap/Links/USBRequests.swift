import Trace

/// Control transfers that matter to a serial port: descriptors, and the requests and notices of the communication
/// class (CDC PSTN 1.2, 6.3 and 6.5).
struct USBRequests: Sendable {
  private enum Request {
    static let getDescriptor: UInt8 = 0x06
    static let setAddress: UInt8 = 0x05
    static let setLineCoding: UInt8 = 0x20
    static let setControlLineState: UInt8 = 0x22
    static let sendBreak: UInt8 = 0x23
    static let serialState: UInt8 = 0x20
  }

  /// A request whose answer is still to come.
  private struct Pending: Sendable {
    var id: UInt64
    var device: UInt32
  }

  private static let pendingLimit = 32
  private var pending: [Pending] = []
  /// What is known of the control lines, by port.
  private var states: [Port: UInt8] = [:]

  mutating func take(_ usb: USBPacket, _ packet: Packet, _ ports: inout USBPorts, _ log: inout PacketLog) {
    let device = USBPorts.device(usb)
    guard usb.setup.count == 8 else {
      guard !usb.isSubmit, let index = pending.firstIndex(where: { $0.id == usb.id && $0.device == device }) else {
        return
      }
      pending.remove(at: index)
      USBDescriptors.read(usb.data, device: device, into: &ports)
      return
    }
    let kind = usb.setup[0]
    let request = usb.setup[1]
    let value = usb.setup.number16(2, big: false)
    let index = usb.setup.number16(4, big: false)
    switch (kind, request) {
    case (0x80, Request.getDescriptor) where value >> 8 == 2:
      if pending.count >= Self.pendingLimit { pending.removeFirst() }
      pending.append(Pending(id: usb.id, device: device))
    case (0x00, Request.setAddress):
      ports.forget(device & ~0xFF00 | UInt32(value & 0x7F) << 8)
    case (0x21, Request.setLineCoding) where usb.data.count >= 7:
      coding(usb, UInt8(truncatingIfNeeded: index), packet, ports, &log)
    case (0x21, Request.setControlLineState):
      guard let port = ports.port(ofControl: UInt8(truncatingIfNeeded: index), device, &log) else { return }
      set(port, bits: UInt8(value & 3), mask: 3, packet, &log)
    case (0x21, Request.sendBreak):
      guard let port = ports.port(ofControl: UInt8(truncatingIfNeeded: index), device, &log) else { return }
      log.control("break=\(value == 0 ? 0 : 1)", port, packet)
    default: break
    }
  }

  /// A notice on an interrupt endpoint.
  mutating func notice(_ usb: USBPacket, _ packet: Packet, _ ports: inout USBPorts, _ log: inout PacketLog) {
    guard usb.isIn, !usb.isSubmit, usb.data.count >= 10, usb.data[0] == 0xA1, usb.data[1] == Request.serialState else {
      return
    }
    let interface = UInt8(truncatingIfNeeded: usb.data.number16(4, big: false))
    guard let port = ports.port(ofControl: interface, USBPorts.device(usb), &log) else { return }
    let state = usb.data[8]
    // Carrier, data set ready, ring.
    set(port, bits: (state & 1) << 2 | (state & 2) << 2 | (state & 8) << 1, mask: 0x1C, packet, &log)
    if state & 4 != 0 { log.control("break=1", port, packet) }
    if state & 0x40 != 0 { log.gap("the modem's port was overrun", port, packet) }
    if state & 0x30 != 0 { log.gap("framing or parity error", port, packet) }
  }

  private static let names = ["dtr", "rts", "dcd", "dsr", "ri"]

  /// Tells the lines that changed, or whose state was not known.
  private mutating func set(
    _ port: Port, bits: UInt8, mask: UInt8, _ packet: Packet, _ log: inout PacketLog
  ) {
    // The upper half of the state would be what is known; lines are at rest until told otherwise.
    let before = states[port] ?? 0
    states[port] = before & ~mask | bits
    for (position, name) in Self.names.enumerated() where (before ^ bits) & mask & 1 << UInt8(position) != 0 {
      log.control("\(name)=\(bits >> UInt8(position) & 1)", port, packet)
    }
  }

  /// Rate, stop bits, parity, data bits.
  private func coding(
    _ usb: USBPacket, _ interface: UInt8, _ packet: Packet, _ ports: USBPorts, _ log: inout PacketLog
  ) {
    let rate = Int(usb.data.number32(0, big: false))
    let stop = ["1", "1.5", "2"]
    let parity = ["N", "O", "E", "M", "S"]
    let shape = "\(usb.data[6])\(parity[min(4, Int(usb.data[5]))])\(stop[min(2, Int(usb.data[4]))])"
    let port = ports.port(ofControl: interface, USBPorts.device(usb), &log)
    log.remark("\(port.map { log.name(of: $0) + ": " } ?? "")the host sets \(rate) bit/s, \(shape)", packet)
    if log.facts.baud == nil, (50...TraceHeader.baudLimit).contains(rate) { log.facts.baud = rate }
  }
}

/// Configuration descriptors: which endpoints belong to which interface.
enum USBDescriptors {
  private enum Kind {
    static let configuration: UInt8 = 2
    static let interface: UInt8 = 4
    static let endpoint: UInt8 = 5
    static let classInterface: UInt8 = 0x24
  }
  private static let union: UInt8 = 6
  private static let descriptorLimit = 512

  static func read(_ bytes: PacketBytes, device: UInt32, into ports: inout USBPorts) {
    guard bytes.count >= 9, bytes[1] == Kind.configuration else { return }
    var at = 0
    var current: USBPorts.Interface?
    /// The data interface of a pair, and the one that gets its requests.
    var pairs: [UInt8: UInt8] = [:]
    var found: [USBPorts.Interface] = []
    for _ in 0..<descriptorLimit {
      let length = Int(bytes[at])
      guard length >= 2, bytes.count - at >= length else { break }
      switch bytes[at + 1] {
      case Kind.interface where length >= 9:
        if let current { found.append(current) }
        current = USBPorts.Interface(device: device, number: bytes[at + 2], control: bytes[at + 2])
      case Kind.endpoint where length >= 7 && bytes[at + 3] & 3 == 2:
        let address = bytes[at + 2]
        if address & 0x80 != 0 { current?.input = address } else { current?.output = address }
      case Kind.classInterface where length >= 5 && bytes[at + 2] == union:
        pairs[bytes[at + 4]] = bytes[at + 3]
      default: break
      }
      at += length
    }
    if let current { found.append(current) }
    for var interface in found {
      if let control = pairs[interface.number] { interface.control = control }
      ports.add(interface)
    }
  }
}
