import Profile
import Trace

/// Information responses, late results and unsolicited lines: which shape a line has, and whose it is.
extension Channel {
  /// The best shape found for a line so far.
  struct Candidate {
    var spec: LineSpec?
    var role = LineSpec.Role.unsolicited
    /// Index of the command in its line, or of the wait.
    var owner = -1
    /// Index of the transaction in `open`, or -1.
    var transaction = -1
    var score = Int.min
    var fits = false
  }

  /// Emits the event for the line; false when nothing explains it.
  @discardableResult
  mutating func readAnswer(_ out: inout EventBatch) -> Bool {
    let text = append(modemLine.bytes.span, &out)
    let prefix = LinePrefix(modemLine.bytes.span)
    let values = (Int(text.start) + prefix.valueStart)..<text.range.upperBound
    let fields = prefix.hasColon ? FieldParser.parse(values, in: &out) : .none

    if let next = continuation, !prefix.isCommandLike || next.prefix.isEmpty {
      continuation = nil
      var line = modemEvent(.unsolicited)
      line.text = text
      line.fields = Self.appendText(text, &out)
      line.subject = Int32(next.id)
      hideSecrets(of: next, line, &out)
      emit(line, &out)
      return true
    }

    var best = Candidate()
    consider(prefix, fields, text, &best, out)
    if best.spec == nil, let found = freeText(prefix, &best, text, &out) { return found }
    guard let spec = best.spec else { return readUnknown(prefix, fields, text, &out) }
    return emitAnswer(spec, best, fields, text, &out)
  }

  private mutating func emitAnswer(
    _ spec: LineSpec, _ best: Candidate, _ fields: Slice, _ text: Slice, _ out: inout EventBatch
  ) -> Bool {
    let fields = Self.mergeRest(of: spec, fields, text, &out)
    var best = best
    if spec.signature.endsWithRest {
      let values = out.fields.span.extracting(fields.range)
      best.fits = spec.signature.mismatch(values, text: out.text.span) == nil
    }
    endRefusedUpload(&out)
    endSwallowingBlock(&out)
    if let phase, best.role != .unsolicited || phase.direction == .modemToHost { closePhase(atResult: nil, &out) }
    if let data = spec.data, data.from != .modemToHost, !hostLine.isEmpty {
      // What the host sent before it was asked for is none of these data.
      endHostLine(byLineFeed: false, complete: false, &out)
    }
    if spec.hasResult { resultIsDue = true }
    var line = modemEvent(.information)
    line.text = text
    line.fields = fields
    line.subject = Int32(spec.id)
    if !best.fits {
      line.flags.insert(.misshapen)
      hideNumbers(in: text, at: line.offset, .modemToHost, line.place, &out)
    }
    if spec.hasMasks { hideSecrets(of: spec, line, &out) }
    switch best.role {
    case .information:
      noteEvidence(best.transaction)
      line.transaction = open[best.transaction].id
      line.a = Int64(best.owner)
      if best.transaction < open.count - 1 { line.flags.insert(.late) }
      open[best.transaction].current = best.owner
      if spec.prefix.isEmpty, spec.times.upperBound == 1 { open[best.transaction].filled = best.owner }
      open[best.transaction].mayBeOver = spec.mayEnd
      emit(line, &out)
      checkBeginning(of: line, &out)
      if !book.framingMemory.isEmpty {
        keepFraming(
          spec.hook, out.fields.span.extracting(fields.range), open[best.transaction].parameters(of: best.owner))
      }
      if spec.entailsMore {
        let parameters = open[best.transaction].parameters(of: best.owner)
        followLine(spec, fields, parameters, transaction: line.transaction, &out)
      }
    case .late:
      line.kind = .late
      if best.transaction >= 0 {
        // The result of a command that has not been answered OK yet.
        noteEvidence(best.transaction)
        open[best.transaction].lateSeen = true
        line.transaction = open[best.transaction].id
        line.a = Int64(best.owner)
        line.flags.insert(.partial)
        emit(line, &out)
        let parameters = open[best.transaction].parameters(of: best.owner)
        followLine(spec, fields, parameters, transaction: line.transaction, &out)
      } else {
        let wait = waits.remove(at: best.owner)
        if spareWaits.count < Limits.waits { spareWaits.append(wait) }
        line.transaction = wait.transaction
        emit(line, &out)
        endWaits(by: spec)
        followLine(spec, fields, wait.parameters, transaction: wait.transaction, &out)
      }
    case .unsolicited:
      line.kind = .unsolicited
      emit(line, &out)
      if spec.endsWaits { waits.removeAll(keepingCapacity: true) } else { endWaits(by: spec) }
      if spec.resets { restart(&line, &out) }
      if !book.framingMemory.isEmpty { keepFraming(spec.hook, out.fields.span.extracting(fields.range), .none) }
      if let next = spec.next { continuation = next }
      if spec.entailsMore { followLine(spec, fields, .none, transaction: 0, &out) }
    }
    return true
  }

