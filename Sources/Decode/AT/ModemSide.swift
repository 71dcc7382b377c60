import Profile
import Trace

/// What the modem sends: echo, prompts, lines and results, and data where a data phase is open.
extension Channel {
  mutating func modem(_ bytes: Span<UInt8>, _ out: inout EventBatch) {
    var at = 0
    while at < bytes.count {
      if skipsBlank {
        skipsBlank = false
        if bytes[at] == 0x20 {
          at += 1
          modemOffset &+= 1
          continue
        }
      }
      if phase != nil, let taken = modemData(bytes, from: at, &out) {
        modemOffset &+= UInt64(taken)
        at += taken
        continue
      }
      let byte = bytes[at]
      if isInline { checkInlineEnd(byte, &out) }
      if pendingResult != nil { settleResult(nextIsLineFeed: byte == 0x0A, &out) }
      if undecided {
        // A result may open a data phase; then this byte is payload.
        decide(nextIsLineFeed: byte == 0x0A, &out)
        continue
      }
      if byte == 0x0A, afterReturn {
        afterReturn = false
        before = .both
        at += 1
        modemOffset &+= 1
        continue
      }
      afterReturn = false
      if strayFrame != nil || modemLine.isEmpty && byte == 0x7E && suspended?.spec.decoder == .ppp {
        let taken = skipFrame(bytes, from: at, &out)
        at += taken
        modemOffset &+= UInt64(taken)
        continue
      }
      if modemLine.isEmpty, modemStart.run > 0 { modemStart.reset() }
      if modemLine.isEmpty, beginsXModem(byte, asks: hostStart, hostLine.length == hostStartLetters) {
        beginSpontaneous(GenericData.xmodemToHost, hostStart, &out)
        continue
      }
      if byte == 0x0D || byte == 0x0A {
        at += 1
        modemOffset &+= 1
        endModemLine(byte == 0x0D ? .carriageReturn : .lineFeed, &out)
        continue
      }
      if modemLine.isEmpty {
        if takesPrompt(byte, &out) {
          at += 1
          modemOffset &+= 1
          continue
        }
        modemLine.begin(at: now, place: place, offset: modemOffset)
      }
      if modemLine.length == modemStart.run, XModemStart.isStart(byte) {
        modemStart.note(byte, at: now, place: place, offset: modemOffset)
        modemLine.append(byte)
        at += 1
        modemOffset &+= 1
        continue
      }
      var stop = at + 1
      while stop < bytes.count, bytes[stop] != 0x0D, bytes[stop] != 0x0A { stop += 1 }
      stop = endOfInlineHead(bytes, from: at, to: stop)
      modemLine.append(bytes.extracting(at..<stop))
      modemOffset &+= UInt64(stop - at)
      at = stop
      if beginsInlinePayload(bytes[stop - 1], &out) { afterReturn = false }
    }
  }

