import Profile
import Trace

/// Limits of time, compared with the time of the trace, where its resolution settles the question.
extension Checker {
  /// The line is silent until `instant`, as whoever sits on it sees by a clock: what was due before is told now rather
  /// than with the next byte, which gives the same afterwards. `busy`: ports that may be in the middle of an answer.
  public mutating func advance(to instant: Instant, except busy: [Port]) {
    guard instant.isKnown, now.isKnown, instant > now else { return }
    let last = now
    now = instant
    let silence = Event(
      .control, direction: .unknown, port: .first, start: instant, end: instant, place: 0, offset: 0)
    passTime(to: silence, except: busy)
    if busy.isEmpty, !dues.isEmpty { meetDues(before: silence) }
    now = last
  }

  /// What was not answered before this event although its time is over.
  mutating func passTime(to event: Event, except busy: [Port] = []) {
    func isBusy(_ port: Port) -> Bool { busy.contains { $0.index & 0xFF == port.index & 0xFF } }
    if !waits.isEmpty {
      var index = 0
      while index < waits.count {
        if waits[index].deadline.isKnown, now > waits[index].deadline, !answers(event, waits[index]),
          busy.isEmpty || !isBusy(waits[index].port)
        {
          let wait = endWait(index)
          reportLateMissing(wait)
        } else {
          index += 1
        }
      }
    }
    for index in open.indices
    where !open[index].timedOut && !open[index].waitsForHost && !open[index].isQuiet && !open[index].mayBeOver {
      guard open[index].transaction != event.transaction || event.kind != .final else { continue }
      guard busy.isEmpty || !isBusy(open[index].port) else { continue }
      guard let waited = now.since(since(open[index])), waited > Self.quickAnswer else { continue }
      guard let limit = limit(of: open[index]), waited > limit &+ resolution.step else { continue }
      reportTimeout(index, waited, limit)
    }
  }

  /// No command has a shorter limit than this; below it nothing needs to be looked up.
  private static let quickAnswer: Nanoseconds = 500_000_000

  private func answers(_ event: Event, _ wait: WaitTrack) -> Bool {
    event.kind == .late && event.transaction == wait.transaction && event.start.isKnown
      && event.start <= wait.deadline
  }

  private func since(_ track: CommandTrack) -> Instant { track.dataEnded.isKnown ? track.dataEnded : track.sent }

  /// The longest time that a command of the line may take; nil where the profile cannot tell, as for a name it lacks.
  mutating func limit(of track: CommandTrack) -> Nanoseconds? {
    guard !track.hasUnknownCommand else { return nil }
    var longest: Int64 = 0
    let sent = track.fields
    for command in track.commands {
      var program = book.within
      if command.subject >= 0, let form = book.commands[Int(command.subject)].form(command.form), !form.within.isEmpty {
        program = form.within
      }
      guard !program.isEmpty else { return nil }
      let value = machine.evaluate(
        program, fields: Span<Field>(), parameters: sent.span.extracting(command.fields),
        context: context(command.subject, command.form))
      guard value.tag == .number, value.bits > 0 else { return nil }
      longest = max(longest, value.bits)
    }
    if track.commands.isEmpty {
      let value = machine.evaluate(
        book.within, fields: Span<Field>(), parameters: Span<Field>(), context: Machine.Context())
      guard value.tag == .number else { return nil }
      longest = value.bits
    }
    return longest > 0 ? longest &* 1_000_000 : nil
  }

  mutating func checkTime(_ event: Event, _ index: Int) {
    let track = open[index]
    if !user.limitsByHash.isEmpty, let waited = event.end.since(since(track)) { checkDemanded(waited, index) }
    guard !track.timedOut, !track.waitsForHost else { return }
    guard let waited = event.end.since(since(track)) else {
      coverage.skipped(.responseTimeout, .noTime)
      return
    }
    guard !track.hasUnknownCommand else {
      coverage.skipped(.responseTimeout, .unknownCommand)
      return
    }
    coverage.evaluated(.responseTimeout)
    guard waited > Self.quickAnswer, let limit = limit(of: track), waited > limit &+ resolution.step else { return }
    reportTimeout(index, waited, limit)
  }

