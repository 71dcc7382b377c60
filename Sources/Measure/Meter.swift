import Profile
import Trace

/// Counts and times commands and transfers from the events of a trace, in constant memory.
public struct Meter {
  static let commandLimit = 1024
  static let transferLimit = 10_000
  static let openLimit = 64

  private struct Key: Hashable {
    var name: UInt64
    var form: UInt8
  }
  private struct Running {
    var transaction: UInt32
    var figures: [Int]
  }
  private struct OpenTransfer {
    var figures: TransferFigures
    var hash = SHA256()
    var last: Instant
  }

  private let book: Book
  private var index: [Key: Int] = [:]
  private var running: [Running] = []
  private var spare: [[Int]] = []
  private var open: [OpenTransfer] = []
  /// What commands called the transfers that they opened.
  private var names: [(id: UInt32, name: String)] = []

  public private(set) var commands: [CommandFigures] = []
  public private(set) var transfers: [TransferFigures] = []
  public private(set) var transactions = 0
  public private(set) var hostBytes: UInt64 = 0
  public private(set) var modemBytes: UInt64 = 0
  public private(set) var first = Instant.unknown
  public private(set) var last = Instant.unknown

  public init(book: Book) { self.book = book }

  /// Counts the bytes of a batch of chunks.
  public mutating func count(_ batch: borrowing ChunkBatch) {
    for chunk in batch.chunks where chunk.kind == .data {
      if chunk.direction == .hostToModem {
        hostBytes &+= UInt64(chunk.count)
      } else {
        modemBytes &+= UInt64(chunk.count)
      }
      if chunk.instant.isKnown {
        if !first.isKnown { first = chunk.instant }
        last = chunk.instant
      }
    }
  }

  public mutating func take(_ batch: borrowing EventBatch) {
    for at in batch.events.indices {
      let event = batch.events[at]
      switch event.kind {
      case .commandLine: begin(event)
      case .command: note(event, batch)
      case .final: end(event)
      case .unanswered: giveUp(event)
      case .dataBegin: noteName(event, batch)
      case .data: noteData(event, batch)
      case .transferEnd: endTransfer(event)
      case .finish: finish()
      default: break
      }
    }
  }

  // MARK: Commands

  private mutating func begin(_ event: Event) {
    transactions += 1
    if running.count >= Self.openLimit { running.removeFirst() }
    var figures = spare.popLast() ?? []
    figures.removeAll(keepingCapacity: true)
    running.append(Running(transaction: event.transaction, figures: figures))
    if event.a == 0, let at = entry(Key(name: 0, form: 0), name: { "AT" }, form: .exec) {
      running[running.count - 1].figures.append(at)
      commands[at].count += 1
    }
  }

  private mutating func note(_ event: Event, _ batch: borrowing EventBatch) {
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
    commands[at].count += 1
  }

  private mutating func entry(_ key: Key, name: () -> String, form: Form) -> Int? {
    if let found = index[key] { return found }
    guard commands.count < Self.commandLimit else { return nil }
    commands.append(CommandFigures(command: name(), form: form.name))
    index[key] = commands.count - 1
    return commands.count - 1
  }

  private mutating func end(_ event: Event) {
    guard let at = running.lastIndex(where: { $0.transaction == event.transaction }) else { return }
    let one = running.remove(at: at)
    let success = Final(rawValue: event.code)?.isSuccess ?? false
    for figures in one.figures {
      if success { commands[figures].ok += 1 } else { commands[figures].error += 1 }
      // Of a longer line it is not known which command took the time.
      if one.figures.count == 1, event.c >= 0 { commands[figures].latency.add(event.c) }
    }
    if spare.count < 8 { spare.append(one.figures) }
  }

  private mutating func giveUp(_ event: Event) {
    guard let at = running.lastIndex(where: { $0.transaction == event.transaction }) else { return }
    let isDone = event.code == Unanswered.notDue.rawValue
    for figures in running.remove(at: at).figures {
      if isDone { commands[figures].ok += 1 } else { commands[figures].unanswered += 1 }
    }
  }

  // MARK: Transfers

  private mutating func noteName(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.text.count > 0, event.b > 0 else { return }
    if names.count >= Self.openLimit { names.removeFirst() }
    names.append((UInt32(truncatingIfNeeded: event.b), batch.string(event.text)))
  }

  private mutating func noteData(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.b > 0 else { return }
    let kind = TransferKind(rawValue: event.form)
    let id = UInt32(truncatingIfNeeded: event.b)
    var at = open.firstIndex { $0.figures.id == id && $0.figures.direction == event.direction }
    if at == nil, open.count < Self.openLimit, let kind {
      open.append(
        OpenTransfer(
          figures: TransferFigures(
            id: id, kind: kind, direction: event.direction, start: event.start, place: event.place),
          last: event.start))
      at = open.count - 1
      open[open.count - 1].figures.name = names.last { $0.id == id }?.name
    }
    guard let at else { return }
    open[at].hash.update(batch.text.span.extracting(event.text.range))
    open[at].figures.payloadBytes += Int(event.text.count)
    open[at].figures.wireBytes += Int(event.length)
    if let stall = event.start.since(open[at].last), stall > open[at].figures.longestStall {
      open[at].figures.longestStall = stall
    }
    open[at].last = event.end
    if event.end.isKnown { open[at].figures.end = event.end }
  }

  private mutating func endTransfer(_ event: Event) {
    let id = UInt32(truncatingIfNeeded: event.b)
    while let at = open.firstIndex(where: { $0.figures.id == id }) {
      open[at].figures.retransmissions = Int(clamping: event.a)
      open[at].figures.errors = Int(clamping: event.c)
      close(at, complete: event.code == 1)
    }
  }

  private mutating func close(_ at: Int, complete: Bool) {
    var one = open.remove(at: at)
    one.figures.complete = complete
    one.figures.sha256 = one.hash.hexDigest()
    if transfers.count < Self.transferLimit { transfers.append(one.figures) }
  }

  private mutating func finish() {
    while !open.isEmpty { close(0, complete: false) }
    transfers.sort { $0.place < $1.place }
  }
}
