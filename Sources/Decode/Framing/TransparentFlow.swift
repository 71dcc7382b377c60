import Profile
import Trace

/// Data mode: bytes pass both ways until the host escapes with `+++` or the modem reports that the link is gone.
///
/// The escape and the result code are held back until they are certain; when they turn out to be payload they are
/// given out as such, so no byte is lost and none is counted twice.
struct TransparentState {
  /// Plus signs of the host that may be the escape.
  var pluses = 0
  var silenceBefore: Nanoseconds = -1
  var longestPause: Nanoseconds = -1
  var firstPlus = Instant.unknown
  var lastPlus = Instant.unknown
  /// How much of `\r\nOK\r\n` or `\r\nNO CARRIER\r\n` was held back.
  var held: [UInt8] = []
  /// NO CARRIER came, or an OK that ends these data; the next byte shows whether it was meant.
  var ending = false
  var endsWithOkay = false
  /// When and where that line stood; it is given out only when the next byte has come.
  var endedAt = Instant.unknown
  var endedPlace = 0
  var endedOffset: UInt64 = 0
  /// Where the first plus sign stood.
  var plusPlace = 0
  var plusOffset: UInt64 = 0
  var modemBytes: Int64 = 0
  /// DTR fell: unless the host goes on with data, its next command shows that the modem left them.
  var mayBeOver = false
}

extension Channel {
  private static let okay: [UInt8] = [0x0D, 0x0A, 0x4F, 0x4B, 0x0D, 0x0A]
  private static let noCarrier: [UInt8] = Array("\r\nNO CARRIER\r\n".utf8)

  /// The host dropped DTR: what it does to the call depends on AT&D, which is often not known.
  mutating func noteTerminalGone() {
    if phase?.spec.framing == .escape { transparent.mayBeOver = true }
  }

  mutating func transparentHost(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    if transparent.ending {
      endTransparent(transparent.endsWithOkay ? .otherSuccess : .noCarrier, &out)
      return nil
    }
    if transparent.mayBeOver {
      transparent.mayBeOver = false
      if bytes[at] | 0x20 == 0x61, hostLine.isEmpty {
        flushPluses(&out)
        holdsCommand = true
        hostLine.begin(at: now, place: place, offset: hostOffset)
        return 0
      }
    }
    var index = at
    while index < bytes.count, bytes[index] == 0x2B, transparent.pluses < 3 {
      if transparent.pluses == 0 {
        transparent.silenceBefore = now.since(lastHostByte) ?? -1
        transparent.plusPlace = place
        transparent.plusOffset = hostOffset
        transparent.firstPlus = now
      } else if let pause = now.since(transparent.lastPlus) {
        transparent.longestPause = max(transparent.longestPause, pause)
      }
      transparent.pluses += 1
      transparent.lastPlus = now
      index += 1
    }
    if index > at { return index - at }
    flushPluses(&out)
    var stop = at + 1
    while stop < bytes.count, bytes[stop] != 0x2B { stop += 1 }
    takeTransparentPayload(bytes.extracting(at..<stop), .hostToModem, &out)
    lastHostByte = now
    return stop - at
  }

  private mutating func flushPluses(_ out: inout EventBatch) {
    guard transparent.pluses > 0 else { return }
    if transparent.pluses == 3 { emit(escape(refused: true), &out) }
    let held = [UInt8](repeating: 0x2B, count: transparent.pluses)
    transparent.pluses = 0
    transparent.silenceBefore = -1
    transparent.longestPause = -1
    takeTransparentPayload(held.span, .hostToModem, &out)
  }

  mutating func transparentModem(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    if afterReturn, bytes[at] == 0x0A, transparent.modemBytes == 0, transparent.held.isEmpty { return nil }
    if transparent.ending {
      if bytes[at] == 0x0D {
        endTransparent(transparent.endsWithOkay ? .otherSuccess : .noCarrier, &out)
        return nil
      }
      transparent.ending = false
      transparent.endsWithOkay = false
      flushHeld(&out)
    }
    if !watch.isEmpty, let current = phase, let taken = watchForEnd(bytes, from: at, current, &out) {
      return taken
    }
    if !transparent.held.isEmpty || bytes[at] == 0x0D {
      transparent.held.append(bytes[at])
      let isOkay = Self.okay.starts(with: transparent.held)
      let isLost = Self.noCarrier.starts(with: transparent.held)
      if !isOkay, !isLost, let current = phase, !current.spec.closers.isEmpty, transparent.held.count > 1 {
        if let taken = watchHeld(current, &out) { return taken }
      }
      if isOkay, transparent.held.count == Self.okay.count {
        holdOkay(&out)
      } else if isLost {
        if transparent.held.count == Self.noCarrier.count { holdEnd(withOkay: false) }
      } else if !isOkay {
        // Not what it looked like; the last byte may begin it anew.
        let last = transparent.held.removeLast()
        flushHeld(&out)
        if last == 0x0D { transparent.held.append(last) } else { takeTransparent([last].span, &out) }
      }
      return 1
    }
    var stop = at + 1
    while stop < bytes.count, bytes[stop] != 0x0D { stop += 1 }
    takeTransparent(bytes.extracting(at..<stop), &out)
    return stop - at
  }

