import Profile
import Trace

/// Data blocks, payload events, and bytes that no grammar explains.
extension Checker {
  // MARK: Data

  mutating func checkDataEnd(_ event: Event, _ batch: borrowing EventBatch) {
    if let index = track(event.transaction) {
      open[index].dataEnded = event.end
      open[index].waitsForHost = false
    }
    editor.end(event)
    let how = DataEnd(rawValue: event.code) ?? .complete
    if how != .cut { checkPromptSigns(event) }
    let spec =
      event.subject >= 0 && Int(event.subject) < book.dataPhases.count ? book.dataPhases[Int(event.subject)] : nil
    let inferred = event.flags.contains(.inferred)
    // What a host sends as data is not echoed: a log of one line for both directions may or may not hold it.
    if inferred, event.direction == .hostToModem, event.a >= 0 {
      coverage.skipped(.dataLength, .unknownDirection)
      return
    }
    switch how {
    case .complete, .cancelled: if event.a >= 0 { coverage.evaluated(.dataLength) }
    case .short:
      coverage.evaluated(.dataLength)
      report(
        .dataLength, "\(event.c) byte\(event.c == 1 ? "" : "s") fewer than the \(event.a) announced",
        at: event.position, source: spec?.source, related: announced(event), inferred: inferred)
    case .long:
      coverage.evaluated(.dataLength)
      report(
        .dataLength, "\(event.c) byte\(event.c == 1 ? "" : "s") more than the \(event.a) announced", at: event.position,
        source: spec?.source, related: announced(event), inferred: inferred)
    case .cut: coverage.skipped(.dataLength, .traceEnded)
    case .failed: break
    case .unseen where inferred: coverage.skipped(.dataUnfinished, .unknownDirection)
    case .unseen where spec == nil && runsUnknown(event.port): coverage.skipped(.dataUnfinished, .unknownCommand)
    case .unseen where open.contains(where: { $0.port == event.port && $0.sentEarly }): break
    case .unseen:
      report(
        .dataUnfinished, "the log has none of the data that were sent here, although the result says that they came",
        severity: .note, at: event.position, source: spec?.source,
        advice: "Record both directions; what the data were is not checked.", inferred: inferred)
    case .abandoned where inferred: coverage.skipped(.dataUnfinished, .unknownDirection)
    // Nobody knows what ends the data of an unknown command.
    case .abandoned where spec == nil && runsUnknown(event.port): coverage.skipped(.dataUnfinished, .unknownCommand)
    // What was sent before the prompt has been told of; it may have counted.
    case .abandoned where open.contains(where: { $0.port == event.port && $0.sentEarly }): break
    case .abandoned:
      report(
        .dataUnfinished, Self.unfinished(spec), at: event.position, source: spec?.source,
        advice: Self.endingAdvice(spec), inferred: inferred)
    }
    guard let spec, how != .cut, !spec.onEnd.isEmpty else { return }
    runData(spec.onEnd, event, batch)
  }

  private static func unfinished(_ spec: DataSpec?) -> String {
    switch spec?.framing {
    case .dleEtx: "the data were not ended by ETX (03) before the session went on"
    case .dotLine: "the data were not ended by a line with a single dot before the session went on"
    case .line: "the line that must follow did not come"
    default: "the text was neither ended (Ctrl-Z) nor cancelled (ESC) before the session went on"
    }
  }

  /// How such data are ended; nil: as texts are.
  private static func endingAdvice(_ spec: DataSpec?) -> String? {
    switch spec?.framing {
    case .dleEtx: "End the data with ETX (03); an ETX within them is escaped with DLE (10)."
    case .dotLine: "End the data with a line that holds a single dot."
    case .line: "Look for a line that the log, or the line itself, has lost."
    default: nil
    }
  }

  /// `>` and `>>` are prompts of different documents.
  private mutating func checkPromptSigns(_ event: Event) {
    guard let index = track(event.transaction), let (form, spec) = prompting(open[index]) else { return }
    let prompt = open[index].prompt
    guard prompt.signs > 0, !open[index].inferred, !lossy else { return }
    coverage.evaluated(.responseShape)
    guard prompt.signs != form.prompt.count else { return }
    report(
      .responseShape,
      "\(open[index].name(open[index].commands.count - 1)) asks with \(String(repeating: ">", count: min(prompt.signs, 8))); the document has \(String(decoding: form.prompt, as: UTF8.self))",
      at: prompt.position, source: spec.source, related: [asked(open[index])])
  }

