import Trace

/// Hands packets to the reader of their interface's link type, through the filter where there is one.
struct PacketDesk: Sendable {
  private struct Interface: Sendable {
    var link: any PacketLink
    var filter: PacketFilter?
  }

  /// How many interfaces of one section are kept; the packets of others are not read.
  static let interfaceLimit = 256

  var log: PacketLog
  private let options: CaptureOptions
  /// `nil` where the link type is none that is read.
  private var interfaces: [Interface?] = []
  /// Which of them are read, and whether any has a filter: asked for each packet, without touching what they hold.
  private var isRead: [Bool] = []
  private var hasFilter = false
  private var packets = 0
  /// Packets of interfaces that are not read.
  private var skipped = 0
  private var strange: String?

  /// `start`: nanoseconds from 1970 to the start of the trace; `nil`: the first packet is the start.
  init(format: String, options: CaptureOptions, start: Int64? = nil) {
    log = PacketLog(format: format, start: start)
    self.options = options
  }

  /// An interface, in the order in which a capture declares them. `big`: the capture's own order of bytes.
  mutating func addInterface(linkType: Int, big: Bool, name: String = "") {
    guard interfaces.count < Self.interfaceLimit else { return }
    guard let link = LinkTypes.link(linkType, big: big, name: name, options: options) else {
      strange = LinkTypes.refusal(linkType)
      isRead.append(false)
      return interfaces.append(nil)
    }
    var filter: PacketFilter?
    if let text = options.filter {
      switch PacketFilter.make(text, linkType: linkType) {
      case .success(let made): filter = made
      case .failure(let problem): log.facts.refusal = "the filter does not fit this capture: \(problem.message)"
      }
    }
    hasFilter = hasFilter || filter != nil
    isRead.append(true)
    interfaces.append(Interface(link: link, filter: filter))
  }

  /// A new section: its interfaces are its own.
  mutating func beginSection() {
    finishInterfaces()
    interfaces.removeAll()
    isRead.removeAll()
  }

  var hasInterfaces: Bool { !interfaces.isEmpty }

  /// The number of the next packet.
  mutating func nextNumber() -> Int {
    packets += 1
    return packets
  }

  /// The capture is damaged: packets may be missing.
  mutating func lose(_ why: String) {
    let place = Packet(number: packets, original: 0, instant: log.latest)
    log.malformed("\(why): the capture is damaged, packets may be missing", place)
    log.gapEverywhere("damaged capture", place)
  }

  /// Packets of a line that goes on did not come: `time` in nanoseconds from 1970.
  mutating func lack(_ why: String, at time: Int64) { log.gapEverywhere(why, place(at: time)) }

  /// Something about the interface itself.
  mutating func remark(_ text: String, at time: Int64) { log.remark(text, place(at: time)) }

  private mutating func place(at time: Int64) -> Packet {
    var place = Packet(number: packets, time: time, original: 0)
    place.instant = log.instant(of: place)
    return place
  }

  @inline(__always)
  mutating func take(_ packet: Packet, interface index: Int, _ bytes: PacketBytes, comments: [[UInt8]] = []) {
    guard index >= 0, index < isRead.count, isRead[index] else {
      skipped += 1
      return
    }
    var packet = packet
    if hasFilter, let filter = interfaces[index]?.filter, !filter.passes(packet, bytes) { return }
    packet.instant = log.instant(of: packet)
    for comment in comments { log.remark(String(decoding: comment, as: UTF8.self), packet) }
    interfaces[index]?.link.take(packet, bytes, into: &log)
  }

  /// The end: what cannot be read at all is refused, what was left out is told.
  mutating func finish() {
    finishInterfaces()
    if let strange {
      if packets > 0, skipped == packets {
        log.facts.refusal = strange
      } else {
        log.facts.warn("\(skipped) packets are not read: \(strange)")
      }
    }
    if packets == 0 { return log.facts.warn("the capture holds no packets") }
    if !log.hasData, log.facts.refusal == nil {
      log.facts.warn("none of the \(packets) packets carries bytes of a serial line, as far as can be seen")
    }
  }

  private mutating func finishInterfaces() {
    for index in interfaces.indices { interfaces[index]?.link.finish(into: &log) }
  }

  /// A classic capture has one link type only: without its reader there is nothing to do.
  mutating func refuseUnlessReadable() {
    if let strange { log.facts.refusal = strange }
  }
}
