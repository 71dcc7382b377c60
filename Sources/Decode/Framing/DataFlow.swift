import Profile
import Trace

/// Data phases: counted blocks and texts that end with a mark, in either direction.
extension Channel {
  // MARK: Beginning

  mutating func beginPhase(
    _ spec: DataSpec, announced: Int64, transaction: UInt32, shielded: Bool = true, stuffed: Bool = false,
    name: ArraySlice<UInt8> = [], _ out: inout EventBatch
  ) {
    let opened = sparePhase ?? DataPhase()
    sparePhase = nil
    opened.begin(
      spec, transaction: transaction, start: now, place: place,
      offset: spec.from == .hostToModem ? hostOffset : modemOffset)
    opened.isShielded = shielded
    opened.isStuffed = stuffed
    opened.announced = announced
    opened.remaining = max(0, announced)
    opened.kind = kind(of: spec)
    opened.transfer = transferID(for: spec, opened.kind, &out)
    var begin = event(.dataBegin, spec.from)
    begin.subject = Int32(spec.id)
    begin.transaction = transaction
    begin.a = announced
    begin.b = Int64(opened.transfer)
    if !name.isEmpty {
      let start = out.text.count
      out.text.append(contentsOf: name)
      begin.text = Slice(start: start, count: name.count)
    }
    emit(begin, &out)
    phase = opened
    if case .counted = spec.framing, opened.remaining == 0 { phase?.state = .closing }
    if spec.framing == .mux {
      opened.mux = MuxDecoder(
        book, transactions, port, isAdvanced: stuffed,
        longest: announced > 0 ? Int(clamping: announced) : stuffed ? Limits.muxAdvancedInfo : Limits.muxInfo)
    }
    if spec.framing == .xmodem {
      opened.beginXModem(XModemStart(), sender: spec.from == .modemToHost ? .modemToHost : .hostToModem)
    }
  }

  // MARK: From the modem

  /// Takes payload from the modem's bytes; `nil` when they are not payload.
  mutating func modemData(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase else { return nil }
    switch current.spec.framing {
    case .escape: return transparentModem(bytes, from: at, &out)
    case .xmodem: return xmodemFromModem(bytes, from: at, &out)
    case .dleEtx: return escapedModem(bytes, from: at, &out)
    case .line: return nil
    case .mux: return muxed(bytes, from: at, .modemToHost, &out)
    case .counted:
      guard current.direction == .modemToHost else { return nil }
      if afterReturn, bytes[at] == 0x0A { return nil }
      guard current.state == .open else { return nil }
      let count = Int(min(Int64(bytes.count - at), current.remaining))
      takePayload(bytes.extracting(at..<at + count), .modemToHost, &out)
      phase?.remaining -= Int64(count)
      if phase?.remaining == 0 {
        phase?.state = .closing
        before = .none
      }
      return count
    case .dotLine:
      guard current.direction == .modemToHost, !(afterReturn && bytes[at] == 0x0A) else { return nil }
      return takeDotText(bytes, from: at, .modemToHost, &out)
    case .ctrlZ: return nil
    }
  }

  /// A line that nothing explains came behind a counted block: the end of a result code that a too short block has
  /// swallowed, or more bytes than announced.
  mutating func closingExtra(_ out: inout EventBatch) {
    guard phase?.state == .closing, phase?.direction == .modemToHost else { return }
    let missing = SwallowedResult.overlap(
      tail: phase?.tail ?? [], following: (modemLine.bytes + [0x0D, 0x0A]).span)
    if missing > 0, phase?.extra == 0 {
      endPhase(.short, difference: Int64(missing), &out)
      before = .both
      modemLine.removeAll()
      for byte in [UInt8(0x4F), 0x4B] { modemLine.append(byte) }
      readModemLine(.carriageReturn, numeric: false, &out)
      return
    }
    if phase?.extra == 0 {
      phase?.extraPlace = modemLine.place
      phase?.extraOffset = modemLine.offset
      phase?.extraInstant = modemLine.start
    }
    phase?.extra += Int64(modemLine.length)
  }

