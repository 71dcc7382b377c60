import Profile
import Trace

/// What the modem answers: shape, number and order of its lines, what it reports, and how it ends.
extension Checker {
  // MARK: Information responses

  mutating func checkInformation(_ event: Event, _ batch: borrowing EventBatch) {
    guard let index = track(event.transaction) else { return }
    let position = Int(event.a)
    let inferred = event.flags.contains(.inferred)
    if event.flags.contains(.late) { reportLateAnswer(event, index) }
    let track = open[index]
    guard track.commands.indices.contains(position) else {
      checkForeign(event, batch, track)
      return
    }
    if track.commands.count > 1 { checkOrder(event, index, position) }
    track.commands[position].answered = true
    guard event.subject >= 0, Int(event.subject) < book.lines.count else {
      checkUnpromised(event, batch, index, position)
      return
    }
    let spec = book.lines[Int(event.subject)]
    let command = track.commands[position]
    let form = command.subject >= 0 ? book.commands[Int(command.subject)].form(command.form) : nil
    let copies = countCopy(of: spec, form, command, track)
    if event.flags.contains(.misshapen) {
      checkShape(event, batch, spec, .responseShape, name: .command(track, position), command)
    } else {
      coverage.evaluated(.responseShape)
    }
    // Most lines end here: nothing but their shape is stated.
    track.mayBeOver = spec.mayEnd
    if spec.isPlain, Int(copies) <= spec.times.upperBound, command.form != .test, form?.reports != true { return }
    let fields = batch.fields.span.extracting(event.fields.range)
    let naming = Naming.command(track, position)
    let sent = track.fields
    let sentText = track.text
    let parameters = sent.span.extracting(command.fields)
    let context = context(command.subject, command.form, copies: copies)
    if !spec.when.isEmpty,
      machine.evaluate(spec.when, fields: fields, parameters: parameters, context: context).isFalse
    {
      report(
        .responseUnexpected, "\(track.name(position)): this answer is not due here: \(spec.pattern)", severity: .error,
        at: event.position, source: spec.source, inferred: inferred)
    }
    if Int(copies) > spec.times.upperBound {
      report(
        .responseRepeated,
        "\(track.name(position)): \(spec.pattern) comes \(copies) times, \(spec.times.upperBound) expected",
        at: event.position, source: spec.source, related: [asked(track)], inferred: inferred)
    }
    learn(event, batch, spec, command, track)
    if !spec.of.isEmpty {
      let of = spec.of
      checkReadBack(event, batch, spec, Int32(book.command(of.span)), track)
    } else if let form, form.reports {
      checkReadBack(event, batch, spec, command.subject, track)
    }
    noteFailure(spec, event, batch, parameters: parameters, context: context, name: naming)
    run(
      spec.hook, at: event.position, fields: fields, text: batch.text.span, signature: spec.signature,
      parameters: parameters, parameterText: sentText.span, takes: form?.takes, context: context,
      name: naming, inferred: inferred, asked: track)
  }

  /// How often this line came in the answer, this time included.
  private func countCopy(
    of spec: LineSpec, _ form: FormSpec?, _ command: CommandTrack.Command, _ track: CommandTrack
  ) -> Int32 {
    guard let form else { return 0 }
    for offset in form.gives.indices where form.gives[offset] === spec && offset < command.copies.count {
      let slot = command.copies.lowerBound + offset
      track.copies[slot] &+= 1
      return track.copies[slot]
    }
    return 0
  }

  func asked(_ track: CommandTrack) -> Related { Related(place: track.place, message: "asked here") }

  /// The commands of a line are executed from left to right (V.250 5.5).
  private mutating func checkOrder(_ event: Event, _ index: Int, _ position: Int) {
    guard open[index].commands.count > 1 else { return }
    coverage.evaluated(.responseOrder)
    if position < open[index].answering {
      report(
        .responseOrder,
        "\(open[index].name(position)) is answered after \(open[index].name(open[index].answering)), which stands behind it in the line",
        at: event.position, related: [asked(open[index])], inferred: event.flags.contains(.inferred))
    }
    open[index].answering = max(open[index].answering, position)
  }

