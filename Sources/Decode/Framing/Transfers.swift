import Profile
import Trace

/// A transfer that may go over several data phases.
struct OpenTransfer {
  var id: UInt32
  var kind: TransferKind
  var spec: DataSpec?
  var pop3: POP3Decoder?
  var retransmissions: Int64 = 0
  var errors: Int64 = 0
}

/// Which data phases make one transfer, as the profile declares it.
extension Channel {
  /// The transfer that a data phase belongs to; a new one where none of its kind is open. 0: none.
  mutating func transferID(for spec: DataSpec, _ kind: TransferKind?, _ out: inout EventBatch) -> UInt32 {
    guard let kind else { return 0 }
    if let index = transfers.firstIndex(where: { $0.kind == kind }) {
      transfers[index].spec = spec
      return transfers[index].id
    }
    return beginTransfer(kind, spec, argument: 0)
  }

  /// What a data phase that begins now is counted as.
  mutating func kind(of spec: DataSpec) -> TransferKind? {
    for other in spec.otherKinds {
      let holds = machine.evaluate(
        other.when, fields: Span<Field>(), parameters: Span<Field>(), context: Machine.Context())
      if holds.isTrue { return other.kind }
    }
    return spec.kind
  }

  @discardableResult
  private mutating func beginTransfer(_ kind: TransferKind, _ spec: DataSpec?, argument: Int64) -> UInt32 {
    if transfers.count >= Limits.transfers { transfers.removeFirst() }
    let id = transactions.nextTransfer()
    let isMail = kind == .pop3 || spec?.decoder == .pop3
    transfers.append(
      OpenTransfer(id: id, kind: kind, spec: spec, pop3: isMail ? POP3Decoder(command: argument) : nil))
    return id
  }

  mutating func endTransfer(_ kind: TransferKind, complete: Bool, _ out: inout EventBatch) {
    guard let index = transfers.firstIndex(where: { $0.kind == kind }) else { return }
    var transfer = transfers.remove(at: index)
    if complete, let spec = transfer.spec, transfer.pop3 != nil {
      let start = out.events.count
      transfer.pop3?.finish(into: &out)
      stamp(from: start, spec: spec, transfer: transfer.id, &out)
    }
    var end = event(.transferEnd, .unknown)
    end.offset = 0
    end.code = complete ? 1 : 0
    end.a = transfer.retransmissions
    end.c = transfer.errors
    end.b = Int64(transfer.id)
    end.subject = Int32(transfer.spec?.id ?? -1)
    emit(end, &out)
  }

  /// Hands payload to the decoder that the profile names.
  mutating func feedDecoder(_ spec: DataSpec, _ bytes: Span<UInt8>, _ out: inout EventBatch) {
    if spec.decoder == .lines { feedLines(spec, bytes, &out) }
    guard spec.decoder == .pop3, let index = transfers.firstIndex(where: { $0.kind == spec.kind }),
      var decoder = transfers[index].pop3
    else { return }
    transfers[index].pop3 = nil  // one owner while it changes
    let start = out.events.count
    let id = transfers[index].id
    decoder.take(bytes, at: event(.payload, .modemToHost), into: &out)
    stamp(from: start, spec: spec, transfer: id, &out)
    transfers[index].pop3 = decoder
  }

  private func stamp(from start: Int, spec: DataSpec, transfer: UInt32, _ out: inout EventBatch) {
    for index in start..<max(start, out.events.count) {
      out.events[index].subject = Int32(spec.id)
      out.events[index].b = Int64(transfer)
      out.events[index].port = port
    }
  }

  /// A part is over: is the transfer?
  mutating func finishPart(of current: DataPhase, _ how: DataEnd, _ out: inout EventBatch) {
    guard let kind = current.kind else { return }
    if !current.spec.until.isEmpty {
      if isLastPart(current) { endTransfer(kind, complete: how == .complete || how == .long, &out) }
    } else if !current.spec.untilEnded {
      endTransfer(kind, complete: how == .complete || how == .long, &out)
    }
    if how == .cut { endTransfer(kind, complete: false, &out) }
  }

  private func isLastPart(_ current: DataPhase) -> Bool { current.spec.id == lastPartSpec }

  /// Changes the memory that decides how bytes are framed.
  mutating func keepFraming(_ hook: Hook, _ fields: Span<Field>, _ parameters: Parameters) {
    guard !book.framingMemory.isEmpty else { return }
    for one in hook.moves where one.isRestart || book.framingMemory.contains(one.memory) {
      machine.perform(
        one, fields: fields, text: Span<UInt8>(), parameters: parameters.fields.span.extracting(parameters.range),
        parameterText: Span<UInt8>(), context: Machine.Context())
    }
  }

  /// Whether a condition on data holds as far as is known: only what is definitely false counts as no.
  mutating func mayHold(_ program: Program, _ fields: Slice, _ parameters: Parameters, _ out: borrowing EventBatch)
    -> Bool
  {
    guard !program.isEmpty else { return true }
    return !machine.evaluate(
      program, fields: out.fields.span.extracting(fields.range),
      parameters: parameters.fields.span.extracting(parameters.range), context: Machine.Context()
    ).isFalse
  }