  /// OK came, but the modem never asked for the data.
  mutating func checkPromptCame(
    _ event: Event, _ final: Final, _ batch: borrowing EventBatch, _ track: CommandTrack
  ) {
    guard let (form, _) = prompting(track), !track.inferred, !lossy, track.commands.last?.faulty == false else {
      return
    }
    coverage.evaluated(.responseMissing)
    guard track.prompt.signs == 0 else { return }
    report(
      .responseMissing,
      "\(track.name(track.commands.count - 1)): \(name(of: final, event, batch)) came without the prompt \(String(decoding: form.prompt, as: UTF8.self))",
      at: event.position, source: form.source, related: [asked(track)])
  }

  /// The form of the line's last command, if a strict document says that it asks with a prompt.
  private func prompting(_ track: CommandTrack) -> (FormSpec, CommandSpec)? {
    guard let command = track.commands.last, command.subject >= 0 else { return nil }
    let spec = book.commands[Int(command.subject)]
    guard spec.strict, let form = spec.form(command.form), form.prompt.first == 0x3E,
      form.promptWhen.isEmpty
    else { return nil }
    return (form, spec)
  }

  /// Text that the host enters; blocks of bytes are nobody's typing.
  mutating func enterText(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.direction == .hostToModem, event.subject >= 0, Int(event.subject) < book.dataPhases.count,
      book.dataPhases[Int(event.subject)].decoder == .text
    else { return }
    editor.take(batch.text.span.extracting(event.text.range), port: event.port)
  }

  private func announced(_ event: Event) -> [Related] {
    guard let index = track(event.transaction) else { return [] }
    return [Related(place: open[index].place, message: "asked for here")]
  }

  mutating func checkPayload(_ event: Event, _ batch: borrowing EventBatch) {
    if event.code == Int32(PayloadEvent.xmodemEnd.rawValue) { reportXModemEnd(event, batch) }
    if event.code == Int32(PayloadEvent.pppEnd.rawValue) { reportPPPEnd(event, batch) }
    guard event.subject >= 0, Int(event.subject) < book.dataPhases.count else { return }
    let hooks = book.dataPhases[Int(event.subject)].onEvent
    guard hooks.indices.contains(Int(event.code)), !hooks[Int(event.code)].isEmpty else { return }
    runData(hooks[Int(event.code)], event, batch)
  }

  /// The command line that data belong to: it may have been answered, by CONNECT, before they began.
  private func owner(of event: Event) -> CommandTrack? {
    guard event.transaction != 0 else { return nil }
    if let index = track(event.transaction) { return open[index] }
    for track in feeding where track.transaction == event.transaction { return track }
    return nil
  }

  private mutating func runData(_ hook: Hook, _ event: Event, _ batch: borrowing EventBatch) {
    var values: [Field] = []
    for at in event.fields.range { values.append(batch.fields[at]) }
    if event.kind == .dataEnd {
      let isUnseen = event.code == DataEnd.unseen.rawValue
      values.append(Field(kind: isUnseen ? .empty : .integer, number: isUnseen ? 0 : hostBytes[event.port] ?? 0))
    }
    let fields = values.span
    var subject: Int32 = -1
    var form = Form.exec
    var naming = Naming.fixed("data")
    var sent: [Field] = []
    var range = 0..<0
    var text: [UInt8] = []
    var askedAt = 0
    if let track = owner(of: event), let command = track.commands.last {
      subject = command.subject
      form = command.form
      naming = .command(track, track.commands.count - 1)
      sent = track.fields
      range = command.fields
      text = track.text
      askedAt = track.place
    } else if let last = open.last, last.commands.count > 0, event.kind == .payload {
      naming = .command(last, last.commands.count - 1)
    }
    run(
      hook, at: event.position, fields: fields, text: batch.text.span, signature: nil,
      parameters: sent.span.extracting(range),
      parameterText: text.span, takes: subject >= 0 ? book.commands[Int(subject)].form(form)?.takes : nil,
      context: context(subject, form), name: naming, inferred: event.flags.contains(.inferred), askedAt: askedAt)
  }

  // MARK: Malformed

  /// Whether a command line is being answered, or was the last one, that has a command which the profile does not know.
  private func runsUnknown(_ port: Port) -> Bool {
    afterUnknown.contains(port)
      || open.contains { track in track.port == port && track.commands.contains { $0.subject < 0 } }
  }

  /// Whether the bytes are the text for which a prompt was to come, sent without waiting for it.
  private mutating func sendsEarly(_ event: Event, _ seen: String) -> Bool {
    guard let index = open.lastIndex(where: { $0.port == event.port }), !open[index].waitsForHost,
      open[index].prompt.signs == 0, let command = open[index].commands.last, command.subject >= 0
    else { return false }
    let spec = book.commands[Int(command.subject)]
    guard spec.form(command.form)?.prompt.first == UInt8(ascii: ">") else { return false }
    open[index].sentEarly = true
    report(
      .garbage,
      "\(event.length) bytes of the host before the prompt of \(open[index].name(0)), which it did not wait for\(seen)",
      severity: .warning, at: event.position, source: spec.source,
      advice: "Send the text when the prompt has come: what comes before may be lost.", related: [asked(open[index])])
    return true
  }

