import Profile
import Trace

/// One transaction with everything that tables and pictures of transactions want.
public struct TransactionRecord: Sendable {
  public var number: UInt32
  /// Where the command line stands, and the last line that belongs to it.
  public var place: Int
  public var lastPlace: Int
  public var port: Port
  /// The first and the last byte of the command line.
  public var sent: Instant
  public var commandEnd: Instant
  /// The first command of the line in the profile's words, its form, and how many there were.
  public var command = ""
  public var form = Form.exec
  public var commands = 0
  /// The command line and the first line of its answer: escaped, secrets hidden, cut.
  public var text: String
  public var answer = ""
  public var answers = 0
  public var outcome = ChronicleEntry.Outcome.open
  /// The final result as it stood on the line; empty where there was none.
  public var result = ""
  /// From the end of the command line to the first byte of the answer, to the final result, and to the late one; -1
  /// where not known.
  public var firstByte: Nanoseconds = -1
  public var wait: Nanoseconds = -1
  public var late: Nanoseconds = -1
  /// Direction was inferred from echo and grammar.
  public var isInferred = false
}

/// The transactions of a trace one after the other, each when nothing more of it is to be expected.
///
/// A transaction is given on when `held` others have begun since: a late result that comes after that is no more part
/// of it. Memory does not grow with the trace.
public struct TransactionFlow: Sendable {
  static let held = 1024
  static let shownBytes = 1024

  private let book: Book
  private let redact: Bool
  private var secrets = SecretMap()
  /// Without gaps in their numbers.
  private var records: [TransactionRecord] = []

  public init(book: Book, redact: Bool) {
    self.book = book
    self.redact = redact
  }

  public mutating func take(_ batch: borrowing EventBatch, _ emit: (TransactionRecord) -> Void) {
    secrets.note(batch)
    for at in batch.events.indices { take(batch.events[at], batch, emit) }
  }

  /// The end of the trace.
  public mutating func finish(_ emit: (TransactionRecord) -> Void) {
    for record in records { emit(record) }
    records.removeAll()
  }

  private mutating func take(
    _ event: Event, _ batch: borrowing EventBatch, _ emit: (TransactionRecord) -> Void
  ) {
    switch event.kind {
    case .commandLine: begin(event, batch, emit)
    case .command:
      guard let at = index(of: event.transaction) else { return }
      records[at].commands += 1
      guard records[at].commands == 1 else { return }
      records[at].command = name(of: event, batch)
      records[at].form = Form(rawValue: event.form) ?? .exec
    case .information: addAnswer(event, batch)
    case .late:
      guard let at = index(of: event.transaction) else { return }
      if records[at].late < 0, let time = event.end.since(records[at].commandEnd) { records[at].late = max(0, time) }
      addAnswer(event, batch)
    case .final:
      guard let at = index(of: event.transaction) else { return }
      let final = Final(rawValue: event.code) ?? .error
      records[at].outcome = final.isSuccess ? .succeeded : .failed
      records[at].result = final.name + (event.a >= 0 && !final.isSuccess ? ": \(event.a)" : "")
      records[at].firstByte = event.b
      records[at].wait = event.c
      records[at].lastPlace = max(records[at].lastPlace, event.place)
    case .unanswered:
      guard let at = index(of: event.transaction), records[at].outcome == .open else { return }
      // Its last line was the end, or no result was due behind the data.
      let isDone = event.code == Unanswered.notDue.rawValue || event.code == Unanswered.over.rawValue
      records[at].outcome = isDone ? .succeeded : .unanswered
    default: break
    }
  }

  private mutating func begin(
    _ event: Event, _ batch: borrowing EventBatch, _ emit: (TransactionRecord) -> Void
  ) {
    if let last = records.last, event.transaction != last.number &+ 1 { finish(emit) }
    if records.count >= 2 * Self.held {
      for record in records.prefix(Self.held) { emit(record) }
      records.removeFirst(Self.held)
    }
    var record = TransactionRecord(
      number: event.transaction, place: event.place, lastPlace: event.place, port: event.port, sent: event.start,
      commandEnd: event.end, text: shown(event, batch))
    record.isInferred = event.flags.contains(.inferred)
    if event.a == 0 { record.command = "AT" }
    records.append(record)
  }

  private mutating func addAnswer(_ event: Event, _ batch: borrowing EventBatch) {
    guard let at = index(of: event.transaction) else { return }
    if records[at].answers == 0 { records[at].answer = shown(event, batch) }
    records[at].answers &+= 1
    records[at].lastPlace = max(records[at].lastPlace, event.place)
  }

  private func index(of number: UInt32) -> Int? {
    guard number > 0, let first = records.first?.number, number >= first else { return nil }
    let at = Int(number - first)
    return at < records.count ? at : nil
  }

  private func shown(_ event: Event, _ batch: borrowing EventBatch) -> String {
    secrets.text(of: event, in: batch, redact: redact, limit: Self.shownBytes)
  }

  /// As the profile writes it; where it knows no such command, as the host did.
  private func name(of event: Event, _ batch: borrowing EventBatch) -> String {
    if event.subject >= 0, Int(event.subject) < book.commands.count { return book.commands[Int(event.subject)].name }
    var name = event
    name.text.count = Int32(clamping: max(0, min(event.b, Int64(event.text.count), 32)))
    return shown(name, batch).uppercased()
  }
}