  /// The modem ends an upload before its end mark came, with one of the lines that the profile names for it.
  private mutating func endRefusedUpload(_ out: inout EventBatch) {
    guard let current = phase, current.spec.framing == .dleEtx, current.spec.from == .hostToModem,
      current.state == .open, !current.hostEscape.isEnded
    else { return }
    for closer in current.spec.closers {
      let count = closer.text.count
      guard closer.isPrefix ? modemLine.length >= count : modemLine.length == count else { continue }
      guard Self.equal(closer.text, modemLine.bytes.span.extracting(0..<count)) else { continue }
      return endEscaped(.cancelled, &out)
    }
  }

  /// A block that was announced too long took the line end before this line for data.
  private mutating func endSwallowingBlock(_ out: inout EventBatch) {
    guard let block = phase, block.state == .closing, block.direction == .modemToHost, block.extra == 0, !lossy,
      !inferred
    else { return }
    let missing =
      before == .lineFeed && block.tail.last == 0x0D
      ? 1 : before == .none && block.tail.suffix(2) == [0x0D, 0x0A] ? 2 : 0
    guard missing > 0 else { return }
    endPhase(.short, difference: Int64(missing), &out)
    before = .both
  }

  /// An answer begins with CR LF (V.250 5.7.1); under V0 it does not.
  private mutating func checkBeginning(of line: Event, _ out: inout EventBatch) {
    guard before == .none || before == .lineFeed, verbose != .off, !lossy, !inferred else { return }
    var wrong = line
    wrong.kind = .malformed
    wrong.code = Malformed.answerFraming.rawValue
    wrong.fields = .none
    emit(wrong, &out)
  }

  // MARK: Candidates

  private mutating func consider(
    _ prefix: LinePrefix, _ fields: Slice, _ text: Slice, _ best: inout Candidate, _ out: borrowing EventBatch
  ) {
    guard prefix.hasColon else { return }
    let line = modemLine.bytes
    let name = line.span.extracting(0..<prefix.nameEnd)
    for index in open.indices.reversed() where !open[index].answered {
      for offset in open[index].commands.indices {
        let position = (open[index].current + offset) % open[index].commands.count
        let command = open[index].commands[position]
        guard command.subject >= 0, let form = book.commands[Int(command.subject)].form(command.form) else { continue }
        let asked = book.commands[Int(command.subject)]
        for spec in form.gives where Self.answers(spec, asked, name) {
          weigh(spec, .information, position, index, bonus: isDue(spec, position, index) ? 3 : 2, fields, out, &best)
        }
        for spec in form.late where Self.answers(spec, asked, name) {
          weigh(spec, .late, position, index, bonus: 1, fields, out, &best)
        }
      }
    }
    for (position, wait) in waits.enumerated() where wait.subject >= 0 {
      let asked = book.commands[Int(wait.subject)]
      guard let form = asked.form(wait.form) else { continue }
      for spec in form.late where Self.answers(spec, asked, name) {
        let isAnswer = isAnswer(spec, fields, to: wait, out)
        weigh(spec, .late, position, -1, bonus: 2, isAnswer: isAnswer, fields, out, &best)
      }
    }
    var next = book.unsolicited(name)
    while next >= 0 {
      weigh(book.unsolicited[next], .unsolicited, -1, -1, bonus: 0, fields, out, &best)
      next = book.next(ofUnsolicited: next)
    }
  }

