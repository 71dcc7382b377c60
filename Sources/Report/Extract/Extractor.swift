import Measure
import Profile
import Trace

/// Writes the payload of every transfer of a trace to a file of its own while the trace passes.
///
/// Nothing is collected but what a buffer of a file holds: a payload may be of any size.
public struct Extractor<Store: PayloadStore> {
  /// One extracted payload, for the manifest.
  public struct Entry: Sendable {
    public var files: [String] = []
    public var input: Int
    public var figures: TransferFigures
    public var lastPlace: Int
    public var padding: Int?
    public var isMasked = false
    /// Why it is not complete; `nil` when it is.
    public var why: String?
  }

  private struct Open {
    var number: Int
    var figures: TransferFigures
    var lastPlace: Int
    var hash = SHA256()
    var file: any PayloadFile
    var mail: MailText?
    var mailFile: (any PayloadFile)?
    var isListing = false
    var isMasked = false
    var padding: Int?
    var why: String?
    var outcome: Int64 = 0
    /// The text of a short message that came as a PDU: it is written instead of its digits.
    var message: [UInt8]?
    /// What was entered or shown, where it is no PDU.
    var raw: [UInt8] = []
    /// The text of the whole long message whose last part this is.
    var whole: [UInt8]?
  }

  private static var messageLimit: Int { 65_536 }

  /// So many transfers are written at one time; more cannot be open on the ports of a trace.
  private static var openLimit: Int { 256 }
  private let store: Store
  private let redact: Bool
  private var open: [Open] = []
  private var names: [(id: UInt32, name: String)] = []
  private var long = LongMessages()
  private var input = 0
  private var count = 0
  public private(set) var entries: [Entry] = []
  /// The first thing that could not be written.
  public private(set) var failure: PayloadError?

  public init(_ store: Store, redact: Bool) {
    self.store = store
    self.redact = redact
  }

  /// What follows belongs to the input of this number.
  public mutating func begin(input: Int) {
    self.input = input
    open.removeAll()
    names.removeAll()
    long = LongMessages()
  }

  public mutating func take(_ batch: borrowing EventBatch) {
    for index in batch.events.indices where failure == nil {
      let event = batch.events[index]
      do throws(PayloadError) {
        switch event.kind {
        case .dataBegin: noteName(event, batch)
        case .data: try write(event, batch)
        case .payload: notePayload(event, batch)
        case .dataEnd: noteEnd(event)
        case .transferEnd: try close(UInt32(truncatingIfNeeded: event.b), event)
        case .finish: while let first = open.first { try close(first.figures.id, nil) }
        default: break
        }
      } catch {
        failure = error
      }
    }
  }

  // MARK: What the events say

  private mutating func noteName(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.text.count > 0, event.b > 0 else { return }
    if names.count >= Self.openLimit { names.removeFirst() }
    names.append((UInt32(truncatingIfNeeded: event.b), batch.string(event.text)))
  }

  private mutating func write(_ event: Event, _ batch: borrowing EventBatch) throws(PayloadError) {
    guard event.b > 0, let kind = TransferKind(rawValue: event.form) else { return }
    let id = UInt32(truncatingIfNeeded: event.b)
    let at = try index(of: id, kind, event)
    guard let at else { return }
    let bytes = batch.text[event.text.range]
    open[at].hash.update(batch.text.span.extracting(event.text.range))
    open[at].figures.payloadBytes += bytes.count
    open[at].figures.wireBytes += Int(event.length)
    if event.end.isKnown { open[at].figures.end = event.end }
    open[at].lastPlace = event.place
    let isMasked = event.code == 1 && redact
    if isMasked { open[at].isMasked = true }
    switch kind {
    // A PDU is written as its text, which is known at its end.
    case .sms: break
    case .ppp:
      let frame = isMasked ? Self.maskedFrame(bytes)[...] : bytes
      try open[at].file.write(PacketFile.record(frame, event.direction, at: event.start))
    default: try open[at].file.write(isMasked ? Self.masked(bytes) : Array(bytes))
    }
    if kind == .sms, open[at].raw.count < Self.messageLimit { open[at].raw += bytes }
    if let mail = open[at].mail?.take(bytes), !mail.isEmpty {
      try open[at].mailFile?.write(isMasked ? Self.masked(mail[...]) : mail)
    }
  }

  /// Message bodies are masked unless the user wants to see them; their lines keep their lengths.
  private static func masked(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { $0 == 0x0D || $0 == 0x0A ? $0 : UInt8(ascii: "*") }
  }

  /// The values of an authentication are masked; protocol, code and lengths stay readable.
  private static func maskedFrame(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.prefix(frameHead) + [UInt8](repeating: UInt8(ascii: "*"), count: max(0, bytes.count - frameHead))
  }

  private static var frameHead: Int { 8 }

