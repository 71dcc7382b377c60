import Trace

/// Where the readers of link types put what they have read.
struct PacketLog: Sendable {
  var facts: LogFacts
  var batch = ChunkBatch()
  private var clock = PacketClock()
  private var names: [String: Int] = [:]
  /// Whether any packet was handed on as bytes of a line.
  private(set) var hasData = false
  /// Packets whose port carries something else.
  var unread = 0

  /// `start`: nanoseconds from 1970 to the start of the trace; `nil`: the first packet is the start.
  init(format: String, start: Int64? = nil) {
    facts = LogFacts(format: format)
    if let start { clock.begin(start, facts: &facts) }
    facts.ports = []
    facts.resolution = .microsecond
  }

  // MARK: Ports

  /// The port with this name, made if it is new; `nil` beyond the limit.
  mutating func port(named name: String, carrying content: LineContent = .commands) -> Port? {
    if let index = names[name] { return Port(UInt16(index)) }
    guard facts.ports.count < LogFacts.portLimit else {
      facts.warn("more than \(LogFacts.portLimit) ports: what the others carry is not read")
      return nil
    }
    let index = facts.ports.count
    facts.ports.append(name)
    facts.contents.append(content)
    names[name] = index
    return Port(UInt16(index))
  }

  func name(of port: Port) -> String {
    facts.ports.indices.contains(Int(port.index)) ? facts.ports[Int(port.index)] : ""
  }

  // MARK: Time

  /// When the last packet came.
  var latest: Instant { clock.last }

  /// The trace time of a packet; a jump of the capture's clock is told at its place.
  mutating func instant(of packet: Packet) -> Instant {
    guard let time = packet.time else { return clock.last }
    let (instant, step) = clock.take(time, facts: &facts)
    switch step {
    case .none: break
    case .back: append(.clockStep, .unknown, .first, instant, packet.number, .none)
    case .ahead(let seconds): remark("the capture's clock goes \(seconds) s ahead here", at: instant, packet.number)
    }
    return instant
  }

  // MARK: Chunks

  /// Bytes that were on the line.
  @inline(__always)
  mutating func data(_ direction: Direction, _ port: Port, _ packet: Packet, _ bytes: PacketBytes) {
    guard !bytes.isEmpty else { return }
    hasData = true
    append(.data, direction, port, packet.instant, packet.number, bytes)
  }

  mutating func data(_ direction: Direction, _ port: Port, _ packet: Packet, _ bytes: [UInt8]) {
    bytes.withUnsafeBytes { data(direction, port, packet, PacketBytes($0)) }
  }

  /// The capture lacks bytes of this port here.
  mutating func gap(_ why: String, _ port: Port, _ packet: Packet) {
    note(.gap, why, port, packet.instant, packet.number)
  }

  /// The capture lacks packets, whichever port they belonged to.
  mutating func gapEverywhere(_ why: String, _ packet: Packet) {
    for index in 0..<max(1, facts.ports.count) { gap(why, Port(UInt16(index)), packet) }
  }

  /// A control line changed: `dtr=0`.
  mutating func control(_ change: String, _ port: Port, _ packet: Packet) {
    note(.control, change, port, packet.instant, packet.number)
  }

  /// Something about a packet that was never on the line.
  mutating func remark(_ text: String, _ packet: Packet) { remark(text, at: packet.instant, packet.number) }

  /// A packet that cannot be read.
  mutating func malformed(_ why: String, _ packet: Packet) {
    note(.malformed, why, .first, packet.instant, packet.number)
  }

  private mutating func remark(_ text: String, at instant: Instant, _ number: Int) {
    note(.remark, text, .first, instant, number)
  }

  private mutating func note(_ kind: Chunk.Kind, _ text: String, _ port: Port, _ instant: Instant, _ number: Int) {
    batch.append(kind, .unknown, port: port, at: instant, place: number, bytes: text.utf8)
  }

  @inline(__always)
  private mutating func append(
    _ kind: Chunk.Kind, _ direction: Direction, _ port: Port, _ instant: Instant, _ number: Int, _ bytes: PacketBytes
  ) {
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: bytes.raw)
    batch.chunks.append(
      Chunk(
        kind: kind, direction: direction, port: port, instant: instant, place: number, start: start,
        count: bytes.count))
  }
}

/// Relates the times of packets to the first one, and keeps an eye on their order.
struct PacketClock: Sendable {
  enum Step {
    case none, back
    /// By so many seconds.
    case ahead(Int64)
  }

  /// Packets of several processors may stand in a file a little out of order.
  private static let disorder: Nanoseconds = 10_000_000
  /// A pause that is longer than this is worth a remark: captures are joined, clocks are set.
  private static let pause: Nanoseconds = 3_600_000_000_000
  /// Before this a clock was never set, and its times are those since its start: the first year.
  private static let unset: Int64 = 31_536_000_000_000_000

  private var origin: Int64?
  private(set) var last = Instant.unknown

  @inline(__always)
  mutating func take(_ time: Int64, facts: inout LogFacts) -> (Instant, Step) {
    let start: Int64
    if let origin { start = origin } else { start = begin(time, facts: &facts) }
    let (difference, overflow) = time.subtractingReportingOverflow(start)
    let instant = Instant(nanoseconds: overflow || difference == .min ? .max : difference)
    let before = last
    last = instant
    guard before.isKnown, let passed = instant.since(before) else { return (instant, .none) }
    if passed < 0 {
      guard passed < -Self.disorder else {
        last = before
        return (before, .none)
      }
      return (instant, .back)
    }
    return (instant, passed > Self.pause ? .ahead(passed / 1_000_000_000) : .none)
  }

  /// Begins the trace at this time.
  @discardableResult
  mutating func begin(_ time: Int64, facts: inout LogFacts) -> Int64 {
    let start = time >= 0 && time < Self.unset ? 0 : time
    if start != 0 { facts.start = TraceClock.text(universal: start) }
    origin = start
    return start
  }
}
