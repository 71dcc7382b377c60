import Trace

/// What passes between an application and a serial server, as the serial line has it: where the two negotiate telnet
/// (RFC 2217), commands and escapes are taken out, and what they say of the port is told as events.
///
/// It looks on: the bytes that are passed on are not touched.
struct TelnetTap {
  private var host = TelnetSide()
  private var modem = TelnetSide()
  private var lines = TelnetLines()
  /// A negotiation was seen: FF has a meaning.
  private var isTelnet = false
  private var log = PacketLog(format: LineSource.format)
  private let port: Port
  /// Bytes without telnet, on their way to the log.
  private var plain: [UInt8] = []

  init(server: String) { port = log.port(named: server) ?? .first }

  /// A connection begins: what was negotiated on the one before it is over.
  mutating func restart() {
    host = TelnetSide()
    modem = TelnetSide()
    lines = TelnetLines()
    isTelnet = false
  }

  mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>, _ direction: Direction, at instant: Instant, into queue: LiveQueue
  ) {
    let piece = PacketBytes(UnsafeRawBufferPointer(bytes))
    if !isTelnet { isTelnet = TelnetSide.isNegotiation(piece) }
    guard isTelnet else { return queue.offer(.data, direction, at: instant, bytes) }
    let isHost = direction == .hostToModem
    let packet = Packet(number: 0, original: bytes.count, instant: instant)
    var notices: [TelnetSide.Notice] = []
    plain.removeAll(keepingCapacity: true)
    if isHost { host.take(piece, &plain, &notices) } else { modem.take(piece, &plain, &notices) }
    for notice in notices where notice.option == TelnetSide.comPort {
      lines.take(notice.content, isHost: isHost, port, packet, &log)
    }
    log.data(direction, port, packet, plain)
    queue.offer(log.batch, waiting: false)
    log.batch.removeAll()
  }
}
