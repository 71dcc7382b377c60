import Trace

/// Writes what was said and carried as payloads that Wireshark dissects (link type 252): commands and answers, short
/// messages, PPP frames, mail and web payload; with findings as comments of the packets that they point at.
public struct ExportWriter: Sendable {
  static let linkType = 252
  /// The longest hexadecimal text of a message that is kept.
  private static let digitLimit = 1024

  /// A comment and the place in the trace that it belongs to.
  public struct Comment: Sendable {
    public var place: Int
    public var text: String
    public init(place: Int, text: String) {
      self.place = place
      self.text = text
    }
  }

  private var times: PacketTimes
  private var ports: [String]
  /// Sorted by place; those up to `told` are written.
  private let comments: [Comment]
  private var told = 0
  /// Hides bytes that are secret; `nil`: nothing is hidden.
  private let isSecret: (@Sendable (Port, Direction, UInt64) -> Bool)?
  private var digits: [UInt8] = []
  private var declared = 0
  /// Of each port: the last message in text mode that the host enters, and the one that the modem shows.
  private var entered: [Port: MessageText.Envelope] = [:]
  private var listed: [Port: (envelope: MessageText.Envelope, text: [UInt8], event: Event)] = [:]
  private let unit: Int64

  public init(
    _ facts: LogFacts, comments: [Comment], isSecret: (@Sendable (Port, Direction, UInt64) -> Bool)? = nil
  ) {
    times = PacketTimes(facts)
    unit = PcapngBlocks.unit(facts)
    ports = facts.ports
    self.comments = comments.sorted { $0.place < $1.place }
    self.isSecret = isSecret
  }

  public mutating func name(ports: [String]) { self.ports = ports }

  public mutating func writeHeader(into text: inout [UInt8]) { text += PcapngBlocks.section }

  public mutating func write(_ batch: borrowing EventBatch, into text: inout [UInt8]) {
    for index in batch.events.indices { write(batch.events[index], batch, into: &text) }
  }

  /// The comments that no packet has taken.
  public mutating func finish(into text: inout [UInt8]) {
    guard told < comments.count else { return }
    let end = Event(
      .finish, direction: .unknown, port: .first, start: .unknown, end: .unknown, place: .max, offset: 0)
    packet("data", [], end, .unknown, into: &text)
  }

