import Profile
import Trace

/// Late results: promised by OK, due within their time, not before OK.
extension Checker {
  mutating func promise(
    _ event: Event, _ form: FormSpec, _ command: CommandTrack.Command, _ track: CommandTrack, _ position: Int
  ) {
    if waits.count >= Self.waitLimit { endWait(0) }
    let wait = spareWaits.popLast() ?? WaitTrack(form: form)
    wait.begin(form, command, of: track, since: event.end)
    if !form.lateWithin.isEmpty {
      let sent = wait.fields
      let limit = machine.evaluate(
        form.lateWithin, fields: Span<Field>(), parameters: sent.span,
        context: context(command.subject, command.form))
      if limit.tag == .number, limit.bits > 0 {
        wait.deadline = event.end.advanced(by: limit.bits &* 1_000_000 &+ resolution.step)
      }
    }
    waits.append(wait)
  }

  /// Takes a wait out of the list; it may be used again once the caller is done with it.
  @discardableResult
  mutating func endWait(_ index: Int) -> WaitTrack {
    let wait = waits.remove(at: index)
    if spareWaits.count < 8 { spareWaits.append(wait) }
    return wait
  }

  /// A line in whose place, as the profile says, a promised result does not come.
  mutating func endWaits(by spec: LineSpec, _ port: Port) {
    guard !waits.isEmpty else { return }
    waits.removeAll { wait in
      wait.port == port && wait.form.instead.contains { $0.elementsEqual(spec.prefix) }
    }
  }

  /// The late results of these commands are not due any more.
  mutating func endWaits(of names: [String], port: Port) {
    waits.removeAll { wait in
      wait.port == port && wait.subject >= 0 && names.contains(book.commands[Int(wait.subject)].name)
    }
  }

  mutating func checkLate(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.subject >= 0, Int(event.subject) < book.lines.count else { return }
    let spec = book.lines[Int(event.subject)]
    if event.flags.contains(.partial) {
      guard let index = track(event.transaction) else { return }
      open[index].lateSeen = true
      let position = max(0, min(Int(event.a), open[index].commands.count - 1))
      guard open[index].commands.indices.contains(position) else { return }
      open[index].commands[position].answered = true
      let command = open[index].commands[position]
      let track = open[index]
      if form(of: command)?.lateInAnyOrder != true {
        coverage.evaluated(.lateBeforeOK)
        report(
          .lateBeforeOK,
          "\(track.name(position)): the result came before OK; documented is OK first, then \(spec.pattern)",
          at: event.position, source: spec.source, related: [asked(track)], inferred: track.inferred)
      }
      takeLate(
        event, batch, spec, form: form(of: command), subject: command.subject,
        parameters: Array(track.fields[command.fields]), text: track.text, name: .command(track, position),
        askedAt: track.place)
      return
    }
    guard let index = waits.firstIndex(where: { $0.transaction == event.transaction }) else { return }
    let wait = endWait(index)
    endWaits(by: spec, event.port)
    coverage.evaluated(.lateBeforeOK)
    coverage.evaluated(.lateMissing)
    takeLate(
      event, batch, spec, form: wait.form, subject: wait.subject, parameters: wait.fields, text: wait.text,
      name: .wait(wait), askedAt: wait.place)
  }

  private func form(of command: CommandTrack.Command) -> FormSpec? {
    command.subject >= 0 ? book.commands[Int(command.subject)].form(command.form) : nil
  }

  private mutating func takeLate(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: LineSpec, form: FormSpec?, subject: Int32,
    parameters: [Field], text: [UInt8], name: Naming, askedAt: Int
  ) {
    checkShape(event, batch, spec, .responseShape, name: name, nil)
    let fields = batch.fields.span.extracting(event.fields.range)
    let context = context(subject, form?.form ?? .exec)
    if !spec.when.isEmpty,
      machine.evaluate(spec.when, fields: fields, parameters: parameters.span, context: context).isFalse
    {
      report(
        .responseUnexpected, "\(name.text(in: batch.text.span)): this result is not due here: \(spec.pattern)",
        severity: .error, at: event.position, source: spec.source,
        related: askedAt > 0 ? [Related(place: askedAt, message: "asked here")] : [],
        inferred: event.flags.contains(.inferred))
    }
    noteFailure(spec, event, batch, parameters: parameters.span, context: context, name: name)
    run(
      spec.hook, at: event.position, fields: fields, text: batch.text.span, signature: spec.signature,
      parameters: parameters.span, parameterText: text.span, takes: form?.takes, context: context, name: name,
      inferred: event.flags.contains(.inferred), askedAt: askedAt)
  }

  mutating func reportLateMissing(_ wait: WaitTrack) {
    coverage.evaluated(.lateMissing)
    let patterns = wait.form.late.map(\.pattern).joined(separator: " or ")
    let limit = wait.deadline.since(wait.since).map { " within \(Printable.seconds($0))" } ?? ""
    report(
      .lateMissing, "\(wait.name): OK came, but not the result \(patterns)\(limit)",
      at: Position(
        place: wait.place, offset: wait.offset, instant: wait.since, direction: .hostToModem, port: wait.port),
      source: wait.form.source, inferred: wait.inferred)
    let parameters = wait.fields
    let sentText = wait.text
    run(
      wait.form.onMissing, at: Position(place: wait.place), fields: Span<Field>(), text: Span<UInt8>(),
      signature: nil, parameters: parameters.span, parameterText: sentText.span, takes: wait.form.takes,
      context: context(wait.subject, wait.form.form), name: .wait(wait), inferred: wait.inferred)
  }

  mutating func reportLateAnswer(_ event: Event, _ index: Int) {
    guard event.kind == .final else { return }
    report(
      .lateAnswer, "this is the answer to \(open[index].name(0)); the host had already sent its next command",
      at: event.position, related: [asked(open[index])], inferred: open[index].inferred)
  }
}