  /// The first of several data phases whose condition does not fail.
  private mutating func chosen(
    _ phases: [DataSpec], _ fields: Slice, _ parameters: Parameters, _ out: borrowing EventBatch
  ) -> DataSpec? {
    for data in phases where mayHold(data.when, fields, parameters, out) { return data }
    return nil
  }

  /// What a line brings with it: transfers that begin or end, and the data behind it.
  mutating func followLine(
    _ spec: LineSpec, _ fields: Slice, _ parameters: Parameters, transaction: UInt32, _ out: inout EventBatch
  ) {
    move(spec.hook.transfers, fields, parameters, &out)
    guard let data = chosen(spec.phases, fields, parameters, out) else { return }
    var announced: Int64 = -1
    if case .counted(let position) = data.framing {
      guard position < (data.countsParameter ? parameters.range.count : Int(fields.count)) else { return }
      let field =
        data.countsParameter
        ? parameters.fields[parameters.range.lowerBound + position] : out.fields[Int(fields.start) + position]
      guard field.kind == .integer, field.number >= 0 else { return }
      announced = field.number
    }
    if data.announces >= 0, data.announces < fields.count {
      let field = out.fields[Int(fields.start) + data.announces]
      announced = field.kind == .integer ? field.number : -1
    }
    lastPartSpec = evaluate(data.until, fields, parameters, out).isTrue ? data.id : -1
    let shielded = mayHold(data.shielded, fields, parameters, out)
    let stuffed = !data.unstuff.isEmpty && evaluate(data.unstuff, fields, parameters, out).isTrue
    beginPhase(
      data, announced: announced, transaction: transaction, shielded: shielded, stuffed: stuffed,
      name: parameters.text(of: data.name), &out)
  }

  /// The data phase that a command's prompt or final result opens.
  mutating func followCommand(
    _ phases: [DataSpec], _ parameters: Parameters, transaction: UInt32, _ out: inout EventBatch
  ) {
    guard let data = chosen(phases, .none, parameters, out) else { return }
    var announced: Int64 = -1
    if case .counted(let position) = data.framing {
      guard parameters.range.count > position else { return }
      let field = parameters.fields[parameters.range.lowerBound + position]
      guard field.kind == .integer, field.number >= 0 else { return }
      announced = field.number
    }
    if data.announces >= 0, parameters.range.count > data.announces {
      // Where the parameter is no number the text is no PDU: text mode gives an address there.
      let field = parameters.fields[parameters.range.lowerBound + data.announces]
      announced = field.kind == .integer ? field.number : -1
    }
    lastPartSpec = evaluate(data.until, .none, parameters, out).isTrue ? data.id : -1
    let shielded = mayHold(data.shielded, .none, parameters, out)
    let stuffed = !data.unstuff.isEmpty && evaluate(data.unstuff, .none, parameters, out).isTrue
    beginPhase(
      data, announced: announced, transaction: transaction, shielded: shielded, stuffed: stuffed,
      name: parameters.text(of: data.name), &out)
  }

  mutating func applyTransferMoves(of index: Int, success: Bool, _ out: inout EventBatch) {
    guard open.indices.contains(index) else { return }
    let transaction = open[index]
    for position in transaction.commands.indices where transaction.commands[position].traits.contains(.transfers) {
      let command = transaction.commands[position]
      guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
      let hook = success ? form.onOK : form.onError
      guard !hook.transfers.isEmpty else { continue }
      move(hook.transfers, .none, transaction.parameters(of: position), &out)
    }
  }

  private mutating func move(
    _ moves: [TransferMove], _ fields: Slice, _ parameters: Parameters, _ out: inout EventBatch
  ) {
    for one in moves {
      let value =
        one.program.isEmpty ? Value.truth(true) : evaluate(one.program, fields, parameters, out)
      switch one.action {
      case .begin:
        endTransfer(one.kind, complete: false, &out)
        beginTransfer(one.kind, nil, argument: value.tag == .number ? value.bits : 0)
      case .end: if value.isTrue { endTransfer(one.kind, complete: true, &out) }
      case .drop: endTransfer(one.kind, complete: false, &out)
      }
    }
  }

  mutating func evaluateNow(
    _ program: Program, _ parameters: Parameters, _ out: borrowing EventBatch
  ) -> Value { evaluate(program, .none, parameters, out) }

  private mutating func evaluate(
    _ program: Program, _ fields: Slice, _ parameters: Parameters, _ out: borrowing EventBatch
  ) -> Value {
    guard !program.isEmpty else { return .unknown }
    return machine.evaluate(
      program, fields: out.fields.span.extracting(fields.range),
      parameters: parameters.fields.span.extracting(parameters.range),
      context: Machine.Context())
  }
}
