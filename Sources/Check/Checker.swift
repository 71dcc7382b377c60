import Profile
import Trace

/// Reads events and a book, and reports what breaks the document. It never sees bytes of the trace, and keeps no more
/// than the commands that are still open.
///
/// Deadlines are compared with the times in the trace, never with a clock: a live line and a file give the same result.
public struct Checker: ~Copyable {
  let book: Book
  let resolution: Resolution
  let lossy: Bool
  let ordered: Bool
  /// How values that the profile marks as secret are hidden in messages.
  var redaction: Redaction

  var machine: Machine
  var coverage: CoverageCounter
  var open: [CommandTrack] = []
  var spare: [CommandTrack] = []
  var waits: [WaitTrack] = []
  var spareWaits: [WaitTrack] = []
  var settings = Settings()
  var unknownNames: Set<UInt64> = []
  /// Rules that must become true yet.
  var dues: [DueTrack] = []
  /// Where and when the event at hand is.
  var scene = Machine.Scene()
  var portNames: [Value] = []
  /// Payload bytes of the host in the data phase of each port.
  var hostBytes: [Port: Int64] = [:]
  var now = Instant.unknown
  /// Where the first line of each port stands that the modem or the host said.
  var firstLines: [Port: Position] = [:]
  /// Ports on which ATQ1 was sent and no result code came since.
  var quietPorts: Set<Port> = []
  /// Ports whose last answered line had a command that the profile does not know: data of any kind may follow.
  var afterUnknown: Set<Port> = []
  /// What AT+CMEE was set to last: plain ERROR (0), a number (1), a text (2); unknown at the start. It counts on the port
  /// where it was set: whether it counts on others too no standard says.
  var errorForm: (port: Port, value: Int64)?
  /// What the user demands beyond the documents.
  let user: UserSettings
  /// The rate of the line as it was told; 0 where it was not.
  let baud: Int64
  var paces: [PaceTrack] = []
  var floors: [FloorTrack] = []
  /// What the host entered behind the last prompt.
  var editor = LineEditor()
  /// Of each port the command line that was answered while its data go on: their rules see its parameters.
  var feeding: [CommandTrack] = []
  var presented = PresentedLines()

  static let openLimit = 64
  static let waitLimit = 64
  static let dueLimit = 64
  static let unknownNameLimit = 256
  /// The number of findings that are kept; the rest are counted.
  public static let findingLimit = 10_000

  public private(set) var findings: [Finding] = []
  public private(set) var dropped = 0

  public init(
    book: Book, resolution: Resolution, lossy: Bool = false, ordered: Bool = true, redact: Bool = true,
    baud: Int? = nil, user: UserSettings = UserSettings()
  ) {
    self.book = book
    self.user = user
    self.baud = Int64(clamping: max(0, baud ?? 0))
    self.resolution = resolution
    self.lossy = lossy
    self.ordered = ordered
    redaction = Redaction(isOn: redact)
    machine = Machine(book)
    coverage = CoverageCounter(statements: book.statements.count)
    if let baud { scene.baud = .number(Int64(baud)) }
  }

  /// The names of the ports, by `Port.index`; a port without a name stays unknown to expressions.
  public mutating func name(ports: [String]) {
    guard ports.count != portNames.count else { return }
    portNames = ports.map { $0.isEmpty ? .unknown : .text(hash: TextHash.of($0.lowercased().utf8)) }
  }

  /// What was and was not evaluated, so far.
  public var coverageTable: [RuleCoverage] {
    coverage.coverage { index in book.statements.indices.contains(index) ? book.statements[index].rule : "" }
  }

  /// Hands over the findings since the last call.
  public mutating func takeFindings() -> [Finding] {
    defer { findings.removeAll(keepingCapacity: true) }
    return findings
  }

  public var hasFindings: Bool { !findings.isEmpty }

  /// Checks a batch of events.
  public mutating func take(_ batch: borrowing EventBatch) {
    // Copied where there are new ones only: the storage is shared with the batch, which goes on writing to it.
    if batch.numbers.count != redaction.numbers.count { redaction.numbers = batch.numbers }
    for index in batch.events.indices { take(batch.events[index], batch) }
  }

