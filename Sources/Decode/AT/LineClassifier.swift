import Profile
import Trace

/// What a complete line of the modem is: echo, result, answer, late result, or nobody's question.
extension Channel {
  mutating func readModemLine(_ end: LineEnd, numeric: Bool, _ out: inout EventBatch) {
    if takesEcho(end, &out) { return }
    if modemLine.isCut {
      var long = modemEvent(.malformed)
      long.code = Malformed.lineTooLong.rawValue
      emit(long, &out)
    }
    if takesDataLine(&out) { return }
    if let found = result(end, numeric: numeric) {
      finishTransaction(found.result, numeric: found.numeric, end, &out)
      return
    }
    if phase?.state == .closing, phase?.direction == .modemToHost, !isKnownLine() {
      closingExtra(&out)
      return
    }
    readAnswer(&out)
  }

  /// Data that are one line: a PDU, or a text.
  private mutating func takesDataLine(_ out: inout EventBatch) -> Bool {
    guard let current = phase, current.spec.framing == .line, current.direction == .modemToHost else { return false }
    // A result or another answer in its place says that the line did not come.
    guard ResultCodes.verbose(modemLine.bytes.span, book: book) == nil else {
      endPhase(.abandoned, difference: 0, &out)
      return false
    }
    let line = modemLine.bytes
    let (instant, stood, at) = (now, place, modemOffset)
    // The payload stands where the line began.
    now = modemLine.start
    place = modemLine.place
    modemOffset = modemLine.offset
    takePayload(line.span, .modemToHost, &out)
    endPhase(.complete, difference: 0, &out)
    (now, place, modemOffset) = (instant, stood, at)
    return true
  }

  /// Whether the profile knows a line with this prefix, from the running command, a waiting one, or unasked.
  private func isKnownLine() -> Bool {
    let line = modemLine.bytes.span
    let prefix = LinePrefix(line)
    let name = prefix.hasColon ? line.extracting(0..<prefix.nameEnd) : line
    if book.unsolicited(name) >= 0 { return true }
    if book.wordLines.contains(where: { $0.template?.values(in: line) != nil }) { return true }
    guard prefix.hasColon else { return false }
    for transaction in open {
      for command in transaction.commands where command.subject >= 0 {
        guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
        if form.gives.contains(where: { Self.equal($0.prefix, name) }) { return true }
      }
    }
    for wait in waits where wait.subject >= 0 {
      guard let form = book.commands[Int(wait.subject)].form(wait.form) else { continue }
      if form.late.contains(where: { Self.equal($0.prefix, name) }) { return true }
    }
    return false
  }

  // MARK: Echo

  /// An echo is the command line as sent, before anything of the answer (V.250 5.2.3).
  private mutating func takesEcho(_ end: LineEnd, _ out: inout EventBatch) -> Bool {
    let bytes = modemLine.bytes
    let looksLikeCommand =
      bytes.count >= 2 && bytes[0] | 0x20 == 0x61 && (bytes[1] | 0x20 == 0x74 || bytes[1] == 0x2F)
    if inferred {
      guard looksLikeCommand, phase == nil, isCommandLine(bytes.span), !isTextOfAnswer(bytes) else { return false }
      if bytes[1] == 0x2F {
        beginTransaction(
          .repeated, start: modemLine.start, place: modemLine.place, offset: modemLine.offset, length: 2,
          flags: .repeated, &out)
      } else {
        beginTransaction(
          .modemLine, start: modemLine.start, place: modemLine.place, offset: modemLine.offset,
          length: modemLine.length, flags: [], &out)
      }
      if let last = open.indices.last { open[last].echoSeen = true }
      return true
    }
    guard let index = open.indices.last, !open[index].answered else { return isLateEcho(looksLikeCommand, &out) }
    if !open[index].echoSeen, isEcho(of: index) {
      open[index].echoSeen = true
      for secret in open[index].secrets {
        hide(
          at: modemLine.offset &+ UInt64(secret.range.lowerBound), count: secret.range.count,
          Parameter.Mask(rawValue: secret.mask) ?? .secret, secret.number, .modemToHost, modemLine.place, &out)
      }
      if echo == .off, !changesEcho(open[index]) {
        var wrong = modemEvent(.malformed)
        wrong.code = Malformed.echoUnexpected.rawValue
        wrong.transaction = open[index].id
        wrong.a = Int64(open[index].place)
        emit(wrong, &out)
      } else if echo == .unknown {
        echo = .on
      }
      // With the echo seen, older open commands will get no answer any more.
      while open.count > 1 { giveUp(0, .nextCommand, &out) }
      return true
    }
    guard looksLikeCommand, !open[index].echoSeen, !open[index].hasEvidence, echo != .off else { return false }
    var wrong = modemEvent(.malformed)
    wrong.code = Malformed.echoMismatch.rawValue
    wrong.transaction = open[index].id
    wrong.text = append(bytes.span, &out)
    if !open[index].secrets.isEmpty {
      hide(at: modemLine.offset, count: bytes.count, .secret, 0, .modemToHost, modemLine.place, &out)
    }
    emit(wrong, &out)
    open[index].echoSeen = true
    return true
  }

