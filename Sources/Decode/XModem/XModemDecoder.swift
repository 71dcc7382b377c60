import Trace

/// Follows an XMODEM transfer in any of its variants (checksum, CRC, 1K, mixed), seen from beside the line.
///
/// Output vocabulary: `data` for each block that the receiver accepted for the first time, `payload` events `block`
/// (each answered block) and `xmodem-end` (how it went), `malformed` with the `xmodem…` codes.
///
/// Both sides are watched: a damaged block is no fault, a damaged block that is acknowledged is. Sections are those of
/// the XMODEM/YMODEM Protocol Reference.
final class XModemDecoder {
  enum State {
    /// The sender's turn: a block, EOT or CAN CAN.
    case idle
    /// Within a block.
    case block
    /// Bytes of the sender that are no block: its head was lost. They pass until the receiver answers.
    case noise
    /// The receiver's turn.
    case answer
    /// EOT was sent.
    case ending
    case cancelled
    case complete
  }

  enum Outcome: Int64 {
    case complete, cancelledByReceiver, cancelledBySender, neverBegun, senderSilent, receiverSilent, endUnanswered
  }

  private(set) var state = State.idle
  var start = XModemStart()
  private var check = XModemBlock.Check.unknown
  private var block = XModemBlock()
  /// How many bytes the block has, and how many of them came: asked for at each piece.
  private var whole = 0
  private var filled = 0
  /// What the sender sent behind a whole block, before the answer came.
  private var extra: [UInt8] = []
  private var extraStamp: (instant: Instant, place: Int, offset: UInt64) = (.unknown, 0, 0)
  /// The data of the last block that was sent whole, to compare a repeated one with.
  private var lastData: [UInt8] = []
  private var lastNumber: UInt8 = 0
  private var lastLength = 0
  private var lastIsValid = false
  private var lastWasUnanswered = false
  private var hasLast = false

  /// The number that the next new block must have; -1 until the first came (the trace may begin in the middle).
  private var expected = -1
  private var acceptedAny = false
  private var lastAccepted: UInt8 = 0
  /// How often the current block was sent.
  private var tries: Int64 = 0
  private var firstTry: (instant: Instant, place: Int, offset: UInt64) = (.unknown, 0, 0)
  private var refusals: Int64 = 0
  private var lastSender = Instant.unknown
  private var lastAnswer = Instant.unknown
  private var receiverCancels = 0
  private var senderCancels = 0
  private var cancelledBySender = false
  private var ending: (instant: Instant, place: Int, offset: UInt64) = (.unknown, 0, 0)
  private var reportedSwap = false
  private var reportedPause = false
  private var wire: Int64 = 0

  // Figures.
  private(set) var blocks: Int64 = 0
  private(set) var longest: Int64 = 0
  private(set) var errors: Int64 = 0
  /// Blocks as they were sent, each copy counted.
  private var sent: Int64 = 0
  /// Of those, the ones that brought something new.
  private var accepted: Int64 = 0
  /// The last copy was not accepted, and none came after it.
  private var isPending = false
  private var noise: Int64 = 0
  private var noiseStamp: (instant: Instant, place: Int, offset: UInt64) = (.unknown, 0, 0)
  /// From so many bytes on it is another protocol, or none, where the receiver asked for the first block.
  private static let foreignBytes: Int64 = 16

  /// Copies beyond the first of each block.
  var retransmissions: Int64 { max(0, sent - accepted - (isPending ? 1 : 0)) }
  private(set) var sender = Direction.hostToModem
  private var padding: Int64 = 0

  /// The transfer began within the trace: a receiver was heard asking for it.
  private var sawStart: Bool { start.count > 0 }

  /// So often is a block tried again (7.3.1).
  private static let retryLimit: Int64 = 10

