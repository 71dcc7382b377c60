import Profile
import Trace

/// What the host sends: command lines, and data where a data phase asks for them.
extension Channel {
  mutating func host(_ bytes: Span<UInt8>, _ out: inout EventBatch) {
    var at = 0
    while at < bytes.count {
      if holdsCommand, let taken = holdCommand(bytes, from: at, &out) {
        hostOffset &+= UInt64(taken)
        at += taken
        continue
      }
      if beganAtOnce {
        beganAtOnce = false
        if phase != nil, bytes[at] == 0x0A {
          hostOffset &+= 1
          at += 1
          continue
        }
      }
      if phase != nil, let taken = hostData(bytes, from: at, &out) {
        hostOffset &+= UInt64(taken)
        at += taken
        continue
      }
      let byte = bytes[at]
      if hostLine.isEmpty, hostStartLetters > 0 {
        hostStart.reset()
        hostStartLetters = 0
      }
      if hostLine.isEmpty, beginsXModem(byte, asks: modemStart, modemLine.length == modemStart.run) {
        beginSpontaneous(GenericData.xmodemToModem, modemStart, &out)
        continue
      }
      noteHostStart(byte)
      if hostLine.isEmpty {
        if !beginsLine(byte) {
          at += 1
          hostOffset &+= 1
          continue
        }
        hostLine.begin(at: now, place: place, offset: hostOffset)
      }
      // Everything up to the terminator at once.
      var stop = at
      while stop < bytes.count, bytes[stop] != terminator, bytes[stop] != 0x0A, bytes[stop] != 0x08 { stop += 1 }
      if stop > at {
        if hostLine.length <= 1, let taken = repeatCommand(bytes, from: at, &out) {
          at += taken
          continue
        }
        hostLine.append(bytes.extracting(at..<stop))
        hostOffset &+= UInt64(stop - at)
        at = stop
        continue
      }
      at += 1
      hostOffset &+= 1
      if byte == 0x08, terminator != 0x08 {
        hostLine.dropLast()
      } else {
        endHostLine(byLineFeed: byte != terminator, complete: true, &out)
      }
    }
    lastHostByte = now
  }

  /// LF, blanks and control characters before a command line carry no meaning (V.250 5.2.1).
  private func beginsLine(_ byte: UInt8) -> Bool {
    if byte > 0x20 { return byte != 0x7F }
    // While the modem sends, they are meant to break it off.
    guard let phase, phase.direction == .modemToHost, phase.spec.framing == .dotLine || phase.spec.framing == .dleEtx
    else { return false }
    return byte == 0x03 || byte == 0x10 || byte == 0x1A || byte == 0x1B
  }

  /// `A/` repeats the last line at once, without a terminator (V.250 5.2.4).
  private mutating func repeatCommand(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    if hostLine.isEmpty {
      guard at + 1 < bytes.count, bytes[at] | 0x20 == 0x61, bytes[at + 1] == 0x2F else { return nil }
      hostLine.append(bytes.extracting(at..<at + 2))
      hostOffset &+= 2
      beginRepeated(&out)
      return 2
    }
    guard hostLine.bytes.first.map({ $0 | 0x20 == 0x61 }) == true, bytes[at] == 0x2F else { return nil }
    hostLine.append(bytes.extracting(at..<at + 1))
    hostOffset &+= 1
    beginRepeated(&out)
    return 1
  }

  private mutating func beginRepeated(_ out: inout EventBatch) {
    hostLine.removeAll()
    beginTransaction(.repeated, start: now, place: place, offset: hostOffset, length: 2, flags: .repeated, &out)
  }

