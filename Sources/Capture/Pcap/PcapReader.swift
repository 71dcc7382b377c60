import Trace

/// Reads a capture in the format of libpcap.
public struct PcapReader: LogReader {
  /// The longest packet that is believed, as libpcap has it for USB.
  static let packetLimit = 1 << 20
  private static let recordHead = 16

  private var desk: PacketDesk
  private var buffer = PacketBuffer()
  private var header: PcapHeader?
  /// A record that cannot be was met: a place is looked for at which records go on.
  private var isLost = false
  private var lastSeconds: UInt32?
  /// Where in the file the bytes that are looked at begin.
  private var base = 0

  public init(_ options: CaptureOptions = CaptureOptions()) {
    desk = PacketDesk(format: PcapFormat.name, options: options)
  }

  public var facts: LogFacts { desk.log.facts }

  public mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    guard desk.log.facts.refusal == nil else { return }
    swap(&desk.log.batch, &batch)
    var buffer = PacketBuffer()
    swap(&buffer, &self.buffer)
    buffer.feed(block) {
      let used = take($0, isLast: false)
      base &+= used
      return used
    }
    swap(&buffer, &self.buffer)
    swap(&desk.log.batch, &batch)
  }

  public mutating func finish(into batch: inout ChunkBatch) {
    guard desk.log.facts.refusal == nil else { return }
    swap(&desk.log.batch, &batch)
    var buffer = PacketBuffer()
    swap(&buffer, &self.buffer)
    let rest = buffer.finish { take($0, isLast: true) }
    if header == nil {
      desk.log.facts.refusal = "the head of the capture is cut; fetch the file again"
    } else {
      if rest > 0 { desk.log.facts.warn("the capture ends within a packet: its last \(rest) bytes are not read") }
      desk.finish()
    }
    swap(&desk.log.batch, &batch)
  }

  private mutating func take(_ bytes: PacketBytes, isLast: Bool) -> Int {
    var at = 0
    if header == nil {
      guard bytes.count >= PcapHeader.length else { return 0 }
      guard let found = PcapHeader(bytes) else {
        desk.log.facts.refusal = "this is no pcap capture; leave --input-format out"
        return bytes.count
      }
      header = found
      if found.unit == 1 { desk.log.facts.resolution = Resolution(step: 1) }
      desk.addInterface(linkType: found.linkType, big: found.isBig)
      desk.refuseUnlessReadable()
      at = PcapHeader.length
    }
    guard let header, desk.log.facts.refusal == nil else { return bytes.count }
    let head = Self.recordHead + header.extra
    while bytes.count - at >= head {
      if isLost {
        guard let next = resume(bytes, from: at, header, isLast) else {
          // Nothing up to here begins a record.
          return searched(bytes, from: at, isLast)
        }
        at = next
        isLost = false
      }
      guard let captured = plausible(bytes, at, header, last: nil) else {
        desk.lose("byte \(base &+ at) begins no record that can be")
        isLost = true
        at += 1
        continue
      }
      guard bytes.count - at - head >= captured else { break }
      deliver(bytes, at, captured, header)
      at += head + captured
    }
    return at
  }

  @inline(__always)
  private mutating func deliver(_ bytes: PacketBytes, _ at: Int, _ captured: Int, _ header: PcapHeader) {
    let seconds = bytes.number32(at, big: header.isBig)
    let fraction = bytes.number32(at + 4, big: header.isBig)
    lastSeconds = seconds
    let packet = Packet(
      number: desk.nextNumber(), time: Int64(seconds) * 1_000_000_000 + Int64(fraction) * header.unit,
      original: max(captured, Int(bytes.number32(at + 12, big: header.isBig))))
    desk.take(packet, interface: 0, bytes.piece(at + Self.recordHead + header.extra, captured))
  }

  // MARK: Damage

  /// The length of the packet whose record begins here, if it may be one.
  @inline(__always)
  private func plausible(_ bytes: PacketBytes, _ at: Int, _ header: PcapHeader, last: UInt32?) -> Int? {
    let captured = Int(bytes.number32(at + 8, big: header.isBig))
    guard captured <= Self.packetLimit else { return nil }
    guard let last else { return captured }
    // Stricter where a record is looked for: near in time, and not longer than it was.
    let seconds = Int64(bytes.number32(at, big: header.isBig))
    let fraction = Int64(bytes.number32(at + 4, big: header.isBig))
    let original = Int(bytes.number32(at + 12, big: header.isBig))
    guard abs(seconds - Int64(last)) <= 86_400, fraction * header.unit < 1_000_000_000, captured > 0,
      original >= captured, original <= Self.packetLimit
    else { return nil }
    return captured
  }

  /// The next place at which two records follow each other, or one that ends the file; `nil` where more is needed.
  private func resume(_ bytes: PacketBytes, from at: Int, _ header: PcapHeader, _ isLast: Bool) -> Int? {
    let head = Self.recordHead + header.extra
    var candidate = at
    while bytes.count - candidate >= head {
      if let captured = plausible(
        bytes, candidate, header, last: lastSeconds ?? bytes.number32(candidate, big: header.isBig))
      {
        let next = candidate + head + captured
        if bytes.count >= next + head {
          if plausible(bytes, next, header, last: lastSeconds ?? bytes.number32(next, big: header.isBig)) != nil {
            return candidate
          }
        } else if !isLast {
          return nil
        } else if bytes.count == next {
          return candidate
        }
      }
      candidate += 1
    }
    return nil
  }

  /// How far the search has come for good: up to the first place that needs more bytes.
  private func searched(_ bytes: PacketBytes, from at: Int, _ isLast: Bool) -> Int {
    guard let header, !isLast else { return bytes.count }
    let head = Self.recordHead + header.extra
    var candidate = at
    while bytes.count - candidate >= head {
      if let captured = plausible(
        bytes, candidate, header, last: lastSeconds ?? bytes.number32(candidate, big: header.isBig)),
        bytes.count < candidate + 2 * head + captured
      {
        return candidate
      }
      candidate += 1
    }
    return candidate
  }
}