  func begin(_ start: XModemStart, sender: Direction) {
    state = .idle
    self.sender = sender
    sent = 0
    accepted = 0
    isPending = false
    noise = 0
    self.start = start
    check = .unknown
    if start.count > 0 { check = start.character == XModem.wantCRC ? .crc : .sum }
    extra.removeAll(keepingCapacity: true)
    lastData.removeAll(keepingCapacity: true)
    hasLast = false
    lastIsValid = false
    expected = -1
    acceptedAny = false
    tries = 0
    refusals = 0
    lastSender = .unknown
    lastAnswer = .unknown
    receiverCancels = 0
    senderCancels = 0
    cancelledBySender = false
    ending = (.unknown, 0, 0)
    reportedSwap = false
    reportedPause = false
    wire = 0
    blocks = 0
    longest = 0
    errors = 0
    padding = 0
  }

  /// Between blocks, bytes of the sender that begin no block may be the host's next command.
  var isBetweenBlocks: Bool { state != .block && state != .noise && !(state == .answer && !extra.isEmpty) }
  /// So many bytes of the sender may be handed over at once when this is the first: up to the end of the block.
  func room(for byte: UInt8) -> Int {
    if state == .block { return max(1, whole - filled) }
    guard byte == XModem.startOfHeader || byte == XModem.startOfText else { return 1 }
    guard state == .idle || state == .ending else { return 1 }
    return XModemBlock.wholeLength(isLong: byte == XModem.startOfText, check)
  }
  var isOver: Bool { state == .complete }

  // MARK: The sender

  /// Takes bytes of the sender. `stamp` is an event of the phase at the first of them.
  func sender(_ bytes: Span<UInt8>, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    var at = 0
    while at < bytes.count {
      let here = moved(stamp, by: at)
      switch state {
      case .block:
        at += fill(bytes.extracting(at..<bytes.count), here, phase, &out)
      case .answer:
        takeExtra(bytes[at], here, phase, &out)
        at += 1
      case .noise:
        takeNoise(bytes[at], here, &out)
        at += 1
      case .idle, .ending, .cancelled, .complete:
        takeHead(bytes[at], here, &out)
        at += 1
      }
      lastSender = stamp.start
    }
    wire &+= Int64(bytes.count)
  }

  /// 7.4: what stands on the line is purged until it is quiet for a second.
  private func takeNoise(_ byte: UInt8, _ stamp: Event, _ out: inout EventBatch) {
    if let silence = stamp.start.since(lastSender), silence >= XModemBlock.characterLimit {
      endNoise()
      takeHead(byte, stamp, &out)
      return
    }
    noise &+= 1
    if noise == Self.foreignBytes, !acceptedAny, !hasLast {
      var foreign = stamp
      (foreign.start, foreign.place, foreign.offset) = noiseStamp
      fault(.xmodemForeign, foreign, &out)
    }
  }

  /// A run of noise as long as half a block was one, whose head was lost.
  private func endNoise() {
    if noise >= Int64(XModem.shortData / 2) {
      sent &+= 1
      errors &+= 1
      isPending = true
    }
    noise = 0
    state = .idle
  }

  private func moved(_ stamp: Event, by count: Int) -> Event {
    var event = stamp
    event.offset = stamp.offset &+ UInt64(count)
    return event
  }

  private func takeHead(_ byte: UInt8, _ stamp: Event, _ out: inout EventBatch) {
    switch byte {
    case XModem.startOfHeader, XModem.startOfText:
      senderCancels = 0
      receiverCancels = 0
      if state == .cancelled {
        // It is said once; what goes on is followed like a transfer that began before the trace.
        fault(.xmodemAfterCancel, stamp, &out)
        expected = -1
        start.reset()
      }
      beginBlock(byte, stamp)
    case XModem.endOfTransmission where state == .idle || state == .ending:
      senderCancels = 0
      if state == .idle { ending = (stamp.start, stamp.place, stamp.offset) }
      state = .ending
    case XModem.cancel:
      senderCancels += 1
      if senderCancels == 2, state != .cancelled {
        state = .cancelled
        cancelledBySender = true
      }
    default:
      senderCancels = 0
      if state == .idle || state == .ending {
        state = .noise
        noise = 1
        noiseStamp = (stamp.start, stamp.place, stamp.offset)
      }
    }
  }