  /// Within an answer, a line that begins like a command in other letters than the host's is text of a message.
  private func isTextOfAnswer(_ bytes: [UInt8]) -> Bool {
    guard let running = open.last, !running.answered, running.hasEvidence, running.text.count >= 2 else { return false }
    return bytes[0] != running.text[0] || bytes[1] != running.text[1] && bytes[1] != 0x2F
  }

  /// The echo of a command line that the log does not have (the trace began in the middle).
  private mutating func isLateEcho(_ looksLikeCommand: Bool, _ out: inout EventBatch) -> Bool {
    looksLikeCommand && partial
  }

  private func isEcho(of index: Int) -> Bool {
    let line = modemLine.bytes
    let sent = open[index].text
    if line.count == sent.count { return line.elementsEqual(sent) }
    // A leading blank or the CR of a paced echo may be missing; a `A/` echoes as typed.
    return line.count == 2 && line[1] == 0x2F && line[0] | 0x20 == 0x61
  }

  private func changesEcho(_ transaction: Transaction) -> Bool {
    for command in transaction.commands where command.letter == 0x45 || command.letter == 0x5A { return true }
    return false
  }

  /// Whether a line of an undivided log can be the echo of a command.
  private func isCommandLine(_ line: Span<UInt8>) -> Bool { Self.looksLikeCommand(line) }

  /// The same for what a host sends behind a long silence within a text, where blanks are as likely as in any text.
  static func mayBeCommand(_ line: Span<UInt8>) -> Bool {
    guard line.count > 3, line[2] == 0x20 else { return looksLikeCommand(line) }
    return !CommandParser.isLetter(line[3]) || line.count > 4 && !CommandParser.isLetter(line[4])
  }

  private static func looksLikeCommand(_ line: Span<UInt8>) -> Bool {
    if line.count == 2 { return true }
    guard line.count > 2 else { return false }
    switch line[2] {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x26, 0x5C, 0x20: return true
    default:
      guard CommandParser.isLetter(line[2]) else { return false }
      // A basic command: a letter, then digits, signs, or further letters of that kind; words are no commands.
      if line[2] | 0x20 == 0x64 { return true }
      return line.count == 3 || !CommandParser.isLetter(line[3])
        || line.count > 4 && CommandParser.isDigit(line[4])
    }
  }

  // MARK: Results

  private mutating func result(_ end: LineEnd, numeric: Bool) -> (result: ResultCodes.Found, numeric: Bool)? {
    guard let found = plainResult(end, numeric: numeric) else { return nil }
    // The profile's own results stay what they are.
    let isOwn = found.result.final == .otherSuccess || found.result.final == .otherFailure
    return !isOwn && isGiven() || isUnasked() ? nil : found
  }

  private func plainResult(_ end: LineEnd, numeric: Bool) -> (result: ResultCodes.Found, numeric: Bool)? {
    let line = modemLine.bytes.span
    if let found = ResultCodes.verbose(line, book: book) {
      if found.final == .connect, open.isEmpty { return nil }
      return (found, false)
    }
    if let found = vendorResult(line) { return (found, false) }
    // A numeric result ends with S3 alone (V.250 6.2.6), and a running command must want one.
    guard end == .carriageReturn, numeric || changesVerbose, let index = open.indices.last, !open[index].answered,
      let found = ResultCodes.numeric(line, book: book)
    else { return nil }
    return (found, true)
  }