  /// Held bytes that are neither OK nor NO CARRIER may begin another line that ends the data.
  private mutating func watchHeld(_ current: DataPhase, _ out: inout EventBatch) -> Int? {
    watch.removeAll()
    for byte in transparent.held {
      switch watch.take(byte, current.spec.closers) {
      case .holding: continue
      case .payload, .matched:
        watch.removeAll()
        return nil
      }
    }
    heldStart = now
    heldPlace = place
    heldOffset = modemOffset &- UInt64(transparent.held.count - 1)
    transparent.held.removeAll(keepingCapacity: true)
    return 1
  }

  private mutating func takeTransparent(_ bytes: Span<UInt8>, _ out: inout EventBatch) {
    transparent.modemBytes += Int64(bytes.count)
    takeTransparentPayload(bytes, .modemToHost, &out)
  }

  private mutating func flushHeld(_ out: inout EventBatch) {
    let held = transparent.held
    transparent.held.removeAll(keepingCapacity: true)
    if !held.isEmpty { takeTransparent(held.span, &out) }
  }

  mutating func flushTransparent(_ out: inout EventBatch) {
    if transparent.ending {
      endTransparent(transparent.endsWithOkay ? .otherSuccess : .noCarrier, &out)
      return
    }
    flushPluses(&out)
    flushHeld(&out)
  }

  /// `OK` in data mode confirms an escape; at its very beginning it is a second result for the same command.
  private mutating func holdOkay(_ out: inout EventBatch) {
    if transparent.pluses == 3 {
      endTransparent(.ok, &out)
    } else if phase?.spec.closers.contains(Self.okayCloser) == true {
      holdEnd(withOkay: true)
    } else if transparent.modemBytes == 0 {
      transparent.held.removeAll(keepingCapacity: true)
      var stray = event(.malformed, .modemToHost)
      stray.code = Malformed.strayFinal.rawValue
      emit(stray, &out)
    } else {
      flushHeld(&out)
    }
  }

  /// The line that ends the data is whole, but only the next byte shows that it was meant.
  private mutating func holdEnd(withOkay: Bool) {
    transparent.ending = true
    transparent.endsWithOkay = withOkay
    transparent.endedAt = now
    transparent.endedPlace = place
    transparent.endedOffset = modemOffset &- UInt64(max(0, transparent.held.count - 1))
  }

  private static let okayCloser = DataSpec.Closer(text: Array("OK".utf8), isPrefix: false)

  /// `+++`, confirmed, or refused: data went on.
  private func escape(refused: Bool) -> Event {
    var escape = event(.escape, .hostToModem)
    escape.start = transparent.firstPlus
    escape.end = transparent.lastPlus
    escape.place = transparent.plusPlace
    escape.offset = transparent.plusOffset
    escape.code = refused ? 1 : 0
    escape.a = transparent.silenceBefore
    escape.b = transparent.longestPause
    escape.c = now.since(transparent.lastPlus) ?? -1
    escape.transaction = phase?.transaction ?? 0
    return escape
  }

  private mutating func endTransparent(_ result: Final, _ out: inout EventBatch) {
    settleCommand(&out)
    let state = transparent
    transparent = TransparentState()
    guard let current = phase else { return }
    let later = (now: now, place: place, offset: modemOffset)
    if result != .ok {
      // What ended the data came before the byte that confirmed it.
      now = state.endedAt
      place = state.endedPlace
      modemOffset = state.endedOffset
    }
    defer { (now, place, modemOffset) = later }
    current.endedBy = result == .ok ? 1 : 2
    if result == .ok {
      transparent = state
      emit(escape(refused: false), &out)
      transparent = TransparentState()
      if current.spec.endsForGood || current.spec.closers.contains(Self.okayCloser) {
        // The OK ends these data for good: nothing is left to go back to.
        endPhase(.complete, difference: 0, &out)
      } else {
        settleCall(current, &out)
        suspended = current
        phase = nil
      }
    } else if result == .otherSuccess {
      endPhase(.complete, difference: 0, &out)
    } else {
      endPhase(.complete, difference: 0, &out)
      var line = event(.unsolicited, .modemToHost)
      line.text = append(Array("NO CARRIER".utf8).span, &out)
      emit(line, &out)
    }
    before = .both
  }
}