  // MARK: From the host

  /// Takes payload from the host's bytes; `nil` when they are not payload.
  mutating func hostData(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase else { return nil }
    switch current.spec.framing {
    case .escape: return transparentHost(bytes, from: at, &out)
    case .xmodem: return xmodemFromHost(bytes, from: at, &out)
    case .dleEtx: return escapedHost(bytes, from: at, &out)
    case .line: return nil
    case .mux: return muxed(bytes, from: at, .hostToModem, &out)
    case .counted:
      guard current.direction == .hostToModem else { return nil }
      guard current.state == .open else {
        guard hostLine.isEmpty, bytes[at] <= 0x20 else { return nil }
        noteHostExtra(1)
        return 1
      }
      let count = Int(min(Int64(bytes.count - at), current.remaining))
      takePayload(bytes.extracting(at..<at + count), .hostToModem, &out)
      phase?.remaining -= Int64(count)
      if phase?.remaining == 0 { phase?.state = .closing }
      return count
    case .ctrlZ:
      guard current.direction == .hostToModem, current.state == .open else { return nil }
      if isUndeclaredXModem(bytes[at]) {
        beginSpontaneous(GenericData.xmodemToModem, modemStart, &out)
        return 0
      }
      if beginsHolding(bytes[at]) { return 0 }
      var stop = at
      while stop < bytes.count, bytes[stop] != 0x1A, bytes[stop] != current.spec.cancel { stop += 1 }
      if stop > at { takePayload(bytes.extracting(at..<stop), .hostToModem, &out) }
      guard stop < bytes.count else { return stop - at }
      phase?.endedBy = 1
      endPhase(bytes[stop] == 0x1A ? .complete : .cancelled, difference: 0, &out)
      return stop - at + 1
    case .dotLine:
      guard current.direction == .hostToModem, current.state == .open else { return nil }
      if beginsHolding(bytes[at]) { return 0 }
      return takeDotText(bytes, from: at, .hostToModem, &out)
    }
  }

  // MARK: A text that was never ended

  /// So long is the host silent before it goes on with a command although its text was not ended.
  private static let forgottenEnd: Nanoseconds = 5_000_000_000

  mutating func beginsHolding(_ byte: UInt8) -> Bool {
    guard byte | 0x20 == 0x61, let current = phase, current.received > 0, hostLine.isEmpty,
      let silence = now.since(lastHostByte), silence >= Self.forgottenEnd
    else { return false }
    holdsCommand = true
    hostLine.begin(at: now, place: place, offset: hostOffset)
    return true
  }

  /// Takes bytes that may be a command; `nil` when they turned out to be text after all.
  mutating func holdCommand(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    let byte = bytes[at]
    if byte == terminator, hostLine.length >= 2, Self.mayBeCommand(hostLine.bytes.span) {
      holdsCommand = false
      endPhase(phase?.spec.framing == .escape ? .complete : .abandoned, difference: 0, &out)
      endHostLine(byLineFeed: false, complete: true, &out)
      return 1
    }
    let expected: UInt8 = hostLine.length == 0 ? 0x61 : 0x74
    let fits = hostLine.length >= 2 ? byte >= 0x20 && byte < 0x7F : byte | 0x20 == expected
    if fits, hostLine.length < Limits.commandLine {
      hostLine.append(bytes.extracting(at..<at + 1))
      return 1
    }
    holdsCommand = false
    lastHostByte = now
    let held = hostLine.bytes
    hostLine.removeAll()
    hostOffset &-= UInt64(held.count)
    phase?.mark = 0
    if phase?.spec.framing == .escape {
      takeTransparentPayload(held.span, .hostToModem, &out)
    } else {
      takePayload(held.span, .hostToModem, &out)
    }
    hostOffset &+= UInt64(held.count)
    return nil
  }

