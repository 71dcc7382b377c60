import Trace

/// Which endpoints make one port: as the descriptors say; where the capture has none, by number and by what they carry.
struct USBPorts: Sendable {
  /// How many endpoints are kept in mind.
  private static let endpointLimit = 512
  private static let interfaceLimit = 256

  private struct Endpoint: Sendable {
    var key: UInt32
    var port: Port?
    var carried: Carried?
    var unread = 0
    /// Where the adapter puts its state before the data.
    var status: USBStatus?
  }

  /// An interface with bulk endpoints, as a descriptor has it.
  struct Interface: Sendable {
    var device: UInt32
    var number: UInt8
    /// The interface that gets the requests for this one.
    var control: UInt8
    var output: UInt8 = 0
    var input: UInt8 = 0
  }

  private var endpoints: [Endpoint] = []
  private var latest = 0
  /// Whether any endpoint puts bytes of state before its data.
  private(set) var hasStatus = false
  private var interfaces: [Interface] = []

  static func device(_ usb: USBPacket) -> UInt32 { UInt32(truncatingIfNeeded: usb.bus) << 16 | UInt32(usb.device) << 8 }
  private static func name(_ device: UInt32) -> String { "usb\(device >> 16).\(device >> 8 & 0xFF)" }

  // MARK: Endpoints

  /// The port of a bulk transfer; `nil` where the endpoint carries something else, or too little is known.
  @inline(__always)
  mutating func port(of usb: USBPacket, _ direction: Direction, _ log: inout PacketLog) -> Port? {
    let key = Self.device(usb) | UInt32(usb.endpoint)
    if latest < endpoints.count, endpoints[latest].key == key, let port = endpoints[latest].port { return port }
    return find(key, usb, direction, &log)
  }

  private mutating func find(_ key: UInt32, _ usb: USBPacket, _ direction: Direction, _ log: inout PacketLog) -> Port? {
    let index: Int
    if let found = endpoints.firstIndex(where: { $0.key == key }) {
      index = found
    } else {
      guard endpoints.count < Self.endpointLimit else { return nil }
      index = endpoints.count
      endpoints.append(Endpoint(key: key))
    }
    latest = index
    if let port = endpoints[index].port { return port }
    guard let carried = judge(usb, direction, index) else { return nil }
    // Data that begin like something else say nothing for good: a port may carry commands later.
    endpoints[index].carried = carried
    guard carried == .commands || carried == .frames else {
      endpoints[index].unread += 1
      return nil
    }
    endpoints[index].port = join(key, carried, &log)
    return endpoints[index].port
  }

  /// What a transfer carries; behind bytes of state, where it begins with such.
  private mutating func judge(_ usb: USBPacket, _ direction: Direction, _ index: Int) -> Carried? {
    guard usb.isIn, USBStatus.begins(usb.data) else { return Carried.judge(usb.data, direction) }
    // A line at rest says nothing yet, and the host may speak first: its partner tells.
    let data = usb.data.piece(USBStatus.length, USBStatus.sizes[0] - USBStatus.length)
    let own = Carried.judge(data, direction)
    let isKnown = own == .commands || own == .frames
    let isText = data.allSatisfy { (0x20...0x7E).contains($0) || $0 == Ascii.carriageReturn || $0 == Ascii.lineFeed }
    guard isKnown || isText && partner(endpoints[index].key) != nil else { return own }
    endpoints[index].status = USBStatus()
    hasStatus = true
    return isKnown ? own : .commands
  }

  private func partner(_ key: UInt32) -> Port? {
    let device = key & ~0xFF
    let number = UInt8(truncatingIfNeeded: key)
    if let interface = interfaces.first(where: { $0.device == device && $0.input == number }) {
      return endpoints.first { $0.key == device | UInt32(interface.output) }?.port
    }
    let others = endpoints.filter { $0.key & ~0xFF == device && $0.key & 0x80 == 0 && $0.port != nil }
    return others.min { distance($0.key, key) < distance($1.key, key) }?.port
  }

