import Inspect
import Measure
import Profile
import Trace

/// A database of SQLite's with everything that was said, carried and found; a further run is appended.
///
/// All is one transaction: when anything goes wrong, an older file stays as it was. A new file has no journal, because
/// whoever asks for it writes it beside its place.
public final class DatabaseReport: StreamedReport {
  private let database: Database
  private let inputsTable: DatabaseStatement
  private let transactionsTable: DatabaseStatement
  private let linesTable: DatabaseStatement
  private let transfersTable: DatabaseStatement
  private let findingsTable: DatabaseStatement
  private let eventsTable: DatabaseStatement
  private let version: String
  private let run: Int64
  private var nextInput: Int64
  private var inputs = 0
  private var start: String?
  private var flow: TransactionFlow?
  private var input: StreamedInput?
  private var portNames: [Port: String?] = [:]
  private var secrets = SecretMap()
  private var lineNumber = 0
  private var eventNumber = 0
  private var finishFailure: String?
  private static let shown = 4096

  public var failure: String? { database.failure ?? finishFailure }

  /// `isNew`: the file is empty; else it must be a database of attrace's.
  public init(path: String, isNew: Bool, version: String) throws(DatabaseError) {
    self.version = version
    database = try Database(path: path)
    try Self.open(database, isNew: isNew)
    run = try database.number("SELECT coalesce(max(id), 0) + 1 FROM runs")
    nextInput = try database.number("SELECT coalesce(max(id), 0) + 1 FROM inputs")
    inputsTable = try database.insert(into: DatabaseSchema.inputs)
    transactionsTable = try database.insert(into: DatabaseSchema.transactions)
    linesTable = try database.insert(into: DatabaseSchema.lines)
    transfersTable = try database.insert(into: DatabaseSchema.transfers)
    findingsTable = try database.insert(into: DatabaseSchema.findings)
    eventsTable = try database.insert(into: DatabaseSchema.events)
  }

  private static func open(_ database: Database, isNew: Bool) throws(DatabaseError) {
    if isNew {
      try database.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")
      try database.run("PRAGMA application_id = \(DatabaseSchema.application)")
      try database.run("PRAGMA user_version = \(DatabaseSchema.version)")
    } else {
      let foreign = DatabaseError(message: "it is no database of attrace's; name another file")
      var application: Int64 = 0
      do throws(DatabaseError) {
        application = try database.number("PRAGMA application_id")
      } catch {
        throw error.isForeign ? foreign : error
      }
      guard application == DatabaseSchema.application else { throw foreign }
      let found = try database.number("PRAGMA user_version")
      guard found == DatabaseSchema.version else {
        throw DatabaseError(
          message: "its tables are of version \(found), and this attrace writes version \(DatabaseSchema.version); "
            + "name a new file")
      }
    }
    try database.run("PRAGMA cache_size = -16384; BEGIN IMMEDIATE")
    if isNew { try database.run(DatabaseSchema.sql) }
  }

  // MARK: Inputs

  public func begin(_ input: StreamedInput) {
    self.input = input
    flow = TransactionFlow(book: input.book, redact: input.redact)
    secrets = SecretMap()
    portNames = [:]
    lineNumber = 0
    eventNumber = 0
  }

  public func name(ports: [String]) {
    guard input?.ports != ports else { return }
    input?.ports = ports
    portNames = [:]
  }

  public func take(_ batch: borrowing EventBatch) {
    flow?.take(batch) { write($0) }
    secrets.note(batch)
    for at in batch.events.indices { take(batch.events[at], batch) }
  }

  public func end(_ report: InputReport) {
    flow?.finish { write($0) }
    flow = nil
    write(report)
    for (number, figures) in report.transfers.enumerated() { write(figures, number + 1, report) }
    for (number, found) in report.findings.enumerated() { write(found, number + 1, report) }
    if let began = report.start { start = min(start ?? began, began) }
    inputs += 1
    nextInput += 1
  }

