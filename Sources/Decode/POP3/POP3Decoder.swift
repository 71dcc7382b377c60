import Profile
import Trace

/// Reads a POP3 response (RFC 1939) that arrives in pieces: a status line, then lines up to the dot line.
///
/// Output vocabulary (`payload` events): `listing` and `uid` for each line of a listing, `mailEnd` once at the end.
/// Octets are those of the mail as the server announces them: without status line, byte-stuffing and dot line.
struct POP3Decoder {
  /// 1 scan listing, 2 unique-id listing, 3 top, 4 retrieve; 0 not known.
  private let command: Int64
  private var line: [UInt8] = []
  private var lineLength = 0
  private var lines: Int64 = 0
  private var octets: Int64 = 0
  private var bodyLines: Int64 = 0
  private var extra: Int64 = 0
  private var positive = false
  private var statusSeen = false
  private var dotted = false
  private var blank = false
  private var lastWasReturn = false
  private var position: Event?
  private var lineStart: Event?

  init(command: Int64) { self.command = command }

  mutating func take(_ bytes: Span<UInt8>, at event: Event, into out: inout EventBatch) {
    var at = 0
    defer {
      // Behind the last byte: the same however the bytes were cut.
      position = event
      position?.offset = event.offset &+ UInt64(bytes.count)
    }
    while at < bytes.count {
      if dotted {
        extra += Int64(bytes.count - at)
        return
      }
      if lineLength == 0 {
        position = event
        position?.offset = event.offset &+ UInt64(at)
      }
      // Everything up to LF at once.
      var stop = at
      while stop < bytes.count, bytes[stop] != 0x0A { stop += 1 }
      if lineLength == 0 { lineStart = position }
      keep(bytes.extracting(at..<stop))
      at = stop
      if at < bytes.count {
        at += 1
        endLine(&out)
      }
    }
  }

  mutating func finish(into out: inout EventBatch) {
    if lineLength > 0 { endLine(&out) }
    guard statusSeen, let position else { return }
    var end = position
    end.code = Int32(PayloadEvent.mailEnd.rawValue)
    end.fields = append(
      [command, octets, lines, dotted ? 1 : 0, extra, blank ? 1 : 0, bodyLines, positive ? 1 : 0], &out)
    out.events.append(end)
  }

  /// Invariant: `line.count <= Limits.mailLine`, `lineLength` counts all.
  private mutating func keep(_ bytes: Span<UInt8>) {
    let room = Limits.mailLine - line.count
    if room > 0 {
      bytes.extracting(0..<min(room, bytes.count)).withUnsafeBufferPointer { line.append(contentsOf: $0) }
    }
    lineLength += bytes.count
    if bytes.count > 0 { lastWasReturn = bytes[bytes.count - 1] == 0x0D }
  }

  private mutating func endLine(_ out: inout EventBatch) {
    let length = lastWasReturn ? lineLength - 1 : lineLength
    defer {
      line.removeAll(keepingCapacity: true)
      lineLength = 0
      lastWasReturn = false
    }
    if lastWasReturn, line.count == lineLength { line.removeLast() }
    if !statusSeen {
      statusSeen = true
      positive = line.starts(with: [0x2B, 0x4F, 0x4B])
      return
    }
    if length == 1, line.first == 0x2E {
      dotted = true
      return
    }
    let stuffed = line.first == 0x2E && line.count > 1 && line[1] == 0x2E
    octets += Int64(length + 2 - (stuffed ? 1 : 0))
    lines += 1
    switch command {
    case 1: listing(.listing, &out)
    case 2: listing(.uid, &out)
    default: if blank { bodyLines += 1 } else if length == 0 { blank = true }
    }
  }

  /// `number value`, the value a size or a unique-id.
  private func listing(_ kind: PayloadEvent, _ out: inout EventBatch) {
    guard let position = lineStart else { return }
    let text = out.text.count
    out.text.append(contentsOf: line)
    let range = text..<text + line.count
    let gap = range.first { out.text[$0] == 0x20 } ?? range.upperBound
    var event = position
    event.code = Int32(kind.rawValue)
    event.text = Slice(start: text, count: line.count)
    let first = out.fields.count
    var number = FieldParser.describe(text..<gap, in: out)
    number.kind = number.traits.contains(.digits) && number.text.count > 0 ? .integer : .bare
    out.fields.append(number)
    var rest = gap
    while rest < range.upperBound, out.text[rest] == 0x20 { rest += 1 }
    var value = FieldParser.describe(rest..<range.upperBound, in: out)
    if kind == .listing, value.traits.contains(.digits), value.text.count > 0 { value.kind = .integer }
    out.fields.append(value)
    event.fields = Slice(start: first, count: 2)
    out.events.append(event)
  }

  private func append(_ values: [Int64], _ out: inout EventBatch) -> Slice {
    let first = out.fields.count
    for value in values { out.fields.append(Field(kind: .integer, number: value)) }
    return Slice(start: first, count: values.count)
  }
}
