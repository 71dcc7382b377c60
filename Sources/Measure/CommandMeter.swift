import Profile
import Trace

/// Counts and times commands.
struct CommandMeter {
  static let commandLimit = 1024
  static let openLimit = 64

  private struct Key: Hashable {
    var name: UInt64
    var form: UInt8
  }
  private struct Running {
    var transaction: UInt32
    var sent: Instant
    var figures: [Int]
  }
  /// A command that was answered: its late result may come yet.
  private struct Answered {
    var transaction: UInt32
    var sent: Instant
    var figures: Int
  }

  private let book: Book
  private var index: [Key: Int] = [:]
  private var running: [Running] = []
  private var spare: [[Int]] = []
  private var answered: [Answered] = []
  /// Where the next answered command goes: the oldest makes room.
  private var next = 0

  private(set) var figures: [CommandFigures] = []
  private(set) var transactions = 0

  init(book: Book) { self.book = book }

  mutating func begin(_ event: Event) {
    transactions += 1
    if running.count >= Self.openLimit { running.removeFirst() }
    var list = spare.popLast() ?? []
    list.removeAll(keepingCapacity: true)
    running.append(Running(transaction: event.transaction, sent: event.end, figures: list))
    if event.a == 0, let at = entry(Key(name: 0, form: 0), name: { "AT" }, form: .exec) {
      running[running.count - 1].figures.append(at)
      figures[at].count += 1
    }
  }

  mutating func note(_ event: Event, _ batch: borrowing EventBatch) {
    guard let owner = running.indices.last, running[owner].transaction == event.transaction else { return }
    let form = Form(rawValue: event.form) ?? .exec
    let range = event.text.range.lowerBound..<event.text.range.lowerBound + Int(event.b)
    let known = event.subject >= 0 && Int(event.subject) < book.commands.count
    let hash = known ? book.commands[Int(event.subject)].nameHash : TextHash.of(batch.text[range])
    let at: Int?
    if let found = index[Key(name: hash, form: event.form)] {
      at = found
    } else {
      let name =
        known
        ? book.commands[Int(event.subject)].name
        : String(decoding: batch.text[range].prefix(32), as: UTF8.self).uppercased()
      at = entry(Key(name: hash, form: event.form), name: { name }, form: form)
    }
    guard let at else { return }
    running[owner].figures.append(at)
    figures[at].count += 1
  }

  private mutating func entry(_ key: Key, name: () -> String, form: Form) -> Int? {
    if let found = index[key] { return found }
    guard figures.count < Self.commandLimit else { return nil }
    figures.append(CommandFigures(command: name(), form: form.name))
    index[key] = figures.count - 1
    return figures.count - 1
  }

  mutating func end(_ event: Event) {
    guard let at = running.lastIndex(where: { $0.transaction == event.transaction }) else { return }
    let one = running.remove(at: at)
    let final = Final(rawValue: event.code) ?? .error
    for owner in one.figures {
      if final.isSuccess { figures[owner].ok += 1 } else { figures[owner].error += 1 }
      figures[owner].results.add(final, code: event.a)
    }
    // Of a longer line it is not known which command took the time.
    if one.figures.count == 1, let owner = one.figures.first {
      if event.b >= 0 { figures[owner].firstByte.add(event.b) }
      if event.c >= 0 { figures[owner].latency.add(event.c) }
      if final.isSuccess { keep(Answered(transaction: one.transaction, sent: one.sent, figures: owner)) }
    }
    if spare.count < 8 { spare.append(one.figures) }
  }

  private mutating func keep(_ one: Answered) {
    if answered.count < Self.openLimit {
      answered.append(one)
    } else {
      answered[next] = one
      next = (next + 1) % Self.openLimit
    }
  }

  /// A late result came: behind the final result, or before it.
  mutating func late(_ event: Event) {
    if let one = running.last(where: { $0.transaction == event.transaction }), one.figures.count == 1 {
      if let time = event.end.since(one.sent) { figures[one.figures[0]].late.add(time) }
    } else if let at = answered.firstIndex(where: { $0.transaction == event.transaction }) {
      if let time = event.end.since(answered[at].sent) { figures[answered[at].figures].late.add(time) }
      // Only the first counts, should there be more.
      answered[at].transaction = 0
    }
  }

  mutating func giveUp(_ event: Event) {
    guard let at = running.lastIndex(where: { $0.transaction == event.transaction }) else { return }
    // Its last line was the end, or no result was due behind the data.
    let isDone = event.code == Unanswered.notDue.rawValue || event.code == Unanswered.over.rawValue
    for owner in running.remove(at: at).figures {
      if isDone { figures[owner].ok += 1 } else { figures[owner].unanswered += 1 }
    }
  }
}
