import Profile
import Trace

/// Looks in data for a line that ends them. Bytes that may be its beginning are held back; when they turn out to be
/// payload they are given out as such, so no byte is lost and none is counted twice.
struct LineWatch {
  /// CR LF and what of the line has come.
  private(set) var held: [UInt8] = []

  enum Outcome {
    case holding
    /// The held bytes are payload; the last of them may begin a line anew.
    case payload
    /// The line that ends the data is whole (`isPrefix`: up to its colon).
    case matched(isPrefix: Bool)
  }

  var isEmpty: Bool { held.isEmpty }
  mutating func removeAll() { held.removeAll(keepingCapacity: true) }

  mutating func take(_ byte: UInt8, _ closers: [DataSpec.Closer]) -> Outcome {
    held.append(byte)
    if held.count == 1 { return .holding }
    guard held[1] == 0x0A else { return .payload }
    if held.count == 2 { return .holding }
    var isOpen = false
    for closer in closers {
      let length = held.count - 2
      let shared = min(length, closer.text.count)
      var index = 0
      while index < shared, NameLetter.upper(held[2 + index]) == closer.text[index] { index += 1 }
      guard index == shared else { continue }
      if length <= closer.text.count {
        if length == closer.text.count, closer.isPrefix { return .matched(isPrefix: true) }
        isOpen = true
        continue
      }
      let tail = held[(2 + closer.text.count)...]
      if tail.elementsEqual([0x0D]) { isOpen = true }
      if tail.elementsEqual([0x0D, 0x0A]) { return .matched(isPrefix: false) }
    }
    return isOpen ? .holding : .payload
  }
}

extension Channel {
  /// Holds bytes of the modem that may be the line that ends the data; `nil` when they are plain payload.
  mutating func watchForEnd(
    _ bytes: Span<UInt8>, from at: Int, _ current: DataPhase, _ out: inout EventBatch
  ) -> Int? {
    guard !current.spec.closers.isEmpty, !watch.isEmpty || bytes[at] == 0x0D else { return nil }
    if watch.isEmpty {
      heldStart = now
      heldPlace = place
      heldOffset = modemOffset
    }
    switch watch.take(bytes[at], current.spec.closers) {
    case .holding: return 1
    case .payload:
      giveHeld(butLast: bytes[at] == 0x0D, current, &out)
      return 1
    case .matched(let isPrefix):
      let line = Array(watch.held.dropFirst(2))
      watch.removeAll()
      endByLine(line, isPrefix: isPrefix, &out)
      return 1
    }
  }

  /// What was held is payload after all, through the escapes of the data.
  private mutating func giveHeld(butLast: Bool, _ current: DataPhase, _ out: inout EventBatch) {
    var held = watch.held
    watch.removeAll()
    if butLast { held.removeLast() }
    let shielded = current.spec.framing == .dleEtx && current.isShielded
    if shielded {
      // CR, LF and the letters of a line need no escape; a DLE or ETX among them ended the holding as its last byte.
      scratch.removeAll(keepingCapacity: true)
      var at = 0
      let whole = held
      let mark = current.modemEscape.mark
      while at < whole.count {
        let (next, stop) = Escapes.unshield(whole.span, from: at, &current.modemEscape, into: &scratch)
        at = next
        if case .end = stop {
          current.modemEscape.isEnded = true
          current.state = .closing
          current.endedBy = current.endedBy == 0 ? 2 : current.endedBy
          current.lastPlace = place
          current.lastOffset = modemOffset
          current.extraInstant = now
        } else if case .undefined(let byte) = stop {
          fault(.dleUndefined, Int64(byte), .modemToHost, mark, &out)
        }
      }
      markEscape(before: 1, .modemToHost, current)
      let payload = scratch
      takePayload(payload.span, .modemToHost, wire: held.count, &out)
    } else {
      takeTransparentPayload(held.span, .modemToHost, &out)
    }
    if butLast {
      heldStart = now
      heldPlace = place
      heldOffset = modemOffset
      _ = watch.take(0x0D, current.spec.closers)
    }
  }

  private mutating func endByLine(_ line: [UInt8], isPrefix: Bool, _ out: inout EventBatch) {
    let how = DataEnd.complete
    if phase?.spec.framing == .escape { transparent = TransparentState() }
    if phase?.spec.framing == .dleEtx { endEscaped(how, &out) } else { endPhase(how, difference: 0, &out) }
    before = .both
    modemLine.removeAll()
    modemLine.begin(at: heldStart, place: heldPlace, offset: heldOffset &+ 2)
    let text = isPrefix ? line : Array(line.dropLast(2))
    modemLine.append(text.span)
    guard !isPrefix else { return }
    readModemLine(.carriageReturn, numeric: false, &out)
    settleResult(nextIsLineFeed: true, &out)
    modemLine.removeAll()
    before = .both
  }

  /// Payload of transparent data, out of packets where they are such.
  mutating func takeStuffed(_ bytes: Span<UInt8>, _ direction: Direction, _ out: inout EventBatch) {
    guard let current = phase, current.isStuffed else { return takePayload(bytes, direction, &out) }
    var at = 0
    while at < bytes.count {
      scratch.removeAll(keepingCapacity: true)
      let mark = direction == .hostToModem ? current.hostEscape.mark : current.modemEscape.mark
      let (next, stop) =
        direction == .hostToModem
        ? Escapes.unstuff(bytes, from: at, &current.hostEscape, into: &scratch)
        : Escapes.unstuff(bytes, from: at, &current.modemEscape, into: &scratch)
      let payload = scratch
      takePayload(payload.span, direction, wire: next - at, &out)
      markEscape(before: next, direction, current)
      if case .undefined(let byte) = stop {
        fault(.stuffUndefined, Int64(byte), direction, next - at < 2 ? mark : escapeMark(at: next - 2, direction), &out)
      }
      at = next
    }
  }
}