  mutating func checkMalformed(_ event: Event, _ batch: borrowing EventBatch) {
    let inferred = event.flags.contains(.inferred)
    // An undivided log holds more than the line: prompts of a shell, remarks, output of programs. And a command that
    // the profile does not know may take data, or answer with them.
    let weight: Severity? = inferred || runsUnknown(event.position.port) ? .note : nil
    let seen = redaction.isOn ? "" : ": " + Printable.text(event.text, in: batch.text.span)
    switch Malformed(rawValue: event.code) {
    case .hostGarbage:
      if !inferred, sendsEarly(event, seen) { return }
      report(
        .garbage, "\(event.length) bytes of the host that are no command line and no data\(seen)", severity: weight,
        at: event.position,
        inferred: inferred)
    case .modemGarbage:
      report(
        .garbage, "\(event.length) bytes of the modem that are no line of text\(seen)", severity: weight,
        at: event.position,
        inferred: inferred)
    case .lineTooLong:
      report(
        .lineTooLong, "a line of \(event.length) bytes; only its beginning is checked", severity: weight,
        at: event.position)
    case .echoMismatch:
      guard let index = track(event.transaction) else { return }
      report(
        .echoMismatch, "the echo of \(open[index].name(0)) differs from what was sent", at: event.position,
        related: [asked(open[index])], inferred: inferred)
    case .echoUnexpected:
      report(
        .echoUnexpected, "the modem echoes although ATE0 was accepted", at: event.position,
        related: event.a > 0 ? [Related(place: Int(event.a), message: "sent here")] : [], inferred: inferred)
    case .lineFeedTerminator:
      report(
        .lineFeedTerminator, "this command line ends with LF; the modem waits for CR", at: event.position,
        inferred: inferred)
    case .dataEchoed:
      let spec = book.dataPhases.indices.contains(Int(event.subject)) ? book.dataPhases[Int(event.subject)] : nil
      report(
        .dataEchoed, "the modem sends \(event.length) bytes while it takes data, which are not echoed",
        at: event.position, source: spec?.source, inferred: inferred)
    case .resultFraming:
      guard !lossy else {
        coverage.skipped(.resultFraming, .lossyLog)
        return
      }
      coverage.evaluated(.resultFraming)
      report(
        .resultFraming,
        "the result code \(Printable.text(event.text, in: batch.text.span)) is not framed by CR LF on both sides",
        at: event.position, inferred: inferred)
    case .answerFraming:
      coverage.evaluated(.resultFraming)
      report(.resultFraming, "this answer does not begin with CR LF", at: event.position, inferred: inferred)
    case .resultForm:
      report(
        .resultForm,
        "the result code \(Printable.text(event.text, in: batch.text.span)) is verbose although ATV0 is set",
        at: event.position, inferred: inferred)
    case .strayFinal where inferred: coverage.skipped(.strayFinal, .unknownDirection)
    case .overlap where inferred: coverage.skipped(.overlappingCommand, .unknownDirection)
    case .strayFinal:
      coverage.evaluated(.strayFinal)
      report(
        .strayFinal, "a final result that no command asked for",
        severity: afterUnknown.contains(event.position.port) ? .note : nil, at: event.position, inferred: inferred)
    case .overlap:
      // What looks like a command may be data that a name the profile lacks has opened.
      let before = open.last { $0.port == event.port && $0.place == Int(event.a) }
      report(
        .overlappingCommand, "this command comes before the final result of the one before",
        severity: before?.hasUnknownCommand == true ? .note : nil, at: event.position,
        related: event.a > 0 ? [Related(place: Int(event.a), message: "still running")] : [], inferred: inferred)
    case .tooManyCommands:
      report(
        .lineTooLong, "a line with more commands than are looked at", at: event.position, inferred: inferred)
    case .commandInData:
      report(
        .commandInData, "a command line of \(event.a) characters is sent in data mode; nothing answers it there",
        severity: event.b == 1 ? nil : .warning, at: event.position, inferred: inferred)
    case .resultSuppressed:
      report(
        .resultSuppressed, "a result code comes although ATQ1 is set", at: event.position, inferred: inferred)
    case .logEntry: report(.logEntry, "the log cannot be read here", at: event.position)
    case .none: break
    case .some(let fault):
      if !reportXModem(fault, event), !reportMessage(fault, event), !reportPPP(fault, event),
        !reportMux(fault, event)
      {
        reportEscapes(fault, event)
      }
    }
  }
}
