import Profile
import Trace

/// A text that is looked at line by line.
extension Channel {
  /// How a line ended.
  private enum TextEnd: Int64 {
    case none
    case carriageReturn
    case lineFeed
    case both
  }

  /// Reports each line that ends; a CR, a LF, or both are its end.
  mutating func feedLines(_ spec: DataSpec, _ bytes: Span<UInt8>, _ out: inout EventBatch) {
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if textAfterReturn {
        textAfterReturn = false
        endTextLine(spec, byte == 0x0A ? .both : .carriageReturn, &out)
        if byte == 0x0A {
          at += 1
          continue
        }
      }
      if byte == 0x0D || byte == 0x0A {
        textAfterReturn = byte == 0x0D
        if textLine.isEmpty { textLine.begin(at: now, place: place, offset: hostOffset &+ UInt64(at)) }
        if byte == 0x0A { endTextLine(spec, .lineFeed, &out) }
        at += 1
        continue
      }
      if textLine.isEmpty { textLine.begin(at: now, place: place, offset: hostOffset &+ UInt64(at)) }
      var stop = at + 1
      while stop < bytes.count, bytes[stop] != 0x0D, bytes[stop] != 0x0A { stop += 1 }
      textLine.append(bytes.extracting(at..<stop))
      at = stop
    }
  }

  /// The text is over: what stands behind its last line end is a line too.
  mutating func endLines(_ spec: DataSpec, _ out: inout EventBatch) {
    if textAfterReturn {
      endTextLine(spec, .carriageReturn, &out)
    } else if !textLine.isEmpty {
      endTextLine(spec, .none, &out)
    }
    textLines = 0
    textAfterReturn = false
  }

  private mutating func endTextLine(_ spec: DataSpec, _ end: TextEnd, _ out: inout EventBatch) {
    textLines += 1
    var line = event(.payload, spec.from)
    line.start = textLine.start
    line.place = textLine.place
    line.offset = textLine.offset
    line.code = Int32(PayloadEvent.line.rawValue)
    line.subject = Int32(spec.id)
    line.transaction = phase?.transaction ?? 0
    line.length = Int32(truncatingIfNeeded: textLine.length)
    let kept = textLine.bytes
    let text = append(kept.span, &out)
    let described = FieldParser.describe(text.range, in: out)
    let isMailbox = Address.isMailbox(text, of: out.text.span)
    let first = out.fields.count
    out.fields.append(Field(kind: .integer, number: textLines))
    out.fields.append(Field(kind: .integer, number: Int64(textLine.length)))
    out.fields.append(described)
    out.fields.append(Field(kind: .integer, number: Int64(EightBit.count(kept.span))))
    out.fields.append(Field(kind: .integer, number: isMailbox ? 1 : 0))
    out.fields.append(Field(kind: .integer, number: end.rawValue))
    line.fields = Slice(start: first, count: out.fields.count - first)
    textLine.removeAll()
    emit(line, &out)
  }
}
