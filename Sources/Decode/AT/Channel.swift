import Profile
import Trace

/// The AT decoder of one port: takes the bytes of both directions in the order of the log, and says what was said.
///
/// Output vocabulary: `commandLine`, `command`, `prompt`, `information`, `unsolicited`, `late`, `final`, `unanswered`,
/// `dataBegin`, `data`, `dataEnd`, `payload`, `transferEnd`, `escape`, `abort`, `reset`, `mode`, `secret`, `malformed`.
///
/// Bytes of a data phase are handed to the framing that the profile names; the AT grammar takes over again where that
/// one says the data end. The result never depends on how the bytes were cut.
struct Channel: ~Copyable {
  let port: Port
  let book: Book
  let transactions: TransactionCounter

  // Where we are in the log.
  var now = Instant.unknown
  var place = 0
  var hostOffset: UInt64 = 0
  var modemOffset: UInt64 = 0
  var inferred = false
  var lossy = false
  /// What the port carries where no command opens it: such data begin with the first byte.
  var content = LineContent.commands
  private var hasBegun = false

  // Settings of V.250 that change the grammar.
  var echo = Setting.unknown
  var verbose = Setting.unknown
  /// ATQ1: no result codes come.
  var quiet = Setting.unknown
  var terminator: UInt8 = 0x0D
  var lineFeed: UInt8 = 0x0A

  // The host's line.
  var hostLine = LineBuffer(limit: Limits.commandLine)
  var lastHostByte = Instant.unknown
  /// What the host sends behind a long silence within a text may be a command: it is held until that is known.
  var holdsCommand = false
  var lastCommandLine: [UInt8] = []

  // The modem's line.
  var modemLine = LineBuffer(limit: Limits.modemLine)
  /// The last line ended with CR; a LF may follow.
  var afterReturn = false
  /// The lines since the last text: how the current line is framed.
  var before = LineEnd.none
  var pendingResult: PendingResult?
  /// The text of the pending result: the arena it stood in may be gone by then.
  var resultText: [UInt8] = []
  /// A number that ended with CR, while it is not known whether results are numeric: the next byte shows it.
  var undecided = false
  var promptProgress = 0

  // Characters by which a receiver asks for an XMODEM transfer.
  var modemStart = XModemStart()
  var hostStart = XModemStart()
  /// How many of the host's stand in its line (NAK begins none).
  var hostStartLetters = 0

  // What is under way.
  var open: [Transaction] = []
  var spare: [Transaction] = []
  var waits: [Wait] = []
  var spareWaits: [Wait] = []
  var phase: DataPhase?
  var sparePhase: DataPhase?
  var suspended: DataPhase?
  var commandWatch = CommandWatch()
  /// A blank that comes next stands before payload in its line, and is none of it.
  var skipsBlank = false
  /// The data stand in a line, behind its values: CR LF closes them.
  var isInline = false
  var transfers: [OpenTransfer] = []
  /// The last final result may have an OK of its own behind it.
  var okMayFollow = false
  /// A final result is due although no command is running.
  var resultIsDue = false
  /// The data phase began with the end of the command line: a LF behind its CR is no data.
  var beganAtOnce = false
  // A text that is looked at line by line.
  var textLine = LineBuffer(limit: Limits.mailLine)
  var textLines: Int64 = 0
  var textAfterReturn = false
  /// The trace began, or bytes were lost, and no command line came since.
  var partial = true
  /// A shape whose continuation is the next line (`+CMT:` and its PDU).
  var continuation: LineSpec?
  var machine: Machine
  var transparent = TransparentState()
  /// Reads PDUs, and knows which parts of long messages came.
  var messages = SMSDecoder()
  /// Bytes of data that may be the line that ends them.
  var watch = LineWatch()
  var heldStart = Instant.unknown
  var heldPlace = 0
  var heldOffset: UInt64 = 0
  /// A PPP frame that comes although the data mode is suspended.
  var strayFrame: Event?
  /// Payload without its escapes, on its way into the batch.
  var scratch: [UInt8] = []
  /// The specification whose part now passing is the last of its transfer, or -1.
  var lastPartSpec = -1

  enum LineEnd: UInt8 {
    case none
    case carriageReturn
    case lineFeed
    case both
  }

  /// A result code whose framing is known only with the next byte, which may come in another batch.
  struct PendingResult {
    var event: Event
  }

  init(port: Port, book: Book, transactions: TransactionCounter) {
    self.port = port
    self.book = book
    self.transactions = transactions
    machine = Machine(book)
  }

  // MARK: Input

  mutating func take(_ chunk: Chunk, _ bytes: Span<UInt8>, _ out: inout EventBatch) {
    if chunk.kind == .data, bytes.isEmpty { return }
    if chunk.kind == .control { settle(&out) }
    now = chunk.instant
    place = chunk.place
    if content != .commands, !hasBegun, chunk.kind == .data {
      hasBegun = true
      inferred = chunk.direction == .unknown
      beginContent(&out)
    }
    switch chunk.kind {
    case .data:
      switch chunk.direction {
      case .hostToModem: host(bytes, &out)
      case .modemToHost: modem(bytes, &out)
      case .unknown:
        inferred = true
        modem(bytes, &out)
      }
    case .control: control(bytes, &out)
    case .gap:
      emit(event(.gap, .unknown), &out)
      lose(&out)
    case .clockStep: emit(event(.clockStep, .unknown), &out)
    case .malformed:
      var broken = event(.malformed, chunk.direction)
      broken.code = Malformed.logEntry.rawValue
      broken.text = append(bytes, &out)
      emit(broken, &out)
    case .remark: break
    }
  }