  private mutating func checkUnpromised(_ event: Event, _ batch: borrowing EventBatch, _ index: Int, _ position: Int) {
    let command = open[index].commands[position]
    guard command.subject >= 0, !command.faulty else { return }
    let spec = book.commands[Int(command.subject)]
    report(
      .responseUnexpected,
      "\(open[index].name(position)) is answered with \(Printable.text(name(of: event, batch), in: batch.text.span, limit: 24)), but no answer is documented for this form",
      severity: spec.strict ? .warning : .note, at: event.position, source: spec.source,
      related: [asked(open[index])], inferred: event.flags.contains(.inferred))
  }

  /// A text that belongs to no shape, in the answer of a form that says there is nothing else.
  private mutating func checkForeign(_ event: Event, _ batch: borrowing EventBatch, _ track: CommandTrack) {
    guard let command = track.commands.last, command.subject >= 0, !command.faulty else { return }
    let spec = book.commands[Int(command.subject)]
    guard let form = spec.form(command.form), form.isExact else { return }
    coverage.evaluated(.responseUnexpected)
    report(
      .responseUnexpected,
      "\(track.name(track.commands.count - 1)): this line is no part of the answer that is documented",
      severity: spec.strict ? .warning : .note, at: event.position, source: form.source, related: [asked(track)],
      inferred: event.flags.contains(.inferred))
  }

  private func name(of event: Event, _ batch: borrowing EventBatch) -> Slice {
    let range = event.text.range
    let end = range.first { batch.text[$0] == 0x3A } ?? range.lowerBound
    return Slice(start: range.lowerBound, count: end - range.lowerBound)
  }

  /// Compares the values of a line with its shape.
  mutating func checkShape(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: LineSpec, _ rule: GenericRule, name: Naming,
    _ command: CommandTrack.Command?
  ) {
    coverage.evaluated(rule)
    guard event.flags.contains(.misshapen) else { return }
    let fields = batch.fields.span.extracting(event.fields.range)
    guard let mismatch = spec.signature.mismatch(fields, text: batch.text.span) else { return }
    let isRange = mismatch.reason == .reportedRange
    let problem = MismatchText(signature: spec.signature, redaction: redaction)
    let strict =
      spec.command >= 0 ? book.commands[spec.command].strict : event.kind != .unsolicited || book.isStrict
    report(
      isRange ? .testRange : rule,
      "\(name.text(in: batch.text.span)): \(problem.sentence(mismatch, fields: fields, text: batch.text.span)); the document has \(spec.pattern)",
      severity: strict || isHard(mismatch) ? nil : .note, at: event.position, source: spec.source,
      inferred: event.flags.contains(.inferred))
  }

  /// Against a standard that invites extensions only what no extension explains is an error.
  private func isHard(_ mismatch: Mismatch) -> Bool {
    switch mismatch.reason {
    case .range, .unterminated, .value: true
    default: false
    }
  }

  // MARK: What answers teach

  /// Ranges and lengths that a test command reports, for the write form of the same command.
  private mutating func learn(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: LineSpec, _ command: CommandTrack.Command,
    _ track: CommandTrack
  ) {
    guard command.form == .test, command.subject >= 0 else { return }
    for (position, at) in event.fields.range.enumerated() {
      guard let parameter = spec.signature.parameter(at: position) else { continue }
      switch parameter.base {
      case .ranges:
        if let range = ReportedRange(batch.fields[at], text: batch.text.span) {
          settings.remember(range, of: command.subject, parameter.nameHash, place: event.place)
        }
      case .limit(let of):
        if batch.fields[at].kind == .integer {
          settings.remember(
            longest: batch.fields[at].number, of: command.subject, TextHash.of(of.utf8), place: event.place)
        }
      default: break
      }
    }
  }

  /// The read form reports what the write form set.
  private mutating func checkReadBack(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: LineSpec, _ subject: Int32, _ track: CommandTrack
  ) {
    for (position, at) in event.fields.range.enumerated() {
      guard let parameter = spec.signature.parameter(at: position) else { continue }
      guard let known = settings.known(subject, parameter.nameHash), known.value.isKnown else { continue }
      let field = batch.fields[at]
      guard field.kind != .empty else { continue }
      coverage.evaluated(.readBack)
      let seen = Value(field)
      // A number may be printed with or without quotes; only like is compared with like.
      guard seen.tag == known.value.tag, seen != known.value else { continue }
      let value = Printable.value(field, in: batch.text.span, mask: parameter.mask, redaction: redaction)
      let wanted = known.value.tag == .number ? "\(known.value.bits)" : "another text"
      report(
        .readBack, "\(track.name(0)): <\(parameter.name)> reads \(value), but \(wanted) was set", at: event.position,
        source: spec.source, related: [Related(place: known.place, message: "set here")],
        inferred: event.flags.contains(.inferred))
      // Told once: what the modem has now is not what was set.
      settings.forget(subject)
      return
    }
  }