  public func finish() {
    guard failure == nil else { return }
    do throws(DatabaseError) {
      let runs = try database.insert(into: DatabaseSchema.runs)
      runs.number(run)
      runs.string(version)
      runs.string(start)
      runs.number(inputs)
      runs.insert()
      guard database.failure == nil else { return }
      try database.run("COMMIT")
    } catch {
      finishFailure = error.message
    }
  }

  public func takeText() -> String { "" }

  // MARK: What was said

  private func take(_ event: Event, _ batch: borrowing EventBatch) {
    switch event.kind {
    case .commandLine, .information, .unsolicited, .late, .prompt, .final: writeLine(event, batch)
    // Payload is summed up in transfers; how it was cut into pieces says nothing.
    case .secret, .data, .finish: break
    default: writeEvent(event, batch)
    }
  }

  private func writeLine(_ event: Event, _ batch: borrowing EventBatch) {
    lineNumber += 1
    linesTable.number(nextInput)
    linesTable.number(event.transaction)
    linesTable.number(lineNumber)
    linesTable.number(event.place)
    linesTable.string(EventWords.name(event))
    linesTable.string(EventWords.direction(event.direction))
    linesTable.string(name(of: event.port))
    linesTable.seconds(event.start.isKnown ? event.start.nanoseconds : nil)
    linesTable.number(event.offset)
    linesTable.number(event.length)
    linesTable.string(shown(event, batch))
    linesTable.insert()
  }

  private func writeEvent(_ event: Event, _ batch: borrowing EventBatch) {
    eventNumber += 1
    eventsTable.number(nextInput)
    eventsTable.number(eventNumber)
    eventsTable.number(event.place)
    eventsTable.string(EventWords.name(event))
    eventsTable.string(EventWords.direction(event.direction))
    eventsTable.string(name(of: event.port))
    eventsTable.seconds(event.start.isKnown ? event.start.nanoseconds : nil)
    eventsTable.seconds(event.end.isKnown ? event.end.nanoseconds : nil)
    eventsTable.number(event.transaction > 0 ? event.transaction : nil)
    let isOfTransfer = [.dataBegin, .dataEnd, .transferEnd, .payload].contains(event.kind)
    eventsTable.number(isOfTransfer && event.b > 0 ? event.b : nil)
    let text = shown(event, batch)
    let (name, detail, value) = words(event, text)
    eventsTable.string(name)
    eventsTable.string(detail)
    eventsTable.number(value)
    eventsTable.number(event.length)
    eventsTable.insert()
  }

