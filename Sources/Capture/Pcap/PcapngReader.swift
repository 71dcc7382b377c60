import Trace

/// Reads a capture in the format of Wireshark: sections, interfaces, packets with their options.
public struct PcapngReader: LogReader {
  /// The longest block that is believed; longer ones are skipped.
  static let blockLimit = PcapReader.packetLimit + 65_536
  /// The longest comment that is kept.
  private static let commentLimit = 1024

  private struct Interface: Sendable {
    /// How many units of its clock make a second, and where its zero is.
    var unitsPerSecond: UInt64 = 1_000_000
    var offset: Int64 = 0
    var snapLength = 0
  }

  private var desk: PacketDesk
  private var buffer = PacketBuffer()
  private var interfaces: [Interface] = []
  private var isBig = false
  private var isInSection = false
  /// Bytes of a block that is too long, still to be skipped.
  private var toSkip = 0
  private var isBroken = false
  private var base = 0

  public init(_ options: CaptureOptions = CaptureOptions()) {
    desk = PacketDesk(format: PcapngFormat.name, options: options)
  }

  public var facts: LogFacts { desk.log.facts }

  public mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    guard desk.log.facts.refusal == nil, !isBroken else { return }
    swap(&desk.log.batch, &batch)
    var buffer = PacketBuffer()
    swap(&buffer, &self.buffer)
    buffer.feed(block) {
      let used = take($0)
      base &+= used
      return used
    }
    swap(&buffer, &self.buffer)
    swap(&desk.log.batch, &batch)
  }

  public mutating func finish(into batch: inout ChunkBatch) {
    guard desk.log.facts.refusal == nil else { return }
    swap(&desk.log.batch, &batch)
    let rest = buffer.finish { _ in 0 }
    if !isInSection {
      desk.log.facts.refusal = "the head of the capture is cut; fetch the file again"
    } else {
      if rest > 0, !isBroken {
        desk.log.facts.warn("the capture ends within a block: its last \(rest) bytes are not read")
      }
      desk.finish()
    }
    swap(&desk.log.batch, &batch)
  }

  private mutating func take(_ bytes: PacketBytes) -> Int {
    var at = 0
    while desk.log.facts.refusal == nil, !isBroken {
      if toSkip > 0 {
        let step = min(toSkip, bytes.count - at)
        toSkip -= step
        at += step
        guard toSkip == 0 else { return at }
      }
      guard bytes.count - at >= PcapngBlock.frame else { return at }
      if bytes.number32(at, big: false) == PcapngBlock.section {
        guard let order = PcapngBlock.order(of: bytes.from(at)) else {
          guard isInSection else {
            desk.log.facts.refusal = "this is no pcapng capture; leave --input-format out"
            return bytes.count
          }
          breakOff(at)
          return bytes.count
        }
        isBig = order
      } else if !isInSection {
        desk.log.facts.refusal = "this is no pcapng capture; leave --input-format out"
        return bytes.count
      }
      let kind = bytes.number32(at, big: isBig)
      let length = Int(bytes.number32(at + 4, big: isBig))
      guard length >= PcapngBlock.frame, length & 3 == 0 else {
        breakOff(at)
        return bytes.count
      }
      guard length <= Self.blockLimit else {
        desk.lose("the block at byte \(base &+ at) has \(length) bytes, more than are read")
        toSkip = length
        continue
      }
      guard bytes.count - at >= length else { return at }
      guard Int(bytes.number32(at + length - 4, big: isBig)) == length else {
        breakOff(at)
        return bytes.count
      }
      take(kind, bytes.piece(at + 8, length - PcapngBlock.frame))
      at += length
    }
    return bytes.count
  }

  /// Blocks have no mark to find them by: behind a broken one nothing is sure.
  private mutating func breakOff(_ at: Int) {
    isBroken = true
    desk.lose("the block at byte \(base &+ at) is broken, and what follows is not read")
    desk.log.facts.warn("the capture is damaged at byte \(base &+ at); what follows is not read")
  }

  // MARK: Blocks

  @inline(__always)
  private mutating func take(_ kind: UInt32, _ body: PacketBytes) {
    switch kind {
    case PcapngBlock.packet: packet(body, interface: Int(body.number32(0, big: isBig)))
    case PcapngBlock.oldPacket: packet(body, interface: body.number16(0, big: isBig))
    case PcapngBlock.simplePacket: simplePacket(body)
    case PcapngBlock.interface: interface(body)
    case PcapngBlock.section:
      isInSection = true
      interfaces.removeAll()
      desk.beginSection()
    case PcapngBlock.statistics: statistics(body)
    default: break
    }
  }

  private mutating func interface(_ body: PacketBytes) {
    guard body.count >= 8, interfaces.count < PacketDesk.interfaceLimit else { return }
    var made = Interface()
    made.snapLength = Int(body.number32(4, big: isBig))
    var name = ""
    PcapngBlock.options(body.from(8), big: isBig) { code, value in
      switch code {
      case PcapngBlock.Option.name: name = Printable.text(Array(value), limit: 64)
      case PcapngBlock.Option.resolution: made.unitsPerSecond = Self.units(value[0])
      case PcapngBlock.Option.offset:
        if value.count >= 8 { made.offset = Int64(bitPattern: value.number64(0, big: isBig)) }
      default: break
      }
    }
    interfaces.append(made)
    if made.unitsPerSecond > 1_000_000, desk.log.facts.resolution.step > 1 {
      desk.log.facts.resolution = Resolution(step: max(1, Int64(1_000_000_000 / made.unitsPerSecond)))
    }
    desk.addInterface(linkType: body.number16(0, big: isBig), big: isBig, name: name)
  }

  /// A power of ten, or of two where the upper bit is set; those that no 64 bit clock has count as microseconds.
  private static func units(_ code: UInt8) -> UInt64 {
    let power = Int(code & 0x7F)
    if code & 0x80 != 0 { return power < 64 ? 1 << UInt64(power) : 1_000_000 }
    guard power <= 19 else { return 1_000_000 }
    return (0..<power).reduce(UInt64(1)) { value, _ in value * 10 }
  }

  @inline(__always)
  private mutating func packet(_ body: PacketBytes, interface index: Int) {
    let number = desk.nextNumber()
    guard body.count >= 20, interfaces.indices.contains(index) else { return unknownInterface(number) }
    let captured = Int(body.number32(12, big: isBig))
    guard captured <= body.count - 20 else {
      return desk.lose("packet \(number) is longer than its block")
    }
    let clock = UInt64(body.number32(4, big: isBig)) << 32 | UInt64(body.number32(8, big: isBig))
    var packet = Packet(
      number: number, time: Self.time(clock, interfaces[index]),
      original: max(captured, Int(body.number32(16, big: isBig))))
    let options = body.from(20 + (captured + 3) & ~3)
    let bytes = body.piece(20, captured)
    guard options.count >= 4 else { return desk.take(packet, interface: index, bytes) }
    var comments: [[UInt8]] = []
    var dropped: UInt64 = 0
    PcapngBlock.options(options, big: isBig) { code, value in
      switch code {
      case PcapngBlock.Option.comment: comments.append(Array(value.piece(0, Self.commentLimit)))
      case PcapngBlock.Option.flags: packet.direction = Self.direction(value.number32(0, big: isBig))
      case PcapngBlock.Option.dropped: dropped = value.number64(0, big: isBig)
      default: break
      }
    }
    if dropped > 0 { drop(dropped, packet) }
    desk.take(packet, interface: index, bytes, comments: comments)
  }

  private mutating func unknownInterface(_ number: Int) {
    desk.lose("packet \(number) is of an interface that the capture does not declare")
  }

  private mutating func simplePacket(_ body: PacketBytes) {
    let number = desk.nextNumber()
    guard let first = interfaces.first, body.count >= 4 else { return unknownInterface(number) }
    let original = Int(body.number32(0, big: isBig))
    let most = first.snapLength > 0 ? min(first.snapLength, original) : original
    let captured = min(most, body.count - 4)
    desk.take(Packet(number: number, original: original), interface: 0, body.piece(4, captured))
  }

  private mutating func drop(_ count: UInt64, _ packet: Packet) {
    var packet = packet
    packet.instant = desk.log.latest
    desk.log.gapEverywhere("\(count) packets were dropped before this one", packet)
  }

  private mutating func statistics(_ body: PacketBytes) {
    PcapngBlock.options(body.from(12), big: isBig) { code, value in
      guard code == PcapngBlock.Option.interfaceDropped, value.count >= 8 else { return }
      let count = value.number64(0, big: isBig)
      if count > 0 { desk.log.facts.warn("the capturing machine dropped \(count) packets; it does not say where") }
    }
  }

  /// Bits 0 and 1: 1 inbound, 2 outbound. The machine that captures is the host.
  private static func direction(_ flags: UInt32) -> Direction {
    switch flags & 3 {
    case 1: .modemToHost
    case 2: .hostToModem
    default: .unknown
    }
  }

  @inline(__always)
  private static func time(_ clock: UInt64, _ interface: Interface) -> Int64 {
    let (seconds, rest) = clock.quotientAndRemainder(dividingBy: interface.unitsPerSecond)
    let (fine, _) = interface.unitsPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000))
    let (whole, overflow) = Int64(clamping: seconds).addingReportingOverflow(interface.offset)
    guard !overflow, whole.magnitude < 9_000_000_000 else { return .max }
    return whole * 1_000_000_000 + Int64(clamping: fine)
  }
}