  private mutating func reportTimeout(_ index: Int, _ waited: Nanoseconds, _ limit: Nanoseconds) {
    open[index].timedOut = true
    let track = open[index]
    coverage.evaluated(.responseTimeout)
    let last = max(0, track.commands.count - 1)
    let subject = track.commands.indices.contains(last) ? track.commands[last].subject : -1
    let source = subject >= 0 ? book.commands[Int(subject)].source : nil
    report(
      .responseTimeout,
      "\(track.name(last)) has no final result \(Printable.seconds(waited)) after it was sent; the limit is \(Printable.seconds(limit))",
      at: Position(
        place: track.place, offset: track.offset, instant: track.sent, direction: .hostToModem, port: track.port),
      source: source, inferred: track.inferred)
  }

  // MARK: Order

  mutating func checkUnanswered(_ event: Event) {
    guard let index = track(event.transaction) else { return }
    let track = open[index]
    let why = Unanswered(rawValue: event.code) ?? .endOfTrace
    coverage.evaluated(.unanswered)
    switch why {
    case .endOfTrace:
      if !track.timedOut { coverage.skipped(.unanswered, .traceEnded) }
    case .reset, .aborted, .suppressed, .notDue, .over: break
    case .nextCommand where track.inferred: coverage.skipped(.unanswered, .unknownDirection)
    case .nextCommand:
      if !track.timedOut {
        // A name the profile lacks may open data, or answer in a way, that only its own document tells.
        report(
          .unanswered, "\(track.name(max(0, track.commands.count - 1))) got no final result before the host went on",
          severity: track.hasUnknownCommand ? .note : nil,
          at: Position(
            place: track.place, offset: track.offset, instant: track.sent, direction: .hostToModem, port: track.port),
          inferred: track.inferred)
      }
    }
    close(index)
  }

  mutating func reportAbort(_ event: Event) {
    report(.abort, "a command was sent before the final result of the one before, which aborts it", at: event.position)
  }

  /// Three plus signs that were not taken as an escape: plus signs of the data, or an escape with the wrong pauses?
  private mutating func checkRefusedEscape(_ event: Event, _ needed: Nanoseconds) {
    if event.b >= needed, event.a >= needed {
      report(
        .guardTime,
        "\(Printable.seconds(event.b)) between the plus signs of +++; less than \(Printable.seconds(needed)) are allowed",
        severity: .warning, at: event.position)
    } else if event.a >= needed, event.b < needed, event.c >= 0, event.c &+ resolution.step < needed {
      report(
        .guardTime,
        "the host went on \(Printable.seconds(event.c)) after +++; \(Printable.seconds(needed)) of silence are needed",
        severity: .warning, at: event.position)
    } else if event.a &+ resolution.step < needed, event.a > 0, event.b < needed, event.c >= needed {
      report(
        .guardTime,
        "+++ came \(Printable.seconds(event.a)) after the last data; \(Printable.seconds(needed)) of silence are needed",
        severity: .warning, at: event.position)
    } else if event.a >= needed, event.b < needed, event.c >= needed, let whole = event.end.since(event.start),
      whole > needed &+ resolution.step
    {
      report(
        .guardTime,
        "from the first to the last plus sign of +++ it took \(Printable.seconds(whole)), and the modem did not take it; enter it within \(Printable.seconds(needed))",
        severity: .warning, at: event.position)
    }
  }

  mutating func checkEscape(_ event: Event) {
    guard event.a >= 0, event.b != .max else {
      coverage.skipped(.guardTime, .noTime)
      return
    }
    guard resolution.step <= 100_000_000 else {
      coverage.skipped(.guardTime, .coarseTime)
      return
    }
    coverage.evaluated(.guardTime)
    let needed: Nanoseconds = 900_000_000
    if event.code == 1 {
      checkRefusedEscape(event, needed)
      return
    }
    if event.a &+ resolution.step < needed {
      report(
        .guardTime,
        "+++ came \(Printable.seconds(event.a)) after the last data; \(Printable.seconds(needed)) of silence are needed",
        severity: .warning, at: event.position)
    }
  }
}