  mutating func endHostLine(byLineFeed: Bool, complete: Bool, _ out: inout EventBatch) {
    defer { hostLine.removeAll() }
    var first = 0
    // `+++` in command mode is without effect; it may stand before a command.
    while first + 2 < hostLine.bytes.count, hostLine.bytes[first] == 0x2B, hostLine.bytes[first + 1] == 0x2B,
      hostLine.bytes[first + 2] == 0x2B
    { first += 3 }
    while first < hostLine.bytes.count, hostLine.bytes[first] <= 0x20 { first += 1 }
    guard first < hostLine.bytes.count else { return }
    guard let begin = Self.commandStart(hostLine.bytes.span, from: first) else {
      if complete, readHostAnswer(from: first, &out) { return }
      var garbage = hostEvent(.malformed)
      garbage.code = Malformed.hostGarbage.rawValue
      garbage.text = append(hostLine.bytes.span, &out)
      hideStray(garbage, &out)
      if !inferred { emit(garbage, &out) }
      return
    }
    guard complete else { return }
    if hostLine.isCut {
      var long = hostEvent(.malformed)
      long.code = Malformed.lineTooLong.rawValue
      emit(long, &out)
    }
    if byLineFeed, !lossy {
      var wrong = hostEvent(.malformed)
      wrong.code = Malformed.lineFeedTerminator.rawValue
      wrong.text = append(hostLine.bytes.span, &out)
      emit(wrong, &out)
    }
    beginTransaction(
      .hostLine(from: begin), start: hostLine.start, place: hostLine.place, offset: hostLine.offset &+ UInt64(begin),
      length: hostLine.length - begin, flags: hostLine.isCut ? .cut : [], &out)
  }

  /// What the host sent while the modem had the line is no data; it stays only if it may begin a command.
  mutating func dropHostLine(_ out: inout EventBatch) {
    guard let first = hostLine.bytes.first, first | 0x20 != 0x61 else { return }
    var garbage = hostEvent(.malformed)
    garbage.code = Malformed.hostGarbage.rawValue
    garbage.text = append(hostLine.bytes.span, &out)
    hideStray(garbage, &out)
    hostLine.removeAll()
    if !inferred { emit(garbage, &out) }
  }

  /// Where `AT` begins in a line: at its start, or behind line noise that a modem would skip as well.
  private static func commandStart(_ line: Span<UInt8>, from first: Int) -> Int? {
    guard line.count - first >= 2 else { return nil }
    if line[first] | 0x20 == 0x61, line[first + 1] | 0x20 == 0x74 { return first }
    return nil
  }

  // MARK: Transactions

  /// Where the text of a command line stands.
  enum LineSource {
    case hostLine(from: Int)
    /// An undivided log: the echo is all there is of the command.
    case modemLine
    case repeated
  }

  mutating func beginTransaction(
    _ source: LineSource, start: Instant, place: Int, offset: UInt64, length: Int, flags: Event.Flags,
    _ out: inout EventBatch
  ) {
    // What is settled here may end a data phase, and that forgets what the host had begun to send: this very line.
    let line = hostLine
    decide(nextIsLineFeed: false, &out)
    settleResult(nextIsLineFeed: false, &out)
    if phase != nil { hostWentOn(&out) }
    // With nothing running, the line ends so far belong to what was said before; an answer brings its own.
    if open.isEmpty, !inferred { before = .none }
    meetRunningCommand(place: place, start: start, offset: offset, &out)
    let transaction = spare.popLast() ?? Transaction()
    transaction.begin(id: transactions.next())
    transaction.start = start
    transaction.sent = now
    transaction.place = place
    transaction.inferred = inferred
    switch source {
    case .hostLine(let first): transaction.text.append(contentsOf: line.bytes.dropFirst(first))
    case .modemLine: transaction.text.append(contentsOf: modemLine.bytes)
    case .repeated: transaction.text.append(contentsOf: lastCommandLine)
    }
    if !flags.contains(.repeated) {
      lastCommandLine.removeAll(keepingCapacity: true)
      lastCommandLine.append(contentsOf: transaction.text)
    }
    var head = Event(
      .commandLine, direction: .hostToModem, port: port, start: start, end: now, place: place, offset: offset)
    head.length = Int32(truncatingIfNeeded: length)
    head.flags = flags
    if inferred { head.flags.insert(.inferred) }
    head.transaction = transaction.id
    let sent = transaction.text
    head.text = append(sent.span, &out)
    transaction.textBase = head.text.start
    let headIndex = out.events.count
    emit(head, &out)
    var parser = CommandParser(
      body: (Int(head.text.start) + min(2, transaction.text.count))..<head.text.range.upperBound, book: book)
    while let command = parser.next(in: &out) {
      if transaction.commands.count >= Limits.commandsInLine {
        var wrong = head
        wrong.kind = .malformed
        wrong.code = Malformed.tooManyCommands.rawValue
        emit(wrong, &out)
        break
      }
      note(command, of: transaction, head: head, &out)
    }
    out.events[headIndex].a = Int64(transaction.commands.count)
    open.append(transaction)
    partial = false
    okMayFollow = false
    resultIsDue = false
    continuation = nil
    promptProgress = 0
    keepSent(transaction)
    beginDataAtOnce(transaction, &out)
  }