  /// Whether a line of this name has this shape; where the shape begins with the name of its command, an alias does too.
  private static func answers(_ spec: LineSpec, _ command: CommandSpec, _ name: Span<UInt8>) -> Bool {
    if equal(spec.prefix, name) { return true }
    if command.aliasKeys.isEmpty { return false }
    let own = command.key
    guard equal(spec.prefix, own.span) else { return false }
    for alias in command.aliasKeys where equal(alias, name) { return true }
    return false
  }

  /// Of two shapes that fit equally well, the one that is due with these parameters is meant.
  private mutating func isDue(_ spec: LineSpec, _ position: Int, _ index: Int) -> Bool {
    guard !spec.when.isEmpty else { return true }
    let parameters = open[index].parameters(of: position)
    return !machine.evaluate(
      spec.when, fields: Span<Field>(), parameters: parameters.fields.span.extracting(parameters.range),
      context: Machine.Context()
    ).isFalse
  }

  /// A shape that fits wins over one that does not; then the one with more literals; then whose command is nearest.
  private func weigh(
    _ spec: LineSpec, _ role: LineSpec.Role, _ owner: Int, _ transaction: Int, bonus: Int, isAnswer: Bool = true,
    _ fields: Slice, _ out: borrowing EventBatch, _ best: inout Candidate
  ) {
    let values = out.fields.span.extracting(fields.range)
    let literals = spec.signature.literalsMatched(values, text: out.text.span)
    let fits = !literals.contradicts && spec.signature.mismatch(values, text: out.text.span) == nil
    // Of several commands that wait for such a line, the one that it speaks of; else the one that waits longest.
    let score =
      ((fits ? 1000 : 0) + (literals.contradicts ? -100 : literals.count * 10) + bonus) * 2 + (isAnswer ? 1 : 0)
    if score > best.score {
      best = Candidate(spec: spec, role: role, owner: owner, transaction: transaction, score: score, fits: fits)
    }
  }

  /// A line without a prefix: a text that the profile lists, or the free answer of the running command.
  private mutating func freeText(
    _ prefix: LinePrefix, _ best: inout Candidate, _ text: Slice, _ out: inout EventBatch
  ) -> Bool? {
    if !isListed() {
      let known = book.unsolicited(modemLine.bytes.span)
      if known >= 0, book.unsolicited[known].isText {
        best = Candidate(spec: book.unsolicited[known], role: .unsolicited, score: 1, fits: true)
        return nil
      }
      if !book.wordLines.isEmpty, let (found, fields) = looseUnsolicited(text, &out), let spec = found.spec {
        return emitAnswer(spec, found, fields, text, &out)
      }
    }
    let free = freeAnswer(text, &out)
    // What does not fit the running command may be what another one waits for.
    if free?.isFallback ?? true, let (late, fields) = looseLate(prefix, text, &out), let spec = late.spec {
      return emitAnswer(spec, late, fields, text, &out)
    }
    guard var candidate = free?.candidate, var spec = candidate.spec else { return nil }
    var fields = Slice.none
    if candidate.role == .late, !spec.isWhole(modemLine.bytes.span) {
      fields = looseValues(of: spec, text, &out) ?? .none
    } else if candidate.role == .information, !spec.isWhole(modemLine.bytes.span) {
      if spec.template != nil {
        fields = templateValues(of: spec, text, &out) ?? Self.appendText(text, &out)
      } else {
        let values = FieldParser.parse(text.range, in: &out)
        spec = structured(like: candidate, values, out) ?? spec
        candidate.spec = spec
        fields = spec.isStructured ? values : Self.appendText(text, &out)
        if spec.isStructured {
          candidate.fits = spec.signature.mismatch(out.fields.span.extracting(values.range), text: out.text.span) == nil
        }
      }
    }
    checkForm(of: spec, text, &out)
    return emitAnswer(spec, candidate, fields, text, &out)
  }