  /// What is particular to a kind of event: a name, words, and a number.
  private func words(_ event: Event, _ text: String) -> (name: String?, detail: String, value: Int64?) {
    switch event.kind {
    case .command:
      let commands = input?.book.commands ?? []
      let known = event.subject >= 0 && Int(event.subject) < commands.count
      return (known ? commands[Int(event.subject)].name : nil, text, event.a)
    case .dataBegin: return (text.isEmpty ? nil : text, "announced", event.a >= 0 ? event.a : nil)
    case .dataEnd: return (nil, EventWords.dataEnd(event.code), event.c)
    case .transferEnd: return (nil, event.code == 1 ? "complete" : "incomplete", event.c)
    case .payload:
      return (PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code))?.name, text, nil)
    case .malformed: return (EventWords.malformed(event.code), text, nil)
    case .unanswered: return (nil, EventWords.unanswered(event.code), nil)
    case .mode: return (String(UnicodeScalar(UInt8(truncatingIfNeeded: event.code))), "", event.a)
    case .escape: return (nil, event.code == 1 ? "not confirmed" : "", event.a >= 0 ? event.a : nil)
    default: return (nil, text, nil)
    }
  }

  private func shown(_ event: Event, _ batch: borrowing EventBatch) -> String {
    secrets.text(of: event, in: batch, redact: input?.redact ?? true, limit: Self.shown)
  }

  private func name(of port: Port) -> String? {
    if let known = portNames[port] { return known }
    let name = InputReport.portName(port, among: input?.ports ?? []).map(Escaped.line)
    portNames[port] = name
    return name
  }

  private func write(_ record: TransactionRecord) {
    transactionsTable.number(nextInput)
    transactionsTable.number(record.number)
    transactionsTable.number(record.place)
    transactionsTable.number(record.lastPlace)
    transactionsTable.string(name(of: record.port))
    transactionsTable.seconds(record.sent.isKnown ? record.sent.nanoseconds : nil)
    transactionsTable.string(record.command)
    transactionsTable.string(record.form.name)
    transactionsTable.number(record.commands)
    transactionsTable.string(record.text)
    transactionsTable.string(record.answers > 0 ? record.answer : nil)
    transactionsTable.number(record.answers)
    transactionsTable.string(record.outcome.name)
    transactionsTable.string(record.result.isEmpty ? nil : record.result)
    for time in [record.firstByte, record.wait, record.late] { transactionsTable.seconds(time >= 0 ? time : nil) }
    transactionsTable.insert()
  }

  // MARK: What was found

  private func write(_ report: InputReport) {
    inputsTable.number(nextInput)
    inputsTable.number(run)
    inputsTable.string(Escaped.line(report.path))
    inputsTable.string(report.format)
    inputsTable.string(Escaped.line(report.profile))
    inputsTable.string(Escaped.line(report.profileReason))
    inputsTable.string(report.start.map(Escaped.line))
    inputsTable.seconds(report.duration)
    inputsTable.seconds(report.resolution.hasTime ? report.resolution.step : nil)
    inputsTable.number(report.rate?.bitsPerSecond)
    inputsTable.number(report.hostBytes)
    inputsTable.number(report.modemBytes)
    inputsTable.number(report.transactions)
    for severity in [Severity.error, .warning, .note] { inputsTable.number(report.count(severity)) }
    inputsTable.number(report.droppedFindings)
    inputsTable.insert()
  }

  private func write(_ figures: TransferFigures, _ number: Int, _ report: InputReport) {
    transfersTable.number(nextInput)
    transfersTable.number(number)
    transfersTable.number(figures.id)
    transfersTable.number(figures.place)
    transfersTable.string(report.portName(figures.port).map(Escaped.line))
    transfersTable.string(figures.kind.name)
    transfersTable.string(EventWords.direction(figures.direction))
    transfersTable.string(figures.name.map(Escaped.line))
    transfersTable.seconds(figures.start.isKnown ? figures.start.nanoseconds : nil)
    transfersTable.seconds(figures.end.isKnown ? figures.end.nanoseconds : nil)
    transfersTable.number(figures.payloadBytes)
    transfersTable.number(figures.wireBytes)
    transfersTable.number(figures.escapeBytes)
    transfersTable.real(figures.throughput)
    transfersTable.real(figures.utilisation)
    transfersTable.number(figures.retransmissions)
    transfersTable.number(figures.errors)
    transfersTable.seconds(figures.longestStall)
    transfersTable.number(figures.stall?.place)
    transfersTable.number(figures.complete ? 1 : 0)
    transfersTable.string(figures.sha256)
    for (_, part) in JSONMembers.budgetParts { transfersTable.real(figures.budget.share(part)) }
    transfersTable.insert()
  }

  private func write(_ found: ReportedFinding, _ number: Int, _ report: InputReport) {
    let finding = found.finding
    findingsTable.number(nextInput)
    findingsTable.number(number)
    findingsTable.string(finding.rule)
    findingsTable.string(finding.severity.name)
    findingsTable.string(Escaped.line(finding.message))
    findingsTable.string(Escaped.line(finding.advice))
    findingsTable.number(finding.position.place)
    findingsTable.number(finding.position.offset)
    findingsTable.seconds(finding.position.instant.isKnown ? finding.position.instant.nanoseconds : nil)
    findingsTable.string(report.portName(finding.position.port).map(Escaped.line))
    findingsTable.string(finding.citation.document)
    findingsTable.string(finding.citation.section)
    findingsTable.string(found.fingerprint)
    findingsTable.number(found.isKnown ? 1 : 0)
    findingsTable.number(found.suppression == nil ? 0 : 1)
    findingsTable.insert()
  }
}
