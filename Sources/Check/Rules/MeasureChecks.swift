import Profile
import Trace

/// Time and throughput against the rate of the line and against what the user demands.
extension Checker {
  // MARK: The line

  /// One port and direction whose pace is watched.
  struct PaceTrack {
    var port: Port
    var direction: Direction
    var pace = LinePace()
    /// The rate that a command set; 0: the one that was told.
    var rate: Int64 = 0
  }

  static let paceLimit = 16

  mutating func watchPace(_ event: Event) {
    switch event.kind {
    case .data, .commandLine, .information, .unsolicited, .late, .final: break
    case .mode where event.code == Event.lineRate && event.a > 0: return changeRate(event)
    case .gap, .clockStep, .reset:
      for index in paces.indices { paces[index].pace.forget() }
      return
    default: return
    }
    guard event.end.isKnown, event.direction != .unknown else { return }
    // Where the direction is guessed so is the number of bytes in it; channels of a multiplexer are no lines.
    guard !event.flags.contains(.inferred), event.port.index < 0x100 else { return }
    guard let at = pace(event.port, event.direction) else { return }
    let rate = paces[at].rate > 0 ? paces[at].rate : baud
    guard rate > 0 else { return }
    guard resolution.hasTime else {
      coverage.skipped(.fasterThanLine, .noTime)
      return
    }
    coverage.evaluated(.fasterThanLine)
    let start = paces[at].pace.start
    guard let bytes = paces[at].pace.pass(event, rate: rate, step: resolution.step) else { return }
    let time = event.end.since(start.instant) ?? 0
    report(
      .fasterThanLine,
      "\(bytes) bytes of the \(event.direction == .hostToModem ? "host" : "modem") within \(Printable.seconds(time)); a line of \(rate) bit/s carries \(Self.carried(rate, time)) in that time",
      // A port whose rate only a command tells may be one that has none.
      severity: baud == 0 ? .note : nil, at: event.position,
      related: start.place > 0 ? [Related(place: start.place, message: "from here")] : [])
  }

  private static func carried(_ rate: Int64, _ time: Nanoseconds) -> Int64 {
    Int64(clamping: Double(rate) / 10 * Double(max(0, time)) / 1e9)
  }

  private mutating func pace(_ port: Port, _ direction: Direction) -> Int? {
    if let known = paces.firstIndex(where: { $0.port == port && $0.direction == direction }) { return known }
    guard paces.count < Self.paceLimit else { return nil }
    paces.append(PaceTrack(port: port, direction: direction))
    return paces.count - 1
  }

  private mutating func changeRate(_ event: Event) {
    guard event.port.index < 0x100, resolution.hasTime else { return }
    for direction in [Direction.hostToModem, .modemToHost] {
      guard let at = pace(event.port, direction) else { continue }
      paces[at].rate = min(event.a, 1_000_000_000)
      paces[at].pace.forget()
    }
  }

  // MARK: What the user demands

  /// A transfer for whose kind the user set a floor.
  struct FloorTrack {
    var transfer: Int64
    var direction: Direction
    var kind: TransferKind
    var floor: Double
    var bytes: Int64 = 0
    var first: Event
    var end: Instant
  }

  static let floorLimit = 64

  mutating func watchFloor(_ event: Event) {
    guard event.b > 0, let kind = TransferKind(rawValue: event.form), let floor = user.throughputFloors[kind] else {
      return
    }
    var at = floors.firstIndex { $0.transfer == event.b && $0.direction == event.direction }
    if at == nil, floors.count < Self.floorLimit {
      floors.append(
        FloorTrack(
          transfer: event.b, direction: event.direction, kind: kind, floor: floor, first: event, end: event.start))
      at = floors.count - 1
    }
    guard let at else { return }
    floors[at].bytes &+= Int64(event.text.count)
    if event.end.isKnown { floors[at].end = event.end }
  }

  /// A transfer is over, as `transferEnd` says, or with the trace.
  mutating func checkFloors(of transfer: Int64?) {
    while let at = floors.firstIndex(where: { transfer == nil || $0.transfer == transfer }) {
      let one = floors.remove(at: at)
      guard let time = one.end.since(one.first.start) else {
        coverage.skipped(.belowFloor, .noTime)
        continue
      }
      // Both ends are uncertain by a step of the clock; only what is sure is told.
      let sure = time &- resolution.step
      guard sure > 0 else {
        coverage.skipped(.belowFloor, .coarseTime)
        continue
      }
      coverage.evaluated(.belowFloor)
      guard Double(one.bytes) * 1e9 < one.floor * Double(sure) else { continue }
      let throughput = Int64(clamping: Double(one.bytes) * 1e9 / Double(max(1, time)))
      report(
        .belowFloor,
        "the \(one.kind.name) transfer carried \(one.bytes) bytes in \(Printable.seconds(time)), \(throughput) bytes/s; at least \(Int64(clamping: one.floor)) were demanded",
        at: one.first.position, demand: "thresholds.throughput.\(one.kind.name)",
        inferred: one.first.flags.contains(.inferred))
    }
  }

  /// A final result came, `waited` behind what the modem had to do.
  mutating func checkDemanded(_ waited: Nanoseconds, _ index: Int) {
    let track = open[index]
    guard track.commands.count == 1, let command = track.commands.first,
      command.name.upperBound <= track.text.count
    else { return }
    let known = command.subject >= 0 && Int(command.subject) < book.commands.count
    let hash =
      known
      ? book.commands[Int(command.subject)].nameHash
      : TextHash.of(track.text[command.name].lazy.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 })
    guard let limit = user.limitsByHash[hash] else { return }
    guard waited <= limit || waited > limit &+ resolution.step else {
      coverage.skipped(.slowCommand, .coarseTime)
      return
    }
    coverage.evaluated(.slowCommand)
    guard waited > limit else { return }
    report(
      .slowCommand,
      "\(track.name(0)) took \(Printable.seconds(waited)); at most \(Printable.seconds(limit)) were demanded",
      at: Position(
        place: track.place, offset: track.offset, instant: track.sent, direction: .hostToModem, port: track.port),
      demand: "thresholds.latency", inferred: track.inferred)
  }

  /// Reports what breaks a demand of the user, which stands in the user's own file.
  private mutating func report(
    _ rule: GenericRule, _ message: String, at position: Position, demand: String, inferred: Bool
  ) {
    var found = finding(rule, message, at: position, inferred: inferred)
    found.citation = Citation(document: user.file, section: demand)
    add(found)
  }
}

extension Int64 {
  /// A measured number as a whole one for a message.
  fileprivate init(clamping value: Double) { self = value >= 9e18 ? .max : value > 0 ? Int64(value) : 0 }
}