  /// A line of values alone whose shape these fit.
  private func structured(like candidate: Candidate, _ values: Slice, _ out: borrowing EventBatch) -> LineSpec? {
    guard open.indices.contains(candidate.transaction) else { return nil }
    let command = open[candidate.transaction].commands[candidate.owner]
    guard let form = book.commands[Int(command.subject)].form(command.form) else { return nil }
    let fields = out.fields.span.extracting(values.range)
    for spec in form.gives
    where spec.prefix.isEmpty && !spec.isText && spec.template == nil && spec.isStructured {
      if spec.signature.mismatch(fields, text: out.text.span) == nil { return spec }
    }
    return nil
  }

  /// Under ATV0 a text that has a number is told by it.
  private mutating func checkForm(of spec: LineSpec, _ text: Slice, _ out: inout EventBatch) {
    guard verbose == .off, spec.isText, !lossy, !inferred, spec.aliases.contains(where: Self.isNumber),
      !Self.isNumber(modemLine.bytes)
    else { return }
    var wrong = modemEvent(.malformed)
    wrong.code = Malformed.resultForm.rawValue
    wrong.text = text
    emit(wrong, &out)
  }

  private static func isNumber(_ text: [UInt8]) -> Bool { text.allSatisfy { CommandParser.isDigit($0) } }

  /// The spec whose text this line is; of two that differ in what they hold for, the one that does not fail.
  mutating func whole(_ specs: [LineSpec], _ line: Span<UInt8>, _ parameters: Parameters) -> LineSpec? {
    var first: LineSpec?
    for spec in specs where spec.isWhole(line) {
      guard !spec.when.isEmpty else { return spec }
      let isDue = machine.evaluate(
        spec.when, fields: Span<Field>(), parameters: parameters.fields.span.extracting(parameters.range),
        context: Machine.Context())
      if !isDue.isFalse { return spec }
      if first == nil { first = spec }
    }
    return first
  }

  /// Whether the running command lists this very line.
  private func isListed() -> Bool {
    guard let last = open.last, !last.answered else { return false }
    let line = modemLine.bytes.span
    return last.commands.contains { command in
      guard command.subject >= 0, let form = book.commands[Int(command.subject)].form(command.form) else {
        return false
      }
      return form.gives.contains { $0.isWhole(line) || $0.template?.values(in: line) != nil }
    }
  }

  /// The shape of a text without a prefix that the running command may give.
  /// Words come before values, and values that fit before those that do not.
  private mutating func freeAnswer(
    _ text: Slice, _ out: inout EventBatch
  ) -> (candidate: Candidate, isFallback: Bool)? {
    let line = modemLine
    let name = line.bytes.span
    guard let index = open.indices.last, !open[index].answered else { return nil }
    var fallback: Candidate?
    let count = open[index].commands.count
    let first = open[index].filled == open[index].current ? 1 : 0
    for offset in first..<(first + count) {
      let position = (open[index].current + offset) % count
      let command = open[index].commands[position]
      guard command.subject >= 0, let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      let parameters = open[index].parameters(of: position)
      if let spec = whole(form.gives, name, parameters) {
        return (
          Candidate(spec: spec, role: .information, owner: position, transaction: index, score: 1, fits: true), false
        )
      }
      if let spec = whole(form.late, name, parameters) {
        return (Candidate(spec: spec, role: .late, owner: position, transaction: index, score: 1, fits: true), false)
      }
      for spec in form.gives where spec.prefix.isEmpty && !spec.isText {
        var candidate = Candidate(
          spec: spec, role: .information, owner: position, transaction: index, score: 1, fits: true)
        if spec.template != nil {
          guard let fields = templateValues(of: spec, text, &out) else { continue }
          candidate.fits =
            spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil
          return (candidate, false)
        }
        let fields = Self.appendText(text, &out)
        if spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil {
          return (candidate, false)
        }
        if fallback == nil, !form.isExact { fallback = candidate }
      }
      if let late = earlyLate(form, position, index, text, &out) { return (late, false) }
    }
    return fallback.map { ($0, true) }
  }