  private func beginBlock(_ byte: UInt8, _ stamp: Event) {
    block.begin(at: stamp.start, place: stamp.place, offset: stamp.offset)
    block.append(byte)
    filled = 1
    whole = XModemBlock.wholeLength(isLong: byte == XModem.startOfText, check)
    if !extra.isEmpty { extra.removeAll(keepingCapacity: true) }
    state = .block
  }

  private func fill(
    _ bytes: Span<UInt8>, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch
  ) -> Int {
    let silence = stamp.start.since(lastSender)
    var room = whole - filled
    // Behind a silence it is looked at the next bytes alone: they may be a head.
    let restart = block.pauseAt >= 0 ? block.pauseAt + XModem.headerLength : -1
    if let silence, silence > block.pause, silence > XModemBlock.characterLimit {
      room = min(room, XModem.headerLength)
    } else if restart > filled {
      room = min(room, restart - filled)
    }
    let count = max(1, min(room, bytes.count))
    block.append(bytes.extracting(0..<count), silence: silence, now: stamp.start, place: stamp.place)
    filled += count
    if block.pauseAt >= 0, filled == block.pauseAt + XModem.headerLength { restartBlock(stamp) }
    if filled >= whole { state = .answer }
    return count
  }

  /// Behind a long silence within a block, the header of the same block says that the sender began it anew.
  private func restartBlock(_ stamp: Event) {
    let at = block.pauseAt
    let kept = Array(block.bytes[at...])
    guard at >= XModem.headerLength, XModem.isHeader(kept.span), kept[1] == block.number else { return }
    noteSent(isValid: false)
    errors &+= 1
    block.begin(at: block.pauseInstant, place: block.pausePlace, offset: block.offset &+ UInt64(at))
    block.append(kept.span, silence: nil, now: stamp.start)
    filled = kept.count
    whole = block.wholeLength(check)
  }

  /// More bytes although the receiver has not answered: the next copy of the block, or a block that is longer than its head says.
  private func takeExtra(_ byte: UInt8, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    if extra.isEmpty { extraStamp = (stamp.start, stamp.place, stamp.offset) }
    if extra.count < XModem.longestBlock { extra.append(byte) }
    if extra.count == 2, extra.allSatisfy({ $0 == XModem.cancel }) {
      state = .cancelled
      cancelledBySender = true
      return
    }
    let head = extra
    guard head.count == XModem.headerLength, XModem.isHeader(head.span) else { return }
    guard head[1] == block.number || head[1] == block.number &+ 1 else { return }
    // The answer was lost, or never sent: the sender goes on by itself.
    judge(nil, stamp, phase, &out)
    block.begin(at: extraStamp.instant, place: extraStamp.place, offset: extraStamp.offset)
    block.append(head.span, silence: nil, now: stamp.start)
    filled = head.count
    whole = block.wholeLength(check)
    extra.removeAll(keepingCapacity: true)
    state = .block
  }

  // MARK: The receiver