  /// CR LF . CR LF ends the text; it counts as framing from its dot on.
  private mutating func takeDotText(
    _ bytes: Span<UInt8>, from at: Int, _ direction: Direction, _ out: inout EventBatch
  ) -> Int {
    let mark: [UInt8] = [0x0D, 0x0A, 0x2E, 0x0D, 0x0A]
    var index = at
    while index < bytes.count, let progress = phase?.mark {
      let next = bytes[index] == mark[progress] ? progress + 1 : bytes[index] == 0x0D ? 1 : 0
      index += 1
      phase?.mark = next
      if next == mark.count {
        takePayload(bytes.extracting(at..<index), direction, &out)
        phase?.endedBy = direction == .hostToModem ? 1 : 2
        endPhase(.complete, difference: 0, &out)
        if direction == .modemToHost { before = .both }
        return index - at
      }
    }
    takePayload(bytes.extracting(at..<index), direction, &out)
    return index - at
  }

  mutating func noteHostExtra(_ count: Int) {
    if phase?.extra == 0 {
      phase?.extraPlace = hostLine.isEmpty ? place : hostLine.place
      phase?.extraOffset = hostLine.isEmpty ? hostOffset : hostLine.offset
      phase?.extraInstant = hostLine.isEmpty ? now : hostLine.start
    }
    phase?.extra += Int64(count)
  }

  // MARK: Payload and ends

  /// `wire`: how many bytes on the line these were, where that is not the same.
  mutating func takePayload(
    _ bytes: Span<UInt8>, _ direction: Direction, wire: Int? = nil, _ out: inout EventBatch
  ) {
    guard let current = phase, bytes.count > 0 || wire != nil else { return }
    let isFirst = current.received == 0
    if current.received == 0, !current.isCounted { current.place = place }
    current.note(bytes)
    current.end = now
    current.lastPlace = place
    // The last byte: the same however the bytes were cut.
    let count = UInt64(max(1, wire ?? bytes.count))
    current.lastOffset = (direction == .hostToModem ? hostOffset : modemOffset) &+ count &- 1
    var data = event(.data, direction)
    data.offset = direction == .hostToModem ? hostOffset : modemOffset
    data.subject = Int32(current.spec.id)
    data.transaction = current.transaction
    data.b = Int64(current.transfer)
    data.length = Int32(truncatingIfNeeded: wire ?? bytes.count)
    if current.spec.masked { data.code = 1 }
    // A PDU: where no number tells its length it is text.
    if isFirst, current.spec.decoder == .sms, current.announced >= 0 { data.a = current.announced &+ 1 }
    data.form = (current.kind ?? .transparent).rawValue
    data.text = append(bytes, &out)
    emit(data, &out)
    feedDecoder(current.spec, bytes, &out)
  }

  mutating func endPhase(_ how: DataEnd, difference: Int64, _ out: inout EventBatch) {
    guard let current = phase else { return }
    if current.spec.decoder == .lines { endLines(current.spec, &out) }
    if current.direction == .modemToHost { dropHostLine(&out) }
    if current.spec.decoder == .sms, how == .complete { readMessage(current, &out) }
    if current.spec.decoder == .ppp { endCall(current, &out) }
    phase = nil
    var end = event(.dataEnd, current.direction)
    end.start = current.start
    end.end = current.end
    end.place = current.place
    end.offset = current.offset
    if how == .abandoned, current.direction == .modemToHost {
      // The modem's mistake is where the data stop.
      end.place = current.lastPlace
      end.offset = current.lastOffset
      end.start = current.end
    }
    if how == .long {
      end.place = current.extraPlace
      end.offset = current.extraOffset
      end.start = current.extraInstant
    }
    end.subject = Int32(current.spec.id)
    end.transaction = current.transaction
    end.code = how.rawValue
    end.a = current.announced
    end.b = Int64(current.transfer)
    end.c = difference
    end.length = Int32(truncatingIfNeeded: current.received)
    let first = out.fields.count
    let blocks = current.spec.framing == .xmodem ? current.xmodem : nil
    // Of data that the log does not have nothing is known.
    let isSeen = how != .unseen
    func add(_ value: Int64) { out.fields.append(Field(kind: isSeen ? .integer : .empty, number: isSeen ? value : 0)) }
    // In the order of `PayloadEvent.partFieldNames`.
    add(current.received)
    add(current.eightBit)
    add(how == .cancelled ? 1 : 0)
    add(current.nonHex)
    add(blocks?.blocks ?? 0)
    add(blocks?.longest ?? 0)
    add(blocks?.retransmissions ?? 0)
    add(current.endedBy)
    add(current.endEchoed ? 1 : 0)
    end.fields = Slice(start: first, count: out.fields.count - first)
    emit(end, &out)
    finishPart(of: current, how, &out)
    sparePhase = current
  }