  /// The whole line as one value.
  static func appendText(_ text: Slice, _ out: inout EventBatch) -> Slice {
    let first = out.fields.count
    out.fields.append(FieldParser.describe(text.range, in: out))
    return Slice(start: first, count: 1)
  }

  private mutating func readUnknown(
    _ prefix: LinePrefix, _ fields: Slice, _ text: Slice, _ out: inout EventBatch
  ) -> Bool {
    hideNumbers(in: text, at: modemLine.offset, .modemToHost, modemLine.place, &out)
    if let phase, phase.direction == .hostToModem || phase.state == .closing {
      let isPause = modemLine.bytes.allSatisfy { $0 == 0x11 || $0 == 0x13 }
      if phase.spec.isSilent, phase.direction == .hostToModem, !prefix.isCommandLike, !isPause, !lossy {
        var echoed = modemEvent(.malformed)
        echoed.code = Malformed.dataEchoed.rawValue
        echoed.subject = Int32(phase.spec.id)
        emit(echoed, &out)
      }
      return false
    }
    guard let index = open.indices.last, !open[index].answered else {
      var line = modemEvent(.unsolicited)
      line.text = text
      line.fields = fields
      if isGarbage() {
        line.kind = .malformed
        line.code = Malformed.modemGarbage.rawValue
      }
      emit(line, &out)
      return prefix.isCommandLike
    }
    var line = modemEvent(.information)
    line.text = text
    line.fields = fields
    line.transaction = open[index].id
    line.a = Int64(commandNamed(prefix, in: open[index]))
    if line.a < 0, prefix.isCommandLike, open[index].commands.allSatisfy({ $0.subject >= 0 }) {
      line.kind = .unsolicited
    } else if line.a >= 0 {
      noteEvidence(index)
      open[index].current = Int(line.a)
    } else if open[index].commands.indices.contains(open[index].current),
      open[index].commands[open[index].current].subject < 0
    {
      line.a = Int64(open[index].current)
    }
    if line.kind == .information, !open[index].firstByte.isKnown { open[index].firstByte = modemLine.start }
    // What the host typed comes back with the editing marks in it.
    if isGarbage(), !open[index].prompted || echo == .off {
      line.kind = .malformed
      line.code = Malformed.modemGarbage.rawValue
    }
    emit(line, &out)
    return true
  }

  private func commandNamed(_ prefix: LinePrefix, in transaction: Transaction) -> Int {
    guard prefix.hasColon else { return -1 }
    let name = modemLine.bytes.span.extracting(0..<prefix.nameEnd)
    for (position, command) in transaction.commands.enumerated() where Int(command.nameCount) == name.count {
      let first = Int(command.nameStart)
      guard first >= 0, first + name.count <= transaction.text.count else { continue }
      var index = 0
      while index < name.count, NameLetter.upper(transaction.text[first + index]) == NameLetter.upper(name[index]) {
        index += 1
      }
      if index == name.count { return position }
    }
    return -1
  }

  private func isGarbage() -> Bool {
    let bytes = modemLine.bytes.span
    var odd = 0
    for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F || bytes[index] >= 0xF8 { odd += 1 }
    return odd > 0 && odd * 4 >= bytes.count
  }