  /// What the write form set, once the modem accepted it.
  private mutating func rememberSettings(_ track: CommandTrack, _ command: CommandTrack.Command) {
    guard command.subject >= 0, let read = book.commands[Int(command.subject)].form(.read), read.reports else { return }
    // To ask changes nothing.
    if command.form == .read || command.form == .test { return }
    guard command.form == .write, let takes = book.commands[Int(command.subject)].form(.write)?.takes else {
      settings.forget(command.subject)
      return
    }
    for (position, parameter) in takes.parameters.enumerated() {
      let given = position < command.fields.count
      let field = given ? track.fields[command.fields.lowerBound + position] : Field(kind: .empty)
      let value = field.kind == .empty ? parameter.defaultValue : Value(field)
      settings.set(value, of: command.subject, parameter.nameHash, place: track.place)
    }
  }

  /// A line that says so reports a documented failure.
  mutating func noteFailure(
    _ spec: LineSpec, _ event: Event, _ batch: borrowing EventBatch, parameters: Span<Field>,
    context: Machine.Context, name: Naming
  ) {
    guard !spec.fails.isEmpty else { return }
    let fields = batch.fields.span.extracting(event.fields.range)
    guard machine.evaluate(spec.fails, fields: fields, parameters: parameters, context: context).isTrue else { return }
    var meaning = ""
    for (position, at) in event.fields.range.enumerated() {
      guard let parameter = spec.signature.parameter(at: position), parameter.meaning >= 0 else { continue }
      if let text = book.meaning(table: parameter.meaning, code: batch.fields[at].number) {
        meaning = " (\(batch.fields[at].number): \(text))"
      }
    }
    report(
      .commandFailed, "\(name.text(in: batch.text.span)) failed\(meaning)", at: event.position, source: spec.source,
      advice: meaning.isEmpty ? "See what the document says of this line." : nil,
      inferred: event.flags.contains(.inferred))
  }

  // MARK: Final results

  mutating func checkFinal(_ event: Event, _ batch: borrowing EventBatch) {
    guard let index = track(event.transaction) else { return }
    let final = Final(rawValue: event.code) ?? .error
    quietPorts.remove(event.port)
    checkErrorForm(event, index, final)
    if event.flags.contains(.late) { reportLateAnswer(event, index) }
    checkTime(event, index)
    set(result: event, final, batch)
    if !book.everyFinal.isEmpty { runFinal(event, batch, index) }
    if final == .otherSuccess { runListed(event, batch, index) }
    if final.isSuccess {
      checkAnswersComplete(event, batch, index, final)
    } else {
      checkFailure(event, batch, index, final)
    }
    finishCommands(event, batch, index, final)
    if final.isSuccess, open[index].hasUnknownCommand {
      afterUnknown.insert(event.port)
    } else {
      afterUnknown.remove(event.port)
    }
    close(index, accepted: final.isSuccess, dataFollow: final == .connect)
  }

  /// What the document states of every final result; seen as that of the last command of its line.
  private mutating func runFinal(_ event: Event, _ batch: borrowing EventBatch, _ index: Int) {
    let track = open[index]
    let last = track.commands.last
    var context = context(last?.subject ?? -1, last?.form ?? .exec)
    context.scene.error = errorCode(event, batch, Final(rawValue: event.code) ?? .error)
    run(
      book.everyFinal, at: event.position, fields: Span<Field>(), text: batch.text.span, signature: nil,
      parameters: Span<Field>(), parameterText: Span<UInt8>(), takes: nil,
      context: context,
      name: .command(track, max(0, track.commands.count - 1)),
      inferred: track.inferred, asked: track)
  }