  /// Takes a character of the receiver.
  func receiver(_ byte: UInt8, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    if byte == XModem.cancel {
      receiverCancels += 1
      if receiverCancels == 2, state != .cancelled, state != .complete {
        // A number that nobody expected is fatal (7.3.2): it is why the receiver gives up.
        if state == .answer, isOutOfOrder {
          judge(nil, stamp, phase, &out)
        } else if state == .answer || state == .block {
          noteSent(isValid: block.isRight(check))
        }
        state = .cancelled
      }
      return
    }
    receiverCancels = 0
    switch state {
    case .noise:
      if byte == XModem.refuse || byte == XModem.acknowledge {
        endNoise()
        lastAnswer = stamp.start
      }
    case .idle: answerOutOfTurn(byte, stamp, &out)
    case .block, .answer:
      switch byte {
      case XModem.acknowledge, XModem.refuse: judge(byte, stamp, phase, &out)
      // 8.2.3: further `C` before the first ACK count as NAK.
      case XModem.wantCRC where !acceptedAny && state == .answer: judge(XModem.refuse, stamp, phase, &out)
      default: break
      }
      if byte == XModem.acknowledge || byte == XModem.refuse { lastAnswer = stamp.start }
    case .ending:
      if byte == XModem.acknowledge { state = .complete }
      if byte == XModem.refuse {
        refusals &+= 1
        var many = stamp
        (many.direction, many.a, many.b, many.c) = (sender, -1, refusals, Int64(stamp.place))
        if refusals == Self.retryLimit + 1 { fault(.xmodemRetries, many, &out) }
      }
      lastAnswer = stamp.start
    case .cancelled, .complete: break
    }
  }

  /// The block came whole, and is neither the one that is due nor the one before.
  private var isOutOfOrder: Bool {
    guard expected >= 0, block.bytes.count > 1, Int(block.number) != expected else { return false }
    return !(acceptedAny && block.number == lastAccepted) && block.isRight(check)
  }

  private func answerOutOfTurn(_ byte: UInt8, _ stamp: Event, _ out: inout EventBatch) {
    guard acceptedAny || hasLast else {
      if XModemStart.isStart(byte) {
        start.note(byte, at: stamp.start, place: stamp.place, offset: stamp.offset)
        check = byte == XModem.wantCRC ? .crc : .sum
      }
      return
    }
    guard byte == XModem.acknowledge || byte == XModem.refuse else { return }
    let since = stamp.start.since(lastAnswer)
    // A NAK after a while says that the receiver waited in vain for the next block (7.3.2).
    let isTimeout = byte == XModem.refuse && since.map { $0 >= XModemBlock.characterLimit } ?? true
    if !isTimeout {
      var wrong = stamp
      wrong.a = byte == XModem.acknowledge ? 1 : 0
      wrong.c = Int64(block.place)
      fault(.xmodemSurplusAnswer, wrong, &out)
    }
    lastAnswer = stamp.start
  }

  // MARK: A block and its answer

  /// The block was answered by ACK or NAK; `nil`: the sender sent more without an answer.
  private func judge(_ answer: UInt8?, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    defer { state = .idle }
    // Not even a number: noise that looked like a head.
    guard block.bytes.count > 1 else { return }
    var verdict = XModemVerdict(&block, extra, &check, sawStart: sawStart)
    if verdict.fault == .xmodemSwapped {
      // It is said once for all blocks.
      if reportedSwap { verdict.fault = nil }
      reportedSwap = true
    }
    let number = block.number
    var position = stamp
    position.direction = sender
    position.start = block.start
    position.end = stamp.end
    position.place = block.place
    position.offset = block.offset
    position.a = Int64(number)
    position.c = Int64(stamp.place)
    let isRepeat = hasLast && number == lastNumber
    // The copy before came whole and got no answer that was seen: its ACK was lost.
    let cameWhole = isRepeat && lastIsValid && lastWasUnanswered
    let isDuplicate = acceptedAny && number == lastAccepted && Int(number) != expected
    if answer == XModem.acknowledge {
      if let found = verdict.fault { fault(found, position, &out) }
      if block.isPaused, !reportedPause {
        reportedPause = true
        var slow = position
        slow.b = block.pause
        fault(.xmodemPause, slow, &out)
      }
    }
    if isRepeat, verdict.isValid { compare(verdict, position, &out) }
    if isRepeat, block.dataLength != lastLength, !isDuplicate {
      var changed = position
      changed.a = Int64(lastLength)
      changed.b = Int64(block.dataLength)
      fault(.xmodemSizeChanged, changed, &out)
    }
    if !verdict.isValid { errors &+= 1 }
    noteSent(isValid: verdict.isValid)
    let isNew = !isDuplicate && checkNumber(verdict, answer, position, &out)
    status(answer, verdict, isDuplicate, position, &out)
    switch answer {
    case XModem.acknowledge?:
      refusals = 0
      isPending = false
      if isNew {
        accepted &+= 1
        accept(verdict, position, stamp, phase, &out)
      }
      tries = 0
    case XModem.refuse?:
      refusals &+= 1
      if isDuplicate { isPending = false }
      if verdict.isValid, isDuplicate || cameWhole {
        var wrong = position
        wrong.b = isDuplicate ? 1 : 0
        fault(.xmodemDuplicateRefused, wrong, &out)
      }
      if refusals == Self.retryLimit + 1 {
        var many = position
        many.b = refusals
        fault(.xmodemRetries, many, &out)
      }
    default: break
    }
    lastWasUnanswered = answer == nil
  }