  /// A line that the running command lists among its answers is not its end, even if it is a result code elsewhere.
  private mutating func isGiven() -> Bool {
    let text = modemLine.bytes
    let line = text.span
    guard let last = open.last, !last.answered else { return false }
    for position in last.commands.indices where last.commands[position].subject >= 0 {
      let command = last.commands[position]
      guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      for spec in form.gives where spec.isWhole(line) || spec.template?.values(in: line) != nil {
        guard !spec.when.isEmpty else { return true }
        let parameters = last.parameters(of: position)
        let isDue = machine.evaluate(
          spec.when, fields: Span<Field>(), parameters: parameters.fields.span.extracting(parameters.range),
          context: Machine.Context())
        if !isDue.isFalse { return true }
      }
    }
    return false
  }

  /// A result that the profile lists as unsolicited too may come when no command is running.
  private func isUnasked() -> Bool {
    let line = modemLine.bytes.span
    guard open.last.map(\.answered) ?? true, phase == nil else { return false }
    var known = book.unsolicited(line)
    if known >= 0 { return true }
    let prefix = LinePrefix(line)
    guard prefix.hasColon else { return false }
    known = book.unsolicited(line.extracting(0..<prefix.nameEnd))
    while known >= 0 {
      if book.unsolicited[known].isLiteral(line.extracting(prefix.valueStart..<line.count)) { return true }
      known = book.next(ofUnsolicited: known)
    }
    return false
  }

  /// A host may break off the wait for a line that has a result of its own.
  private func endsUnasked(_ wait: Wait) -> Bool {
    guard wait.subject >= 0, let form = book.commands[Int(wait.subject)].form(wait.form) else { return false }
    return form.late.contains { $0.hasResult }
  }

  /// Commands that the profile does not know may end in a way of their own: `SHUT OK`, `SEND FAIL`.
  private func vendorResult(_ line: Span<UInt8>) -> ResultCodes.Found? {
    guard let last = open.last, !last.answered, last.commands.indices.contains(last.current),
      last.commands[last.current].subject < 0, line.count <= 24
    else { return nil }
    if ResultCodes.ends(line, " OK") { return ResultCodes.Found(final: .otherSuccess) }
    if ResultCodes.ends(line, " FAIL") || ResultCodes.ends(line, " ERROR") {
      return ResultCodes.Found(final: .otherFailure)
    }
    return nil
  }

  private var changesVerbose: Bool {
    guard let index = open.indices.last else { return false }
    for command in open[index].commands where command.letter == 0x56 || command.letter == 0x5A { return true }
    return false
  }

  private mutating func finishTransaction(
    _ found: ResultCodes.Found, numeric: Bool, _ end: LineEnd, _ out: inout EventBatch
  ) {
    if found.final == .ok, let index = open.indices.last, takesPromptOK(index, &out) { return }
    closePhase(atResult: found.final, &out)
    guard let index = answeredIndex(found.final) else {
      strayResult(found, &out)
      return
    }
    // Data of a command that the profile does not know may have no line end: they are no part of the next line.
    if !inferred, index == open.count - 1 { dropHostLine(&out) }
    var final = modemEvent(.final)
    final.transaction = open[index].id
    final.code = found.final.rawValue
    final.a = found.number
    if !open[index].firstByte.isKnown { open[index].firstByte = modemLine.start }
    final.b = open[index].firstByte.since(open[index].sent) ?? -1
    final.c = now.since(open[index].sent) ?? -1
    final.text = append(modemLine.bytes.span, &out)
    if index < open.count - 1 { final.flags.insert(.late) }
    let subject =
      open[index].commands.indices.contains(open[index].current)
      ? open[index].commands[open[index].current].subject : -1
    final.subject = subject
    emit(final, &out)
    if quiet == .on, !open[index].commands.contains(where: { $0.letter == 0x51 || $0.letter == 0x5A }) {
      var wrong = final
      wrong.kind = .malformed
      wrong.code = Malformed.resultSuppressed.rawValue
      emit(wrong, &out)
    }
    quiet = .off
    okMayFollow = book.final(modemLine.bytes.span)?.mayPrecedeOK ?? false
    checkForm(of: final, numeric: numeric, end, &out)
    applySettings(of: index, success: found.final.isSuccess, numeric: numeric, &out)
    if found.final.isSuccess {
      promise(of: index)
      keepSettings(of: index)
    }
    applyTransferMoves(of: index, success: found.final.isSuccess, &out)
    let transaction = open.remove(at: index)
    if found.final == .connect { connect(transaction, &out) } else if found.final == .ok { openData(transaction, &out) }
    if spare.count < Limits.openTransactions { spare.append(transaction) }
  }