  private mutating func write(_ event: Event, _ batch: borrowing EventBatch, into text: inout [UInt8]) {
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return }
    let bytes = shown(event, batch.text[range])
    follow(event, bytes, into: &text)
    switch event.kind {
    case .commandLine:
      entered[event.port] = MessageText.Envelope(command: bytes[...])
      packet("at", bytes + [0x0D], event, .hostToModem, into: &text)
    case .information, .unsolicited, .late, .final:
      guard !bytes.isEmpty else { return }
      packet("at", [0x0D, 0x0A] + bytes + [0x0D, 0x0A], event, .modemToHost, into: &text)
    case .prompt: packet("at", [0x0D, 0x0A, 0x3E, 0x20], event, .modemToHost, into: &text)
    case .data: data(event, bytes, into: &text)
    case .payload where event.code == Int32(PayloadEvent.sms.rawValue): message(event, batch, into: &text)
    case .transferEnd where !digits.isEmpty:
      // A message that was entered as text, not as a PDU.
      if let envelope = entered[event.port], let octets = MessageText.octets(envelope, digits) {
        packet("gsm_sms", octets, event, .modemToHost, into: &text)
      } else {
        packet("data", digits, event, event.direction, into: &text)
      }
      digits.removeAll(keepingCapacity: true)
    default: break
    }
  }

  private func shown(_ event: Event, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard let isSecret else { return Array(bytes) }
    if event.code == 1, event.kind == .data {
      return bytes.map { $0 == 0x0D || $0 == 0x0A ? $0 : UInt8(ascii: "*") }
    }
    return bytes.enumerated().map {
      isSecret(event.port, event.direction, event.offset &+ UInt64($0)) ? UInt8(ascii: "*") : $1
    }
  }

  private mutating func data(_ event: Event, _ bytes: [UInt8], into text: inout [UInt8]) {
    switch TransferKind(rawValue: event.form) {
    case .sms:
      // Its digits come in pieces; the event of the message closes them. A masked one is not shown at all.
      if digits.count + bytes.count <= Self.digitLimit { digits += bytes }
    case .ppp:
      packet(bytes.starts(with: [0xFF, 0x03]) ? "ppp_hdlc" : "ppp", bytes, event, event.direction, into: &text)
    case .pop3: packet("pop", bytes, event, event.direction, into: &text)
    case .http: packet("http", bytes, event, event.direction, into: &text)
    case .smtp: packet("smtp", bytes, event, event.direction, into: &text)
    default: packet("data", bytes, event, event.direction, into: &text)
    }
  }

  /// Messages that the modem shows in text mode: the lines behind the one that announces them, up to the next thing
  /// that is said.
  private mutating func follow(_ event: Event, _ bytes: [UInt8], into text: inout [UInt8]) {
    switch event.kind {
    case .information, .unsolicited:
      let next = MessageText.Envelope(line: bytes[...])
      // A line of the modem's own is none of the message.
      if next == nil, bytes.first != Ascii.plus, listed[event.port] != nil {
        let isFirst = listed[event.port]?.text.isEmpty ?? true
        if (listed[event.port]?.text.count ?? 0) + bytes.count <= Self.digitLimit {
          listed[event.port]?.text += (isFirst ? [] : [Ascii.lineFeed]) + bytes
        }
        if isFirst { listed[event.port]?.event = event }
        return
      }
      showListed(event.port, into: &text)
      if let next { listed[event.port] = (next, [], event) }
    case .commandLine, .final, .late, .gap, .finish: showListed(event.port, into: &text)
    default: break
    }
  }

  private mutating func showListed(_ port: Port, into text: inout [UInt8]) {
    guard let (envelope, content, event) = listed.removeValue(forKey: port), !content.isEmpty,
      let octets = MessageText.octets(envelope, content)
    else { return }
    packet("gsm_sms", octets, event, envelope.isSubmit ? .modemToHost : .hostToModem, into: &text)
  }

  /// A short message: its PDU without the service centre. Who sent it decides how it reads.
  private mutating func message(_ event: Event, _ batch: borrowing EventBatch, into text: inout [UInt8]) {
    defer { digits.removeAll(keepingCapacity: true) }
    var octets: [UInt8] = []
    var high: UInt8?
    for byte in digits {
      guard Ascii.isHexDigit(byte) else { continue }
      let value = Ascii.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57
      if let first = high {
        octets.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard let centre = octets.first, octets.count > Int(centre) + 1 else { return }
    let isSubmit =
      event.fields.count > 0 && Int(event.fields.start) < batch.fields.count
      && batch.fields[Int(event.fields.start)].number == 1
    // The dissector stands in the network: what it receives is what a modem submits.
    packet("gsm_sms", Array(octets[(Int(centre) + 1)...]), event, isSubmit ? .modemToHost : .hostToModem, into: &text)
  }

  private mutating func packet(
    _ kind: String, _ payload: [UInt8], _ event: Event, _ direction: Direction, into text: inout [UInt8]
  ) {
    while declared <= Int(event.port.index & 0xFF) {
      let name = declared < ports.count ? ports[declared] : ""
      text += PcapngBlocks.interface(linkType: Self.linkType, name: name, unit: unit)
      declared += 1
    }
    let time = times.time(of: event.start)
    var here: [String] = []
    while told < comments.count, comments[told].place <= event.place {
      here.append(comments[told].text)
      told += 1
    }
    var rest = payload[...]
    repeat {
      let piece = rest.prefix(SerialCaptureWriter.pieceLimit)
      var bytes = Octets.big16(ExportedLink.Tag.dissector) + Octets.big16(kind.utf8.count) + Array(kind.utf8)
      if direction != .unknown {
        bytes += Octets.big16(ExportedLink.Tag.direction) + Octets.big16(4)
        bytes += Octets.big32(direction == .hostToModem ? 0 : 1)
      }
      bytes += Octets.big16(ExportedLink.Tag.end) + Octets.big16(0) + piece
      text += PcapngBlocks.packet(
        interface: Int(event.port.index & 0xFF), clock: time / unit, bytes, event.direction, comments: here)
      here.removeAll()
      rest = rest.dropFirst(piece.count)
    } while !rest.isEmpty
  }
}
