import Profile
import Trace

/// Compares a trace with what the user expects of it. Fed with the events of a trace, then with its transfers; keeps no
/// more than the transactions that are still open, and prints nothing of the trace but results and numbers.
public struct ExpectationWatch: Sendable {
  /// So many parts are watched; whoever reads them refuses more.
  public static let entryLimit = 512
  /// Transactions that may be open, or wait for a late answer.
  static let openLimit = 64
  /// So many findings an entry gives; the last says that there may be more.
  static let toldLimit = 10

  enum Role: Sendable { case mustSee, mustNotSee, step }

  /// One expected command and what was seen of it.
  struct Entry: Sendable {
    var expectation: Int
    var role: Role
    var wanted: ExpectedCommand
    var seen = 0
    var told = 0
    /// The latest that has the right command, but ended in another way; or, of a step, that came too early.
    var near: Near?
  }

  struct Near: Sendable {
    var position: Position
    var result: String
  }

  /// A command line that some entry waits for.
  struct Candidate: Sendable {
    var number: UInt32
    var position: Position
    var inferred: Bool
    /// Entries whose command pattern fits, and what of the rest fits so far.
    var entries: [Int] = []
    var fitsResult: [Bool] = []
    var fitsAnswer: [Bool] = []
    var result = ""
    var end = Instant.unknown
    var wait: Nanoseconds = -1
    var isOver = false
    /// The trace ended before it did.
    var isCut = false
  }

  /// How far an order has come.
  struct Progress: Sendable {
    /// The entry of the next step, and the end of the last one.
    var next: Int
    var end: Int
    var last: Near?
    var lastEnd = Instant.unknown
    var number: UInt32 = 0
  }

  let expectations: [Expectation]
  let user: UserSettings
  let resolution: Resolution
  var entries: [Entry] = []
  var orders: [Int: Progress] = [:]
  private var open: [Candidate] = []
  private var spare: [Candidate] = []
  var start = Instant.unknown
  var lastLine: Position?
  /// The last transaction of each port.
  private var latest: [Port: UInt32] = [:]
  var hasGap = false
  var counts: [(evaluated: Int, skipped: Int, reason: RuleCoverage.Reason)]
  var findings: [Finding] = []

  /// `nil` where nothing is expected.
  public init?(_ user: UserSettings, resolution: Resolution) {
    guard !user.expectations.isEmpty else { return nil }
    self.user = user
    self.resolution = resolution
    expectations = user.expectations
    counts = Array(repeating: (0, 0, .none), count: expectations.count)
    for (index, expectation) in expectations.enumerated() {
      for wanted in expectation.mustSee { add(wanted, .mustSee, index) }
      for wanted in expectation.mustNotSee { add(wanted, .mustNotSee, index) }
      let first = entries.count
      for wanted in expectation.inOrder { add(wanted, .step, index) }
      if entries.count > first { orders[index] = Progress(next: first, end: entries.count) }
    }
  }

  private mutating func add(_ wanted: ExpectedCommand, _ role: Role, _ expectation: Int) {
    guard entries.count < Self.entryLimit else { return }
    entries.append(Entry(expectation: expectation, role: role, wanted: wanted))
  }

  public var hasFindings: Bool { !findings.isEmpty }

  public mutating func takeFindings() -> [Finding] {
    defer { findings.removeAll() }
    return findings
  }

  /// How often each expectation was evaluated, and why it could not be.
  public var coverage: [RuleCoverage] {
    expectations.indices.compactMap { index in
      let count = counts[index]
      guard count.evaluated > 0 || count.skipped > 0 else { return nil }
      return RuleCoverage(
        rule: expectations[index].rule, evaluated: count.evaluated, skipped: count.skipped, reason: count.reason)
    }
  }

  // MARK: The trace

  public mutating func take(_ batch: borrowing EventBatch) {
    for at in batch.events.indices { take(batch.events[at], batch) }
  }

  private mutating func take(_ event: Event, _ batch: borrowing EventBatch) {
    if !start.isKnown, event.start.isKnown { start = event.start }
    switch event.kind {
    case .commandLine: begin(event, batch)
    case .information, .late: answer(event, batch)
    case .final:
      let final = Final(rawValue: event.code) ?? .error
      guard let at = index(of: event.transaction) else { return }
      let text = Self.text(final, event, batch)
      close(at, final.isSuccess ? .success : .failure, text: text, end: event.end, wait: event.c)
    case .unanswered: giveUp(event)
    case .gap: hasGap = true
    default: break
    }
  }

