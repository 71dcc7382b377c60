import Trace

/// Follows a PPP link in both directions (RFC 1661): frames, negotiation, authentication, and how it ended.
///
/// Output vocabulary: `data` for each whole frame (without escapes and check sequence), `payload` events `ppp` for
/// each packet of a control protocol and `ppp-end`, `malformed` with the `ppp…` codes.
final class PPPDecoder {
  enum ControlProtocol {
    static let lcp = 0xC021
    static let pap = 0xC023
    static let chap = 0xC223
    static let ipcp = 0x8021
    static let ipv6cp = 0x8057
  }

  enum Code {
    static let configureRequest = 1
    static let configureAck = 2
    static let terminateRequest = 5
    static let protocolReject = 8
  }

  enum Outcome: Int64 {
    case terminatedByHost, terminatedByModem, refused, neverOpened, noAddress, broken
  }

  private var host = PPPFramer()
  private var modem = PPPFramer()
  /// Configure-Ack seen from the host (bit 0) and from the modem (bit 1).
  private var lcp = 0
  private var network = 0
  private var terminatedBy: Direction?
  private var isRefused = false
  private var early = false
  private var requests: [Direction: Int] = [:]
  private(set) var frames: Int64 = 0
  private(set) var damaged: Int64 = 0

  /// RFC 1661, 4.6: Max-Configure.
  private static let requestLimit = 10

  func take(_ bytes: Span<UInt8>, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    var at = 0
    while at < bytes.count {
      let offset = stamp.offset &+ UInt64(at)
      let fromHost = stamp.direction == .hostToModem
      let (next, isFrame) =
        fromHost
        ? host.take(bytes, from: at, now: stamp.start, place: stamp.place, offset: offset)
        : modem.take(bytes, from: at, now: stamp.start, place: stamp.place, offset: offset)
      at = next
      guard isFrame else { continue }
      frame(fromHost ? host : modem, stamp, phase, &out)
      if fromHost {
        _ = host.takeWire()
        host.reset()
      } else {
        _ = modem.takeWire()
        modem.reset()
      }
    }
  }

  // MARK: Frames

  private func frame(_ framer: PPPFramer, _ stamp: Event, _ phase: DataPhase, _ out: inout EventBatch) {
    var event = stamp
    event.start = framer.start
    event.place = framer.place
    event.offset = framer.offset
    let bytes = framer.bytes
    if Self.isCommand(bytes) { return fault(.pppCommand, 0, event, &out) }
    guard bytes.count >= 4, !framer.isCut, FCS16.update(FCS16.initial, bytes[...]) == FCS16.good else {
      damaged &+= 1
      event.a = Int64(bytes.count)
      event.code = Malformed.pppFrameCheck.rawValue
      event.kind = .malformed
      out.events.append(event)
      return
    }
    frames &+= 1
    let content = bytes[..<(bytes.count - 2)]
    let (number, header) = Self.protocolNumber(content)
    emit(content, number, framer.wire, event, phase, &out)
    guard number >= 0x8000 else {
      if number > 0, lcp != 3, sawStart, !early, !event.flags.contains(.inferred) {
        early = true
        fault(.pppEarly, Int64(number), event, &out)
      }
      return
    }
    control(content.dropFirst(header), number, event, &out)
  }

  /// A host that does not know that it is in data mode sends a command line between frames.
  private static func isCommand(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 3, bytes[0] | 0x20 == 0x61, bytes[1] | 0x20 == 0x74, bytes.last == 0x0D else { return false }
    return bytes.dropLast().allSatisfy { (0x20..<0x7F).contains($0) }
  }

  /// The trace holds the negotiation, so its absence means something.
  private var sawStart: Bool { requests[.hostToModem] != nil || requests[.modemToHost] != nil }

  private static func protocolNumber(_ frame: ArraySlice<UInt8>) -> (number: Int, header: Int) {
    var at = frame.startIndex
    if frame.count > 2, frame[at] == 0xFF, frame[at + 1] == 0x03 { at += 2 }
    guard at < frame.endIndex else { return (0, 0) }
    // RFC 1661, 6.5: the first octet of a compressed number is odd.
    if frame[at] & 1 == 1 { return (Int(frame[at]), at + 1 - frame.startIndex) }
    guard at + 1 < frame.endIndex else { return (0, 0) }
    return (Int(frame[at]) << 8 | Int(frame[at + 1]), at + 2 - frame.startIndex)
  }