  /// What sending a command changes in the memory that decides how bytes are framed.
  private mutating func keepSent(_ transaction: Transaction) {
    guard !book.framingMemory.isEmpty else { return }
    let none: [Field] = []
    for position in transaction.commands.indices where transaction.commands[position].subject >= 0 {
      let command = transaction.commands[position]
      guard let form = book.commands[Int(command.subject)].form(command.form), !form.onSent.moves.isEmpty else {
        continue
      }
      keepFraming(form.onSent, none.span, transaction.parameters(of: position))
    }
  }

  /// Data that nothing asks for begin behind the command line.
  private mutating func beginDataAtOnce(_ transaction: Transaction, _ out: inout EventBatch) {
    guard let last = transaction.commands.last, last.traits.contains(.dataAtOnce), !inferred,
      let form = book.commands[Int(last.subject)].form(last.form)
    else { return }
    transaction.prompted = true
    let parameters = transaction.parameters(of: transaction.commands.count - 1)
    followCommand(form.phases, parameters, transaction: transaction.id, &out)
    beganAtOnce = phase != nil
  }

  private static let rateName = Array("+IPR".utf8)
  private static let functionalityName = Array("+CFUN".utf8)

  /// AT+CFUN=<fun>,1 resets the modem (27.007 8.2); so do values of <fun> that manufacturers have added.
  private func restarts(_ command: ParsedCommand, _ text: borrowing [UInt8], _ fields: borrowing [Field]) -> Bool {
    let name = command.name.range
    guard command.form == .write, name.count == Self.functionalityName.count, name.upperBound <= text.count,
      zip(name, Self.functionalityName).allSatisfy({ NameLetter.upper(text[$0]) == $1 })
    else { return false }
    let given = command.fields.range
    guard given.upperBound <= fields.count, let first = given.first else { return false }
    if fields[first].kind == .integer, fields[first].number > 4 { return true }
    guard given.count > 1 else { return false }
    return fields[first + 1].kind == .integer && fields[first + 1].number == 1
  }

  private mutating func note(
    _ command: ParsedCommand, of transaction: Transaction, head: Event, _ out: inout EventBatch
  ) {
    var one = head
    one.kind = .command
    one.subject = command.subject
    one.form = command.form.rawValue
    one.fields = command.fields
    one.text = command.text
    one.a = Int64(transaction.commands.count)
    one.b = Int64(command.name.count)
    one.offset = head.offset &+ UInt64(max(0, command.text.start - head.text.start))
    one.length = command.text.count
    hideSecrets(of: command, head: head, in: transaction, &out)
    emit(one, &out)
    let name = command.name.range
    let isBasic = name.count <= 2 && name.upperBound <= out.text.count && !name.isEmpty
    let first = command.fields.count > 0 ? out.fields[Int(command.fields.start)] : Field(kind: .empty)
    var traits = Transaction.Traits(
      command.subject >= 0 ? book.commands[Int(command.subject)].form(command.form) : nil)
    if name.count == Self.rateName.count, command.form == .write, first.kind == .integer,
      zip(name, Self.rateName).allSatisfy({ NameLetter.upper(out.text[$0]) == $1 })
    {
      traits.insert(.rate)
    }
    if restarts(command, out.text, out.fields) { traits.insert(.restart) }
    transaction.commands.append(
      Transaction.CommandState(
        subject: command.subject, form: command.form, firstField: Int32(transaction.fields.count),
        fieldCount: command.fields.count, nameStart: command.name.start - head.text.start,
        nameCount: command.name.count, letter: isBasic ? NameLetter.upper(out.text[name.lowerBound]) : 0,
        number: first.kind == .integer ? first.number : 0,
        traits: traits))
    transaction.fields.append(contentsOf: out.fields[command.fields.range])
  }