  /// Keeps what a repeated block is compared with, and counts it.
  private func noteSent(isValid: Bool) {
    guard block.bytes.count > XModem.headerLength else { return }
    let isSame = hasLast && block.number == lastNumber
    sent &+= 1
    isPending = true
    // A copy whose number was damaged is a copy all the same.
    tries = isSame || refusals > 0 ? tries &+ 1 : 1
    if tries == 1 { firstTry = (block.start, block.place, block.offset) }
    // A damaged copy is nothing to compare with; a good one before it still is.
    if isValid || !isSame {
      lastData.removeAll(keepingCapacity: true)
      let end = min(block.bytes.count, XModem.headerLength + block.dataLength)
      lastData.append(contentsOf: block.bytes[XModem.headerLength..<end])
      lastIsValid = isValid
    }
    lastNumber = block.number
    lastLength = block.dataLength
    hasLast = true
  }

  private func compare(_ verdict: XModemVerdict, _ position: Event, _ out: inout EventBatch) {
    guard lastIsValid, block.dataLength == lastLength else { return }
    let end = XModem.headerLength + verdict.length
    guard end <= block.bytes.count, !block.bytes[XModem.headerLength..<end].elementsEqual(lastData) else { return }
    fault(.xmodemResendDiffers, position, &out)
  }

  /// Whether the number is one that a new block may have. Another number counts only in a block without damage.
  private func checkNumber(
    _ verdict: XModemVerdict, _ answer: UInt8?, _ position: Event, _ out: inout EventBatch
  ) -> Bool {
    let number = Int(block.number)
    if expected < 0 {
      guard verdict.isValid || answer == XModem.acknowledge else { return true }
      if sawStart, number != 1, number != 0 {
        var wrong = position
        wrong.b = 1
        fault(.xmodemNumber, wrong, &out)
      }
      if sawStart, number == 0 { fault(.xmodemHeaderBlock, position, &out) }
      return true
    }
    guard number != expected, verdict.isValid || answer == XModem.acknowledge, block.hasComplement else { return true }
    var wrong = position
    wrong.b = Int64(expected)
    fault(.xmodemNumber, wrong, &out)
    return true
  }

  private func accept(
    _ verdict: XModemVerdict, _ position: Event, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch
  ) {
    acceptedAny = true
    lastAccepted = block.number
    // A wrong complement leaves it open which of the two octets is right: the order decides.
    let number = block.hasComplement || expected < 0 ? Int(block.number) : expected
    lastAccepted = UInt8(truncatingIfNeeded: number)
    expected = (number + 1) & 0xFF
    guard number != 0 || blocks > 0 else {
      // Block 0 of YMODEM holds the name of the file.
      return
    }
    blocks &+= 1
    longest = max(longest, Int64(block.dataLength))
    let end = min(block.bytes.count, XModem.headerLength + verdict.length)
    let whole = block.bytes
    let content = whole.span.extracting(min(XModem.headerLength, end)..<end)
    countPadding(content)
    phase.note(content)
    phase.end = stamp.end
    var data = stamp
    data.kind = .data
    data.direction = sender
    data.form = TransferKind.xmodem.rawValue
    data.start = firstTry.instant
    data.place = firstTry.place
    data.offset = firstTry.offset
    data.length = Int32(truncatingIfNeeded: wire)
    data.a = 0
    data.c = 0
    let start = out.text.count
    content.withUnsafeBufferPointer { out.text.append(contentsOf: $0) }
    data.text = Slice(start: start, count: content.count)
    out.events.append(data)
    wire = 0
  }

