import Trace

/// The TCP connections of a capture, each with its two streams put in order.
struct Connections: Sendable {
  /// How many connections are kept at one time; the one that was silent longest makes room.
  static let limit = 128

  private var open: [StreamConnection] = []
  private var latest = 0

  mutating func take(_ segment: Segment, _ packet: Packet, _ log: inout PacketLog) {
    var index = latest
    if index >= open.count || !open[index].holds(segment) {
      guard let found = open.firstIndex(where: { $0.holds(segment) }) ?? add(segment, &log) else { return }
      index = found
      latest = found
    }
    open[index].take(segment, packet, &log)
  }

  /// `nil` for a segment that begins nothing.
  private mutating func add(_ segment: Segment, _ log: inout PacketLog) -> Int? {
    guard segment.has(Segment.Flag.syn) || !segment.payload.isEmpty else { return nil }
    let made = StreamConnection(segment)
    guard open.count >= Self.limit else {
      open.append(made)
      return open.count - 1
    }
    guard let oldest = open.indices.min(by: { open[$0].lastSeen < open[$1].lastSeen }) else { return nil }
    open[oldest].finish(&log)
    open[oldest] = made
    return oldest
  }

  mutating func finish(_ log: inout PacketLog) {
    for index in open.indices { open[index].finish(&log) }
    let strangers = open.count { !$0.isRead && $0.hasData }
    if strangers > 0 { log.facts.warn("\(strangers) TCP connections carry no commands and are not read") }
  }
}

/// One connection to a serial server: the server is the side of the modem.
struct StreamConnection: Sendable {
  private let server: Endpoint
  private let client: Endpoint
  private var fromClient = TCPStream()
  private var fromServer = TCPStream()
  private var hostSide = TelnetSide()
  private var modemSide = TelnetSide()
  /// A negotiation was seen: FF has a meaning.
  private var isTelnet = false
  private var port: Port?
  /// Data of the host that are no commands: the connection is of another kind.
  private var strangeness = 0
  private var lines = TelnetLines()
  /// Bytes without telnet, on their way to the log.
  private var scratch: [UInt8] = []
  private(set) var lastSeen = 0
  private(set) var hasData = false

  private static let strangenessLimit = 4

  var isRead: Bool { port != nil }

  init(_ segment: Segment) {
    let isAnswer = segment.has(Segment.Flag.syn) && segment.has(Segment.Flag.acknowledge)
    let isRequest = segment.has(Segment.Flag.syn) && !isAnswer
    // Without a beginning: servers have low numbers, clients have what was free.
    let targetServes = isRequest || !isAnswer && segment.target.port <= segment.source.port
    server = targetServes ? segment.target : segment.source
    client = targetServes ? segment.source : segment.target
  }

  func holds(_ segment: Segment) -> Bool {
    segment.source == client && segment.target == server || segment.source == server && segment.target == client
  }

  mutating func take(_ segment: Segment, _ packet: Packet, _ log: inout PacketLog) {
    lastSeen = packet.number
    let isHost = segment.source == client
    if segment.has(Segment.Flag.syn) {
      if isHost, !segment.has(Segment.Flag.acknowledge) {
        hostSide = TelnetSide()
        modemSide = TelnetSide()
        isTelnet = false
      }
      if isHost { fromClient = TCPStream() } else { fromServer = TCPStream() }
    }
    hasData = hasData || !segment.payload.isEmpty
    var ready: [TCPStream.Piece] = []
    // What is acknowledged has arrived: where it is not here, the capture missed it.
    if segment.has(Segment.Flag.acknowledge), !segment.has(Segment.Flag.syn) {
      if isHost {
        fromServer.acknowledged(segment.acknowledged, &ready)
      } else {
        fromClient.acknowledged(segment.acknowledged, &ready)
      }
      for piece in ready { take(piece, isHost: !isHost, packet, &log) }
      ready.removeAll(keepingCapacity: true)
    }
    let inOrder =
      isHost ? fromClient.take(segment, packet.number, &ready) : fromServer.take(segment, packet.number, &ready)
    if let inOrder { data(inOrder, isHost: isHost, packet, &log) }
    if segment.cut > 0, let port {
      log.gap("the capture lacks \(segment.cut) bytes of this segment", port, packet)
      log.facts.warn("packets are cut; capture with a larger snap length (-s 0)")
    }
    for piece in ready { take(piece, isHost: isHost, packet, &log) }
  }

  /// A piece that waited for what stands before it. It counts from now on, at its own place.
  private mutating func take(_ piece: TCPStream.Piece, isHost: Bool, _ packet: Packet, _ log: inout PacketLog) {
    var packet = packet
    packet.number = piece.number
    if piece.missing > 0, let port {
      log.gap("\(piece.missing) bytes from the \(isHost ? "host" : "modem") are missing in the capture", port, packet)
    }
    piece.bytes.withUnsafeBytes { data(PacketBytes($0), isHost: isHost, packet, &log) }
  }

  private mutating func data(_ bytes: PacketBytes, isHost: Bool, _ packet: Packet, _ log: inout PacketLog) {
    guard !bytes.isEmpty else { return }
    if !isTelnet { isTelnet = TelnetSide.isNegotiation(bytes) }
    guard isTelnet else { return line(bytes, isHost: isHost, packet, &log) }
    var plain: [UInt8] = []
    swap(&plain, &scratch)
    plain.removeAll(keepingCapacity: true)
    defer { swap(&plain, &scratch) }
    var notices: [TelnetSide.Notice] = []
    if isHost { hostSide.take(bytes, &plain, &notices) } else { modemSide.take(bytes, &plain, &notices) }
    for notice in notices {
      guard notice.option == TelnetSide.comPort else { continue }
      // Who negotiates the settings of a port serves one.
      if port == nil { port = log.port(named: server.text) }
      if let port { lines.take(notice.content, isHost: isHost, port, packet, &log) }
    }
    plain.withUnsafeBytes { line(PacketBytes($0), isHost: isHost, packet, &log) }
  }

  /// Bytes of the serial line, if it is one.
  private mutating func line(_ bytes: PacketBytes, isHost: Bool, _ packet: Packet, _ log: inout PacketLog) {
    let direction: Direction = isHost ? .hostToModem : .modemToHost
    if port == nil {
      guard strangeness < Self.strangenessLimit, let carried = Carried.judge(bytes, direction) else { return }
      switch carried {
      case .commands where isHost || strangeness == 0, .frames:
        port = log.port(named: server.text, carrying: carried.content)
      default: if isHost { strangeness += 1 }
      }
    }
    guard let port else { return }
    log.data(direction, port, packet, bytes)
  }

  mutating func finish(_ log: inout PacketLog) {
    for isHost in [true, false] {
      var ready: [TCPStream.Piece] = []
      if isHost { fromClient.release(&ready) } else { fromServer.release(&ready) }
      let last = Packet(number: lastSeen, original: 0, instant: log.latest)
      for piece in ready { take(piece, isHost: isHost, last, &log) }
    }
  }
}