  /// Marks the values that the profile says are secret; of a command it does not know, every text of one that looks
  /// like it takes a password.
  private func hideSecrets(
    of command: ParsedCommand, head: Event, in transaction: Transaction, _ out: inout EventBatch
  ) {
    guard command.fields.count > 0 else { return }
    if command.subject < 0 {
      let start = UInt64(max(0, command.text.start - head.text.start))
      hideNumbers(in: command.text, at: head.offset &+ start, .hostToModem, head.place, &out)
    }
    let signature = command.subject >= 0 ? book.commands[Int(command.subject)].form(command.form)?.takes : nil
    let guessed = signature == nil && SecretNames.looksSecret(out.text.span.extracting(command.name.range))
    for (index, at) in command.fields.range.enumerated() {
      let field = out.fields[at]
      let parameter = signature?.parameter(at: index)
      var mask = parameter?.mask ?? .none
      if parameter == nil, !guessed {
        let start = UInt64(max(0, field.text.start - head.text.start))
        hideNumbers(in: field.text, at: head.offset &+ start, .hostToModem, head.place, &out)
      }
      if guessed || index > 0 && SecretNames.namesSecret(out.fields[at - 1], in: out.text.span) { mask = .secret }
      guard mask.hides(field, in: out.text.span), field.text.count > 0 else { continue }
      let start = Int(field.text.start - head.text.start)
      let number = mask == .body ? 0 : out.secretNumber(of: field.text.range)
      transaction.secrets.append((start..<start + Int(field.text.count), mask.rawValue, number))
      hide(
        at: head.offset &+ UInt64(max(0, start)), count: Int(field.text.count), mask, number, .hostToModem, head.place,
        &out)
    }
  }

  /// Signs with which the names of commands begin.
  private static let prefixSigns = Array("+^#$%&*!/\\".utf8)

  /// Text of the host that nothing asked for may be data of a command that the profile does not know: words are hidden,
  /// noise and a command that lost its beginning are not.
  private func hideStray(_ garbage: Event, _ out: inout EventBatch) {
    let range = garbage.text.range
    let readable = range.count { NameLetter.isAlphanumeric(out.text[$0]) || out.text[$0] == 0x20 }
    // `T+CSQ`, `+CSQ`.
    let isMangled = range.prefix(2).contains { Self.prefixSigns.contains(out.text[$0]) }
    if range.count >= Limits.strayText, readable * 4 >= range.count * 3, !isMangled {
      hide(at: garbage.offset, count: range.count, .body, 0, .hostToModem, garbage.place, &out)
    } else {
      hideNumbers(in: garbage.text, at: garbage.offset, .hostToModem, garbage.place, &out)
    }
  }

  /// Numbers of ten digits and more in text that no shape explains: subscriber numbers, IMEI, IMSI, ICCID.
  func hideNumbers(
    in text: Slice, at offset: UInt64, _ direction: Direction, _ place: Int, _ out: inout EventBatch
  ) {
    var digits = 0
    for index in text.range.lowerBound...text.range.upperBound {
      if index < text.range.upperBound, CommandParser.isDigit(out.text[index]) {
        digits += 1
        continue
      }
      if digits >= SecretNumbers.identityDigits {
        let start = index - digits - text.range.lowerBound
        let number = out.secretNumber(of: index - digits..<index)
        hide(at: offset &+ UInt64(max(0, start)), count: digits, .identity, number, direction, place, &out)
      }
      digits = 0
    }
  }