  private mutating func index(
    of id: UInt32, _ kind: TransferKind, _ event: Event
  ) throws(PayloadError) -> Int? {
    // Frames of both directions go into one capture.
    if let found = open.firstIndex(where: {
      $0.figures.id == id && $0.figures.kind == kind && (kind == .ppp || $0.figures.direction == event.direction)
    }) {
      return found
    }
    guard open.count < Self.openLimit else { return nil }
    count += 1
    var figures = TransferFigures(
      id: id, kind: kind, direction: event.direction, start: event.start, place: event.place)
    figures.name = names.last { $0.id == id }?.name
    var one = Open(number: count, figures: figures, lastPlace: event.place, file: try store.create())
    if kind == .ppp { try one.file.write(PacketFile.header(linkType: PacketFile.pppWithDirection)) }
    if kind == .pop3 || kind == .mail && event.direction == .modemToHost {
      one.mail = MailText(hasStatus: kind == .pop3)
      one.mailFile = try store.create()
    }
    open.append(one)
    return open.count - 1
  }

  private mutating func notePayload(_ event: Event, _ batch: borrowing EventBatch) {
    let id = UInt32(truncatingIfNeeded: event.b)
    let fields = event.fields.range
    for at in open.indices where open[at].figures.id == id {
      switch PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code)) {
      case .mailEnd:
        guard let command = fields.first.map({ batch.fields[$0].number }) else { break }
        open[at].isListing = command == 1 || command == 2
      case .xmodemEnd:
        guard fields.count == 7 else { break }
        open[at].padding = Int(clamping: batch.fields[fields.lowerBound + 4].number)
        open[at].outcome = batch.fields[fields.lowerBound + 6].number
        open[at].why = ExtractWords.transfer(open[at].outcome)
      case .sms:
        let text = Array(batch.text[event.text.range])
        open[at].message = text
        if fields.count > 13 {
          open[at].whole = long.add(fields.map { batch.fields[$0].number }, text, event.direction)
        }
      default: break
      }
    }
  }

  private mutating func noteEnd(_ event: Event) {
    let id = UInt32(truncatingIfNeeded: event.b)
    for at in open.indices where open[at].figures.id == id && open[at].why == nil {
      open[at].why = ExtractWords.part(DataEnd(rawValue: event.code) ?? .complete, event.c)
    }
  }

  private func writeMessage(_ one: Open) throws(PayloadError) {
    let text = one.message ?? one.raw
    try one.file.write(one.isMasked ? Self.masked(text[...]) : text)
  }

  private mutating func close(_ id: UInt32, _ event: Event?) throws(PayloadError) {
    while let at = open.firstIndex(where: { $0.figures.id == id }) {
      var one = open.remove(at: at)
      one.figures.complete = event?.code == 1
      one.figures.retransmissions = Int(clamping: event?.a ?? 0)
      one.figures.sha256 = one.hash.hexDigest()
      var entry = Entry(input: input, figures: one.figures, lastPlace: one.lastPlace)
      entry.padding = one.padding
      entry.isMasked = one.isMasked
      if !one.figures.complete { entry.why = one.why ?? "the end of the transfer was not seen" }
      let stem = PayloadNames.stem(one.number) + "-"
      let name =
        stem
        + PayloadNames.name(
          one.figures.kind, one.figures.direction, called: one.figures.name, isListing: one.isListing)
      if one.figures.kind == .sms { try writeMessage(one) }
      try one.file.commit(as: name)
      entry.files.append(name)
      if let whole = one.whole {
        let file = try store.create()
        try file.write(one.isMasked ? Self.masked(whole[...]) : whole)
        try file.commit(as: stem + "sms-long.txt")
        entry.files.append(stem + "sms-long.txt")
      }
      if !one.isListing, let mailFile = one.mailFile {
        let mail = stem + "\(one.figures.kind.name)-\(one.figures.kind == .pop3 ? "mail" : "received").eml"
        try mailFile.commit(as: mail)
        entry.files.append(mail)
      }
      entries.append(entry)
    }
  }
}

/// Why a payload is not whole.
enum ExtractWords {
  static func part(_ end: DataEnd, _ bytes: Int64) -> String? {
    switch end {
    case .complete: nil
    case .cancelled: "it was cancelled"
    case .short: "\(bytes) bytes fewer came than were announced"
    case .long: "\(bytes) bytes more came than were announced"
    case .cut: "the trace ends within it"
    case .abandoned: "the session went on before it ended"
    case .failed: "its protocol failed"
    case .unseen: "the log has none of it"
    }
  }

  static func transfer(_ outcome: Int64) -> String? {
    switch outcome {
    case 0: nil
    case 1: "the receiver cancelled it"
    case 2: "the sender cancelled it"
    case 3: "no block came"
    case 4: "the sender fell silent"
    case 5: "the receiver fell silent"
    default: "its end was not acknowledged"
    }
  }
}