  /// A PPP frame although the data mode is suspended, up to its closing flag or the next line.
  private mutating func skipFrame(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int {
    var frame = strayFrame ?? event(.malformed, .modemToHost)
    var stop = strayFrame == nil ? at + 1 : at
    while stop < bytes.count, bytes[stop] != 0x7E, bytes[stop] != 0x0D { stop += 1 }
    let isEnded = stop < bytes.count
    if isEnded, bytes[stop] == 0x7E { stop += 1 }
    frame.length &+= Int32(truncatingIfNeeded: stop - at)
    strayFrame = frame
    if isEnded { endStrayFrame(&out) }
    return stop - at
  }

  mutating func endStrayFrame(_ out: inout EventBatch) {
    guard var frame = strayFrame else { return }
    strayFrame = nil
    frame.code = Malformed.modemGarbage.rawValue
    frame.end = now
    emit(frame, &out)
  }

  // MARK: Prompts

  /// Whether this byte at the start of a line belongs to a prompt. It is known without waiting for a line end,
  /// for none comes.
  private mutating func takesPrompt(_ byte: UInt8, _ out: inout EventBatch) -> Bool {
    if promptProgress > 0, byte == 0x20 { return true }
    guard byte == 0x3E, let index = open.indices.last else {
      promptProgress = 0
      return false
    }
    if promptProgress > 0 {
      // `>>`, or the next prompt of a text that goes over several lines.
      promptProgress += 1
      if phase?.received == 0, phase?.transaction == open[index].id, modemLine.isEmpty {
        emitPrompt(of: index, signs: promptProgress, &out)
      }
      return true
    }
    guard !open[index].answered else { return false }
    // In an undivided log other programs print `>` too.
    if inferred, !mayPrompt(open[index]) { return false }
    promptProgress = 1
    if open[index].prompted { return true }
    open[index].prompted = true
    if !open[index].firstByte.isKnown { open[index].firstByte = now }
    emitPrompt(of: index, signs: 1, &out)
    let form = currentForm(of: open[index])
    if let phases = form.form?.phases, !phases.isEmpty {
      followCommand(phases, open[index].parameters(of: form.position), transaction: open[index].id, &out)
    } else {
      beginPhase(GenericData.prompted, announced: -1, transaction: open[index].id, &out)
    }
    return true
  }

  private func mayPrompt(_ transaction: Transaction) -> Bool {
    transaction.commands.contains { $0.subject < 0 || !$0.traits.isDisjoint(with: [.prompt, .data]) }
  }

  private mutating func emitPrompt(of index: Int, signs: Int, _ out: inout EventBatch) {
    var prompt = event(.prompt, .modemToHost)
    prompt.transaction = open[index].id
    prompt.length = 1
    prompt.a = Int64(signs)
    emit(prompt, &out)
  }

  /// The prompt belongs to the last command of the line that can have one.
  func currentForm(of transaction: Transaction) -> (form: FormSpec?, position: Int) {
    for (position, command) in transaction.commands.enumerated().reversed() where command.traits.contains(.prompt) {
      if let form = book.commands[Int(command.subject)].form(command.form), !form.prompt.isEmpty {
        return (form, position)
      }
    }
    return (nil, 0)
  }

  /// An OK that opens data is no final result.
  mutating func takesPromptOK(_ index: Int, _ out: inout EventBatch) -> Bool {
    guard phase == nil, !open[index].prompted, !open[index].answered else { return false }
    let (form, position) = currentForm(of: open[index])
    guard let form, form.promptsWithOK, !form.phases.isEmpty else { return false }
    let parameters = open[index].parameters(of: position)
    guard form.promptWhen.isEmpty || evaluateNow(form.promptWhen, parameters, out).isTrue else { return false }
    open[index].prompted = true
    noteFirstByte(index)
    var prompt = modemEvent(.prompt)
    prompt.transaction = open[index].id
    emit(prompt, &out)
    followCommand(form.phases, parameters, transaction: open[index].id, &out)
    return true
  }

  private mutating func noteFirstByte(_ index: Int) {
    if !open[index].firstByte.isKnown { open[index].firstByte = modemLine.start }
  }

  // MARK: Lines

  mutating func endModemLine(_ end: LineEnd, _ out: inout EventBatch) {
    defer {
      if !undecided { modemLine.removeAll() }
      if end == .carriageReturn { afterReturn = true }
    }
    if modemLine.isEmpty {
      before = end == .carriageReturn ? .carriageReturn : before == .carriageReturn ? .both : .lineFeed
      return
    }
    promptProgress = 0
    if inferred { dropComment() }
    if end == .carriageReturn, verbose == .unknown, mayBeNumeric {
      undecided = true
      return
    }
    readModemLine(end, numeric: verbose == .off, &out)
    before = end
  }

  /// Under V0 a result is a number and CR alone (V.250 6.2.6); with LF behind it, it is a line of text.
  mutating func decide(nextIsLineFeed: Bool, _ out: inout EventBatch) {
    guard undecided else { return }
    undecided = false
    readModemLine(.carriageReturn, numeric: !nextIsLineFeed, &out)
    before = .carriageReturn
    modemLine.removeAll()
  }

  private var mayBeNumeric: Bool {
    guard let last = open.last, !last.answered, modemLine.length <= 2 else { return false }
    return ResultCodes.numeric(modemLine.bytes.span, book: book) != nil
  }

  /// People write remarks behind lines of a terminal log: two blanks and `//`.
  private mutating func dropComment() {
    if let end = Self.remark(in: modemLine.bytes.span) { modemLine.truncate(to: end) }
  }

  /// Where the text before a remark ends, if there is one.
  private static func remark(in bytes: Span<UInt8>) -> Int? {
    var at = 2
    while at + 1 < bytes.count {
      if bytes[at] == 0x2F, bytes[at + 1] == 0x2F, bytes[at - 1] == 0x20, bytes[at - 2] == 0x20 {
        while at > 0, bytes[at - 1] == 0x20 { at -= 1 }
        return at
      }
      at += 1
    }
    return nil
  }

  /// The final result whose framing was open: what follows its CR shows whether it was framed as it must.
  mutating func settleResult(nextIsLineFeed: Bool, _ out: inout EventBatch) {
    guard let pending = pendingResult else { return }
    pendingResult = nil
    guard !nextIsLineFeed, !lossy, !inferred else { return }
    var wrong = pending.event
    wrong.kind = .malformed
    wrong.code = Malformed.resultFraming.rawValue
    let text = resultText
    wrong.text = append(text.span, &out)
    emit(wrong, &out)
  }
}

/// The data phase of a prompt that the profile does not know: a text that ends with Ctrl-Z.
enum GenericData {
  static let prompted = DataSpec(
    id: -1, framing: .ctrlZ, cancel: 0x1B, from: .hostToModem, decoder: .text, kind: nil, masked: true,
    source: Source(document: -1, section: ""))

  static let xmodemToModem = DataSpec(
    id: -3, framing: .xmodem, from: .hostToModem, decoder: .bytes, kind: .xmodem,
    source: Source(document: -1, section: ""))

  static let xmodemToHost = DataSpec(
    id: -4, framing: .xmodem, from: .modemToHost, decoder: .bytes, kind: .xmodem,
    source: Source(document: -1, section: ""))

  static let multiplexed = DataSpec(
    id: -5, framing: .mux, from: .unknown, decoder: .bytes, kind: nil, source: Source(document: -1, section: ""))

  static let connected = DataSpec(
    id: -2, framing: .escape, from: .unknown, decoder: .ppp, kind: .transparent,
    source: Source(document: -1, section: ""))
}
