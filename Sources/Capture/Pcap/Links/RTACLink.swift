import Trace

/// Serial lines as loggers of control equipment write them (link type 250): 12 bytes of head, then the line's bytes.
///
/// The head: seconds and microseconds (big-endian), the event, the state of the control lines, two reserved bytes.
struct RTACLink: PacketLink {
  static let head = 12

  enum Event {
    static let status: UInt8 = 0
    static let sent: UInt8 = 1
    static let received: UInt8 = 2
    static let sentEnd: UInt8 = 3
    static let receivedEnd: UInt8 = 4
    static let dataLost: UInt8 = 5
    static let complete: UInt8 = 6
    static let framingError: UInt8 = 7
    static let parityError: UInt8 = 8
    static let lineBreak: UInt8 = 9
    static let overflow: UInt8 = 10
  }

  /// The control lines and their bits, as `.trace` names them.
  static let lines: [(name: String, bit: UInt8)] = [
    ("cts", 1), ("dcd", 2), ("dsr", 4), ("rts", 8), ("dtr", 16), ("ri", 32),
  ]
  /// A line at rest with both ends there.
  static let idle: UInt8 = 1 | 4 | 8 | 16

  let name: String
  private var state: UInt8?

  init(name: String) { self.name = name }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    guard let port = log.port(named: name) else { return }
    guard bytes.count >= Self.head else { return log.malformed("a packet shorter than its head", packet) }
    let event = bytes[8]
    follow(bytes[9], isChange: event == Event.status, port, packet, &log)
    switch event {
    case Event.dataLost: log.gap("the logger lost bytes", port, packet)
    case Event.overflow: log.gap("the logger's buffer overflowed", port, packet)
    case Event.framingError: log.gap("framing error", port, packet)
    case Event.parityError: log.gap("parity error", port, packet)
    case Event.lineBreak: log.control("break=1", port, packet)
    default: break
    }
    let payload = bytes.from(Self.head)
    switch event {
    case Event.sent, Event.sentEnd: log.data(.hostToModem, port, packet, payload)
    case Event.received, Event.receivedEnd: log.data(.modemToHost, port, packet, payload)
    default:
      if !payload.isEmpty { log.data(.unknown, port, packet, payload) }
    }
    log.noteCut(port, packet, bytes.count)
  }

  /// The state of the lines stands in every packet; only where it differs something happened.
  private mutating func follow(
    _ now: UInt8, isChange: Bool, _ port: Port, _ packet: Packet, _ log: inout PacketLog
  ) {
    let before = state ?? (isChange ? Self.idle : now)
    state = now
    guard before != now else { return }
    for line in Self.lines where (before ^ now) & line.bit != 0 {
      log.control("\(line.name)=\(now & line.bit == 0 ? 0 : 1)", port, packet)
    }
  }
}