  func hide(
    at offset: UInt64, count: Int, _ mask: Parameter.Mask, _ number: Int32, _ direction: Direction, _ place: Int,
    _ out: inout EventBatch
  ) {
    var secret = Event(
      .secret, direction: inferred ? .unknown : direction, port: port, start: now, end: now, place: place,
      offset: offset)
    secret.length = Int32(truncatingIfNeeded: count)
    secret.code = Int32(mask.rawValue)
    secret.a = Int64(number)
    emit(secret, &out)
  }

  /// A command comes while another still runs: an abort where that is allowed, else an overlap.
  private mutating func meetRunningCommand(place: Int, start: Instant, offset: UInt64, _ out: inout EventBatch) {
    guard let last = open.last, !last.answered else { return }
    if last.mayBeOver {
      while !open.isEmpty { giveUp(0, .over, &out) }
      return
    }
    if quiet == .on || last.setsQuiet {
      // V.250 6.2.5: from here on nothing says that a command is done.
      quiet = .on
      while !open.isEmpty { giveUp(0, .suppressed, &out) }
      return
    }
    let running = last.commands.indices.contains(last.current) ? last.commands[last.current].subject : -1
    var abortable = false
    if running >= 0 {
      let command = book.commands[Int(running)]
      abortable = command.abortable || command.form(last.commands[last.current].form)?.abortable == true
    }
    var meeting = Event(
      abortable ? .abort : .malformed, direction: .hostToModem, port: port, start: start, end: now, place: place,
      offset: offset)
    meeting.transaction = last.id
    meeting.a = Int64(last.place)
    if inferred { meeting.flags.insert(.inferred) }
    if !abortable { meeting.code = Malformed.overlap.rawValue }
    emit(meeting, &out)
    if open.count >= Limits.openTransactions { giveUp(0, .nextCommand, &out) }
  }

  /// Forgets an open transaction that gets no final result.
  mutating func giveUp(_ index: Int, _ why: Unanswered, _ out: inout EventBatch) {
    guard open.indices.contains(index) else { return }
    let transaction = open.remove(at: index)
    if !transaction.answered {
      var lost = Event(
        .unanswered, direction: .hostToModem, port: port, start: transaction.start, end: now, place: transaction.place,
        offset: hostOffset)
      lost.transaction = transaction.id
      lost.code = why.rawValue
      if inferred { lost.flags.insert(.inferred) }
      emit(lost, &out)
    }
    if spare.count < Limits.openTransactions { spare.append(transaction) }
  }
}

/// Names of commands that take passwords and keys.
enum SecretNames {
  private static let parts: [[UInt8]] = [
    Array("PWD".utf8), Array("PASS".utf8), Array("PIN".utf8), Array("AUTH".utf8), Array("PSW".utf8), Array("KEY".utf8),
    Array("LOGIN".utf8), Array("CRED".utf8), Array("USER".utf8),
  ]

  private static let names = ["PWD", "PASSWORD", "PASS", "PASSWD", "USER", "USERNAME", "LOGIN", "KEY", "PIN", "TOKEN"]

  /// Whether a value says that the one behind it is a secret: `"PWD","…"`.
  static func namesSecret(_ field: Field, in text: Span<UInt8>) -> Bool {
    guard field.kind == .quoted, field.text.count <= 8 else { return false }
    for name in names where Bytes.equal(field.text, of: text, name) { return true }
    return false
  }

  static func looksSecret(_ name: Span<UInt8>) -> Bool {
    for part in parts where part.count <= name.count {
      for start in 0...(name.count - part.count) {
        var index = 0
        while index < part.count, NameLetter.upper(name[start + index]) == part[index] { index += 1 }
        if index == part.count { return true }
      }
    }
    return false
  }
}