  private mutating func take(_ event: Event, _ batch: borrowing EventBatch) {
    if event.end.isKnown, event.kind != .finish, !now.isKnown || event.end > now {
      now = event.end
      if !open.isEmpty || !waits.isEmpty { passTime(to: event) }
      if !dues.isEmpty { meetDues(before: event) }
    }
    set(scene: event)
    noteFirst(event)
    if baud > 0 || !paces.isEmpty || event.kind == .mode { watchPace(event) }
    switch event.kind {
    case .commandLine: beginLine(event, batch)
    case .command: checkCommand(event, batch)
    case .information: checkInformation(event, batch)
    case .late: checkLate(event, batch)
    case .unsolicited: checkUnsolicited(event, batch)
    case .final: checkFinal(event, batch)
    case .dataEnd: checkDataEnd(event, batch)
    case .payload: checkPayload(event, batch)
    case .malformed: checkMalformed(event, batch)
    case .unanswered: checkUnanswered(event)
    case .escape: checkEscape(event)
    case .abort: reportAbort(event)
    case .reset: checkReset(event, batch)
    case .gap: forgetAll(.gap, event)
    case .clockStep:
      now = event.start
      report(.clockStep, "the clock of the log goes backwards here", at: event.position)
    case .finish: finish(event)
    case .prompt:
      if let index = track(event.transaction) {
        open[index].waitsForHost = true
        open[index].prompt = (Int(event.a), event.position)
      }
    case .dataBegin:
      hostBytes[event.port] = 0
      if event.direction == .hostToModem {
        editor.begin(event)
        if let index = track(event.transaction) { open[index].waitsForHost = true }
      }
    case .control: checkControl(event, batch)
    case .data:
      enterText(event, batch)
      if event.direction == .hostToModem { hostBytes[event.port, default: 0] &+= Int64(event.text.count) }
      if !user.throughputFloors.isEmpty { watchFloor(event) }
    case .transferEnd: if !floors.isEmpty { checkFloors(of: event.b) }
    case .secret, .mode: break
    }
    if !dues.isEmpty { dropMetDues() }
  }

  // MARK: Reporting

  mutating func report(
    _ rule: GenericRule, _ message: String, severity: Severity? = nil, at position: Position, source: Source? = nil,
    advice: String? = nil, related: [Related] = [], inferred: Bool = false
  ) {
    guard ordered || !Self.needOrder.contains(rule) else { return coverage.skipped(rule, .looseOrder) }
    add(
      finding(
        rule, message, severity: severity, at: position, source: source, advice: advice, related: related,
        inferred: inferred))
  }

  /// What only the order of commands and answers shows.
  private static let needOrder: [GenericRule] = [.overlappingCommand, .lateAnswer, .unanswered, .responseMissing]

  func finding(
    _ rule: GenericRule, _ message: String, severity: Severity? = nil, at position: Position, source: Source? = nil,
    advice: String? = nil, related: [Related] = [], inferred: Bool = false
  ) -> Finding {
    let info = rule.info
    // What depends on a guessed direction says so and weighs at most a warning.
    var weight = inferred ? min(severity ?? info.severity, .warning) : severity ?? info.severity
    // Where line ends are lost as well, even the borders between command and answer are guesses.
    if inferred, lossy { weight = .note }
    let citation = if let source { cite(source) } else { info.reference }
    return Finding(
      rule: info.name, severity: weight,
      message: inferred ? message + " (direction inferred)" : message, advice: advice ?? info.advice,
      position: position, citation: citation, related: related)
  }

  mutating func add(_ found: Finding) {
    var finding = found
    switch user.weights.isEmpty ? nil : user.weights[found.rule] {
    case nil: break
    case .off: return
    case .severity(let severity): finding.severity = severity
    }
    guard findings.count < Self.findingLimit else {
      dropped += 1
      return
    }
    findings.append(finding)
  }