  /// Whether the last bytes came so long before that what stands at their end is complete.
  func isOlder(than instant: Instant) -> Bool { instant.since(now).map { $0 > 100_000_000 } ?? false }

  /// In the middle of a line or of data: what came may already be more than has been told.
  var isBusy: Bool { undecided || !modemLine.isEmpty || !hostLine.isEmpty || phase != nil || holdsCommand }

  /// NO CARRIER that stands at the end of what came so far was meant: the log goes on elsewhere.
  mutating func settle(_ out: inout EventBatch) {
    if phase != nil, transparent.ending { flushTransparent(&out) }
  }

  mutating func finish(_ out: inout EventBatch) {
    decide(nextIsLineFeed: false, &out)
    settleResult(nextIsLineFeed: false, &out)
    if !hostLine.isEmpty, phase == nil { endHostLine(byLineFeed: false, complete: false, &out) }
    if !modemLine.isEmpty { endModemLine(.none, &out) }
    endStrayFrame(&out)
    if phase != nil { cutPhase(&out) }
    while !open.isEmpty { giveUp(0, .endOfTrace, &out) }
    while let transfer = transfers.first { endTransfer(transfer.kind, complete: false, &out) }
  }

  private mutating func control(_ bytes: Span<UInt8>, _ out: inout EventBatch) {
    var change = event(.control, .unknown)
    change.text = append(bytes, &out)
    emit(change, &out)
    guard ResultCodes.equal(bytes, "dtr=0") else { return }
    noteTerminalGone()
    // AT&D3 resets the modem then, and who opens a port anew often finds another state than he left.
    echo = .unknown
    verbose = .unknown
    quiet = .unknown
  }

  /// Bytes are missing: what was under way cannot be judged any more.
  private mutating func lose(_ out: inout EventBatch) {
    hostLine.removeAll()
    modemLine.removeAll()
    pendingResult = nil
    phase = nil
    suspended = nil
    continuation = nil
    while let transaction = open.first {
      open.removeFirst()
      spare.append(transaction)
    }
    waits.removeAll(keepingCapacity: true)
    while let transfer = transfers.first { endTransfer(transfer.kind, complete: false, &out) }
    echo = .unknown
    verbose = .unknown
    quiet = .unknown
    partial = true
    hasBegun = false
    machine.forgetAll()
  }

  // MARK: Output

  /// An event at the place where the log stands now.
  func event(_ kind: Event.Kind, _ direction: Direction) -> Event {
    var event = Event(
      kind, direction: direction, port: port, start: now, end: now, place: place,
      offset: direction == .hostToModem ? hostOffset : modemOffset)
    if inferred { event.flags.insert(.inferred) }
    return event
  }

  /// An event for the modem's line that was collected.
  func modemEvent(_ kind: Event.Kind) -> Event {
    var event = Event(
      kind, direction: .modemToHost, port: port, start: modemLine.start, end: now, place: modemLine.place,
      offset: modemLine.offset)
    event.length = Int32(truncatingIfNeeded: modemLine.length)
    if modemLine.isCut { event.flags.insert(.cut) }
    if inferred { event.flags.insert(.inferred) }
    return event
  }

  /// An event for the host's line that was collected.
  func hostEvent(_ kind: Event.Kind) -> Event {
    var event = Event(
      kind, direction: .hostToModem, port: port, start: hostLine.start, end: now, place: hostLine.place,
      offset: hostLine.offset)
    event.length = Int32(truncatingIfNeeded: hostLine.length)
    if hostLine.isCut { event.flags.insert(.cut) }
    if inferred { event.flags.insert(.inferred) }
    return event
  }

  func emit(_ event: Event, _ out: inout EventBatch) { out.events.append(event) }

  func append(_ bytes: Span<UInt8>, _ out: inout EventBatch) -> Slice {
    let start = out.text.count
    bytes.withUnsafeBufferPointer { out.text.append(contentsOf: $0) }
    return Slice(start: start, count: bytes.count)
  }

  func malformed(_ what: Malformed, _ direction: Direction, _ out: inout EventBatch) {
    var wrong = event(.malformed, direction)
    wrong.code = what.rawValue
    emit(wrong, &out)
  }
}

/// Numbers transactions and transfers over all ports of a trace.
final class TransactionCounter {
  private(set) var last: UInt32 = 0
  private var lastTransfer: UInt32 = 0
  func next() -> UInt32 {
    last = last == .max ? 1 : last + 1
    return last
  }
  func nextTransfer() -> UInt32 {
    lastTransfer = lastTransfer == .max ? 1 : lastTransfer + 1
    return lastTransfer
  }
}
