import Trace

/// Logs in which a terminal program (tio, minicom, grabserial, Tera Term, CoolTerm, the Arduino monitor) or a filter
/// (`ts`) has put the time before each line. What stands behind it is a raw log, or a log of any dialect.
public enum StampedFormat {
  public static let name = "stamped"
  static let deltaName = "stamped-delta"
  /// `stamped+NAME` is a log of dialect NAME with the time before each line.
  static let join = "+"

  public static let format = LogFormat(
    name: name,
    summary: "a terminal's lines after the time (tio, minicom, grabserial, Tera Term, ts); NAME+dialect too",
    example: "[2024-05-06 11:40:45.725] AT+CSQ", extensions: ["log", "txt"],
    confidence: { raw($0, isDelta: false) }, makeReader: { StampedReader(RawLines(), name: name) })

  public static let delta = LogFormat(
    name: deltaName, summary: "a terminal's lines after the time since the line before (tio 24hour-delta, ts -i)",
    example: "[00:00:00.278] AT+CSQ", extensions: ["log", "txt"],
    confidence: { raw($0, isDelta: true) },
    makeReader: { StampedReader(RawLines(), name: deltaName, isDelta: true) })

  private static func raw(_ beginning: LogBeginning, isDelta: Bool) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil, let bare = StampedBeginning(beginning), bare.isDelta == isDelta else {
      return 0
    }
    // More is known than of a raw log.
    let inner = RawEvidence(of: bare.beginning).confidence
    return inner > 0 ? 0.3 + inner : 0
  }

  /// The format of a log of which `format` is what stands behind the time.
  static func around(_ format: LogFormat) -> LogFormat? {
    guard let make = format.makeStamped else { return nil }
    return LogFormat(
      name: name + join + format.name, summary: format.summary + ", the time before each line",
      example: format.example, extensions: format.extensions, confidence: { _ in 0 }, makeReader: make)
  }
}

/// The beginning of a log without the time before its lines.
struct StampedBeginning {
  let beginning: LogBeginning
  /// Whether the times count from the line before.
  let isDelta: Bool

  /// Fewer lines prove nothing.
  static let leastLines = 3
  private static let halfDay: Nanoseconds = 43_200_000_000_000

  /// `nil` unless most lines begin with a time.
  init?(_ whole: LogBeginning) {
    var bare: [UInt8] = []
    var stamps: [LogStamp] = []
    var filled = 0
    var hint = 0
    for range in whole.lines {
      let line = whole.bytes[range]
      if line.allSatisfy(Ascii.isBlank) { continue }
      filled += 1
      if let (stamp, rest) = LinePrefix.parse(line, hint: &hint) {
        stamps.append(stamp)
        bare += rest
      } else {
        bare += line
      }
      bare.append(Ascii.lineFeed)
    }
    guard stamps.count >= StampedBeginning.leastLines, stamps.count * 5 >= filled * 3 else { return nil }
    beginning = LogBeginning(bare)
    // At midnight the time of day begins anew, and counts from nothing.
    let back = zip(stamps, stamps.dropFirst()).count {
      $1.nanoseconds < $0.nanoseconds && $0.nanoseconds - $1.nanoseconds < StampedBeginning.halfDay
    }
    let counts = stamps.allSatisfy { $0.reach == .day || $0.reach == .counter }
    isDelta = counts && back > 1 && back * 5 > stamps.count
  }
}

/// Takes the time off each line and leaves the rest to the taker of such lines.
struct StampedReader<Inner: LineTaker & LineFinisher>: LogReader {
  private var cutter = LineCutter()
  private var lines: StampedLines<Inner>

  init(_ inner: Inner, name: String, isDelta: Bool = false) {
    lines = StampedLines(inner, name: name, isDelta: isDelta)
  }

  var facts: LogFacts { lines.facts }

  mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    cutter.cut(block, to: &lines, into: &batch)
  }

  mutating func finish(into batch: inout ChunkBatch) {
    cutter.finish(to: &lines, into: &batch)
    lines.finish(into: &batch)
  }
}

/// What a taker of lines has to do at the end.
protocol LineFinisher: Sendable {
  var facts: LogFacts { get }
  mutating func finish(into batch: inout ChunkBatch)
}

struct StampedLines<Inner: LineTaker & LineFinisher>: LineTaker {
  private var inner: Inner
  private let name: String
  private let isDelta: Bool
  private var clock = LogClock()
  private var own: LogFacts
  private var instant = Instant.unknown
  private var sum: Nanoseconds = 0
  private var hint = 0
  private var line: [UInt8] = []

  init(_ inner: Inner, name: String, isDelta: Bool) {
    self.inner = inner
    self.name = name
    self.isDelta = isDelta
    own = LogFacts(format: name)
  }

  /// The inner log's own time goes before the one of the lines.
  var facts: LogFacts {
    var facts = inner.facts
    facts.format = name
    if !facts.resolution.hasTime {
      facts.resolution = own.resolution
      facts.start = own.start
    }
    return facts
  }

  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int {
    let before = batch.chunks.count
    guard cut.starts else { return inner.take(piece, cut, into: &batch) }
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: piece)
    let mark = cut.place == 1 && line.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    var length = mark
    var wentBack = false
    if let (stamp, rest) = LinePrefix.parse(line[mark...], hint: &hint) {
      length = rest.startIndex
      wentBack = move(to: stamp)
    }
    if wentBack {
      batch.append(.clockStep, .unknown, at: instant, place: cut.place, bytes: EmptyCollection())
    }
    let taken = inner.take(UnsafeBufferPointer(rebasing: piece[length...]), cut, into: &batch)
    stampChunks(from: before, in: &batch)
    return taken
  }

  mutating func finish(into batch: inout ChunkBatch) {
    let before = batch.chunks.count
    inner.finish(into: &batch)
    stampChunks(from: before, in: &batch)
  }

  private mutating func move(to stamp: LogStamp) -> Bool {
    var stamp = stamp
    if isDelta {
      sum = sum &+ max(0, stamp.nanoseconds)
      stamp = LogStamp(nanoseconds: sum, step: stamp.step, reach: .counter)
    }
    let (next, wentBack) = clock.take(stamp, facts: &own, step: 0)
    instant = next
    return wentBack
  }

  private func stampChunks(from first: Int, in batch: inout ChunkBatch) {
    guard instant.isKnown else { return }
    for index in first..<max(first, batch.chunks.count) where !batch.chunks[index].instant.isKnown {
      batch.chunks[index].instant = instant
    }
  }
}
