import Glibc
import Trace

/// Raw byte logs without time or direction, as terminal programs capture them (minicom, picocom, screen, PuTTY).
public enum RawFormat {
  public static let name = "raw"

  public static let format = LogFormat(
    name: name, summary: "raw bytes of a terminal or a logger, without time and direction",
    example: "AT+CSQ", extensions: ["log", "txt", "cap", "raw"],
    confidence: { BinaryKind(of: $0.bytes) == nil ? RawEvidence(of: $0).confidence : 0 }, makeReader: { RawReader() })
}

/// Hands on the bytes of a raw log, one chunk a line with its terminator, direction unknown.
///
/// What the terminal put in is taken out, and `facts` says so: a byte order mark, `BS blank BS` with the byte that it
/// erased, and cursor sequences (`ESC [ …`). CR is kept.
public struct RawReader: LogReader {
  private var cutter = LineCutter()
  private var lines = RawLines()

  public init() {}

  public var facts: LogFacts { lines.facts }

  public mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    cutter.cut(block, to: &lines, into: &batch)
  }

  public mutating func finish(into batch: inout ChunkBatch) {
    cutter.finish(to: &lines, into: &batch)
    lines.finish(into: &batch)
  }
}

/// Makes chunks of the lines of a raw log.
struct RawLines: LineTaker, LineFinisher {
  private(set) var facts: LogFacts
  private var isFirst = true
  private var sawCarriageReturn = false
  /// The line of a dialler's own prompt: `>` alone. It is one if a command stands in the next line.
  private var prompt: (place: Int, text: [UInt8])?

  init() {
    facts = LogFacts(format: RawFormat.name)
    facts.lossy = .direction
  }

  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int {
    var text = piece
    if isFirst {
      isFirst = false
      if text.starts(with: Ascii.byteOrderMark) {
        text = UnsafeBufferPointer(rebasing: text[Ascii.byteOrderMark.count...])
      }
    }
    if cut.starts, text.first == UInt8(ascii: "S"), RawLines.isScriptMark(text) {
      batch.append(.remark, .unknown, at: .unknown, place: cut.place, bytes: text)
      return 0
    }
    if cut.starts {
      showPrompt(before: text, into: &batch)
      if cut.end == .lineFeed, text.first == RawLines.mark,
        text.count == 1 || text.count == 2 && text[1] == Ascii.carriageReturn
      {
        prompt = (cut.place, Array(text) + [Ascii.lineFeed])
        return 0
      }
    }
    let start = batch.bytes.count
    if RawLines.has(Ascii.backspace, text) || RawLines.has(Ascii.escape, text) {
      appendEdited(text, to: &batch.bytes)
    } else {
      batch.bytes.append(contentsOf: text)
    }
    if cut.end == .lineFeed {
      noteLineEnd(piece.last == Ascii.carriageReturn)
      batch.bytes.append(Ascii.lineFeed)
    }
    guard batch.bytes.count > start else { return 0 }
    batch.chunks.append(
      Chunk(direction: .unknown, place: cut.place, start: start, count: batch.bytes.count - start))
    return 0
  }

  mutating func finish(into batch: inout ChunkBatch) { showPrompt(before: nil, into: &batch) }

  private static let mark = UInt8(ascii: ">")

  private mutating func showPrompt(before text: UnsafeBufferPointer<UInt8>?, into batch: inout ChunkBatch) {
    guard let (place, bytes) = prompt else { return }
    prompt = nil
    let isDialler =
      text.map { ModemLine.isCommand(Ascii.trimmed(Array($0.prefix(RawLines.commandLimit))[...])) } ?? false
    batch.append(
      isDialler ? .remark : .data, .unknown, at: .unknown, place: place, bytes: isDialler ? [RawLines.mark] : bytes)
  }

  private static let commandLimit = 64

  /// A log that never has CR before LF was written by something that changes line ends.
  private mutating func noteLineEnd(_ hasCarriageReturn: Bool) {
    guard !sawCarriageReturn else { return }
    sawCarriageReturn = hasCarriageReturn
    if hasCarriageReturn {
      facts.lossy.remove(.lineEndings)
    } else {
      facts.lossy.insert(.lineEndings)
    }
  }

  /// Backspaces come first: they erase bytes of cursor sequences too, as the line editor of the modem does.
  private mutating func appendEdited(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard byte == Ascii.backspace, index + 2 < text.count, text[index + 1] == Ascii.blank,
        text[index + 2] == Ascii.backspace
      else {
        bytes.append(byte)
        index += 1
        continue
      }
      if bytes.count > start { bytes.removeLast() }
      index += 3
      note("backspace editing was taken out of the bytes")
    }
    removeCursorSequences(from: start, in: &bytes)
  }

  private mutating func removeCursorSequences(from start: Int, in bytes: inout [UInt8]) {
    var source = start
    var target = start
    while source < bytes.count {
      if let end = RawLines.endOfCursorSequence(bytes, at: source) {
        source = end
        note("cursor sequences were taken out of the bytes")
        continue
      }
      bytes[target] = bytes[source]
      target += 1
      source += 1
    }
    bytes.removeLast(source - target)
  }

  private mutating func note(_ text: String) {
    facts.lossy.insert(.controlBytes)
    facts.warn(text)
  }

  /// ECMA-48 5.4: ESC [, parameter bytes, intermediate bytes, a final byte.
  private static func endOfCursorSequence(_ bytes: [UInt8], at start: Int) -> Int? {
    guard bytes[start] == Ascii.escape, start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "[") else {
      return nil
    }
    var index = start + 2
    while index < bytes.count, (0x30...0x3F).contains(bytes[index]) { index += 1 }
    while index < bytes.count, (0x20...0x2F).contains(bytes[index]) { index += 1 }
    guard index < bytes.count, (0x40...0x7E).contains(bytes[index]) else { return nil }
    return index + 1
  }

  /// The first and the last line of a typescript of script(1).
  private static func isScriptMark(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.starts(with: "Script started on ".utf8) || text.starts(with: "Script done on ".utf8)
  }

  private static func has(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return false }
    return memchr(base, Int32(byte), text.count) != nil
  }
}
