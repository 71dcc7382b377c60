import Profile
import Trace

/// What the host sends in a data phase, watched for a command line that stands alone.
struct DataLine {
  /// Bytes are collected: they may be a command line.
  var isOpen = false
  var bytes: [UInt8] = []
  var position = Position(place: 0)
  /// How many bytes of the start of a first PPP frame have come; -1: these data are no PPP.
  var start = 0
  /// A command line after a silence; a silence behind it shows that it stood alone.
  var waits = false
  var last = Instant.unknown
}

/// Command lines that come while data mode is on: between PPP frames, or between two silences.
extension Checker {
  private static let longest = 256
  /// How PPP begins (RFC 1662).
  private static let frame: [UInt8] = [0x7E, 0xFF]
  private static let silence: Nanoseconds = 700_000_000

  mutating func watchData(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.direction == .hostToModem, event.subject >= 0, Int(event.subject) < book.dataPhases.count,
      book.dataPhases[Int(event.subject)].framing == .escape
    else { return }
    var line = dataLines[event.port] ?? DataLine()
    let isQuiet = event.start.since(line.last).map { $0 >= Self.silence } ?? false
    if line.waits {
      if isQuiet { reportCommand(line) }
      line.waits = false
    }
    if isQuiet, line.start < 0 { line.isOpen = true }
    if isQuiet { line.bytes.removeAll() }
    for index in event.text.range { take(batch.text[index], event, &line) }
    line.last = event.end
    dataLines[event.port] = line
  }

  private mutating func take(_ byte: UInt8, _ event: Event, _ line: inout DataLine) {
    line.waits = false
    if line.start >= 0, line.start < 2 {
      line.start = byte == Self.frame[line.start] ? line.start + 1 : -1
    } else if byte == 0x7E, line.start == 2 {
      line.isOpen = true
      line.bytes.removeAll(keepingCapacity: true)
    } else if line.isOpen {
      collect(byte, event, &line)
    }
  }

  private mutating func collect(_ byte: UInt8, _ event: Event, _ line: inout DataLine) {
    if line.bytes.isEmpty { line.position = event.position }
    if byte == 0x0D {
      line.isOpen = false
      guard line.bytes.count > 2 else { return }
      if line.start == 2 { reportCommand(line) } else { line.waits = true }
      return
    }
    let wanted: UInt8 = line.bytes.isEmpty ? 0x61 : 0x74
    let fits = line.bytes.count < 2 ? byte | 0x20 == wanted : byte >= 0x20 && byte < 0x7F
    line.isOpen = fits && line.bytes.count < Self.longest
    line.bytes.append(byte)
  }

  /// The data are over, or the host is about to leave data mode.
  mutating func settleData(of port: Port) {
    if let line = dataLines[port], line.waits { reportCommand(line) }
    dataLines[port] = nil
  }

  private mutating func reportCommand(_ line: DataLine) {
    report(
      .commandInData, "a command line of \(line.bytes.count) characters is sent in data mode; nothing answers it there",
      severity: line.start == 2 ? nil : .warning, at: line.position)
  }
}