  /// A final result of the profile's own that stands among the lines of the answer as well.
  private mutating func runListed(_ event: Event, _ batch: borrowing EventBatch, _ index: Int) {
    let track = open[index]
    let line = batch.text.span.extracting(event.text.range)
    for (position, command) in track.commands.enumerated() where command.subject >= 0 {
      guard let form = book.commands[Int(command.subject)].form(command.form),
        let offset = form.gives.firstIndex(where: { $0.isWhole(line) })
      else { continue }
      let spec = form.gives[offset]
      let sent = track.fields
      let sentText = track.text
      if offset < command.copies.count { track.copies[command.copies.lowerBound + offset] &+= 1 }
      run(
        spec.hook, at: event.position, fields: Span<Field>(), text: batch.text.span, signature: nil,
        parameters: sent.span.extracting(command.fields), parameterText: sentText.span, takes: form.takes,
        context: context(command.subject, command.form, copies: 1), name: .command(track, position),
        inferred: track.inferred, asked: track)
      return
    }
  }

  /// After OK each promised line has come.
  private mutating func checkAnswersComplete(
    _ event: Event, _ batch: borrowing EventBatch, _ index: Int, _ final: Final
  ) {
    let track = open[index]
    if final == .ok || final == .otherSuccess { checkPromptCame(event, final, batch, track) }
    guard !track.copies.isEmpty else { return }
    for (position, command) in track.commands.enumerated() where command.subject >= 0 && !command.faulty {
      guard let form = book.commands[Int(command.subject)].form(command.form), !form.gives.isEmpty else { continue }
      guard final == .ok || final == .otherSuccess else { continue }
      let sent = track.fields
      let parameters = sent.span.extracting(command.fields)
      let context = context(command.subject, command.form)
      for (offset, spec) in form.gives.enumerated() where spec.times.lowerBound > 0 {
        let slot = command.copies.lowerBound + offset
        guard track.copies.indices.contains(slot), track.copies[slot] < spec.times.lowerBound else {
          coverage.evaluated(.responseMissing)
          continue
        }
        if !spec.when.isEmpty {
          let expected = machine.evaluate(spec.when, fields: Span<Field>(), parameters: parameters, context: context)
          guard expected.isTrue else { continue }
        }
        if track.inferred, lossy { continue }
        coverage.evaluated(.responseMissing)
        let strict = book.commands[Int(command.subject)].strict
        report(
          .responseMissing,
          "\(track.name(position)): \(name(of: final, event, batch)) came without the answer \(spec.pattern)",
          severity: strict ? nil : .warning, at: event.position, source: spec.source, related: [asked(track)],
          inferred: track.inferred)
      }
    }
  }

  /// What a failure says, and whether it may come.
  private mutating func checkFailure(_ event: Event, _ batch: borrowing EventBatch, _ index: Int, _ final: Final) {
    let track = open[index]
    checkStopped(event, index)
    checkErrorCode(event, batch, index, final)
    guard event.a >= 0, let (table, result) = codes(of: event, batch, final),
      let text = book.meaning(table: table, code: event.a)
    else { return }
    // The first command without an answer is the one that failed, as far as can be seen.
    let name = track.name(track.commands.firstIndex { !$0.answered } ?? max(0, track.commands.count - 1))
    report(
      .commandFailed, "\(name) failed (\(result) \(event.a): \(text))", at: event.position,
      source: final == .otherFailure ? track.commands.last.flatMap { source(of: $0) } : nil,
      related: [asked(track)], inferred: track.inferred)
  }

  private func source(of command: CommandTrack.Command) -> Source? {
    command.subject >= 0 ? book.commands[Int(command.subject)].source : nil
  }

  /// The table of the codes of a failure, and how the failure is called.
  private func codes(of event: Event, _ batch: borrowing EventBatch, _ final: Final) -> (table: Int, name: String)? {
    switch final {
    case .cme: return book.cmeTable.map { ($0, final.name) }
    case .cms: return book.cmsTable.map { ($0, final.name) }
    case .otherFailure:
      let line = batch.text.span.extracting(event.text.range)
      guard let spec = book.final(line) ?? book.finals.first(where: { $0.table >= 0 && $0.number < 0 }), spec.table >= 0
      else { return nil }
      return (spec.table, String(decoding: spec.text.dropLast(), as: UTF8.self))
    default: return nil
    }
  }

