import Profile
import Trace

/// A line of the host between PPP frames, as far as it came.
struct DataLine {
  /// Bytes are collected: they stand behind a flag, and may be a command line.
  var isOpen = false
  /// How many bytes of the start of a first frame (7E FF) have come; -1: these data are no PPP.
  var start = 0
  var bytes: [UInt8] = []
  var position = Position(place: 0)
}

/// Command lines that come while data mode is on: they can only stand between frames.
extension Checker {
  private static let longest = 256
  /// How PPP begins (RFC 1662).
  private static let frame: [UInt8] = [0x7E, 0xFF]
  private static let behindFlag = DataLine(isOpen: true, start: 2)

  mutating func watchData(_ event: Event, _ batch: borrowing EventBatch) {
    guard event.direction == .hostToModem, event.subject >= 0, Int(event.subject) < book.dataPhases.count,
      book.dataPhases[Int(event.subject)].framing == .escape
    else { return }
    var line = dataLines[event.port] ?? DataLine()
    guard line.start >= 0 else { return }
    for index in event.text.range {
      let byte = batch.text[index]
      if line.start < 2 {
        line.start = byte == Self.frame[line.start] ? line.start + 1 : -1
        if line.start < 0 { break }
      } else if byte == 0x7E {
        line = Self.behindFlag
      } else if line.isOpen {
        if line.bytes.isEmpty { line.position = event.position }
        if byte == 0x0D {
          if line.bytes.count > 2 { reportCommand(line) }
          line.isOpen = false
        } else {
          let wanted: UInt8 = line.bytes.isEmpty ? 0x61 : 0x74
          let fits = line.bytes.count < 2 ? byte | 0x20 == wanted : byte >= 0x20 && byte < 0x7F
          line.isOpen = fits && line.bytes.count < Self.longest
          line.bytes.append(byte)
        }
      }
    }
    dataLines[event.port] = line
  }

  private mutating func reportCommand(_ line: DataLine) {
    report(
      .commandInData, "a command line of \(line.bytes.count) characters is sent in data mode; nothing answers it there",
      at: line.position)
  }
}