  /// Which open command line this result belongs to: the newest, unless an older one has shown itself to answer.
  private func answeredIndex(_ final: Final) -> Int? {
    guard !open.isEmpty else { return nil }
    if open.count > 1, let older = open.indices.first(where: { open[$0].hasEvidence }),
      !open[open.count - 1].hasEvidence,
      !open[open.count - 1].echoSeen
    {
      return older
    }
    // An OK that comes before the answer which the newest cannot do without belongs to the one before it: the host
    // does not wait for results, and reads one behind.
    if open.count > 1, final == .ok, let newest = open.last, !newest.hasEvidence, !newest.echoSeen, owesAnswer(newest),
      let older = open.indices.dropLast().first(where: { !owesAnswer(open[$0]) })
    {
      return older
    }
    return open.count - 1
  }

  /// Whether a command of the line promises a line that has to come before OK.
  private func owesAnswer(_ transaction: Transaction) -> Bool {
    for command in transaction.commands where command.subject >= 0 {
      guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      for spec in form.gives where spec.times.lowerBound > 0 && spec.when.isEmpty { return true }
    }
    return false
  }

  private mutating func strayResult(_ found: ResultCodes.Found, _ out: inout EventBatch) {
    var isDue = resultIsDue || okMayFollow && found.final == .ok
    if !isDue { for wait in waits where endsUnasked(wait) { isDue = true } }
    if isDue {
      resultIsDue = false
      okMayFollow = false
      var line = modemEvent(.unsolicited)
      line.text = append(modemLine.bytes.span, &out)
      emit(line, &out)
      return
    }
    switch found.final {
    case .noCarrier, .busy, .noAnswer, .noDialtone, .connect:
      // These may come unasked (27.007, V.250 6.3): a call ended.
      var line = modemEvent(.unsolicited)
      line.text = append(modemLine.bytes.span, &out)
      let known = book.unsolicited(modemLine.bytes.span)
      if known >= 0, book.unsolicited[known].isText { line.subject = Int32(book.unsolicited[known].id) }
      emit(line, &out)
    default:
      guard !partial else { return }
      var stray = modemEvent(.malformed)
      stray.code = Malformed.strayFinal.rawValue
      stray.text = append(modemLine.bytes.span, &out)
      emit(stray, &out)
    }
  }

  /// `<CR><LF>text<CR><LF>` under V1, `number<CR>` under V0 (V.250 5.7.1, 6.2.6).
  private mutating func checkForm(of final: Event, numeric: Bool, _ end: LineEnd, _ out: inout EventBatch) {
    guard !lossy, !inferred else { return }
    let own = final.code > Final.cms.rawValue ? book.final(modemLine.bytes.span) : nil
    let hasNumber = own.map { $0.number >= 0 } ?? (final.code < Final.cme.rawValue)
    if !numeric, verbose == .off, !changesVerbose, hasNumber {
      var wrong = final
      wrong.kind = .malformed
      wrong.code = Malformed.resultForm.rawValue
      emit(wrong, &out)
      return
    }
    guard !numeric else { return }
    if before != .both || end == .lineFeed {
      var wrong = final
      wrong.kind = .malformed
      wrong.code = Malformed.resultFraming.rawValue
      emit(wrong, &out)
    } else if end == .carriageReturn {
      pendingResult = PendingResult(event: final)
      resultText.removeAll(keepingCapacity: true)
      resultText.append(contentsOf: modemLine.bytes)
    }
  }