  /// A PDU is whole. Where no number told its length it is text that was entered in text mode.
  private mutating func readMessage(_ current: DataPhase, _ out: inout EventBatch) {
    guard current.announced >= 0, current.received > 0 else { return }
    var stamp = event(.payload, current.direction)
    stamp.start = current.start
    stamp.place = current.lastPlace
    stamp.offset = current.offset
    stamp.subject = Int32(current.spec.id)
    stamp.transaction = current.transaction
    stamp.b = Int64(current.transfer)
    stamp.c = current.spec.masked ? 1 : 0
    messages.take(current.message, announced: current.announced, stamp, &out)
  }

  /// The result that follows a data phase came (or another line that shows it is over).
  mutating func closePhase(atResult result: Final?, _ out: inout EventBatch) {
    guard let current = phase else { return }
    switch current.spec.framing {
    case .escape, .mux: return
    case .counted:
      if current.direction == .hostToModem {
        guard let result else { return }
        if result.isSuccess, current.received == 0, current.announced > 0, hostLine.isEmpty {
          return endPhase(.unseen, difference: 0, &out)
        }
        if !hostLine.isEmpty {
          noteHostExtra(hostLine.length)
          hostLine.removeAll()
        }
      }
      let extra = phase?.extra ?? 0
      if current.remaining > 0 {
        endPhase(.short, difference: current.remaining, &out)
      } else if extra > 0 {
        endPhase(.long, difference: extra, &out)
      } else {
        let missing = swallowed(current)
        // The result's own CR LF went with the data; it is not to be missed a second time.
        if missing > 0 { before = .both }
        endPhase(missing > 0 ? .short : .complete, difference: Int64(missing), &out)
      }
    case .dleEtx where current.state == .closing: endEscaped(.complete, &out)
    case .ctrlZ, .dotLine, .line, .dleEtx:
      // A failure refuses a text that was not begun, and breaks off a transfer.
      guard let result else { return }
      let isRefused = !result.isSuccess && (current.received == 0 || current.spec.framing != .ctrlZ)
      let isUnseen = result.isSuccess && current.received == 0 && current.direction == .hostToModem
      endPhase(isRefused ? .cancelled : isUnseen ? .unseen : .abandoned, difference: 0, &out)
    case .xmodem:
      if result != nil { endXModem(hasMore: true, &out) }
    }
  }

  /// The line that closes a block has no CR LF of its own before it: those bytes were counted as payload.
  private func swallowed(_ current: DataPhase) -> Int {
    guard current.direction == .modemToHost, current.announced > 0, before != .both, !lossy, !inferred else { return 0 }
    var following: [UInt8] = before == .lineFeed ? [0x0A] : []
    following.append(contentsOf: modemLine.bytes)
    following.append(contentsOf: [0x0D, 0x0A])
    return SwallowedResult.overlap(tail: current.tail, following: following.span)
  }