  private func countPadding(_ content: Span<UInt8>) {
    var index = content.count
    while index > 0, content[index - 1] == XModem.pad { index -= 1 }
    padding = Int64(content.count - index)
  }

  private func status(
    _ answer: UInt8?, _ verdict: XModemVerdict, _ isDuplicate: Bool, _ position: Event, _ out: inout EventBatch
  ) {
    let value: Int64 = answer == nil ? 3 : answer == XModem.refuse ? 1 : isDuplicate ? 2 : 0
    var event = position
    event.kind = .payload
    event.code = Int32(PayloadEvent.block.rawValue)
    event.length = Int32(truncatingIfNeeded: block.bytes.count)
    // Without a list on the way: this is done for each block.
    let first = out.fields.count
    out.fields.append(Field(kind: .integer, number: Int64(block.number)))
    out.fields.append(Field(kind: .integer, number: Int64(verdict.length)))
    out.fields.append(Field(kind: .integer, number: value))
    out.fields.append(Field(kind: .integer, number: max(1, tries)))
    out.fields.append(Field(kind: .integer, number: lastSender.since(block.start) ?? -1))
    event.fields = Slice(start: first, count: 5)
    out.events.append(event)
  }

  // MARK: The end

  /// How it went, told once at the end. `hasMore`: the trace goes on behind it, so what is missing was not cut off.
  func finish(_ stamp: Event, hasMore: Bool, _ out: inout EventBatch) {
    var outcome = Outcome.complete
    switch state {
    case .complete: break
    case .cancelled: outcome = cancelledBySender ? .cancelledBySender : .cancelledByReceiver
    case .ending: outcome = .endUnanswered
    case .answer: outcome = .receiverSilent
    case .idle, .block, .noise: outcome = acceptedAny || hasLast || state == .block ? .senderSilent : .neverBegun
    }
    var end = stamp
    end.direction = sender
    if outcome == .endUnanswered {
      (end.start, end.place, end.offset) = ending
      if hasMore { fault(.xmodemEndUnanswered, end, &out) }
    } else if outcome != .complete, block.place > 0, outcome != .neverBegun {
      (end.start, end.place, end.offset) = (block.start, block.place, block.offset)
    }
    if start.oddPlace > 0 {
      var odd = stamp
      (odd.start, odd.place, odd.offset) = (start.oddInstant, start.oddPlace, start.oddOffset)
      odd.direction = sender == .hostToModem ? .modemToHost : .hostToModem
      odd.a = Int64(start.character)
      odd.b = start.oddInterval
      fault(.xmodemCadence, odd, &out)
    }
    end.kind = .payload
    end.code = Int32(PayloadEvent.xmodemEnd.rawValue)
    end.a = Int64(max(0, expected))
    end.form = hasMore ? 1 : 0
    end.c = refusals
    end.fields = append(
      [blocks, longest, retransmissions, errors, padding, check == .sum ? 1 : 0, outcome.rawValue], &out)
    out.events.append(end)
  }

  private func fault(_ what: Malformed, _ position: Event, _ out: inout EventBatch) {
    var wrong = position
    wrong.kind = .malformed
    wrong.code = what.rawValue
    wrong.fields = .none
    out.events.append(wrong)
  }

  private func append(_ values: [Int64], _ out: inout EventBatch) -> Slice {
    let first = out.fields.count
    for value in values { out.fields.append(Field(kind: .integer, number: value)) }
    return Slice(start: first, count: values.count)
  }
}