  /// Echo, result form and terminators as the commands of the line set them.
  private mutating func applySettings(of index: Int, success: Bool, numeric: Bool, _ out: inout EventBatch) {
    if numeric { verbose = .off } else if verbose == .unknown, !changesVerbose { verbose = .on }
    if !open[index].echoSeen, echo == .unknown, !inferred, !changesEcho(open[index]) { echo = .off }
    guard success else { return }
    for command in open[index].commands where command.traits.contains(.rate) {
      noteMode(Event.lineRate, command.number, &out)
    }
    if open[index].commands.contains(where: { $0.traits.contains(.restart) }) {
      echo = .unknown
      verbose = .unknown
    }
    for command in open[index].commands where command.letter != 0 {
      switch (command.letter, command.nameCount) {
      case (0x45, 1): echo = change(0x45, to: command, &out)
      case (0x56, 1): verbose = change(0x56, to: command, &out)
      case (0x51, 1): quiet = command.number == 1 ? .on : .off
      case (0x5A, 1):
        echo = .unknown
        verbose = .unknown
      case (0x53, 2):
        let digit = Int(command.nameStart) + 1
        guard command.form == .write, open[index].text.indices.contains(digit), command.number <= 127 else { break }
        if open[index].text[digit] == 0x33 { terminator = UInt8(truncatingIfNeeded: command.number) }
      case (0x26, 2):
        let letter = Int(command.nameStart) + 1
        if open[index].text.indices.contains(letter), NameLetter.upper(open[index].text[letter]) == 0x46 {
          echo = .unknown
          verbose = .unknown
          terminator = 0x0D
        }
      default: break
      }
    }
  }

  private func change(
    _ letter: UInt8, to command: Transaction.CommandState, _ out: inout EventBatch
  ) -> Setting {
    noteMode(Int32(letter), command.number, &out)
    return command.number == 0 ? .off : .on
  }

  private func noteMode(_ letter: Int32, _ value: Int64, _ out: inout EventBatch) {
    var mode = event(.mode, .hostToModem)
    mode.code = letter
    mode.a = value
    emit(mode, &out)
  }

  /// Commands that promised a result for later now wait for it.
  private mutating func promise(of index: Int) {
    guard !open[index].lateSeen else { return }
    let transaction = open[index]
    for position in transaction.commands.indices where transaction.commands[position].traits.contains(.late) {
      let command = transaction.commands[position]
      if waits.count >= Limits.waits { spareWaits.append(waits.removeFirst()) }
      let wait = spareWaits.popLast() ?? Wait()
      wait.transaction = transaction.id
      wait.subject = command.subject
      wait.form = command.form
      wait.fields.removeAll(keepingCapacity: true)
      wait.fields.append(contentsOf: transaction.fields[transaction.parameterRange(of: position)])
      wait.text.removeAll(keepingCapacity: true)
      wait.text.append(contentsOf: transaction.text)
      wait.textBase = transaction.textBase
      waits.append(wait)
    }
  }

  /// What decides how later bytes are framed.
  private mutating func keepSettings(of index: Int) {
    guard !book.framingMemory.isEmpty else { return }
    let transaction = open[index]
    for (position, command) in transaction.commands.enumerated() where command.subject >= 0 {
      guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      let none: [Field] = []
      keepFraming(form.onOK, none.span, transaction.parameters(of: position))
    }
  }

  /// A command without a prompt and without CONNECT whose OK opens data.
  private mutating func openData(_ transaction: Transaction, _ out: inout EventBatch) {
    guard let position = transaction.commands.lastIndex(where: { $0.traits.contains(.data) }) else { return }
    let command = transaction.commands[position]
    guard phase == nil, let form = book.commands[Int(command.subject)].form(command.form), !form.phases.isEmpty,
      form.prompt.isEmpty, !form.finals.contains(.connect)
    else { return }
    followCommand(form.phases, transaction.parameters(of: position), transaction: transaction.id, &out)
  }

  private mutating func connect(_ transaction: Transaction, _ out: inout EventBatch) {
    if let resumed = suspended, transaction.commands.contains(where: { $0.letter == 0x4F }) {
      resumed.mark = 0
      resumed.place = place
      phase = resumed
      suspended = nil
      return
    }
    for (position, command) in transaction.commands.enumerated().reversed() where command.traits.contains(.data) {
      guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      followCommand(form.phases, transaction.parameters(of: position), transaction: transaction.id, &out)
      return
    }
    beginPhase(GenericData.connected, announced: -1, transaction: transaction.id, &out)
  }
}
