import Trace

/// Writes chunks as a capture of a serial line (link type 250), which Wireshark and tshark show with directions, times
/// and control lines: in the format of libpcap for one port, in that of Wireshark for several.
///
/// What no packet can hold is told by `losses`: remarks in the format of libpcap, times that the trace has not.
public struct SerialCaptureWriter: Sendable {
  /// Why a trace cannot be written like this.
  public enum Problem: Error, Hashable, Sendable {
    case directionUnknown
    /// The format of libpcap has no ports.
    case severalPorts
  }

  static let linkType = 250
  /// The longest piece of the line in one packet, so that every tool takes it.
  static let pieceLimit = 65_000

  private let isPcapng: Bool
  private let unit: Int64
  private var times: PacketTimes
  private var ports: [String]
  /// How many interfaces are declared.
  private var declared = 0
  private var states: [Port: UInt8] = [:]
  private var hasBegun = false
  private var first: Port?
  /// Comments that wait for the next packet, in the format of Wireshark.
  private var comments: [String] = []
  private var droppedRemarks = 0
  /// How many packets were written, in all files.
  private(set) var packets = 0

  private static let commentLimit = 16

  public init(_ facts: LogFacts, pcapng: Bool) {
    isPcapng = pcapng
    unit = PcapngBlocks.unit(facts)
    times = PacketTimes(facts)
    ports = facts.ports
  }

  /// What was lost in writing, each one clause.
  public var losses: [String] {
    var losses: [String] = []
    if times.guessed { losses.append("chunks without time have that of the one before them") }
    if droppedRemarks > 0 { losses.append("\(droppedRemarks) remarks have no place in this format") }
    return losses
  }

  /// The names of the ports, which may grow while a log is read.
  public mutating func name(ports: [String]) { self.ports = ports }

  /// The head of a file. A further one goes on where the last one ended, and declares its ports anew.
  public mutating func writeHeader(into text: inout [UInt8]) {
    declared = 0
    if isPcapng {
      text += PcapngBlocks.section
    } else {
      text += Octets.little32(unit == 1 ? 0xA1B2_3C4D : 0xA1B2_C3D4) + Octets.little16(2) + Octets.little16(4)
      text += Octets.little32(0) + Octets.little32(0) + Octets.little32(262_144)
      text += Octets.little32(UInt32(Self.linkType))
    }
  }

  public mutating func write(_ batch: ChunkBatch, into text: inout [UInt8]) throws(Problem) {
    for chunk in batch.chunks { _ = try write(chunk, of: batch, into: &text) }
  }

  /// Writes one chunk; the number of its first packet, or of the next one where it has none.
  mutating func write(_ chunk: Chunk, of batch: ChunkBatch, into text: inout [UInt8]) throws(Problem) -> Int {
    let bytes = batch.bytes[chunk.start..<(chunk.start + chunk.count)]
    switch chunk.kind {
    case .clockStep: return packets + 1
    case .remark, .malformed:
      remark(bytes)
      return packets + 1
    case .data, .control, .gap: break
    }
    if !isPcapng, let first, first != chunk.port { throw .severalPorts }
    first = first ?? chunk.port
    if chunk.kind == .data, chunk.direction == .unknown { throw .directionUnknown }
    let time = times.time(of: chunk.instant)
    begin(chunk.port, at: time, into: &text)
    let number = packets + 1
    switch chunk.kind {
    case .gap: packet(RTACLink.Event.dataLost, [], chunk, time, into: &text)
    case .control: control(bytes, chunk, time, into: &text)
    default:
      let event = chunk.direction == .hostToModem ? RTACLink.Event.sent : RTACLink.Event.received
      var rest = bytes
      while !rest.isEmpty {
        packet(event, rest.prefix(Self.pieceLimit), chunk, time, into: &text)
        rest = rest.dropFirst(Self.pieceLimit)
      }
    }
    return number
  }

  private mutating func remark(_ bytes: ArraySlice<UInt8>) {
    guard isPcapng, comments.count < Self.commentLimit else {
      droppedRemarks += 1
      return
    }
    comments.append(Printable.text(bytes))
  }

  /// The lines at rest when the trace began: a packet that carries nothing, where the first one comes later.
  private mutating func begin(_ port: Port, at time: Int64, into text: inout [UInt8]) {
    while isPcapng, declared <= Int(port.index) {
      let name = declared < ports.count ? ports[declared] : ""
      text += PcapngBlocks.interface(linkType: Self.linkType, name: name, unit: unit)
      declared += 1
    }
    guard !hasBegun else { return }
    hasBegun = true
    guard times.isStartKnown, time > times.start else { return }
    let chunk = Chunk(direction: .unknown, port: port, place: 0, start: 0, count: 0)
    packet(RTACLink.Event.status, [], chunk, times.start, into: &text)
  }

  private mutating func control(
    _ bytes: ArraySlice<UInt8>, _ chunk: Chunk, _ time: Int64, into text: inout [UInt8]
  ) {
    let change = String(decoding: bytes, as: UTF8.self)
    if change == "break=1" || change == "break" {
      return packet(RTACLink.Event.lineBreak, [], chunk, time, into: &text)
    }
    guard let line = RTACLink.lines.first(where: { change == $0.name + "=0" || change == $0.name + "=1" }) else {
      // A setting of the line has no packet of its own.
      return remark(bytes)
    }
    let before = states[chunk.port] ?? RTACLink.idle
    states[chunk.port] = change.hasSuffix("1") ? before | line.bit : before & ~line.bit
    packet(RTACLink.Event.status, [], chunk, time, into: &text)
  }

  private mutating func packet(
    _ event: UInt8, _ payload: ArraySlice<UInt8>, _ chunk: Chunk, _ time: Int64, into text: inout [UInt8]
  ) {
    packets += 1
    let seconds = UInt32(clamping: time / 1_000_000_000)
    let fraction = UInt32(truncatingIfNeeded: time % 1_000_000_000)
    var bytes = Octets.big32(seconds) + Octets.big32(fraction / 1000)
    bytes += [event, states[chunk.port] ?? RTACLink.idle, 0, 0]
    bytes += payload
    if isPcapng {
      text += PcapngBlocks.packet(
        interface: Int(chunk.port.index), clock: time / unit, bytes, chunk.direction, comments: comments)
      comments.removeAll()
      return
    }
    let count = Octets.little32(UInt32(truncatingIfNeeded: bytes.count))
    text += Octets.little32(seconds) + Octets.little32(unit == 1 ? fraction : fraction / 1000) + count + count + bytes
  }
}
