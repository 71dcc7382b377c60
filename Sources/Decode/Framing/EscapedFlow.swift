import Profile
import Trace

/// DLE/ETX data: DLE escapes ETX and itself, a bare ETX ends, in one direction or both.
///
/// What stands behind an ETX shows whether it was the end: a line of the modem, or the next command of the host. Other
/// bytes say that it was payload that nobody escaped; the data are then taken as going on.
extension Channel {
  // MARK: From the host

  mutating func escapedHost(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase, current.direction != .modemToHost else { return nil }
    if current.hostEscape.isEnded { return hostBehindEnd(bytes[at], current, &out) }
    if current.direction == .hostToModem, current.state == .open, beginsHolding(bytes[at]) { return 0 }
    guard current.isShielded else {
      let count = bytes.count - at
      takePayload(bytes.extracting(at..<bytes.count), .hostToModem, &out)
      lastHostByte = now
      return count
    }
    return unshield(bytes, from: at, .hostToModem, current, &out)
  }

  /// The host has sent its end mark.
  private mutating func hostBehindEnd(_ byte: UInt8, _ current: DataPhase, _ out: inout EventBatch) -> Int? {
    // A host may send the mark more than once, to be sure.
    if byte == Escapes.etx { return 1 }
    if byte == 0x0D || byte == 0x0A || byte == 0x20 { return 1 }
    if hostLine.length == 1, byte | 0x20 == 0x74 {
      let held = hostLine
      endEscaped(.complete, &out)
      hostLine = held
      return nil
    }
    if hostLine.isEmpty, byte | 0x20 == 0x61 {
      hostLine.begin(at: now, place: place, offset: hostOffset)
      hostLine.append(byte)
      return 1
    }
    // No command begins here: the mark was a byte of the data.
    let held = hostLine.bytes
    hostLine.removeAll()
    current.hostEscape.isEnded = false
    current.state = .open
    resume(with: held, .hostToModem, current, &out)
    return 0
  }

  // MARK: From the modem

  mutating func escapedModem(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase else { return nil }
    if afterReturn, bytes[at] == 0x0A, current.received == 0, watch.isEmpty { return nil }
    if current.direction == .hostToModem {
      // The modem echoes the end mark of an upload.
      guard bytes[at] == Escapes.etx, modemLine.isEmpty, current.hostEscape.isEnded else { return nil }
      current.endEchoed = true
      return 1
    }
    if current.hostEscape.isEnded, bytes[at] == Escapes.etx || bytes[at] == 0x0D, watch.isEmpty {
      if bytes[at] == Escapes.etx { return 1 }
      endEscaped(.complete, &out)
      return nil
    }
    if current.modemEscape.isEnded { return modemBehindEnd(bytes[at], current, &out) }
    if let taken = watchForEnd(bytes, from: at, current, &out) { return taken }
    // Behind the host's mark each byte may be the modem's answer to it.
    let limit =
      current.hostEscape.isEnded
      ? at + 1 : current.spec.closers.isEmpty ? bytes.count : Self.lineEnd(bytes, from: at)
    guard current.isShielded else {
      takePayload(bytes.extracting(at..<limit), .modemToHost, &out)
      return limit - at
    }
    return unshield(bytes.extracting(0..<limit), from: at, .modemToHost, current, &out)
  }

  /// The modem has sent its end mark: a line follows, or it was none.
  private mutating func modemBehindEnd(_ byte: UInt8, _ current: DataPhase, _ out: inout EventBatch) -> Int? {
    if byte == 0x0D {
      endEscaped(.complete, &out)
      return nil
    }
    current.modemEscape.isEnded = false
    current.state = .open
    resume(with: [], .modemToHost, current, &out)
    return 0
  }

  /// Where the next CR stands, but not at `at` itself.
  private static func lineEnd(_ bytes: Span<UInt8>, from at: Int) -> Int {
    var index = at + 1
    while index < bytes.count, bytes[index] != 0x0D { index += 1 }
    return index
  }

  // MARK: Both