  func cite(_ source: Source) -> Citation {
    Citation(document: book.document(source.document).id, section: source.section)
  }

  // MARK: Open commands

  /// The open command line of a transaction.
  func track(_ transaction: UInt32) -> Int? {
    guard transaction != 0 else { return nil }
    return open.lastIndex { $0.transaction == transaction }
  }

  mutating func beginLine(_ event: Event, _ batch: borrowing EventBatch) {
    if open.count >= Self.openLimit { close(0) }
    let track = spare.popLast() ?? CommandTrack()
    let range = event.text.range
    track.begin(event, text: batch.text.span.extracting(range))
    track.isQuiet = quietPorts.contains(event.port)
    open.append(track)
    guard !book.everyLine.isEmpty else { return }
    scene.lineText = .text(hash: TextHash.of(batch.text[range]))
    run(
      book.everyLine, at: event.position, fields: Span<Field>(), text: batch.text.span, signature: nil,
      parameters: Span<Field>(), parameterText: Span<UInt8>(), takes: nil, context: Machine.Context(scene: scene),
      name: .text(event.text, prefix: ""), inferred: event.flags.contains(.inferred))
  }

  /// Ends a track; pending findings are given out at their full weight unless `accepted` says the modem took it.
  mutating func close(_ index: Int, accepted: Bool = false, dataFollow: Bool = false) {
    guard open.indices.contains(index) else { return }
    let track = open.remove(at: index)
    for finding in track.pending {
      var weighed = finding
      // What a modem accepts beyond a standard that invites extensions is worth a note.
      if accepted { weighed.severity = .note }
      add(weighed)
    }
    track.pending.removeAll(keepingCapacity: true)
    if dataFollow {
      stopFeeding(track.port)
      if feeding.count < Self.openLimit { return feeding.append(track) }
    }
    if spare.count < 8 { spare.append(track) }
  }

  /// The data behind the answered command of this port are over.
  mutating func stopFeeding(_ port: Port) {
    guard let index = feeding.firstIndex(where: { $0.port == port }) else { return }
    let track = feeding.remove(at: index)
    if spare.count < 8 { spare.append(track) }
  }

  mutating func forgetAll(_ rule: GenericRule, _ event: Event) {
    machine.forgetAll()
    settings.forgetAll()
    waits.removeAll(keepingCapacity: true)
    dues.removeAll()
    while !open.isEmpty { close(open.count - 1) }
    report(rule, "bytes are missing here; what was under way cannot be judged", at: event.position)
  }

  /// Keeps where a port's first words stand: a start-up line there is the power-on with which a log begins.
  private mutating func noteFirst(_ event: Event) {
    switch event.kind {
    case .control, .mode, .secret, .clockStep, .finish: return
    default: if firstLines[event.port] == nil { firstLines[event.port] = event.position }
    }
  }

  mutating func checkReset(_ event: Event, _ batch: borrowing EventBatch) {
    machine.reset()
    settings.forgetAll()
    waits.removeAll(keepingCapacity: true)
    dues.removeAll()
    if let first = firstLines[event.port], first.place == event.place, first.offset == event.position.offset { return }
    report(
      .reset, "the modem restarted: \(Printable.text(event.text, in: batch.text.span, limit: 40))",
      at: event.position,
      source: book.lines.indices.contains(Int(event.subject)) ? book.lines[Int(event.subject)].source : nil)
  }

  mutating func finish(_ event: Event) {
    checkFloors(of: nil)
    for wait in waits {
      if let end = event.end.isKnown ? event.end : nil, wait.deadline.isKnown, end > wait.deadline {
        reportLateMissing(wait)
      } else {
        coverage.skipped(.lateMissing, event.end.isKnown ? .traceEnded : .noTime)
      }
    }
    waits.removeAll()
    while !open.isEmpty { close(open.count - 1) }
  }

  // MARK: Statements

