import Trace

/// The blocks of a capture in the format of Wireshark, little-endian.
enum PcapngBlocks {
  /// How many nanoseconds a unit of the clock stands for: as fine as the source, so that reading gives its resolution.
  static func unit(_ facts: LogFacts) -> Int64 {
    facts.resolution.hasTime && facts.resolution.step < 1000 ? 1 : 1000
  }

  /// The head of a file.
  static let section: [UInt8] = block(
    PcapngBlock.section,
    Octets.little32(0x1A2B_3C4D) + Octets.little16(1) + Octets.little16(0) + [UInt8](repeating: 0xFF, count: 8))

  static func interface(linkType: Int, name: String, unit: Int64) -> [UInt8] {
    var options = option(PcapngBlock.Option.resolution, [unit == 1 ? 9 : 6])
    if !name.isEmpty { options += option(PcapngBlock.Option.name, Array(name.utf8.prefix(256))) }
    options += option(PcapngBlock.Option.end, [])
    return block(PcapngBlock.interface, Octets.little16(linkType) + Octets.little16(0) + Octets.little32(0) + options)
  }

  static func packet(
    interface: Int, clock time: Int64, _ bytes: [UInt8], _ direction: Direction, comments: [String] = []
  ) -> [UInt8] {
    let clock = UInt64(clamping: time)
    var body = Octets.little32(UInt32(truncatingIfNeeded: interface))
    body +=
      Octets.little32(UInt32(truncatingIfNeeded: clock >> 32)) + Octets.little32(UInt32(truncatingIfNeeded: clock))
    let count = Octets.little32(UInt32(truncatingIfNeeded: bytes.count))
    body += count + count + bytes + padding(bytes.count)
    for comment in comments { body += option(PcapngBlock.Option.comment, Array(comment.utf8.prefix(4096))) }
    let flags: UInt32? =
      switch direction {
      case .modemToHost: 1
      case .hostToModem: 2
      case .unknown: nil
      }
    if let flags { body += option(PcapngBlock.Option.flags, Octets.little32(flags)) }
    if flags != nil || !comments.isEmpty { body += option(PcapngBlock.Option.end, []) }
    return block(PcapngBlock.packet, body)
  }

  private static func block(_ kind: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = Octets.little32(UInt32(truncatingIfNeeded: body.count + PcapngBlock.frame))
    return Octets.little32(kind) + length + body + length
  }

  private static func option(_ code: Int, _ value: [UInt8]) -> [UInt8] {
    Octets.little16(code) + Octets.little16(value.count) + value + padding(value.count)
  }

  private static func padding(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: (4 - count & 3) & 3) }
}

/// Turns trace time into the time of packets.
struct PacketTimes: Sendable {
  /// Nanoseconds from 1970 to the start of the trace; a trace that does not tell begins with 1970.
  let start: Int64
  let isStartKnown: Bool
  private var last: Int64
  /// A chunk without time was given that of the one before it.
  private(set) var guessed = false

  init(_ facts: LogFacts) {
    let stamp = facts.start.flatMap { text in Array(text.utf8).withUnsafeBufferPointer { TraceTime.parseISO($0) } }
    start = stamp?.nanoseconds ?? 0
    isStartKnown = stamp != nil
    last = start
  }

  mutating func time(of instant: Instant) -> Int64 {
    guard instant.isKnown else {
      guessed = true
      return last
    }
    let (time, overflow) = start.addingReportingOverflow(instant.nanoseconds)
    last = overflow ? last : max(0, time)
    return last
  }
}