  /// The host sends a command while data are still expected.
  mutating func hostWentOn(_ out: inout EventBatch) {
    guard let current = phase else { return }
    switch current.spec.framing {
    case .xmodem: return endXModem(hasMore: true, &out)
    case .line: return endPhase(.abandoned, difference: 0, &out)
    case .dleEtx where current.state == .closing: return endEscaped(.complete, &out)
    case .dotLine, .dleEtx: return hostWentOnInText(current, &out)
    case .ctrlZ, .escape, .mux: return
    case .counted: break
    }
    if current.direction == .hostToModem {
      endPhase(current.remaining > 0 ? .short : .complete, difference: current.remaining, &out)
      return
    }
    guard current.transaction != 0 else { return }
    let isOpen = open.contains { $0.id == current.transaction && !$0.answered }
    if current.state == .open {
      let ended = SwallowedResult.length(atEndOf: current.tail)
      endPhase(.short, difference: current.remaining + Int64(ended), &out)
      if ended > 0, isOpen { answerSwallowed(&out) }
    } else if isOpen, current.extra == 0, swallowedWhole(current) > 0 {
      endPhase(.short, difference: Int64(swallowedWhole(current)), &out)
      answerSwallowed(&out)
    } else {
      endPhase(.complete, difference: 0, &out)
    }
  }

  /// The host sends a command while the modem's text has no end yet. Where the text ends with a result code, its end
  /// mark never came, and that was the result of the command that asked for it.
  private mutating func hostWentOnInText(_ current: DataPhase, _ out: inout EventBatch) {
    guard current.direction == .modemToHost, SwallowedResult.length(atEndOf: current.tail) > 0 else { return }
    let isOpen = open.contains { $0.id == current.transaction && !$0.answered }
    endPhase(.abandoned, difference: 0, &out)
    if isOpen { answerSwallowed(&out) }
  }

  /// How many bytes of a result code stood in the block, when only line ends came behind it.
  private func swallowedWhole(_ current: DataPhase) -> Int {
    let following: [UInt8] = before == .both ? [0x0D, 0x0A] : before == .lineFeed ? [0x0A] : []
    let whole = SwallowedResult.length(atEndOf: current.tail)
    return whole > 0 ? whole : SwallowedResult.overlap(tail: current.tail, following: following.span)
  }

  /// The result code stood inside what was counted as data.
  private mutating func answerSwallowed(_ out: inout EventBatch) {
    modemLine.removeAll()
    modemLine.begin(at: now, place: place, offset: modemOffset)
    for byte in [UInt8(0x4F), 0x4B] { modemLine.append(byte) }
    before = .both
    readModemLine(.carriageReturn, numeric: false, &out)
    pendingResult = nil
    modemLine.removeAll()
  }

  mutating func cutPhase(_ out: inout EventBatch) {
    guard let current = phase else { return }
    if current.spec.framing == .xmodem { return endXModem(hasMore: false, &out) }
    if case .counted = current.spec.framing {
      if current.state == .closing {
        let missing = current.direction == .modemToHost && current.extra == 0 ? swallowedWhole(current) : 0
        if missing > 0 {
          endPhase(.short, difference: Int64(missing), &out)
          answerSwallowed(&out)
        } else {
          endPhase(current.extra > 0 ? .long : .complete, difference: current.extra, &out)
        }
      } else if current.direction == .modemToHost, SwallowedResult.length(atEndOf: current.tail) > 0 {
        endPhase(.short, difference: current.remaining + Int64(SwallowedResult.length(atEndOf: current.tail)), &out)
        answerSwallowed(&out)
      } else {
        endPhase(.cut, difference: current.remaining, &out)
      }
    } else {
      if current.spec.framing == .escape { flushTransparent(&out) }
      current.mux?.finish(&out)
      if current.spec.framing == .dleEtx, current.state == .closing { return endEscaped(.complete, &out) }
      if phase != nil { endPhase(.cut, difference: 0, &out) }
    }
  }
}