  private static func text(_ final: Final, _ event: Event, _ batch: borrowing EventBatch) -> String {
    if final == .otherSuccess || final == .otherFailure {
      let range = event.text.range
      guard range.upperBound <= batch.text.count, !range.isEmpty else { return final.name }
      return String(decoding: batch.text[range].prefix(StarPattern.limit), as: UTF8.self)
    }
    return final.name + (event.a >= 0 && (final == .cme || final == .cms) ? ": \(event.a)" : "")
  }

  private mutating func begin(_ event: Event, _ batch: borrowing EventBatch) {
    lastLine = event.position
    latest[event.port] = event.transaction
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return }
    var candidate = spare.popLast() ?? Candidate(number: 0, position: event.position, inferred: false)
    let line = batch.text.span.extracting(range)
    for index in entries.indices where entries[index].wanted.command.matches(line) {
      candidate.entries.append(index)
      candidate.fitsResult.append(entries[index].wanted.result == nil)
      candidate.fitsAnswer.append(entries[index].wanted.answer == nil)
    }
    guard !candidate.entries.isEmpty else { return keep(candidate) }
    candidate.number = event.transaction
    candidate.position = event.position
    candidate.inferred = event.flags.contains(.inferred)
    if open.count >= Self.openLimit {
      // So many came behind it: its answer does not come any more.
      if !open[0].isOver { close(0, .none, text: "", end: .unknown) }
      if open.count >= Self.openLimit { settle(open.removeFirst()) }
    }
    open.append(candidate)
  }

  private func index(of number: UInt32) -> Int? { open.lastIndex { $0.number == number } }

  private mutating func answer(_ event: Event, _ batch: borrowing EventBatch) {
    guard let at = index(of: event.transaction) else { return }
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return }
    for one in open[at].entries.indices where !open[at].fitsAnswer[one] {
      let pattern = entries[open[at].entries[one]].wanted.answer
      if let pattern, pattern.matches(batch.text.span.extracting(range)) { open[at].fitsAnswer[one] = true }
    }
    if open[at].isOver { settleFront() }
  }

  private enum Outcome { case success, failure, none }

  /// The transaction at an index of `open` is over.
  private mutating func close(
    _ at: Int, _ outcome: Outcome, text: String, end: Instant, wait: Nanoseconds = -1, isCut: Bool = false
  ) {
    open[at].result = text
    open[at].isOver = true
    open[at].isCut = isCut
    open[at].end = end
    open[at].wait = wait
    for one in open[at].entries.indices {
      switch entries[open[at].entries[one]].wanted.result {
      case nil: break
      case .success: open[at].fitsResult[one] = outcome == .success
      case .failure: open[at].fitsResult[one] = outcome == .failure
      case .absent: open[at].fitsResult[one] = outcome == .none
      case .text(let pattern): open[at].fitsResult[one] = !text.isEmpty && pattern.matches(text)
      }
    }
    settleFront()
  }

  private mutating func giveUp(_ event: Event) {
    guard let at = index(of: event.transaction) else { return }
    switch Unanswered(rawValue: event.code) {
    case .notDue, .over: close(at, .success, text: "", end: event.end)
    // The host did not wait for the end of the trace, if it sent something since.
    case .endOfTrace where latest[event.port] == event.transaction:
      close(at, .none, text: "", end: .unknown, isCut: true)
    default: close(at, .none, text: "", end: .unknown)
    }
  }

  /// Whether a late result may still make it what somebody waits for.
  private func isWaiting(_ one: Candidate) -> Bool {
    guard one.isOver else { return true }
    return one.entries.indices.contains { one.fitsResult[$0] && !one.fitsAnswer[$0] }
  }

  /// Transactions are judged in the order in which they began.
  private mutating func settleFront() {
    while let first = open.first, !isWaiting(first) { settle(open.removeFirst()) }
  }

  mutating func settleAll() {
    while !open.isEmpty {
      if !open[0].isOver { open[0].isCut = true }
      settle(open.removeFirst())
    }
  }

  private mutating func settle(_ one: Candidate) {
    for at in one.entries.indices { judge(one, at) }
    keep(one)
  }

  private mutating func keep(_ one: Candidate) {
    guard spare.count < 8 else { return }
    var empty = one
    empty.entries.removeAll(keepingCapacity: true)
    empty.fitsResult.removeAll(keepingCapacity: true)
    empty.fitsAnswer.removeAll(keepingCapacity: true)
    empty.result = ""
    empty.end = .unknown
    empty.wait = -1
    empty.isOver = false
    empty.isCut = false
    spare.append(empty)
  }
}
