import Glibc
import Synchronization
import Trace

/// Packets of an interface, read by the same readers as captures in files.
public final class InterfaceSource: LiveSource, @unchecked Sendable {
  public let name: String
  public let canWait = false
  public let numbersItsLines = false
  public let findsPorts = true
  public let announcements: [String]
  private let filter: String?
  private let clock: LiveClock
  private let known: Mutex<LogFacts>
  // Touched by the thread that runs the source only, once it is made.
  private var interface: PacketInterface?
  private var desk: PacketDesk
  private let linkType: Int

  /// How often the kernel is asked what it dropped, and an interface that is gone is looked for.
  private static let interval: Nanoseconds = 250_000_000
  /// How many packets are handed on at a time.
  private static let portion = 512
  /// How many are still taken when the line is to end.
  private static let lastPortions = 64

  public init(
    _ name: String, options: CaptureOptions, baud: Int?, clock: LiveClock
  ) throws(CaptureError) {
    let opened = try PacketInterface(name, filter: options.filter)
    self.name = name
    self.clock = clock
    filter = options.filter
    interface = opened
    linkType = opened.linkType
    // The kernel filters already.
    desk = PacketDesk(
      format: LineSource.format, options: CaptureOptions(userLink: options.userLink), start: clock.universalStart)
    desk.log.facts.baud = baud
    desk.addInterface(linkType: opened.linkType, big: Int(1).bigEndian == 1)
    desk.refuseUnlessReadable()
    if let refusal = desk.log.facts.refusal { throw CaptureError(name, refusal) }
    known = Mutex(desk.log.facts)
    announcements = ["capturing \(Printable.text(name))" + (filter.map { " (\(Printable.text($0)))" } ?? "")]
  }

  public var facts: LogFacts { known.withLock { $0 } }

  /// The kernel stamps packets before they can be taken: the time at which there were none any more counts.
  public var settled: Instant { quiet.withLock { $0 } }
  private let quiet = Mutex(Instant.unknown)
  private static let passage: Nanoseconds = 250_000_000

  public func run(into queue: LiveQueue, until stop: StopSignal) throws(CaptureError) {
    var nextLook: Nanoseconds = 0
    while true {
      var polls = [
        pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: interface?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&polls, 2, Int32(InterfaceSource.interval / 1_000_000))
      if polls[0].revents != 0 { break }
      let now = clock.universalNow &- clock.universalStart
      if !drain(into: queue), interface != nil {
        quiet.withLock { $0 = Instant(nanoseconds: now).advanced(by: -InterfaceSource.passage) }
      }
      guard LiveClock.monotonic() >= nextLook else { continue }
      nextLook = LiveClock.monotonic() &+ InterfaceSource.interval
      try look()
      hand(to: queue)
    }
    // What the kernel holds already was on the line before the end.
    for _ in 0..<InterfaceSource.lastPortions where drain(into: queue) {}
    noteDrops()
    desk.finish()
    hand(to: queue)
  }

  /// Takes the packets that are there; whether there may be more.
  private func drain(into queue: LiveQueue) -> Bool {
    guard let interface else { return false }
    var reason: String?
    var count = 0
    reading: while count < InterfaceSource.portion {
      let outcome = interface.next { time, original, bytes in
        let packet = Packet(number: desk.nextNumber(), time: time, original: original)
        desk.take(packet, interface: 0, bytes)
      }
      switch outcome {
      case .packet: count += 1
      case .idle: break reading
      case .gone(let why):
        reason = why
        break reading
      }
    }
    if let reason {
      noteDrops()
      desk.lack("the interface is gone (\(reason))", at: clock.universalNow)
      self.interface = nil
    }
    hand(to: queue)
    return count == InterfaceSource.portion
  }

  private func look() throws(CaptureError) {
    guard interface == nil else { return noteDrops() }
    guard let opened = try? PacketInterface(name, filter: filter) else { return }
    guard opened.linkType == linkType else {
      throw CaptureError(name, "it came back as another kind of interface; start again")
    }
    interface = opened
    desk.remark("the interface is back", at: clock.universalNow)
  }

  private func noteDrops() {
    let count = interface?.takeDrops() ?? 0
    guard count > 0 else { return }
    desk.lack(
      "the system dropped \(count) packet\(count == 1 ? "" : "s"): too fast for this machine", at: clock.universalNow)
  }

  private func hand(to queue: LiveQueue) {
    known.withLock { $0 = desk.log.facts }
    guard !desk.log.batch.isEmpty else { return }
    queue.offer(desk.log.batch, waiting: false)
    desk.log.batch.removeAll()
  }
}
