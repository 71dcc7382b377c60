import Profile
import Trace

/// What the data of a call are: PPP frames, or anything else.
struct CallData {
  enum Kind {
    case unknown
    /// A flag came first; the next byte shows whether it begins a frame.
    case perhaps
    case frames
    case plain
  }
  var kind = Kind.unknown
  /// The flag that is held until that is known, and where it stood.
  var held: Event?
}

extension Channel {
  /// Transparent payload, as what it is: frames, packets, or bytes.
  mutating func takeTransparentPayload(_ bytes: Span<UInt8>, _ direction: Direction, _ out: inout EventBatch) {
    guard let current = phase, bytes.count > 0 else { return }
    if direction == .hostToModem { watchCommand(bytes, &out) }
    guard current.spec.decoder == .ppp, !current.isStuffed else { return takeStuffed(bytes, direction, &out) }
    switch current.call.kind {
    case .plain: takePayload(bytes, direction, &out)
    case .frames: ppp(bytes, direction, current, &out)
    case .unknown:
      guard bytes[0] == PPPFramer.flag else {
        current.call.kind = .plain
        return takePayload(bytes, direction, &out)
      }
      current.call.kind = .perhaps
      current.call.held = stamp(direction, current)
      if bytes.count > 1 { decideCall(bytes.extracting(1..<bytes.count), direction, skipped: 1, current, &out) }
    case .perhaps: decideCall(bytes, direction, skipped: 0, current, &out)
    }
  }

  /// The bytes behind a first flag: an address, an escaped one, or a protocol number begin a frame.
  private mutating func decideCall(
    _ bytes: Span<UInt8>, _ direction: Direction, skipped: Int, _ current: DataPhase, _ out: inout EventBatch
  ) {
    guard let held = current.call.held else { return }
    let isSame = held.direction == direction
    let isFrame: Bool =
      switch bytes[0] {
      case 0xFF, 0x7D, 0xC0, 0x80, 0x21, PPPFramer.flag: true
      default: false
      }
    current.call.held = nil
    let flag: [UInt8] = [PPPFramer.flag]
    if isFrame, isSame {
      current.call.kind = .frames
      current.ppp = PPPDecoder()
      current.ppp?.take(flag.span, held, current, &out)
      var event = stamp(direction, current)
      event.offset = event.offset &+ UInt64(skipped)
      current.ppp?.take(bytes, event, current, &out)
      return
    }
    current.call.kind = .plain
    giveHeldFlag(held, current, &out)
    takePayload(bytes, direction, &out)
  }

  private func giveHeldFlag(_ held: Event, _ current: DataPhase, _ out: inout EventBatch) {
    let flag: [UInt8] = [PPPFramer.flag]
    var data = held
    data.kind = .data
    data.form = (current.spec.kind ?? .transparent).rawValue
    data.length = 1
    data.text = append(flag.span, &out)
    emit(data, &out)
    current.note(flag.span)
  }

  private mutating func ppp(
    _ bytes: Span<UInt8>, _ direction: Direction, _ current: DataPhase, _ out: inout EventBatch
  ) {
    current.ppp?.take(bytes, stamp(direction, current), current, &out)
  }

  private func stamp(_ direction: Direction, _ current: DataPhase) -> Event {
    var stamp = event(.payload, direction)
    stamp.subject = Int32(current.spec.id)
    stamp.transaction = current.transaction
    stamp.b = Int64(current.transfer)
    return stamp
  }

  /// The host is in command mode again.
  mutating func settleCall(_ current: DataPhase, _ out: inout EventBatch) {
    current.ppp?.settle(stamp(.unknown, current), &out)
  }

  /// The call is over.
  mutating func endCall(_ current: DataPhase, _ out: inout EventBatch) {
    if let held = current.call.held {
      current.call.held = nil
      giveHeldFlag(held, current, &out)
    }
    if let link = current.ppp {
      current.ppp = nil
      link.finish(stamp(.unknown, current), &out)
    }
  }
}
