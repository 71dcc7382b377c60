import Trace

/// Reads the `.trace` text format: one chunk a line.
///
/// Hands on `.data` and `.control` chunks; `.clockStep` before a chunk whose time lies before the one that came
/// earlier; `.gap` for `=== "gap"`; `.malformed` with the text of a line (or of the rest of a long line) that it
/// cannot make sense of. Nothing ends the reading.
public struct TraceReader: LogReader {
  private var cutter = LineCutter()
  private var lines = TraceLines()

  public init() {}

  public var facts: LogFacts { lines.facts }

  public mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    cutter.cut(block, to: &lines, into: &batch)
  }

  public mutating func finish(into batch: inout ChunkBatch) {
    cutter.finish(to: &lines, into: &batch)
  }
}

/// Makes chunks of the lines of a `.trace` file.
struct TraceLines: LineTaker {
  private(set) var facts = LogFacts(format: TraceFormat.name)
  private var clock = TraceClock()
  private var ports = TracePorts()
  private var rest = Rest.nothing

  /// What the remaining pieces of a long line are.
  private enum Rest {
    case nothing
    /// The quoted text goes on.
    case text(Head)
    /// The closing quote was read: only blanks may follow.
    case blanks(Head)
    /// A comment, or a line that was found malformed.
    case ignored
  }

  /// What stands before the quote.
  struct Head {
    var kind: Chunk.Kind
    var direction: Direction
    var port: Port
    var instant: Instant
  }

  /// The word of an `===` line that says that bytes are missing; anything may follow it after `=`.
  static let gapWord = [UInt8]("gap".utf8)

  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int {
    if cut.starts {
      rest = .nothing
      return takeBeginning(piece, cut, into: &batch)
    }
    switch rest {
    case .nothing, .ignored:
      return 0
    case .text(let head):
      return takeText(piece, from: 0, head, cut, into: &batch)
    case .blanks(let head):
      if !piece.allSatisfy(Ascii.isBlank) { refuse(piece, head, cut, into: &batch) }
      return 0
    }
  }

  private mutating func takeBeginning(
    _ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch
  ) -> Int {
    var index = 0
    if cut.place == 1, piece.starts(with: Ascii.byteOrderMark) { index = Ascii.byteOrderMark.count }
    TraceLines.skipBlanks(piece, &index)
    guard index < piece.count else {
      if cut.end == .goesOn { rest = .ignored }
      return 0
    }
    if piece[index] == Ascii.hash {
      if cut.end == .goesOn { rest = .ignored } else { takeComment(piece[index...]) }
      return 0
    }
    guard let head = takeHead(piece, &index, cut, into: &batch) else {
      refuse(piece, nil, cut, into: &batch)
      return 0
    }
    return takeText(piece, from: index, head, cut, into: &batch)
  }

  /// Reads time, port and arrow, and leaves `index` behind the opening quote.
  private mutating func takeHead(
    _ piece: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ cut: LineCut, into batch: inout ChunkBatch
  ) -> Head? {
    let time = TraceLines.word(piece, &index)
    guard let stamp = TraceTime.parse(UnsafeBufferPointer(rebasing: piece[time])) else { return nil }
    TraceLines.skipBlanks(piece, &index)
    var name = index..<index
    var arrow = TraceLines.arrow(piece, &index)
    if arrow == nil {
      name = TraceLines.word(piece, &index)
      TraceLines.skipBlanks(piece, &index)
      arrow = TraceLines.arrow(piece, &index)
    }
    guard let arrow else { return nil }
    TraceLines.skipBlanks(piece, &index)
    guard index < piece.count, piece[index] == Ascii.quote else { return nil }
    index += 1
    guard let port = ports.index(of: UnsafeBufferPointer(rebasing: piece[name]), facts: &facts) else { return nil }
    guard let instant = clock.instant(of: stamp, facts: &facts) else { return nil }
    if clock.wentBack(to: instant) {
      batch.append(.clockStep, .unknown, port: port, at: instant, place: cut.place, bytes: EmptyCollection())
    }
    return Head(kind: arrow.kind, direction: arrow.direction, port: port, instant: instant)
  }