  /// `<uid:rest>` takes everything to the end of the line, whatever commas and quotes stand in it.
  private static func mergeRest(of spec: LineSpec, _ fields: Slice, _ text: Slice, _ out: inout EventBatch) -> Slice {
    let position = spec.signature.parameters.count - 1
    guard spec.signature.endsWithRest, position >= 0, position < fields.count else { return fields }
    let at = Int(fields.start) + position
    let field = out.fields[at]
    let isQuoted = field.kind == .quoted || field.kind == .unterminated
    let start = Int(field.text.start) - (isQuoted ? 1 : 0)
    guard start >= 0, start <= text.range.upperBound else { return fields }
    let end = text.range.upperBound
    if spec.signature.parameters[position].quotes == .required, start < end, out.text[start] == 0x22 {
      // What stands inside the outer quotes; a text of several lines closes them in a later one.
      let closed = end - start > 1 && out.text[end - 1] == 0x22
      out.fields[at] = FieldParser.describe(start + 1..<(closed ? end - 1 : end), in: out)
      out.fields[at].kind = .quoted
    } else {
      out.fields[at] = FieldParser.describe(start..<end, in: out)
    }
    return Slice(start: Int(fields.start), count: position + 1)
  }

  // MARK: What a line entails

  private mutating func noteEvidence(_ index: Int) {
    open[index].hasEvidence = true
    if !open[index].firstByte.isKnown { open[index].firstByte = modemLine.start }
  }

  private mutating func endWaits(by spec: LineSpec) {
    waits.removeAll { wait in
      guard wait.subject >= 0, let form = book.commands[Int(wait.subject)].form(wait.form) else { return false }
      return form.instead.contains { $0.elementsEqual(spec.prefix) }
    }
  }

  private mutating func restart(_ line: inout Event, _ out: inout EventBatch) {
    line.kind = .reset
    emit(line, &out)
    while !open.isEmpty { giveUp(0, .reset, &out) }
    waits.removeAll(keepingCapacity: true)
    suspended = nil
    while let transfer = transfers.first { endTransfer(transfer.kind, complete: false, &out) }
    echo = .unknown
    verbose = .unknown
    quiet = .unknown
  }

  private mutating func hideSecrets(of spec: LineSpec, _ line: Event, _ out: inout EventBatch) {
    guard spec.hasMasks else { return }
    for (index, at) in line.fields.range.enumerated() {
      guard let parameter = spec.signature.parameter(at: index) else { continue }
      let field = out.fields[at]
      guard parameter.mask.hides(field, in: out.text.span), field.text.count > 0 else { continue }
      let number = parameter.mask == .body ? 0 : out.secretNumber(of: field.text.range)
      let start = Int(field.text.start - line.text.start)
      hide(
        at: line.offset &+ UInt64(max(0, start)), count: Int(field.text.count), parameter.mask, number, .modemToHost,
        line.place, &out)
    }
  }

  static func equal(_ prefix: [UInt8], _ name: Span<UInt8>) -> Bool {
    guard prefix.count == name.count else { return false }
    for index in name.indices where NameLetter.upper(prefix[index]) != NameLetter.upper(name[index]) { return false }
    return true
  }
}

/// Where the name of a line ends and its values begin: `+NAME: a,b`.
struct LinePrefix {
  private static let longest = 48

  var hasColon = false
  var nameEnd = 0
  var valueStart = 0
  /// The line begins like the answer of an extended command.
  var isCommandLike = false

  init(_ line: Span<UInt8>) {
    var at = 0
    while at < line.count, at < Self.longest, line[at] != 0x3A {
      // Only names stand before a colon; a quote or a comma says that this is a text.
      if line[at] == 0x22 || line[at] == 0x2C || line[at] < 0x20 || line[at] >= 0x7F { return }
      at += 1
    }
    guard at < line.count, line[at] == 0x3A, at > 0 else { return }
    hasColon = true
    nameEnd = at
    while nameEnd > 0, line[nameEnd - 1] == 0x20 { nameEnd -= 1 }
    valueStart = at + 1
    switch line[0] {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x26: isCommandLike = true
    default: break
    }
  }
}
