import Profile
import Trace

/// A multiplexed line: each of its channels carries an AT session of its own, read by a decoder like any port.
///
/// Output vocabulary: what the channels say (with a port of their own), `payload` events `mux` for opening, closing
/// and status, `malformed` with the `mux…` codes.
final class MuxDecoder {
  /// What happened to a channel, in the field `what` of the event.
  enum Step: Int64 {
    case openRequest, opened, refused, closeRequest, closed, status
  }

  private let book: Book
  private let transactions: TransactionCounter
  private let parent: Port
  private let isAdvanced: Bool
  /// The longest information field agreed on.
  private let longest: Int
  private var host: MuxFramer
  private var modem: MuxFramer
  private var channels: [Int: ChannelBox] = [:]
  /// Channels whose opening was asked for, and those that are open.
  private var asked: Set<Int> = []
  private var open: Set<Int> = []
  private var closing: Set<Int> = []
  private var sawOpening = false
  private var reported: Set<Int> = []
  /// Where the frames of a channel's unfinished line stand on the line: a secret in it hides them.
  private var ranges: [Int: [Carried]] = [:]
  /// How far the streams of the channels have come, by channel and direction.
  private var carried: [Int: UInt64] = [:]
  private(set) var isClosed = false

  init(_ book: Book, _ transactions: TransactionCounter, _ parent: Port, isAdvanced: Bool, longest: Int) {
    self.book = book
    self.transactions = transactions
    self.parent = parent
    self.isAdvanced = isAdvanced
    self.longest = longest
    host = MuxFramer(isAdvanced: isAdvanced)
    modem = MuxFramer(isAdvanced: isAdvanced)
  }

  /// The port of a channel: the line's own number below, the channel above.
  static func port(_ parent: Port, channel: Int) -> Port {
    Port(parent.index & 0xFF | UInt16(truncatingIfNeeded: channel & 63) << 8)
  }

  /// Takes a byte; `stamp` stands at it.
  func take(_ byte: UInt8, _ stamp: Event, _ out: inout EventBatch) {
    let outcome = stamp.direction == .hostToModem ? host.take(byte) : modem.take(byte)
    switch outcome {
    case .more: break
    case .frame(let frame): take(frame, stamp, &out)
    case .damaged(let count): fault(.muxFrameCheck, Int64(count), stamp, &out)
    case .skipped(let count): if count > 0 { fault(.muxSkipped, Int64(count), stamp, &out) }
    }
  }

  // MARK: Frames

  private func take(_ frame: MuxFrame, _ stamp: Event, _ out: inout EventBatch) {
    let number = frame.channel
    switch frame.kind {
    case MuxFrame.Control.open:
      sawOpening = true
      asked.insert(number)
      tell(number, .openRequest, 0, stamp, &out)
    case MuxFrame.Control.acknowledge:
      if closing.remove(number) != nil {
        open.remove(number)
        tell(number, .closed, 0, stamp, &out)
        if number == 0 { isClosed = true }
      } else if asked.remove(number) != nil {
        open.insert(number)
        tell(number, .opened, 0, stamp, &out)
      }
    case MuxFrame.Control.disconnected:
      if asked.remove(number) != nil {
        tell(number, .refused, 0, stamp, &out)
        fault(.muxRefused, Int64(number), stamp, &out)
      }
      open.remove(number)
    case MuxFrame.Control.close:
      closing.insert(number)
      tell(number, .closeRequest, 0, stamp, &out)
    case MuxFrame.Control.data, MuxFrame.Control.plainData: data(frame, stamp, &out)
    default: break
    }
  }

  private func data(_ frame: MuxFrame, _ stamp: Event, _ out: inout EventBatch) {
    let number = frame.channel
    if frame.info.count > longest {
      var long = stamp
      long.b = Int64(longest)
      fault(.muxTooLong, Int64(frame.info.count), long, &out)
    }
    if sawOpening, !open.contains(number), reported.insert(number).inserted {
      fault(.muxNotOpen, Int64(number), stamp, &out)
    }
    if number == 0 { return message(frame.info, stamp, &out) }
    guard channels.count < Limits.muxChannels || channels[number] != nil else { return }
    let port = Self.port(parent, channel: number)
    let box = channels[number] ?? ChannelBox(Channel(port: port, book: book, transactions: transactions))
    channels[number] = box
    let first = out.events.count
    let chunk = Chunk(
      direction: stamp.direction, port: port, instant: stamp.start, place: stamp.place, start: 0,
      count: frame.info.count)
    box.channel.take(chunk, frame.info.span, &out)
    hide(number, frame.info, from: first, stamp, &out)
  }