  /// Reads the quoted text from `start`, as far as the piece holds it.
  private mutating func takeText(
    _ piece: UnsafeBufferPointer<UInt8>, from start: Int, _ head: Head, _ cut: LineCut, into batch: inout ChunkBatch
  ) -> Int {
    let source = UnsafeBufferPointer(rebasing: piece[start...])
    let offset = batch.bytes.count
    var outcome = TraceEscapes.Outcome(end: .source, read: 0, written: 0)
    batch.bytes.append(addingCapacity: source.count + TraceEscapes.slack) { output in
      output.withUnsafeMutableBufferPointer { target, initialized in
        outcome = TraceEscapes.unescape(source, to: target)
        initialized = outcome.written
      }
    }
    var kept = 0
    var isSound = true
    switch outcome.end {
    case .quote:
      isSound = source[(outcome.read + 1)...].allSatisfy(Ascii.isBlank)
      rest = .blanks(head)
    case .source:
      isSound = cut.end == .goesOn
      kept = source.count - outcome.read
      rest = .text(head)
    case .malformed:
      isSound = false
    }
    guard isSound else {
      batch.bytes.removeLast(outcome.written)
      refuse(piece, head, cut, into: &batch)
      return 0
    }
    guard outcome.written > 0 else { return kept }
    var kind = head.kind
    if kind == .control, batch.bytes[offset...].starts(with: TraceLines.gapWord) { kind = .gap }
    batch.chunks.append(
      Chunk(
        kind: kind, direction: head.direction, port: head.port, instant: head.instant, place: cut.place, start: offset,
        count: outcome.written))
    return kept
  }

  /// Hands on what cannot be read, and lets the remainder of a long line go.
  private mutating func refuse(
    _ piece: UnsafeBufferPointer<UInt8>, _ head: Head?, _ cut: LineCut, into batch: inout ChunkBatch
  ) {
    rest = .ignored
    batch.append(
      .malformed, head?.direction ?? .unknown, port: head?.port ?? .first, at: head?.instant ?? clock.last,
      place: cut.place, bytes: piece)
  }

  private mutating func takeComment(_ line: some Collection<UInt8>) {
    guard let entry = TraceHeader(line) else { return }
    switch entry {
    case .version(let number):
      if number != TraceFormat.version {
        facts.warn("this is version \(number) of the trace format; version \(TraceFormat.version) is read")
      }
    case .baud(let rate):
      facts.baud = rate
    case .start(let text, let stamp):
      clock.start(at: stamp)
      facts.start = text
    case .port(let name):
      ports.declare(name, facts: &facts)
    case .unknown(let line):
      facts.warn("header line not understood: \(line)")
    }
  }
}

extension TraceLines {
  @inline(__always)
  private static func skipBlanks(_ piece: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
    while index < piece.count, Ascii.isBlank(piece[index]) { index += 1 }
  }

  @inline(__always)
  private static func word(_ piece: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Range<Int> {
    let start = index
    while index < piece.count, !Ascii.isBlank(piece[index]) { index += 1 }
    return start..<index
  }

  @inline(__always)
  private static func arrow(
    _ piece: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> (kind: Chunk.Kind, direction: Direction)? {
    guard index + 3 < piece.count, Ascii.isBlank(piece[index + 3]) || piece[index + 3] == Ascii.quote else {
      return nil
    }
    let found: (kind: Chunk.Kind, direction: Direction)
    switch (piece[index], piece[index + 1], piece[index + 2]) {
    case (0x2D, 0x2D, 0x3E): found = (.data, .hostToModem)
    case (0x3C, 0x2D, 0x2D): found = (.data, .modemToHost)
    case (0x2D, 0x2D, 0x2D): found = (.data, .unknown)
    case (0x3D, 0x3D, 0x3D): found = (.control, .unknown)
    default: return nil
    }
    index += 3
    return found
  }
}