  private mutating func unshield(
    _ bytes: Span<UInt8>, from at: Int, _ direction: Direction, _ current: DataPhase, _ out: inout EventBatch
  ) -> Int {
    scratch.removeAll(keepingCapacity: true)
    let fromHost = direction == .hostToModem
    let mark = fromHost ? current.hostEscape.mark : current.modemEscape.mark
    let (next, stop) =
      fromHost
      ? Escapes.unshield(bytes, from: at, &current.hostEscape, into: &scratch)
      : Escapes.unshield(bytes, from: at, &current.modemEscape, into: &scratch)
    let payload = scratch
    takePayload(payload.span, direction, wire: next - at, &out)
    if fromHost { lastHostByte = now }
    markEscape(before: next - at, direction, current)
    switch stop {
    case .none: break
    case .undefined(let byte):
      let count = next - at - 2
      fault(.dleUndefined, Int64(byte), direction, count < 0 ? mark : escapeMark(at: count, direction), &out)
    case .end:
      current.state = .closing
      current.lastPlace = place
      current.lastOffset = (fromHost ? hostOffset : modemOffset) &+ UInt64(next - at - 1)
      current.extraInstant = now
      if fromHost {
        current.hostEscape.isEnded = true
        if current.endedBy == 0 { current.endedBy = 1 }
      } else {
        current.modemEscape.isEnded = true
        if current.endedBy == 0 { current.endedBy = 2 }
      }
    }
    return next - at
  }

  /// The end mark was a byte of the data: it is given out as such.
  private mutating func resume(
    with held: [UInt8], _ direction: Direction, _ current: DataPhase, _ out: inout EventBatch
  ) {
    current.endedBy = 0
    var wrong = event(.malformed, direction)
    wrong.code = Malformed.dleBareEnd.rawValue
    wrong.subject = Int32(current.spec.id)
    wrong.transaction = current.transaction
    wrong.place = current.lastPlace
    wrong.offset = current.lastOffset
    wrong.start = current.extraInstant
    if current.extra < Limits.bareEnds { emit(wrong, &out) }
    current.extra += 1
    let bytes = [Escapes.etx] + held
    takePayload(bytes.span, direction, wire: held.count, &out)
  }

  /// A place in the piece that is being read.
  func escapeMark(at index: Int, _ direction: Direction) -> EscapeMark {
    let offset = direction == .hostToModem ? hostOffset : modemOffset
    return EscapeMark(offset: offset &+ UInt64(max(0, index)), place: place, instant: now)
  }

  /// Remembers where an escape character stands that ends what was read.
  func markEscape(before next: Int, _ direction: Direction, _ current: DataPhase) {
    let mark = escapeMark(at: next - 1, direction)
    if direction == .hostToModem, current.hostEscape.isEscaped { current.hostEscape.mark = mark }
    if direction == .modemToHost, current.modemEscape.isEscaped { current.modemEscape.mark = mark }
  }

  mutating func fault(
    _ what: Malformed, _ byte: Int64, _ direction: Direction, _ mark: EscapeMark, _ out: inout EventBatch
  ) {
    guard let current = phase else { return }
    var wrong = event(.malformed, direction)
    wrong.code = what.rawValue
    wrong.subject = Int32(current.spec.id)
    wrong.transaction = current.transaction
    wrong.offset = mark.offset
    wrong.place = mark.place
    wrong.start = mark.instant
    wrong.a = byte
    emit(wrong, &out)
  }

  mutating func endEscaped(_ how: DataEnd, _ out: inout EventBatch) {
    guard let current = phase else { return }
    if current.hostEscape.isEscaped || current.modemEscape.isEscaped {
      let fromHost = current.hostEscape.isEscaped
      let mark = fromHost ? current.hostEscape.mark : current.modemEscape.mark
      fault(.dleDangling, 0, fromHost ? .hostToModem : .modemToHost, mark, &out)
    }
    current.extra = 0
    hostLine.removeAll()
    watch.removeAll()
    endPhase(how, difference: 0, &out)
    before = .both
  }
}