  /// What an expression sees of the command it belongs to.
  func context(_ subject: Int32, _ form: Form, copies: Int32 = 0, position: Int = 0) -> Machine.Context {
    let command = subject >= 0 && Int(subject) < book.commands.count ? book.commands[Int(subject)].nameHash : 0
    return Machine.Context(
      command: command, form: FormHash.of(form), copies: Int64(copies), position: Int64(position), typed: editor.typed,
      scene: scene)
  }

  /// Checks the statements of a hook, then does its moves. `parameters` come with the text they point into.
  mutating func run(
    _ hook: Hook, at position: Position, fields: Span<Field>, text: Span<UInt8>, signature: Signature?,
    parameters: Span<Field>, parameterText: Span<UInt8>, takes: Signature?, context: Machine.Context,
    name: Naming, inferred: Bool, asked: CommandTrack? = nil, askedAt: Int = 0
  ) {
    guard !hook.isEmpty else { return }
    check(
      hook, afterMoves: false, at: position, fields: fields, text: text, signature: signature, parameters: parameters,
      parameterText: parameterText, takes: takes, context: context, name: name, inferred: inferred,
      askedAt: asked?.place ?? askedAt)
    guard !hook.moves.isEmpty else { return }
    for move in hook.moves {
      machine.perform(
        move, fields: fields, text: text, parameters: parameters, parameterText: parameterText, context: context)
    }
    check(
      hook, afterMoves: true, at: position, fields: fields, text: text, signature: signature, parameters: parameters,
      parameterText: parameterText, takes: takes, context: context, name: name, inferred: inferred,
      askedAt: asked?.place ?? askedAt)
  }

  private mutating func check(
    _ hook: Hook, afterMoves: Bool, at position: Position, fields: Span<Field>, text: Span<UInt8>,
    signature: Signature?, parameters: Span<Field>, parameterText: Span<UInt8>, takes: Signature?,
    context: Machine.Context, name: Naming, inferred: Bool, askedAt: Int
  ) {
    for statement in hook.statements where statement.isAfterMoves == afterMoves {
      if !statement.when.isEmpty {
        let applies = machine.evaluate(
          statement.when, fields: fields, text: text, parameters: parameters, parameterText: parameterText,
          context: context)
        if !applies.isTrue {
          if !applies.isKnown { coverage.skipped(statement: statement.id, .unknownState) }
          continue
        }
      }
      let value = machine.evaluate(
        statement.holds, fields: fields, text: text, parameters: parameters, parameterText: parameterText,
        context: context)
      if !statement.within.isEmpty, !value.isTrue {
        expect(
          statement, at: position, fields: fields, text: text, signature: signature, parameters: parameters,
          parameterText: parameterText, takes: takes, context: context, name: name, inferred: inferred,
          askedAt: askedAt)
        continue
      }
      guard value.isKnown else {
        coverage.skipped(statement: statement.id, .unknownState)
        continue
      }
      coverage.evaluated(statement: statement.id)
      guard value.isFalse else { continue }
      let sentence = StatementText(statement: statement, book: book, redaction: redaction).sentence(
        name: name.text(in: text), machine: &machine, fields: fields, text: text, signature: signature,
        parameters: parameters,
        parameterText: parameterText, takes: takes, context: context)
      add(broken(statement, sentence, at: position, inferred: inferred, askedAt: askedAt))
    }
  }
}

extension Checker {
  func broken(
    _ statement: Statement, _ sentence: String, at position: Position, inferred: Bool, askedAt: Int
  ) -> Finding {
    Finding(
      rule: statement.rule, severity: inferred ? min(statement.severity, .warning) : statement.severity,
      message: inferred ? sentence + " (direction inferred)" : sentence, advice: statement.advice,
      position: position, citation: cite(statement.source),
      related: askedAt > 0 ? [Related(place: askedAt, message: "asked here")] : [])
  }
}

/// The hashes of the names of forms, as expressions compare them.
enum FormHash {
  private static let all = Form.allCases.map { TextHash.of($0.name.utf8) }
  static func of(_ form: Form) -> UInt64 { all[Int(form.rawValue)] }
}