  /// When a command fails, the rest of the line is not executed (V.250 5.5): none behind a silent one has answered.
  private mutating func checkStopped(_ event: Event, _ index: Int) {
    let track = open[index]
    guard track.commands.count > 1 else { return }
    coverage.evaluated(.answerAfterFailure)
    guard let last = track.commands.lastIndex(where: \.answered) else { return }
    for position in 0..<last where !track.commands[position].answered {
      let command = track.commands[position]
      guard command.subject >= 0, let form = book.commands[Int(command.subject)].form(command.form),
        form.gives.contains(where: { $0.times.lowerBound > 0 && $0.when.isEmpty })
      else { continue }
      report(
        .answerAfterFailure,
        "\(track.name(last)) answered although \(track.name(position)) before it in the line gave no answer and the line failed",
        at: event.position, related: [asked(track)], inferred: track.inferred)
      return
    }
  }

  /// Hooks, settings and waits of each command of the line.
  private mutating func finishCommands(
    _ event: Event, _ batch: borrowing EventBatch, _ index: Int, _ final: Final
  ) {
    let track = open[index]
    for (position, command) in track.commands.enumerated() where command.subject >= 0 {
      let spec = book.commands[Int(command.subject)]
      guard let form = spec.form(command.form) else { continue }
      if position == track.commands.count - 1 {
        checkAllowed(event, batch, final, form, spec, track, position)
      }
      let hook = final.isSuccess ? form.onOK : form.onError
      // Which command of a longer line failed is not known; what it did is not either.
      let decided = final.isSuccess || track.commands.count == 1
      if decided, !hook.isEmpty {
        let sent = track.fields
        let sentText = track.text
        let parameters = sent.span.extracting(command.fields)
        var context = context(command.subject, command.form)
        context.scene.error = errorCode(event, batch, final)
        run(
          hook, at: event.position, fields: Span<Field>(), text: batch.text.span, signature: nil,
          parameters: parameters, parameterText: sentText.span, takes: form.takes, context: context,
          name: .command(track, position), inferred: track.inferred,
          asked: track)
      }
      if final.isSuccess {
        noteErrorForm(track, command, spec)
        if Self.restoring.contains(spec.name) {
          settings.forgetValues()
          errorForm = nil
        }
        rememberSettings(track, command)
        if !form.endsWaits.isEmpty { endWaits(of: form.endsWaits, port: track.port) }
        if !form.late.isEmpty, !track.lateSeen { promise(event, form, command, track, position) }
      }
    }
  }

  /// Commands that set everything back to what is stored (V.250 6.1.1, 6.1.2), or may restart the modem (27.007 8.2).
  private static let restoring: Set<String> = ["Z", "&F", "+CFUN"]

  /// The code of an error result, whether it is told as a number or as its text.
  private func errorCode(_ event: Event, _ batch: borrowing EventBatch, _ final: Final) -> Value {
    if final == .otherFailure, event.a >= 0 { return .number(event.a) }
    guard final == .cme || final == .cms, let table = final == .cme ? book.cmeTable : book.cmsTable else {
      return .unknown
    }
    if event.a >= 0 { return .number(event.a) }
    let line = batch.text.span.extracting(event.text.range)
    guard let colon = line.indices.first(where: { line[$0] == 0x3A }) else { return .unknown }
    let text = Printable.text(
      Slice(start: event.text.range.lowerBound + colon + 1, count: line.count - colon - 1), in: batch.text.span,
      limit: 80)
    return book.code(table: table, text: text).map { .number($0) } ?? .unknown
  }

  private mutating func checkAllowed(
    _ event: Event, _ batch: borrowing EventBatch, _ final: Final, _ form: FormSpec, _ spec: CommandSpec,
    _ track: CommandTrack, _ position: Int
  ) {
    coverage.evaluated(.finalResult)
    guard !allows(form, final, batch.text.span.extracting(event.text.range)) else { return }
    let kind: FormSpec.Finals = final == .connect ? .connect : final.isSuccess ? .ok : .error
    guard spec.strict || kind == .ok || kind == .connect else { return }
    let wanted =
      [
        form.finals.contains(.ok) ? "OK" : nil, form.finals.contains(.connect) ? "CONNECT" : nil,
        form.finals.contains(.error) ? "ERROR" : nil,
      ].compactMap { $0 } + form.ownFinals.map { String(decoding: $0, as: UTF8.self) }
    report(
      .finalResult,
      "\(track.name(position)) is answered \(name(of: final, event, batch)), documented is \(wanted.joined(separator: " or "))",
      severity: spec.strict ? nil : .warning, at: event.position, source: form.source, related: [asked(track)],
      inferred: track.inferred)
  }