  private func emit(
    _ content: ArraySlice<UInt8>, _ number: Int, _ wire: Int, _ event: Event, _ phase: DataPhase,
    _ out: inout EventBatch
  ) {
    var data = event
    data.kind = .data
    data.form = TransferKind.ppp.rawValue
    data.length = Int32(truncatingIfNeeded: wire)
    // Names and passwords pass here.
    data.code = number == ControlProtocol.pap || number == ControlProtocol.chap ? 1 : 0
    data.a = 0
    data.c = 0
    let start = out.text.count
    out.text.append(contentsOf: content)
    data.text = Slice(start: start, count: content.count)
    out.events.append(data)
    content.withUnsafeBufferPointer { phase.note($0.span) }
    phase.end = event.end
  }

  // MARK: Control protocols

  private func control(_ packet: ArraySlice<UInt8>, _ number: Int, _ event: Event, _ out: inout EventBatch) {
    guard packet.count >= 4 else { return fault(.pppFrameCheck, Int64(packet.count), event, &out) }
    let first = packet.startIndex
    let code = Int(packet[first])
    let size = Int(packet[first + 2]) << 8 | Int(packet[first + 3])
    var shown = event
    shown.kind = .payload
    shown.code = Int32(PayloadEvent.ppp.rawValue)
    shown.c = number == ControlProtocol.pap || number == ControlProtocol.chap ? 1 : 0
    let text = packet.dropFirst(4).prefix(max(0, min(size - 4, Limits.pppShown)))
    let start = out.text.count
    if shown.c == 0 { out.text.append(contentsOf: text) }
    shown.text = Slice(start: start, count: out.text.count - start)
    shown.fields = append([Int64(number), Int64(code), Int64(packet[first + 1]), Int64(size)], &out)
    out.events.append(shown)
    switch number {
    case ControlProtocol.lcp: link(code, event, &out)
    case ControlProtocol.ipcp, ControlProtocol.ipv6cp: if code == Code.configureAck { network |= bit(event) }
    case ControlProtocol.pap: if code == 3 { refuse(event, &out) }
    case ControlProtocol.chap: if code == 4 { refuse(event, &out) }
    default: break
    }
  }

  /// Where the direction is not known, what one side said counts for both: nothing is held against the other.
  private func bit(_ event: Event) -> Int {
    event.flags.contains(.inferred) ? 3 : event.direction == .hostToModem ? 1 : 2
  }

  private func link(_ code: Int, _ event: Event, _ out: inout EventBatch) {
    switch code {
    case Code.configureRequest:
      if lcp == 3 {
        // 3.5: a request on an open link begins it anew.
        lcp = 0
        network = 0
      }
      requests[event.direction, default: 0] += 1
      if requests[event.direction] == Self.requestLimit + 1 {
        fault(.pppUnanswered, Int64(Self.requestLimit + 1), event, &out)
      }
    case Code.configureAck:
      lcp |= bit(event)
      requests[event.direction == .hostToModem ? .modemToHost : .hostToModem] = 0
      if event.flags.contains(.inferred) { requests[event.direction] = 0 }
    case Code.terminateRequest: if terminatedBy == nil { terminatedBy = event.direction }
    default: break
    }
  }

  private func refuse(_ event: Event, _ out: inout EventBatch) {
    if !isRefused { fault(.pppRefused, 0, event, &out) }
    isRefused = true
  }

  // MARK: The end

  /// The host leaves data mode, or it is over: what stands behind the last frame is none any more.
  func settle(_ stamp: Event, _ out: inout EventBatch) {
    if Self.isCommand(host.bytes) {
      var event = stamp
      event.direction = .hostToModem
      (event.start, event.place, event.offset) = (host.start, host.place, host.offset)
      fault(.pppCommand, 0, event, &out)
    }
    host.reset()
    modem.reset()
  }

  func finish(_ stamp: Event, _ out: inout EventBatch) {
    settle(stamp, &out)
    let outcome: Outcome =
      if isRefused {
        .refused
      } else if let terminatedBy {
        terminatedBy == .hostToModem ? .terminatedByHost : .terminatedByModem
      } else if sawStart, lcp != 3 {
        .neverOpened
      } else if sawStart, network != 3 {
        .noAddress
      } else {
        .broken
      }
    var end = stamp
    end.kind = .payload
    end.code = Int32(PayloadEvent.pppEnd.rawValue)
    end.fields = append([frames, damaged, lcp == 3 ? 1 : 0, network == 3 ? 1 : 0, outcome.rawValue], &out)
    out.events.append(end)
  }

  private func fault(_ what: Malformed, _ value: Int64, _ event: Event, _ out: inout EventBatch) {
    var wrong = event
    wrong.kind = .malformed
    wrong.code = what.rawValue
    wrong.a = value
    wrong.c = 0
    out.events.append(wrong)
  }

  private func append(_ values: [Int64], _ out: inout EventBatch) -> Slice {
    let first = out.fields.count
    for value in values { out.fields.append(Field(kind: .integer, number: value)) }
    return Slice(start: first, count: values.count)
  }
}
