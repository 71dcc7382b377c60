import Profile
import Trace

/// XMODEM transfers: those that a profile announces, and those that begin by themselves.
extension Channel {
  // MARK: Beginning

  /// Whether this byte, where no data phase is open, begins a transfer: the other side asks for one, and a block begins.
  func beginsXModem(_ byte: UInt8, asks start: XModemStart, _ nothingElse: Bool) -> Bool {
    guard byte == XModem.startOfHeader || byte == XModem.startOfText else { return false }
    return phase == nil && start.count > 0 && nothingElse && !inferred
  }

  /// The host sends the head of a block although the prompt is not known to ask for one.
  func isUndeclaredXModem(_ byte: UInt8) -> Bool {
    guard let current = phase, current.spec.id == GenericData.prompted.id, current.received == 0 else { return false }
    guard byte == XModem.startOfHeader || byte == XModem.startOfText else { return false }
    return modemStart.count > 0 && modemLine.length == modemStart.run && !inferred
  }

  mutating func beginSpontaneous(_ spec: DataSpec, _ start: XModemStart, _ out: inout EventBatch) {
    let transaction = phase?.transaction ?? 0
    phase = nil
    modemLine.removeAll()
    hostLine.removeAll()
    beginPhase(spec, announced: -1, transaction: transaction, &out)
    phase?.beginXModem(start, sender: spec.from)
    modemStart.reset()
    hostStart.reset()
    hostStartLetters = 0
  }

  /// What the host sends where a command may begin may be a receiver's request: `C` or NAK.
  mutating func noteHostStart(_ byte: UInt8) {
    guard hostLine.length == hostStartLetters, XModemStart.isStart(byte), !inferred else {
      if hostStart.count > 0 { hostStart.reset() }
      hostStartLetters = 0
      return
    }
    hostStart.note(byte, at: now, place: place, offset: hostOffset)
    if byte == XModem.wantCRC { hostStartLetters += 1 }
  }

  // MARK: Bytes

  mutating func xmodemFromHost(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase, let decoder = current.xmodem else { return nil }
    if decoder.sender == .modemToHost {
      // A command that has begun goes on to its end.
      return hostLine.isEmpty && receiver(bytes[at], .hostToModem, &out) ? 1 : nil
    }
    guard decoder.isBetweenBlocks else { return sender(bytes, from: at, .hostToModem, &out) }
    // Between blocks `AT` is a command: the host gave the transfer up.
    let byte = bytes[at]
    if hostLine.length == 1 {
      if byte | 0x20 == 0x74 {
        let held = hostLine
        endXModem(hasMore: true, &out)
        hostLine = held
        return nil
      }
      hostLine.removeAll()
    }
    if byte | 0x20 == 0x61 {
      hostLine.begin(at: now, place: place, offset: hostOffset)
      hostLine.append(byte)
      return 1
    }
    return sender(bytes, from: at, .hostToModem, &out)
  }

  mutating func xmodemFromModem(_ bytes: Span<UInt8>, from at: Int, _ out: inout EventBatch) -> Int? {
    guard let current = phase, let decoder = current.xmodem else { return nil }
    if afterReturn, bytes[at] == 0x0A { return nil }
    if decoder.sender == .modemToHost {
      // Between blocks a line of text says that the transfer is over.
      guard !decoder.isBetweenBlocks || modemLine.isEmpty && !Self.beginsText(bytes[at]) else { return nil }
      return sender(bytes, from: at, .modemToHost, &out)
    }
    return receiver(bytes[at], .modemToHost, &out) ? 1 : nil
  }

  private static func beginsText(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

  private mutating func sender(
    _ bytes: Span<UInt8>, from at: Int, _ direction: Direction, _ out: inout EventBatch
  ) -> Int {
    guard let current = phase, let decoder = current.xmodem else { return 1 }
    // What is no part of a block is looked at byte by byte: it may be the next command.
    let taken = min(bytes.count - at, decoder.room(for: bytes[at]))
    decoder.sender(bytes.extracting(at..<at + taken), stamp(direction, current), current, &out)
    return taken
  }

  /// Takes a character of the receiver; `false`: it belongs to a line of text.
  private mutating func receiver(_ byte: UInt8, _ direction: Direction, _ out: inout EventBatch) -> Bool {
    guard let current = phase, let decoder = current.xmodem else { return false }
    let isText = direction == .modemToHost && !modemLine.isEmpty
    let isCommand = direction == .hostToModem && isCommand(byte)
    if direction == .hostToModem { lastHostByte = now }
    switch byte {
    case _ where isText: return false
    case XModem.acknowledge, XModem.refuse, XModem.cancel, XModem.wantCRC: break
    // Cancelling goes with backspaces, to erase the CANs where they were typed (4.1).
    case 0x08: return true
    case 0x0D, 0x0A: return false
    // A receiver between its lines of text says nothing else; noise of one byte is not worth ending a transfer.
    default: return direction == .hostToModem ? !isCommand : before == .none
    }
    if decoder.state == .cancelled, XModemStart.isStart(byte) {
      // A receiver asks anew: another transfer.
      endXModem(hasMore: true, &out)
      return false
    }
    decoder.receiver(byte, stamp(direction, current), current, &out)
    if decoder.isOver { endXModem(hasMore: true, &out) }
    return true
  }

  /// A host that receives gives up by sending a command.
  private mutating func isCommand(_ byte: UInt8) -> Bool {
    guard byte | 0x20 == 0x61, let silence = now.since(lastHostByte), silence >= XModemBlock.characterLimit else {
      return false
    }
    return true
  }

  private func stamp(_ direction: Direction, _ current: DataPhase) -> Event {
    var stamp = event(.payload, direction)
    stamp.subject = Int32(current.spec.id)
    stamp.transaction = current.transaction
    stamp.b = Int64(current.transfer)
    return stamp
  }

  // MARK: The end

  /// `hasMore`: the trace goes on behind it.
  mutating func endXModem(hasMore: Bool, _ out: inout EventBatch) {
    guard let current = phase, let decoder = current.xmodem else { return }
    hostLine.removeAll()
    decoder.finish(stamp(decoder.sender, current), hasMore: hasMore, &out)
    if let index = transfers.firstIndex(where: { $0.id == current.transfer }) {
      transfers[index].retransmissions = decoder.retransmissions
      transfers[index].errors = decoder.errors
    }
    endPhase(decoder.isOver ? .complete : hasMore ? .failed : .cut, difference: 0, &out)
    before = .both
    if decoder.isOver { endWithoutResult(current.transaction, &out) }
  }

  /// Some commands end with their data: no result comes behind them.
  private mutating func endWithoutResult(_ transaction: UInt32, _ out: inout EventBatch) {
    guard let index = open.firstIndex(where: { $0.id == transaction && !$0.answered }),
      let command = open[index].commands.last, command.subject >= 0,
      let form = book.commands[Int(command.subject)].form(command.form),
      !form.finals.contains(.ok), !form.finals.contains(.connect)
    else { return }
    applyTransferMoves(of: index, success: true, &out)
    giveUp(index, .notDue, &out)
  }
}