  /// Whether a form may end so. A result of the profile's own must be listed only where the form lists its results.
  private func allows(_ form: FormSpec, _ final: Final, _ line: Span<UInt8>) -> Bool {
    if final == .otherSuccess || final == .otherFailure {
      guard form.listsFinals, let own = book.final(line) else {
        return !form.ownFinals.isEmpty || form.finals.contains(final.isSuccess ? .ok : .error)
      }
      if !own.success, form.finals.contains(.error) { return true }
      return form.ownFinals.contains(own.text) || form.gives.contains { $0.isWhole(line) }
    }
    return form.finals.contains(final == .connect ? .connect : final.isSuccess ? .ok : .error)
  }

  /// A result of the profile's own is called as it reads.
  func name(of final: Final, _ event: Event, _ batch: borrowing EventBatch) -> String {
    guard final == .otherSuccess || final == .otherFailure else { return final.name }
    return Printable.text(event.text, in: batch.text.span, limit: 24)
  }

  // MARK: The form of errors

  /// 27.007 9.1: +CMEE says whether a failure is ERROR, +CME ERROR with a number, or with a text.
  private mutating func noteErrorForm(_ track: CommandTrack, _ command: CommandTrack.Command, _ spec: CommandSpec) {
    guard spec.name == "+CMEE", command.form == .write || command.form == .exec else { return }
    let value = command.fields.isEmpty ? 0 : track.fields[command.fields.lowerBound].number
    errorForm = (0...2).contains(value) ? (track.port, value) : nil
  }

  private mutating func checkErrorForm(_ event: Event, _ index: Int, _ final: Final) {
    guard final == .cme, let (port, form) = errorForm, open[index].port == port else { return }
    coverage.evaluated(.errorForm)
    let isNumber = event.a >= 0
    // Codes of the manufacturer may have no text.
    let fits = form == 1 ? isNumber : form == 2 && !(isNumber && (0...48).contains(event.a))
    guard !fits else { return }
    let wanted = form == 0 ? "plain ERROR" : form == 1 ? "+CME ERROR with a number" : "+CME ERROR with a text"
    report(
      .errorForm, "after AT+CMEE=\(form) a failure is reported as \(wanted)",
      severity: form == 2 ? .warning : nil, at: event.position,
      related: [asked(open[index])], inferred: open[index].inferred)
  }

  // MARK: Unsolicited lines

  mutating func checkUnsolicited(_ event: Event, _ batch: borrowing EventBatch) {
    var subject = Int(event.subject)
    if subject < 0 {
      // A result code that nothing asked for, such as NO CARRIER, may be in the document all the same.
      let known = book.unsolicited(batch.text.span.extracting(event.text.range))
      if known >= 0, book.unsolicited[known].isText { subject = book.unsolicited[known].id }
    }
    guard subject >= 0, subject < book.lines.count else { return }
    let spec = book.lines[subject]
    let naming =
      spec.prefix.isEmpty
      ? Naming.fixed(spec.pattern)
      : Naming.text(Slice(start: event.text.range.lowerBound, count: spec.prefix.count), prefix: "")
    checkShape(event, batch, spec, .unsolicitedShape, name: naming, nil)
    if spec.endsWaits {
      waits.removeAll { $0.port == event.port }
    } else {
      endWaits(by: spec, event.port)
    }
    let text = batch.text.span.extracting(event.text.range)
    // A modem presents what it reports at all of its ports: that is one report.
    if presented.isRepeated(text, at: event.port, event.end), !spec.hook.asksForPort { return }
    let fields = batch.fields.span.extracting(event.fields.range)
    noteFailure(
      spec, event, batch, parameters: Span<Field>(), context: Machine.Context(scene: scene),
      name: naming)
    run(
      spec.hook, at: event.position, fields: fields, text: batch.text.span, signature: spec.signature,
      parameters: Span<Field>(), parameterText: Span<UInt8>(), takes: nil, context: Machine.Context(scene: scene),
      name: naming, inferred: event.flags.contains(.inferred))
  }

}