  /// The information of a frame: where it stands on the line, and in the stream of its channel.
  private struct Carried {
    var direction: Direction
    var line: UInt64
    var channel: UInt64
    var count: UInt64
    /// Escapes within: its bytes cannot be told apart on the line.
    var isEscaped: Bool
  }

  /// A secret of a channel stands on the line too: its bytes are hidden in the frames that carried it.
  private func hide(_ number: Int, _ info: [UInt8], from first: Int, _ stamp: Event, _ out: inout EventBatch) {
    var kept = ranges[number] ?? []
    if kept.count >= Limits.muxHeld { kept.removeFirst() }
    // The check sequence and the flag are behind the information.
    let end = stamp.offset &- 1
    let stream = number * Direction.allCases.count + Int(stamp.direction.rawValue)
    let count = UInt64(info.count)
    let isEscaped = isAdvanced && info.contains { $0 == 0x7D || $0 == 0x7E }
    kept.append(
      Carried(
        direction: stamp.direction, line: end &- min(count, end), channel: carried[stream] ?? 0, count: count,
        isEscaped: isEscaped))
    carried[stream, default: 0] &+= count
    var isLineOver = false
    for index in first..<out.events.count {
      let event = out.events[index]
      if event.kind == .commandLine || event.kind == .final { isLineOver = true }
      guard event.kind == .secret || event.kind == .data && event.code == 1, event.length > 0 else { continue }
      let upper = event.offset &+ UInt64(event.length)
      for frame in kept where frame.direction == event.direction || event.direction == .unknown {
        let lower = max(frame.channel, event.offset)
        let last = min(frame.channel &+ frame.count, upper)
        guard lower < last else { continue }
        var secret = stamp
        secret.kind = .secret
        secret.direction = frame.direction
        secret.code = Int32(Parameter.Mask.secret.rawValue)
        secret.port = parent
        secret.offset = frame.line
        secret.length = Int32(truncatingIfNeeded: frame.count)
        if !frame.isEscaped {
          secret.offset = frame.line &+ (lower - frame.channel)
          secret.length = Int32(truncatingIfNeeded: last - lower)
          secret.carriedFrom = (event.port, lower)
        }
        out.events.append(secret)
      }
    }
    ranges[number] = isLineOver ? [] : kept
  }

  /// Messages of the control channel: type, length, values (5.4.6).
  private func message(_ info: [UInt8], _ stamp: Event, _ out: inout EventBatch) {
    guard info.count >= 2 else { return }
    let isCommand = info[0] & 0x02 != 0
    switch info[0] & ~0x02 {
    case MuxFrame.Message.closeDown: if !isCommand { isClosed = true } else { closing.insert(0) }
    case MuxFrame.Message.modemStatus:
      if info.count >= 4 { tell(Int(info[2] >> 2), .status, Int64(info[3]), stamp, &out) }
    default: break
    }
  }

  // MARK: Output

  private func tell(_ number: Int, _ step: Step, _ value: Int64, _ stamp: Event, _ out: inout EventBatch) {
    var event = stamp
    event.kind = .payload
    event.code = Int32(PayloadEvent.mux.rawValue)
    let first = out.fields.count
    for value in [Int64(number), step.rawValue, value] { out.fields.append(Field(kind: .integer, number: value)) }
    event.fields = Slice(start: first, count: 3)
    out.events.append(event)
  }

  private func fault(_ what: Malformed, _ value: Int64, _ stamp: Event, _ out: inout EventBatch) {
    var wrong = stamp
    wrong.kind = .malformed
    wrong.code = what.rawValue
    wrong.a = value
    out.events.append(wrong)
  }

  func finish(_ out: inout EventBatch) {
    for number in channels.keys.sorted() {
      channels.removeValue(forKey: number)?.channel.finish(&out)
    }
  }
}

extension Channel {
  /// Bytes of a multiplexed line, until it is closed.
  mutating func muxed(_ bytes: Span<UInt8>, from at: Int, _ direction: Direction, _ out: inout EventBatch) -> Int? {
    guard let current = phase, let mux = current.mux else { return nil }
    if direction == .modemToHost, afterReturn, bytes[at] == 0x0A { return nil }
    var stamp = event(.payload, direction)
    stamp.subject = Int32(current.spec.id)
    stamp.transaction = current.transaction
    var index = at
    while index < bytes.count {
      stamp.offset = (direction == .hostToModem ? hostOffset : modemOffset) &+ UInt64(index - at)
      mux.take(bytes[index], stamp, &out)
      index += 1
      if mux.isClosed {
        mux.finish(&out)
        endPhase(.complete, difference: 0, &out)
        before = .both
        break
      }
    }
    current.end = now
    return index - at
  }
}
