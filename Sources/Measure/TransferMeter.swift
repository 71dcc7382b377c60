import Profile
import Trace

/// Counts and times transfers: bytes, hash, the longest silence, and where the time went.
struct TransferMeter {
  static let transferLimit = 10_000
  static let openLimit = 64

  private struct Open {
    var figures: TransferFigures
    var hash = SHA256()
    var last: Instant
    var port: Port
    var ledger: TimeLedger
  }
  /// The block that is being accepted: the copy that counts.
  private struct Block {
    var transfer: UInt32
    var start: Instant
    var end: Instant
    var sending: Nanoseconds
  }

  private let book: Book
  private var rates: LineRates
  private var open: [Open] = []
  private var block: Block?
  /// What commands called the transfers that they opened.
  private var names: [(id: UInt32, name: String)] = []

  private(set) var figures: [TransferFigures] = []
  /// The first rate that a command set.
  var rateSeen: LineRate? { rates.first }

  init(book: Book, rate: LineRate?) {
    self.book = book
    rates = LineRates(told: rate)
  }

  mutating func noteName(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.text.count > 0, event.b > 0 else { return }
    if names.count >= Self.openLimit { names.removeFirst() }
    names.append((UInt32(truncatingIfNeeded: event.b), batch.string(event.text)))
  }

  mutating func noteMode(_ event: Event) {
    guard event.code == Event.lineRate, rates.change(event.port, to: event.a, place: event.place) else { return }
    let rate = rates.rate(of: event.port)
    for at in open.indices where open[at].port == event.port { open[at].ledger.change(to: rate) }
  }

  /// A command line or a line of the modem passed while transfers are open.
  mutating func noteLine(_ event: Event) {
    for at in open.indices where open[at].port == event.port {
      open[at].ledger.charge(Int64(event.length), of: event.direction, at: event.end, isOwn: false)
    }
  }

  mutating func noteClock(_ event: Event) {
    for at in open.indices { open[at].ledger.restart(at: event.start) }
  }

  /// A block was answered.
  mutating func noteBlock(_ event: Event, _ batch: borrowing EventBatch) {
    let fields = event.fields.range
    guard event.code == Int32(PayloadEvent.block.rawValue), fields.count == 5,
      fields.upperBound <= batch.fields.count
    else { return }
    let status = batch.fields[fields.lowerBound + 2].number
    let id = UInt32(truncatingIfNeeded: event.b)
    if status == 0 {
      block = Block(
        transfer: id, start: event.start, end: event.end, sending: batch.fields[fields.lowerBound + 4].number)
    } else if status == 2 {
      for at in open.indices where open[at].figures.id == id {
        open[at].ledger.chargeRepeating(by: event.direction, from: event.start, to: event.end, isOwn: false)
      }
    }
  }

  // MARK: Data

  mutating func take(_ event: Event, _ batch: borrowing EventBatch) {
    var own = -1
    if event.b > 0, let at = opened(event) {
      own = at
      count(event, batch, at)
    }
    for at in open.indices where open[at].port == event.port { charge(event, at, isOwn: at == own) }
    block = nil
  }

  private mutating func opened(_ event: Event) -> Int? {
    let id = UInt32(truncatingIfNeeded: event.b)
    if let known = open.firstIndex(where: { $0.figures.id == id && $0.figures.direction == event.direction }) {
      return known
    }
    guard open.count < Self.openLimit, let kind = TransferKind(rawValue: event.form) else { return nil }
    var figures = TransferFigures(
      id: id, kind: kind, direction: event.direction, start: event.start, place: event.place)
    figures.port = event.port
    figures.name = names.last { $0.id == id }?.name
    figures.rate = rates.rate(of: event.port)
    open.append(
      Open(
        figures: figures, last: event.start, port: event.port,
        ledger: TimeLedger(from: event.start, rate: figures.rate)))
    return open.count - 1
  }

  private mutating func count(_ event: Event, _ batch: borrowing EventBatch, _ at: Int) {
    open[at].hash.update(batch.text.span.extracting(event.text.range))
    open[at].figures.payloadBytes += Int(event.text.count)
    open[at].figures.wireBytes += Int(event.length)
    if isEscaped(event) { open[at].figures.escapeBytes += Int(event.length) - Int(event.text.count) }
    if let stall = event.start.since(open[at].last), stall > open[at].figures.longestStall {
      open[at].figures.longestStall = stall
      open[at].figures.stall = TransferFigures.Stall(place: event.place, offset: event.offset, start: open[at].last)
    }
    open[at].last = event.end
    if event.end.isKnown { open[at].figures.end = event.end }
  }

  private func framing(_ subject: Int32) -> DataSpec? {
    subject >= 0 && Int(subject) < book.dataPhases.count ? book.dataPhases[Int(subject)] : nil
  }

  /// Bytes of the framing are escapes, but for the end mark.
  private func isEscaped(_ event: Event) -> Bool {
    guard Int(event.length) != Int(event.text.count), let spec = framing(event.subject) else { return false }
    return spec.framing == .dleEtx || spec.framing == .escape && spec.decoder != .ppp
  }

  private mutating func charge(_ event: Event, _ at: Int, isOwn: Bool) {
    guard let block, block.transfer == UInt32(truncatingIfNeeded: event.b), event.form == TransferKind.xmodem.rawValue
    else {
      open[at].ledger.charge(Int64(event.length), of: event.direction, at: event.end, isOwn: isOwn)
      return
    }
    // The event begins with the first copy of the block; the one that was accepted came later.
    if block.start > event.start {
      open[at].ledger.chargeRepeating(by: event.direction, from: event.start, to: block.start, isOwn: isOwn)
    }
    let sent = block.start.advanced(by: max(0, block.sending))
    open[at].ledger.charge(Int64(event.length), of: event.direction, at: sent, isOwn: isOwn)
    let other: Direction = event.direction == .hostToModem ? .modemToHost : .hostToModem
    open[at].ledger.charge(1, of: other, at: block.end, isOwn: isOwn)
  }

  // MARK: Ends

  /// A part is over. The end mark passed as a byte of the data but escapes nothing.
  mutating func endPart(_ event: Event, _ batch: borrowing EventBatch) {
    guard let spec = framing(event.subject), spec.framing == .dleEtx else { return }
    let at = event.fields.range.lowerBound + PayloadEvent.endedByIndex
    guard event.fields.range.contains(at), at < batch.fields.count else { return }
    let sides: [Direction] = [.unknown, .hostToModem, .modemToHost]
    let ended = Int(clamping: batch.fields[at].number)
    guard sides.indices.contains(ended) else { return }
    let id = UInt32(truncatingIfNeeded: event.b)
    for at in open.indices where open[at].figures.id == id && open[at].figures.direction == sides[ended] {
      open[at].figures.escapeBytes = max(0, open[at].figures.escapeBytes - 1)
    }
  }

  mutating func end(_ event: Event) {
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
    one.ledger.settle()
    one.figures.budget = one.ledger.budget.filled(to: one.figures.duration ?? 0)
    if figures.count < Self.transferLimit { figures.append(one.figures) }
  }

  mutating func finish() {
    while !open.isEmpty { close(0, complete: false) }
    figures.sort { $0.place < $1.place }
  }
}
