import Decode
import Measure
import Profile
import Trace

/// What reports with pictures want beyond findings and figures: transactions, activity over time, and the course of
/// transfers. Kept only when it is asked for, in memory that does not grow with the trace.
public struct Chronicle: Sendable {
  public static let seriesLimit = 64
  static let shownBytes = 72

  /// Whether coordinates are nanoseconds; else they are lines of the log.
  public let hasTime: Bool
  public private(set) var activity: Activity
  public private(set) var series: [TransferSeries] = []
  /// The first and the last coordinate.
  public private(set) var first: Int64?
  public private(set) var last: Int64 = 0

  private let redact: Bool
  private var list = TransactionList()
  private var secrets = BatchSecrets()

  init(resolution: Resolution, redact: Bool) {
    hasTime = resolution.hasTime
    activity = Activity(width: resolution.hasTime ? 1_000_000 : 1)
    self.redact = redact
  }

  /// At most `limit` transactions: see `TransactionList`.
  public func transactions(limit: Int) -> [ChronicleEntry] { list.selection(limit) }

  /// Where something stands on the axis of the report.
  public func coordinate(place: Int, instant: Instant) -> Int64? {
    hasTime ? (instant.isKnown ? instant.nanoseconds : nil) : Int64(place)
  }

  mutating func mark(_ finding: Finding) { list.mark(finding.position) }

  mutating func take(_ batch: borrowing EventBatch) {
    secrets.note(batch)
    for at in batch.events.indices { take(batch.events[at], at, batch) }
  }

  /// The findings of the batch are marked: what nobody will ask for may go.
  mutating func settle() { list.thinOut() }

  private mutating func take(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) {
    switch event.kind {
    case .commandLine:
      note(event)
      let shown = text(event, at, batch)
      list.begin(
        ChronicleEntry(
          number: event.transaction, place: event.place, lastPlace: event.place, port: event.port,
          sent: event.start, text: shown, commandEnd: event.end))
    case .information:
      note(event)
      let shown = list.wantsAnswer(event.transaction) ? text(event, at, batch) : ""
      list.change(event.transaction) { $0.addAnswer(shown, place: event.place) }
    case .final:
      note(event)
      let final = Final(rawValue: event.code) ?? .error
      list.close(event.transaction) { entry in
        entry.outcome = final.isSuccess ? .succeeded : .failed
        entry.result = final.name + (event.a >= 0 && !final.isSuccess ? ": \(event.a)" : "")
        entry.firstByte = event.b
        entry.wait = event.c
        entry.lastPlace = max(entry.lastPlace, event.place)
      }
    case .late:
      note(event)
      let shown = list.wantsAnswer(event.transaction) ? text(event, at, batch) : ""
      list.change(event.transaction) { entry in
        if entry.late < 0, let time = event.end.since(entry.commandEnd) { entry.late = max(0, time) }
        entry.addAnswer(shown, place: event.place)
        entry.lateAnswers &+= 1
      }
    case .unanswered:
      let isDone = event.code == Unanswered.notDue.rawValue
      list.close(event.transaction) { $0.outcome = isDone ? .succeeded : .unanswered }
    case .unsolicited, .prompt, .malformed: note(event)
    case .data:
      note(event)
      if event.b > 0, let owner = seriesIndex(event) {
        series[owner].add(Int(event.text.count), from: event.start, to: event.end)
      }
    case .payload: noteBlock(event, batch)
    case .transferEnd:
      for owner in series.indices where Int64(series[owner].id) == event.b { series[owner].isOver = true }
    default: break
    }
  }

  private mutating func note(_ event: Event) {
    guard let coordinate = coordinate(place: event.place, instant: event.end) else { return }
    if first == nil { first = coordinate }
    last = max(last, coordinate)
    activity.add(Int(event.length), of: event.direction, at: coordinate)
  }

  private mutating func noteBlock(_ event: Event, _ batch: borrowing EventBatch) {
    let fields = event.fields.range
    guard event.code == Int32(PayloadEvent.block.rawValue), fields.count >= 4,
      fields.upperBound <= batch.fields.count, let owner = seriesIndex(event)
    else { return }
    series[owner].addBlock(
      status: batch.fields[fields.lowerBound + 2].number, tries: batch.fields[fields.lowerBound + 3].number,
      from: event.start, to: event.end)
  }

  private mutating func seriesIndex(_ event: Event) -> Int? {
    let id = UInt32(truncatingIfNeeded: event.b)
    if let known = series.lastIndex(where: { $0.id == id && $0.direction == event.direction }) { return known }
    if series.count >= Self.seriesLimit {
      // The smallest of those that are over makes room.
      let over = series.indices.filter { series[$0].isOver }
      guard let smallest = over.min(by: { series[$0].total < series[$1].total }) else { return nil }
      series.remove(at: smallest)
    }
    series.append(TransferSeries(id: id, direction: event.direction))
    return series.count - 1
  }

  // MARK: Text

  /// The text of an event, escaped and cut, with what is secret in it hidden.
  private func text(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) -> String {
    BatchSecrets.text(
      of: event, in: batch, hiding: redact ? secrets.ranges(of: event, at, batch) : [], numbered: true,
      limit: Self.shownBytes)
  }
}