  /// Takes the bytes of state out of a transfer; `false` where there are none.
  mutating func takeStatus(
    _ usb: USBPacket, _ port: Port, _ packet: Packet, _ log: inout PacketLog
  ) -> Bool {
    guard latest < endpoints.count, endpoints[latest].key == Self.device(usb) | UInt32(usb.endpoint),
      var status = endpoints[latest].status
    else { return false }
    var start = 0
    while usb.data.count - start >= USBStatus.length {
      let end = status.end(of: start, usb.data)
      status.note(usb.data.from(start), port, packet, &log)
      log.data(.modemToHost, port, packet, usb.data.piece(start + USBStatus.length, end - start - USBStatus.length))
      start = end
    }
    endpoints[latest].status = status
    return true
  }

  /// The port of an endpoint that carries something readable: that of its partner, or a new one.
  private func join(_ key: UInt32, _ carried: Carried, _ log: inout PacketLog) -> Port? {
    let device = key & ~0xFF
    let number = UInt8(truncatingIfNeeded: key)
    if let interface = interfaces.first(where: { $0.device == device && ($0.input == number || $0.output == number) }) {
      return log.port(named: Self.name(device) + "/if\(interface.number)", carrying: carried.content)
    }
    if let partner = endpoints.first(where: { $0.key == key ^ 0x80 }), let port = partner.port { return port }
    // Some modems number the two ends of a port differently: the nearest one that lacks this direction.
    let others = endpoints.filter { other in
      other.key & ~0xFF == device && other.key & 0x80 != key & 0x80 && other.port != nil && other.carried == carried
        && !endpoints.contains { $0.port == other.port && $0.key & 0x80 == key & 0x80 }
    }
    let nearest = others.min { distance($0.key, key) < distance($1.key, key) }
    if let port = nearest?.port { return port }
    return log.port(named: Self.name(device) + "/ep\(number & 0x7F)", carrying: carried.content)
  }

  private func distance(_ a: UInt32, _ b: UInt32) -> Int { abs(Int(a & 0x7F) - Int(b & 0x7F)) }

  /// The port that an endpoint belongs to already.
  func known(_ usb: USBPacket) -> Port? {
    let key = Self.device(usb) | UInt32(usb.endpoint)
    return endpoints.first { $0.key == key }?.port
  }

  // MARK: Interfaces

  /// The port that requests to an interface are meant for; one port alone needs no descriptor.
  func port(ofControl number: UInt8, _ device: UInt32, _ log: inout PacketLog) -> Port? {
    if let interface = interfaces.first(where: { $0.device == device && $0.control == number }) {
      return log.port(named: Self.name(device) + "/if\(interface.number)")
    }
    guard !interfaces.contains(where: { $0.device == device }) else { return nil }
    var only: Port?
    for endpoint in endpoints where endpoint.key & ~0xFF == device {
      guard let port = endpoint.port else { continue }
      if let only, only != port { return nil }
      only = port
    }
    return only
  }

  /// Keeps an interface; a device that is enumerated anew says the same again.
  mutating func add(_ interface: Interface) {
    guard interface.input != 0 || interface.output != 0 else { return }
    if let index = interfaces.firstIndex(where: { $0.device == interface.device && $0.number == interface.number }) {
      interfaces[index] = interface
    } else if interfaces.count < Self.interfaceLimit {
      interfaces.append(interface)
    }
  }

  /// A device gets a new address: what was known under it is over.
  mutating func forget(_ device: UInt32) {
    interfaces.removeAll { $0.device == device }
    endpoints.removeAll { $0.key & ~0xFF == device }
    latest = 0
  }

  /// What the endpoints carry that are not read.
  func tell(_ log: inout PacketLog) {
    for endpoint in endpoints where endpoint.port == nil && endpoint.unread > 0 {
      let what = endpoint.carried == .positions ? "positions (NMEA)" : "neither commands nor PPP"
      let place = Self.name(endpoint.key & ~0xFF) + " endpoint 0x" + String(endpoint.key & 0xFF, radix: 16)
      log.facts.warn("\(place) carries \(what): \(endpoint.unread) transfers are not read")
    }
  }
}
